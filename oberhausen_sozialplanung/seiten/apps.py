from django.apps import AppConfig


class SeitenConfig(AppConfig):
    name = "oberhausen_sozialplanung.seiten"
    label = "seiten"
    verbose_name = "Seiten"
