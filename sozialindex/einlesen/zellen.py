"""Unique cells to values: each distinct text is understood once, whatever the length of the file."""

import re
from collections.abc import Callable, Sequence
from datetime import date

import numpy as np
import pandas as pd

from oberhausen_sozialplanung.werkzeuge.text import ohne_fussnote
from oberhausen_sozialplanung.werkzeuge.zahlen import Zahlfehler, zahl_lesen
from sozialindex.begriffe import Zustand
from sozialindex.einlesen.arbeitsmappe import Zelle
from sozialindex.einlesen.einstellungen import Einstellungen
from sozialindex.einlesen.ergebnis import QUALITAETEN, ZUSTAENDE
from sozialindex.einlesen.stichtag import Stichtagfehler, stichtag_lesen
from sozialindex.einlesen.verzeichnis import Gebietsfehler, Verzeichnis

MAX_GEMERKT = 200_000
FALSCH = -1
VORHANDEN, NULL, FEHLT = (ZUSTAENDE.index(z) for z in (Zustand.VORHANDEN, Zustand.NULL, Zustand.FEHLT))
OHNE_ANGABE = -1
EPOCHE = date(1970, 1, 1).toordinal()
_NACHGESTELLT = re.compile(r"(.*\d)\s*([A-Za-z])")
Wertzelle = tuple[float, int, int, str]
"""Figure (NaN without), state code or FALSCH, quality code or OHNE_ANGABE, German reason when wrong."""


def faktorisiere(spalte: Sequence[Zelle]) -> tuple[np.ndarray, list[Zelle]]:
    """Return (codes, distinct cells); None counts as the empty text."""
    werte = np.empty(len(spalte), dtype=object)
    werte[:] = ["" if z is None else z for z in spalte] if None in spalte else spalte
    codes, einmalige = pd.factorize(werte, use_na_sentinel=False)
    return codes, list(einmalige)


