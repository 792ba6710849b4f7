"""The same area, indicator and Stichtag twice: equal ones are left out, contradicting ones are all errors."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from sozialindex.einlesen.arbeitsmappe import Zelle
from sozialindex.einlesen.ergebnis import MAX_GENANNT, Protokoll, Zeilenfehler, kurz
from sozialindex.einlesen.tabelle import Tabelle

_VERGLICHEN = ("zaehler", "nenner", "wert", "zustand", "qualitaet")


@dataclass(frozen=True)
class Nachlese:
    """What a finding is described with, and where it is written down.

    Attributes
    ----------
    kopf : sequence of str
    hauptspalten : sequence of int
        Per group of columns the one a finding is shown at, counted from 0.
    zeilen : callable
        Reads the file once more: line numbers with their cells.
    """

    protokoll: Protokoll
    kopf: Sequence[str]
    hauptspalten: Sequence[int]
    zeilen: Callable[[], Iterable[tuple[int, list[Zelle]]]]

    def hole(self, nummern: list[int]) -> dict[int, list[Zelle]]:
        """Read the given lines once more."""
        gesucht, gefunden = set(nummern), {}
        for nummer, zellen in self.zeilen():
            if len(gefunden) == len(gesucht):
                break
            if nummer in gesucht:
                gefunden[nummer] = zellen
        return gefunden


def loese_doppelte(tabelle: Tabelle, nachlese: Nachlese) -> Tabelle:
    """Return the table with one row per key; what was dropped goes to the protocol.

    Memory: one 64-bit key and one permutation per value; texts of contradicting cells are fetched by a second
    pass over the file, only if there are any.
    """
    schluessel = _schluessel(tabelle)
    folge = np.argsort(schluessel, kind="stable")
    sortiert = schluessel[folge]
    if not (sortiert[1:] == sortiert[:-1]).any():
        return tabelle
    beginn = np.flatnonzero(np.r_[True, sortiert[1:] != sortiert[:-1]])
    laengen = np.diff(np.r_[beginn, len(sortiert)])
    gruppe = np.repeat(np.arange(len(beginn)), laengen)
    erster = folge[beginn][gruppe]
    ungleich = ~_gleich(tabelle, folge, erster)
    widerspruch = (np.bincount(gruppe, weights=ungleich, minlength=len(beginn)) > 0)[gruppe]
    gleich_doppelt = ~widerspruch & (folge != erster)
    _melde_gleiche(tabelle, folge[gleich_doppelt], erster[gleich_doppelt], nachlese)
    _melde_widersprueche(tabelle, folge, gruppe, widerspruch, nachlese)
    behalten = np.ones(len(schluessel), dtype=bool)
    behalten[folge[widerspruch | gleich_doppelt]] = False
    return {name: werte[behalten] for name, werte in tabelle.items()}


def _schluessel(tabelle: Tabelle) -> np.ndarray:
    tage, codes = np.unique(tabelle["stichtag"], return_inverse=True)
    breite = np.int64(tabelle["indikator"].max(initial=0)) + 1
    return (tabelle["gebiet"].astype(np.int64) * breite + tabelle["indikator"]) * max(len(tage), 1) + codes


def _gleich(tabelle: Tabelle, links: np.ndarray, rechts: np.ndarray) -> np.ndarray:
    gleich = np.ones(len(links), dtype=bool)
    for name in _VERGLICHEN:
        a, b = tabelle[name][links], tabelle[name][rechts]
        gleich &= (a == b) | ((a != a) & (b != b))
    return gleich


def _melde_gleiche(tabelle: Tabelle, doppelte: np.ndarray, erste: np.ndarray, nachlese: Nachlese) -> None:
    zeilen = tabelle["zeile"]
    paare = dict(zip(zeilen[doppelte].tolist(), zeilen[erste].tolist(), strict=True))
    texte = nachlese.hole(sorted(paare)[:MAX_GENANNT])
    for zeile, erste_zeile in sorted(paare.items()):
        text = " ".join(map(str, texte.get(zeile, [])))
        nachlese.protokoll.lasse_aus(zeile, text, f"gleiche Angabe wie in Zeile {erste_zeile}")


def _melde_widersprueche(
    tabelle: Tabelle, folge: np.ndarray, gruppe: np.ndarray, widerspruch: np.ndarray, nachlese: Nachlese
) -> None:
    stellen = folge[widerspruch]
    if not len(stellen):
        return
    zeilen = tabelle["zeile"]
    genannt = stellen[:MAX_GENANNT]
    texte = nachlese.hole(sorted(set(zeilen[genannt].tolist())))
    je_gruppe: dict[int, list[int]] = {}
    for stelle, nummer in zip(stellen.tolist(), gruppe[widerspruch].tolist(), strict=True):
        je_gruppe.setdefault(nummer, []).append(stelle)
        if len(je_gruppe) > MAX_GENANNT:
            break
    eintraege = [
        _widerspruch(tabelle, stelle, mitglieder, texte, nachlese)
        for mitglieder in je_gruppe.values()
        for stelle in mitglieder
    ]
    nachlese.protokoll.melde(zeilen[stellen], sorted(eintraege, key=lambda f: f.zeile))


def _widerspruch(
    tabelle: Tabelle, stelle: int, mitglieder: list[int], texte: dict[int, list], nachlese: Nachlese
) -> Zeilenfehler:
    zeile = int(tabelle["zeile"][stelle])
    andere = sorted({int(tabelle["zeile"][m]) for m in mitglieder} - {zeile}) or [zeile]
    spalte = nachlese.hauptspalten[tabelle["gruppe"][stelle]]
    zellen = texte.get(zeile, [])
    text = kurz(zellen[spalte]) if spalte < len(zellen) and zellen[spalte] is not None else ""
    liste = ", ".join(map(str, andere[:10])) + (" …" if len(andere) > 10 else "")
    grund = (
        "Widerspruch: für dasselbe Gebiet, denselben Indikator und Stichtag "
        f"steht in Zeile {liste} etwas anderes."
    )
    return Zeilenfehler(zeile, nachlese.kopf[spalte], spalte + 1, text, grund)
