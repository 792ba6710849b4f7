"""Worked example for a pocket calculator, laws, refusals."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sozialindex.berechnung.datei import schreibe_ergebnis
from sozialindex.berechnung.motor import Berechnungsfehler, berechne
from tests.sozialindex.berechnung.saetze import methodik, tabelle

# a: mean 3, deviations −2 … 2, population variance 10/5 = 2. b: ten times a with the first two swapped.
BEISPIEL = tabelle(a=[1, 2, 3, 4, 5], b=[20, 10, 30, 40, 50])
W2 = 2**0.5


def test_rechenbeispiel():
    veraenderungen = tabelle(a=[2, 1, 0, -1, -2], b=[0, 0, 0, 0, 1])
    ergebnis = berechne(BEISPIEL, methodik("a", "b"), veraenderungen=veraenderungen)
    # z(a)·√2 = −2 −1 0 1 2; z(b)·√2 = −1 −2 0 1 2; sums −3 −3 0 2 4, each / √2
    assert ergebnis.tabelle["statussumme"].tolist() == pytest.approx([-3 / W2, -3 / W2, 0, 2 / W2, 4 / W2])
    assert ergebnis.tabelle["statusklasse"].tolist() == ["hoch", "hoch", "mittel", "niedrig", "sehr niedrig"]
    # changes a: 2 1 0 −1 −2 over √2; b: mean 0.2, variance (4·0.04 + 0.64)/5 = 0.16, z = −0.5 and once 2
    erwartet = [2 / W2 - 0.5, 1 / W2 - 0.5, -0.5, -1 / W2 - 0.5, -2 / W2 + 2]
    assert ergebnis.tabelle["dynamikindex"].tolist() == pytest.approx(erwartet)
    assert ergebnis.tabelle["dynamikklasse"].tolist() == ["stabil", "stabil", "stabil", "positiv", "stabil"]
    assert ergebnis.tabelle["gesamtindex"].tolist() == ["1+/-", "1+/-", "2+/-", "3+", "4+/-"]
    # area 04: 2/√2 = 1.41421 lies 0.08579 below 1.5; beyond it "sehr niedrig"
    zeile = ergebnis.tabelle.loc["04"]
    assert zeile["abstand_status"] == pytest.approx(1.5 - W2)
    assert (zeile["grenze_status"], zeile["jenseits_status"]) == (1.5, "sehr niedrig")
    assert ergebnis.statistik.loc["a"].tolist() == pytest.approx([5, 3, W2, 3, 1, 5])


@pytest.mark.parametrize(
    ("skala", "teiler"), [("summe", 1), ("mittel", 4), ("restandardisiert", (38 / 5 * 2) ** 0.5)]
)
def test_skalen(skala, teiler):
    # weights 2: sums ·√2 = −6 −6 0 4 8, squares 152 / 5 / 2 = 15.2
    ergebnis = berechne(BEISPIEL, methodik("a", "b", gewicht=2.0, index={"skala": skala}))
    erwartet = [wert / W2 / teiler for wert in (-6, -6, 0, 4, 8)]
    assert ergebnis.tabelle["statusindex"].tolist() == pytest.approx(erwartet)


def test_spalten_in_der_reihenfolge_der_methodik():
    ergebnis = berechne(BEISPIEL, methodik("b", "a"))
    assert list(ergebnis.beitraege) == list(ergebnis.zwerte) == list(ergebnis.statistik.index) == ["b", "a"]
    assert ergebnis.statistik["mittel"].tolist() == [30, 3]
    assert ergebnis.zwerte.loc["01"].tolist() == pytest.approx([-1 / W2, -2 / W2])


def test_nullpunkte():
    def erste(nullpunkt, **bezug):
        return berechne(BEISPIEL, methodik("a", normierung={"nullpunkt": nullpunkt}), **bezug).zwerte.loc[
            "01", "a"
        ]

    # weights 1 1 1 1 6: (1 + 2 + 3 + 4 + 30) / 10 = 4
    einwohner = pd.Series([1, 1, 1, 1, 6], index=BEISPIEL.index)
    assert erste("einwohnergewichtet", einwohner=einwohner) == pytest.approx(-3 / W2)
    assert erste("stadtwert", stadtwerte=pd.Series({"a": 2.0})) == pytest.approx(-1 / W2)


def test_andere_normierungen():
    perzentil = berechne(tabelle(a=[5, 1, 1, 3, 4]), methodik("a", normierung={"art": "perzentil"}))
    assert perzentil.zwerte["a"].tolist() == [1, 0, 0, 0.5, 0.75]
    minmax = berechne(BEISPIEL, methodik("a", polung=-1, normierung={"art": "minmax"}))
    assert minmax.zwerte["a"].tolist() == [1, 0.75, 0.5, 0.25, 0]


def test_geometrisch():
    regel = {"normierung": {"art": "minmax"}, "index": {"aggregation": "geometrisch"}}
    ergebnis = berechne(BEISPIEL, methodik("a", "b", **regel))
    # min-max a 0 ¼ ½ ¾ 1, b ¼ 0 ½ ¾ 1; geometric mean of each pair
    assert ergebnis.tabelle["statusindex"].tolist() == pytest.approx([0, 0, 0.5, 0.75, 1])
    assert ergebnis.beitraege.loc["04"].tolist() == pytest.approx([0.375, 0.375])
    with pytest.raises(Berechnungsfehler, match="Werte über 0; der Indikator „a“ ist in „01“ 0"):
        berechne(tabelle(a=[0, 1, 2, 3, 4], b=[1, 2, 3, 4, 5]), methodik("a", "b", **regel))


def test_fehlender_wert_wird_hochgerechnet():
    werte = tabelle(a=[1, 2, 3, 4, 5, 5], b=[1, 2, 3, 4, 5, np.nan])
    ergebnis = berechne(werte, methodik("a", "b", einschluss={"min_indikatoren": 1}))
    assert ergebnis.tabelle.loc["06", "statussumme"] == pytest.approx(2 * ergebnis.zwerte.loc["06", "a"])
    streng = berechne(werte, methodik("a", "b"))
    assert streng.ausgelassen.to_dict() == {"06": "nur 1 von 2 nötigen Werten vorhanden, es fehlen: b"}


def test_ausgelassene_gebiete():
    werte = tabelle(a=[1, 2, 3, 4, 5, 6, 7, 8])
    einwohner = pd.Series([300, 300, 300, 300, 300, 299, np.nan, 500], index=werte.index)
    ausgeschlossen = [{"gebiet": "08", "grund": "Gewerbe"}, {"gebiet": "99", "grund": "fehlt"}]
    regel = methodik("a", einschluss={"min_einwohner": 300, "ausgeschlossen": ausgeschlossen})
    ergebnis = berechne(werte, regel, einwohner=einwohner)
    assert ergebnis.ausgelassen.to_dict() == {
        "06": "weniger als 300 Einwohner*innen (299)",
        "07": "keine Einwohnerzahl vorhanden",
        "08": "ausgeschlossen: Gewerbe",
    }
    assert ergebnis.hinweise[0] == "Das ausgeschlossene Gebiet „99“ kommt in den Werten nicht vor."


def test_dynamik_teilweise_und_gar_nicht():
    werte = tabelle(a=[1, 2, 3, 4, 5, 6])
    ergebnis = berechne(werte, methodik("a"), veraenderungen=tabelle(a=[1, 2, 3, 4, 5, np.nan]))
    assert ergebnis.ohne_dynamik.to_dict() == {"06": "nur 0 von 1 Veränderungen vorhanden"}
    assert ergebnis.tabelle["gesamtindex"].isna().tolist() == [False] * 5 + [True]
    ohne = berechne(werte, methodik("a"))
    assert ohne.beitraege_dynamik is None
    assert ohne.hinweise == [
        "Für kein einbezogenes Gebiet liegen genügend Veränderungen vor; es gibt keinen Dynamikindex."
    ]
    with pytest.raises(Berechnungsfehler, match="Nur 1 Gebiete haben Veränderungen"):
        berechne(werte, methodik("a"), veraenderungen=tabelle(a=[1]))


def test_wert_genau_auf_der_grenze():
    # min-max of 1 … 5 is exactly 0 ¼ ½ ¾ 1
    regel = {"normierung": {"art": "minmax"}}
    klassen = ["eins", "zwei", "drei"]
    fest = methodik("a", **regel, status={"grenzen": [0.25, 0.5], "klassen": klassen})
    assert berechne(BEISPIEL, fest).tabelle["statusklasse"].tolist() == [
        "eins",
        "zwei",
        "zwei",
        "drei",
        "drei",
    ]
    anteil = methodik("a", **regel, status={"art": "quantil", "grenzen": [0.25, 0.5], "klassen": klassen})
    ergebnis = berechne(BEISPIEL, anteil)
    assert ergebnis.grenzen_status == (0.25, 0.5)
    assert ergebnis.tabelle["statusklasse"].tolist() == ["eins", "eins", "zwei", "drei", "drei"]


ABLEHNUNGEN = [
    (tabelle(a=[1, 1, 1, 1, 1]), {}, "„a“ hat keine Streuung"),
    (tabelle(a=[1, 2, 3, 4]), {}, "Nur 4 von 4 Gebieten"),
    (tabelle(a=[1, 2, 3, 4, np.inf]), {}, "„a“ enthält einen unendlichen"),
    (tabelle(b=[1, 2, 3, 4, 5]), {}, "fehlen die Werte ganz: a"),
    (tabelle(a=[0, 2, 3, 4, 5]), {"transformation": "ln"}, "Der Wert von „01“ ist 0"),
    (BEISPIEL, {"normierung": {"nullpunkt": "stadtwert"}}, "Wert der Stadt; er fehlt für „a“"),
    (BEISPIEL, {"normierung": {"nullpunkt": "einwohnergewichtet"}}, "braucht die Einwohnerzahl"),
    (BEISPIEL.rename({"02": "01"}), {}, "kommen mehrfach vor: 01"),
    (BEISPIEL.set_axis(range(5)), {}, "müssen Texte sein"),
]


@pytest.mark.parametrize(
    ("werte", "abschnitte", "meldung"), ABLEHNUNGEN, ids=[fall[2] for fall in ABLEHNUNGEN]
)
def test_ablehnung(werte, abschnitte, meldung):
    with pytest.raises(Berechnungsfehler, match=meldung):
        berechne(werte, methodik("a", **abschnitte))


def test_summe_ohne_streuung():
    werte = tabelle(a=[1, 2, 3, 4, 5], b=[5, 4, 3, 2, 1])
    with pytest.raises(Berechnungsfehler, match="in allen Gebieten gleich"):
        berechne(werte, methodik("a", "b", index={"skala": "restandardisiert"}))


REGEL = methodik("c", "a", "b", index={"skala": "restandardisiert"})
ZAHLEN = st.lists(st.integers(0, 10_000), min_size=8, max_size=20, unique=True)


def zufallstabelle(zahlen):
    """Three columns that spread and never cancel each other: a, a shuffled, a squared."""
    a = np.array(zahlen) / 100
    return tabelle(a=a, b=a[::-1] + 2 * a, c=a**2)


@given(ZAHLEN, st.randoms(use_true_random=False))
def test_reihenfolge_aendert_kein_byte(zahlen, zufall):
    werte = zufallstabelle(zahlen)
    gemischt = list(werte.index)
    zufall.shuffle(gemischt)
    erste = schreibe_ergebnis(berechne(werte, REGEL)).splitlines()
    zweite = schreibe_ergebnis(berechne(werte.loc[gemischt, ["b", "c", "a"]], REGEL)).splitlines()
    assert sorted(erste) == sorted(zweite)


@given(ZAHLEN, st.floats(0.1, 100), st.floats(-100, 100))
def test_lineare_umrechnung_aendert_keinen_index(zahlen, faktor, summand):
    werte = zufallstabelle(zahlen)
    erste, zweite = berechne(werte, REGEL), berechne(werte * faktor + summand, REGEL)
    np.testing.assert_allclose(zweite.tabelle["statusindex"], erste.tabelle["statusindex"], atol=1e-8)


@given(ZAHLEN)
def test_polung_dreht_das_vorzeichen(zahlen):
    werte = zufallstabelle(zahlen)
    vorwaerts, rueckwaerts = (berechne(werte, methodik("a", "b", "c", polung=polung)) for polung in (1, -1))
    assert rueckwaerts.tabelle["statusindex"].tolist() == (-vorwaerts.tabelle["statusindex"]).tolist()


@given(ZAHLEN)
def test_beitraege_ergeben_den_index(zahlen):
    ergebnis = berechne(zufallstabelle(zahlen), REGEL)
    summe = ergebnis.beitraege["a"] + ergebnis.beitraege["b"] + ergebnis.beitraege["c"]
    assert summe.tolist() == ergebnis.tabelle["statusindex"].tolist()


@given(ZAHLEN, st.floats(0, 1e6))
def test_ausgelassene_beeinflussen_niemanden(zahlen, wert):
    werte = zufallstabelle(zahlen)
    mehr = pd.concat([werte, pd.DataFrame({"a": [wert], "b": [wert], "c": [wert]}, index=["00"])])
    einwohner = pd.Series(500.0, index=werte.index)
    regel = methodik("a", "b", "c", einschluss={"min_einwohner": 300})
    erste = berechne(werte, regel, einwohner=einwohner)
    zweite = berechne(mehr, regel, einwohner=pd.concat([einwohner, pd.Series({"00": 10.0})]))
    pd.testing.assert_frame_equal(erste.tabelle, zweite.tabelle.iloc[:-1], check_exact=True)


def test_minimum_that_cannot_be_checked_is_named():
    regel = methodik("a", einschluss={"min_einwohner": 300})
    hinweis = (
        "Es liegen keine Einwohnerzahlen vor; ob die Gebiete mindestens 300 Einwohner*innen haben, wurde "
        "nicht geprüft."
    )
    assert hinweis in berechne(BEISPIEL, regel).hinweise
    einwohner = pd.Series(1000.0, index=BEISPIEL.index)
    assert hinweis not in berechne(BEISPIEL, regel, einwohner=einwohner).hinweise
