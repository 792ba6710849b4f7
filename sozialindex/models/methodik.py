from django.conf import settings
from django.db import models
from django.urls import reverse


class Methodik(models.Model):
    """One version of an index method. The record itself is JSON with fixed keys (docs/methodik.md).

    The database refuses any change of a record once a run has used it; a change is a new version.
    """

    schluessel = models.SlugField("Schlüssel", max_length=60)
    version = models.PositiveSmallIntegerField("Version", default=1)
    titel = models.CharField("Titel", max_length=150)
    daten = models.JSONField("Methodik")
    angelegt_von = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="angelegt von",
    )
    angelegt_am = models.DateTimeField("angelegt am", auto_now_add=True)

    class Meta:
        verbose_name = "Methodik"
        verbose_name_plural = "Methodiken"
        ordering = ["schluessel", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["schluessel", "version"],
                name="methodik_version_eindeutig",
                violation_error_message="Diese Version der Methodik gibt es schon.",
            )
        ]

    def __str__(self):
        return f"{self.titel}, Version {self.version}"

    def get_absolute_url(self):
        return reverse(
            "sozialindex:methodik", kwargs={"schluessel": self.schluessel, "version": self.version}
        )
