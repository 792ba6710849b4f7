"""The ten sample deliveries through the pages, as a planner takes them."""

import csv
import io

import pytest

from quartiere.models import Ebene, Gebietsalias
from sozialindex.models import Indikator, Indikatoralias, Lieferung, Wert

from ..musterstadt import lege_stadt_an, probe, wert
from .einfuhr import (
    adresse,
    bis_zur_pruefung,
    fehler,
    formularwerte,
    lade_hoch,
    lies_datei,
    meldungen,
    ordne_zu,
    text,
    uebernimm,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def stadt(db):
    return lege_stadt_an()


@pytest.fixture
def client(client_als):
    return client_als("sozialplanung")


def zahlen(lieferung):
    return (lieferung.neu, lieferung.geaendert, lieferung.gleich, lieferung.ausgelassen, lieferung.fehler)


def test_01_alle_werte(client):
    lieferung = bis_zur_pruefung(client, probe("01"))
    assert (zahlen(lieferung), Wert.objects.count()) == ((1323, 0, 0, 0, 0), 0)
    antwort = uebernimm(client, lieferung)
    assert (lieferung.zustand, Wert.objects.aktuell().count()) == ("uebernommen", 1323)
    assert "Die Werte sind übernommen und gelten ab sofort." in text(antwort)


def test_02_vorschlag_zeichen_und_auslassungen(client):
    _, lieferung = lade_hoch(client, probe("02"))
    erkennung = client.get(adresse("lieferung_erkennung", lieferung))
    angaben = formularwerte(erkennung)
    assert {
        name: angaben[name]
        for name in ("kodierung", "trennzeichen", "dezimalzeichen", "kopf_von", "kopf_bis")
    } == {
        "kodierung": "cp1252",
        "trennzeichen": ";",
        "dezimalzeichen": ",",
        "kopf_von": 4,
        "kopf_bis": 4,
    }
    assert len(erkennung.context["vorschau"].zeilen) == 20
    assert erkennung.context["vorschau"].kopf[3] == "Migrationshintergrund in %"
    zuordnung = client.get(adresse("lieferung_zuordnung", lieferung))
    form = zuordnung.context["form"]
    assert form.einblick.zeichen == {"/": 1, "-": 1, ".": 1, "...": 1}
    bedeutungen = {eintrag["zeichen"]: eintrag["feld"].value() for eintrag in form.zeichen}
    assert bedeutungen == {"...": "t", "/": "u", "-": "0", ".": "g"}
    assert form["stichtag"].value() == "31.12.2022"
    assert form.einblick.gebiete == []
    ordne_zu(client, lieferung)
    pruefung = client.get(adresse("lieferung_pruefung", lieferung))
    gruende = {zeile["grund"] for zeile in pruefung.context["bericht"].ausgelassen.eintraege}
    assert {"Titelzeile über der Kopfzeile", "Fußzeile oder Erläuterung", "leere Zeile"} <= gruende
    uebernimm(client, lieferung)
    assert [Wert.objects.filter(gebiet__ebene=ebene).count() for ebene in Ebene] == [7, 42, 189]
    assert [
        (wert(*ort, 2022).zustand, wert(*ort, 2022).wert)
        for ort in [
            ("502", "jugend_alo"),
            ("503", "altersarmut"),
            ("504", "jugend_alo"),
            ("404", "kinderreich"),
        ]
    ] == [("u", None), ("0", 0.0), ("g", None), ("t", None)]


def test_03_fragt_nach_dem_indikator(client):
    _, lieferung = lade_hoch(client, probe("03"))
    lies_datei(client, lieferung)
    antwort = ordne_zu(client, lieferung)
    assert fehler(antwort) == ["Zu welchem Indikator gehören die Werte?"]
    assert ordne_zu(client, lieferung, indikator="sgb2").url == adresse("lieferung_pruefung", lieferung)
    uebernimm(client, lieferung.__class__.objects.get(pk=lieferung.pk))
    assert (Wert.objects.count(), wert("101", "sgb2", 2016).wert) == (189, 36.3)


def test_04_blatt_und_kopfzeilen_sind_waehlbar(client):
    _, lieferung = lade_hoch(client, probe("04"))
    erkennung = client.get(adresse("lieferung_erkennung", lieferung))
    blaetter = [name for name, _ in erkennung.context["form"].fields["blatt"].choices]
    assert len(blaetter) == 2
    angaben = formularwerte(erkennung)
    assert angaben["kopf_bis"] - angaben["kopf_von"] == 1
    anderes = next(name for name in blaetter if name != angaben["blatt"])
    client.post(adresse("lieferung_erkennung", lieferung), angaben | {"blatt": anderes, "aktion": "vorschau"})
    neue_vorschau = client.get(adresse("lieferung_erkennung", lieferung))
    assert formularwerte(neue_vorschau)["blatt"] == anderes
    assert neue_vorschau.context["vorschau"].kopf != erkennung.context["vorschau"].kopf
    client.post(
        adresse("lieferung_erkennung", lieferung), formularwerte(neue_vorschau, blatt=angaben["blatt"])
    )
    assert formularwerte(client.get(adresse("lieferung_erkennung", lieferung))) == angaben
    ordne_zu(client, lieferung)
    uebernimm(client, lieferung)
    assert Wert.objects.filter(zustand="g", wert=None).exists()
    assert not Wert.objects.filter(zustand="0").exists()


def test_05_qualitaet_und_datum(client):
    uebernimm(client, bis_zur_pruefung(client, probe("05")))
    assert set(Wert.objects.values_list("qualitaet", "stichtag__year")) == {("", 2020), ("p", 2020)}


def test_06_ohne_zuordnung_von_hand(client):
    uebernimm(client, bis_zur_pruefung(client, probe("06"), indikator="sgb2"))
    assert (Wert.objects.count(), wert("104", "sgb2", 2018).wert) == (189, 21.0)


def test_07_jede_schlechte_zeile_und_dann_nur_die_guten(client):
    lieferung = bis_zur_pruefung(client, probe("07"))
    seite = client.get(adresse("lieferung_pruefung", lieferung))
    zeilen = {eintrag["zeile"] for eintrag in seite.context["bericht"].fehler.eintraege}
    assert {3, 4, 6, 8, 10, 14, 16, 18, 30} <= zeilen
    assert "zwölf" in text(seite)
    assert "Hogwarts" in text(seite)
    abgelehnt = uebernimm(client, lieferung, "alle")
    assert (lieferung.zustand, Wert.objects.count()) == ("in_arbeit", 0)
    assert "Es wurde nichts übernommen." in text(abgelehnt)
    uebernimm(client, lieferung, "nur_gute")
    assert (lieferung.zustand, lieferung.nur_gute, Wert.objects.count()) == (
        "uebernommen",
        True,
        lieferung.neu,
    )


def test_07_unbekannte_namen_werden_zugeordnet_und_gemerkt(client):
    _, lieferung = lade_hoch(client, probe("07"))
    form = client.get(adresse("lieferung_zuordnung", lieferung)).context["form"]
    assert [name.text for name in form.einblick.gebiete] == ["Hogwarts"]
    assert [(name.text, name.zeile, name.aehnlich) for name in form.einblick.indikatoren] == [
        ("sgb_zwei", 18, "")
    ]
    ordne_zu(client, lieferung, **{"gebiet-0": "205", "wort-0": "sgb2"})
    lieferung.refresh_from_db()
    zeilen = {eintrag["zeile"] for eintrag in lieferung.bericht["fehler"]}
    assert not {10, 18} & zeilen
    assert not Gebietsalias.objects.exists()
    form = client.get(adresse("lieferung_zuordnung", lieferung)).context["form"]
    assert (form["gebiet-0"].value(), form["gebiet-0-merken"].value()) == ("205", True)
    uebernimm(client, lieferung, "nur_gute")
    assert Gebietsalias.objects.get().gebiet.nummer == "205"
    assert Indikatoralias.objects.get(name="sgb_zwei").indikator.schluessel == "sgb2"


def test_07_ohne_haken_wird_der_name_nicht_gemerkt(client):
    _, lieferung = lade_hoch(client, probe("07"))
    ordne_zu(client, lieferung, **{"gebiet-0": "205", "gebiet-0-merken": False})
    lieferung.refresh_from_db()
    assert 10 not in {eintrag["zeile"] for eintrag in lieferung.bericht["fehler"]}
    form = client.get(adresse("lieferung_zuordnung", lieferung)).context["form"]
    assert form["gebiet-0-merken"].value() is False
    uebernimm(client, lieferung, "nur_gute")
    assert not Gebietsalias.objects.exists()


def test_07_verworfen_wird_kein_name_gemerkt(client):
    _, lieferung = lade_hoch(client, probe("07"))
    ordne_zu(client, lieferung, **{"gebiet-0": "205"})
    client.post(adresse("lieferung_verwerfen", lieferung))
    assert not Gebietsalias.objects.exists()


def test_07_zu_merkender_name_ohne_ziel_laesst_nichts_uebernehmen(client):
    _, lieferung = lade_hoch(client, probe("07"))
    ordne_zu(client, lieferung, **{"wort-0": "migration"})
    Indikator.objects.get(schluessel="migration").delete()
    uebernimm(client, lieferung, "nur_gute")  # the dry run is outdated and done again
    antwort = uebernimm(client, lieferung, "nur_gute")
    assert meldungen(antwort) == [
        "„sgb_zwei“ ist „migration“ zugeordnet, das es so nicht mehr gibt. Es wurde nichts übernommen. "
        "Bitte ordnen Sie diesen Namen neu zu."
    ]
    assert (lieferung.zustand, Wert.objects.exists()) == ("in_arbeit", False)


def test_08_nur_kopf_mit_klarer_meldung(client):
    antwort, lieferung = lade_hoch(client, probe("08"))
    if lieferung is None:
        assert fehler(antwort) == ["Die Datei enthält unter der Kopfzeile keine Datenzeilen."]
    else:
        antwort = ordne_zu(client, lieferung)
        assert "keine Datenzeilen" in " ".join(fehler(antwort))
    assert not Wert.objects.exists()


def test_09_bild_mit_klarer_meldung(client):
    antwort, lieferung = lade_hoch(client, probe("09"))
    assert (antwort.status_code, lieferung) == (200, None)
    (meldung,) = fehler(antwort)
    assert meldung.startswith("„09_bild.xlsx“ ist ein Bild")
    assert meldung.endswith("Es wurde nichts gespeichert.")


def test_10_formeln_verlassen_die_anwendung_nicht_als_formel(client):
    lieferung = bis_zur_pruefung(client, probe("10"))
    antwort = client.get(adresse("lieferung_bericht", lieferung))
    zellen = [
        zelle
        for zeile in csv.reader(io.StringIO(antwort.content.decode("utf-8-sig")), delimiter=";")
        for zelle in zeile
    ]
    assert not [zelle for zelle in zellen if zelle.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert [zelle for zelle in zellen if zelle.startswith("'=HYPERLINK")]
    antwort = uebernimm(client, lieferung, "nur_gute")
    assert (Lieferung.objects.get().zustand, Wert.objects.count()) == ("in_arbeit", 0)
    assert "Keine Zeile der Datei ist lesbar. Es wurde nichts übernommen." in text(antwort)
