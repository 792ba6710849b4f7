from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from quartiere.models import Ebene, Gebiet, Gebietsstand
from sozialindex.models.indikatoren import Indikator
from sozialindex.models.lieferungen import Lieferung
from sozialindex.models.methodik import Methodik
from sozialindex.models.werte import QUALITAETEN, ZUSTAENDE


def _person(verb):
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=f"{verb} von",
    )


class IndexlaufQuerySet(models.QuerySet):
    def veroeffentlicht(self):
        """Runs in force for the public: published and not replaced."""
        return self.filter(zustand=Indexlauf.Zustand.VEROEFFENTLICHT)

    def oeffentlich(self):
        """Runs anyone may read: published ones and those a later one has replaced."""
        return self.filter(zustand__in=Indexlauf.Zustand.oeffentliche())

    def sichtbar_fuer(self, benutzer):
        return self if benutzer.has_perm("sozialindex.entwurf_lesen") else self.oeffentlich()


class Indexlauf(models.Model):
    """One computation of the index: method, every figure used, and the result, kept for good.

    The database itself refuses to change or delete a published run (migration ``schutz``).
    """

    class Zustand(models.TextChoices):
        ENTWURF = "entwurf", "Entwurf"
        GEPRUEFT = "geprueft", "geprüft"
        VEROEFFENTLICHT = "veroeffentlicht", "veröffentlicht"
        ERSETZT = "ersetzt", "ersetzt"

        @classmethod
        def oeffentliche(cls):
            return [cls.VEROEFFENTLICHT, cls.ERSETZT]

    nummer = models.PositiveIntegerField("Nummer", unique=True)
    zustand = models.CharField("Zustand", max_length=20, choices=Zustand, default=Zustand.ENTWURF)
    stichtag = models.DateField("Stichtag")
    vergleichsstichtag = models.DateField("Vergleichsstichtag", null=True, blank=True)
    gebietsstand = models.ForeignKey(
        Gebietsstand, on_delete=models.PROTECT, related_name="laeufe", verbose_name="Gebietsstand"
    )
    methodik = models.ForeignKey(
        Methodik, on_delete=models.PROTECT, related_name="laeufe", verbose_name="Methodik"
    )
    methodik_daten = models.JSONField("Methodik (Kopie)")
    statistik = models.JSONField("Statistik", help_text="n, Mittel, Standardabweichung, Nullpunkt, Grenzen")
    diagnostik = models.JSONField("Diagnostik", help_text="Korrelationen, Cronbachs Alpha")
    hinweise = models.JSONField("Hinweise", default=list, blank=True)
    umgebung = models.JSONField("Versionen", help_text="Programm, Python, pandas, numpy")
    sha256 = models.CharField("SHA-256", max_length=64)
    erstellt_von = _person("erstellt")
    erstellt_am = models.DateTimeField("erstellt am", auto_now_add=True)
    geprueft_von = _person("geprüft")
    geprueft_am = models.DateTimeField("geprüft am", null=True, blank=True)
    veroeffentlicht_von = _person("veröffentlicht")
    veroeffentlicht_am = models.DateTimeField("veröffentlicht am", null=True, blank=True)
    ersetzt_durch = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="ersetzt",
        verbose_name="ersetzt durch",
    )

    objects = IndexlaufQuerySet.as_manager()

    class Meta:
        verbose_name = "Indexlauf"
        verbose_name_plural = "Indexläufe"
        ordering = ["-stichtag", "-nummer"]
        constraints = [
            models.CheckConstraint(
                name="indexlauf_vier_augen",
                condition=Q(veroeffentlicht_von=None)
                | Q(erstellt_von=None)
                | ~Q(veroeffentlicht_von=F("erstellt_von")),
                violation_error_message="Wer einen Lauf erstellt hat, kann ihn nicht selbst veröffentlichen.",
            ),
            models.CheckConstraint(
                name="indexlauf_veroeffentlicht_am",
                condition=~Q(zustand__in=["veroeffentlicht", "ersetzt"])
                | Q(veroeffentlicht_am__isnull=False),
                violation_error_message="Ein veröffentlichter Lauf hat ein Datum der Veröffentlichung.",
            ),
        ]

    def __str__(self):
        return f"Indexlauf {self.nummer} (Stichtag {self.stichtag:%d.%m.%Y})"

    def get_absolute_url(self):
        return reverse("sozialindex:lauf", kwargs={"nummer": self.nummer})

    @property
    def ist_oeffentlich(self):
        return self.zustand in self.Zustand.oeffentliche()


class LaufwertQuerySet(models.QuerySet):
    def geheim(self):
        """Figures whose count, given or implied by the rate, is too small to be shown."""
        implizit = F("wert") * F("nenner") / 100.0
        indikator = Indikator.objects.filter(schluessel=OuterRef("indikator"))
        mindestzahl = Subquery(indikator.values("mindestzahl")[:1])
        # Rounded upwards against the floating point of rate × denominator.
        return self.annotate(
            fallzahl=Coalesce(F("zaehler"), implizit) + 1e-6, mindestzahl=mindestzahl
        ).filter(fallzahl__gt=1e-3, fallzahl__lt=F("mindestzahl"))


