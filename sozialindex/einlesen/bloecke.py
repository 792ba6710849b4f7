"""One chunk of rows, and one value group (Zähler, Nenner, Wert, quality) read from it as whole columns."""

from dataclasses import dataclass, field
from datetime import date

import numpy as np

from sozialindex.einlesen.arbeitsmappe import Zelle
from sozialindex.einlesen.einstellungen import Gruppenschluessel, Rolle
from sozialindex.einlesen.ergebnis import Protokoll, Zeilenfehler, kurz
from sozialindex.einlesen.zellen import (
    EPOCHE,
    FALSCH,
    FEHLT,
    NULL,
    OHNE_ANGABE,
    VORHANDEN,
    Deuter,
    faktorisiere,
)

_LEER = np.empty(0, dtype=np.int32)


@dataclass(slots=True)
class Block:
    """Rows of one chunk: line numbers, cells by column, and per row area, Stichtag and indicator (positions).

    `gut` marks rows with a usable key, `beiwerk` rows that were left out.
    """

    nummern: np.ndarray
    spalten: list[tuple[Zelle, ...]]
    gut: np.ndarray
    gebiet: np.ndarray = field(default_factory=lambda: _LEER)
    stichtag: np.ndarray = field(default_factory=lambda: _LEER)
    indikator: np.ndarray = field(default_factory=lambda: _LEER)
    beiwerk: list[int] = field(default_factory=list)

    @property
    def zaehlt(self) -> np.ndarray:
        """Rows that are data, good or bad."""
        maske = np.ones(len(self.nummern), dtype=bool)
        maske[self.beiwerk] = False
        return maske

    def fehler(self, i: int, stelle: int, kopf: list[str], grund: str) -> Zeilenfehler:
        """Describe the cell in row i (of the chunk) and column `stelle` (from 0)."""
        name = kopf[stelle] if stelle < len(kopf) else f"Spalte {stelle + 1}"
        zelle = self.spalten[stelle][i]
        text = f"{zelle:%d.%m.%Y}" if isinstance(zelle, date) else "" if zelle is None else str(zelle)
        return Zeilenfehler(int(self.nummern[i]), name, stelle + 1, kurz(text), grund)


@dataclass(slots=True)
class Wertblock:
    """Values of one group of one chunk; arrays of equal length."""

    gruppe: int
    gebiet: np.ndarray
    indikator: np.ndarray
    stichtag: np.ndarray
    zaehler: np.ndarray
    nenner: np.ndarray
    wert: np.ndarray
    zustand: np.ndarray
    qualitaet: np.ndarray
    zeile: np.ndarray


@dataclass(slots=True)
class _Spalte:
    """One value column understood: figures, state codes, quality codes, reasons by distinct cell."""

    zahl: np.ndarray
    zustand: np.ndarray
    qualitaet: np.ndarray
    codes: np.ndarray
    gruende: list[str]

    @property
    def hat_zahl(self) -> np.ndarray:
        return (self.zustand == VORHANDEN) | (self.zustand == NULL)


