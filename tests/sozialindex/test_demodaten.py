"""The demonstration data through the real services and the real engine: what was published must come out."""

import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Sum
from django.test import Client, override_settings

from oberhausen_sozialplanung.konten.models import Benutzer
from oberhausen_sozialplanung.konten.rollen import Rolle
from quartiere.models import Gebiet, Gebietsstand, Mitgliedschaft, Organisation, Sozialquartier
from sozialindex.dienste.demodaten import DatenVorhanden, lade_demodaten
from sozialindex.dienste.nachrechnen import rechne_nach
from sozialindex.models import Indexlauf, Indikator, Lieferung, Methodik, Wert


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """Load once for this module; every test then works in a savepoint of its own."""
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(DEMO=True):
            bericht = lade_demodaten()
        yield bericht
        transaction.set_rollback(True)


@pytest.fixture
def geladen(demo, db):
    return demo


# --- published figures of Sozialquartiere and of the city: rate in percent, decimals published ---

ANTEILE = [
    ("sgb2", 2012, "Innenstadt", 33.5, 1),
    ("kinderarmut", 2012, "Innenstadt", 55.4, 1),
    ("migration", 2012, "Innenstadt", 40.4, 1),
    ("alleinerziehend", 2017, "Innenstadt", 33, 0),
    ("sgb2", 2018, "Innenstadt", 40, 0),
    ("sgb2", 2018, "Lirich-Süd", 34, 0),
    ("sgb2", 2020, "Königshardt", 3, 0),
    ("sgb2", 2022, "Eisenheim/Heide", 12.4, 1),
    ("migration", 2022, "Eisenheim/Heide", 31.1, 1),
]
ANTEILE_STADT = [("sgb2", 2022, 17.1, 1), ("migration", 2022, 33.4, 1)]

# --- published classes; the press of one year reports on the Stichtag at the end of an earlier year ---

HOCH = {
    "Holten/Barmingholten",
    "Klosterhardt",
    "Königshardt",
    "Schmachtendorf",
    "Tackenberg-West",
    "Walsumer Mark",
}
KLASSEN_2019 = {
    "Innenstadt": ("sehr niedrig", "negativ"),
    "Holten/Barmingholten": ("hoch", "positiv"),
    "Schmachtendorf": ("hoch", "positiv"),
    "Klosterhardt": ("hoch", "stabil"),
    "Königshardt": ("hoch", "stabil"),
    "Tackenberg-West": ("hoch", "stabil"),
    "Walsumer Mark": ("hoch", "stabil"),
}
NIEDRIG_2022 = {
    "Innenstadt",
    "Lirich-Süd",
    "Marienviertel-Ost",
    "Marienviertel-West",
    "Brücktorviertel",
    "Osterfeld-Mitte/Vonderort",
    "Sterkrade-Mitte",
}


def werte(indikator, jahr):
    return Wert.objects.aktuell().filter(
        definition__indikator__schluessel=indikator, stichtag=datetime.date(jahr, 12, 31)
    )


def ergebnisse(jahr):
    lauf = Indexlauf.objects.get(stichtag__year=jahr)
    return {ergebnis.gebiet.name: ergebnis for ergebnis in lauf.ergebnisse.select_related("gebiet")}


@pytest.mark.parametrize(("indikator", "jahr", "quartier", "anteil", "stellen"), ANTEILE)
def test_veroeffentlichte_anteile(geladen, indikator, jahr, quartier, anteil, stellen):
    wert = werte(indikator, jahr).get(gebiet__name=quartier)
    assert round(wert.wert, stellen) == anteil
    assert wert.wert == pytest.approx(100 * wert.zaehler / wert.nenner, abs=1e-12)


@pytest.mark.parametrize(("indikator", "jahr", "anteil", "stellen"), ANTEILE_STADT)
def test_veroeffentlichte_anteile_der_stadt(geladen, indikator, jahr, anteil, stellen):
    summe = werte(indikator, jahr).aggregate(zaehler=Sum("zaehler"), nenner=Sum("nenner"))
    assert round(100 * summe["zaehler"] / summe["nenner"], stellen) == anteil


def test_veroeffentlichte_zahl_arbeitsloser_jugendlicher(geladen):
    assert werte("jugend_alo", 2012).get(gebiet__name="Innenstadt").zaehler == 121


def test_innenstadt_hatte_2012_die_hoechsten_quoten(geladen):
    for indikator in ("sgb2", "kinderarmut"):
        assert werte(indikator, 2012).order_by("wert").last().gebiet.name == "Innenstadt"


def test_klassen_von_2020(geladen):
    gefunden = ergebnisse(2019)
    assert {
        name: (gefunden[name].statusklasse, gefunden[name].dynamikklasse) for name in KLASSEN_2019
    } == KLASSEN_2019
    assert {name for name, ergebnis in gefunden.items() if ergebnis.statusklasse == "hoch"} == HOCH


