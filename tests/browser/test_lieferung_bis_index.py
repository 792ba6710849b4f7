"""The way of the README: demonstration data, one statistics file, a published index."""

from pathlib import Path

from playwright.sync_api import expect

from .schritte import (
    berechne,
    kennzeichne_als_geprueft,
    klassen,
    lade_hoch,
    pruefe,
    uebernimm,
    veroeffentliche,
)

DATEI = Path(__file__).parents[1] / "daten" / "lieferungen" / "02_breit_cp1252.csv"


def test_von_der_datei_zum_veroeffentlichten_index(oeffne):
    planung = oeffne(als="sozialplanung")
    lade_hoch(planung, DATEI)
    pruefe(planung)
    uebernimm(planung)
    lauf = berechne(planung, "Sozialindex Oberhausen, Version 1")
    kennzeichne_als_geprueft(planung)
    expect(planung.get_by_role("button", name="Veröffentlichen", exact=True)).to_have_count(0)

    oeffentlichkeit = oeffne()
    assert oeffentlichkeit.request.get(lauf).status == 404

    veroeffentliche(oeffne(lauf, als="leitung"))

    oeffentlichkeit.goto(lauf)
    ergebnis = klassen(oeffentlichkeit)
    assert ergebnis["101"] == ("sehr niedrig", "stabil")
    # Alsfeld, Schmachtendorf and Königshardt lack a figure in the file: left out, not filled.
    assert len(ergebnis) == 24
    assert {"404", "502", "504"}.isdisjoint(ergebnis)
