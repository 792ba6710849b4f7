"""Rules of reading, each on a table small enough to check by eye."""

import io
from dataclasses import replace
from datetime import date

import openpyxl
import pandas as pd
import pytest

from sozialindex.begriffe import Zustand
from sozialindex.einlesen.datei import oeffne
from sozialindex.einlesen.einstellungen import Einstellungen, Rolle, Spalte
from sozialindex.einlesen.erkennen import erkenne, erkenne_kopf
from sozialindex.einlesen.fehler import Einstellungsfehler
from sozialindex.einlesen.lesen import lies
from tests.sozialindex.einlesen.verzeichnisse import EINWOHNER, INDIKATOREN, verzeichnis

ORT = verzeichnis(indikatoren=(*INDIKATOREN, EINWOHNER))
LANG = "Jahr;Nr;Indikator;Zähler;Nenner\n"


def lies_text(text, **aenderungen):
    quelle = oeffne(text.encode(), "probe.csv")
    return lies(quelle, replace(erkenne(quelle, ORT), **aenderungen), ORT)


def gruende(ergebnis):
    return [(f.zeile, f.spalte, f.text, f.grund) for f in ergebnis.fehler]


def zustaende(ergebnis):
    return list(zip(ergebnis.werte["zustand"], ergebnis.werte["wert"].fillna(-1), strict=True))


def test_zaehler_null_ist_genau_null():
    ergebnis = lies_text(LANG + "2020;101;sgb2;0;50\n")
    assert zustaende(ergebnis) == [("0", 0.0)]


@pytest.mark.parametrize(
    ("zeichen", "zustand"), [("-", "0"), (".", "g"), ("...", "t"), ("/", "u"), ("x", "x"), ("", "n")]
)
def test_zeichen_im_zaehler_behaelt_den_nenner(zeichen, zustand):
    werte = lies_text(LANG + f"2020;101;sgb2;{zeichen};50\n").werte
    assert (werte["zustand"].tolist(), werte["nenner"].tolist()) == ([zustand], [50.0])
    assert werte["wert"].isna().tolist() == [zustand != "0"]


def test_geheimer_nenner_verbirgt_den_anteil():
    werte = lies_text(LANG + "2020;101;sgb2;7;.\n").werte
    assert (werte["zustand"].tolist(), werte["zaehler"].tolist()) == (["g"], [7.0])
    assert werte["wert"].isna().all()


def test_zaehler_ohne_nenner():
    ergebnis = lies_text(LANG + "2020;101;sgb2;7;\n")
    grund = "Zum Zähler fehlt der Nenner; ein Anteil lässt sich nicht bilden."
    assert gruende(ergebnis) == [(2, "Zähler", "7", grund)]


def test_anzahl_braucht_keinen_nenner():
    ergebnis = lies_text(LANG + "2020;101;einwohner;13016;\n2020;102;einwohner;0;\n")
    assert zustaende(ergebnis) == [("v", 13016.0), ("0", 0.0)]


def test_gelieferter_anteil_ueber_100_ist_kein_fehler():
    ergebnis = lies_text("Nr;SGB-II-Quote in % 2020\n101;140,5\n102;0,0\n")
    assert zustaende(ergebnis) == [("v", 140.5), ("v", 0.0)]  # 0,0 is rounded, "-" would be exact


@pytest.mark.parametrize(
    ("jahr", "grund"),
    [
        ("", "Das Jahr oder der Stichtag fehlt."),
        ("heuer", "„heuer“ ist weder ein Jahr noch ein Datum."),
        ("1949", "„1949“ liegt vor 1950."),
        ("2091", "„2091“ liegt in der Zukunft."),
        ("23.11.2026", "„23.11.2026“ liegt in der Zukunft."),
        ("31.02.2020", "„31.02.2020“ ist kein Datum, das es gibt."),
    ],
)
def test_falsches_jahr(jahr, grund):
    assert gruende(lies_text(LANG + f"{jahr};101;sgb2;5;50\n")) == [(2, "Jahr", jahr, grund)]


@pytest.mark.parametrize("jahr", ["2020", "31.12.2020", "2020-12-31", "12/2020", "2020-12", "Dezember 2020"])
def test_schreibweisen_eines_stichtags(jahr):
    assert lies_text(LANG + f"{jahr};101;sgb2;5;50\n").werte["stichtag"].tolist() == [
        pd.Timestamp(2020, 12, 31)
    ]