class Gruppenleser:
    """Reads one value group; `stelle` is the position of its indicator when the column names it."""

    def __init__(
        self,
        nummer: int,
        schluessel: Gruppenschluessel,
        spalten: dict[Rolle, int],
        deuter: Deuter,
        kopf: list[str],
    ) -> None:
        self.nummer, self.spalten, self.deuter, self.kopf = nummer, spalten, deuter, kopf
        self.indikator, stichtag = schluessel
        self.stichtag = date.fromisoformat(stichtag).toordinal() - EPOCHE if stichtag else None
        self.stelle = FALSCH
        self.anteil = np.array([i.art == "anteil" for i in deuter.verzeichnis.indikatoren] or [True])

    def lies(self, block: Block, protokoll: Protokoll) -> Wertblock:
        """Understand the group's columns, check them against each other, and keep what is right."""
        indikator = (
            np.full(len(block.nummern), self.stelle, dtype=np.int32) if self.indikator else block.indikator
        )
        stichtag = block.stichtag
        if self.stichtag is not None:
            stichtag = np.full(len(block.nummern), self.stichtag, dtype=np.int32)
        werte = {
            rolle: self._spalte(block, i) for rolle, i in self.spalten.items() if rolle != Rolle.QUALITAET
        }
        pruefung = _Pruefung(self, block, werte)
        ergebnis = pruefung.rechne(self.anteil[indikator])
        pruefung.mit_qualitaet(ergebnis, self._guete(block))
        pruefung.melde(protokoll)
        gut = pruefung.gut
        zaehler, nenner, wert, zustand, qualitaet = (a[gut] for a in ergebnis)
        return Wertblock(
            self.nummer,
            block.gebiet[gut],
            indikator[gut],
            stichtag[gut],
            zaehler,
            nenner,
            wert,
            zustand,
            qualitaet,
            block.nummern[gut],
        )

    @property
    def hauptspalte(self) -> int:
        """The column by which the group is named in messages."""
        return next(self.spalten[r] for r in (Rolle.ZAEHLER, Rolle.WERT, Rolle.NENNER) if r in self.spalten)

    def _spalte(self, block: Block, stelle: int) -> _Spalte:
        codes, zellen = faktorisiere(block.spalten[stelle])
        zahl, zustand, qualitaet, gruende = zip(*self.deuter.wertspalte(zellen), strict=True)
        return _Spalte(
            np.array(zahl, dtype=np.float64)[codes],
            np.array(zustand, dtype=np.int8)[codes],
            np.array(qualitaet, dtype=np.int8)[codes],
            codes,
            list(gruende),
        )

    def _guete(self, block: Block) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[str]] | None:
        stelle = self.spalten.get(Rolle.QUALITAET)
        if stelle is None:
            return None
        codes, zellen = faktorisiere(block.spalten[stelle])
        qualitaet, zustand, gruende = zip(*self.deuter.guete(zellen), strict=True)
        return (
            np.array(qualitaet, dtype=np.int8)[codes],
            np.array(zustand, dtype=np.int8)[codes],
            codes,
            list(gruende),
        )


