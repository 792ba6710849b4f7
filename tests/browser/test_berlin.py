"""A foreign city from its published table: areas, deliveries, method, index, every published class hit."""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from fixtures.berlin import zerlege

from .conftest import LEER, bereite_vor, server_auf
from .schritte import (
    berechne,
    kennzeichne_als_geprueft,
    klassen,
    lade_hoch,
    pruefe,
    uebernimm,
    veroeffentliche,
)

WURZEL = Path(__file__).parents[2]
METHODIK = WURZEL / "fixtures" / "methodik_berlin.json"
INDIKATOREN = ("s1", "s3", "s4")


@pytest.fixture(scope="module")
def ausgabe(referenzdaten):
    with (referenzdaten / "referenz" / "berlin_mss" / "mss_2019.csv").open(encoding="utf-8") as datei:
        return list(csv.DictReader(datei))


@pytest.fixture(scope="module")
def dateien(referenzdaten, tmp_path_factory):
    """Areas file, and one delivery per Stichtag: as published, and that less the published change."""
    ordner = tmp_path_factory.mktemp("berlin")
    zerlege(referenzdaten / "referenz" / "berlin_mss" / "mss_2019.csv", ordner, jahr=2018, vorjahr=2016)
    return ordner


@pytest.fixture(scope="module")
def server(dateien):
    datenbank = bereite_vor(
        dateien / "db.sqlite3", (*LEER, ("gebiete_laden", str(dateien / "gebiete.csv"), "--stadt", "Berlin"))
    )
    with server_auf(datenbank) as adresse:
        yield adresse


def lege_indikator_an(seite, schluessel):
    seite.goto("/sozialindex/indikatoren/neu/")
    seite.get_by_label("Schlüssel").fill(schluessel)
    seite.get_by_role("textbox", name=re.compile("^Name")).fill(f"Indikator {schluessel}")
    seite.get_by_label("Kurzname").fill(schluessel)
    seite.get_by_role("button", name="Anlegen", exact=True).click()
    expect(seite.get_by_role("heading", level=1)).to_have_text(f"Indikator {schluessel}")


def lege_methodik_an(seite):
    seite.goto("/sozialindex/methodiken/neu/")
    seite.get_by_label("JSON-Datei").set_input_files(METHODIK)
    seite.get_by_role("button", name="Prüfen und anlegen").click()
    expect(seite.get_by_role("heading", level=1)).to_have_text("Monitoring Soziale Stadtentwicklung Berlin")


def liefere(seite, datei, stichtag):
    lade_hoch(seite, datei)
    seite.get_by_label("Jahr oder Stichtag aller Werte").fill(stichtag)
    pruefe(seite)
    uebernimm(seite)


def test_alle_veroeffentlichten_klassen(oeffne, ausgabe, dateien):
    planung = oeffne(als="sozialplanung")
    for schluessel in INDIKATOREN:
        lege_indikator_an(planung, schluessel)
    lege_methodik_an(planung)
    liefere(planung, dateien / "mss_2016.csv", "31.12.2016")
    liefere(planung, dateien / "mss_2018.csv", "31.12.2018")
    lauf = berechne(planung, "Monitoring Soziale Stadtentwicklung Berlin, Version 1")
    kennzeichne_als_geprueft(planung)
    veroeffentliche(oeffne(lauf, als="leitung"))

    veroeffentlicht = {
        z["id"]: (z["status_klasse"], z["dynamik_klasse"]) for z in ausgabe if z["status_klasse"]
    }
    assert len(veroeffentlicht) == 436
    assert klassen(oeffne(lauf)) == veroeffentlicht
