from django.apps import AppConfig


class SozialindexConfig(AppConfig):
    name = "sozialindex"
    verbose_name = "Sozialindex"
