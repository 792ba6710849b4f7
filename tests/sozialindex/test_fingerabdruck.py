"""Fingerprints of figures that were read; no database."""

import pandas as pd
import pytest

from sozialindex.dienste.fingerabdruck import lesarten

WERTE = {
    "gebiet": [1, 2, 1],
    "definition": [7, 7, 7],
    "stichtag": pd.to_datetime(["2019-12-31", "2020-12-31", "2019-06-30"]),
    "zaehler": [1.0, float("nan"), 3.0],
    "nenner": [10.0, 20.0, 30.0],
    "wert": [10.0, 5.0, 10.0],
    "zustand": ["v", "v", "v"],
    "qualitaet": ["", "r", ""],
}


def test_je_definition_und_stichtag_dieselbe_lesart():
    gelesen = lesarten(pd.DataFrame(WERTE))
    assert sorted(gelesen) == ["7 2019-06-30", "7 2019-12-31", "7 2020-12-31"]
    kategorien = pd.DataFrame(WERTE).astype({"zustand": "category", "qualitaet": "category"})
    assert lesarten(kategorien) == gelesen


@pytest.mark.parametrize("spalte", ["gebiet", "zaehler", "nenner", "wert", "zustand", "qualitaet"])
def test_jede_angabe_zaehlt_an_ihrem_stichtag(spalte):
    vorher = lesarten(pd.DataFrame(WERTE))
    anders = "g" if spalte in ("zustand", "qualitaet") else 99
    nachher = lesarten(pd.DataFrame(WERTE | {spalte: [anders, *WERTE[spalte][1:]]}))
    assert [stelle for stelle in vorher if vorher[stelle] != nachher[stelle]] == ["7 2019-12-31"]


def test_ohne_werte_keine_lesart():
    assert lesarten(pd.DataFrame(WERTE).iloc[:0]) == {}
