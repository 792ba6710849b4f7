from django.conf import settings
from django.db import models
from django.urls import reverse


class Importprofil(models.Model):
    """A saved mapping, proposed when a later file looks alike."""

    name = models.CharField("Name", max_length=80, unique=True)
    signatur = models.JSONField("Kennzeichen der Kopfzeile")
    einstellungen = models.JSONField("Einstellungen")
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
        verbose_name = "Importprofil"
        verbose_name_plural = "Importprofile"
        ordering = ["name"]

    def __str__(self):
        return self.name


class LieferungQuerySet(models.QuerySet):
    def uebernommen(self):
        return self.filter(zustand=Lieferung.Zustand.UEBERNOMMEN)

    def in_arbeit(self):
        return self.filter(zustand=Lieferung.Zustand.IN_ARBEIT)

    def mit_pruefstand(self):
        """Add ``geprueft``: whether the counts say something about the present settings."""
        ungeprueft = models.When(bericht={}, then=False)
        return self.annotate(
            geprueft=models.Case(ungeprueft, default=True, output_field=models.BooleanField())
        )


class Lieferung(models.Model):
    """One delivered file: what was read from it, who took it over and with what result."""

    class Zustand(models.TextChoices):
        IN_ARBEIT = "in_arbeit", "in Arbeit"
        UEBERNOMMEN = "uebernommen", "übernommen"
        ZURUECKGEZOGEN = "zurueckgezogen", "zurückgezogen"
        VERWORFEN = "verworfen", "verworfen"

    dateiname = models.CharField("Dateiname", max_length=255)
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    groesse = models.PositiveBigIntegerField("Größe in Byte")
    zustand = models.CharField("Zustand", max_length=15, choices=Zustand, default=Zustand.IN_ARBEIT)
    hochgeladen_von = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="hochgeladen von",
    )
    hochgeladen_am = models.DateTimeField("hochgeladen am", auto_now_add=True)
    entschieden_von = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="entschieden von",
    )
    entschieden_am = models.DateTimeField("entschieden am", null=True, blank=True)
    zurueckgezogen_von = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="zurückgezogen von",
    )
    zurueckgezogen_am = models.DateTimeField("zurückgezogen am", null=True, blank=True)
    profil = models.ForeignKey(
        Importprofil,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="lieferungen",
        verbose_name="Importprofil",
    )
    einstellungen = models.JSONField("Einstellungen", default=dict, blank=True)
    nur_gute = models.BooleanField("nur fehlerfreie Zeilen", default=False)
    neu = models.PositiveIntegerField("neu", default=0)
    geaendert = models.PositiveIntegerField("geändert", default=0)
    gleich = models.PositiveIntegerField("gleich", default=0)
    ausgelassen = models.PositiveIntegerField("ausgelassen", default=0)
    fehler = models.PositiveIntegerField("fehlerhaft", default=0)
    bericht = models.JSONField("Bericht", default=dict, blank=True)
    # What was read and what it would replace, as the last dry run saw it; see dienste/fingerabdruck.py.
    lesarten = models.JSONField("Lesarten", default=dict, blank=True, editable=False)
    pruefsumme = models.CharField("Prüfsumme der Prüfung", max_length=64, blank=True, editable=False)
    zu_merken = models.JSONField(
        "nach der Übernahme zu merkende Namen", default=dict, blank=True, editable=False
    )

    objects = LieferungQuerySet.as_manager()

    class Meta:
        verbose_name = "Lieferung"
        verbose_name_plural = "Lieferungen"
        ordering = ["-pk"]

    def __str__(self):
        return f"Lieferung {self.pk} ({self.dateiname})"

    def get_absolute_url(self):
        return reverse("sozialindex:lieferung", kwargs={"pk": self.pk})


class Lieferungsdatei(models.Model):
    """The bytes as delivered; apart from Lieferung so that lists never load them."""

    lieferung = models.OneToOneField(
        Lieferung, on_delete=models.CASCADE, primary_key=True, related_name="datei", verbose_name="Lieferung"
    )
    inhalt = models.BinaryField("Inhalt")

    class Meta:
        verbose_name = "Lieferungsdatei"
        verbose_name_plural = "Lieferungsdateien"

    def __str__(self):
        return f"Datei zu {self.lieferung_id}"
