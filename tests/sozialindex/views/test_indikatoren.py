import datetime

import pytest
from django.urls import reverse

from sozialindex.models import Indikator

from ..fabriken import (
    STICHTAG,
    VERGLEICH,
    DefinitionFabrik,
    IndikatorFabrik,
    Kleinstadt,
    MethodikFabrik,
    WertFabrik,
)

pytestmark = pytest.mark.django_db

LISTE = reverse("sozialindex:indikatoren")
NEU = reverse("sozialindex:indikator_neu")
NEUER = {
    "schluessel": "wohngeld",
    "name": "Wohngeld",
    "kurzname": "Wohngeld",
    "zaehler": "Haushalte mit Wohngeld",
    "nenner": "Haushalte",
    "quelle": "Amt",
    "aliase": "Wohngeldquote\n\nMietzuschuss",
    "art": "anteil",
    "einheit": "%",
    "nachkommastellen": "1",
    "reihenfolge": "100",
    "sprunggrenze": "2,5",
    "mindestzahl": "3",
}


def adresse(name="indikator", schluessel="armut"):
    return reverse(f"sozialindex:{name}", kwargs={"schluessel": schluessel})


@pytest.fixture
def planung(client_als):
    return client_als("sozialplanung")


# --- list ---


def test_liste_kernindikatoren_zuerst_mit_stichtagen(client):
    IndikatorFabrik(schluessel="weiterer", kern=False, reihenfolge=0)
    stadt = Kleinstadt()
    DefinitionFabrik(indikator=stadt.armut.indikator, version=2, quelle="Neue Stelle")
    indikatoren = client.get(LISTE).context["indikatoren"]
    assert [(indikator.schluessel, indikator.stichtage) for indikator in indikatoren] == [
        ("armut", 2),
        ("alter", 2),
        ("weiterer", 0),
    ]
    assert [definition.version for definition in indikatoren[0].definitionen.all()] == [2, 1]


def test_leere_liste_sagt_warum(client):
    assert "Es ist noch kein Indikator angelegt." in client.get(LISTE).text


@pytest.mark.parametrize("anzahl", [1, 3])
def test_liste_braucht_immer_gleich_viele_abfragen(client, anzahl, django_assert_num_queries):
    for _ in range(anzahl):
        DefinitionFabrik()
    with django_assert_num_queries(3):
        client.get(LISTE)


# --- page ---


def test_stichtage_je_definition(client):
    stadt = Kleinstadt()
    zweite = DefinitionFabrik(indikator=stadt.armut.indikator, version=2)
    spaeter = datetime.date(2021, 12, 31)
    WertFabrik(gebiet=stadt.quartiere[0], definition=zweite, stichtag=spaeter, zaehler=None, zustand="g")
    zeilen = client.get(adresse()).context["stichtage"]
    assert [(z.stichtag, z.definition, z.quartiere, z.gefuellt) for z in zeilen] == [
        (spaeter, 2, 1, 0),
        (STICHTAG, 1, 6, 6),
        (VERGLEICH, 1, 6, 6),
    ]


def test_verwendet_in_methodiken(planung, client):
    Kleinstadt()
    methodik = MethodikFabrik()
    assert planung.get(adresse()).context["methodiken"] == [methodik]
    assert client.get(adresse()).context["methodiken"] == []


def test_links_zu_lieferungen_nur_fuer_die_planung(planung, client):
    lieferung = Kleinstadt().lieferung
    assert lieferung.get_absolute_url() in planung.get(adresse()).text
    assert lieferung.get_absolute_url() not in client.get(adresse()).text


# --- create ---


def test_anlegen(planung):
    assert planung.post(NEU, NEUER).url == adresse(schluessel="wohngeld")
    indikator = Indikator.objects.get()
    assert (indikator.name, indikator.sprunggrenze, indikator.mindestzahl) == ("Wohngeld", 2.5, 3)
    assert indikator.definitionen.get().zaehler == "Haushalte mit Wohngeld"
    assert [alias.name for alias in indikator.aliase.all()] == ["Mietzuschuss", "Wohngeldquote"]


def test_anlegen_aus_dem_import_vorausgefuellt_und_zurueck(planung):
    ziel = "/sozialindex/lieferungen/7/zuordnung/?seite=2"
    frage = {"schluessel": "Wohngeld-Fälle (Summe)", "name": "Wohngeld-Fälle (Summe)", "zurueck": ziel}
    seite = planung.get(NEU, frage)
    assert seite.context["form"]["schluessel"].value() == "wohngeld_faelle_summe"
    assert seite.context["form"]["name"].value() == "Wohngeld-Fälle (Summe)"
    assert seite.context["zurueck"] == ziel
    assert planung.post(NEU, NEUER, query_params=frage).url == ziel


