import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from quartiere.models import (
    Gebiet,
    Gebietsalias,
    Gebietsstand,
    Mitgliedschaft,
    Sozialquartier,
    Sozialraum,
    Stadt,
)

from ..fabriken import BenutzerFabrik
from .fabriken import GebietsstandFabrik, OrganisationFabrik, QuartierFabrik, SozialraumFabrik, StadtFabrik

pytestmark = pytest.mark.django_db

TAG = datetime.date(2024, 1, 1)


def doppelte_nummer():
    eins = QuartierFabrik(nummer="1", slug="a")
    return QuartierFabrik.build(uebergeordnet=eins.uebergeordnet, nummer="1", slug="b")


def doppelte_adresse():
    eins = QuartierFabrik(nummer="1", slug="a")
    return QuartierFabrik.build(uebergeordnet=eins.uebergeordnet, nummer="2", slug="a")


def doppelte_kachel():
    eins = QuartierFabrik(kachel_x=1, kachel_y=2)
    return QuartierFabrik.build(uebergeordnet=eins.uebergeordnet, kachel_x=1, kachel_y=2)


def halbe_kachel():
    return QuartierFabrik.build(uebergeordnet=SozialraumFabrik(), kachel_x=1)


def quartier_ohne_sozialraum():
    return Gebiet(gebietsstand=GebietsstandFabrik(), ebene="quartier", nummer="1", name="A", slug="a")


def stadt_in_einer_stadt():
    stadt = StadtFabrik()
    return StadtFabrik.build(gebietsstand=stadt.gebietsstand, nummer="2", slug="b", uebergeordnet=stadt)


def doppelter_alias():
    quartier = QuartierFabrik()
    Gebietsalias.objects.create(gebiet=quartier, name="Markt")
    return Gebietsalias(gebiet=quartier, name="Markt")


def doppelte_mitgliedschaft():
    konto, organisation = BenutzerFabrik(), OrganisationFabrik()
    Mitgliedschaft.objects.create(benutzer=konto, organisation=organisation)
    return Mitgliedschaft(benutzer=konto, organisation=organisation)


def zweiter_aktueller_gebietsstand():
    GebietsstandFabrik(name="alt")
    return Gebietsstand(name="neu", gueltig_von=TAG)


VERSTOESSE = [
    (doppelte_nummer, "Diese Nummer gibt es auf dieser Ebene schon."),
    (doppelte_adresse, "Diese Adresse gibt es auf dieser Ebene schon."),
    (doppelte_kachel, "Auf dieser Kachel liegt schon ein anderes Gebiet."),
    (halbe_kachel, "Eine Kachel braucht Spalte und Zeile, oder beide bleiben leer."),
    (
        quartier_ohne_sozialraum,
        "Quartiere gehören zu einem Sozialraum, Sozialräume zur Stadt, die Stadt zu nichts.",
    ),
    (
        stadt_in_einer_stadt,
        "Quartiere gehören zu einem Sozialraum, Sozialräume zur Stadt, die Stadt zu nichts.",
    ),
    (doppelter_alias, "Diesen Namen hat das Gebiet schon."),
    (doppelte_mitgliedschaft, "Dieses Konto gehört der Organisation schon an."),
    (zweiter_aktueller_gebietsstand, "Es gibt schon einen aktuellen Gebietsstand."),
    (
        lambda: Gebietsstand(name="2024", gueltig_von=TAG, gueltig_bis=TAG),
        "Das Ende des Gebietsstands muss nach seinem Beginn liegen.",
    ),
]


@pytest.mark.parametrize(("baue", "meldung"), VERSTOESSE)
def test_constraints(baue, meldung):
    objekt = baue()
    with pytest.raises(ValidationError) as fehler:
        objekt.full_clean()
    assert fehler.value.messages == [meldung]
    with pytest.raises(IntegrityError), transaction.atomic():
        objekt.save()


def test_zwei_abgelaufene_gebietsstaende_duerfen_am_selben_tag_enden():
    ende = datetime.date(2024, 12, 31)
    Gebietsstand.objects.create(name="a", gueltig_von=TAG, gueltig_bis=ende)
    Gebietsstand(name="b", gueltig_von=TAG, gueltig_bis=ende).full_clean()


def test_quartiere_ohne_kachel_stoeren_sich_nicht():
    raum = SozialraumFabrik()
    QuartierFabrik.create_batch(2, uebergeordnet=raum)
    assert Sozialquartier.objects.count() == 2


def test_jede_ebene_sieht_nur_ihre_gebiete():
    quartier = QuartierFabrik()
    raum = quartier.uebergeordnet
    assert [g.pk for g in Sozialquartier.objects.all()] == [quartier.pk]
    assert [g.pk for g in Sozialraum.objects.all()] == [raum.pk]
    assert [g.pk for g in Stadt.objects.all()] == [raum.uebergeordnet_id]


def test_nach_nummer_ordnet_wie_menschen():
    raum = SozialraumFabrik()
    for nummer in ["10", "0102", "9", "0101"]:
        QuartierFabrik(uebergeordnet=raum, nummer=nummer)
    assert [g.nummer for g in Sozialquartier.objects.nach_nummer()] == ["9", "10", "0101", "0102"]


def test_aktuell_laesst_abgeloeste_gebiete_weg():
    alt = GebietsstandFabrik(name="alt", gueltig_bis=datetime.date(2024, 12, 31))
    QuartierFabrik(uebergeordnet__uebergeordnet__gebietsstand=alt)
    neues = QuartierFabrik(uebergeordnet__uebergeordnet__gebietsstand__name="neu")
    assert [g.pk for g in Sozialquartier.objects.aktuell()] == [neues.pk]


def test_staerkenliste():
    assert Gebiet(staerken=" Kanal \n\nVereine").staerkenliste == ["Kanal", "Vereine"]


def test_adressen():
    quartier = QuartierFabrik(slug="anger", uebergeordnet__slug="nord")
    assert quartier.get_absolute_url() == "/quartiere/anger/"
    assert quartier.uebergeordnet.get_absolute_url() == "/quartiere/sozialraum/nord/"
    assert quartier.uebergeordnet.uebergeordnet.get_absolute_url() == "/quartiere/"


@pytest.mark.parametrize("nummer", ["-1", "=1", "@x", "Stadt", "1\n"])
def test_nummer_die_einen_lauf_stoeren_wuerde(nummer):
    quartier = QuartierFabrik.build(uebergeordnet=SozialraumFabrik(), nummer=nummer, slug="markt")
    quartier.gebietsstand = quartier.uebergeordnet.gebietsstand
    with pytest.raises(ValidationError) as fehler:
        quartier.full_clean()
    assert list(fehler.value.message_dict) == ["nummer"]


def test_die_stadt_heisst_stadt():
    StadtFabrik(nummer="STADT").full_clean()
