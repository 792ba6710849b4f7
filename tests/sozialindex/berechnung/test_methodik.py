import json

import pytest

from sozialindex.berechnung.methodik import Methodikfehler, lies_methodik
from tests.sozialindex.berechnung.saetze import methodik, satz


def meldungen(daten):
    with pytest.raises(Methodikfehler) as gefangen:
        lies_methodik(daten)
    return gefangen.value.meldungen


def test_hin_und_zurueck():
    daten = satz("b", "a", gewicht=2.0)
    assert lies_methodik(daten).als_dict() == daten
    assert list(lies_methodik(json.dumps(daten)).als_dict()) == list(daten)
    assert lies_methodik(json.dumps(daten).encode("utf-8-sig")) == lies_methodik(daten)


def test_normierte_gewichte():
    daten = satz("a", "b")
    daten["indikatoren"][0]["gewicht"] = 3
    assert lies_methodik(daten).gewichte_normiert == {"a": 0.75, "b": 0.25}


def test_vorgaben_ohne_dynamik():
    daten = satz("a") | {"dynamik": {"jahre": None}}
    del daten["robustheit"], daten["hinweis"]
    gelesen = lies_methodik(daten).als_dict()
    assert gelesen["dynamik"]["jahre"] is None
    assert gelesen["robustheit"] == {"laeufe": 1000, "startwert": 46042, "gewichtsrauschen": 0.25}


FAELLE = [
    (satz(), "indikatoren: braucht mindestens 1 Eintrag."),
    (satz("a", gewicht=0), "indikatoren, Eintrag 1.gewicht: muss größer als 0 sein, nicht 0."),
    (
        satz("a", gewicht=True),
        "indikatoren, Eintrag 1.gewicht: muss eine Zahl sein, nicht ein Wahrheitswert.",
    ),
    (satz("a", polung=0), "indikatoren, Eintrag 1.polung: muss 1 oder −1 sein, nicht 0."),
    (satz("a", "a"), "indikatoren: „a“ kommt 2-mal vor."),
    (
        satz("gebiet"),
        "indikatoren, Eintrag 1.schluessel: „gebiet“ ist als Spaltenname der Wertedatei vergeben.",
    ),
    (
        satz("a", transformation="log"),
        "indikatoren, Eintrag 1.transformation: „log“ ist nicht bekannt; erlaubt: „keine“, „ln“, „ln1p“.",
    ),
    (
        satz("a", status={"grenzen": [1, 1, 2]}),
        "status.grenzen: die Grenzen müssen aufsteigen, jede größer als die vorige.",
    ),
    (
        satz("a", status={"klassen": ["hoch", "+1", "niedrig", "sehr niedrig"]}),
        "status.klassen: „+1“ darf nicht mit =, +, - oder @ beginnen (Tabellen lesen es als Formel).",
    ),
    (satz("a", status={"grenzen": [1]}), "status.klassen: zu 1 Grenzen gehören 2 Klassen, nicht 4."),
    (
        satz("a", dynamik={"art": "quantil"}),
        "dynamik.grenzen: Quantile sind Anteile und liegen zwischen 0 und 1 (beide ausgeschlossen).",
    ),
    (
        satz("a", index={"aggregation": "geometrisch"}),
        "index.aggregation: „geometrisch“ ist nur mit normierung.art „minmax“ möglich.",
    ),
    (
        satz("a", einschluss={"min_indikatoren": 2}),
        "einschluss.min_indikatoren: muss zwischen 1 und 1 liegen, nicht „2“.",
    ),
    (
        satz("a", robustheit={"gewichtsrauschen": 1}),
        "robustheit.gewichtsrauschen: muss mindestens 0 und kleiner als 1 sein.",
    ),
    (satz("a", version=1.0), "version: muss eine ganze Zahl sein, nicht „1.0“."),
    (
        satz("a", status={"farbe": "rot"}),
        "status: unbekannter Schlüssel „farbe“; bekannt sind: art, grenzen, klassen.",
    ),
    ("{", "Methodik: kein gültiges JSON in Zeile 1, Spalte 2."),
    ('{"a": 1, "a": 2}', "Methodik: der Schlüssel „a“ steht mehrfach im selben Objekt."),
    (b"\xff", "Methodik: die Datei ist nicht in UTF-8 geschrieben."),
]


@pytest.mark.parametrize(("daten", "meldung"), FAELLE, ids=[meldung[:50] for _, meldung in FAELLE])
def test_genau_diese_meldung(daten, meldung):
    assert meldungen(daten) == [meldung]


@pytest.mark.parametrize("daten", ["[]", "null", "1", "NaN", '{"status": []}'])
def test_falsche_gestalt(daten):
    assert meldungen(daten)


def test_alle_fehler_auf_einmal():
    assert len(meldungen(satz("a", gewicht=-1, version=0, titel=""))) == 3


def test_unveraenderlich():
    with pytest.raises(AttributeError):
        methodik("a").version = 2


@pytest.mark.parametrize("zeichen", ["\ud800", "\x00", "\x1b"])
def test_steuerzeichen_und_halbe_zeichen_werden_abgelehnt(zeichen):
    gemeldet = meldungen(satz("a") | {"titel": f"Index {zeichen}", zeichen: 1})
    assert gemeldet[0].startswith("Methodik: unbekannter Schlüssel „�“; bekannt sind: ")
    assert gemeldet[1:] == ["titel: enthält Steuerzeichen oder unvollständige Zeichen."]


def test_zu_lange_texte_werden_abgelehnt():
    daten = satz("a") | {"titel": "x" * 151}
    daten["einschluss"]["ausgeschlossen"] = [{"gebiet": "101", "grund": "x" * 251}]
    daten["status"] = {"art": "fest", "grenzen": [0], "klassen": ["hoch", "x" * 41]}
    assert meldungen(daten) == [
        "titel: hat 151 Zeichen; erlaubt sind höchstens 150.",
        "einschluss.ausgeschlossen, Eintrag 1.grund: hat 251 Zeichen; erlaubt sind höchstens 250.",
        "status.klassen, Eintrag 2: hat 41 Zeichen; erlaubt sind höchstens 40.",
    ]