@pytest.mark.parametrize("ziel", ["https://fremd.example/", "//fremd.example", "javascript:alert(1)"])
def test_zurueck_fuehrt_nie_nach_draussen(planung, ziel):
    assert planung.get(NEU, {"zurueck": ziel}).context["zurueck"] == ""
    antwort = planung.post(NEU, NEUER, query_params={"zurueck": ziel})
    assert antwort.url == adresse(schluessel="wohngeld")


@pytest.mark.parametrize(
    ("feld", "eingabe", "fehler"),
    [
        (
            "sprunggrenze",
            "1.500",
            {"sprunggrenze": ["„1.500“ ist mehrdeutig. Bitte schreiben Sie 1,500 oder 1500."]},
        ),
        (
            "schluessel",
            "neu",
            {"__all__": ["Der Schlüssel „neu“ ist vergeben. Bitte wählen Sie einen anderen."]},
        ),
        ("name", "", {"name": ["Dieses Feld ist zwingend erforderlich."]}),
        (
            "aliase",
            "Bestand",
            {"__all__": ["Der Name „Bestand“ gehört schon zum Indikator „Bestand“."]},
        ),
        (
            "schluessel",
            "bestand",
            {"schluessel": ["Indikator mit diesem Wert für das Feld Schlüssel existiert bereits."]},
        ),
    ],
)
def test_anlegen_lehnt_ab(planung, feld, eingabe, fehler):
    IndikatorFabrik(schluessel="bestand", name="Bestand")
    seite = planung.post(NEU, NEUER | {feld: eingabe})
    assert seite.context["form"].errors == fehler
    assert Indikator.objects.count() == 1


def test_kurzname_ist_ohne_angabe_der_name(planung):
    planung.post(
        NEU, NEUER | {"name": "Haushalte mit Wohngeld an allen Haushalten der Stadt", "kurzname": ""}
    )
    assert Indikator.objects.get().kurzname == "Haushalte mit Wohngeld an allen Haushalt"


# --- change ---


def test_bearbeiten(planung):
    stadt = Kleinstadt()
    form = planung.get(adresse("indikator_bearbeiten")).context["form"]
    daten = {feld.html_name: feld.value() for feld in form if feld.value() not in (None, False)}
    daten |= {"name": "Armutsquote", "sprunggrenze": "3", "aliase": "Quote"}
    assert planung.post(adresse("indikator_bearbeiten"), daten).url == adresse()
    indikator = Indikator.objects.get(schluessel="armut")
    assert (indikator.name, indikator.sprunggrenze) == ("Armutsquote", 3.0)
    assert [alias.name for alias in indikator.aliase.all()] == ["Quote"]
    assert stadt.armut.version == 1


def test_bearbeiten_zeigt_die_namen(planung):
    indikator = DefinitionFabrik(indikator__schluessel="armut").indikator
    indikator.aliase.create(name="Eins")
    indikator.aliase.create(name="Zwei")
    form = planung.get(adresse("indikator_bearbeiten")).context["form"]
    assert form["aliase"].value() == "Eins\nZwei"
    assert "schluessel" not in form.fields


def test_neue_definition(planung):
    DefinitionFabrik(indikator__schluessel="armut", zaehler="alt", nenner="n", quelle="Amt")
    form = planung.get(adresse("definition_neu")).context["form"]
    assert form["zaehler"].value() == "alt"
    antwort = planung.post(adresse("definition_neu"), {"zaehler": "neu", "nenner": "n", "quelle": "Amt"})
    assert antwort.url == adresse()
    versionen = Indikator.objects.get().definitionen.values_list("version", "zaehler")
    assert list(versionen) == [(1, "alt"), (2, "neu")]


def test_wortgleiche_definition(planung):
    DefinitionFabrik(indikator__schluessel="armut", zaehler="alt", nenner="n", quelle="Amt")
    seite = planung.post(adresse("definition_neu"), {"zaehler": "alt", "nenner": "n", "quelle": "Amt"})
    assert seite.context["form"].non_field_errors() == [
        "Das ist wortgleich mit der Definition 1. Es wurde keine neue Version angelegt."
    ]


def test_nur_die_sozialplanung_bearbeitet(client_als):
    DefinitionFabrik(indikator__schluessel="armut")
    for rolle in ("leitung", "fachbereich", "administration", "traeger"):
        client = client_als(rolle)
        for ziel in (NEU, adresse("indikator_bearbeiten"), adresse("definition_neu")):
            assert client.get(ziel).status_code == 403
