"""Between the engine and a stored run: calls the engine and turns its result into what the tables keep."""

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sozialindex import berechnung
from sozialindex.abfragen.schnappschuss import STADT
from sozialindex.berechnung.fehler import Berechnungsfehler, Methodikfehler
from sozialindex.berechnung.methodik import lies_methodik
from sozialindex.berechnung.motor import berechne
from sozialindex.berechnung.satz import Methodik
from sozialindex.dienste.fehler import Lauffehler
from sozialindex.laufarchiv import ERGEBNISSPALTEN, csv


@dataclass(frozen=True)
class Rechnung:
    """The result of the engine in the shape of the tables; `je_gebiet` maps area numbers to fields."""

    statistik: dict[str, Any]
    diagnostik: dict[str, Any]
    hinweise: list[str]
    umgebung: dict[str, str]
    je_gebiet: dict[str, dict[str, Any]]
    ergebnis_csv: bytes


def lies(daten: Mapping[str, Any]) -> Methodik:
    """Read a Methodik record.

    Raises
    ------
    Lauffehler
        The record breaks its schema; the message names every place.
    """
    try:
        return lies_methodik(daten)
    except Methodikfehler as fehler:
        raise Lauffehler(f"Die Methodik ist nicht gültig: {fehler}") from fehler


def rechne(methodik: Methodik, eingabe: pd.DataFrame) -> Rechnung:
    """Compute a run from the table of values (shape as `eingabetabelle`).

    Raises
    ------
    Lauffehler
        The engine refuses; its German message is passed on with what to do.
    """
    try:
        return _rechne(methodik, eingabe)
    except Berechnungsfehler as fehler:
        raise Lauffehler(
            f"Der Index lässt sich so nicht berechnen: {fehler} Es wurde kein Lauf angelegt. Prüfen Sie die "
            "Werte dieses Stichtags oder bilden Sie eine neue Version der Methodik."
        ) from fehler


def _rechne(methodik: Methodik, eingabe: pd.DataFrame) -> Rechnung:
    tabelle = eingabe.set_index("gebiet")
    stadt, gebiete = tabelle.loc[STADT], tabelle.drop(index=STADT)
    schluessel = list(methodik.schluessel_indikatoren)
    mit_dynamik = methodik.dynamik.jahre is not None
    dyn = [f"dyn_{key}" for key in schluessel] if mit_dynamik else []
    einwohner = gebiete["einwohner"] if gebiete["einwohner"].notna().any() else None
    daten = {
        "einwohner": einwohner,
        "veraenderungen": _umbenannt(gebiete[dyn], schluessel) if mit_dynamik else None,
        "stadtwerte": stadt[schluessel].astype(float),
        "stadtveraenderungen": _umbenannt(stadt[dyn].astype(float), schluessel) if mit_dynamik else None,
    }
    ergebnis = berechne(gebiete[schluessel], methodik, **daten)
    return Rechnung(
        statistik=_statistik(ergebnis),
        diagnostik=_diagnostik(ergebnis),
        hinweise=list(ergebnis.hinweise),
        umgebung=umgebung(),
        je_gebiet=_je_gebiet(ergebnis, _robustheit(gebiete[schluessel], methodik, daten, ergebnis)),
        ergebnis_csv=csv(ergebnistabelle(ergebnis)),
    )
