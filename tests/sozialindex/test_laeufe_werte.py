import datetime

import pytest

from sozialindex.abfragen.laeufe import kernwerte
from sozialindex.abfragen.schnappschuss import vergleichsstichtag
from sozialindex.abfragen.werte import einwohner_zum_stichtag, neueste_stichtage, werte_zum_stichtag

from .fabriken import STICHTAG, VERGLEICH, DefinitionFabrik, Kleinstadt

pytestmark = pytest.mark.django_db


@pytest.fixture
def stadt():
    return Kleinstadt()


def lies(stadt, *definitionen, stichtag=STICHTAG):
    werte = werte_zum_stichtag(
        stichtag=stichtag, definitionen=definitionen or [stadt.armut], gebietsstand=stadt.stand
    )
    return werte.set_index("gebiet_id")


def test_every_area_of_every_level_has_a_row(stadt):
    werte = lies(stadt)
    assert werte["ebene"].value_counts().to_dict() == {"quartier": 6, "sozialraum": 2, "stadt": 1}
    assert werte.loc[stadt.quartiere[2].pk, ["zaehler", "nenner", "wert"]].tolist() == [6.0, 100.0, 6.0]
    assert werte.loc[stadt.quartiere[2].pk, ["herkunft", "zustand", "definition"]].tolist() == [
        "geliefert",
        "v",
        1,
    ]


def test_totals_are_sums_of_counts_not_means_of_rates(stadt):
    stadt.quartiere[0].werte.filter(definition=stadt.armut, stichtag=STICHTAG).update(nenner=400, wert=0.5)
    werte = lies(stadt)
    # Quarters 1, 3, 5 with 2, 6, 10 cases of 400, 100, 100 people; the mean of the rates would be 5.5 %.
    assert werte.loc[stadt.raeume[1].pk, ["zaehler", "nenner", "wert"]].tolist() == [18.0, 600.0, 3.0]
    assert werte.loc[stadt.stadt.pk, ["zaehler", "nenner"]].tolist() == [42.0, 900.0]
    assert werte.loc[stadt.stadt.pk, "wert"] == pytest.approx(4.6666666666666667, abs=1e-15)
    assert werte.loc[stadt.stadt.pk, "herkunft"] == "berechnet"


def test_delivered_total_counts_only_where_a_count_is_missing(stadt):
    stadt.wert(stadt.stadt, stadt.armut, 99, nenner=900)
    assert lies(stadt).loc[stadt.stadt.pk, "wert"] == 7.0
    stadt.quartiere[0].werte.filter(definition=stadt.armut, stichtag=STICHTAG).update(zaehler=None)
    werte = lies(stadt)
    assert werte.loc[stadt.stadt.pk, ["wert", "herkunft"]].tolist() == [11.0, "geliefert"]
    assert werte.loc[stadt.raeume[1].pk, ["zustand", "herkunft"]].tolist() == ["n", ""]
    assert werte.loc[stadt.raeume[0].pk, ["wert", "herkunft"]].tolist() == [8.0, "berechnet"]


def test_one_preliminary_part_makes_the_total_preliminary(stadt):
    teil = stadt.quartiere[0].werte.filter(definition=stadt.armut, stichtag=STICHTAG)
    for qualitaet, summe in (("p", "p"), ("s", "s"), ("r", "")):
        teil.update(qualitaet=qualitaet)
        werte = lies(stadt)
        je_gebiet = [werte.loc[g.pk, "qualitaet"] for g in (stadt.stadt, stadt.raeume[1], stadt.raeume[0])]
        assert je_gebiet == [summe, summe, ""]


def test_missing_is_never_zero(stadt):
    stadt.quartiere[0].werte.filter(definition=stadt.armut, stichtag=STICHTAG).delete()
    werte = lies(stadt)
    assert werte.loc[stadt.quartiere[0].pk, "zustand"] == "n"
    assert werte.loc[[stadt.quartiere[0].pk, stadt.stadt.pk], "wert"].isna().all()


