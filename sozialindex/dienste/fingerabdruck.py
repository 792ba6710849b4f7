"""Fingerprints of figures that were read: does a file still say what a person saw or took over?"""

import hashlib
import json
from collections.abc import Mapping

import numpy as np
import pandas as pd

_ZAHLEN = {"gebiet": np.int64, "zaehler": np.float64, "nenner": np.float64, "wert": np.float64}
_ZEICHEN = ("zustand", "qualitaet")


def lesarten(werte: pd.DataFrame) -> dict[str, str]:
    """Fingerprint the figures of each definition at each Stichtag.

    Parameters
    ----------
    werte
        Figures as the reader returns them (`sozialindex.einlesen.ergebnis.Leseergebnis.werte`).

    Returns
    -------
    dict
        Definition id and ISO date, joined by a blank → 16 hexadecimal digits over areas and contents in file
        order. The same file read in the same way gives the same fingerprints.
    """
    gruppen = werte.groupby(["definition", "stichtag"], sort=True)
    return {f"{definition} {tag:%Y-%m-%d}": _summe(gruppe) for (definition, tag), gruppe in gruppen}


def pruefsumme(gelesen: Mapping[str, str], ersetzte: str, anzahlen: Mapping[str, int]) -> str:
    """Fingerprint a dry run: what was read, which rows it would replace and the counts.

    Parameters
    ----------
    gelesen
        Result of `lesarten`.
    ersetzte
        Ids of the rows in force that would be replaced; a row never changes its content.
    anzahlen
        ``neu``, ``geaendert``, ``gleich``.
    """
    inhalt = json.dumps([gelesen, ersetzte, anzahlen], sort_keys=True)
    return hashlib.sha256(inhalt.encode()).hexdigest()


def _summe(gruppe: pd.DataFrame) -> str:
    summe = hashlib.sha256()
    for spalte, typ in _ZAHLEN.items():
        summe.update(gruppe[spalte].to_numpy(typ).tobytes())
    for spalte in _ZEICHEN:
        summe.update("|".join(gruppe[spalte].astype(str)).encode())
    return summe.hexdigest()[:16]
