import pytest
from django.db import OperationalError, connection
from django.test import RequestFactory

from oberhausen_sozialplanung.seiten import views
from oberhausen_sozialplanung.seiten.dienste import setze_demodaten
from oberhausen_sozialplanung.seiten.models import Textabschnitt, Textseite

HINWEIS = "<strong>Demonstrationsdaten:</strong>"


@pytest.mark.django_db
def test_gesund_fragt_keine_tabelle(client, django_assert_num_queries):
    with django_assert_num_queries(1) as abfragen:
        antwort = client.get("/gesund")
    assert (antwort.status_code, antwort.json()) == (200, {"status": "ok"})
    assert abfragen[0]["sql"] == "SELECT 1"
    assert not antwort.cookies
    assert "no-store" in antwort["Cache-Control"]


@pytest.mark.django_db
def test_gesund_ohne_datenbank():
    def verbindungsfehler(execute, sql, params, many, context):
        raise OperationalError("connection refused")

    with connection.execute_wrapper(verbindungsfehler):
        antwort = views.gesund(RequestFactory().get("/gesund"))
    assert (antwort.status_code, antwort.content) == (503, b'{"status": "database unreachable"}')


@pytest.mark.django_db
@pytest.mark.parametrize("an", [True, False])
def test_demohinweis(client, an):
    setze_demodaten(an)
    assert (HINWEIS in client.get("/").text) is an


@pytest.mark.django_db
def test_leere_startseite_fragt_nach_hinweis_und_lauf(client, django_assert_num_queries):
    with django_assert_num_queries(2):
        client.get("/")


@pytest.mark.django_db
def test_textseite_zeigt_text_ohne_auszeichnung(client):
    seite = Textseite.objects.create(slug="probe", titel="Probe")
    Textabschnitt.objects.create(seite=seite, nummer=2, ueberschrift="Zweitens", text="<script>x</script>")
    Textabschnitt.objects.create(seite=seite, nummer=1, text="Erstens\n\nhttps://stadt.example/")
    html = client.get("/seite/probe/").text
    assert html.index("<p>Erstens</p>") < html.index("<h2>Zweitens</h2>")
    assert "<p>&lt;script&gt;x&lt;/script&gt;</p>" in html
    assert '<p><a href="https://stadt.example/" rel="nofollow">https://stadt.example/</a></p>' in html


@pytest.mark.django_db
@pytest.mark.parametrize("slug", ["impressum", "datenschutz", "barrierefreiheit"])
def test_platzhalter_sagen_dass_sie_es_sind(client, slug):
    assert "Dieser Text ist ein Platzhalter." in client.get(f"/seite/{slug}/").text
