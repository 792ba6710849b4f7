from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from oberhausen_sozialplanung.konten.dienste import (
    DEMO_PASSWORT,
    DemoNichtErlaubt,
    lege_demokonten_an,
)
from oberhausen_sozialplanung.konten.models import Benutzer
from oberhausen_sozialplanung.konten.rollen import Rolle

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings):
    settings.DEMO = True


@pytest.mark.usefixtures("demo")
def test_ein_konto_je_rolle():
    konten = lege_demokonten_an()
    assert {konto.email: konto.rollen for konto in konten} == {
        f"{rolle.schluessel}@demo.example": {rolle} for rolle in Rolle
    }
    assert all(konto.check_password(DEMO_PASSWORT) for konto in konten)
    assert [konto.email for konto in konten if konto.is_staff] == [
        "sozialplanung@demo.example",
        "administration@demo.example",
    ]
    assert not any(konto.is_superuser for konto in konten)


@pytest.mark.usefixtures("demo")
def test_zweiter_aufruf_stellt_den_dokumentierten_stand_her():
    lege_demokonten_an()
    konto = Benutzer.objects.get(email="leitung@demo.example")
    konto.set_password("etwas anderes")
    konto.is_active = False
    konto.save()
    lege_demokonten_an()
    konto.refresh_from_db()
    assert Benutzer.objects.count() == len(Rolle)
    assert konto.is_active
    assert konto.check_password(DEMO_PASSWORT)


def test_ausserhalb_einer_demonstration_nichts():
    with pytest.raises(DemoNichtErlaubt):
        lege_demokonten_an()
    with pytest.raises(CommandError, match="Es wurde nichts angelegt"):
        call_command("demokonten")
    call_command("demokonten", falls_erlaubt=True)
    assert not Benutzer.objects.exists()


@pytest.mark.usefixtures("demo")
def test_befehl_nennt_konten_und_passwort():
    ausgabe = StringIO()
    call_command("demokonten", stdout=ausgabe)
    zeilen = ausgabe.getvalue().splitlines()
    assert zeilen[0] == "Demokonten (Passwort für alle: gemeinsam-planen)"
    assert zeilen[1] == "  Träger           traeger@demo.example"
    assert len(zeilen) == 1 + len(Rolle)


@pytest.mark.usefixtures("demo")
def test_anmeldeseite_nennt_die_konten_nur_in_der_demonstration(client, settings):
    assert DEMO_PASSWORT in client.get("/konto/anmelden/").text
    settings.DEMO = False
    assert DEMO_PASSWORT not in client.get("/konto/anmelden/").text
