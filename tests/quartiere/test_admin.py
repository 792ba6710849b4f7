import pytest
from django.urls import reverse

from quartiere.models import (
    Gebiet,
    Gebietsstand,
    Mitgliedschaft,
    Organisation,
    Sozialquartier,
    Sozialraum,
    Stadt,
)

from .fabriken import GebietsstandFabrik, QuartierFabrik, SozialraumFabrik

pytestmark = pytest.mark.django_db

MODELLE = [Gebietsstand, Stadt, Sozialraum, Sozialquartier, Organisation, Mitgliedschaft]
KEINE_ALIASE = {
    "aliase-TOTAL_FORMS": "0",
    "aliase-INITIAL_FORMS": "0",
}


@pytest.fixture(params=["sozialplanung", "administration"])
def stammdaten(request, client, konto):
    client.force_login(konto(request.param, is_staff=True))
    return client


@pytest.fixture
def verwaltung(client, konto):
    client.force_login(konto("sozialplanung", is_staff=True))
    return client


def adresse(modell, aktion, *args):
    return reverse(f"admin:quartiere_{modell._meta.model_name}_{aktion}", args=args)


def fehler(antwort):
    return {feld: list(meldungen) for feld, meldungen in antwort.context["adminform"].form.errors.items()}


@pytest.mark.parametrize("modell", MODELLE)
def test_stammdaten_stehen_beiden_rollen_offen(stammdaten, modell):
    QuartierFabrik()
    liste = stammdaten.get(adresse(modell, "changelist"))
    assert liste.status_code == 200
    assert str(modell._meta.verbose_name_plural) in liste.text
    for gebiet in modell.objects.all():
        assert stammdaten.get(adresse(modell, "change", gebiet.pk)).status_code == 200


def test_andere_rollen_sehen_keine_stammdaten(client, konto):
    client.force_login(konto("leitung", is_staff=True))
    assert client.get(adresse(Sozialquartier, "changelist")).status_code == 403


def test_stadt_wird_geaendert_aber_weder_angelegt_noch_geloescht(verwaltung):
    stadt = SozialraumFabrik().uebergeordnet
    assert verwaltung.get(adresse(Stadt, "add")).status_code == 403
    assert verwaltung.post(adresse(Stadt, "delete", stadt.pk), {"post": "yes"}).status_code == 403


def test_neues_quartier_bekommt_adresse_und_zaehlt_in_den_summen(verwaltung):
    raum = SozialraumFabrik()
    QuartierFabrik(uebergeordnet=raum, slug="am-suedring", einwohner=5)
    antwort = verwaltung.post(
        adresse(Sozialquartier, "add"),
        {
            "gebietsstand": raum.gebietsstand_id,
            "uebergeordnet": raum.pk,
            "nummer": "0777",
            "name": "Am Südring",
            "einwohner": "10",
            "ebene": "stadt",
            "aliase-TOTAL_FORMS": "1",
            "aliase-INITIAL_FORMS": "0",
            "aliase-0-name": "Ring",
        },
    )
    assert antwort["Location"] == adresse(Sozialquartier, "changelist")
    neu = Sozialquartier.objects.get(nummer="0777")
    assert (neu.slug, neu.ebene) == ("am-suedring-0777", "quartier")
    assert [alias.name for alias in neu.aliase.all()] == ["Ring"]
    raum.refresh_from_db()
    assert raum.einwohner == 15


def test_doppelte_nummer_und_kachel_werden_auf_deutsch_gemeldet(verwaltung):
    altes = QuartierFabrik(nummer="1", kachel_x=1, kachel_y=1)
    angaben = {
        "gebietsstand": altes.gebietsstand_id,
        "uebergeordnet": altes.uebergeordnet_id,
        "nummer": "1",
        "name": "Neu",
        "kachel_x": "1",
        "kachel_y": "1",
        **KEINE_ALIASE,
    }
    antwort = verwaltung.post(adresse(Sozialquartier, "add"), angaben)
    assert fehler(antwort) == {
        "__all__": [
            "Diese Nummer gibt es auf dieser Ebene schon.",
            "Auf dieser Kachel liegt schon ein anderes Gebiet.",
        ]
    }
    assert Sozialquartier.objects.count() == 1


def test_sozialraum_eines_anderen_gebietsstands_passt_nicht(verwaltung):
    alt = GebietsstandFabrik(name="alt", gueltig_von="2000-01-01", gueltig_bis="2010-01-01")
    fremder = SozialraumFabrik(name="Fremder", uebergeordnet__gebietsstand=alt)
    angaben = {
        "gebietsstand": GebietsstandFabrik().pk,
        "uebergeordnet": fremder.pk,
        "nummer": "1",
        "name": "Neu",
        **KEINE_ALIASE,
    }
    antwort = verwaltung.post(adresse(Sozialquartier, "add"), angaben)
    assert fehler(antwort) == {"uebergeordnet": ["„Fremder“ gehört zu einem anderen Gebietsstand."]}


def test_aendern_behaelt_adresse_und_gebietsstand(verwaltung):
    quartier = QuartierFabrik(slug="anger", name="Anger", einwohner=5)
    anderer = GebietsstandFabrik(name="alt", gueltig_von="2000-01-01", gueltig_bis="2010-01-01")
    verwaltung.post(
        adresse(Sozialquartier, "change", quartier.pk),
        {
            "gebietsstand": anderer.pk,
            "uebergeordnet": quartier.uebergeordnet_id,
            "nummer": quartier.nummer,
            "name": "Anger am Fluss",
            "einwohner": "7",
            "staerken": "Kanal",
            **KEINE_ALIASE,
        },
    )
    neu = Gebiet.objects.get(pk=quartier.pk)
    assert (neu.name, neu.slug, neu.staerken) == ("Anger am Fluss", "anger", "Kanal")
    assert neu.gebietsstand_id == quartier.gebietsstand_id
    assert neu.uebergeordnet.einwohner == 7


def test_loeschen_zieht_von_den_summen_ab(verwaltung):
    raum = SozialraumFabrik()
    eins, zwei, drei = (QuartierFabrik(uebergeordnet=raum, einwohner=zahl) for zahl in (1, 2, 4))
    verwaltung.post(adresse(Sozialquartier, "delete", eins.pk), {"post": "yes"})
    raum.refresh_from_db()
    assert raum.einwohner == 6
    auswahl = {"action": "delete_selected", "_selected_action": [zwei.pk], "post": "yes"}
    verwaltung.post(adresse(Sozialquartier, "changelist"), auswahl)
    raum.refresh_from_db()
    assert raum.einwohner == 4
    assert list(Sozialquartier.objects.values_list("pk", flat=True)) == [drei.pk]
