"""Opening: content decides, dangerous and broken files are refused with a German message."""

import io
import zipfile
import zlib
from datetime import date
from hashlib import sha256

import openpyxl
import pytest
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from sozialindex.einlesen.arbeitsmappe import MAX_ENTPACKT
from sozialindex.einlesen.datei import oeffne
from sozialindex.einlesen.einstellungen import Einstellungen
from sozialindex.einlesen.fehler import Dateifehler
from tests.sozialindex.einlesen.verzeichnisse import LIEFERUNGEN

KOPF = b"Jahr;Nr;Wert\r\n"


def xlsx(zeilen, blatt="Daten"):
    mappe = openpyxl.Workbook()
    mappe.active.title = blatt
    for zeile in zeilen:
        mappe.active.append(zeile)
    puffer = io.BytesIO()
    mappe.save(puffer)
    return puffer.getvalue()


def zip_mit(**eintraege):
    puffer = io.BytesIO()
    with zipfile.ZipFile(puffer, "w", zipfile.ZIP_DEFLATED) as archiv:
        for name, inhalt in eintraege.items():
            archiv.writestr(name.replace("__", "/"), inhalt)
    return puffer.getvalue()


def zeilen(inhalt, **angaben):
    return list(oeffne(inhalt, "x").zeilen(Einstellungen(**angaben)))


@pytest.mark.parametrize(
    ("inhalt", "meldung"),
    [
        (b"", r"^Die Datei ist leer \(0 Byte\)\.$"),
        (b"\r\n \r\n", r"^Die Datei enthält nur Leerzeilen\.$"),
        (b"%PDF-1.7 ...", r"ist ein PDF-Dokument"),
        (b"\xff\xd8\xff\xe0", r"ist ein Bild \(JPEG\)"),
        (b"RIFF\x00\x00\x00\x00WEBP", r"ist ein Bild, Ton oder Film"),
        (KOPF + b"2020;1\x000;5\r\n", r"^Zeile 2 enthält NUL-Zeichen"),
        (bytes(range(1, 32)) * 20, r"Binärdaten"),
        (b"\xff\xfea\x00b", r"UTF-16, ist aber beschädigt"),
        (b"PK\x03\x04kaputt", r"beschädigt oder keine lesbare Arbeitsmappe"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, r"beschädigt oder keine lesbare Arbeitsmappe"),
        (b";".join([b"a"] * 10_000), r"^Zeile 1 hat 10000 Spalten; gelesen werden höchstens 1000\."),
        (KOPF + b"2020;1;" + b"x" * 1_000_000, r"^Eine Zelle ist länger als 100000 Zeichen"),
        (KOPF + b'2020;1;"' + b"x;y\r\n" * 50_000, r"^Ab Zeile 2 ist eine Zelle länger als 100\.000 Zeichen"),
    ],
)
def test_verweigert_mit_meldung(inhalt, meldung):
    with pytest.raises(Dateifehler, match=meldung):
        list(oeffne(inhalt, "lieferung.xlsx").zeilen())


def test_groesse_ist_begrenzt_und_die_grenze_kann_entfallen(tmp_path):
    pfad = tmp_path / "gross.csv"
    pfad.write_bytes(KOPF + b"2020;101;5,5\r\n" * 1_600_000)
    with pytest.raises(Dateifehler, match=r"^Die Datei ist 21 MB groß; angenommen werden höchstens 20 MB\."):
        oeffne(pfad, "gross.csv")
    assert oeffne(pfad, "gross.csv", max_bytes=None).blaetter[0].zeilen == 1_600_001


def test_zip_bombe():
    with pytest.raises(Dateifehler, match="aus Sicherheitsgründen nicht geöffnet"):
        oeffne(zip_mit(xl__workbook="", xl__bombe=bytes(30_000_000)), "bombe.xlsx")


def test_zip_bombe_mit_gelogener_groesse():
    """The directory claims 1,000 bytes; only unpacking shows more."""
    inhalt = zip_mit(xl__workbook="", xl__bombe=bytes(5_000_000))
    gelogen = inhalt.replace((5_000_000).to_bytes(4, "little"), (1_000).to_bytes(4, "little"))
    assert gelogen != inhalt
    with pytest.raises(Dateifehler):
        oeffne(gelogen, "bombe.xlsx")
    assert MAX_ENTPACKT == 200 * 1024 * 1024


def test_archiv_ohne_arbeitsmappe():
    with pytest.raises(Dateifehler, match="ein Archiv, aber keine Arbeitsmappe"):
        oeffne(zip_mit(liesmich="Text"), "x.xlsx")


def test_ein_einzelner_zellbezug_am_rand_sprengt_den_speicher_nicht():
    inhalt = xlsx([["Jahr", "Nr"]])
    mappe = openpyxl.load_workbook(io.BytesIO(inhalt))
    mappe.active["XFD1048576"] = 1
    puffer = io.BytesIO()
    mappe.save(puffer)
    with pytest.raises(Dateifehler, match="Spalten; gelesen werden höchstens 1000"):
        oeffne(puffer.getvalue(), "rand.xlsx")


def test_verschluesselt():
    inhalt = bytearray(zip_mit(xl__workbook="x"))
    for marke in (b"PK\x03\x04", b"PK\x01\x02"):
        inhalt[inhalt.index(marke) + (6 if marke[2] == 3 else 8)] |= 1
    with pytest.raises(Dateifehler, match="mit einem Kennwort geschützt"):
        oeffne(bytes(inhalt), "x.xlsx")


def test_inhalt_entscheidet_nicht_die_endung():
    assert oeffne(KOPF + b"2020;1;5\r\n", "tabelle.xlsx").art == "text"
    assert oeffne(xlsx([["Jahr"], [2020]]), "tabelle.csv").art == "xlsx"


