import os
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import settings

from oberhausen_sozialplanung.konten.rollen import Rolle

from .fabriken import BenutzerFabrik

OEFFENTLICH = "oeffentlich"
# A folder `shared/daten` beside the checkout.
REFERENZDATEN = Path(__file__).parents[2] / "shared" / "daten"

# A busy machine must not fail a law; how long an example may take is not what these tests are about.
settings.register_profile("ohne_frist", deadline=None)
settings.load_profile("ohne_frist")


@pytest.fixture
def konto(db):
    """Make an account per role: ``konto("sozialplanung")`` or ``konto("moderation", "leitung")``."""

    def mache(*schluessel, **felder):
        return BenutzerFabrik(rollen=[Rolle[name.upper()] for name in schluessel], **felder)

    return mache


@pytest.fixture
def client_als(konto):
    """Make a client logged in with a role: ``client_als("leitung")``; ``oeffentlich`` has no account."""

    def mache(schluessel):
        client = Client()
        if schluessel != OEFFENTLICH:
            client.force_login(konto(schluessel, is_staff=schluessel == "administration"))
        return client

    return mache


@pytest.fixture
def zaehle_abfragen(db):
    """Count the queries of a call: the number must not grow with the rows shown.

    ``zaehle_abfragen(client.get, "/liste/")`` once with one row, once with three.
    """

    def zaehle(aufruf, *argumente):
        with CaptureQueriesContext(connection) as abfragen:
            aufruf(*argumente)
        return len(abfragen)

    return zaehle


@pytest.fixture
def leerer_zwischenspeicher(db):
    """Forget earlier attempts, so that the throttling starts at zero."""
    cache.clear()


@pytest.fixture(scope="session")
def referenzdaten():
    """Folder of the published editions; they are no part of the repository, see CONTRIBUTING.md."""
    ordner = Path(os.environ.get("SOZIALPLANUNG_DATEN", REFERENZDATEN))
    if not ordner.is_dir():
        pytest.skip(f"Referenzdaten fehlen: {ordner} (SOZIALPLANUNG_DATEN setzen)")
    return ordner
