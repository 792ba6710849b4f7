import logging

import pytest
from django.template.loader import render_to_string
from django.test import Client

from .html import Seite

UEBERSCHRIFTEN = {
    "400": "Die Anfrage ist nicht verständlich",
    "403": "Kein Zugang",
    "403_csrf": "Das Formular ist abgelaufen",
    "404": "Diese Seite gibt es nicht",
    "429": "Zu viele Anfragen",
    "500": "Das hat nicht geklappt",
}


@pytest.fixture(autouse=True)
def _ruhiges_protokoll():
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize(("name", "ueberschrift"), UEBERSCHRIFTEN.items())
def test_ohne_kontext_und_ohne_datenbank(name, ueberschrift):
    html = render_to_string(f"{name}.html")
    seite = Seite(html)
    assert f"<h1>{ueberschrift}</h1>" in html
    assert (seite.ueberschriften, seite.eingebettet, seite.fremde_adressen) == ([1], [], [])


@pytest.mark.urls("tests.seiten.urls_fehler")
@pytest.mark.parametrize("code", ["400", "403", "500"])
def test_ausgeliefert(code):
    antwort = Client(raise_request_exception=False).get(f"/fehler/{code}/")
    assert antwort.status_code == int(code)
    assert f"<h1>{UEBERSCHRIFTEN[code]}</h1>" in antwort.text


@pytest.mark.django_db
def test_unbekannte_adresse(client):
    antwort = client.get("/gibt-es-nicht/")
    assert antwort.status_code == 404
    assert f"<h1>{UEBERSCHRIFTEN['404']}</h1>" in antwort.text


@pytest.mark.django_db
def test_formular_ohne_sitzung():
    antwort = Client(enforce_csrf_checks=True).post(
        "/konto/anmelden/", {"login": "a@b.example", "password": "x"}
    )
    assert antwort.status_code == 403
    assert f"<h1>{UEBERSCHRIFTEN['403_csrf']}</h1>" in antwort.text
