import csv
import io
import json

from sozialindex.einlesen.bericht import als_csv, als_dict
from sozialindex.einlesen.datei import oeffne
from sozialindex.einlesen.erkennen import erkenne
from sozialindex.einlesen.lesen import lies
from sozialindex.einlesen.plausibilitaet import pruefe
from tests.sozialindex.einlesen.verzeichnisse import LIEFERUNGEN, verzeichnis


def bericht(name):
    ort = verzeichnis()
    quelle = oeffne(LIEFERUNGEN / name, name)
    ergebnis = lies(quelle, erkenne(quelle, ort), ort)
    return als_dict(ergebnis, pruefe(ergebnis.werte, ort, ergebnis.werte.iloc[:0]))


def test_zahlen_des_berichts():
    inhalt = json.loads(json.dumps(bericht("07_fehlerhaft.csv"), allow_nan=False))
    zahlen = {
        k: inhalt[k]
        for k in ("werte", "zeilen_gelesen", "fehler_anzahl", "fehlerzeilen", "ausgelassen_anzahl")
    }
    assert zahlen == {
        "werte": 18,
        "zeilen_gelesen": 30,
        "fehler_anzahl": 11,
        "fehlerzeilen": 11,
        "ausgelassen_anzahl": 1,
    }
    assert inhalt["zustaende"] == {"v": 18}
    assert inhalt["plausibilitaet"][0]["art"] == "fehlende_quartiere"


def test_csv_oeffnet_in_excel_und_enthaelt_keine_formel():
    text = als_csv(bericht("10_formeln.csv"))
    assert text.startswith("\ufeffArt;Zeile;Spalte;Text;Grund\r\n")
    zeilen = list(csv.reader(io.StringIO(text[1:], newline=""), delimiter=";"))
    assert [z[:4] for z in zeilen[1:5]] == [
        ["Fehler", "2", "Quartier", '\'=HYPERLINK("http://127.0.0.1/x";"Innenstadt")'],
        ["Fehler", "3", "Quartier", "'@SUMME(A1:A9)"],
        ["Fehler", "3", "Zähler", "'=1+1"],
        ["Fehler", "4", "Quartier", "'+49208"],
    ]
    assert not [z for zeile in zeilen for z in zeile if z.startswith(("=", "+", "-", "@"))]
