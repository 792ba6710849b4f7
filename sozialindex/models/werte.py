from django.db import models
from django.db.models import Q

from quartiere.models import Gebiet
from sozialindex.begriffe import Qualitaet, Zustand
from sozialindex.models.indikatoren import Indikatordefinition
from sozialindex.models.lieferungen import Lieferung

ZUSTAENDE = [(zustand.value, zustand.titel) for zustand in Zustand]
QUALITAETEN = [(qualitaet.value, qualitaet.titel) for qualitaet in Qualitaet]
ZUSTAENDE_MIT_WERT = [zustand.value for zustand in Zustand if zustand.hat_wert]


class WertQuerySet(models.QuerySet):
    def aktuell(self):
        """The figure that counts now: the one of the newest delivery still in force."""
        return self.filter(aktuell=True)


class Wert(models.Model):
    """A figure of an area at a Stichtag as one delivery gave it.

    Rows are only added. A newer delivery takes ``aktuell`` over; the older row stays readable and
    gets it back when the newer delivery is withdrawn.
    """

    gebiet = models.ForeignKey(Gebiet, on_delete=models.PROTECT, related_name="werte", verbose_name="Gebiet")
    definition = models.ForeignKey(
        Indikatordefinition,
        on_delete=models.PROTECT,
        related_name="werte",
        db_index=False,
        verbose_name="Definition",
    )
    stichtag = models.DateField("Stichtag")
    zaehler = models.FloatField("Zähler", null=True, blank=True)
    nenner = models.FloatField("Nenner", null=True, blank=True)
    wert = models.FloatField("Wert", null=True, blank=True)
    zustand = models.CharField("Zustand", max_length=1, choices=ZUSTAENDE)
    qualitaet = models.CharField("Qualität", max_length=1, choices=QUALITAETEN, blank=True, default="")
    lieferung = models.ForeignKey(
        Lieferung, on_delete=models.PROTECT, related_name="werte", verbose_name="Lieferung"
    )
    zeile = models.PositiveIntegerField("Zeile in der Lieferung", null=True, blank=True)
    aktuell = models.BooleanField("aktuell", default=True)

    objects = WertQuerySet.as_manager()

    class Meta:
        verbose_name = "Wert"
        verbose_name_plural = "Werte"
        constraints = [
            models.UniqueConstraint(
                fields=["definition", "stichtag", "gebiet"],
                condition=Q(aktuell=True),
                name="wert_ein_aktueller",
                violation_error_message="Für dieses Gebiet, diesen Indikator und diesen Stichtag gilt schon "
                "ein anderer Wert.",
            ),
            models.CheckConstraint(
                name="wert_passt_zum_zustand",
                condition=Q(zustand__in=ZUSTAENDE_MIT_WERT, wert__isnull=False)
                | (Q(wert=None) & ~Q(zustand__in=ZUSTAENDE_MIT_WERT)),
                violation_error_message="Nur die Zustände „vorhanden“ und „genau null“ haben einen Wert.",
            ),
        ]

    def __str__(self):
        # Without the figure: lists of the administration show this to people who must not see small counts.
        schluessel = f"Gebiet {self.gebiet_id}, Definition {self.definition_id}, {self.stichtag:%d.%m.%Y}"
        return f"Wert {self.pk} ({schluessel})"
