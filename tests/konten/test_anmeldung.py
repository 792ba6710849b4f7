import re

import pytest
from django.core import mail
from django.urls import NoReverseMatch, reverse

from oberhausen_sozialplanung.konten.models import Benutzer

ADRESSE = "erika@stadt.example"
PASSWORT = "ein langer Testsatz"
FALSCH = (
    "Die Anmeldung ist nicht gelungen. E-Mail-Adresse und Passwort passen nicht zusammen. "
    "Bitte prüfen Sie beide Angaben."
)
ZU_VIELE = (
    "Zu viele Anmeldeversuche in kurzer Zeit. Bitte warten Sie fünf Minuten und versuchen Sie es dann erneut."
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("leerer_zwischenspeicher")]


@pytest.fixture
def erika():
    return Benutzer.objects.create_user(ADRESSE, PASSWORT)


def melde_an(client, adresse=ADRESSE, passwort=PASSWORT, **weiteres):
    return client.post("/konto/anmelden/", {"login": adresse, "password": passwort} | weiteres)


def fehler(antwort):
    return antwort.context["form"].non_field_errors()


@pytest.mark.parametrize("adresse", [ADRESSE, "ERIKA@Stadt.example"])
def test_anmelden(client, erika, adresse):
    antwort = melde_an(client, adresse)
    assert antwort["Location"] == "/"
    assert client.session["_auth_user_id"] == str(erika.pk)
    assert client.session.get_expire_at_browser_close()


def test_anmelden_fuehrt_dorthin_wo_man_hinwollte(client, erika):
    ziel = "/konto/passwort/aendern/"
    assert client.get(ziel)["Location"] == f"/konto/anmelden/?next={ziel}"
    assert melde_an(client, next=ziel)["Location"] == ziel


def test_kein_sprung_zu_fremden_adressen(client, erika):
    assert melde_an(client, next="https://fremd.example/")["Location"] == "/"


def test_gleiche_antwort_ob_es_das_konto_gibt_oder_nicht(client, erika):
    assert fehler(melde_an(client, passwort="falsch")) == [FALSCH]
    assert fehler(melde_an(client, adresse="niemand@stadt.example")) == [FALSCH]


def test_bremse_nach_fuenf_fehlversuchen(client, erika):
    assert [fehler(melde_an(client, passwort="falsch")) for _ in range(5)] == [[FALSCH]] * 5
    assert fehler(melde_an(client)) == [ZU_VIELE]
    assert "_auth_user_id" not in client.session


def test_gesperrtes_konto(client, erika):
    erika.is_active = False
    erika.save()
    melde_an(client)
    assert "_auth_user_id" not in client.session


def test_abmelden_braucht_einen_klick(client, erika):
    client.force_login(erika)
    client.get("/konto/abmelden/")
    assert "_auth_user_id" in client.session
    assert client.post("/konto/abmelden/")["Location"] == "/"
    assert "_auth_user_id" not in client.session


def test_keine_selbstanmeldung():
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")


def fordere_link_an(client, adresse):
    return client.post("/konto/passwort/vergessen/", {"email": adresse})


def test_link_anfordern_verraet_keine_adresse(client, erika):
    bekannt = fordere_link_an(client, ADRESSE)
    unbekannt = fordere_link_an(client, "niemand@stadt.example")
    assert bekannt["Location"] == unbekannt["Location"] == "/konto/passwort/vergessen/gesendet/"
    assert [nachricht.to for nachricht in mail.outbox] == [[ADRESSE]]
    assert mail.outbox[0].subject == "Neues Passwort für die Sozialplanung"


def test_passwort_mit_link_neu_setzen(client, erika):
    fordere_link_an(client, ADRESSE)
    link = re.search(r"http://testserver(/konto/passwort/neu/\S+)", mail.outbox[0].body)[1]
    formular = client.get(link)["Location"]
    neu = "noch ein langer Satz"
    antwort = client.post(formular, {"password1": neu, "password2": neu})
    assert antwort["Location"] == "/konto/passwort/neu/fertig/"
    erika.refresh_from_db()
    assert erika.check_password(neu)
    assert "Der Link gilt nicht mehr" in client.get(link).text


def test_zu_kurzes_passwort(client, erika):
    client.force_login(erika)
    antwort = client.post(
        "/konto/passwort/aendern/",
        {"oldpassword": PASSWORT, "password1": "kurz", "password2": "kurz"},
    )
    assert "Dieses Passwort ist zu kurz. Es muss mindestens 12 Zeichen enthalten." in antwort.text
    erika.refresh_from_db()
    assert erika.check_password(PASSWORT)


def test_passwort_aendern(client, erika):
    client.force_login(erika)
    neu = "noch ein langer Satz"
    client.post("/konto/passwort/aendern/", {"oldpassword": PASSWORT, "password1": neu, "password2": neu})
    erika.refresh_from_db()
    assert erika.check_password(neu)
