"""Reading a table of values and writing the table of results, for computing without a database."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from .ergebnis import Indexergebnis
from .fehler import Werteingabefehler
from .satz import Methodik

__all__ = ["Eingabe", "Werteingabefehler", "lies_werte", "schreibe_ergebnis", "schreibe_zeilen"]

STADT = "STADT"
ZAHL = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d{1,3})?")
# Numbers of residents are whole; a table program may have written 2930.0, but 2.930 stays ambiguous.
GANZE_ZAHL = re.compile(r"(\d+)([.,]0)?")
HOECHSTENS_MELDUNGEN = 50
# The columns of the table of results between `einbezogen` and the contributions, in their order.
ERGEBNISSPALTEN = (
    "statussumme",
    "statusindex",
    "statusklasse",
    "dynamikindex",
    "dynamikklasse",
    "gesamtindex",
)


@dataclass(frozen=True, slots=True)
class Eingabe:
    """Content of a file of values; frames are indexed by area key in the order of the file.

    `einwohner` and `veraenderungen` are None when the file has no such columns, `stadtwerte` and
    `stadtveraenderungen` when it has no row for the city. Rates in percent, changes in percentage points,
    NaN = missing.
    """

    werte: pd.DataFrame
    einwohner: pd.Series | None
    veraenderungen: pd.DataFrame | None
    stadtwerte: pd.Series | None
    stadtveraenderungen: pd.Series | None
    hinweise: list[str]


@dataclass(slots=True)
class _Tabelle:
    """Cells of the file with the line each row came from, and the complaints collected so far."""

    kopf: list[str]
    zeilen: list[list[str]]
    nummern: list[int]
    meldungen: list[str] = field(default_factory=list)
    # Decimal sign → where it was first seen.
    dezimalzeichen: dict[str, str] = field(default_factory=dict)

    def melde(self, zeile: int, spalte: str, text: str) -> None:
        self.meldungen.append(f"Zeile {self.nummern[zeile]}, Spalte „{spalte}“: {text}")

    def spalte(self, name: str) -> list[str]:
        stelle = self.kopf.index(name)
        return [zeile[stelle] for zeile in self.zeilen]

    def zahlen(self, name: str) -> list[float]:
        return [self._zahl(text, zeile, name) for zeile, text in enumerate(self.spalte(name))]

    def _zahl(self, text: str, zeile: int, name: str) -> float:
        if not text:
            return np.nan
        if not ZAHL.fullmatch(text):
            self.melde(zeile, name, f"„{_kurz(text)}“ ist keine Zahl. Ein fehlender Wert bleibt leer.")
            return np.nan
        for zeichen in ",.":
            if zeichen in text:
                self.dezimalzeichen.setdefault(zeichen, f"Zeile {self.nummern[zeile]}, Spalte „{name}“")
        zahl = float(text.replace(",", "."))
        if not np.isfinite(zahl):
            self.melde(zeile, name, f"„{_kurz(text)}“ ist zu groß.")
        return zahl

    def ganzzahlen(self, name: str) -> list[float]:
        return [self._ganzzahl(text, zeile, name) for zeile, text in enumerate(self.spalte(name))]

    def _ganzzahl(self, text: str, zeile: int, name: str) -> float:
        treffer = GANZE_ZAHL.fullmatch(text)
        if text and (not treffer or len(text) > 15):
            self.melde(zeile, name, f"„{_kurz(text)}“ ist keine ganze Zahl ohne Tausenderpunkt.")
        return float(treffer[1]) if treffer else np.nan

    def pruefe(self) -> None:
        """Raise everything found so far."""
        if len(self.dezimalzeichen) > 1:
            stellen = " und ".join(f"„{zeichen}“ in {ort}" for zeichen, ort in self.dezimalzeichen.items())
            self.meldungen.append(f"Die Datei mischt Dezimalkomma und Dezimalpunkt: {stellen}.")
        if self.meldungen:
            weitere = len(self.meldungen) - HOECHSTENS_MELDUNGEN
            rest = [f"… und {weitere} weitere Fehler."] if weitere > 0 else []
            raise Werteingabefehler(self.meldungen[:HOECHSTENS_MELDUNGEN] + rest)


def lies_werte(inhalt: bytes, methodik: Methodik) -> Eingabe:
    """Read a file of values.

    Parameters
    ----------
    inhalt
        CSV, UTF-8 (with or without BOM) or cp1252, delimiter `;` or `,`, decimal comma or point.
        Columns `gebiet`, optional `name` and `einwohner`, one per indicator key, optional `dyn_<key>`; others
        are ignored with a remark. The row with gebiet = STADT holds the values of the city.

    Raises
    ------
    Werteingabefehler
        With line and column, as many faults at once as possible.
    """
    tabelle = _tabelle(_entschluessle(inhalt))
    hinweise = _pruefe_kopf(tabelle, methodik.schluessel_indikatoren)
    gebiete = _gebiete(tabelle)
    namen = list(methodik.schluessel_indikatoren)
    werte = _rahmen(tabelle, {name: name for name in namen}, gebiete)
    dynamisch = {name: f"dyn_{name}" for name in namen if f"dyn_{name}" in tabelle.kopf}
    veraenderungen = _rahmen(tabelle, dynamisch, gebiete) if dynamisch else None
    einwohner = None
    if "einwohner" in tabelle.kopf:
        einwohner = pd.Series(tabelle.ganzzahlen("einwohner"), index=gebiete, dtype=float)
    tabelle.pruefe()
    ohne_stadt = gebiete != STADT
    return Eingabe(
        werte=werte[ohne_stadt],
        einwohner=None if einwohner is None else einwohner[ohne_stadt],
        veraenderungen=None if veraenderungen is None else veraenderungen[ohne_stadt],
        stadtwerte=_stadt(werte),
        stadtveraenderungen=_stadt(veraenderungen),
        hinweise=hinweise,
    )


def _stadt(rahmen: pd.DataFrame | None) -> pd.Series | None:
    return None if rahmen is None or STADT not in rahmen.index else rahmen.loc[STADT]


def _rahmen(tabelle: _Tabelle, spalten: dict[str, str], gebiete: pd.Index) -> pd.DataFrame:
    return pd.DataFrame(
        {name: tabelle.zahlen(spalte) for name, spalte in spalten.items()}, gebiete, dtype=float
    )


def _entschluessle(inhalt: bytes) -> str:
    if not inhalt.strip():
        raise Werteingabefehler(["Die Datei ist leer."])
    if b"\0" in inhalt:
        raise Werteingabefehler(
            ["Die Datei ist keine CSV-Datei in UTF-8 oder Windows-1252 (sie enthält Nullbytes)."]
        )
    try:
        return inhalt.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return inhalt.decode("cp1252")
    except UnicodeDecodeError as fehler:
        raise Werteingabefehler(
            ["Die Datei ist weder in UTF-8 noch in Windows-1252 geschrieben."]
        ) from fehler


def _tabelle(text: str) -> _Tabelle:
    kopfzeile = text.lstrip().partition("\n")[0]
    leser = csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in kopfzeile else ",", strict=True)
    zeilen, nummern, beginn = [], [], 1
    try:
        for zeile in leser:
            zellen = [zelle.strip() for zelle in zeile]
            if any(zellen):
                zeilen.append(zellen)
                nummern.append(beginn)
            beginn = leser.line_num + 1
    except csv.Error as fehler:
        raise Werteingabefehler(
            [f"Zeile {beginn}: nicht lesbar, ein Anführungszeichen ist falsch oder eine Zelle überlang."]
        ) from fehler
    if not zeilen:
        raise Werteingabefehler(["Die Datei ist leer."])
    tabelle = _Tabelle(zeilen[0], zeilen[1:], nummern[1:])
    for zeile, nummer in zip(tabelle.zeilen, tabelle.nummern, strict=True):
        if len(zeile) != len(tabelle.kopf):
            tabelle.meldungen.append(
                f"Zeile {nummer}: {len(zeile)} Zellen statt {len(tabelle.kopf)} wie im Kopf."
            )
    tabelle.pruefe()
    return tabelle


def _pruefe_kopf(tabelle: _Tabelle, indikatoren: Sequence[str]) -> list[str]:
    for name, anzahl in Counter(tabelle.kopf).items():
        if name and anzahl > 1:
            tabelle.meldungen.append(f"Kopfzeile: Die Spalte „{_kurz(name)}“ kommt {anzahl}-mal vor.")
    for name in ("gebiet", *indikatoren):
        if name not in tabelle.kopf:
            tabelle.meldungen.append(f"Kopfzeile: Die Spalte „{name}“ fehlt.")
    tabelle.pruefe()
    bekannt = {"gebiet", "name", "einwohner", *indikatoren, *(f"dyn_{name}" for name in indikatoren)}
    fremd = [_kurz(name) for name in tabelle.kopf if name not in bekannt]
    return [f"Nicht gebrauchte Spalten: {', '.join(fremd)}."] if fremd else []


def _gebiete(tabelle: _Tabelle) -> pd.Index:
    gebiete = tabelle.spalte("gebiet")
    erste: dict[str, int] = {}
    for zeile, gebiet in enumerate(gebiete):
        if not gebiet:
            tabelle.melde(zeile, "gebiet", "Der Gebietsschlüssel fehlt.")
        elif gebiet in erste:
            text = f"„{_kurz(gebiet)}“ steht schon in Zeile {tabelle.nummern[erste[gebiet]]}."
            tabelle.melde(zeile, "gebiet", text)
        erste.setdefault(gebiet, zeile)
    tabelle.pruefe()
    return pd.Index(gebiete, dtype="str", name="gebiet")


def _kurz(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"


def schreibe_ergebnis(ergebnis: Indexergebnis) -> str:
    """Return the table of results, one row per area in input order; format as in `schreibe_zeilen`."""
    saetze = ergebnis.tabelle[["einbezogen", *ERGEBNISSPALTEN]].astype(object).to_dict("index")
    beitraege = ergebnis.beitraege.to_dict("index")
    zeilen = ((gebiet, {**satz, "beitraege": beitraege[gebiet]}) for gebiet, satz in saetze.items())
    return schreibe_zeilen(zeilen, list(ergebnis.beitraege))


def schreibe_zeilen(zeilen: Iterable[tuple[str, Mapping[str, Any]]], schluessel: Sequence[str]) -> str:
    """Return the table of results: semicolon, decimal point, full precision, rows in the order given.

    Parameters
    ----------
    zeilen
        Area key and its fields `einbezogen`, the figures and words of the index, and `beitraege` (indicator →
        contribution). Missing (None, NaN, "") is an empty cell, minus zero is zero. Nothing is escaped: keys
        must stay what they are, and no class begins like a formula.
    schluessel
        Indicator keys; the contributions follow in this order.
    """
    ausgabe = io.StringIO()
    schreiber = csv.writer(ausgabe, delimiter=";", lineterminator="\n")
    schreiber.writerow(["gebiet", "einbezogen", *ERGEBNISSPALTEN, *(f"beitrag_{key}" for key in schluessel)])
    for gebiet, felder in zeilen:
        beitraege = [felder["beitraege"].get(key) for key in schluessel]
        zellen = [*(felder[spalte] for spalte in ERGEBNISSPALTEN), *beitraege]
        schreiber.writerow([gebiet, int(felder["einbezogen"]), *map(_zelle, zellen)])
    return ausgabe.getvalue()


def _zelle(wert: Any) -> str:
    if wert is None or wert != wert:
        return ""
    return wert if isinstance(wert, str) else repr(float(wert) + 0.0)
