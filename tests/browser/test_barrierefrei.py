"""Every page of tests/browser/seiten.py on a phone and a computer, light and dark."""

from pathlib import Path

import pytest

from .seiten import SEITEN

AXE = (Path(__file__).parents[1] / "seiten/vendor/axe-core/axe.min.js").read_text()
REGELN = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PRUEFE = "(regeln) => axe.run(document, { runOnly: regeln })"

FAELLE = [(pfad, als, groesse) for pfad, als in SEITEN for groesse in ("telefon", "rechner")]


def verstoesse(seite):
    seite.evaluate(AXE)
    ergebnis = seite.evaluate(PRUEFE, REGELN)
    return [
        (verstoss["id"], stelle["target"], stelle["failureSummary"])
        for verstoss in ergebnis["violations"]
        for stelle in verstoss["nodes"]
    ]


@pytest.mark.parametrize(("pfad", "als", "groesse"), FAELLE)
def test_hell(oeffne, pfad, als, groesse):
    seite = oeffne(pfad, groesse=groesse, als=als)
    assert verstoesse(seite) == []
    assert seite.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize(("pfad", "als"), SEITEN)
def test_dunkel(oeffne, pfad, als):
    assert verstoesse(oeffne(pfad, dunkel=True, als=als)) == []
