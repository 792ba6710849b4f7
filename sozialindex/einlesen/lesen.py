"""Reading a file to values: in chunks, column by column, every distinct cell understood once."""

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from itertools import chain, islice

import numpy as np

from sozialindex.einlesen.arbeitsmappe import Zelle
from sozialindex.einlesen.bloecke import Block, Gruppenleser
from sozialindex.einlesen.datei import Quelle
from sozialindex.einlesen.doppelte import Nachlese, loese_doppelte
from sozialindex.einlesen.einstellungen import Einstellungen, Rolle
from sozialindex.einlesen.ergebnis import Leseergebnis, Protokoll, Zeilenfehler, kurz
from sozialindex.einlesen.erkennen import lies_kopf
from sozialindex.einlesen.fehler import Einstellungsfehler
from sozialindex.einlesen.kopf import kopftext
from sozialindex.einlesen.tabelle import Sammler
from sozialindex.einlesen.verzeichnis import Verzeichnis
from sozialindex.einlesen.zellen import EPOCHE, FALSCH, Deuter, faktorisiere

ZELLEN_JE_BLOCK = 150_000
_FUSSZEILE = re.compile(
    r"\s*(?:\(?\d{1,2}\)\s|[*¹²³]|©|(?:quelle|zeichen|zeichenerklärung|hinweise?|anmerkung(?:en)?|stand|legende|"
    r"erläuterung(?:en)?|fußnoten?|datenquelle|copyright|abweichungen|rundungs)\b)",
    re.IGNORECASE,
)
_ZIFFER = re.compile(r"\d")
Zeile = tuple[int, list[Zelle]]


def lies(quelle: Quelle, einstellungen: Einstellungen, verzeichnis: Verzeichnis) -> Leseergebnis:
    """Read a whole file under complete settings.

    Parameters
    ----------
    quelle : Quelle
    einstellungen : Einstellungen
        Complete: `einstellungen.fehlend` is empty.
    verzeichnis : Verzeichnis

    Returns
    -------
    Leseergebnis
        A row or cell with an error contributes no value; see there for units and missing values.

    Raises
    ------
    Einstellungsfehler
        Settings incomplete, or an indicator of the settings does not exist.
    Dateifehler
        The file cannot be read to its end, or has no data rows.
    """
    if einstellungen.fehlend:
        raise Einstellungsfehler("Es fehlen noch Angaben: " + " ".join(einstellungen.fehlend))
    with _ohne_muellsuche():
        return _Leser(quelle, einstellungen, verzeichnis).lies()


@contextmanager
def _ohne_muellsuche() -> Iterator[None]:
    """Pause the cyclic garbage collector: rows form no cycles, and searching them takes half the time."""
    lief = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if lief:
            gc.enable()


