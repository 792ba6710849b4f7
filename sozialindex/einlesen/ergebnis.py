"""What reading a file yields: values as a compact table, and everything that was not taken, with
its reason."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sozialindex.begriffe import Qualitaet, Zustand

MAX_GENANNT = 1_000
MAX_TEXT = 200
ZUSTAENDE = tuple(Zustand)
QUALITAETEN = tuple(Qualitaet)
SPALTEN = ("gebiet", "definition", "stichtag", "zaehler", "nenner", "wert", "zustand", "qualitaet", "zeile")


@dataclass(frozen=True, slots=True)
class Zeilenfehler:
    """One cell that cannot be taken: line and column (name and 1-based number), its text and why, German."""

    zeile: int
    spalte: str
    spaltennummer: int
    text: str
    grund: str


@dataclass(frozen=True, slots=True)
class Auslassung:
    """One row that is rightly not a value (title, footer, empty, equal double), with its text and why."""

    zeile: int
    text: str
    grund: str


@dataclass(slots=True)
class Leseergebnis:
    """Result of `lesen.lies`.

    Attributes
    ----------
    werte : DataFrame
        One row per value in file order: gebiet (int64 id), definition (int64 id), stichtag (datetime64[s]),
        zaehler, nenner (float64, NaN where not delivered), wert (float64; per cent for shares, the number for
        counts; NaN unless the state has a value), zustand and qualitaet (category of codes of `begriffe`),
        zeile (int32). Unique by gebiet, definition, stichtag.
    fehler, ausgelassen : list
        At most 1,000 each, in file order; the counts are complete.
    fehler_anzahl, fehlerzeilen, ausgelassen_anzahl : int
        Wrong cells, rows with at least one wrong cell, rows left out.
    hinweise : list of str
        Remarks about the file as a whole.
    zeilen_gelesen : int
        Rows below the head that were not left out.
    """

    werte: pd.DataFrame
    fehler: list[Zeilenfehler] = field(default_factory=list)
    ausgelassen: list[Auslassung] = field(default_factory=list)
    hinweise: list[str] = field(default_factory=list)
    zeilen_gelesen: int = 0
    fehler_anzahl: int = 0
    fehlerzeilen: int = 0
    ausgelassen_anzahl: int = 0


class Protokoll:
    """Collects errors and omissions: the first thousand in words, all of them as a count."""

    def __init__(self) -> None:
        self.fehler: list[Zeilenfehler] = []
        self.ausgelassen: list[Auslassung] = []
        self.fehler_anzahl = self.ausgelassen_anzahl = 0
        self._zeilen: list[np.ndarray] = []

    @property
    def voll(self) -> bool:
        """Whether further errors are only counted."""
        return len(self.fehler) >= MAX_GENANNT

    def fehlerzeilen(self) -> int:
        return len(np.unique(np.concatenate(self._zeilen))) if self._zeilen else 0

    def melde(self, zeilen: np.ndarray, eintraege: list[Zeilenfehler]) -> None:
        """Count one error per given line and keep the entries as far as there is room."""
        if len(zeilen):
            self.fehler_anzahl += len(zeilen)
            self._zeilen.append(np.unique(np.asarray(zeilen, dtype=np.int32)))
            self.fehler.extend(eintraege[: max(0, MAX_GENANNT - len(self.fehler))])

    def lasse_aus(self, zeile: int, text: str, grund: str) -> None:
        self.ausgelassen_anzahl += 1
        if len(self.ausgelassen) < MAX_GENANNT:
            self.ausgelassen.append(Auslassung(int(zeile), kurz(text), grund))


def kurz(text: object) -> str:
    """Cut a cell's text for a report."""
    text = str(text)
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…"