class Deuter:
    """Understands the cells of one file under its settings; remembers what it has understood (bounded)."""

    def __init__(self, einstellungen: Einstellungen, verzeichnis: Verzeichnis) -> None:
        self.verzeichnis = verzeichnis
        self.dezimalzeichen = einstellungen.dezimalzeichen
        self.symbole = {k.strip(): ZUSTAENDE.index(v) for k, v in einstellungen.symbole.items()}
        self.qualitaeten = {
            k.strip(): QUALITAETEN.index(v) for k, v in einstellungen.qualitaetszeichen.items()
        }
        self.gebiete = {k.strip(): v for k, v in einstellungen.gebiete.items()}
        self.indikatoren = {k.strip(): v for k, v in einstellungen.indikatoren.items()}
        self.null_ist_gerundet = any(z == NULL for k, z in self.symbole.items() if k != "0")
        self.indikatorstelle = {i.schluessel: n for n, i in enumerate(verzeichnis.indikatoren)}
        self._gemerkt: dict[str, dict] = {"wert": {}, "gebiet": {}, "zeit": {}, "indikator": {}, "guete": {}}

    def wertspalte(self, zellen: Sequence[Zelle]) -> list[Wertzelle]:
        return self._alle("wert", zellen, self._wert)

    def stichtage(self, zellen: Sequence[Zelle]) -> list[tuple[int, str]]:
        """Days since 1970-01-01 and an empty reason, or 0 and the reason."""
        return self._alle("zeit", zellen, self._stichtag)

    def indikatorspalte(self, zellen: Sequence[Zelle]) -> list[tuple[int, str]]:
        """Position of the indicator in the directory, or FALSCH and the reason."""
        return self._alle("indikator", zellen, self._indikator)

    def guete(self, zellen: Sequence[Zelle]) -> list[tuple[int, int, str]]:
        """Quality code, state code (a quality column may hold state signs) and the reason when neither."""
        return self._alle("guete", zellen, self._guete)

    def gebiet_paare(self, paare: Sequence[tuple[Zelle, Zelle]]) -> list[tuple[int, str, str]]:
        """Position of the area, or FALSCH with the reason and "nummer" or "name"."""
        return self._alle("gebiet", paare, self._gebiet)

    def _alle(self, art: str, schluessel: Sequence, deute: Callable) -> list:
        gemerkt = self._gemerkt[art]
        if len(gemerkt) > MAX_GEMERKT:
            gemerkt.clear()
        ergebnis = []
        for wert in schluessel:
            gedeutet = gemerkt.get(wert)
            if gedeutet is None:
                gedeutet = gemerkt[wert] = deute(wert)
            ergebnis.append(gedeutet)
        return ergebnis

    def _wert(self, zelle: Zelle) -> Wertzelle:
        if isinstance(zelle, int | float):
            return self._zahl(float(zelle), OHNE_ANGABE)
        if isinstance(zelle, date):
            return np.nan, FALSCH, OHNE_ANGABE, f"„{zelle:%d.%m.%Y}“ ist ein Datum, keine Zahl."
        text = zelle.strip()
        if not text:
            return np.nan, FEHLT, OHNE_ANGABE, ""
        if text in self.symbole:
            return self._symbol(text)
        return self._aus_text(text)

    def _aus_text(self, text: str) -> Wertzelle:
        if text.isdigit():
            rumpf, guete = text, OHNE_ANGABE
        else:
            rumpf, guete = self._ohne_zusatz(text)
            if rumpf in self.symbole:
                zustand = self._symbol(rumpf)
                return zustand[0], zustand[1], guete, ""
        try:
            return self._zahl(zahl_lesen(rumpf, self.dezimalzeichen), guete)
        except Zahlfehler as fehler:
            return np.nan, FALSCH, OHNE_ANGABE, str(fehler)

    def _ohne_zusatz(self, text: str) -> tuple[str, int]:
        """Split "26,8 r" and "26,8 1)" into figure and quality."""
        rumpf = ohne_fussnote(text)
        treffer = _NACHGESTELLT.fullmatch(rumpf)
        if treffer and treffer[2] in self.qualitaeten:
            return ohne_fussnote(treffer[1]), self.qualitaeten[treffer[2]]
        return rumpf, OHNE_ANGABE

    def _symbol(self, text: str) -> Wertzelle:
        zustand = self.symbole[text]
        if zustand == VORHANDEN:
            return (
                np.nan,
                FALSCH,
                OHNE_ANGABE,
                f"„{text}“ ist als „vorhanden“ zugeordnet, ist aber keine Zahl.",
            )
        return (0.0 if zustand == NULL else np.nan), zustand, OHNE_ANGABE, ""

    def _zahl(self, zahl: float, guete: int) -> Wertzelle:
        genau_null = zahl == 0 and not self.null_ist_gerundet
        return zahl, NULL if genau_null else VORHANDEN, guete, ""

    def _stichtag(self, zelle: Zelle) -> tuple[int, str]:
        try:
            return stichtag_lesen(zelle, self.verzeichnis.heute).toordinal() - EPOCHE, ""
        except Stichtagfehler as fehler:
            return 0, str(fehler)

    def _indikator(self, zelle: Zelle) -> tuple[int, str]:
        text = str(zelle).strip()
        if not text:
            return FALSCH, "Der Indikator fehlt."
        gefunden = self.verzeichnis.finde_indikator(self.indikatoren.get(text, text))
        if gefunden is None:
            return FALSCH, f"Der Indikator „{text[:60]}“ ist nicht bekannt."
        return self.indikatorstelle[gefunden.schluessel], ""

    def _guete(self, zelle: Zelle) -> tuple[int, int, str]:
        text = str(zelle).strip()
        if not text:
            return OHNE_ANGABE, OHNE_ANGABE, ""
        if text in self.qualitaeten or text.lower() in self.qualitaeten:
            return self.qualitaeten.get(text, self.qualitaeten.get(text.lower(), 0)), OHNE_ANGABE, ""
        if text in self.symbole:
            return OHNE_ANGABE, self.symbole[text], ""
        return OHNE_ANGABE, OHNE_ANGABE, f"„{text[:60]}“ ist kein bekanntes Qualitätszeichen."

    def _gebiet(self, paar: tuple[Zelle, Zelle]) -> tuple[int, str, str]:
        nummer, name = (str(z).strip() for z in paar)
        for text in (name, nummer):
            if text in self.gebiete:
                nummer, name = self.gebiete[text], ""
        try:
            return self.verzeichnis.index_von(self.verzeichnis.finde_gebiet(nummer, name)), "", ""
        except Gebietsfehler as fehler:
            return FALSCH, str(fehler), fehler.spalte
