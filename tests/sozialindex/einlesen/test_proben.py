"""The ten sample deliveries lead to exactly what their LIESMICH says."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from sozialindex.einlesen.datei import oeffne
from sozialindex.einlesen.einstellungen import Rolle
from sozialindex.einlesen.erkennen import erkenne, lies_kopf, vorschau
from sozialindex.einlesen.fehler import Dateifehler, Einstellungsfehler
from sozialindex.einlesen.lesen import lies
from tests.sozialindex.einlesen.verzeichnisse import LIEFERUNGEN, STADT_ID, verzeichnis

DEFINITION = {i.schluessel: i.definition_id for i in verzeichnis().indikatoren}


def lies_probe(name, **aenderungen):
    pfad = LIEFERUNGEN / name
    quelle = oeffne(pfad, name)
    return lies(quelle, replace(erkenne(quelle, verzeichnis()), **aenderungen), verzeichnis())


def zelle(werte, gebiet, indikator, jahr):
    treffer = werte[
        (werte["gebiet"] == gebiet)
        & (werte["definition"] == DEFINITION[indikator])
        & (werte["stichtag"] == pd.Timestamp(jahr, 12, 31))
    ]
    assert len(treffer) == 1
    return treffer.iloc[0]


def test_01_alle_werte_als_zaehler_durch_nenner():
    ergebnis = lies_probe("01_lang_utf8.csv")
    werte = ergebnis.werte
    assert (len(werte), ergebnis.zeilen_gelesen, ergebnis.fehler_anzahl, ergebnis.ausgelassen_anzahl) == (
        1323,
        1323,
        0,
        0,
    )
    assert werte["zustand"].tolist() == ["v"] * 1323
    assert (werte["wert"] == 100 * werte["zaehler"] / werte["nenner"]).all()
    innenstadt = zelle(werte, 101, "sgb2", 2016)
    assert (innenstadt["zaehler"], innenstadt["nenner"], innenstadt["zeile"]) == (3742, 10319, 2)
    assert innenstadt["wert"] == 100 * 3742 / 10319
    assert werte["stichtag"].dt.year.value_counts().to_dict() == dict.fromkeys(range(2016, 2023), 189)


def test_01_typen_der_wertetabelle():
    typen = lies_probe("01_lang_utf8.csv").werte.dtypes.astype(str).to_dict()
    assert typen == {
        "gebiet": "int64",
        "definition": "int64",
        "stichtag": "datetime64[s]",
        "zaehler": "float64",
        "nenner": "float64",
        "wert": "float64",
        "zustand": "category",
        "qualitaet": "category",
        "zeile": "int32",
    }


def test_02_erkennt_kopf_stichtag_und_spalten():
    quelle = oeffne(LIEFERUNGEN / "02_breit_cp1252.csv", "02.csv")
    einstellungen = erkenne(quelle, verzeichnis())
    assert (einstellungen.kodierung, einstellungen.trennzeichen, einstellungen.dezimalzeichen) == (
        "cp1252",
        ";",
        ",",
    )
    assert (einstellungen.kopf_von, einstellungen.kopf_bis, einstellungen.stichtag) == (4, 4, "2022-12-31")
    assert [(s.rolle.value, s.indikator) for s in einstellungen.spalten] == [
        ("gebiet_nummer", ""),
        ("gebiet_name", ""),
        ("ignorieren", ""),
        ("wert", "migration"),
        ("wert", "sgb2"),
        ("wert", "kinderarmut"),
        ("wert", "jugend_alo"),
        ("wert", "altersarmut"),
        ("wert", "alleinerziehend"),
        ("wert", "kinderreich"),
    ]
    assert (einstellungen.form, einstellungen.fehlend) == ("breit", [])
    assert lies_kopf(quelle, einstellungen)[3:6] == [
        "Migrationshintergrund in %",
        "SGB-II-Quote in %",
        "Kinderarmut in %",
    ]


def test_02_zustaende_bleiben_getrennt():
    werte = lies_probe("02_breit_cp1252.csv").werte
    quartiere = werte[werte["gebiet"] > 100]
    assert (len(werte), len(quartiere)) == (238, 189)
    assert werte["zustand"].value_counts().to_dict() == {
        "v": 234,
        "0": 1,
        "g": 1,
        "u": 1,
        "t": 1,
        "x": 0,
        "n": 0,
    }
    null = zelle(werte, 503, "altersarmut", 2022)
    assert (null["zustand"], null["wert"]) == ("0", 0.0)
    for gebiet, indikator, zustand in [
        (504, "jugend_alo", "g"),
        (502, "jugend_alo", "u"),
        (404, "kinderreich", "t"),
    ]:
        ohne = zelle(werte, gebiet, indikator, 2022)
        assert (ohne["zustand"], pd.isna(ohne["wert"])) == (zustand, True)


def test_02_fussnote_qualitaet_zwischensummen():
    ergebnis = lies_probe("02_breit_cp1252.csv")
    berichtigt = zelle(ergebnis.werte, 104, "alleinerziehend", 2022)
    assert (berichtigt["wert"], berichtigt["qualitaet"]) == (26.8, "r")
    assert zelle(ergebnis.werte, 101, "migration", 2022)["wert"] == 56.2  # "Innenstadt 1)"
    assert (
        zelle(ergebnis.werte, 14, "sgb2", 2022)["wert"] == 14.5
    )  # Sozialraum, not the quarter of the same name
    assert zelle(ergebnis.werte, 401, "sgb2", 2022)["wert"] == 27.2
    assert zelle(ergebnis.werte, STADT_ID, "sgb2", 2022)["wert"] == 18.9
    assert ergebnis.hinweise == [
        "Nicht übernommene Spalten: Einwohner.",
        "Die Zeilen 14, 20, 24, 30, 35, 42, 43 gelten Sozialräumen oder der Stadt, nicht Quartieren; "
        "sie dienen als Prüfung.",
    ]


def test_02_sagt_was_ausgelassen_wurde():
    ergebnis = lies_probe("02_breit_cp1252.csv")
    assert ergebnis.fehler == []
    assert [(a.zeile, a.grund) for a in ergebnis.ausgelassen] == [
        (1, "Titelzeile über der Kopfzeile"),
        (2, "Titelzeile über der Kopfzeile"),
        (44, "leere Zeile"),
        (45, "Fußzeile oder Erläuterung"),
        (46, "Fußzeile oder Erläuterung"),
        (47, "Fußzeile oder Erläuterung"),
    ]


@pytest.mark.parametrize(
    ("name", "kodierung"),
    [("03_jahre_in_spalten_bom.csv", "utf-8-sig"), ("06_kommonitor_zeitreihe.csv", "utf-8")],
)
def test_03_06_jahre_in_spalten(name, kodierung):
    quelle = oeffne(LIEFERUNGEN / name, name)
    einstellungen = erkenne(quelle, verzeichnis())
    assert (einstellungen.kodierung, einstellungen.form) == (kodierung, "jahre")
    assert einstellungen.fehlend == ["Zu welchem Indikator gehören die Werte?"]
    assert [s.stichtag[:4] for s in einstellungen.spalten[2:]] == [str(j) for j in range(2016, 2023)]
    ergebnis = lies(quelle, replace(einstellungen, indikator="sgb2"), verzeichnis())
    assert (len(ergebnis.werte), ergebnis.fehler_anzahl, ergebnis.ausgelassen_anzahl) == (189, 0, 0)
    assert zelle(ergebnis.werte, 101, "sgb2", 2022)["wert"] == 37.8
    assert zelle(ergebnis.werte, 606, "sgb2", 2016)["wert"] == 18.3


def test_03_ohne_indikator_wird_nichts_gelesen():
    with pytest.raises(Einstellungsfehler, match="Zu welchem Indikator gehören die Werte"):
        lies_probe("03_jahre_in_spalten_bom.csv")


def test_06_indikator_aus_dem_dateinamen():
    inhalt = (LIEFERUNGEN / "06_kommonitor_zeitreihe.csv").read_bytes()
    einstellungen = erkenne(oeffne(inhalt, "kinderarmut_2016_2022.csv"), verzeichnis())
    assert (einstellungen.indikator, einstellungen.fehlend) == ("kinderarmut", [])


def test_04_blatt_kopf_und_rollen():
    quelle = oeffne(LIEFERUNGEN / "04_arbeitsagentur.xlsx", "04.xlsx")
    einstellungen = erkenne(quelle, verzeichnis())
    assert [(b.name, b.zeilen) for b in quelle.blaetter] == [("Bestand", 34), ("Hinweise", 1)]
    assert (einstellungen.blatt, einstellungen.kopf_von, einstellungen.kopf_bis) == ("Bestand", 4, 5)
    assert einstellungen.stichtag == "2021-12-31"
    assert lies_kopf(quelle, einstellungen)[2] == "Personen in Bedarfsgemeinschaften | Anzahl"
    assert [(s.rolle, s.indikator) for s in einstellungen.spalten[2:]] == [
        (Rolle.ZAEHLER, "sgb2"),
        (Rolle.NENNER, "sgb2"),
        (Rolle.ZAEHLER, "kinderarmut"),
        (Rolle.NENNER, "kinderarmut"),
    ]


def test_04_stern_ist_geheim_und_nie_null():
    ergebnis = lies_probe("04_arbeitsagentur.xlsx")
    werte = ergebnis.werte
    assert (len(werte), ergebnis.fehler_anzahl) == (56, 0)
    for gebiet, nenner in [(503, 1133), (504, 722)]:
        geheim = zelle(werte, gebiet, "kinderarmut", 2021)
        assert (geheim["zustand"], geheim["nenner"]) == ("g", nenner)
        assert pd.isna(geheim["wert"])
        assert pd.isna(geheim["zaehler"])
    assert zelle(werte, 101, "sgb2", 2021)["wert"] == 100 * 4061 / 10202
    assert zelle(werte, STADT_ID, "sgb2", 2021)["zaehler"] == 31580
    assert zelle(werte, STADT_ID, "kinderarmut", 2021)["zustand"] == "n"
    assert [a.zeile for a in ergebnis.ausgelassen] == [1, 2, 34]


def test_04_blatt_ohne_daten():
    with pytest.raises(Dateifehler, match="enthält unter der Kopfzeile keine Datenzeilen"):
        lies_probe("04_arbeitsagentur.xlsx", blatt="Hinweise")


def test_05_qualitaet_und_datum():
    ergebnis = lies_probe("05_flatfile_qualitaet.csv")
    werte = ergebnis.werte
    assert (len(werte), ergebnis.fehler_anzahl) == (54, 0)
    assert werte["stichtag"].unique().tolist() == [pd.Timestamp(2020, 12, 31)]
    assert werte["qualitaet"].value_counts().to_dict() == {"": 52, "p": 2, "r": 0, "s": 0}
    for indikator, wert in [("kinderreich", 9.3), ("migration", 29.8)]:
        vorlaeufig = zelle(werte, 301, indikator, 2020)
        assert (vorlaeufig["wert"], vorlaeufig["qualitaet"]) == (wert, "p")
        gesperrt = zelle(werte, 404, indikator, 2020)
        assert (gesperrt["zustand"], pd.isna(gesperrt["wert"])) == ("x", True)


def test_07_jede_fehlerhafte_zeile_mit_spalte_und_grund():
    ergebnis = lies_probe("07_fehlerhaft.csv")
    anders = (
        "Widerspruch: für dasselbe Gebiet, denselben Indikator und Stichtag steht in Zeile {} etwas anderes."
    )
    unbekannt = "Ein Gebiet mit der Nummer 999 ist nicht bekannt, der Name „Hogwarts“ auch nicht."
    assert [(f.zeile, f.spalte, f.spaltennummer, f.text, f.grund) for f in ergebnis.fehler] == [
        (3, "Zähler", 5, "1664", anders.format(30)),
        (4, "Zähler", 5, "5286", "Der Zähler ist größer als der Nenner."),
        (6, "Zähler", 5, "zwölf", "„zwölf“ ist keine Zahl."),
        (8, "Nenner", 6, "0", "Der Nenner ist 0; ein Anteil lässt sich nicht bilden."),
        (10, "Quartier_Nr", 2, "999", unbekannt),
        (14, "Zähler", 5, "-5", "Eine Anzahl oder ein Anteil kann nicht negativ sein."),
        (16, "Jahr", 1, "2091", "„2091“ liegt in der Zukunft."),
        (18, "Indikator", 4, "sgb_zwei", "Der Indikator „sgb_zwei“ ist nicht bekannt."),
        (21, "Zähler", 5, "444", anders.format(31)),
        (30, "Zähler", 5, "1671", anders.format(3)),
        (31, "Zähler", 5, "200", anders.format(21)),
    ]
    assert (ergebnis.fehler_anzahl, ergebnis.fehlerzeilen, ergebnis.zeilen_gelesen) == (11, 11, 30)


def test_07_genau_die_guten_zeilen_bleiben():
    ergebnis = lies_probe("07_fehlerhaft.csv")
    assert ergebnis.werte["zeile"].tolist() == [
        2,
        5,
        7,
        9,
        11,
        12,
        13,
        15,
        17,
        19,
        20,
        22,
        23,
        24,
        25,
        26,
        27,
        28,
    ]
    assert [(a.zeile, a.grund) for a in ergebnis.ausgelassen] == [(29, "gleiche Angabe wie in Zeile 2")]


def test_07_verbesserte_angaben_werden_verwendet():
    ergebnis = lies_probe("07_fehlerhaft.csv", gebiete={"Hogwarts": "205"}, indikatoren={"sgb_zwei": "sgb2"})
    assert {10, 18} <= set(ergebnis.werte["zeile"])
    assert ergebnis.fehlerzeilen == 9


def test_08_keine_datenzeilen():
    with pytest.raises(Dateifehler, match=r"^Die Datei enthält unter der Kopfzeile keine Datenzeilen\.$"):
        lies_probe("08_nur_kopf.csv")


def test_09_bild_mit_falscher_endung():
    with pytest.raises(Dateifehler, match=r"^„09_bild\.xlsx“ ist ein Bild \(PNG\)\. "):
        oeffne(LIEFERUNGEN / "09_bild.xlsx", "09_bild.xlsx")


def test_10_formeln_sind_fehler_und_keine_werte():
    ergebnis = lies_probe("10_formeln.csv")
    assert len(ergebnis.werte) == 0
    assert [(f.zeile, f.spalte, f.text) for f in ergebnis.fehler] == [
        (2, "Quartier", '=HYPERLINK("http://127.0.0.1/x";"Innenstadt")'),
        (3, "Quartier", "@SUMME(A1:A9)"),
        (3, "Zähler", "=1+1"),
        (4, "Quartier", "+49208"),
    ]
    assert all(f.grund.startswith("Unbekanntes Gebiet: ") for f in ergebnis.fehler if f.spalte == "Quartier")
    assert ergebnis.fehlerzeilen == 3


def test_vorschau_zeigt_zwanzig_zeilen_mit_nummern():
    quelle = oeffne(LIEFERUNGEN / "02_breit_cp1252.csv", "02.csv")
    bild = vorschau(quelle, erkenne(quelle, verzeichnis()))
    assert bild.titel == [
        "Stadt Oberhausen, Bereich Statistik (konstruierte Beispielzahlen)",
        "Stichtag: 31.12.2022",
    ]
    assert len(bild.zeilen) == 20
    assert bild.zeilen[0] == (
        10,
        ["101", "Innenstadt 1)", "13.016", "56,2", "37,8", "56,0", "10,4", "11,2", "41,0", "20,5"],
    )


def test_stichtag_der_probe_liegt_nicht_in_der_zukunft():
    vor_der_lieferung = verzeichnis(heute=date(2018, 6, 1))
    quelle = oeffne(LIEFERUNGEN / "01_lang_utf8.csv", "01.csv")
    ergebnis = lies(quelle, erkenne(quelle, vor_der_lieferung), vor_der_lieferung)
    assert (len(ergebnis.werte), ergebnis.fehlerzeilen) == (3 * 189, 4 * 189)
