import pytest
from django.contrib.auth.models import AnonymousUser

from oberhausen_sozialplanung.konten import rechte
from oberhausen_sozialplanung.konten.models import Benutzer
from oberhausen_sozialplanung.konten.rollen import Rolle

pytestmark = pytest.mark.django_db

INTERN = {"fachbereich", "moderation", "sozialplanung", "leitung"}


@pytest.mark.parametrize("rolle", [rolle.schluessel for rolle in Rolle])
def test_verwaltungsintern(konto, rolle):
    assert rechte.ist_verwaltungsintern(konto(rolle)) is (rolle in INTERN)


@pytest.mark.parametrize("rolle", [rolle.schluessel for rolle in Rolle])
def test_jede_rolle_hat_ihr_praedikat(konto, rolle):
    zutreffend = {name for name in Rolle.__members__ if getattr(rechte, f"ist_{name.lower()}")(konto(rolle))}
    assert zutreffend == {rolle.upper()}


def test_mehrere_rollen(konto):
    beides = konto("moderation", "leitung")
    assert rechte.ist_moderation(beides)
    assert rechte.ist_leitung(beides)
    assert not rechte.ist_sozialplanung(beides)


def test_ohne_konto():
    assert rechte.ist_verwaltungsintern(AnonymousUser()) is False
    assert rechte.ist_verwaltungsintern(None) is False


def test_gesperrtes_konto_hat_keine_rolle(konto):
    assert rechte.ist_leitung(konto("leitung", is_active=False)) is False


def test_superuser_hat_dadurch_keine_rolle():
    assert rechte.ist_leitung(Benutzer.objects.create_superuser("technik@test.example")) is False


def test_gruppen_werden_einmal_gelesen(konto, django_assert_num_queries):
    person = konto("sozialplanung")
    with django_assert_num_queries(1):
        rechte.ist_sozialplanung(person)
        rechte.ist_leitung(person)
        rechte.ist_verwaltungsintern(person)
