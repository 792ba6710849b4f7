from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse

schluesselpruefung = RegexValidator(
    r"^[a-z][a-z0-9_]*$",
    "Ein Schlüssel besteht aus Kleinbuchstaben ohne Umlaute, Ziffern und Unterstrichen "
    "und beginnt mit einem Buchstaben.",
)


class Indikator(models.Model):
    """What is measured, e.g. the SGB-II rate. How exactly, says its definition."""

    class Art(models.TextChoices):
        ANTEIL = "anteil", "Anteil (Zähler durch Nenner, in Prozent)"
        ANZAHL = "anzahl", "Anzahl"

    schluessel = models.CharField("Schlüssel", max_length=40, unique=True, validators=[schluesselpruefung])
    name = models.CharField("Name", max_length=120)
    kurzname = models.CharField("Kurzname", max_length=40)
    beschreibung = models.TextField("Beschreibung", blank=True)
    art = models.CharField("Art", max_length=10, choices=Art, default=Art.ANTEIL)
    einheit = models.CharField("Einheit", max_length=30, default="%")
    nachkommastellen = models.PositiveSmallIntegerField("Nachkommastellen", default=1)
    kern = models.BooleanField("Kernindikator", default=False)
    reihenfolge = models.PositiveSmallIntegerField("Reihenfolge", default=100)
    sprunggrenze = models.FloatField(
        "Sprunggrenze",
        null=True,
        blank=True,
        help_text="Veränderung gegenüber dem Vorjahr in Prozentpunkten, ab der die Prüfung nachfragt.",
    )
    mindestzahl = models.PositiveSmallIntegerField(
        "Mindestfallzahl", default=3, help_text="Kleinere Fallzahlen sehen nur Sozialplaner*innen."
    )

    class Meta:
        verbose_name = "Indikator"
        verbose_name_plural = "Indikatoren"
        ordering = ["reihenfolge", "schluessel"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("sozialindex:indikator", kwargs={"schluessel": self.schluessel})


class Indikatordefinition(models.Model):
    """One way of counting an indicator. Figures of different definitions are never subtracted."""

    indikator = models.ForeignKey(
        Indikator, on_delete=models.CASCADE, related_name="definitionen", verbose_name="Indikator"
    )
    version = models.PositiveSmallIntegerField("Version", default=1)
    zaehler = models.CharField("Zähler", max_length=200, blank=True)
    nenner = models.CharField("Nenner", max_length=200, blank=True)
    quelle = models.CharField("Quelle", max_length=200, blank=True)

    class Meta:
        verbose_name = "Definition"
        verbose_name_plural = "Definitionen"
        ordering = ["indikator", "version"]
        constraints = [
            models.UniqueConstraint(
                fields=["indikator", "version"],
                name="definition_version_eindeutig",
                violation_error_message="Diese Version der Definition gibt es schon.",
            )
        ]

    def __str__(self):
        return f"{self.indikator} (Definition {self.version})"


class Indikatoralias(models.Model):
    """Another word under which deliveries name an indicator."""

    indikator = models.ForeignKey(
        Indikator, on_delete=models.CASCADE, related_name="aliase", verbose_name="Indikator"
    )
    name = models.CharField("Name", max_length=200, unique=True)

    class Meta:
        verbose_name = "anderer Name"
        verbose_name_plural = "andere Namen"
        ordering = ["name"]

    def __str__(self):
        return self.name