def test_klassen_von_2023(geladen):
    gefunden = ergebnisse(2022)
    niedrig = {name for name, e in gefunden.items() if e.statusklasse in ("niedrig", "sehr niedrig")}
    assert niedrig == NIEDRIG_2022
    lirich_nord = gefunden["Lirich-Nord"]
    assert lirich_nord.statusklasse == "mittel"
    assert lirich_nord.abstaende["status_jenseits"] == "niedrig"
    assert 0.05 <= lirich_nord.abstaende["status"] <= 0.10


@pytest.mark.parametrize(
    ("jahr", "zustand"),
    [(2016, "veroeffentlicht"), (2019, "veroeffentlicht"), (2022, "veroeffentlicht"), (2024, "entwurf")],
)
def test_laeufe(geladen, jahr, zustand):
    lauf = Indexlauf.objects.get(stichtag=datetime.date(jahr, 12, 31))
    assert lauf.zustand == zustand
    assert lauf.vergleichsstichtag == datetime.date(jahr - 4, 12, 31)
    assert lauf.erstellt_von.rollen == {Rolle.SOZIALPLANUNG}
    if zustand == "veroeffentlicht":
        assert lauf.veroeffentlicht_von.rollen == {Rolle.LEITUNG}
    assert lauf.ergebnisse.filter(einbezogen=True).count() == 27
    assert rechne_nach(lauf=lauf) == []


@pytest.mark.parametrize("nummer", [1, 2, 3, 4])
def test_index_nachrechnen_sagt_identisch(geladen, nummer):
    ausgabe = StringIO()
    call_command("index_nachrechnen", nummer, stdout=ausgabe)
    assert "identisch" in ausgabe.getvalue()


def test_bestand(geladen):
    assert (geladen.quartiere, geladen.werte) == (27, 13 * 27 * 8)
    assert [lauf.nummer for lauf in geladen.laeufe] == [1, 2, 3, 4]
    assert Gebietsstand.objects.get().gueltig_bis is None
    assert Gebiet.objects.quartiere().count() == 27
    assert Gebiet.objects.sozialraeume().count() == 6
    assert Indikator.objects.filter(kern=True).count() == 7
    assert [methodik.version for methodik in Methodik.objects.all()] == [1]
    assert Lieferung.objects.get().zustand == Lieferung.Zustand.UEBERNOMMEN
    assert not Sozialquartier.objects.filter(besonderheiten="").exists()
    assert not Sozialquartier.objects.filter(staerken="").exists()


def test_konten_und_organisationen(geladen):
    assert Organisation.objects.filter(art="fachbereich").count() == 9
    mitglieder = {
        (m.benutzer.email, m.organisation.art)
        for m in Mitgliedschaft.objects.select_related("benutzer", "organisation")
    }
    assert mitglieder == {
        ("fachbereich@demo.example", "fachbereich"),
        ("traeger@demo.example", "traeger"),
    }
    assert Benutzer.objects.count() == len(Rolle)


def test_zweites_laden_wird_abgelehnt(geladen):
    with override_settings(DEMO=True), pytest.raises(DatenVorhanden):
        lade_demodaten()
    with (
        override_settings(DEMO=True),
        pytest.raises(CommandError, match="Es wurde nichts geladen: Die Datenbank"),
    ):
        call_command("demodaten")
    assert Indexlauf.objects.count() == 4


def test_wenn_leer_tut_nichts_und_sagt_es(geladen):
    ausgabe = StringIO()
    call_command("demodaten", wenn_leer=True, stdout=ausgabe)
    assert ausgabe.getvalue() == "Die Datenbank enthält schon Daten; sie bleiben, wie sie sind.\n"
    assert Indexlauf.objects.count() == 4


@pytest.fixture
def planerin(geladen):
    client = Client()
    client.force_login(Benutzer.objects.get(email="sozialplanung@demo.example"))
    return client


@pytest.mark.parametrize(
    "adresse",
    [
        "/",
        "/sozialindex/",
        "/sozialindex/laeufe/3/",
        "/sozialindex/laeufe/4/",
        "/sozialindex/lieferungen/",
        "/sozialindex/methodiken/",
        "/sozialindex/methodiken/oberhausen/1/",
        "/sozialindex/methodiken/oberhausen/1/bearbeiten/",
        "/sozialindex/indikatoren/",
        "/sozialindex/indikatoren/sgb2/",
        "/quartiere/",
        "/quartiere/innenstadt/",
        "/seite/impressum/",
    ],
)
def test_jede_seite_nennt_die_demonstration(planerin, adresse):
    antwort = planerin.get(adresse)
    assert antwort.status_code == 200
    assert "<strong>Demonstrationsdaten:</strong>" in antwort.text


def test_oeffentlich_ist_nur_was_veroeffentlicht_ist(geladen):
    client = Client()
    assert "<strong>Demonstrationsdaten:</strong>" in client.get("/sozialindex/laeufe/3/").text
    assert client.get("/sozialindex/laeufe/4/").status_code == 404