def test_mehrdeutige_zahl_ohne_hinweis_auf_das_dezimalzeichen():
    ergebnis = lies_text(LANG + "2020;101;sgb2;1.234;5000\n2020;102;sgb2;7;50\n")
    assert ergebnis.werte["zeile"].tolist() == [3]
    assert gruende(ergebnis)[0][:3] == (2, "Zähler", "1.234")
    assert gruende(ergebnis)[0][3].startswith("„1.234“ ist mehrdeutig")
    geklaert = lies_text(LANG + "2020;101;sgb2;1.234;5000\n", dezimalzeichen=",")
    assert geklaert.werte["zaehler"].tolist() == [1234.0]


def test_tausenderpunkt_in_einem_anteil_faellt_auf():
    ergebnis = lies_text("Nr;SGB-II-Quote in % 2020\n101;12,5\n102;1.234\n")
    grund = "Diese Zahl ist als Anteil zu groß; bitte prüfen Sie das Dezimalzeichen."
    assert gruende(ergebnis) == [(3, "SGB-II-Quote in % 2020", "1.234", grund)]


def test_breit_betrifft_ein_fehler_nur_die_zelle():
    ergebnis = lies_text("Jahr;Nr;sgb2;kinderarmut;migration\n2020;101;abc;12,5;\n")
    assert ergebnis.werte[["definition", "zustand"]].to_numpy().tolist() == [[13, "v"], [11, "n"]]
    assert gruende(ergebnis) == [(2, "sgb2", "abc", "„abc“ ist keine Zahl.")]


def test_leere_zeilen_und_wiederholter_kopf_werden_ausgelassen():
    ergebnis = lies_text(LANG + "2020;101;sgb2;5;50\n;;;;\n" + LANG + "\n2020;102;sgb2;5;50\n")
    assert ergebnis.werte["zeile"].tolist() == [2, 6]
    assert [(a.zeile, a.grund) for a in ergebnis.ausgelassen] == [
        (3, "leere Zeile"),
        (4, "wiederholte Kopfzeile"),
        (5, "leere Zeile"),
    ]
    assert (ergebnis.fehler_anzahl, ergebnis.zeilen_gelesen) == (0, 2)


def test_zu_viele_zellen():
    ergebnis = lies_text(LANG + "2020;101;sgb2;5;50;77\n2020;102;sgb2;5;50;;\n")
    assert ergebnis.werte["zeile"].tolist() == [3]
    assert gruende(ergebnis) == [(2, "Spalte 6", "77", "Die Zeile hat 6 Zellen, der Kopf nur 5.")]


def test_doppelte_kopfnamen_bleiben_unterscheidbar():
    ergebnis = lies_text("Jahr;Nr;sgb2;sgb2\n2020;101;12,5;abc\n")
    assert ergebnis.werte["wert"].tolist() == [12.5]
    assert ergebnis.hinweise == [
        "Nicht übernommene Spalten: sgb2 (Spalte 4).",
        "Gleiche Spaltennamen im Kopf: sgb2 (Spalte 3), sgb2 (Spalte 4). Bitte prüfen Sie die Zuordnung.",
    ]


def test_drei_widerspruechliche_zeilen_nennen_einander():
    ergebnis = lies_text(LANG + "2020;101;sgb2;5;50\n2020;101;sgb2;5;50\n2020;101;sgb2;6;50\n")
    assert len(ergebnis.werte) == 0
    assert [(f.zeile, f.grund.split("steht in ")[1]) for f in ergebnis.fehler] == [
        (2, "Zeile 3, 4 etwas anderes."),
        (3, "Zeile 2, 4 etwas anderes."),
        (4, "Zeile 2, 3 etwas anderes."),
    ]


def test_qualitaetsspalte_widerspricht_der_zahl():
    ergebnis = lies_text(
        "Jahr;Nr;Indikator;Wert;wert_q\n2020;101;sgb2;12,5;x\n2020;102;sgb2;;.\n2020;103;sgb2;1,5;?\n"
    )
    assert zustaende(ergebnis) == [("g", -1.0)]
    assert [(f.zeile, f.spalte, f.text) for f in ergebnis.fehler] == [(2, "wert_q", "x"), (4, "wert_q", "?")]


