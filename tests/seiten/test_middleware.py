import logging

import pytest

from oberhausen_sozialplanung.seiten.protokoll import OhneAufrufliste

pytestmark = pytest.mark.django_db


def test_nullzeichen_in_der_adresse_ist_eine_falsche_anfrage(client):
    assert client.get("/quartiere/?suche=a%00b").status_code == 400


def test_seiten_eines_kontos_werden_nirgends_aufbewahrt(client, client_als):
    assert not client.get("/").has_header("Cache-Control")
    assert client_als("traeger").get("/")["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(("status", "bleibt"), [(403, False), (404, False), (500, True)])
def test_nur_fehler_des_programms_behalten_ihre_aufrufliste(status, bleibt):
    eintrag = logging.makeLogRecord({"exc_info": (ValueError, ValueError(), None), "status_code": status})
    assert OhneAufrufliste().filter(eintrag)
    assert bool(eintrag.exc_info) is bleibt
