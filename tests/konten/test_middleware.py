import pytest
from django.contrib.messages import get_messages

pytestmark = pytest.mark.django_db

AKTION = "/sozialindex/laeufe/1/bemerken/"


@pytest.mark.parametrize(
    ("herkunft", "zurueck"),
    [
        ("http://testserver/sozialindex/laeufe/1/", "/sozialindex/laeufe/1/"),
        ("http://testserver/sozialindex/?zustand=entwurf", "/sozialindex/%3Fzustand%3Dentwurf"),
        ("https://boese.example/", "/"),
        ("", "/"),
    ],
)
def test_abgelaufene_anmeldung_fuehrt_zur_seite_des_formulars(client, herkunft, zurueck):
    antwort = client.post(AKTION, {"text": "Hinweis"}, headers={"Referer": herkunft})
    assert antwort["Location"] == f"/konto/anmelden/?next={zurueck}"
    meldung = next(iter(get_messages(antwort.wsgi_request)))
    assert meldung.message.startswith("Ihre Anmeldung war abgelaufen. Es wurde nichts gespeichert.")


def test_lesen_fuehrt_nach_der_anmeldung_zur_selben_adresse(client):
    antwort = client.get("/sozialindex/lieferungen/")
    assert antwort["Location"] == "/konto/anmelden/?next=/sozialindex/lieferungen/"
    assert list(get_messages(antwort.wsgi_request)) == []
