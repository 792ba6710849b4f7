from django.db import models


class Textseite(models.Model):
    """A page of plain text that the city writes itself, such as the imprint."""

    slug = models.SlugField("Adresse", unique=True)
    titel = models.CharField("Titel", max_length=120)
    geaendert_am = models.DateField("geändert am", auto_now=True)

    class Meta:
        verbose_name = "Textseite"
        verbose_name_plural = "Textseiten"
        ordering = ["titel"]

    def __str__(self):
        return self.titel


class Textabschnitt(models.Model):
    """A section of a text page: a heading, if wanted, and paragraphs separated by empty lines."""

    seite = models.ForeignKey(Textseite, on_delete=models.CASCADE, related_name="abschnitte")
    nummer = models.PositiveSmallIntegerField("Nummer")
    ueberschrift = models.CharField("Überschrift", max_length=120, blank=True)
    text = models.TextField(
        "Text", help_text="Absätze durch eine leere Zeile trennen. Adressen werden zu Links."
    )

    class Meta:
        verbose_name = "Abschnitt"
        verbose_name_plural = "Abschnitte"
        ordering = ["nummer"]
        constraints = [
            models.UniqueConstraint(
                fields=["seite", "nummer"],
                name="seiten_abschnitt_nummer",
                violation_error_message="Die Seite hat schon einen Abschnitt mit dieser Nummer.",
            )
        ]

    def __str__(self):
        return self.ueberschrift or f"Abschnitt {self.nummer}"


class Systemzustand(models.Model):
    """What holds for the whole installation; exactly one row, made by a migration."""

    demodaten = models.BooleanField("zeigt Demonstrationsdaten", default=False)

    class Meta:
        verbose_name = "Systemzustand"
        verbose_name_plural = "Systemzustand"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pk=1),
                name="seiten_systemzustand_einmal",
                violation_error_message="Der Systemzustand ist schon angelegt.",
            )
        ]

    def __str__(self):
        return "Systemzustand"
