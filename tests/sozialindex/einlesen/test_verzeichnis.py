import pytest

from sozialindex.einlesen.verzeichnis import Gebiet, Gebietsfehler, Indikator
from tests.sozialindex.einlesen.verzeichnisse import STADT_ID, gebiete, verzeichnis


@pytest.mark.parametrize(
    ("nummer", "name", "id_"),
    [
        ("101", "", 101),
        ("101", "innenstadt 1)", 101),
        ("", "Duempten", 204),
        ("", "WALSUMERMARK", 503),
        ("", "Sozialraum Osterfeld", 16),
        ("", "Osterfeld insgesamt", 16),
        ("", "Sterkrade-Mitte", 401),
        ("", "Sozialraum Sterkrade-Mitte", 14),
        ("4", "Sterkrade-Mitte", 14),
        ("", "101 Innenstadt", 101),
        ("STADT", "", STADT_ID),
        ("", "Gesamtstadt", STADT_ID),
        ("", "insgesamt", STADT_ID),
        ("", "Summe", STADT_ID),
        ("", "Oberhausen, Stadt", STADT_ID),
        ("", "Stadt Oberhausen", STADT_ID),
        ("", "Oberhausen insgesamt", STADT_ID),
        ("05119000", "Oberhausen", STADT_ID),
    ],
)
def test_findet_gebiete(nummer, name, id_):
    assert verzeichnis().finde_gebiet(nummer, name).id == id_


@pytest.mark.parametrize(
    ("nummer", "name", "spalte", "meldung"),
    [
        ("", "", "nummer", "Das Gebiet fehlt: weder Nummer noch Name."),
        ("999", "", "nummer", "Ein Gebiet mit der Nummer 999 ist nicht bekannt."),
        ("0101", "", "nummer", "Ein Gebiet mit der Nummer 0101 ist nicht bekannt."),
        ("", "Hogwarts", "name", "Das Gebiet „Hogwarts“ ist nicht bekannt."),
        (
            "101",
            "Styrum",
            "name",
            "Die Nummer 101 gehört zu „Innenstadt“, der Name „Styrum“ aber zu 104: Widerspruch.",
        ),
        (
            "999",
            "Styrum",
            "nummer",
            "Ein Gebiet mit der Nummer 999 ist nicht bekannt; „Styrum“ hat die Nummer 104.",
        ),
        (
            "101",
            "Mitte",
            "name",
            "Die Nummer 101 gehört zu „Innenstadt“; der Name „Mitte“ ist nicht bekannt.",
        ),
        (
            "777",
            "",
            "nummer",
            "Ein Gebiet mit der Nummer 777 ist nicht bekannt. „Alt-Styrum“ gehört zum Gebietsstand 2010.",
        ),
        (
            "",
            "alt styrum",
            "name",
            "Das Gebiet „alt styrum“ ist nicht bekannt. „Alt-Styrum“ gehört zum Gebietsstand 2010.",
        ),
    ],
)
def test_sagt_warum_nicht(nummer, name, spalte, meldung):
    with pytest.raises(Gebietsfehler) as fehler:
        verzeichnis().finde_gebiet(nummer, name)
    assert (str(fehler.value), fehler.value.spalte) == (meldung, spalte)


def test_fuehrende_nullen():
    berlin = verzeichnis(
        gebiete=(Gebiet(1, "quartier", "01011101", "A"), Gebiet(2, "quartier", "11011101", "B"))
    )
    assert berlin.finde_gebiet("01011101", "").id == 1
    assert berlin.finde_gebiet("1011101", "").id == 1  # a spreadsheet made a number of it
    assert berlin.finde_gebiet("11011101", "B").id == 2


def test_gleiche_namen_sind_nicht_eindeutig():
    zwei = verzeichnis(gebiete=(Gebiet(1, "quartier", "1", "Nord"), Gebiet(2, "quartier", "2", "Nord")))
    with pytest.raises(Gebietsfehler, match=r"^Der Name „Nord“ ist nicht eindeutig \(Nummern 1, 2\)\.$"):
        zwei.finde_gebiet("", "Nord")
    assert zwei.finde_gebiet("2", "Nord").id == 2


def test_ohne_stadt_gibt_es_keine_stadtzeile():
    ohne = verzeichnis(gebiete=tuple(g for g in gebiete() if g.ebene != "stadt"))
    with pytest.raises(Gebietsfehler):
        ohne.finde_gebiet("", "insgesamt")


@pytest.mark.parametrize(
    ("text", "schluessel"),
    [
        ("sgb2", "sgb2"),
        ("SGB-II-Quote in %", "sgb2"),
        ("sgb ii quote (in Prozent)", "sgb2"),
        ("Grundsicherung im Alter in %", "altersarmut"),
        ("Familien mit 3 u. m. Kindern in %", "kinderreich"),
        ("Alleinerziehende 2)", "alleinerziehend"),
        ("Quote", None),
        ("", None),
        ("%", None),
    ],
)
def test_findet_indikatoren(text, schluessel):
    gefunden = verzeichnis().finde_indikator(text)
    assert (gefunden.schluessel if gefunden else None) == schluessel


def test_schluessel_geht_vor_alias():
    zwei = verzeichnis(indikatoren=(Indikator("a", 1, "Erster", ("b",)), Indikator("b", 2, "Zweiter")))
    assert zwei.finde_indikator("b").definition_id == 2