def test_numbers_of_heads_are_added_up(stadt):
    plaetze = DefinitionFabrik(indikator__schluessel="plaetze", indikator__art="anzahl")
    for k, quartier in enumerate(stadt.quartiere):
        stadt.wert(quartier, plaetze, None, nenner=None, wert=10 + k, zustand="v")
    werte = lies(stadt, plaetze)
    assert werte.loc[stadt.stadt.pk, "wert"] == 75.0
    assert werte.loc[stadt.raeume[0].pk, "wert"] == 11 + 13 + 15


def test_superseded_and_other_definitions_are_not_read(stadt):
    zweite = DefinitionFabrik(indikator=stadt.armut.indikator, version=2)
    stadt.wert(stadt.quartiere[0], zweite, 50)
    stadt.wert(stadt.quartiere[0], stadt.armut, 60, aktuell=False)
    assert lies(stadt).loc[stadt.quartiere[0].pk, "wert"] == 2.0


def test_two_queries(stadt, django_assert_num_queries):
    with django_assert_num_queries(2):
        lies(stadt, stadt.armut, stadt.alter)


def test_newest_stichtag_per_indicator(stadt):
    spaeter = datetime.date(2022, 12, 31)
    stadt.wert(stadt.quartiere[0], stadt.alter, 8, spaeter)
    assert neueste_stichtage(stadt.quartiere[0]) == {stadt.armut: STICHTAG, stadt.alter: spaeter}
    assert neueste_stichtage(stadt.quartiere[1]) == {stadt.armut: STICHTAG, stadt.alter: STICHTAG}
    assert neueste_stichtage(stadt.stadt) == {}


def test_key_figures_stand_beside_sozialraum_and_city(stadt):
    zeilen = kernwerte(stadt.quartiere[2], intern=True)
    assert [(z.definition, z.quartier.wert, z.sozialraum.wert, z.stadt.wert) for z in zeilen] == [
        (stadt.armut, 6.0, 6.0, 7.0),
        (stadt.alter, 5.0, 7.0, 7.0),
    ]
    assert kernwerte(stadt.stadt, intern=True) == []


def test_residents_delivered_or_of_the_area(stadt):
    einwohner = DefinitionFabrik(indikator__schluessel="einwohner", indikator__art="anzahl")
    stadt.wert(stadt.quartiere[0], einwohner, None, nenner=None, wert=1234, zustand="v")
    type(stadt.stadt).objects.filter(pk=stadt.stadt.pk).update(einwohner=None)
    gefunden = einwohner_zum_stichtag(stichtag=STICHTAG, gebietsstand=stadt.stand).set_index("gebiet_id")
    spalten = ["wert", "zustand", "definition", "lieferung_id"]
    assert gefunden.loc[stadt.quartiere[0].pk, spalten].tolist() == [1234.0, "v", 1, stadt.lieferung.pk]
    assert gefunden.loc[stadt.quartiere[1].pk, spalten[:3]].tolist() == [1000.0, "v", 0]
    assert gefunden.loc[stadt.stadt.pk, "zustand"] == "n"
    assert gefunden.loc[[stadt.quartiere[1].pk, stadt.stadt.pk], "lieferung_id"].isna().all()
    frueher = einwohner_zum_stichtag(stichtag=VERGLEICH, gebietsstand=stadt.stand).set_index("gebiet_id")
    assert frueher.loc[stadt.quartiere[0].pk, "wert"] == 1000


def test_comparison_stichtag():
    assert vergleichsstichtag(datetime.date(2024, 12, 31), 4) == datetime.date(2020, 12, 31)
    assert vergleichsstichtag(datetime.date(2024, 2, 29), 3) == datetime.date(2021, 2, 28)
    assert vergleichsstichtag(datetime.date(2024, 2, 29), None) is None