def test_buchstabensymbole_des_profils():
    gebiete = zip((101, 102, 103, 104, 201), "gu0xt", strict=True)
    text = "Jahr;Nr;Indikator;Wert\n" + "".join(f"2020;{nr};sgb2;{zeichen}\n" for nr, zeichen in gebiete)
    symbole = {z: Zustand(z) for z in "0gutx"}
    assert [z for z, _ in zustaende(lies_text(text, symbole=symbole))] == ["g", "u", "0", "x", "t"]


def test_legende_der_datei_geht_vor():
    text = LANG + "2020;101;sgb2;.;50\n2020;102;sgb2;7;50\n\nZeichen: . = folgt später, / = geheim\n"
    assert [z for z, _ in zustaende(lies_text(text))] == ["t", "v"]


def test_gebiet_eines_anderen_standes():
    ergebnis = lies_text(LANG + "2020;777;sgb2;5;50\n2020;101;sgb2;5;50\n")
    assert ergebnis.fehler[0].grund.endswith("„Alt-Styrum“ gehört zum Gebietsstand 2010.")


def test_fehlerliste_ist_begrenzt_und_die_zahl_vollstaendig():
    ergebnis = lies_text(LANG + "2020;101;sgb2;5;50\n" + "2020;999;sgb2;5;50\n" * 2_500)
    assert (len(ergebnis.fehler), ergebnis.fehler_anzahl, ergebnis.fehlerzeilen) == (1_000, 2_500, 2_500)


def test_daten_bis_und_kopf_von_hand():
    text = "Titel;;;;\n" + LANG + "2020;101;sgb2;5;50\n2020;102;sgb2;5;50\n"
    quelle = oeffne(text.encode(), "x")
    von_hand = erkenne_kopf(quelle, replace(erkenne(quelle, ORT), kopf_von=2, kopf_bis=2, daten_bis=3), ORT)
    ergebnis = lies(quelle, von_hand, ORT)
    assert ergebnis.werte["zeile"].tolist() == [3]
    assert [(a.zeile, a.grund) for a in ergebnis.ausgelassen] == [
        (1, "Titelzeile über der Kopfzeile"),
        (4, "steht unter der letzten Datenzeile"),
    ]


def test_unbekannter_indikator_in_den_einstellungen():
    spalten = (Spalte(Rolle.GEBIET_NUMMER), Spalte(Rolle.WERT, "gibtsnicht", "2020-12-31"))
    quelle = oeffne(b"Nr;Wert\n101;5\n", "x")
    with pytest.raises(
        Einstellungsfehler, match=r"^Den Indikator „gibtsnicht“ aus den Einstellungen gibt es nicht\.$"
    ):
        lies(quelle, Einstellungen(spalten=spalten), ORT)


def test_tabellenblatt_mit_echten_zahlen_und_datum():
    mappe = openpyxl.Workbook()
    for zeile in (
        ["Stichtag", "Schlüssel", "SGB-II-Quote"],
        [date(2020, 6, 30), 101, 12.5],
        [2019, "102", "1,5 r"],
    ):
        mappe.active.append(zeile)
    puffer = io.BytesIO()
    mappe.save(puffer)
    quelle = oeffne(puffer.getvalue(), "x.xlsx")
    werte = lies(quelle, erkenne(quelle, ORT), ORT).werte
    assert werte[["gebiet", "wert", "qualitaet"]].to_numpy().tolist() == [[101, 12.5, ""], [102, 1.5, "r"]]
    assert werte["stichtag"].tolist() == [pd.Timestamp(2020, 6, 30), pd.Timestamp(2019, 12, 31)]


def test_zeitreihe_mit_zwei_kopfzeilen_jahr_ueber_zaehler_und_nenner():
    text = "Nr;2019;;2020;\n;Zähler;Nenner;Zähler;Nenner\n101;5;50;6;60\n102;7;70;8;-\n"
    quelle = oeffne(text.encode(), "sgb2.csv")
    ergebnis = lies(quelle, erkenne(quelle, ORT), ORT)
    assert ergebnis.werte["wert"].tolist()[:3] == [10.0, 10.0, 10.0]
    assert [f.zeile for f in ergebnis.fehler] == [4]
