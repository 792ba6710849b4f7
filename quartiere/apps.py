from django.apps import AppConfig

import quartiere.rechte  # noqa: F401 - registers the rights


class QuartiereConfig(AppConfig):
    name = "quartiere"
    verbose_name = "Quartiere"
