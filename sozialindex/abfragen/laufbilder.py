"""The charts of a run as plain data for the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sozialindex.abfragen.laeufe import Klassenzeile
from sozialindex.diagramme.beitraege import HOECHSTENS, beitragsdiagramm
from sozialindex.diagramme.gestalt import als_daten
from sozialindex.diagramme.streuung import streudiagramm
from sozialindex.klassen import klassen_der_methodik
from sozialindex.models import Indexlauf, Indikator

SPALTEN = ["nummer", "name", "statusindex", "dynamikindex", "statusklasse"]


@dataclass(frozen=True)
class Beitragszeile:
    """What each indicator adds to the Statusindex of one area."""

    zeile: Klassenzeile
    beitraege: list[float | None]


def streuung(lauf: Indexlauf, zeilen: Sequence[Klassenzeile]) -> dict[str, Any] | None:
    """Return the scatter chart of Status and Dynamik with the values as the reader may see them.

    None where the run has no Dynamik.
    """
    grenzen = lauf.statistik["grenzen"]
    if grenzen["dynamik"] is None:
        return None
    punkte = [
        (z.gebiet.nummer, z.gebiet.name, z.statusindex, z.dynamikindex, z.ergebnis.statusklasse)
        for z in zeilen
    ]
    gebiete = pd.DataFrame(punkte, columns=SPALTEN)
    klassen = klassen_der_methodik(lauf.methodik_daten, "status")
    return als_daten(streudiagramm(gebiete, klassen, grenzen["status"], grenzen["dynamik"]))


def beitragsbild(zeilen: Sequence[Beitragszeile], indikatoren: Sequence[Indikator]) -> dict[str, Any] | None:
    """Return the chart of contributions; None without any, and for more areas than a chart can hold."""
    if not 0 < len(zeilen) <= HOECHSTENS:
        return None
    werte = pd.DataFrame(
        [zeile.beitraege for zeile in zeilen],
        index=[(zeile.zeile.gebiet.nummer, zeile.zeile.gebiet.name) for zeile in zeilen],
        columns=[indikator.schluessel for indikator in indikatoren],
        dtype=float,
    )
    namen = {indikator.schluessel: indikator.kurzname for indikator in indikatoren}
    return als_daten(beitragsdiagramm(werte, namen))
