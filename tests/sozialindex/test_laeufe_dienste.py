import datetime
import math

import pytest

from sozialindex.berechnung.methodik import lies_methodik
from sozialindex.dienste import laeufe as dienste
from sozialindex.dienste.fehler import Lauffehler
from sozialindex.dienste.laeufe import berechne_lauf
from sozialindex.dienste.lieferungsfehler import Lieferungsfehler
from sozialindex.dienste.ruecknahme import ziehe_lieferung_zurueck
from sozialindex.models import Indexlauf, Laufergebnis, Laufwert

from .fabriken import (
    STICHTAG,
    VERGLEICH,
    DefinitionFabrik,
    GebietsstandFabrik,
    Kleinstadt,
    LieferungFabrik,
    MethodikFabrik,
    methodikdaten,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def stadt():
    return Kleinstadt()


@pytest.fixture
def methodik():
    return MethodikFabrik()


@pytest.fixture
def planerin(konto):
    return konto("sozialplanung")


@pytest.fixture
def leiter(konto):
    return konto("leitung")


@pytest.fixture
def entwurf(stadt, methodik, planerin):
    return berechne_lauf(stichtag=STICHTAG, methodik=methodik, erstellt_von=planerin)


@pytest.fixture
def geprueft(entwurf, planerin):
    return dienste.pruefe_lauf(lauf=entwurf, geprueft_von=planerin)


def test_worked_example(entwurf, stadt):
    """Six quarters: `armut` 2, 4 … 12, `alter` 7, 9, 5, 7, 9, 5 of 100 each; the city has 7 % of both.

    z(armut) = (x − 7)/√(35/3), z(alter) = (x − 7)/√(8/3); the sums have the population sd 1.2337…
    """
    ergebnis = entwurf.ergebnisse.get(gebiet=stadt.quartiere[0])
    z_armut, z_alter = (2 - 7) / math.sqrt(35 / 3), (7 - 7) / math.sqrt(8 / 3)
    summen = [(2 * k - 7) / math.sqrt(35 / 3) + (5 + 2 * (k % 3) - 7) / math.sqrt(8 / 3) for k in range(1, 7)]
    sd = math.sqrt(sum(summe**2 for summe in summen) / 6)
    assert ergebnis.statussumme == pytest.approx(z_armut + z_alter, abs=1e-12)
    assert ergebnis.statusindex == pytest.approx((z_armut + z_alter) / sd, abs=1e-12)
    assert ergebnis.statusindex == pytest.approx(-1.1865944977630116, abs=1e-12)
    assert (ergebnis.statusklasse, ergebnis.dynamikklasse, ergebnis.gesamtindex) == ("hoch", "positiv", "1+")
    assert ergebnis.beitraege == {"armut": pytest.approx(-1.1865944977630116), "alter": 0.0}
    assert ergebnis.abstaende["status"] == pytest.approx(0.1865944977630116)
    assert ergebnis.abstaende["status_jenseits"] == "mittel"
    assert ergebnis.robustheit["gehalten"] == 0.9
    assert ergebnis.robustheit["urteil"] == "abhängig von Gewichten, Indikator armut"
    assert ergebnis.einwohner == 1000


def test_run_keeps_what_it_used(entwurf, stadt, methodik, planerin):
    assert (entwurf.nummer, entwurf.zustand, entwurf.erstellt_von) == (1, "entwurf", planerin)
    assert (entwurf.stichtag, entwurf.vergleichsstichtag) == (STICHTAG, VERGLEICH)
    assert entwurf.gebietsstand == stadt.stand
    assert entwurf.methodik_daten == lies_methodik(methodik.daten).als_dict()
    assert entwurf.statistik["indikatoren"]["armut"]["mittel"] == 7.0
    assert entwurf.statistik["indikatoren"]["armut"]["normiert"] == 0.5
    assert entwurf.statistik["grenzen"] == {"status": [-1.0, 1.0, 1.5], "dynamik": [-1.0, 1.0]}
    assert set(entwurf.umgebung) == {"programm", "python", "pandas", "numpy"}
    assert len(entwurf.sha256) == 64
    # Six quarters and the city, two indicators, two Stichtage, residents; the Sozialräume are not used.
    assert entwurf.werte.count() == 7 * (2 * 2 + 1)
    wert = entwurf.werte.get(gebiet=stadt.quartiere[2], indikator="armut", rolle=Laufwert.Rolle.STATUS)
    assert (wert.zaehler, wert.nenner, wert.wert, wert.zustand) == (6.0, 100.0, 6.0, "v")
    assert (wert.definition, wert.lieferung) == (1, stadt.lieferung)
    stadtwert = entwurf.werte.get(gebiet=stadt.stadt, indikator="armut", rolle=Laufwert.Rolle.VERGLEICH)
    assert (stadtwert.zaehler, stadtwert.nenner, stadtwert.lieferung) == (39.0, 600.0, None)


def test_same_figures_give_the_same_checksum(entwurf, methodik):
    assert berechne_lauf(stichtag=STICHTAG, methodik=methodik).sha256 == entwurf.sha256


def test_numbers_follow_each_other(entwurf, methodik):
    assert berechne_lauf(stichtag=STICHTAG, methodik=methodik).nummer == 2
    Indexlauf.objects.filter(nummer=1).delete()
    assert berechne_lauf(stichtag=STICHTAG, methodik=methodik).nummer == 3


def test_area_without_a_figure_is_left_out_and_named(stadt, methodik):
    stadt.quartiere[0].werte.filter(definition=stadt.armut, stichtag=STICHTAG).delete()
    stadt.wert(stadt.quartiere[0], stadt.armut, None, zustand="g")
    stadt.wert(stadt.stadt, stadt.armut, 45, nenner=600)
    ergebnis = berechne_lauf(stichtag=STICHTAG, methodik=methodik).ergebnisse.get(gebiet=stadt.quartiere[0])
    assert (ergebnis.einbezogen, ergebnis.statusindex, ergebnis.statusklasse) == (False, None, "")
    assert ergebnis.grund == "nur 1 von 2 nötigen Werten vorhanden, es fehlen: armut"
    assert (ergebnis.beitraege, ergebnis.robustheit) == ({}, {})


def test_other_stichtag_has_no_figures(stadt, methodik):
    with pytest.raises(Lauffehler, match=r"Zum Stichtag 31\.12\.2019 liegt kein einziger Wert"):
        berechne_lauf(stichtag=datetime.date(2019, 12, 31), methodik=methodik)
    assert not Indexlauf.objects.exists()


def test_dynamik_without_figures_at_the_comparison_is_refused(methodik):
    Kleinstadt(vergleich=False)
    with pytest.raises(Lauffehler, match=r"Zum Vergleichsstichtag 31\.12\.2016 fehlen alle Werte von"):
        berechne_lauf(stichtag=STICHTAG, methodik=methodik)


def test_dynamik_across_definitions_is_refused(methodik):
    stadt = Kleinstadt(vergleich=False)
    zweite = DefinitionFabrik(indikator=stadt.armut.indikator, version=2)
    for quartier in stadt.quartiere:
        stadt.wert(quartier, zweite, 7, VERGLEICH)
        stadt.wert(quartier, stadt.alter, 7, VERGLEICH)
    with pytest.raises(Lauffehler, match="nur nach Definition 2 vor, die Methodik verlangt eine andere"):
        berechne_lauf(stichtag=STICHTAG, methodik=methodik)


def test_dynamik_across_layouts_is_refused(methodik):
    stadt = Kleinstadt(vergleich=False)
    stadt.stand.gueltig_von = datetime.date(2018, 1, 1)
    stadt.stand.save()
    frueher = GebietsstandFabrik(name="Stadtteile", gueltig_bis=datetime.date(2018, 1, 1))
    for quartier in stadt.quartiere:
        alt = type(quartier).objects.create(
            gebietsstand=frueher,
            ebene="quartier",
            nummer=quartier.nummer,
            name=quartier.name,
            slug=quartier.slug,
            uebergeordnet=quartier.uebergeordnet,
        )
        for definition in (stadt.armut, stadt.alter):
            stadt.wert(alt, definition, 7, VERGLEICH)
    with pytest.raises(Lauffehler, match="nur für den Gebietsstand „Stadtteile“ vor"):
        berechne_lauf(stichtag=STICHTAG, methodik=methodik)


def test_unknown_indicator_of_the_method_is_named(stadt):
    methodik = MethodikFabrik(daten=methodikdaten("armut", "kita"))
    with pytest.raises(Lauffehler, match=r"Indikatoren, die es hier nicht gibt: „kita“ \(Definition 1\)"):
        berechne_lauf(stichtag=STICHTAG, methodik=methodik)


def test_refusal_of_the_engine_says_what_to_do(methodik):
    Kleinstadt(schritt=0)
    with pytest.raises(Lauffehler, match=r"„armut“ hat keine Streuung.* Es wurde kein Lauf angelegt\."):
        berechne_lauf(stichtag=STICHTAG, methodik=methodik)
    assert not Indexlauf.objects.exists()


def test_method_without_dynamik(methodik):
    Kleinstadt(vergleich=False)
    ohne = MethodikFabrik(schluessel="ohne", daten=methodikdaten("armut", "alter", dynamik={"jahre": None}))
    lauf = berechne_lauf(stichtag=STICHTAG, methodik=ohne)
    assert lauf.vergleichsstichtag is None
    assert set(lauf.ergebnisse.values_list("dynamikindex", "dynamikklasse", "gesamtindex")) == {
        (None, "", "")
    }


def test_delivered_number_of_residents_comes_first(stadt, methodik):
    einwohner = DefinitionFabrik(indikator__schluessel="einwohner", indikator__art="anzahl")
    stadt.wert(stadt.quartiere[0], einwohner, None, wert=250, zustand="v")
    lauf = berechne_lauf(stichtag=STICHTAG, methodik=methodik)
    ergebnis = lauf.ergebnisse.get(gebiet=stadt.quartiere[0])
    assert (ergebnis.einwohner, ergebnis.einbezogen) == (250, False)
    benutzt = lauf.werte.filter(rolle=Laufwert.Rolle.EINWOHNER).values_list("wert", "definition", "lieferung")
    assert benutzt.get(gebiet=stadt.quartiere[0]) == (250.0, 1, stadt.lieferung.pk)
    assert benutzt.get(gebiet=stadt.quartiere[1]) == (1000.0, 0, None)
    assert ergebnis.grund == "weniger als 300 Einwohner*innen (250)"
    assert lauf.ergebnisse.get(gebiet=stadt.quartiere[1]).einwohner == 1000


def test_way_from_draft_to_published(entwurf, planerin, leiter):
    lauf = dienste.pruefe_lauf(lauf=entwurf, geprueft_von=planerin)
    assert (lauf.zustand, lauf.geprueft_von) == ("geprueft", planerin)
    lauf = dienste.veroeffentliche_lauf(lauf=lauf, veroeffentlicht_von=leiter)
    assert (lauf.zustand, lauf.veroeffentlicht_von) == ("veroeffentlicht", leiter)
    assert lauf.veroeffentlicht_am is not None
    assert list(Indexlauf.objects.veroeffentlicht()) == [lauf]


def test_newer_run_of_the_same_stichtag_replaces(geprueft, methodik, planerin, leiter):
    dienste.veroeffentliche_lauf(lauf=geprueft, veroeffentlicht_von=leiter)
    anderer_tag = Indexlauf.objects.get(pk=geprueft.pk)
    neu = dienste.pruefe_lauf(
        lauf=berechne_lauf(stichtag=STICHTAG, methodik=methodik, erstellt_von=planerin), geprueft_von=planerin
    )
    neu = dienste.veroeffentliche_lauf(lauf=neu, veroeffentlicht_von=leiter)
    anderer_tag.refresh_from_db()
    assert (anderer_tag.zustand, anderer_tag.ersetzt_durch) == ("ersetzt", neu)
    assert list(Indexlauf.objects.veroeffentlicht()) == [neu]


def test_run_of_another_method_stays_in_force(geprueft, planerin, leiter):
    dienste.veroeffentliche_lauf(lauf=geprueft, veroeffentlicht_von=leiter)
    andere = MethodikFabrik(schluessel="andere", daten=methodikdaten("armut", "alter", schluessel="andere"))
    neu = berechne_lauf(stichtag=STICHTAG, methodik=andere, erstellt_von=planerin)
    dienste.pruefe_lauf(lauf=neu, geprueft_von=planerin)
    dienste.veroeffentliche_lauf(lauf=neu, veroeffentlicht_von=leiter)
    assert Indexlauf.objects.veroeffentlicht().count() == 2


def test_four_eyes_also_for_a_superuser(entwurf, planerin):
    planerin.is_superuser = True
    planerin.save()
    dienste.pruefe_lauf(lauf=entwurf, geprueft_von=planerin)
    with pytest.raises(Lauffehler, match="Wer einen Lauf erstellt hat, kann ihn nicht selbst"):
        dienste.veroeffentliche_lauf(lauf=entwurf, veroeffentlicht_von=planerin)
    entwurf.refresh_from_db()
    assert entwurf.zustand == "geprueft"


def test_draft_cannot_be_published_unchecked(entwurf, leiter):
    with pytest.raises(Lauffehler, match="im Zustand „Entwurf“ und kann nicht veröffentlicht werden"):
        dienste.veroeffentliche_lauf(lauf=entwurf, veroeffentlicht_von=leiter)


def test_stale_windows_change_nothing(geprueft, planerin, leiter):
    """Every service looks at the state in the database, not at the object a window still shows."""
    altes_fenster = Indexlauf.objects.get(pk=geprueft.pk)
    dienste.veroeffentliche_lauf(lauf=geprueft, veroeffentlicht_von=leiter)
    zeitpunkt = Indexlauf.objects.get().veroeffentlicht_am
    for versuch in (
        lambda: dienste.veroeffentliche_lauf(lauf=altes_fenster, veroeffentlicht_von=leiter),
        lambda: dienste.pruefe_lauf(lauf=altes_fenster, geprueft_von=planerin),
        lambda: dienste.gib_zur_bearbeitung_zurueck(lauf=altes_fenster),
        lambda: dienste.verwirf_lauf(lauf=altes_fenster),
    ):
        with pytest.raises(Lauffehler, match=r"im Zustand „veröffentlicht“ .* Es wurde nichts geändert\."):
            versuch()
    assert Indexlauf.objects.get().veroeffentlicht_am == zeitpunkt


def test_returned_run_is_a_draft_again(geprueft):
    lauf = dienste.gib_zur_bearbeitung_zurueck(lauf=geprueft)
    assert (lauf.zustand, lauf.geprueft_von, lauf.geprueft_am) == ("entwurf", None, None)


def test_discarded_run_is_gone_with_its_parts(geprueft, planerin):
    dienste.bemerke(lauf=geprueft, text="Bitte prüfen.", verfasst_von=planerin)
    fenster = Indexlauf.objects.get(pk=geprueft.pk)
    dienste.verwirf_lauf(lauf=geprueft)
    assert (Indexlauf.objects.count(), Laufwert.objects.count(), Laufergebnis.objects.count()) == (0, 0, 0)
    with pytest.raises(Lauffehler, match="er wurde inzwischen verworfen"):
        dienste.pruefe_lauf(lauf=fenster, geprueft_von=planerin)


def test_remark_without_characters_no_database_holds(entwurf, planerin):
    assert dienste.bemerke(lauf=entwurf, text="a\x00b", verfasst_von=planerin).text == "ab"


def test_remarks(entwurf, planerin):
    bemerkung = dienste.bemerke(lauf=entwurf, text="  Lirich bitte prüfen. ", verfasst_von=planerin)
    assert (bemerkung.text, bemerkung.verfasst_von) == ("Lirich bitte prüfen.", planerin)
    for text in ("  ", "x" * 4001):
        with pytest.raises(Lauffehler, match="zwischen 1 und 4000 Zeichen"):
            dienste.bemerke(lauf=entwurf, text=text, verfasst_von=planerin)


def test_run_on_a_withdrawn_delivery_is_not_published(geprueft, stadt, leiter):
    ziehe_lieferung_zurueck(lieferung=stadt.lieferung)
    with pytest.raises(
        Lauffehler, match=r"ist zurückgezogen; der Lauf 1 .* berechnen Sie den Lauf neu"
    ) as fehler:
        dienste.veroeffentliche_lauf(lauf=geprueft, veroeffentlicht_von=leiter)
    assert str(fehler.value).startswith(str(stadt.lieferung))
    geprueft.refresh_from_db()
    assert geprueft.zustand == "geprueft"


def test_residents_of_a_published_run_are_not_withdrawn(stadt, methodik, planerin, leiter):
    definition = DefinitionFabrik(indikator__schluessel="einwohner", indikator__art="anzahl")
    eigene = LieferungFabrik(dateiname="einwohner.csv")
    wert = stadt.wert(stadt.quartiere[0], definition, None, nenner=None, wert=800, zustand="v")
    type(wert).objects.filter(pk=wert.pk).update(lieferung=eigene)
    lauf = berechne_lauf(stichtag=STICHTAG, methodik=methodik, erstellt_von=planerin)
    dienste.pruefe_lauf(lauf=lauf, geprueft_von=planerin)
    dienste.veroeffentliche_lauf(lauf=lauf, veroeffentlicht_von=leiter)
    with pytest.raises(Lieferungsfehler, match="Der veröffentlichte Indexlauf 1 beruht auf ihren Werten"):
        ziehe_lieferung_zurueck(lieferung=eigene)


def test_older_run_never_replaces_a_later_one(stadt, methodik, planerin, leiter):
    erster, zweiter = (berechne_lauf(stichtag=STICHTAG, methodik=methodik) for _ in range(2))
    for lauf in (erster, zweiter):
        dienste.pruefe_lauf(lauf=lauf, geprueft_von=planerin)
    dienste.veroeffentliche_lauf(lauf=zweiter, veroeffentlicht_von=leiter)
    with pytest.raises(Lauffehler, match=r"Der später berechnete Lauf 2 .* ist schon veröffentlicht"):
        dienste.veroeffentliche_lauf(lauf=erster, veroeffentlicht_von=leiter)
    assert list(Indexlauf.objects.veroeffentlicht()) == [zweiter]


def test_run_without_author_needs_two_people(stadt, methodik, leiter, konto):
    lauf = berechne_lauf(stichtag=STICHTAG, methodik=methodik)
    dienste.pruefe_lauf(lauf=lauf, geprueft_von=leiter)
    with pytest.raises(Lauffehler, match="ohne Konto berechnet, und Sie haben ihn geprüft"):
        dienste.veroeffentliche_lauf(lauf=lauf, veroeffentlicht_von=leiter)
    zweite = konto("leitung")
    assert dienste.veroeffentliche_lauf(lauf=lauf, veroeffentlicht_von=zweite).zustand == "veroeffentlicht"
