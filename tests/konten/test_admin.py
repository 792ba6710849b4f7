import re

import pytest
from django.utils.html import strip_tags

from oberhausen_sozialplanung.konten.models import Benutzer
from oberhausen_sozialplanung.konten.rollen import Rolle

pytestmark = pytest.mark.django_db

LISTE = "/verwaltung/konten/benutzer/"


@pytest.fixture
def administration(client_als):
    return client_als("administration")


def test_ohne_konto_zur_eigenen_anmeldeseite(client):
    antwort = client.get("/verwaltung/", follow=True)
    assert antwort.redirect_chain[-1][0].startswith("/konto/anmelden/")


@pytest.mark.parametrize("rolle", [rolle for rolle in Rolle if rolle != Rolle.ADMINISTRATION])
def test_andere_rollen_kommen_nicht_hinein(client_als, rolle):
    assert client_als(rolle.schluessel).get(LISTE).status_code in (302, 403)


def test_deutsche_oberflaeche_mit_konten_und_texten_aber_ohne_gruppen(administration):
    html = administration.get("/verwaltung/").text
    assert "Verwaltung der Sozialplanung" in html
    assert f'<a href="{LISTE}">Konten</a>' in html
    assert '<a href="/verwaltung/seiten/textseite/">Textseiten</a>' in html
    assert "/verwaltung/auth/group/" not in html
    assert "/verwaltung/account/emailaddress/" not in html


def test_konto_anlegen_und_rollen_vergeben(administration):
    angaben = {"email": "Neu@Stadt.example", "is_active": "on"}
    antwort = administration.post(f"{LISTE}add/", angaben)
    neu = Benutzer.objects.get(email="neu@stadt.example")
    assert neu.has_usable_password() is False
    assert antwort["Location"] == f"{LISTE}{neu.pk}/change/"
    gruppe = Rolle.MODERATION
    formular = administration.get(antwort["Location"]).context["adminform"].form
    moderation = next(pk.value for pk, titel in formular.fields["groups"].choices if titel == gruppe)
    angaben = {"email": neu.email, "first_name": "Neu", "last_name": "Person", "groups": [moderation]}
    administration.post(antwort["Location"], angaben | {"is_active": "on"})
    assert Benutzer.objects.get(pk=neu.pk).rollen == {gruppe}


def test_administration_hebt_sich_nicht_zum_superuser(administration):
    selbst = Benutzer.objects.get(is_staff=True)
    angaben = {"email": selbst.email, "is_active": "on", "is_staff": "on", "is_superuser": "on"}
    administration.post(f"{LISTE}{selbst.pk}/change/", angaben)
    assert Benutzer.objects.get(pk=selbst.pk).is_superuser is False


def test_konto_eines_superusers_ist_fuer_die_administration_tabu(administration):
    technik = Benutzer.objects.create_superuser("technik@stadt.example")
    aendern = administration.post(f"{LISTE}{technik.pk}/change/", {"email": "gekapert@stadt.example"})
    passwort = administration.post(f"{LISTE}{technik.pk}/password/", {"password1": "x", "password2": "x"})
    loeschen = administration.post(f"{LISTE}{technik.pk}/delete/", {"post": "yes"})
    assert [antwort.status_code for antwort in (aendern, passwort, loeschen)] == [403, 403, 403]
    assert Benutzer.objects.filter(email="technik@stadt.example").exists()


def test_liste_mit_gleich_vielen_abfragen(administration, konto, zaehle_abfragen):
    administration.get(LISTE)
    konto("leitung")
    vorher = zaehle_abfragen(administration.get, LISTE)
    konto("moderation", "leitung")
    konto("traeger")
    assert zaehle_abfragen(administration.get, LISTE) == vorher


ENGLISCH = ("Password", "password-based", "After you", "Reset", "Raw ", "Choose", "Remove")


@pytest.mark.parametrize("weg", ["add/", "{pk}/change/", "{pk}/password/"])
def test_kein_englisches_wort_auf_den_seiten_eines_kontos(administration, konto, weg):
    seite = administration.get(LISTE + weg.format(pk=konto("leitung").pk)).text
    sichtbar = strip_tags(re.sub(r"<script.*?</script>|<style.*?</style>", "", seite, flags=re.DOTALL))
    assert [wort for wort in ENGLISCH if wort in sichtbar] == []
