import datetime
import io
import zipfile

import pytest
from django.test import Client
from django.urls import reverse

from sozialindex.dienste import laeufe as dienste
from sozialindex.dienste.ruecknahme import ziehe_lieferung_zurueck
from sozialindex.models import Indexlauf, Lieferung, Wert

from ..fabriken import (
    STICHTAG,
    VERGLEICH,
    GebietFabrik,
    GebietsstandFabrik,
    Kleinstadt,
    MethodikFabrik,
    methodikdaten,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def planerin(konto):
    return konto("sozialplanung")


@pytest.fixture
def entwurf(planerin):
    Kleinstadt()
    return dienste.berechne_lauf(stichtag=STICHTAG, methodik=MethodikFabrik(), erstellt_von=planerin)


@pytest.fixture
def veroeffentlicht(entwurf, planerin, konto):
    dienste.pruefe_lauf(lauf=entwurf, geprueft_von=planerin)
    return dienste.veroeffentliche_lauf(lauf=entwurf, veroeffentlicht_von=konto("leitung"))


def als(person):
    client = Client()
    client.force_login(person)
    return client


def adresse(name, lauf):
    return reverse(f"sozialindex:{name}", kwargs={"nummer": lauf.nummer})


def meldungen(antwort):
    return [str(meldung) for meldung in antwort.context["messages"]]


def test_draft_is_invisible_to_the_public(client, entwurf, client_als):
    for gast in (client, client_als("traeger"), client_als("prozessberatung")):
        assert gast.get(adresse("lauf", entwurf)).status_code == 404
        assert gast.get(adresse("lauf_zip", entwurf)).status_code == 404
        assert list(gast.get(reverse("sozialindex:uebersicht")).context["laeufe"]) == []


def test_list_of_the_public_and_of_planners(client, veroeffentlicht, planerin):
    neuer = dienste.berechne_lauf(stichtag=STICHTAG, methodik=veroeffentlicht.methodik)
    uebersicht = reverse("sozialindex:uebersicht")
    assert list(client.get(uebersicht).context["laeufe"]) == [veroeffentlicht]
    assert list(als(planerin).get(uebersicht).context["laeufe"]) == [neuer, veroeffentlicht]
    gefiltert = als(planerin).get(uebersicht, {"zustand": "entwurf", "jahr": "2020"})
    assert list(gefiltert.context["laeufe"]) == [neuer]


def test_public_sees_classes_but_no_review(client, veroeffentlicht):
    antwort = client.get(adresse("lauf", veroeffentlicht))
    assert antwort.context["bericht"].pruefteil is None
    klassen = [(z.gebiet.nummer, z.statusklasse.wort) for z in antwort.context["bericht"].zeilen]
    assert klassen == [
        ("1002", "mittel"),
        ("1004", "mittel"),
        ("1006", "mittel"),
        ("2001", "hoch"),
        ("2003", "hoch"),
        ("2005", "sehr niedrig"),
    ]
    for wort in ("Eingangswerte", "Bemerkungen", "Beiträge zum Statusindex", "Nächster Schritt"):
        assert wort not in antwort.text


def test_crossing_holds_every_area_once(client, veroeffentlicht):
    bericht = client.get(adresse("lauf", veroeffentlicht)).context["bericht"]
    kreuzung = [
        (status.wort, [[z.gebiet.nummer for z in zelle] for zelle in zellen])
        for status, zellen in bericht.kreuzung
    ]
    assert kreuzung == [
        ("hoch", [["2001", "2003"], [], []]),
        ("mittel", [[], ["1002", "1004", "1006"], []]),
        ("niedrig", [[], [], []]),
        ("sehr niedrig", [[], [], ["2005"]]),
    ]


def test_own_trend_stands_beside_the_dynamics(entwurf, planerin):
    bericht = als(planerin).get(adresse("lauf", entwurf)).context["bericht"]
    # Quarter 2005: `armut` 10 now and 7 before, `alter` 9 and 9.
    trend = bericht.zeilen[-1].trend
    assert (trend.gestiegen, trend.gefallen, trend.anzahl) == (1, 0, 2)
    assert trend.mittel == pytest.approx(1.5)
    assert bericht.stadttrend.mittel == pytest.approx((42 - 39 + 42 - 48) / 600 * 100 / 2)


def test_change_of_classes_against_the_last_published_run(veroeffentlicht, planerin):
    stadtwerte = veroeffentlicht.ergebnisse.get(gebiet__nummer="2001").gebiet.werte
    wert = stadtwerte.get(definition__indikator__schluessel="armut", stichtag=STICHTAG)
    type(wert).objects.filter(pk=wert.pk).update(zaehler=40, wert=40)
    neu = dienste.berechne_lauf(stichtag=STICHTAG, methodik=veroeffentlicht.methodik)
    bericht = als(planerin).get(adresse("lauf", neu)).context["bericht"]
    assert bericht.vergleichslauf == veroeffentlicht
    wechsel = {w.gebiet.nummer: (w.status_vorher.wort, w.status.wort) for w in bericht.wechsel}
    assert wechsel["2001"] == ("hoch", "sehr niedrig")
    assert "1002" not in wechsel or wechsel["1002"][0] == "mittel"


def lege_neuen_stand_an(alt):
    """A later layout with the same numbers, to which all figures belong from now on."""
    beginn = datetime.date(2020, 1, 1)
    type(alt).objects.filter(pk=alt.pk).update(gueltig_bis=beginn)
    neu = GebietsstandFabrik(gueltig_von=beginn)
    for gebiet in alt.gebiete.order_by("-ebene"):  # from the city down to the quarters
        ersatz = GebietFabrik(
            gebietsstand=neu,
            ebene=gebiet.ebene,
            nummer=gebiet.nummer,
            uebergeordnet=neu.gebiete.filter(
                nummer=gebiet.uebergeordnet and gebiet.uebergeordnet.nummer
            ).first(),
        )
        Wert.objects.filter(gebiet=gebiet).update(gebiet=ersatz)


@pytest.mark.parametrize("anders", ["methodik", "gebietsstand"])
def test_classes_are_not_compared_across_methods_and_layouts(veroeffentlicht, planerin, anders):
    felder = {"stichtag": STICHTAG, "methodik": veroeffentlicht.methodik}
    if anders == "methodik":
        felder["methodik"] = MethodikFabrik(schluessel="andere")
    else:
        lege_neuen_stand_an(veroeffentlicht.gebietsstand)
    neu = dienste.berechne_lauf(**felder)
    antwort = als(planerin).get(adresse("lauf", neu))
    assert (antwort.context["bericht"].vergleichslauf, antwort.context["bericht"].wechsel) == (None, [])
    assert "die Klassen lassen sich mit nichts vergleichen" in antwort.text


def test_review_page_says_that_a_delivery_was_withdrawn(entwurf, planerin, konto):
    lieferung = Lieferung.objects.get()
    assert "Berechnen Sie den Lauf neu" not in als(planerin).get(adresse("lauf", entwurf)).text
    ziehe_lieferung_zurueck(lieferung=lieferung)
    antwort = als(konto("leitung")).get(adresse("lauf", entwurf))
    assert antwort.context["bericht"].hinfaellige == [lieferung]
    assert f"{lieferung} ist zurückgezogen." in antwort.text
    assert "Berechnen Sie den Lauf neu" in antwort.text


def test_review_page_shows_inputs_with_state_and_quality(planerin):
    stadt = Kleinstadt(quartiere=7)
    stadt.quartiere[0].werte.filter(definition=stadt.armut, stichtag=STICHTAG).delete()
    stadt.wert(stadt.quartiere[0], stadt.armut, None, zustand="t")
    stadt.quartiere[1].werte.filter(definition=stadt.armut, stichtag=STICHTAG).update(qualitaet="p")
    stadt.wert(stadt.stadt, stadt.armut, 40, nenner=700)
    lauf = dienste.berechne_lauf(stichtag=STICHTAG, methodik=MethodikFabrik())
    bericht = als(planerin).get(adresse("lauf", lauf)).context["bericht"]
    eingaben = {zeile.gebiet: zeile for zeile in bericht.pruefteil.eingaben}
    jetzt, vorher = eingaben["Sozialquartier 2001"].zahlen[0]
    assert (jetzt.ersatz, vorher.wert) == ("folgt später", 7.0)
    assert eingaben["Sozialquartier 1002"].zahlen[0][0].qualitaet.titel == "vorläufig"
    assert bericht.pruefteil.eingaben[-1].ist_stadt
    assert [(z.gebiet.nummer, z.grund) for z in bericht.ausgelassen] == [
        ("2001", "nur 1 von 2 nötigen Werten vorhanden, es fehlen: armut")
    ]


def test_contributions_add_up_to_the_index(entwurf, planerin):
    bericht = als(planerin).get(adresse("lauf", entwurf)).context["bericht"]
    for beitrag in bericht.pruefteil.beitraege:
        assert sum(beitrag.beitraege) == pytest.approx(beitrag.zeile.ergebnis.statusindex, abs=1e-12)
    assert len(bericht.pruefteil.beitragsbild["data"]) == 2


def test_shares_stand_under_their_class(planerin):
    """Databases may give the keys of a record back in another order; the page must not rely on it."""
    klassen = ["sehr hoch", "hoch", "c", "b"]
    Kleinstadt()
    daten = methodikdaten(
        "armut", "alter", status={"art": "fest", "grenzen": [-1, 1, 1.5], "klassen": klassen}
    )
    lauf = dienste.berechne_lauf(stichtag=STICHTAG, methodik=MethodikFabrik(daten=daten))
    zeilen = als(planerin).get(adresse("lauf", lauf)).context["bericht"].zeilen
    assert [(z.gebiet.nummer, z.anteile) for z in zeilen if z.gebiet.nummer in ("2001", "2005")] == [
        ("2001", [0.9, 0.1, 0.0, 0.0]),
        ("2005", [0.0, 0.0, 0.0, 1.0]),
    ]


def test_compute_by_form(planerin):
    Kleinstadt()
    methodik = MethodikFabrik()
    client = als(planerin)
    seite = client.get(reverse("sozialindex:lauf_berechnen"))
    formular = seite.context["form"]
    assert formular.fields["stichtag"].choices == [
        ("2020-12-31", "31.12.2020"),
        ("2016-12-31", "31.12.2016"),
    ]
    lagen = [(f"{lage.stichtag:%Y}", lage.fehlend_vergleich) for lage in formular.datenlagen]
    assert lagen == [("2020", []), ("2016", ["Indikator armut", "Indikator alter"])]
    antwort = client.post(
        reverse("sozialindex:lauf_berechnen"),
        {"stichtag": "2020-12-31", "methodik": methodik.pk},
        follow=True,
    )
    lauf = Indexlauf.objects.get()
    assert antwort.redirect_chain == [(lauf.get_absolute_url(), 302)]
    assert (lauf.erstellt_von, lauf.zustand) == (planerin, "entwurf")
    assert meldungen(antwort) == ["Der Lauf 1 ist als Entwurf berechnet."]


def test_second_click_leads_to_the_draft_of_the_first(planerin, konto):
    stadt, methodik = Kleinstadt(), MethodikFabrik()
    angaben = {"stichtag": "2020-12-31", "methodik": methodik.pk}
    client = als(planerin)
    client.post(reverse("sozialindex:lauf_berechnen"), angaben)
    antwort = client.post(reverse("sozialindex:lauf_berechnen"), angaben, follow=True)
    lauf = Indexlauf.objects.get()
    assert antwort.redirect_chain == [(lauf.get_absolute_url(), 302)]
    assert [text for text in meldungen(antwort) if "Es wurde kein zweiter angelegt." in text]
    # Somebody else, other figures, or a draft that went on: that is a run of its own.
    als(konto("sozialplanung")).post(reverse("sozialindex:lauf_berechnen"), angaben)
    stadt.quartiere[0].werte.filter(definition=stadt.armut, stichtag=STICHTAG).update(zaehler=3, wert=3)
    client.post(reverse("sozialindex:lauf_berechnen"), angaben)
    assert Indexlauf.objects.count() == 3


def test_refused_computation_keeps_the_form(planerin):
    Kleinstadt()
    antwort = als(planerin).post(
        reverse("sozialindex:lauf_berechnen"), {"stichtag": "2016-12-31", "methodik": MethodikFabrik().pk}
    )
    [fehler] = antwort.context["form"].non_field_errors()
    assert fehler.startswith("Zum Vergleichsstichtag 31.12.2012 fehlen alle Werte von „Indikator armut“")
    assert not Indexlauf.objects.exists()


def test_nothing_to_compute(planerin):
    antwort = als(planerin).get(reverse("sozialindex:lauf_berechnen"))
    assert "Es gibt noch keinen Stichtag mit Werten" in antwort.text


def test_way_to_publication_in_the_browser(entwurf, planerin, konto):
    leiterin = konto("leitung")
    antwort = als(planerin).post(adresse("lauf_pruefen", entwurf), follow=True)
    assert meldungen(antwort) == ["Der Lauf 1 ist geprüft. Eine zweite Person kann ihn veröffentlichen."]
    antwort = als(leiterin).post(adresse("lauf_zurueckgeben", entwurf), follow=True)
    assert meldungen(antwort) == ["Der Lauf 1 ist wieder ein Entwurf."]
    als(planerin).post(adresse("lauf_pruefen", entwurf))
    antwort = als(leiterin).post(adresse("lauf_veroeffentlichen", entwurf), follow=True)
    assert meldungen(antwort) == ["Der Lauf 1 ist veröffentlicht und für alle sichtbar."]
    # A second click, from the same or another window, says so and changes nothing.
    antwort = als(leiterin).post(adresse("lauf_veroeffentlichen", entwurf), follow=True)
    assert meldungen(antwort) == [
        "Der Lauf 1 ist inzwischen im Zustand „veröffentlicht“ und kann nicht veröffentlicht werden. "
        "Es wurde nichts geändert."
    ]


def test_creator_is_not_offered_publication(konto):
    beides = konto("sozialplanung", "leitung")
    Kleinstadt()
    lauf = dienste.berechne_lauf(stichtag=STICHTAG, methodik=MethodikFabrik(), erstellt_von=beides)
    dienste.pruefe_lauf(lauf=lauf, geprueft_von=beides)
    client = als(beides)
    assert adresse("lauf_veroeffentlichen", lauf) not in client.get(adresse("lauf", lauf)).text
    assert client.post(adresse("lauf_veroeffentlichen", lauf)).status_code == 403
    zweite = als(konto("leitung"))
    assert adresse("lauf_veroeffentlichen", lauf) in zweite.get(adresse("lauf", lauf)).text


def test_discarding_leads_to_the_list(entwurf, planerin):
    antwort = als(planerin).post(adresse("lauf_verwerfen", entwurf), follow=True)
    assert antwort.redirect_chain == [(reverse("sozialindex:uebersicht"), 302)]
    assert meldungen(antwort) == ["Der Lauf 1 ist verworfen."]


def test_remark_is_stored_and_shown(entwurf, konto):
    person = konto("fachbereich")
    client = als(person)
    antwort = client.post(adresse("lauf_bemerken", entwurf), {"text": "Lirich <b>prüfen</b>"}, follow=True)
    assert "Lirich &lt;b&gt;prüfen&lt;/b&gt;" in antwort.text
    assert entwurf.bemerkungen.get().verfasst_von == person
    antwort = client.post(adresse("lauf_bemerken", entwurf), {"text": " "}, follow=True)
    assert meldungen(antwort) == ["Eine Bemerkung hat zwischen 1 und 4000 Zeichen."]


def test_archive_download(veroeffentlicht, planerin):
    antwort = als(planerin).get(adresse("lauf_zip", veroeffentlicht))
    assert antwort["Content-Type"] == "application/zip"
    assert antwort["Content-Disposition"] == 'attachment; filename="sozialindex_lauf_1.zip"'
    assert "schnappschuss.csv" in zipfile.ZipFile(io.BytesIO(antwort.content)).namelist()


@pytest.mark.parametrize(("rolle", "hoechstens"), [("oeffentlich", 12), ("sozialplanung", 20)])
def test_queries_do_not_grow_with_areas(rolle, hoechstens, client_als, konto, zaehle_abfragen):
    client, stadt = client_als(rolle), Kleinstadt()
    anzahlen = []
    for quartiere in (6, 7, 20):
        stadt.wachse(quartiere)
        # An earlier Stichtag under the same method, so that there is a run to be compared with.
        schluessel = f"methode{quartiere}"
        ohne = methodikdaten("armut", "alter", dynamik={"jahre": None})
        neuer_lauf(konto, stichtag=VERGLEICH, schluessel=schluessel, daten=ohne)
        lauf = neuer_lauf(konto, stichtag=STICHTAG, schluessel=schluessel, version=2)
        anzahlen.append(zaehle_abfragen(client.get, adresse("lauf", lauf)))
    assert anzahlen[1] == anzahlen[2] <= hoechstens


def neuer_lauf(konto, *, stichtag, **methodik):
    lauf = dienste.berechne_lauf(
        stichtag=stichtag, methodik=MethodikFabrik(**methodik), erstellt_von=konto("sozialplanung")
    )
    dienste.pruefe_lauf(lauf=lauf, geprueft_von=lauf.erstellt_von)
    return dienste.veroeffentliche_lauf(lauf=lauf, veroeffentlicht_von=konto("leitung"))


def test_version_in_use_stays_selectable_beside_a_newer_one(client_als, konto):
    Kleinstadt()
    benutzt = MethodikFabrik(version=1)
    lauf = dienste.berechne_lauf(stichtag=STICHTAG, methodik=benutzt, erstellt_von=konto("sozialplanung"))
    dienste.pruefe_lauf(lauf=lauf, geprueft_von=konto("sozialplanung"))
    dienste.veroeffentliche_lauf(lauf=lauf, veroeffentlicht_von=konto("leitung"))
    MethodikFabrik(version=2)
    neuere = MethodikFabrik(version=3)
    form = client_als("sozialplanung").get(reverse("sozialindex:lauf_berechnen")).context["form"]
    assert list(form.fields["methodik"].queryset.order_by("-version")) == [neuere, benutzt]
