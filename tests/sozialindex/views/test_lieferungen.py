"""List, report, profiles and withdrawal of deliveries; numbers of queries."""

import csv
import io

import pytest
from django.utils import timezone

from sozialindex.dienste.lieferungen import importiere_datei
from sozialindex.models import Importprofil, Lieferung, Wert

from ..musterstadt import lange_datei, lege_stadt_an, probe, wert
from ..test_lieferungen import veroeffentlichter_lauf
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


def csv_zeilen(antwort):
    return list(csv.reader(io.StringIO(antwort.content.decode("utf-8-sig")), delimiter=";"))


def test_leere_liste_sagt_was_zu_tun_ist(client):
    assert "Es gibt noch keine Lieferung." in text(client.get(adresse("lieferungen")))


def test_liste_nennt_stand_und_zahlen(client):
    uebernimm(client, bis_zur_pruefung(client, probe("02")))
    _, offene = lade_hoch(client, probe("03"))
    seite = client.get(adresse("lieferungen"))
    assert [(x.dateiname, x.geprueft, x.neu) for x in seite.context["lieferungen"]] == [
        ("03_jahre_in_spalten_bom.csv", False, 0),
        ("02_breit_cp1252.csv", True, 238),
    ]
    assert "2 Lieferungen, die neueste zuerst" in text(seite)
    assert f'title="{offene.sha256}">{offene.sha256[:8]}<' in text(seite)


def test_liste_blaettert(client):
    Lieferung.objects.bulk_create(Lieferung(dateiname=f"{n}.csv", sha256="", groesse=1) for n in range(31))
    zweite = client.get(adresse("lieferungen"), {"page": 2})
    assert ([x.dateiname for x in zweite.context["lieferungen"]], "Seite 2 von 2" in text(zweite)) == (
        ["0.csv"],
        True,
    )


def test_angefangene_lieferung_fuehrt_dorthin_wo_sie_war(client):
    _, lieferung = lade_hoch(client, probe("02"))
    assert client.get(adresse("lieferung", lieferung)).url == adresse("lieferung_erkennung", lieferung)
    ordne_zu(client, lieferung)
    assert client.get(adresse("lieferung", lieferung)).url == adresse("lieferung_pruefung", lieferung)


def test_anzahl_der_abfragen_haengt_nicht_von_der_menge_ab(client, zaehle_abfragen, tmp_path):
    def seiten(datei):
        lieferung = bis_zur_pruefung(client, datei)
        namen = ("lieferung_erkennung", "lieferung_zuordnung", "lieferung_pruefung")
        anzahlen = [zaehle_abfragen(client.get, adresse(name, lieferung)) for name in namen]
        uebernimm(client, lieferung)
        anzahlen.append(zaehle_abfragen(client.get, adresse("lieferung", lieferung)))
        return [*anzahlen, zaehle_abfragen(client.get, adresse("lieferungen"))]

    eine = seiten(lange_datei(tmp_path, "2015;101;Innenstadt;sgb2;1;10"))
    assert seiten(probe("01")) == eine


def test_liste_braucht_mit_drei_zeilen_so_viele_abfragen_wie_mit_einer(client, zaehle_abfragen, konto):
    def lege_an(nummer):
        person = konto("sozialplanung")
        Lieferung.objects.create(dateiname=f"{nummer}.csv", sha256="", groesse=1, hochgeladen_von=person)

    lege_an(1)
    eine = zaehle_abfragen(client.get, adresse("lieferungen"))
    lege_an(2)
    lege_an(3)
    assert zaehle_abfragen(client.get, adresse("lieferungen")) == eine


def test_pruefbericht_enthaelt_aenderungen_fehler_und_anzahlen(client, tmp_path):
    importiere_datei(pfad=lange_datei(tmp_path, "2019;101;Innenstadt;sgb2;4000;10034"))
    lieferung = bis_zur_pruefung(client, probe("07"))
    antwort = client.get(adresse("lieferung_bericht", lieferung))
    zeilen = csv_zeilen(antwort)
    assert antwort["Content-Type"] == "text/csv; charset=utf-8"
    assert zeilen[0] == ["Art", "Zeile", "Spalte", "Text", "Grund"]
    assert ["Fehler", "6", "Zähler", "zwölf", "„zwölf“ ist keine Zahl."] in zeilen
    assert [
        "geändert",
        "2",
        "SGB-II-Quote",
        "40,4 % (4.057 von 10.034)",
        "Innenstadt, 31.12.2019: bisher 39,9 % (4.000 von 10.034)",
    ] in zeilen
    assert ["Anzahl", "", "neu", "17", ""] in zeilen
    assert ["Anzahl", "", "geändert", "1", ""] in zeilen


def test_bericht_einer_ungeprueften_lieferung_gibt_es_nicht(client):
    _, lieferung = lade_hoch(client, probe("02"))
    assert client.get(adresse("lieferung_bericht", lieferung)).status_code == 404


