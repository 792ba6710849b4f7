"""The chart module under the strict policy, with the style sheet and the bundle that the site serves."""

import plotly.graph_objects as go
import pytest
from django.template import Context, Template

VORLAGE = """{% extends "basis.html" %}
{% block stile %}{% include "_diagramm_stile.html" %}{% endblock %}
{% block skripte %}{% include "_diagramm_skripte.html" %}{% endblock %}
{% block inhalt %}
  <h1>Probe</h1>
  <section><h2>Werte</h2>{% include "_diagramm.html" with id="werte" titel="Werte je Quartier" %}</section>
{% endblock %}"""


@pytest.fixture
def probe(oeffne):
    """Open a page that exists only here; its headers are those the server really sends."""
    figur = go.Figure(
        go.Bar(x=["Nord", "Süd"], y=[1234.5, 0.5], marker_color=["var(--klasse-1)", "var(--klasse-4)"]),
        layout={"yaxis": {"tickformat": ",.1f", "tickvals": [1234.5]}, "template": None},
    ).to_plotly_json()
    figur["data"][0]["x"], figur["data"][0]["y"] = list(figur["data"][0]["x"]), list(figur["data"][0]["y"])
    figur["data"][0]["marker"]["color"] = list(figur["data"][0]["marker"]["color"])
    html = Template(VORLAGE).render(Context({"figur": figur}))

    def mache(**weiteres):
        seite = oeffne("/", **weiteres)
        kopf = seite.request.get("/").headers
        antwort = {name: kopf[name] for name in ("content-security-policy", "referrer-policy")}
        seite.route("**/probe", lambda weg: weg.fulfill(body=html, headers=antwort, content_type="text/html"))
        seite.goto("/probe")
        seite.locator(".main-svg").first.wait_for()
        return seite

    return mache


def farben(seite):
    return seite.locator(".bars path").evaluate_all("pfade => pfade.map(p => getComputedStyle(p).fill)")


def test_zeichnet_mit_den_farben_der_seite(probe):
    assert farben(probe()) == ["rgb(227, 237, 243)", "rgb(28, 74, 120)"]


def test_dunkel(probe):
    assert farben(probe(dunkel=True)) == ["rgb(33, 50, 62)", "rgb(211, 235, 249)"]


def test_wechsel_zu_dunkel_zeichnet_neu(probe):
    seite = probe()
    seite.emulate_media(color_scheme="dark")
    assert farben(seite) == ["rgb(33, 50, 62)", "rgb(211, 235, 249)"]


def test_deutsche_zahlen(probe):
    assert probe().locator(".ytick text").all_text_contents() == ["1.234,5"]


def test_nur_der_knopf_zum_speichern(probe):
    knoepfe = probe().locator(".modebar-btn")
    assert [knopf.get_attribute("aria-label") for knopf in knoepfe.all()] == ["Graphen als PNG herunterladen"]


def test_bild_speichern(probe):
    seite = probe()
    seite.locator(".diagramm").hover()
    with seite.expect_download() as download:
        seite.locator(".modebar-btn").click()
    assert download.value.suggested_filename == "plot-image.png"


def test_passt_auf_das_telefon(probe):
    seite = probe(groesse="telefon")
    assert seite.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
