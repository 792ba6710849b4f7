"""What the administration pages show and change; figures and runs must not be among it."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import reverse

from sozialindex.dienste.laeufe import berechne_lauf
from sozialindex.models import Importprofil, Indikator, Methodik

from .fabriken import STICHTAG, DefinitionFabrik, Kleinstadt, MethodikFabrik

pytestmark = pytest.mark.django_db


@pytest.fixture
def verwaltung(client_als):
    return client_als("administration")


def adresse(modell, aktion="changelist", *args):
    return reverse(f"admin:sozialindex_{modell}_{aktion}", args=args)


def test_nur_stammdaten_sind_angemeldet():
    angemeldet = {
        m.__name__ for m in apps.get_app_config("sozialindex").get_models() if admin.site.is_registered(m)
    }
    assert angemeldet == {"Indikator", "Methodik", "Importprofil"}


@pytest.mark.parametrize("rolle", ["Sozialplanung", "Administration"])
def test_rechte_der_gruppen(rolle):
    rechte = Group.objects.get(name=rolle).permissions.filter(content_type__app_label="sozialindex")
    assert set(rechte.values_list("codename", flat=True)) == {
        *(
            f"{aktion}_{modell}"
            for modell in ("indikator", "indikatordefinition", "indikatoralias")
            for aktion in ("view", "add", "change", "delete")
        ),
        "view_methodik",
        "delete_methodik",
        "view_importprofil",
        "change_importprofil",
        "delete_importprofil",
    }


@pytest.mark.parametrize("modell", ["indikator", "methodik", "importprofil"])
def test_listen_sind_lesbar(verwaltung, modell):
    MethodikFabrik()
    DefinitionFabrik()
    Importprofil.objects.create(name="Profil", signatur=["a"], einstellungen={"b": 1})
    antwort = verwaltung.get(adresse(modell))
    assert antwort.context["cl"].result_count == 1


def test_methodik_ist_lesbar_und_fest(verwaltung):
    methodik = MethodikFabrik()
    seite = verwaltung.get(adresse("methodik", "change", methodik.pk))
    assert "&quot;schluessel&quot;: &quot;test&quot;" in seite.text
    assert not seite.context["has_change_permission"]
    antwort = verwaltung.post(adresse("methodik", "change", methodik.pk), {"titel": "Anders"})
    assert antwort.status_code == 403
    assert verwaltung.get(adresse("methodik", "add")).status_code == 403


def test_nur_unbenutzte_methodik_ist_loeschbar(verwaltung):
    Kleinstadt()
    benutzt, unbenutzt = MethodikFabrik(), MethodikFabrik(version=2)
    berechne_lauf(stichtag=STICHTAG, methodik=benutzt)
    assert verwaltung.post(adresse("methodik", "delete", benutzt.pk), {"post": "yes"}).status_code == 403
    verwaltung.post(adresse("methodik", "delete", unbenutzt.pk), {"post": "yes"})
    assert list(Methodik.objects.all()) == [benutzt]


def test_indikator_mit_werten_bleibt(verwaltung):
    armut = Kleinstadt().armut.indikator
    seite = verwaltung.get(adresse("indikator", "change", armut.pk))
    felder = seite.context["adminform"].form.fields
    assert "schluessel" not in felder
    assert "art" not in felder
    assert verwaltung.post(adresse("indikator", "delete", armut.pk), {"post": "yes"}).status_code == 403
    assert Indikator.objects.filter(pk=armut.pk).exists()


@pytest.mark.parametrize(
    ("rollen", "aenderbar"), [(["administration"], False), (["administration", "sozialplanung"], True)]
)
def test_nur_wer_zahlen_sehen_darf_aendert_die_mindestfallzahl(client, konto, rollen, aenderbar):
    client.force_login(konto(*rollen, is_staff=True))
    indikator = DefinitionFabrik().indikator
    felder = client.get(adresse("indikator", "change", indikator.pk)).context["adminform"].form.fields
    assert ("mindestzahl" in felder) == aenderbar


def test_indikator_ohne_werte_ist_loeschbar(verwaltung):
    indikator = DefinitionFabrik().indikator
    verwaltung.post(adresse("indikator", "delete", indikator.pk), {"post": "yes"})
    assert not Indikator.objects.exists()


def test_profil_ist_umbenennbar(verwaltung):
    profil = Importprofil.objects.create(name="Profil", signatur=["a"], einstellungen={"b": 1})
    verwaltung.post(adresse("importprofil", "change", profil.pk), {"name": "Neuer Name"})
    profil.refresh_from_db()
    assert (profil.name, profil.einstellungen) == ("Neuer Name", {"b": 1})
    assert verwaltung.get(adresse("importprofil", "add")).status_code == 403
