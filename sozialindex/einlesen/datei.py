"""Opening a delivery: what kind of file it is, by content and not by name, and its rows as a stream."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from sozialindex.einlesen.arbeitsmappe import (
    MAX_SPALTEN,
    OLE,
    Zelle,
    blattgroessen,
    oeffne_mappe,
    pruefe_zip,
    zeilen_des_blattes,
)
from sozialindex.einlesen.fehler import Dateifehler
from sozialindex.einlesen.kodierung import ERSATZ, fingerabdruck, untersuche_text, verweigere_binaer

if TYPE_CHECKING:
    from sozialindex.einlesen.einstellungen import Einstellungen

MAX_BYTES = 20 * 1024 * 1024
MAX_ZELLENLAENGE = 100_000
PROBEZEILEN = 200
TRENNZEICHEN = (";", "\t", "|", ",")

_DEZIMALKOMMA = re.compile(r"\s*[-−–]?(?:\d{1,3}(?:\.\d{3})+|\d+),(?:\d{1,2}|\d{4,})\s*%?(?:\s*[a-z])?\s*")
_DEZIMALPUNKT = re.compile(r"\s*[-−–]?(?:\d{1,3}(?:,\d{3})+|\d+)\.(?:\d{1,2}|\d{4,})\s*%?(?:\s*[a-z])?\s*")
_NULLKOMMA = re.compile(r"\s*[-−–]?0[,.]\d+\s*")


@dataclass(frozen=True, slots=True)
class Blatt:
    """One sheet; a text file has exactly one without a name, its rows are physical lines."""

    name: str
    zeilen: int
    spalten: int = 0


@dataclass(frozen=True)
class Quelle:
    """An opened and checked delivery.

    Attributes
    ----------
    art : {"text", "xlsx", "ods", "xls"}
    kodierung, trennzeichen, dezimalzeichen : str
        Guesses for text files; empty where they do not apply or nothing speaks for either.
    blaetter : tuple of Blatt
    sha256 : str
    groesse : int
        Bytes.
    hinweise : tuple of str
        Remarks about the file as a whole, German.
    """

    dateiname: str
    art: str
    sha256: str
    groesse: int
    kodierung: str = ""
    trennzeichen: str = ""
    dezimalzeichen: str = ""
    blaetter: tuple[Blatt, ...] = ()
    hinweise: tuple[str, ...] = ()
    inhalt: bytes | Path = field(default=b"", repr=False)

    def zeilen(self, einstellungen: "Einstellungen | None" = None) -> Iterator[tuple[int, list[Zelle]]]:
        """Stream the rows with their true line number.

        Parameters
        ----------
        einstellungen : Einstellungen, optional
            Sheet, encoding and delimiter; without them the guesses are used.

        Yields
        ------
        (int, list)
            1-based number of the line where the row starts, and its cells: only str for text, str,
            int, float,
            date or None for spreadsheets. Empty lines are empty lists.

        Raises
        ------
        Dateifehler
            While reading: too many columns, a cell too long, unreadable sheet.
        """
        if self.art != "text":
            return self._mappenzeilen(einstellungen.blatt if einstellungen else "")
        kodierung = einstellungen.kodierung if einstellungen and einstellungen.kodierung else self.kodierung
        trenner = (
            einstellungen.trennzeichen if einstellungen and einstellungen.trennzeichen else self.trennzeichen
        )
        return self._textzeilen(kodierung, trenner or ";")

    def _mappenzeilen(self, blatt: str) -> Iterator[tuple[int, list[Zelle]]]:
        namen = [b.name for b in self.blaetter]
        if blatt and blatt not in namen:
            raise Dateifehler(
                f"Das Tabellenblatt „{blatt}“ gibt es in der Datei nicht (vorhanden: {', '.join(namen)})."
            )
        gewaehlt = blatt or max(self.blaetter, key=lambda b: b.zeilen).name
        with _strom(self.inhalt) as strom:
            for nummer, zellen in zeilen_des_blattes(oeffne_mappe(strom), gewaehlt):
                _pruefe_zellen(nummer, zellen)
                yield nummer, zellen

    def _textzeilen(self, kodierung: str, trenner: str) -> Iterator[tuple[int, list[str]]]:
        with _strom(self.inhalt) as strom, _text(strom, kodierung) as text:
            yield from _csv_zeilen(text, trenner)


def oeffne(inhalt: bytes | Path, dateiname: str, *, max_bytes: int | None = MAX_BYTES) -> Quelle:
    """Open a delivery and check that it is a table that can be read safely.

    Parameters
    ----------
    inhalt : bytes or Path
        A path is streamed, never read as a whole (text files).
    dateiname : str
        Only for messages and as a hint; the content decides what the file is.
    max_bytes : int or None
        Size limit; None lifts it (command line).

    Raises
    ------
    Dateifehler
        Empty, too large, not a table, damaged, encrypted, zip bomb, NUL bytes.
    """
    with _strom(inhalt) as strom:
        groesse = strom.seek(0, io.SEEK_END)
        _pruefe_groesse(groesse, max_bytes)
        strom.seek(0)
        sha256 = fingerabdruck(strom)
        strom.seek(0)
        anfang = strom.read(16)
        verweigere_binaer(anfang, dateiname)
        strom.seek(0)
        grund = {"dateiname": dateiname, "sha256": sha256, "groesse": groesse, "inhalt": inhalt}
        if anfang.startswith((b"PK", OLE)):
            return _oeffne_mappe(strom, "xls" if anfang.startswith(OLE) else pruefe_zip(strom), grund)
        return _oeffne_text(strom, grund)


def _oeffne_mappe(strom: BinaryIO, art: str, grund: dict) -> Quelle:
    strom.seek(0)
    blaetter = tuple(Blatt(*groesse) for groesse in blattgroessen(oeffne_mappe(strom)))
    if not any(b.zeilen for b in blaetter):
        raise Dateifehler("Die Arbeitsmappe enthält kein Tabellenblatt mit Daten.")
    breit = next((b for b in blaetter if b.spalten > MAX_SPALTEN), None)
    if breit:
        raise Dateifehler(_zu_breit(breit.spalten))
    return Quelle(art=art, blaetter=blaetter, **grund)


def _oeffne_text(strom: BinaryIO, grund: dict) -> Quelle:
    befund = untersuche_text(strom, grund["dateiname"])
    proben = _probe(grund["inhalt"], befund.kodierung)
    if not proben.strip():
        raise Dateifehler("Die Datei enthält nur Leerzeilen.")
    trenner = rate_trennzeichen(proben)
    quelle = Quelle(
        art="text",
        kodierung=befund.kodierung,
        trennzeichen=trenner,
        dezimalzeichen=rate_dezimalzeichen(
            zelle for _, zeile in _csv_probe(proben, trenner) for zelle in zeile
        ),
        blaetter=(Blatt("", befund.zeilen),),
        hinweise=tuple(befund.hinweise),
        **grund,
    )
    for _ in islice(quelle.zeilen(), PROBEZEILEN):  # too wide or too long: say so now, not later
        pass
    return quelle


def rate_trennzeichen(probe: str) -> str:
    """Return the delimiter that cuts most sample rows into equally many cells; decimal commas come last."""
    bestes, guete = ";", 0.0
    for zeichen in TRENNZEICHEN:
        breiten = [len(zeile) for _, zeile in _csv_probe(probe, zeichen) if zeile]
        haeufigste = max(set(breiten), key=lambda b: (breiten.count(b), b), default=0)
        anteil = breiten.count(haeufigste) / len(breiten) if haeufigste > 1 else 0.0
        if anteil > guete + (0.3 if zeichen == "," and guete else 0.0):
            bestes, guete = zeichen, anteil
    return bestes


def rate_dezimalzeichen(zellen: Iterable[Zelle]) -> str:
    """Return "," or "." by the figures that can be read in one way only; empty when nothing decides."""
    texte = {z for z in zellen if isinstance(z, str) and z}
    kommas = sum(1 for t in texte if _DEZIMALKOMMA.fullmatch(t) or (_NULLKOMMA.fullmatch(t) and "," in t))
    punkte = sum(1 for t in texte if _DEZIMALPUNKT.fullmatch(t) or (_NULLKOMMA.fullmatch(t) and "." in t))
    if kommas == punkte:
        return ""
    return "," if kommas > punkte else "."


def _pruefe_groesse(groesse: int, grenze: int | None) -> None:
    if not groesse:
        raise Dateifehler("Die Datei ist leer (0 Byte).")
    if grenze is not None and groesse > grenze:
        raise Dateifehler(
            f"Die Datei ist {groesse / 1048576:.0f} MB groß; "
            f"angenommen werden höchstens {grenze / 1048576:.0f} MB. "
            "Bitte teilen Sie die Lieferung auf."
        )


def _strom(inhalt: bytes | Path) -> BinaryIO:
    try:
        return inhalt.open("rb") if isinstance(inhalt, Path) else io.BytesIO(inhalt)
    except OSError as fehler:
        raise Dateifehler(f"Die Datei lässt sich nicht öffnen: {fehler.strerror}.") from fehler


def _text(strom: BinaryIO, kodierung: str) -> io.TextIOWrapper:
    ersatz = ERSATZ if kodierung.startswith("utf-8") else "replace"
    try:
        return io.TextIOWrapper(strom, encoding=kodierung, errors=ersatz, newline="")
    except LookupError as fehler:
        raise Dateifehler(f"Die Zeichenkodierung „{kodierung}“ ist nicht bekannt.") from fehler


def _probe(inhalt: bytes | Path, kodierung: str) -> str:
    with _strom(inhalt) as strom, _text(strom, kodierung) as text:
        return "".join(zeile[: MAX_ZELLENLAENGE + 1] for zeile in islice(text, PROBEZEILEN))


def _csv_probe(probe: str, trenner: str) -> list[tuple[int, list[str]]]:
    """Parse the sample without limits; what the delimiter makes unreadable counts as no row."""
    try:
        return list(enumerate(csv.reader(io.StringIO(probe, newline=""), delimiter=trenner)))
    except csv.Error:
        return []


def _csv_zeilen(text: Iterable[str], trenner: str) -> Iterator[tuple[int, list[str]]]:
    leser = csv.reader(_begrenzt(text), delimiter=trenner)
    beginn = 1
    try:
        for zellen in leser:
            if len(zellen) > MAX_SPALTEN:
                raise Dateifehler(_zu_breit(len(zellen), beginn))
            yield beginn, zellen
            beginn = leser.line_num + 1
    except csv.Error as fehler:
        raise Dateifehler(_zu_lang(beginn)) from fehler


def _begrenzt(text: Iterable[str]) -> Iterator[str]:
    """Pass lines on; a quoted cell that swallows the rest of the file ends here."""
    for zeile in text:
        if len(zeile) > MAX_ZELLENLAENGE:
            _pruefe_lange_zeile(zeile)
        yield zeile


def _pruefe_lange_zeile(zeile: str) -> None:
    laengste = max(map(len, re.split(r"[;\t|,\"]", zeile)))
    if laengste > MAX_ZELLENLAENGE:
        raise Dateifehler(
            f"Eine Zelle ist länger als {MAX_ZELLENLAENGE} Zeichen. Bitte prüfen Sie die Datei."
        )


def _pruefe_zellen(nummer: int, zellen: list[Zelle]) -> None:
    if len(zellen) > MAX_SPALTEN:
        raise Dateifehler(_zu_breit(len(zellen), nummer))
    if any(isinstance(z, str) and len(z) > MAX_ZELLENLAENGE for z in zellen):
        raise Dateifehler(_zu_lang(nummer))


def _zu_breit(anzahl: int, zeile: int | None = None) -> str:
    wo = f"Zeile {zeile}" if zeile else "Die Tabelle"
    satz = f"{wo} hat {anzahl} Spalten; gelesen werden höchstens {MAX_SPALTEN}."
    return f"{satz} Bitte prüfen Sie das Trennzeichen."


def _zu_lang(zeile: int) -> str:
    return (
        f"Ab Zeile {zeile} ist eine Zelle länger als 100.000 Zeichen. "
        "Meist fehlt ein schließendes Anführungszeichen; bitte prüfen Sie die Zeile."
    )
