"""Signs that stand where a figure should be. Which sender uses which is data of the import profile."""

import re
from collections.abc import Iterable, Mapping

from sozialindex.begriffe import Qualitaet, Zustand

DIN_55301 = {
    "-": Zustand.NULL,
    "–": Zustand.NULL,
    "—": Zustand.NULL,
    ".": Zustand.GEHEIM,
    "...": Zustand.SPAETER,
    "…": Zustand.SPAETER,
    "/": Zustand.UNSICHER,
    "x": Zustand.SINNLOS,
    "X": Zustand.SINNLOS,
}
BUCHSTABEN = {
    "g": Zustand.GEHEIM,
    "t": Zustand.SPAETER,
    "u": Zustand.UNSICHER,
    "x": Zustand.SINNLOS,
}
ARBEITSAGENTUR = {"*": Zustand.GEHEIM, "-": Zustand.NULL, ".": Zustand.SINNLOS, "x": Zustand.GEHEIM}
"""Bundesagentur für Arbeit: * hides 1 and 2 and what follows from them, x hides for other reasons."""

TABELLEN: dict[str, Mapping[str, Zustand]] = {
    "DIN 55301": DIN_55301,
    "Buchstaben (0 g t u x)": BUCHSTABEN,
    "Bundesagentur für Arbeit": ARBEITSAGENTUR,
}
QUALITAETSZEICHEN = {
    "p": Qualitaet.VORLAEUFIG,
    "r": Qualitaet.BERICHTIGT,
    "s": Qualitaet.GESCHAETZT,
    "e": Qualitaet.ENDGUELTIG,
}

_WORTE = (
    (Zustand.UNSICHER, ("nicht sicher", "unsicher", "eingeschränkt", "nicht genügend")),
    (Zustand.SPAETER, ("später", "spaeter", "folgt", "fällt")),
    (Zustand.SINNLOS, ("sinnvoll", "trifft nicht zu", "entfällt", "keine aussage")),
    (Zustand.GEHEIM, ("geheim", "unbekannt", "anonymisiert", "gesperrt")),
    (Zustand.FEHLT, ("keine angabe", "nicht geliefert", "fehlt")),
    (Zustand.NULL, ("null", "nichts vorhanden")),
)
_EINTRAG = re.compile(r"(?:^|[\s,;:])(\.\.\.|…|[-–—./*xX]|[0gtu])\s*=\s*([^=]+?)(?=[,;]\s*\S{1,3}\s*=|$)")
_STERN = re.compile(r"^\s*\*\s*\)?\s*(.+)")


def legende(zeilen: Iterable[str]) -> dict[str, Zustand]:
    """Read the meaning of signs from lines such as "Zeichen: . = geheim, - = genau null" or "* …
    anonymisiert"."""
    tabelle: dict[str, Zustand] = {}
    for zeile in zeilen:
        paare = _EINTRAG.findall(zeile) if zeile.count("=") >= 2 else []
        stern = _STERN.match(zeile)
        if stern and not paare:
            paare = [("*", stern[1])]
        for zeichen, worte in paare:
            zustand = _bedeutung(worte)
            if zustand and zeichen != "0":
                tabelle.setdefault(zeichen, zustand)
    return tabelle


def vorschlag(vorkommend: Iterable[str], erklaert: Mapping[str, Zustand]) -> dict[str, Zustand]:
    """Propose the symbol table of a file.

    The file's own legend comes first; then DIN 55301; letter codes and the employment agency's star only for
    signs that occur and that neither explains.
    """
    tabelle = {**DIN_55301, **erklaert}
    for zeichen in vorkommend:
        for weitere in (BUCHSTABEN, ARBEITSAGENTUR):
            if zeichen in weitere:
                tabelle.setdefault(zeichen, weitere[zeichen])
    return tabelle


def _bedeutung(worte: str) -> Zustand | None:
    klein = worte.lower()
    return next((zustand for zustand, stichworte in _WORTE if any(s in klein for s in stichworte)), None)
