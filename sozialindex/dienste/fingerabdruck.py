"""Fingerprints of figures that were read: does a file still say what a person saw or took over?"""

import hashlib
import json
from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import pandas as pd

_SPALTEN = ("gebiet", "zaehler", "nenner", "wert", "zustand", "qualitaet")


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
    definitionen = werte["definition"].to_numpy()
    tage = werte["stichtag"].to_numpy().astype("datetime64[D]")
    folge = np.lexsort((tage, definitionen))
    definitionen, tage = definitionen[folge], tage[folge]
    inhalte = [_bytes(werte[spalte])[folge] for spalte in _SPALTEN]
    wechsel = (definitionen[1:] != definitionen[:-1]) | (tage[1:] != tage[:-1])
    grenzen = [0, *(np.flatnonzero(wechsel) + 1).tolist(), len(folge)] if len(folge) else []
    return {
        f"{definitionen[von]} {tage[von]}": _summe([inhalt[von:bis] for inhalt in inhalte])
        for von, bis in pairwise(grenzen)
    }


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


def _bytes(spalte: pd.Series) -> np.ndarray:
    """Values of fixed width; a mark becomes the code of its letter."""
    if pd.api.types.is_numeric_dtype(spalte):
        return spalte.to_numpy()
    zeichen = pd.Categorical(spalte)
    return np.array([ord(z or " ") for z in zeichen.categories], dtype=np.int32)[zeichen.codes]


def _summe(inhalte: list[np.ndarray]) -> str:
    summe = hashlib.sha256()
    for inhalt in inhalte:
        summe.update(inhalt.tobytes())
    return summe.hexdigest()[:16]