class _Leser:
    """State of one pass over one file."""

    def __init__(self, quelle: Quelle, einstellungen: Einstellungen, verzeichnis: Verzeichnis) -> None:
        self.quelle, self.einstellungen, self.verzeichnis = quelle, einstellungen, verzeichnis
        self.kopf = lies_kopf(quelle, einstellungen)
        self.breite = len(einstellungen.spalten)
        self.protokoll = Protokoll()
        self.deuter = Deuter(einstellungen, verzeichnis)
        self.sammler = Sammler(verzeichnis)
        self.zeilen_gelesen = 0
        self.gruppen = [
            Gruppenleser(nummer, schluessel, spalten, self.deuter, self.kopf)
            for nummer, (schluessel, spalten) in enumerate(einstellungen.gruppen.items())
        ]
        self.feste_stelle = self._stelle(einstellungen.indikator) if einstellungen.indikator else FALSCH
        for gruppe in self.gruppen:
            gruppe.stelle = self._stelle(gruppe.indikator) if gruppe.indikator else FALSCH

    def lies(self) -> Leseergebnis:
        for zeilen in self._bloecke():
            self._lies_block(zeilen)
        if not self.zeilen_gelesen:
            raise Einstellungsfehler("Die Datei enthält unter der Kopfzeile keine Datenzeilen.")
        tabelle = loese_doppelte(self.sammler.tabelle(), self._nachlese())
        protokoll = self.protokoll
        protokoll.fehler.sort(key=lambda f: (f.zeile, f.spaltennummer))
        protokoll.ausgelassen.sort(key=lambda a: a.zeile)
        return Leseergebnis(
            werte=self.sammler.als_dataframe(tabelle),
            fehler=protokoll.fehler,
            ausgelassen=protokoll.ausgelassen,
            hinweise=[*self.quelle.hinweise, *self._hinweise(), *self.sammler.hinweise(tabelle)],
            zeilen_gelesen=self.zeilen_gelesen,
            fehler_anzahl=protokoll.fehler_anzahl,
            fehlerzeilen=protokoll.fehlerzeilen(),
            ausgelassen_anzahl=protokoll.ausgelassen_anzahl,
        )

    def _nachlese(self) -> Nachlese:
        return Nachlese(
            protokoll=self.protokoll,
            kopf=self.kopf,
            hauptspalten=[gruppe.hauptspalte for gruppe in self.gruppen],
            zeilen=partial(self.quelle.zeilen, self.einstellungen),
        )

    def _stelle(self, schluessel: str) -> int:
        stelle = self.deuter.indikatorstelle.get(schluessel)
        if stelle is None:
            raise Einstellungsfehler(f"Den Indikator „{schluessel}“ aus den Einstellungen gibt es nicht.")
        return stelle

    def _hinweise(self) -> list[str]:
        ungenutzt = [
            self.kopf[i]
            for i in range(len(self.kopf))
            if i >= self.breite or self.einstellungen.spalten[i].rolle == Rolle.IGNORIEREN
        ]
        doppelt = [name for name in self.kopf if name.endswith(")") and " (Spalte " in name]
        hinweise = [f"Nicht übernommene Spalten: {', '.join(ungenutzt[:20])}."] if ungenutzt else []
        if doppelt:
            hinweise.append(
                f"Gleiche Spaltennamen im Kopf: {', '.join(doppelt[:20])}. Bitte prüfen Sie die Zuordnung."
            )
        return hinweise

    def _bloecke(self) -> Iterator[list[Zeile]]:
        groesse = max(500, ZELLEN_JE_BLOCK // max(self.breite, 1))
        datenzeilen = self._datenzeilen()
        while block := list(islice(datenzeilen, groesse)):
            yield block

    def _datenzeilen(self) -> Iterator[Zeile]:
        zeilen = self.quelle.zeilen(self.einstellungen)
        for erste in zeilen:
            if erste[0] > self.einstellungen.kopf_bis:
                yield from self._bis_zum_ende(chain([erste], zeilen))
                return
            self._vermerke_titel(*erste)

    def _bis_zum_ende(self, zeilen: Iterator[Zeile]) -> Iterator[Zeile]:
        bis = self.einstellungen.daten_bis
        if bis is None:
            return zeilen
        return (z for z in zeilen if z[0] <= bis or self._vermerke_ende(*z))

    def _vermerke_ende(self, nummer: int, zellen: list[Zelle]) -> None:
        self.protokoll.lasse_aus(nummer, _zeilentext(zellen), "steht unter der letzten Datenzeile")

    def _vermerke_titel(self, nummer: int, zellen: list[Zelle]) -> None:
        text = _zeilentext(zellen)
        if nummer < self.einstellungen.kopf_von and text:
            self.protokoll.lasse_aus(nummer, text, "Titelzeile über der Kopfzeile")

    def _lies_block(self, zeilen: list[Zeile]) -> None:
        zeilen = self._ohne_leere(zeilen)
        if not zeilen:
            return
        block = self._grunddaten(zeilen)
        self.zeilen_gelesen += int(block.zaehlt.sum())
        for gruppe in self.gruppen:
            wertblock = gruppe.lies(block, self.protokoll)
            self.sammler.nimm(wertblock)

    def _ohne_leere(self, zeilen: list[Zeile]) -> list[Zeile]:
        """Drop empty rows and repeated heads; bring all rows to the width of the settings."""
        uebrig = []
        for nummer, zellen in zeilen:
            if not any(zellen) and not any(z is not None and z != "" for z in zellen):
                self.protokoll.lasse_aus(nummer, "", "leere Zeile")
            elif len(zellen) == self.breite:
                uebrig.append((nummer, zellen))
            elif angepasst := self._angepasst(nummer, zellen):
                uebrig.append((nummer, angepasst))
        return uebrig

    def _angepasst(self, nummer: int, zellen: list[Zelle]) -> list[Zelle]:
        if len(zellen) < self.breite:
            return zellen + [""] * (self.breite - len(zellen))
        if len(zellen) > len(self.kopf) and any(z not in (None, "") for z in zellen[len(self.kopf) :]):
            grund = f"Die Zeile hat {len(zellen)} Zellen, der Kopf nur {len(self.kopf)}."
            ueberzaehlig = kurz(zellen[len(self.kopf)])
            fehler = Zeilenfehler(
                nummer, f"Spalte {len(self.kopf) + 1}", len(self.kopf) + 1, ueberzaehlig, grund
            )
            self.protokoll.melde(np.array([nummer]), [fehler])
            self.zeilen_gelesen += 1
            return []
        return zellen[: self.breite]

    def _grunddaten(self, zeilen: list[Zeile]) -> Block:
        """Area, Stichtag and indicator of every row of a chunk, and which rows are to be read at all."""
        nummern = np.fromiter((n for n, _ in zeilen), np.int32, len(zeilen))
        spalten = list(zip(*(z for _, z in zeilen), strict=True))
        block = Block(nummern, spalten, np.ones(len(zeilen), dtype=bool))
        gruende: list[dict[int, tuple[int, str]]] = [
            self._gebiete(block),
            self._zeiten(block),
            self._indikatoren(block),
        ]
        betroffen = sorted(set().union(*gruende))
        if betroffen:
            self._melde_zeilen(block, betroffen, gruende)
        return block

    def _gebiete(self, block: Block) -> dict[int, tuple[int, str]]:
        stellen = [self.einstellungen.spalte(r) for r in (Rolle.GEBIET_NUMMER, Rolle.GEBIET_NAME)]
        (codes_a, werte_a), (codes_b, werte_b) = (
            (np.zeros(len(block.nummern), dtype=np.int64), [""])
            if s is None
            else faktorisiere(block.spalten[s])
            for s in stellen
        )
        paarcodes = codes_a.astype(np.int64) * len(werte_b) + codes_b
        einmalig, codes = np.unique(paarcodes, return_inverse=True)
        paare = [(werte_a[c // len(werte_b)], werte_b[c % len(werte_b)]) for c in einmalig.tolist()]
        gedeutet = self.deuter.gebiet_paare(paare)
        block.gebiet = np.array([g[0] for g in gedeutet], dtype=np.int32)[codes]
        schlecht = np.flatnonzero(block.gebiet == FALSCH).tolist()
        return {i: self._gebietsgrund(gedeutet[codes[i]], stellen) for i in schlecht}

    @staticmethod
    def _gebietsgrund(gedeutet: tuple[int, str, str], stellen: list[int | None]) -> tuple[int, str]:
        nummer, name = stellen
        spalte = name if gedeutet[2] == "name" or nummer is None else nummer
        return (nummer if spalte is None else spalte), gedeutet[1]

    def _zeiten(self, block: Block) -> dict[int, tuple[int, str]]:
        stelle = self.einstellungen.spalte(Rolle.JAHR)
        if stelle is None:
            fest = self.einstellungen.stichtag
            tage = date.fromisoformat(fest).toordinal() - EPOCHE if fest else 0
            block.stichtag = np.full(len(block.nummern), tage, dtype=np.int32)
            return {}
        codes, werte = faktorisiere(block.spalten[stelle])
        gedeutet = self.deuter.stichtage(werte)
        block.stichtag = np.array([g[0] for g in gedeutet], dtype=np.int32)[codes]
        return _schlechte(stelle, codes, gedeutet)

    def _indikatoren(self, block: Block) -> dict[int, tuple[int, str]]:
        stelle = self.einstellungen.spalte(Rolle.INDIKATOR)
        if stelle is None or all(g.indikator for g in self.gruppen):
            block.indikator = np.full(len(block.nummern), self.feste_stelle, dtype=np.int32)
            return {}
        codes, werte = faktorisiere(block.spalten[stelle])
        gedeutet = self.deuter.indikatorspalte(werte)
        block.indikator = np.array([g[0] for g in gedeutet], dtype=np.int32)[codes]
        return _schlechte(stelle, codes, gedeutet)

    def _melde_zeilen(
        self, block: Block, betroffen: list[int], gruende: list[dict[int, tuple[int, str]]]
    ) -> None:
        """Rows without a usable key: texts are left out, the others are errors with column and reason."""
        block.gut[betroffen] = False
        zeilen, eintraege = [], []
        for i in betroffen:
            if grund := self._ist_beiwerk(block, i):
                self.protokoll.lasse_aus(block.nummern[i], _zeilentext([s[i] for s in block.spalten]), grund)
                block.beiwerk.append(i)
                continue
            for stelle, meldung in (g[i] for g in gruende if i in g):
                zeilen.append(block.nummern[i])
                if len(eintraege) + len(self.protokoll.fehler) < 1_000:
                    eintraege.append(block.fehler(i, stelle, self.kopf, meldung))
        self.protokoll.melde(np.array(zeilen, dtype=np.int32), eintraege)

    def _ist_beiwerk(self, block: Block, i: int) -> str:
        """Return why a row is rightly no data row (footer, heading, repeated head), or nothing."""
        zellen = [s[i] for s in block.spalten]
        if all(kopftext(z) == name for z, name in zip(zellen, self.kopf, strict=False)):
            return "wiederholte Kopfzeile"
        if self._hat_werte(zellen):
            return ""
        gefuellt = [str(z).strip() for z in zellen if z is not None and str(z).strip()]
        if _FUSSZEILE.match(gefuellt[0] if gefuellt else ""):
            return "Fußzeile oder Erläuterung"
        return "Text ohne Werte" if len(gefuellt) <= 1 < self.breite else ""

    def _hat_werte(self, zellen: list[Zelle]) -> bool:
        return any(
            isinstance(zellen[i], int | float) or _ZIFFER.search(str(zellen[i] or ""))
            for gruppe in self.gruppen
            for rolle, i in gruppe.spalten.items()
            if rolle != Rolle.QUALITAET
        )


def _schlechte(stelle: int, codes: np.ndarray, gedeutet: list[tuple[int, str]]) -> dict[int, tuple[int, str]]:
    falsch = np.array([bool(g[1]) for g in gedeutet])
    if not falsch.any():
        return {}
    return {i: (stelle, gedeutet[codes[i]][1]) for i in np.flatnonzero(falsch[codes]).tolist()}


def _zeilentext(zellen: list[Zelle]) -> str:
    return " ".join(kopftext(z) for z in zellen if z is not None and str(z).strip())
