"""Text or not, and in which encoding: one pass over the bytes, without keeping them."""

import codecs
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import BinaryIO

from sozialindex.einlesen.fehler import Dateifehler

BLOCK = 1 << 20
GENANNTE_ZEILEN = 5
STEUERANTEIL = 0.01
KODIERUNGEN = ("utf-8", "utf-8-sig", "utf-16", "cp1252")

_MAGIE = (
    (b"\x89PNG", "ein Bild (PNG)"),
    (b"\xff\xd8\xff", "ein Bild (JPEG)"),
    (b"GIF8", "ein Bild (GIF)"),
    (b"BM", "ein Bild (BMP)"),
    (b"II*\x00", "ein Bild (TIFF)"),
    (b"MM\x00*", "ein Bild (TIFF)"),
    (b"%PDF", "ein PDF-Dokument"),
    (b"\x1f\x8b", "ein gepacktes Archiv (gzip)"),
    (b"7z\xbc\xaf", "ein gepacktes Archiv (7z)"),
    (b"Rar!", "ein gepacktes Archiv (RAR)"),
    (b"SQLite format 3", "eine Datenbankdatei"),
    (b"\x7fELF", "ein Programm"),
    (b"MZ\x90", "ein Programm"),
    (b"{\\rtf", "ein Textdokument (RTF)"),
)
_STEUERZEICHEN = bytes(b for b in range(32) if b not in b"\t\n\r\f") + b"\x7f"


@dataclass(slots=True)
class Befund:
    """What the bytes say: encoding, physical lines, and lines that fit another encoding."""

    kodierung: str
    zeilen: int
    hinweise: list[str] = field(default_factory=list)


def fingerabdruck(strom: BinaryIO) -> str:
    """Return the SHA-256 of a stream as hexadecimal digits."""
    return hashlib.file_digest(strom, "sha256").hexdigest()


def verweigere_binaer(anfang: bytes, dateiname: str) -> None:
    """Refuse pictures, PDF, archives and the like whatever their ending says.

    Raises
    ------
    Dateifehler
        Names what the file is instead.
    """
    for magie, name in _MAGIE:
        if anfang.startswith(magie):
            raise Dateifehler(
                f"{_ist(dateiname, name)} Bitte laden Sie eine CSV-, XLSX- oder ODS-Datei hoch."
            )
    if anfang[:4] == b"RIFF" or anfang[4:8] == b"ftyp":
        raise Dateifehler(f"{_ist(dateiname, 'ein Bild, Ton oder Film')} Bitte laden Sie eine Tabelle hoch.")


def untersuche_text(strom: BinaryIO, dateiname: str) -> Befund:
    """Decide the encoding of a text: byte order mark, UTF-8, else Windows-1252.

    In a file of mixed encodings the majority of the lines that are not plain ASCII decides; the
    others are named.

    Raises
    ------
    Dateifehler
        NUL bytes, control characters, broken UTF-16.
    """
    anfang = strom.read(4)
    strom.seek(0)
    if anfang.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _untersuche_utf16(strom)
    mit_bom = anfang.startswith(codecs.BOM_UTF8)
    utf8, andere, zeilen = _zaehle_zeilen(strom, dateiname)
    return _entscheide(utf8, andere, zeilen, mit_bom)


def _entscheide(utf8: "_Zaehler", andere: "_Zaehler", zeilen: int, mit_bom: bool) -> Befund:
    if mit_bom or utf8.anzahl >= andere.anzahl:
        kodierung = "utf-8-sig" if mit_bom else "utf-8"
        return Befund(
            kodierung, zeilen, _hinweis(andere, "nicht in UTF-8 geschrieben; sie wurde als Windows-1252")
        )
    return Befund(
        "cp1252", zeilen, _hinweis(utf8, "offenbar in UTF-8 geschrieben; sie wurde als Windows-1252")
    )


@dataclass(slots=True)
class _Zaehler:
    anzahl: int = 0
    zeilen: list[int] = field(default_factory=list)

    def merke(self, nummer: int) -> None:
        self.anzahl += 1
        if len(self.zeilen) < GENANNTE_ZEILEN:
            self.zeilen.append(nummer)


def _zaehle_zeilen(strom: Iterable[bytes], dateiname: str) -> tuple[_Zaehler, _Zaehler, int]:
    utf8, andere, nummer = _Zaehler(), _Zaehler(), 0
    steuer = laenge = 0
    for nummer, zeile in enumerate(strom, start=1):
        if b"\x00" in zeile:
            raise Dateifehler(
                f"Zeile {nummer} enthält NUL-Zeichen. Die Datei ist beschädigt oder keine Textdatei; "
                "bitte lassen Sie sie neu erzeugen."
            )
        if not zeile.isascii():
            (utf8 if _ist_utf8(zeile) else andere).merke(nummer)
        laenge += len(zeile)
        steuer += len(zeile) - len(zeile.translate(None, _STEUERZEICHEN))
    if steuer > STEUERANTEIL * laenge:
        raise Dateifehler(
            f"{_ist(dateiname, 'keine Tabelle, sondern Binärdaten')} Bitte prüfen Sie die Datei."
        )
    return utf8, andere, nummer


def _untersuche_utf16(strom: BinaryIO) -> Befund:
    leser = codecs.getincrementaldecoder("utf-16")("strict")
    zeilen, letztes = 0, "\n"
    try:
        while block := strom.read(BLOCK):
            text = leser.decode(block)
            if "\x00" in text:
                raise Dateifehler("Die Datei enthält NUL-Zeichen; bitte lassen Sie sie neu erzeugen.")
            zeilen += text.count("\n")
            letztes = text[-1:] or letztes
        leser.decode(b"", final=True)
    except UnicodeDecodeError as fehler:
        raise Dateifehler(
            "Die Datei beginnt wie UTF-16, ist aber beschädigt. Bitte speichern Sie sie neu."
        ) from fehler
    return Befund("utf-16", zeilen + (letztes != "\n"))


def _ist_utf8(zeile: bytes) -> bool:
    try:
        zeile.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _hinweis(zaehler: _Zaehler, was: str) -> list[str]:
    if not zaehler.anzahl:
        return []
    nummern = ", ".join(map(str, zaehler.zeilen))
    mehr = (
        f" und {zaehler.anzahl - len(zaehler.zeilen)} weitere" if zaehler.anzahl > len(zaehler.zeilen) else ""
    )
    wort = "Zeile" if zaehler.anzahl == 1 else "Zeilen"
    return [
        f"Gemischte Zeichenkodierung, {wort} {nummern}{mehr}: {was} gelesen. Bitte prüfen Sie die "
        f"Umlaute dort."
    ]


def _ist(dateiname: str, was: str) -> str:
    return f"„{dateiname}“ ist {was}."


def _ersatz_cp1252(fehler: UnicodeError) -> tuple[str, int]:
    """Read single bytes that are no UTF-8 as Windows-1252."""
    if not isinstance(fehler, UnicodeDecodeError):
        raise fehler
    stueck = fehler.object[fehler.start : fehler.end]
    return stueck.decode("cp1252", "replace"), fehler.end


ERSATZ = "einlesen-cp1252"
codecs.register_error(ERSATZ, _ersatz_cp1252)