class Laufwert(models.Model):
    """A figure as the run used it, with the delivery it came from.

    Number, name and level are those the area had then. Residents without a delivery, definition 0, come from
    the area itself.
    """

    class Rolle(models.TextChoices):
        STATUS = "status", "Stichtag"
        VERGLEICH = "vergleich", "Vergleichsstichtag"
        EINWOHNER = "einwohner", "Einwohner*innen"

    lauf = models.ForeignKey(Indexlauf, on_delete=models.CASCADE, related_name="werte", verbose_name="Lauf")
    gebiet = models.ForeignKey(Gebiet, on_delete=models.PROTECT, related_name="+", verbose_name="Gebiet")
    nummer = models.CharField("Nummer", max_length=20)
    name = models.CharField("Name", max_length=120)
    ebene = models.CharField("Ebene", max_length=10, choices=Ebene)
    indikator = models.CharField("Indikator", max_length=40)
    definition = models.PositiveSmallIntegerField("Definition")
    rolle = models.CharField("Rolle", max_length=10, choices=Rolle)
    zaehler = models.FloatField("Zähler", null=True, blank=True)
    nenner = models.FloatField("Nenner", null=True, blank=True)
    wert = models.FloatField("Wert", null=True, blank=True)
    zustand = models.CharField("Zustand", max_length=1, choices=ZUSTAENDE)
    qualitaet = models.CharField("Qualität", max_length=1, choices=QUALITAETEN, blank=True, default="")
    lieferung = models.ForeignKey(
        Lieferung,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="laufwerte",
        verbose_name="Lieferung",
    )

    objects = LaufwertQuerySet.as_manager()

    class Meta:
        verbose_name = "verwendeter Wert"
        verbose_name_plural = "verwendete Werte"
        constraints = [
            models.UniqueConstraint(
                fields=["lauf", "gebiet", "indikator", "rolle"],
                name="laufwert_eindeutig",
                violation_error_message="Diesen Wert verwendet der Lauf schon.",
            )
        ]

    def __str__(self):
        return f"{self.lauf_id}/{self.gebiet_id}/{self.indikator}/{self.rolle}"


class LaufergebnisQuerySet(models.QuerySet):
    def mit_geheimhaltung(self):
        """Adds whether a figure used for this area, or for any area of the run, must stay hidden."""
        werte = Laufwert.objects.filter(lauf=OuterRef("lauf"))
        return self.annotate(
            beruht_auf_geheimem=Exists(werte.filter(gebiet=OuterRef("gebiet")).geheim()),
            lauf_beruht_auf_geheimem=Exists(werte.geheim()),
        )


class Laufergebnis(models.Model):
    """What the run says about one area; number and name are those it had then."""

    lauf = models.ForeignKey(
        Indexlauf, on_delete=models.CASCADE, related_name="ergebnisse", verbose_name="Lauf"
    )
    gebiet = models.ForeignKey(
        Gebiet, on_delete=models.PROTECT, related_name="ergebnisse", verbose_name="Gebiet"
    )
    nummer = models.CharField("Nummer", max_length=20)
    name = models.CharField("Name", max_length=120)
    einwohner = models.PositiveIntegerField("Einwohner*innen", null=True, blank=True)
    einbezogen = models.BooleanField("einbezogen")
    grund = models.CharField("Grund", max_length=300, blank=True)
    statussumme = models.FloatField("Statussumme", null=True, blank=True)
    statusindex = models.FloatField("Statusindex", null=True, blank=True)
    statusklasse = models.CharField("Statusklasse", max_length=40, blank=True)
    dynamikindex = models.FloatField("Dynamikindex", null=True, blank=True)
    dynamikklasse = models.CharField("Dynamikklasse", max_length=40, blank=True)
    gesamtindex = models.CharField("Gesamtindex", max_length=10, blank=True)
    beitraege = models.JSONField("Beiträge", default=dict, help_text="Indikator → Beitrag zum Statusindex")
    beitraege_dynamik = models.JSONField("Beiträge zur Dynamik", default=dict)
    abstaende = models.JSONField("Abstände", default=dict, help_text="Abstand zur nächsten Klassengrenze")
    robustheit = models.JSONField("Robustheit", default=dict)

    objects = LaufergebnisQuerySet.as_manager()

    class Meta:
        verbose_name = "Ergebnis"
        verbose_name_plural = "Ergebnisse"
        constraints = [
            models.UniqueConstraint(
                fields=["lauf", "gebiet"],
                name="laufergebnis_eindeutig",
                violation_error_message="Für dieses Gebiet hat der Lauf schon ein Ergebnis.",
            )
        ]

    def __str__(self):
        return f"{self.lauf_id}/{self.gebiet_id}: {self.gesamtindex}"


class Laufbemerkung(models.Model):
    """A reviewer's remark on a run."""

    lauf = models.ForeignKey(
        Indexlauf, on_delete=models.CASCADE, related_name="bemerkungen", verbose_name="Lauf"
    )
    text = models.TextField("Bemerkung", max_length=4000)
    verfasst_von = _person("verfasst")
    verfasst_am = models.DateTimeField("verfasst am", auto_now_add=True)

    class Meta:
        verbose_name = "Bemerkung"
        verbose_name_plural = "Bemerkungen"
        ordering = ["verfasst_am", "pk"]

    def __str__(self):
        return self.text[:60]
