"""The figures in force against which a delivery is checked: for jumps, and for other definitions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

import numpy as np
import pandas as pd
from django.db.models import QuerySet

from sozialindex.models import Indikatordefinition, Wert

# The jump check looks back two years; leap days included.
RUECKBLICK = timedelta(days=2 * 366)
ZEILEN_JE_STUECK = 50_000
_SATZ = np.dtype([("gebiet", "i8"), ("stichtag", "M8[D]"), ("wert", "f8")])


def mit_frueheren(werte: pd.DataFrame) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """Pair the delivered figures of each definition with the figures in force of the two years before.

    Parameters
    ----------
    werte
        Figures as the reader returns them (`sozialindex.einlesen.ergebnis.Leseergebnis.werte`).

    Yields
    ------
    tuple of DataFrame
        Delivered figures of one definition, and earlier ones with the columns ``gebiet``, ``definition``,
        ``stichtag`` (datetime64[s]), ``wert`` (float, never missing) and ``zeile`` (0); without the Stichtage
        that the delivery itself gives for each of its areas. One query per definition, so that a large
        delivery never holds more than one indicator's past in memory.
    """
    for definition, gruppe in werte.groupby("definition", sort=True):
        erster, letzter = gruppe["stichtag"].min().date(), gruppe["stichtag"].max().date()
        fruehere = Wert.objects.aktuell().filter(
            definition=definition, stichtag__gte=erster - RUECKBLICK, stichtag__lt=letzter, wert__isnull=False
        )
        yield gruppe, _hole(definition, fruehere.exclude(stichtag__in=_vollstaendige(gruppe)))


@dataclass(frozen=True)
class AndereDefinition:
    """An indicator whose delivered figures count by another definition than those in force at Stichtage."""

    indikator: str
    stichtage: list[date]
    geltend: int
    geliefert: int


def andere_definitionen(werte: pd.DataFrame) -> list[AndereDefinition]:
    """Find Stichtage at which figures of another definition of a delivered indicator are in force.

    Parameters
    ----------
    werte
        Figures as the reader returns them.

    Returns
    -------
    list of AndereDefinition
        By indicator and version. One query, and a second one for each definition delivered that is
        not the only one of its indicator.
    """
    gelieferte = dict(iter(werte.groupby("definition")["stichtag"]))
    geschwister = Indikatordefinition.objects.filter(indikator__definitionen__in=list(gelieferte))
    alle = list(geschwister.select_related("indikator").distinct().order_by("indikator_id", "version"))
    funde = []
    for neue in (definition for definition in alle if definition.pk in gelieferte):
        alte = [a for a in alle if a.indikator_id == neue.indikator_id and a.pk != neue.pk]
        if alte:
            funde += _geltende(neue, alte, [tag.date() for tag in gelieferte[neue.pk].unique()])
    return funde


def _geltende(
    neue: Indikatordefinition, alte: list[Indikatordefinition], tage: list[date]
) -> Iterator[AndereDefinition]:
    geltend = Wert.objects.aktuell().filter(definition__in=alte, stichtag__in=tage)
    stellen = geltend.values_list("definition", "stichtag").order_by("definition", "stichtag").distinct()
    je_definition: dict[int, list[date]] = {}
    for definition, stichtag in stellen:
        je_definition.setdefault(definition, []).append(stichtag)
    for alt in alte:
        if stichtage := je_definition.get(alt.pk):
            yield AndereDefinition(neue.indikator.name, stichtage, alt.version, neue.version)


def _vollstaendige(gruppe: pd.DataFrame) -> list[date]:
    """Stichtage at which every delivered area has a figure: what was known of them is not needed."""
    anzahlen = gruppe.groupby("stichtag")["gebiet"].size()
    volle = anzahlen.index[anzahlen == gruppe["gebiet"].nunique()]
    return [tag.date() for tag in volle]


def _hole(definition: int, zeilen: QuerySet[Wert]) -> pd.DataFrame:
    satz = _saetze(zeilen.values_list("gebiet_id", "stichtag", "wert").iterator(chunk_size=ZEILEN_JE_STUECK))
    return pd.DataFrame(
        {
            "gebiet": satz["gebiet"],
            "definition": np.full(len(satz), definition),
            "stichtag": satz["stichtag"].astype("M8[s]"),
            "wert": satz["wert"],
            "zeile": np.zeros(len(satz), dtype=np.int32),
        }
    )


def _saetze(zeilen: Iterator[tuple]) -> np.ndarray:
    """Records of 24 bytes instead of a million tuples at once."""
    stuecke = [np.empty(0, _SATZ)]
    while stueck := list(islice(zeilen, ZEILEN_JE_STUECK)):
        stuecke.append(np.array(stueck, dtype=_SATZ))
    return np.concatenate(stuecke)
