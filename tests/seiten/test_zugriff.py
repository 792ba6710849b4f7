"""Site-wide tests over the table in zugriffe.py."""

import pytest
from django.contrib.messages import WARNING, get_messages
from django.urls import URLResolver, get_resolver, reverse

from ..conftest import OEFFENTLICH
from .html import Seite
from .zugriffe import ALLE, AUSGENOMMEN, ZUGRIFFE

FAELLE = [(zugriff, rolle) for zugriff in ZUGRIFFE for rolle in sorted(ALLE)]
SEITEN = [zugriff for zugriff in ZUGRIFFE if zugriff.ist_seite and zugriff.methode == "get"]

pytestmark = pytest.mark.django_db


def url_namen(resolver, namensraum=""):
    for eintrag in resolver.url_patterns:
        if not isinstance(eintrag, URLResolver):
            yield f"{namensraum}{eintrag.name}"
        elif eintrag.namespace not in AUSGENOMMEN:
            vorsatz = f"{namensraum}{eintrag.namespace}:" if eintrag.namespace else namensraum
            yield from url_namen(eintrag, vorsatz)


def rufe_auf(client, zugriff, *, erlaubt=True):
    lege_an = zugriff.gelingt_mit if erlaubt and zugriff.gelingt_mit else zugriff.daten
    adresse = reverse(zugriff.name, kwargs=lege_an())
    formular = zugriff.formular() if callable(zugriff.formular) else zugriff.formular
    return getattr(client, zugriff.methode)(adresse, formular)


def beanstandungen(antwort):
    """What the page after an action would complain about."""
    return [str(meldung) for meldung in get_messages(antwort.wsgi_request) if meldung.level >= WARNING]


def test_jede_url_steht_in_der_tabelle():
    assert set(url_namen(get_resolver())) == {zugriff.name for zugriff in ZUGRIFFE}


@pytest.mark.parametrize(("zugriff", "rolle"), FAELLE, ids=lambda teil: str(teil))
def test_wer_darf(zugriff, rolle, client_als):
    antwort = rufe_auf(client_als(rolle), zugriff, erlaubt=rolle in zugriff.erlaubt)
    anmeldung = f"{reverse('account_login')}?next="
    zur_anmeldung = antwort.status_code == 302 and antwort["Location"].startswith(anmeldung)
    if rolle in zugriff.erlaubt:
        assert antwort.status_code in (200, 302)
        assert not zur_anmeldung
        if zugriff.methode == "post":
            assert (antwort.status_code, beanstandungen(antwort)) == (302, [])
    elif rolle == OEFFENTLICH:
        assert zur_anmeldung or antwort.status_code == 404 == zugriff.verboten
    else:
        assert antwort.status_code == zugriff.verboten


@pytest.fixture(params=SEITEN, ids=str)
def seite(request, client_als):
    antwort = rufe_auf(client_als(request.param.betrachter), request.param)
    assert antwort.status_code == 200
    assert antwort["Content-Type"] == "text/html; charset=utf-8"
    return Seite(antwort.text)


def test_ueberschriften(seite):
    assert seite.ueberschriften.count(1) == 1
    assert seite.ueberschriften[0] == 1
    assert seite.uebersprungene_ebenen == []


def test_kein_eingebettetes_programm_und_kein_stil(seite):
    assert seite.eingebettet == []


def test_nichts_von_fremden_adressen(seite):
    assert seite.ressourcen
    assert seite.fremde_adressen == []


def test_neben_jedem_diagramm_steht_eine_tabelle(seite):
    assert seite.diagramme_ohne_tabelle == []
