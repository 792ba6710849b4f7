from django.apps import AppConfig

import sozialindex.rechte  # noqa: F401 - registers the rights


class SozialindexConfig(AppConfig):
    name = "sozialindex"
    verbose_name = "Sozialindex"
