"""What a look into a file finds, without a database."""

from dataclasses import replace

import pytest

from sozialindex.abfragen import lieferungen
from sozialindex.abfragen.lieferungen import UnbekannterName, blicke_hinein
from sozialindex.einlesen.datei import oeffne
from sozialindex.einlesen.einstellungen import Rolle, Spalte
from sozialindex.einlesen.erkennen import erkenne

from .einlesen.verzeichnisse import verzeichnis
from .musterstadt import KOPF


def blick(*zeilen, kopf=KOPF, **aenderungen):
    quelle = oeffne((kopf + "".join(f"{zeile}\n" for zeile in zeilen)).encode(), "a.csv")
    einstellungen = replace(erkenne(quelle, verzeichnis()), **aenderungen)
    return blicke_hinein(quelle, einstellungen, verzeichnis())


GUT = "2019;101;Innenstadt;sgb2;5;100"


def test_bekanntes_und_formeln_werden_nicht_gefragt():
    einblick = blick(GUT, '2019;102;"=SUMME(A1)";sgb2;5;100', "2019;103;Innenstadt;sgb2;6;100")
    assert (einblick.gebiete, einblick.indikatoren, einblick.zeichen) == ([], [], {})


def test_unbekannte_mit_erster_zeile_anzahl_und_aehnlichem_namen():
    einblick = blick(
        GUT,
        "2019;;Styrumm;sgb2;5;100",
        "2020;;Styrumm;sgb_zwei;5;100",
        "2021;;Musterstadt insgesamt;sgb2;5;100",
        "2019;999;;SGB-II-Quotte;5;100",
    )
    assert einblick.gebiete == [
        UnbekannterName("Styrumm", 3, 2, "Styrum"),
        UnbekannterName("Musterstadt insgesamt", 5, 1, "Oberhausen"),
        UnbekannterName("999", 6, 1),
    ]
    assert einblick.indikatoren == [
        UnbekannterName("sgb_zwei", 4, 1),
        UnbekannterName("SGB-II-Quotte", 6, 1, "SGB-II-Quote"),
    ]


def test_zugeordnete_namen_nehmen_keinen_platz_weg():
    zeilen = [f"2019;;Neu {nummer};wort {nummer};5;100" for nummer in range(130)]
    erste = {f"Neu {nummer}": "101" for nummer in range(60)}
    worte = {f"wort {nummer}": "sgb2" for nummer in range(60)}
    einblick = blick(*zeilen, gebiete=erste, indikatoren=worte)
    for namen in (einblick.gebiete, einblick.indikatoren):
        assert [name.zeile for name in namen] == list(range(2, 122))


def test_ein_wert_von_null_ist_ein_wert():
    assert [name.text for name in blick(GUT, "2019;;Neuland;sgb2;0;0").gebiete] == ["Neuland"]


def test_fusszeilen_sind_keine_gebiete():
    assert blick(GUT, "Quelle: Melderegister;;;;;", ";;Nur ein Name;;;").gebiete == []


def test_zeichen_und_worte_statt_zahlen():
    zeilen = [
        f"2019;{nummer};;sgb2;{zeichen};100" for nummer, zeichen in [(101, "*"), (102, "k. A."), (103, "*")]
    ]
    assert blick(GUT, *zeilen, "2020;104;;sgb2;12 r;100").zeichen == {"*": 2, "k. A.": 1}


def test_beispiele_sind_drei_verschiedene():
    einblick = blick(GUT, *(f"2019;{nummer};;sgb2;5;100" for nummer in (102, 103, 104, 201)))
    assert einblick.beispiele == [
        ["2019"],
        ["101", "102", "103"],
        ["Innenstadt"],
        ["sgb2"],
        ["5"],
        ["100"],
    ]


@pytest.mark.parametrize("groesse", [1, 2, 20_000])
def test_stueckgroesse_aendert_nichts(monkeypatch, groesse):
    monkeypatch.setattr(lieferungen, "ZEILEN_JE_BLOCK", groesse)
    einblick = blick(GUT, "2019;;Neu;sgb2;.;100", "2019;;Neu;sgb2;5;100", "2019;104;;x;.;100")
    assert einblick.gebiete == [UnbekannterName("Neu", 3, 2)]
    assert einblick.indikatoren == [UnbekannterName("x", 5, 1)]
    assert (einblick.zeichen, einblick.beispiele[1]) == ({".": 2}, ["101", "104"])


def test_ohne_wertspalten_gibt_es_nichts_zu_fragen():
    einblick = blick(GUT, "2019;;Neu;sgb2;5;100", spalten=(Spalte(Rolle.IGNORIEREN),) * 6)
    assert (einblick.gebiete, einblick.zeichen, einblick.kopf[0]) == ([], {}, "Jahr")