def test_verwerfen_loescht_die_datei_und_speichert_nichts(client):
    lieferung = bis_zur_pruefung(client, probe("02"))
    antwort = client.post(adresse("lieferung_verwerfen", lieferung), follow=True)
    assert meldungen(antwort) == [
        f"{lieferung} ist verworfen. Es wurde kein Wert übernommen, die Datei ist gelöscht."
    ]
    lieferung.refresh_from_db()
    assert (lieferung.zustand, hasattr(lieferung, "datei"), Wert.objects.exists()) == (
        "verworfen",
        False,
        False,
    )
    assert "verworfen" in text(client.get(adresse("lieferung", lieferung)))


def test_ergebnisseite_sagt_wie_es_weitergeht(client):
    lieferung = bis_zur_pruefung(client, probe("02"))
    seite = uebernimm(client, lieferung)
    assert "Index für den 31.12.2022 berechnen" in text(seite)
    assert "?stichtag=2022-12-31" in text(seite)


def test_zurueckziehen_fragt_und_bringt_die_frueheren_werte(client, tmp_path):
    importiere_datei(pfad=lange_datei(tmp_path, "2016;101;Innenstadt;sgb2;1;10"))
    lieferung = bis_zur_pruefung(client, probe("01"))
    uebernimm(client, lieferung)
    frage = client.get(adresse("lieferung_zurueckziehen", lieferung))
    assert "für 1.322 neue Werte gilt danach keiner mehr" in text(frage)
    assert "für 1 geänderten Wert gilt wieder der frühere." in text(frage)
    assert Wert.objects.aktuell().count() == 1323
    antwort = client.post(adresse("lieferung_zurueckziehen", lieferung), follow=True)
    assert meldungen(antwort)[-1] == (
        f"{lieferung} ist zurückgezogen. Es gelten wieder die Werte der anderen Lieferungen."
    )
    assert (Wert.objects.aktuell().count(), wert("101", "sgb2", 2016).wert) == (1, 10.0)


def test_seite_und_liste_nennen_wer_zurueckgezogen_hat(client, tmp_path):
    pruefung = importiere_datei(pfad=lange_datei(tmp_path, "2016;101;Innenstadt;sgb2;1;10"))
    lieferung = Lieferung.objects.get(pk=pruefung.lieferung)
    client.post(adresse("lieferung_zurueckziehen", lieferung))
    lieferung.refresh_from_db()
    person = lieferung.zurueckgezogen_von
    am = timezone.localtime(lieferung.zurueckgezogen_am)
    assert f"<dt>zurückgezogen</dt> <dd> {am:%d.%m.%Y, %H:%M} Uhr, {person} </dd>" in text(
        client.get(adresse("lieferung", lieferung))
    )
    assert f'<span class="einheit">{am:%d.%m.%Y}, {person}</span>' in text(client.get(adresse("lieferungen")))


def test_zurueckziehen_ist_verwehrt_wenn_ein_veroeffentlichter_lauf_darauf_beruht(client):
    lieferung = bis_zur_pruefung(client, probe("02"))
    uebernimm(client, lieferung)
    veroeffentlichter_lauf(lieferung)
    hindernis = "Der veröffentlichte Indexlauf 1 beruht auf ihren Werten"
    frage = client.get(adresse("lieferung_zurueckziehen", lieferung))
    assert hindernis in frage.context["hindernis"]
    antwort = client.post(adresse("lieferung_zurueckziehen", lieferung), follow=True)
    assert hindernis in meldungen(antwort)[-1]
    assert Wert.objects.aktuell().count() == 238


def test_profil_speichern_vorschlagen_und_weglassen(client):
    erste = bis_zur_pruefung(client, probe("03"), indikator="sgb2")
    uebernimm(client, erste)
    antwort = client.post(adresse("lieferung_profil", erste), {"name": "Jahresreihe"}, follow=True)
    assert meldungen(antwort)[-1].startswith("Das Importprofil „Jahresreihe“ ist gespeichert")
    naechste = probe("03").read_bytes().replace(b"36,3", b"36,9")
    _, zweite = lade_hoch(client, naechste)
    assert zweite.profil == Importprofil.objects.get()
    erkennung = client.get(adresse("lieferung_erkennung", zweite))
    assert "Das Importprofil <strong>Jahresreihe</strong> ist angewandt." in text(erkennung)
    assert ordne_zu(client, zweite).url == adresse("lieferung_pruefung", zweite)
    client.post(adresse("lieferung_ohne_profil", zweite))
    assert fehler(ordne_zu(client, zweite)) == ["Zu welchem Indikator gehören die Werte?"]


def test_profil_ohne_namen_wird_nicht_gespeichert(client):
    lieferung = bis_zur_pruefung(client, probe("02"))
    uebernimm(client, lieferung)
    antwort = client.post(adresse("lieferung_profil", lieferung), {"name": ""}, follow=True)
    assert meldungen(antwort) == ["Bitte geben Sie dem Importprofil einen Namen mit höchstens 80 Zeichen."]
    assert not Importprofil.objects.exists()


