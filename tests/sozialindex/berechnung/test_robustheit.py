import numpy as np
import pytest

from sozialindex.berechnung.diagnostik import diagnostiziere
from sozialindex.berechnung.erklaerung import erklaere
from sozialindex.berechnung.motor import berechne
from sozialindex.berechnung.robustheit import pruefe_robustheit
from tests.sozialindex.berechnung.saetze import methodik, tabelle

WERTE = tabelle(a=[1, 2, 3, 4, 10, np.nan], b=[1, 2, 3, 4, 10, 1])


def test_gleiche_indikatoren_sind_von_gewichten_unabhaengig():
    ergebnis = pruefe_robustheit(WERTE, methodik("a", "b", index={"skala": "restandardisiert"}))
    # both indicators are equal: z = −0.949 −0.632 −0.316 0 1.897 whatever the weights
    assert ergebnis.anteile.loc["05"].tolist() == [0, 0, 0, 1]
    assert ergebnis.varianten["Indikator a"].tolist()[:5] == ["mittel"] * 4 + ["sehr niedrig"]
    assert ergebnis.gehalten.tolist()[:5] == [1.0] * 5
    assert ergebnis.urteil.isna().tolist() == [False] * 5 + [True]
    # ranks 0 ¼ ½ ¾ 1: z = ±1.414, so the extremes change class
    assert ergebnis.urteil.tolist()[:5] == [
        "abhängig von Rängen statt Werten",
        "robust",
        "robust",
        "robust",
        "abhängig von Rängen statt Werten",
    ]


def test_gleicher_startwert_gleiche_anteile():
    werte = tabelle(a=[1, 2, 3, 4, 10, 7], b=[5, 1, 9, 2, 8, 3])
    regel = methodik("a", "b", index={"skala": "restandardisiert"})
    erste, zweite = pruefe_robustheit(werte, regel), pruefe_robustheit(werte.iloc[::-1], regel)
    assert erste.anteile.loc[werte.index].equals(zweite.anteile.loc[werte.index])
    assert erste.anteile.sum(axis=1).tolist() == pytest.approx([1] * 6)


def test_diagnostik():
    werte = tabelle(a=[1, 2, 3, 4, 5], b=[2, 4, 6, 8, 10], c=[5, 4, 3, 2, 1])
    ergebnis = diagnostiziere(berechne(werte, methodik("a", "b", "c")).zwerte)
    assert ergebnis.korrelationen.loc["a"].tolist() == pytest.approx([1, 1, -1])
    # mean correlation (1 − 1 − 1)/3 = −1/3: alpha = −1 / (1 − 2/3) = −3; without c: 2·1 / 2 = 1
    assert ergebnis.alpha == pytest.approx(-3)
    assert ergebnis.alpha_ohne["c"] == pytest.approx(1)


def test_erklaerung_nennt_die_klassen():
    abschnitte = dict(erklaere(methodik("a")))
    assert abschnitte["Status"][:4] == [
        "hoch: Index unter −1.",
        "mittel: Index ab −1 bis einschließlich 1.",
        "niedrig: Index über 1 bis einschließlich 1,5.",
        "sehr niedrig: Index über 1,5.",
    ]
    assert abschnitte["Normierung"][0].startswith("z = (Wert − Nullpunkt) / Standardabweichung")


def test_limits_are_rounded_as_in_the_engine():
    """z of the fourth area is 1/√2 = 0.70710678118…; both round to 0.7071067812 and the class is below."""
    werte = tabelle(a=[1, 2, 3, 4, 5])
    regel = methodik(
        "a",
        status={"grenzen": [-1, 0.70710678116, 1.5]},
        index={"skala": "summe"},
        robustheit={"laeufe": 3, "startwert": 1, "gewichtsrauschen": 0.0},
    )
    assert berechne(werte, regel).tabelle.loc["04", "statusklasse"] == "mittel"
    assert pruefe_robustheit(werte, regel).gehalten["04"] == 1.0
