"""Spreadsheet files (XLSX, ODS, XLS): checked before a reader touches them, because headers can lie."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import BinaryIO, TypeVar

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from sozialindex.einlesen.fehler import Dateifehler

MAX_ENTPACKT = 200 * 1024 * 1024
MAX_VERHAELTNIS = 100
VERHAELTNIS_AB = 1024 * 1024  # tiny files of repeated styles may compress that well
MAX_EINTRAEGE = 5_000
MAX_ZELLEN = 5_000_000
MAX_SPALTEN = 1_000
BLOCK = 1 << 18
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

Ergebnis = TypeVar("Ergebnis")
Zelle = str | float | int | date | None

_BEZUG = re.compile(
    rb"\br\s*=\s*[\"']([A-Z]{1,3})([0-9]{1,7})[\"']"
    rb"(?!(?:\s+[\w:]+=\"[^\"<>]*\")*\s*/>)"  # not the formatted but empty cells
)
_ODS = re.compile(rb"<table:(table-row|table-cell|table)\b([^>]*)>")
_ZEILEN = re.compile(rb"number-rows-repeated\s*=\s*[\"'](\d+)")
_SPALTEN = re.compile(rb"number-columns-repeated\s*=\s*[\"'](\d+)")
_DEFEKT = (
    "Die Datei ist beschädigt oder keine lesbare Arbeitsmappe. Bitte speichern Sie sie neu als XLSX oder CSV."
)
_BOMBE = "Die Datei ist gepackt viel kleiner als entpackt und wird aus Sicherheitsgründen nicht geöffnet."
_VERSCHLUESSELT = "Die Datei ist mit einem Kennwort geschützt. Bitte speichern Sie sie ohne Kennwort."
_ZIP_FEHLER = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    struct.error,
    ValueError,
)


def pruefe_zip(strom: BinaryIO) -> str:
    """Check a ZIP-based workbook by unpacking it once with a limit.

    Returns
    -------
    str
        "xlsx" or "ods".

    Raises
    ------
    Dateifehler
        Zip bomb, encrypted, damaged, more cells or columns than the limits, or an archive that is
        no workbook.
    """
    try:
        with zipfile.ZipFile(strom) as archiv:
            return _pruefe_archiv(archiv)
    except Dateifehler:
        raise
    except (RuntimeError, *_ZIP_FEHLER) as fehler:
        raise Dateifehler(_DEFEKT) from fehler


def oeffne_mappe(strom: BinaryIO) -> CalamineWorkbook:
    """Open a checked workbook; every failure of the reader becomes a Dateifehler."""
    return _abgefangen(lambda: CalamineWorkbook.from_filelike(strom))


def zeilen_des_blattes(mappe: CalamineWorkbook, blatt: str) -> Iterator[tuple[int, list[Zelle]]]:
    """Yield (1-based row number, cells) of one sheet; leading empty rows and columns keep their place."""
    tabelle = _abgefangen(lambda: mappe.get_sheet_by_name(blatt))
    inhalt = _abgefangen(lambda: _inhalt(tabelle))
    for nummer, zeile in enumerate(inhalt, start=1):
        yield nummer, [zelle_vereinfacht(zelle) for zelle in zeile]


def blattgroessen(mappe: CalamineWorkbook) -> list[tuple[str, int, int]]:
    """Return (name, rows, columns) of every worksheet; a chart sheet or unreadable sheet has 0 rows."""
    groessen = []
    for name in mappe.sheet_names:
        try:
            tabelle = _abgefangen(lambda name=name: mappe.get_sheet_by_name(name))
        except Dateifehler:
            groessen.append((name, 0, 0))
            continue
        ende = tabelle.end
        groessen.append((name, ende[0] + 1 if ende else 0, ende[1] + 1 if ende else 0))
    return groessen


def zelle_vereinfacht(zelle: object) -> Zelle:
    """Reduce a cell to text, number, date or None; whole floats become int, so that 101.0 reads "101"."""
    if isinstance(zelle, str):
        return zelle.replace("\x00", "") or None
    if isinstance(zelle, bool):
        return "WAHR" if zelle else "FALSCH"
    if isinstance(zelle, int):
        return zelle
    if isinstance(zelle, float):
        return _zahl(zelle)
    if isinstance(zelle, datetime):
        return zelle.date()
    return zelle if isinstance(zelle, date) or zelle is None else str(zelle)


def _zahl(zelle: float) -> Zelle:
    if zelle != zelle or zelle in (float("inf"), float("-inf")):
        return str(zelle)
    return int(zelle) if zelle.is_integer() and abs(zelle) < 1e15 else zelle


def _inhalt(tabelle: CalamineSheet) -> list[list[object]]:
    return tabelle.to_python(skip_empty_area=False) if tabelle.end else []


def _pruefe_archiv(archiv: zipfile.ZipFile) -> str:
    eintraege = archiv.infolist()
    if len(eintraege) > MAX_EINTRAEGE:
        raise Dateifehler(_BOMBE)
    if any(e.flag_bits & 1 for e in eintraege):
        raise Dateifehler(_VERSCHLUESSELT)
    if any(e.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for e in eintraege):
        raise Dateifehler(_DEFEKT)
    gepackt = sum(e.compress_size for e in eintraege)
    _pruefe_menge(sum(e.file_size for e in eintraege), gepackt)
    art = _art({e.filename for e in eintraege})
    if art == "ods" and b"encryption-data" in archiv.read("META-INF/manifest.xml")[:BLOCK]:
        raise Dateifehler(_VERSCHLUESSELT)
    _entpacke_zur_probe(archiv, eintraege, gepackt)
    return art


def _art(namen: set[str]) -> str:
    if "content.xml" in namen and "META-INF/manifest.xml" in namen:
        return "ods"
    if "xl/workbook.bin" in namen:
        raise Dateifehler("Das Format XLSB wird nicht gelesen. Bitte speichern Sie die Mappe als XLSX.")
    if any(n.startswith("xl/") for n in namen):
        return "xlsx"
    raise Dateifehler(
        "Die Datei ist ein Archiv, aber keine Arbeitsmappe. Bitte laden Sie die Tabelle selbst hoch."
    )


def _pruefe_menge(entpackt: int, gepackt: int) -> None:
    zu_dicht = entpackt > VERHAELTNIS_AB and entpackt > MAX_VERHAELTNIS * max(gepackt, 1)
    if entpackt > MAX_ENTPACKT or zu_dicht:
        raise Dateifehler(_BOMBE)


def _entpacke_zur_probe(archiv: zipfile.ZipFile, eintraege: list[zipfile.ZipInfo], gepackt: int) -> None:
    entpackt = 0
    for eintrag in eintraege:
        pruefer = _pruefer(eintrag.filename)
        davor = entpackt
        for block in _entpackt(archiv.fp, eintrag):
            entpackt += len(block)
            _pruefe_menge(entpackt, gepackt)
            if pruefer:
                pruefer(block)
        if entpackt - davor != eintrag.file_size:
            raise Dateifehler(_DEFEKT)


def _entpackt(strom: BinaryIO, eintrag: zipfile.ZipInfo) -> Iterator[bytes]:
    """Unpack one entry by its packed bytes; zipfile itself would stop at the size the header claims."""
    strom.seek(eintrag.header_offset + 26)
    strom.seek(sum(struct.unpack("<HH", strom.read(4))), io.SEEK_CUR)
    entpacker = zlib.decompressobj(-zlib.MAX_WBITS) if eintrag.compress_type == zipfile.ZIP_DEFLATED else None
    uebrig = eintrag.compress_size
    while uebrig > 0 and (stueck := strom.read(min(BLOCK, uebrig))):
        uebrig -= len(stueck)
        if entpacker is None:
            yield stueck
            continue
        while stueck and (block := entpacker.decompress(stueck, BLOCK)):
            yield block
            stueck = entpacker.unconsumed_tail


def _pruefer(name: str) -> Callable[[bytes], None] | None:
    if name == "content.xml":
        return _OdsUmfang().nimm
    return _XlsxUmfang().nimm if name.endswith(".xml") else None


class _XlsxUmfang:
    """Largest cell reference of one sheet: readers allocate the whole rectangle up to it."""

    def __init__(self) -> None:
        self.zeile = self.spalte = 0
        self.rest = b""

    def nimm(self, block: bytes) -> None:
        puffer = self.rest + block
        schnitt = puffer.rfind(b"<")
        for buchstaben, ziffern in set(_BEZUG.findall(puffer[:schnitt])):
            self.zeile = max(self.zeile, int(ziffern))
            self.spalte = max(self.spalte, _spaltennummer(buchstaben))
        self.rest = _rest(puffer, schnitt)
        _pruefe_umfang(self.zeile, self.spalte)


class _OdsUmfang:
    """Filled cells of an ODS content stream with their repetitions multiplied out."""

    def __init__(self) -> None:
        self.zellen = self.faktor = self.spalte = 0
        self.rest = b""

    def nimm(self, block: bytes) -> None:
        puffer = self.rest + block
        schnitt = puffer.rfind(b"<")
        for art, attribute in _ODS.findall(puffer[:schnitt]):
            self._element(art, attribute)
        self.rest = _rest(puffer, schnitt)

    def _element(self, art: bytes, attribute: bytes) -> None:
        if art == b"table-row":
            self.faktor, self.spalte = _wiederholt(_ZEILEN, attribute), 0
        elif art == b"table-cell":
            anzahl = _wiederholt(_SPALTEN, attribute)
            self.spalte += anzahl
            if b"value-type" in attribute or not attribute.endswith(b"/"):
                self.zellen += anzahl * self.faktor
                _pruefe_umfang(self.zellen, 1)
                _pruefe_umfang(1, self.spalte)


def _rest(puffer: bytes, schnitt: int) -> bytes:
    """Return the last, perhaps unfinished element; one that does not end is no workbook."""
    if len(puffer) - schnitt > 4 * BLOCK:
        raise Dateifehler(_DEFEKT)
    return puffer[max(schnitt, 0) :]


def _wiederholt(muster: re.Pattern[bytes], attribute: bytes) -> int:
    treffer = muster.search(attribute)
    return int(treffer[1][:9]) if treffer else 1


def _pruefe_umfang(zeilen: int, spalten: int) -> None:
    if spalten > MAX_SPALTEN:
        raise Dateifehler(f"Die Tabelle hat {spalten} Spalten; gelesen werden höchstens {MAX_SPALTEN}.")
    if zeilen * spalten > MAX_ZELLEN:
        raise Dateifehler(
            "Das Tabellenblatt ist zu groß (mehr als 5 Millionen Zellen). Bitte liefern Sie die "
            "Daten als CSV."
        )


def _spaltennummer(buchstaben: bytes) -> int:
    nummer = 0
    for zeichen in buchstaben:
        nummer = nummer * 26 + zeichen - 64
    return nummer


def _abgefangen(aufruf: Callable[[], Ergebnis]) -> Ergebnis:
    """Call the reader; a panic of its Rust core arrives as a BaseException without an importable class."""
    try:
        return aufruf()
    except PasswordError as fehler:
        raise Dateifehler(_VERSCHLUESSELT) from fehler
    except (CalamineError, ValueError, TypeError, OverflowError, OSError, KeyError) as fehler:
        raise Dateifehler(_DEFEKT) from fehler
    except BaseException as fehler:
        if type(fehler).__name__ != "PanicException":
            raise
        raise Dateifehler(_DEFEKT) from fehler