@pytest.mark.parametrize(
    ("kodierung", "erkannt"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("cp1252", "cp1252"),
        ("ascii", "utf-8"),
    ],
)
def test_kodierungen(kodierung, erkannt):
    text = "Jahr;Ort\r\n2020;Lirich-Süd\r\n" if kodierung != "ascii" else "Jahr;Ort\r\n2020;Lirich\r\n"
    quelle = oeffne(text.encode(kodierung), "x.csv")
    assert (quelle.kodierung, quelle.hinweise, quelle.blaetter[0].zeilen) == (erkannt, (), 2)
    assert list(quelle.zeilen()) == [(1, ["Jahr", "Ort"]), (2, text.split("\r\n")[1].split(";"))]


def test_gemischte_kodierung_nennt_die_zeile():
    inhalt = "Jahr;Ort\n2020;Süd\n2020;Öst\n".encode() + "2020;Nörd\n".encode("cp1252")
    quelle = oeffne(inhalt, "x.csv")
    assert quelle.kodierung == "utf-8"
    assert quelle.hinweise == (
        "Gemischte Zeichenkodierung, Zeile 4: nicht in UTF-8 geschrieben; sie wurde als Windows-1252 "
        "gelesen. Bitte prüfen Sie die Umlaute dort.",
    )
    assert list(quelle.zeilen())[1:] == [(2, ["2020", "Süd"]), (3, ["2020", "Öst"]), (4, ["2020", "Nörd"])]


def test_zeilennummern_bei_umbruch_in_der_zelle():
    inhalt = b'Jahr;"Quo-\nte";X\r\n\r\n2020;"a\r\nb";1\r\n2021;c;2\r\n'
    assert [n for n, _ in zeilen(inhalt)] == [1, 3, 4, 6]


@pytest.mark.parametrize("trenner", [";", ",", "\t", "|"])
def test_trennzeichen(trenner):
    inhalt = "".join(
        f"{trenner.join(z)}\n" for z in (["Jahr", "Nr", "Wert"], ["2020", "101", "5"], ["2021", "102", "6"])
    )
    assert oeffne(inhalt.encode(), "x").trennzeichen == trenner


def test_dezimalkomma_ist_kein_trennzeichen():
    inhalt = b"Nr;A;B\n101;36,3;1,5\n102;24,1;2,5\n"
    quelle = oeffne(inhalt, "x")
    assert (quelle.trennzeichen, quelle.dezimalzeichen) == (";", ",")


def test_fingerabdruck_und_groesse(tmp_path):
    pfad = LIEFERUNGEN / "01_lang_utf8.csv"
    inhalt = pfad.read_bytes()
    for quelle in (oeffne(pfad, pfad.name), oeffne(inhalt, pfad.name)):
        assert (quelle.sha256, quelle.groesse) == (sha256(inhalt).hexdigest(), len(inhalt))


def test_xlsx_zellen_behalten_zeile_und_art():
    inhalt = xlsx([[], [None, "Nr", "Stand"], [None, 101, date(2020, 12, 31)], [None, 1.5, "x"]])
    assert zeilen(inhalt) == [
        (1, [None, None, None]),
        (2, [None, "Nr", "Stand"]),
        (3, [None, 101, date(2020, 12, 31)]),
        (4, [None, 1.5, "x"]),
    ]


def test_unbekanntes_blatt():
    with pytest.raises(Dateifehler, match=r"^Das Tabellenblatt „Foo“ gibt es in der Datei nicht"):
        zeilen(xlsx([["Jahr"], [2020]]), blatt="Foo")


def test_ods():
    dokument, tabelle = OpenDocumentSpreadsheet(), Table(name="Werte")
    for zeile in (["Nr", "Quote"], [101, 12.5]):
        reihe = TableRow()
        for zelle in zeile:
            art = (
                {"valuetype": "string"} if isinstance(zelle, str) else {"valuetype": "float", "value": zelle}
            )
            feld = TableCell(**art)
            feld.addElement(P(text=str(zelle)))
            reihe.addElement(feld)
        tabelle.addElement(reihe)
    dokument.spreadsheet.addElement(tabelle)
    puffer = io.BytesIO()
    dokument.write(puffer)
    quelle = oeffne(puffer.getvalue(), "x.ods")
    assert (quelle.art, list(quelle.zeilen())) == ("ods", [(1, ["Nr", "Quote"]), (2, [101, 12.5])])


def test_gelogene_groesse_mit_passender_pruefsumme():
    """Size and CRC fit the first 1,000 bytes, so that a reader which trusts the header notices nothing."""
    inhalt = zip_mit(xl__workbook="", xl__bombe=bytes(50_000_000))
    gelogen = inhalt.replace((50_000_000).to_bytes(4, "little"), (1_000).to_bytes(4, "little"))
    echte, falsche = zlib.crc32(bytes(50_000_000)), zlib.crc32(bytes(1_000))
    gelogen = gelogen.replace(echte.to_bytes(4, "little"), falsche.to_bytes(4, "little"))
    with zipfile.ZipFile(io.BytesIO(gelogen)) as archiv:
        assert len(archiv.read("xl/bombe")) == 1_000
    with pytest.raises(Dateifehler, match="aus Sicherheitsgründen nicht geöffnet"):
        oeffne(gelogen, "bombe.xlsx")


def test_formatierte_leere_zellen_am_rand_stoeren_nicht():
    mappe = openpyxl.Workbook()
    mappe.active.append(["Nr", "Wert"])
    mappe.active["XFD1"].number_format = "0.00"
    puffer = io.BytesIO()
    mappe.save(puffer)
    assert list(oeffne(puffer.getvalue(), "x.xlsx").zeilen()) == [(1, ["Nr", "Wert"])]
