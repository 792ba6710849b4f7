import pytest

from oberhausen_sozialplanung.werkzeuge.text import csv_zelle, ohne_fussnote, schluessel, vergleichsform


@pytest.mark.parametrize(
    ("text", "erwartet"),
    [("Straße Öde/Süd", "strasse-oede-sued"), ("  Ärzte & Ämter ", "aerzte-aemter"), ("…", "")],
)
def test_schluessel(text, erwartet):
    assert schluessel(text) == erwartet


@pytest.mark.parametrize(
    ("links", "rechts"),
    [
        ("Walsumer Mark", "WALSUMERMARK"),
        ("Dümpten", "Duempten"),
        ("Du\u0308mpten", "Dümpten"),
        ("Innenstadt 1)", "Innenstadt"),
        ("Innenstadt²", "innen-stadt"),
        ("Innenstadt *", "Innenstadt"),
        ("SGB-II-Quote", "SGB II Quote"),
    ],
)
def test_gleiche_namen(links, rechts):
    assert vergleichsform(links) == vergleichsform(rechts)


def test_verschiedene_namen_bleiben_verschieden():
    assert (
        len({vergleichsform(n) for n in ("Lirich-Nord", "Lirich-Süd", "Lirich", "Quartier 1", "Quartier 2")})
        == 5
    )


def test_fussnote_allein_bleibt_stehen():
    assert (ohne_fussnote("1)"), ohne_fussnote("26,8 1)"), ohne_fussnote("*")) == ("1)", "26,8", "*")


@pytest.mark.parametrize("text", ["=1+1", "+49208", "-cmd", "@SUMME(A1)", "\tx", "\rx", " =1", "\n=1"])
def test_formeln_werden_entschaerft(text):
    assert csv_zelle(text) == f"'{text}"


@pytest.mark.parametrize(
    ("wert", "text"), [(-5, "-5"), (-1.5, "-1.5"), (None, ""), ("Nord", "Nord"), (True, "True")]
)
def test_anderes_bleibt(wert, text):
    assert csv_zelle(wert) == text