def test_profil_loeschen_laesst_die_lieferung(client):
    lieferung = bis_zur_pruefung(client, probe("02"))
    client.post(adresse("lieferung_profil", lieferung), {"name": "Jahrestabelle"})
    assert "1 Importprofil" in text(client.get(adresse("importprofile")))
    profil = Importprofil.objects.get()
    antwort = client.post(f"{adresse('importprofile')}{profil.pk}/loeschen/", follow=True)
    assert meldungen(antwort)[-1].startswith("Das Importprofil ist gelöscht.")
    lieferung.refresh_from_db()
    assert (lieferung.profil, Importprofil.objects.count()) == (None, 0)


def test_breite_datei_mit_900_spalten_laesst_sich_zuordnen(client):
    kopf = ";".join(["Nr", "Quartier", "SGB-II-Quote", *(f"Spalte{n}" for n in range(897))])
    zeilen = [
        ";".join([nummer, name, "12,5", *["x"] * 897])
        for nummer, name in [("101", "Innenstadt"), ("104", "Styrum")]
    ]
    inhalt = "\n".join([kopf, *zeilen, ""]).encode()
    lieferung = bis_zur_pruefung(client, inhalt, stichtag="2019")
    assert (lieferung.neu, lieferung.fehler) == (2, 0)


def test_vorschau_ohne_weiter_bleibt_auf_der_seite(client):
    _, lieferung = lade_hoch(client, probe("02"))
    angaben = formularwerte(client.get(adresse("lieferung_erkennung", lieferung)), aktion="vorschau")
    antwort = client.post(adresse("lieferung_erkennung", lieferung), angaben | {"daten_bis": 13})
    assert antwort.url == adresse("lieferung_erkennung", lieferung)
    lieferung.refresh_from_db()
    assert lieferung.einstellungen["daten_bis"] == 13


def test_spalte_ohne_werte_verliert_indikator_und_stichtag(client):
    _, lieferung = lade_hoch(client, probe("02"))
    lies_datei(client, lieferung)
    ordne_zu(client, lieferung, aktion="speichern", **{"spalte-3-rolle": "ignorieren"})
    lieferung.refresh_from_db()
    assert lieferung.einstellungen["spalten"][3] == {"rolle": "ignorieren"}


def test_zeichen_lassen_sich_umdeuten(client):
    _, lieferung = lade_hoch(client, probe("02"))
    form = client.get(adresse("lieferung_zuordnung", lieferung)).context["form"]
    feld = f"zeichen-{list(form.einblick.zeichen).index('/')}"
    ordne_zu(client, lieferung, **{feld: "g"})
    uebernimm(client, Lieferung.objects.get(pk=lieferung.pk))
    assert wert("502", "jugend_alo", 2022).zustand == "g"


def test_zeichen_als_fehler_melden(client):
    _, lieferung = lade_hoch(client, probe("02"))
    form = client.get(adresse("lieferung_zuordnung", lieferung)).context["form"]
    ordne_zu(client, lieferung, **{f"zeichen-{list(form.einblick.zeichen).index('/')}": ""})
    lieferung.refresh_from_db()
    assert [(f["zeile"], f["text"]) for f in lieferung.bericht["fehler"]] == [(32, "/")]


def test_gleichnamiger_sozialraum_und_quartier_bleiben_auseinander(client, tmp_path):
    pfad = lange_datei(tmp_path, "2019;;Bereich Vier;sgb2;5;100", "2019;101;Innenstadt;sgb2;6;100")
    _, lieferung = lade_hoch(client, pfad)
    form = client.get(adresse("lieferung_zuordnung", lieferung)).context["form"]
    auswahl = dict(form.fields["gebiet-0"].choices)
    assert ("Sozialraum Sterkrade-Mitte", "4 Sterkrade-Mitte") in auswahl["Sozialräume"]
    assert ("401", "401 Sterkrade-Mitte") in auswahl["Quartiere"]
    ordne_zu(client, lieferung, **{"gebiet-0": "Sozialraum Sterkrade-Mitte"})
    uebernimm(client, Lieferung.objects.get(pk=lieferung.pk))
    assert wert("4", "sgb2", 2019).wert == 5.0


def test_unbekannter_indikator_laesst_sich_anlegen_und_fuehrt_zurueck(client):
    _, lieferung = lade_hoch(client, probe("07"))
    hier = adresse("lieferung_zuordnung", lieferung)
    seite = text(client.get(hier))
    ziel = f"{adresse('indikator_neu')}?schluessel=sgb_zwei&name=sgb_zwei&zurueck={hier.replace('/', '%2F')}"
    assert f'<a href="{ziel}">unbekannter Indikator: jetzt anlegen</a>' in seite
    assert client.get(ziel).context["form"].initial["name"] == "sgb_zwei"