class _Pruefung:
    """Zähler, Nenner and Wert of one group against each other; collects what is wrong, once per row."""

    def __init__(self, gruppe: Gruppenleser, block: Block, werte: dict[Rolle, _Spalte]) -> None:
        self.gruppe, self.block, self.werte = gruppe, block, werte
        self.gut = block.gut.copy()
        self.funde: list[tuple[np.ndarray, int, str | list[str], np.ndarray | None]] = []
        n = len(block.nummern)
        self.ohne = _Spalte(
            np.full(n, np.nan), np.full(n, FEHLT, np.int8), np.full(n, OHNE_ANGABE, np.int8), _LEER, []
        )

    def rechne(self, anteil: np.ndarray) -> tuple[np.ndarray, ...]:
        """Return zaehler, nenner, wert, zustand, qualitaet of every row; wrong rows are taken out
        of `gut`."""
        for rolle, spalte in self.werte.items():
            self._beanstande(spalte.zustand == FALSCH, rolle, spalte.gruende, spalte.codes)
            self._beanstande(spalte.zahl < 0, rolle, "Eine Anzahl oder ein Anteil kann nicht negativ sein.")
        z, n, w = (self.werte.get(r, self.ohne) for r in (Rolle.ZAEHLER, Rolle.NENNER, Rolle.WERT))
        beide = anteil & z.hat_zahl & n.hat_zahl
        self._beanstande(
            beide & (n.zahl == 0), Rolle.NENNER, "Der Nenner ist 0; ein Anteil lässt sich nicht bilden."
        )
        self._beanstande(
            beide & (n.zahl > 0) & (z.zahl > n.zahl), Rolle.ZAEHLER, "Der Zähler ist größer als der Nenner."
        )
        symbol = anteil & ~z.hat_zahl & (z.zustand != FEHLT)
        nenner_symbol = anteil & z.hat_zahl & ~n.hat_zahl & (n.zustand != FEHLT)
        aus_wert = ~beide & ~symbol & (w.zustand != FEHLT)
        aus_zaehler = ~anteil & ~aus_wert
        ohne_nenner = anteil & z.hat_zahl & (n.zustand == FEHLT) & ~aus_wert
        self._beanstande(
            ohne_nenner, Rolle.ZAEHLER, "Zum Zähler fehlt der Nenner; ein Anteil lässt sich nicht bilden."
        )
        wert = np.full(len(z.zahl), np.nan)
        np.divide(100.0 * z.zahl, n.zahl, out=wert, where=beide & (n.zahl > 0))
        wert = np.where(aus_wert, w.zahl, np.where(aus_zaehler, z.zahl, wert))
        zustand = np.select(
            [beide, aus_wert, nenner_symbol],
            [np.where(z.zahl == 0, NULL, VORHANDEN), w.zustand, n.zustand],
            z.zustand,
        ).astype(np.int8)
        zustand[~anteil & (wert == 0)] = NULL  # a count of 0 is exact, a rate of 0 may be rounded
        self._beanstande(self._zu_gross(w, aus_wert & anteil), Rolle.WERT, self.mehrdeutig)
        return z.zahl, n.zahl, wert, zustand, self._nachgestellt(z, w)

    mehrdeutig = "Diese Zahl ist als Anteil zu groß; bitte prüfen Sie das Dezimalzeichen."

    def mit_qualitaet(self, ergebnis: tuple[np.ndarray, ...], guete) -> None:
        """Put the quality column's marks into the result (in place); state signs there fill empty cells."""
        _, _, _, zustand, qualitaet = ergebnis
        if guete is not None:
            marke, zeichen, codes, gruende = guete
            unbekannt = np.array([bool(g) for g in gruende])[codes]
            self._beanstande(unbekannt, Rolle.QUALITAET, gruende, codes)
            widerspruch = (zeichen > NULL) & ((zustand == VORHANDEN) | (zustand == NULL))
            grund = "Das Zeichen sagt, dass es keinen Wert gibt; in der Zeile steht aber eine Zahl."
            self._beanstande(widerspruch & (zeichen != FEHLT), Rolle.QUALITAET, grund)
            fuellt = (zeichen != OHNE_ANGABE) & (zustand == FEHLT)
            zustand[fuellt] = zeichen[fuellt]
            ergebnis[2][fuellt & (zeichen == NULL)] = 0.0
            hat = marke != OHNE_ANGABE
            qualitaet[hat] = marke[hat]
        qualitaet[qualitaet == OHNE_ANGABE] = 0

    def melde(self, protokoll: Protokoll) -> None:
        for zeilen, stelle, gruende, codes in self.funde:
            platz = 0 if protokoll.voll else 1_000
            eintraege = [
                self.block.fehler(
                    i, stelle, self.gruppe.kopf, gruende if codes is None else gruende[codes[i]]
                )
                for i in zeilen[:platz].tolist()
            ]
            protokoll.melde(self.block.nummern[zeilen], eintraege)

    def _beanstande(
        self, maske: np.ndarray, rolle: Rolle, grund: str | list[str], codes: np.ndarray | None = None
    ) -> None:
        """Note an error; cells that are unreadable in themselves (with codes) also in rows without
        a usable key."""
        zeilen = np.flatnonzero(maske & (self.block.gut if codes is None else self.block.zaehlt))
        if len(zeilen):
            self.gut[zeilen] = False
            self.funde.append((zeilen, self.gruppe.spalten[rolle], grund, codes))

    @staticmethod
    def _zu_gross(w: _Spalte, maske: np.ndarray) -> np.ndarray:
        return maske & (w.zahl >= 1000)

    def _nachgestellt(self, z: _Spalte, w: _Spalte) -> np.ndarray:
        return np.where(w.qualitaet != OHNE_ANGABE, w.qualitaet, z.qualitaet)
