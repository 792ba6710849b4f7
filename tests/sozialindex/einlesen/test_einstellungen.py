import json

import pytest

from sozialindex.begriffe import Qualitaet, Zustand
from sozialindex.einlesen.einstellungen import Einstellungen, Rolle, Spalte
from sozialindex.einlesen.fehler import Einstellungsfehler
from sozialindex.einlesen.kopf import aehnlichkeit, kopfnamen, signatur

VOLL = Einstellungen(
    kodierung="cp1252",
    trennzeichen=";",
    dezimalzeichen=",",
    blatt="Daten",
    kopf_von=4,
    kopf_bis=5,
    daten_bis=40,
    spalten=(Spalte(Rolle.GEBIET_NUMMER), Spalte(Rolle.WERT, "sgb2", "2020-12-31"), Spalte()),
    indikator="sgb2",
    stichtag="2020-12-31",
    symbole={"-": Zustand.NULL},
    qualitaetszeichen={"v": Qualitaet.VORLAEUFIG},
    gebiete={"Schlad": "203"},
    indikatoren={"ALO": "jugend_alo"},
)


def test_json_hin_und_zurueck():
    assert Einstellungen.aus_dict(json.loads(json.dumps(VOLL.als_dict()))) == VOLL
    assert Einstellungen.aus_dict({}) == Einstellungen()


@pytest.mark.parametrize(
    "daten",
    [
        [],
        {"fremd": 1},
        {"kopf_von": "1"},
        {"kopf_von": True},
        {"kopf_von": -1},
        {"trennzeichen": ";;"},
        {"dezimalzeichen": "x"},
        {"kodierung": "rot13"},
        {"stichtag": "31.12.2020"},
        {"spalten": [{"rolle": "fremd"}]},
        {"spalten": [{"fremd": "x"}]},
        {"spalten": {"rolle": "wert"}},
        {"symbole": {"-": "q"}},
        {"qualitaetszeichen": {"p": 1}},
        {"gebiete": {"a": 1}},
    ],
)
def test_strenges_lesen(daten):
    with pytest.raises(Einstellungsfehler, match=r"^Einstellungen: "):
        Einstellungen.aus_dict(daten)


@pytest.mark.parametrize(
    ("werte", "form"),
    [
        ((Spalte(Rolle.ZAEHLER), Spalte(Rolle.NENNER)), "lang"),
        ((Spalte(Rolle.WERT, "sgb2"), Spalte(Rolle.WERT, "migration")), "breit"),
        ((Spalte(Rolle.WERT, "", "2020-12-31"),), "jahre"),
    ],
)
def test_form(werte, form):
    assert Einstellungen(spalten=werte).form == form


def test_fehlende_angaben():
    assert Einstellungen(spalten=(Spalte(Rolle.NENNER),)).fehlend == [
        "Welche Spalte nennt das Gebiet?",
        "Zu welchem Indikator gehören die Werte?",
        "Für welches Jahr oder welchen Stichtag gelten die Werte?",
        "Zu einem Nenner fehlt der Zähler oder der Wert.",
    ]
    doppelt = (Spalte(Rolle.GEBIET_NAME), Spalte(Rolle.JAHR), Spalte(Rolle.JAHR), Spalte(Rolle.WERT, "sgb2"))
    assert Einstellungen(spalten=doppelt).fehlend == [
        "Zwei Spalten sind als „Jahr oder Stichtag“ zugeordnet."
    ]


def test_kopfnamen_mehrzeilig_getrennt_und_doppelt():
    zeilen = [["Gebiet", None, "Personen", ""], ["Nr", "Name", "An-\nzahl", "SGB-II-\r\nQuote"]]
    assert kopfnamen(zeilen) == [
        "Gebiet | Nr",
        "Gebiet | Name",
        "Personen | Anzahl",
        "Personen | SGB-II-Quote",
    ]
    assert kopfnamen([["Wert", "Wert", ""]]) == ["Wert (Spalte 1)", "Wert (Spalte 2)", "Spalte 3"]


def test_aehnlichkeit_uebersieht_das_jahr():
    alt, neu = signatur(["Nr.", "Quote 2019"]), signatur(["nr", "QUOTE 2020"])
    assert aehnlichkeit(alt, neu) == 1.0
    assert aehnlichkeit(alt, signatur(["Nr", "Anzahl 2020"])) == 1 / 3
    assert aehnlichkeit((), ()) == 0.0
