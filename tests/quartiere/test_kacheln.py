import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartiere.kacheln import ordne_bloecke, umbruch

GRUPPENGROESSEN = st.lists(st.integers(min_value=0, max_value=30), max_size=12)


def gruppen(groessen):
    return {raum: [(raum, nummer) for nummer in range(groesse)] for raum, groesse in enumerate(groessen)}


def zusammenhaengend(zellen):
    offen, erreicht = {min(zellen)}, set()
    while offen:
        spalte, reihe = offen.pop()
        erreicht.add((spalte, reihe))
        nachbarn = {(spalte + 1, reihe), (spalte - 1, reihe), (spalte, reihe + 1), (spalte, reihe - 1)}
        offen |= (nachbarn & zellen) - erreicht
    return erreicht == zellen


def test_gezeichnetes_beispiel():
    # a b . e f
    # c d . g .
    assert ordne_bloecke({1: "abcd", 2: "efg"}) == {
        "a": (0, 0),
        "b": (1, 0),
        "c": (0, 1),
        "d": (1, 1),
        "e": (3, 0),
        "f": (4, 0),
        "g": (3, 1),
    }


def test_bloecke_brechen_in_die_naechste_reihe_um():
    plaetze = ordne_bloecke(gruppen([4, 4, 4, 4]))
    assert {raum: plaetze[raum, 0] for raum in range(4)} == {0: (0, 0), 1: (3, 0), 2: (6, 0), 3: (0, 3)}


def test_ohne_gebiete():
    assert ordne_bloecke({}) == {}
    assert ordne_bloecke({1: []}) == {}


@given(GRUPPENGROESSEN)
def test_jede_zelle_hoechstens_einmal_und_jeder_block_haengt_zusammen(groessen):
    plaetze = ordne_bloecke(gruppen(groessen))
    assert len(plaetze) == sum(groessen)
    assert len(set(plaetze.values())) == len(plaetze)
    assert all(spalte >= 0 and reihe >= 0 for spalte, reihe in plaetze.values())
    for raum, groesse in enumerate(groessen):
        if groesse:
            assert zusammenhaengend({platz for (r, _), platz in plaetze.items() if r == raum})


@given(GRUPPENGROESSEN)
def test_bloecke_beruehren_sich_nicht(groessen):
    plaetze = ordne_bloecke(gruppen(groessen))
    raeume = {platz: raum for (raum, _), platz in plaetze.items()}
    for (spalte, reihe), raum in raeume.items():
        assert raeume.get((spalte + 1, reihe), raum) == raum
        assert raeume.get((spalte, reihe + 1), raum) == raum


@pytest.mark.parametrize(
    ("name", "zeilen"),
    [
        ("Innenstadt", ["Innenstadt"]),
        ("Schwarze Heide", ["Schwarze Heide"]),
        ("Holten/Barmingholten", ["Holten/", "Barmingholten"]),
        ("Tackenberg-West", ["Tackenberg-", "West"]),
        ("Borbeck/Neue Mitte/Grafenbusch", ["Borbeck/Neue ", "Mitte/", "Grafenbusch"]),
        ("Donaudampfschifffahrt", ["Donaudampfschifffahrt"]),
        ("", []),
    ],
)
def test_umbruch(name, zeilen):
    assert umbruch(name, 14) == zeilen


@given(st.text(alphabet="abc /-", max_size=40))
def test_umbruch_verliert_kein_zeichen(name):
    assert "".join(umbruch(name, 5)) == name
