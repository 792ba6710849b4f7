import pytest
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import RequestFactory

from oberhausen_sozialplanung.seiten.navigation import menue

ABSCHNITTE = [
    ("Anmelden", "account_login", "Hinweis A"),
    ("Fehlt", "gibtsnicht:liste", "Hinweis B"),
    ("Passwort", "account_reset_password", "Hinweis C"),
]


@pytest.fixture(autouse=True)
def _abschnitte(settings):
    settings.NAVIGATION = ABSCHNITTE


def test_nur_vorhandene_abschnitte_in_der_reihenfolge_der_einstellung():
    punkte = [(punkt.titel, punkt.adresse, punkt.hinweis) for punkt in menue("/")]
    assert punkte == [
        ("Anmelden", "/konto/anmelden/", "Hinweis A"),
        ("Passwort", "/konto/passwort/vergessen/", "Hinweis C"),
    ]


@pytest.mark.parametrize(
    ("pfad", "aktuell"),
    [
        ("/", []),
        ("/konto/anmelden/", ["Anmelden"]),
        ("/konto/passwort/vergessen/gesendet/", ["Passwort"]),
    ],
)
def test_aktueller_abschnitt(pfad, aktuell):
    assert [punkt.titel for punkt in menue(pfad) if punkt.ist_aktuell] == aktuell


@pytest.mark.django_db
def test_seite_zeigt_den_aktuellen_abschnitt(client):
    html = client.get("/konto/anmelden/").text
    assert html.count('aria-current="true"') == 1


def test_blaettern_behaelt_die_filter():
    anfrage = RequestFactory().get("/liste/", {"raum": "3", "page": "2"})
    html = render_to_string(
        "_blaettern.html", {"page_obj": Paginator(range(30), 10).page(2)}, request=anfrage
    )
    assert 'href="?raum=3&amp;page=1"' in html
    assert 'href="?raum=3&amp;page=3"' in html
    assert "Seite 2 von 3" in html
