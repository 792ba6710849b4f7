from django.apps import AppConfig


class KontenConfig(AppConfig):
    name = "oberhausen_sozialplanung.konten"
    label = "konten"
    verbose_name = "Konten"
