"""Indicators as pages list them, and how far their figures reach."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Max, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce

from quartiere.models import Ebene
from sozialindex.models import Indikator, Indikatordefinition, Wert


def indikatorenliste() -> QuerySet[Indikator]:
    """Return all indicators, Kernindikatoren first, with `stichtage` and their definitions.

    `stichtage` is the number of Stichtage with figures in force; `definitionen.all()` runs from the newest
    version down. Two queries, whatever the number of indicators.
    """
    werte = Wert.objects.aktuell().filter(definition__indikator=OuterRef("pk")).order_by()
    stichtage = werte.values("definition__indikator").annotate(anzahl=Count("stichtag", distinct=True))
    return (
        Indikator.objects.annotate(stichtage=Coalesce(Subquery(stichtage.values("anzahl")), 0))
        .prefetch_related(definitionen_absteigend())
        .order_by("-kern", "reihenfolge", "schluessel")
    )


def definitionen_absteigend() -> Prefetch:
    """Load the definitions from the newest version down. One query."""
    return Prefetch("definitionen", Indikatordefinition.objects.order_by("-version"))


@dataclass(frozen=True)
class Stichtagszeile:
    """How many quarters have a figure of one definition at one Stichtag; `gefuellt` of them a number."""

    stichtag: datetime.date
    definition: int
    quartiere: int
    gefuellt: int
    lieferung_id: int


def stichtage_des_indikators(indikator: Indikator) -> list[Stichtagszeile]:
    """Return the Stichtage with figures in force, newest first, per definition version. One query.

    `lieferung_id` is the newest delivery among them. Figures under confidentiality count as not filled.
    """
    werte = Wert.objects.aktuell().filter(definition__indikator=indikator, gebiet__ebene=Ebene.QUARTIER)
    zeilen = (
        werte.order_by()
        .values_list("stichtag", "definition__version")
        .annotate(quartiere=Count("pk"), gefuellt=Count("wert"), lieferung=Max("lieferung"))
        .order_by("-stichtag", "-definition__version")
    )
    return [Stichtagszeile(*zeile) for zeile in zeilen]
