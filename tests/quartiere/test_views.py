import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from quartiere.models import Gebiet, Gebietsalias

from .fabriken import GebietsstandFabrik, QuartierFabrik, SozialraumFabrik

pytestmark = pytest.mark.django_db

LISTE = "/quartiere/"
ZEILE = re.compile(r'<tr data-gebiet="\d+">(.*?)</tr>', re.DOTALL)
MARKE = re.compile(r"<[^>]+>")


@pytest.fixture
def stadt():
    """Two Sozialräume with three quarters; the tiles lie as 101 102 above 201."""
    nord = SozialraumFabrik(nummer="1", name="Nord", slug="nord", einwohner=3500)
    sued = SozialraumFabrik(nummer="2", name="Süd", slug="sued")
    anger = QuartierFabrik(
        uebergeordnet=nord, nummer="101", name="Anger", slug="anger", einwohner=1500, kachel_x=4, kachel_y=7
    )
    QuartierFabrik(
        uebergeordnet=nord,
        nummer="102",
        name="Überfeld",
        slug="ueberfeld",
        einwohner=2000,
        kachel_x=5,
        kachel_y=7,
    )
    QuartierFabrik(
        uebergeordnet=sued, nummer="201", name="Bach", slug="bach", einwohner=None, kachel_x=4, kachel_y=8
    )
    Gebietsalias.objects.create(gebiet=anger, name="Am Wiesengrund")
    Gebietsalias.objects.create(gebiet=anger, name="Alter Markt")
    return anger


def zeilen(html):
    """Return the texts of the cells of each row of areas."""
    return [MARKE.sub(" ", zeile).split() for zeile in ZEILE.findall(html)]


def text(html):
    return " ".join(MARKE.sub(" ", html).split())


def kacheln(html):
    """Return address, label and corner of each tile."""
    muster = (
        r'<a class="kachel[^"]*"\s+href="([^"]+)"[^>]*aria-label="([^"]+)"'
        r'\s+transform="translate\((\d+ \d+)\)"'
    )
    return re.findall(muster, html)


def test_liste_zeigt_alle_quartiere_in_tabelle_und_karte(client, stadt):
    html = client.get(LISTE).text
    assert zeilen(html) == [
        ["101", "Anger", "Nord", "1.500"],
        ["102", "Überfeld", "Nord", "2.000"],
        ["201", "Bach", "Süd", "–"],
    ]
    assert kacheln(html) == [
        ("/quartiere/anger/", "101 Anger", "0 0"),
        ("/quartiere/ueberfeld/", "102 Überfeld", "126 0"),
        ("/quartiere/bach/", "201 Bach", "0 98"),
    ]
    assert "3 Sozialquartiere" in text(html)
    assert "Gebietsstand 2024, gültig ab 01.01.2024." in text(html)


@pytest.mark.parametrize(
    ("suche", "nummern"),
    [
        ("anger", ["101"]),
        ("WIESENGRUND", ["101"]),
        ("überfeld", ["102"]),
        ("ÜBERFELD", ["102"]),
        ("uberf", []),
        ("ueberf", ["102"]),
        ("10", ["101", "102"]),
        ("01", []),
        ("e", ["101", "102"]),
        ("%", []),
        ("…", []),
    ],
)
def test_suche_nach_name_nummer_und_anderem_namen(client, stadt, suche, nummern):
    html = client.get(LISTE, {"suche": suche}).text
    assert [zeile[0] for zeile in zeilen(html)] == nummern
    assert len(kacheln(html)) == len(nummern)


def test_filter_nach_sozialraum(client, stadt):
    html = client.get(LISTE, {"sozialraum": "nord"}).text
    assert [zeile[0] for zeile in zeilen(html)] == ["101", "102"]
    assert "2 Sozialquartiere gefunden" in text(html)
    assert "Auswahl aufheben" in html


def test_unbekannter_sozialraum_wird_gemeldet(client, stadt):
    html = client.get(LISTE, {"sozialraum": "gibtsnicht"}).text
    assert zeilen(html) == []
    assert "Bitte eine gültige Auswahl treffen" in text(html)


def test_leere_treffer_werden_erklaert(client, stadt):
    inhalt = text(client.get(LISTE, {"suche": "xyz"}).text)
    assert "Kein Sozialquartier passt zu Ihrer Auswahl. Prüfen Sie die Schreibweise, oder heben" in inhalt


def test_liste_ohne_gebiete_erklaert_was_zu_tun_ist(client):
    assert "Es sind noch keine Gebiete geladen." in text(client.get(LISTE).text)


def test_liste_ohne_quartiere(client):
    GebietsstandFabrik()
    assert "Der Gebietsstand 2024 enthält noch keine Sozialquartiere." in text(client.get(LISTE).text)


def test_quartiere_alter_gebietsstaende_sind_nicht_zu_sehen(client, stadt):
    alt = GebietsstandFabrik(name="alt", gueltig_bis="2023-12-31", gueltig_von="2010-01-01")
    QuartierFabrik(uebergeordnet__uebergeordnet__gebietsstand=alt, nummer="999", slug="altes")
    assert [zeile[0] for zeile in zeilen(client.get(LISTE).text)] == ["101", "102", "201"]
    assert client.get("/quartiere/altes/").status_code == 404


def test_hundert_zeilen_je_seite_und_alle_auf_der_karte(client):
    raum = SozialraumFabrik()
    QuartierFabrik.create_batch(101, uebergeordnet=raum)
    html = client.get(LISTE).text
    assert len(zeilen(html)) == 100
    assert len(kacheln(html)) == 101
    assert "Seite 1 von 2" in text(html)
    zweite = client.get(LISTE, {"page": 2}).text
    assert len(zeilen(zweite)) == 1


def test_seite_eines_quartiers(client, stadt):
    Gebiet.objects.filter(pk=stadt.pk).update(staerken="Kanal\nVereine", besonderheiten="Viel <Grün>.")
    html = client.get("/quartiere/anger/").text
    inhalt = text(html)
    assert re.search(r"<h1>\s*Anger\s*</h1>", html)
    assert "Nummer 101 Einwohner*innen 1.500 Auch genannt Alter Markt, Am Wiesengrund" in inhalt
    assert "Stärken Kanal Vereine" in inhalt
    assert "Viel &lt;Grün&gt;." in html
    assert zeilen(html) == [["101", "Anger", "1.500"], ["102", "Überfeld", "2.000"]]
    assert re.findall(r'aria-current="page"', html) == ['aria-current="page"'] * 3
    assert "Quartiere Nord Anger" in text(html[html.index("Brotkrumen") :])


def test_seite_eines_sozialraums(client, stadt):
    html = client.get("/quartiere/sozialraum/nord/").text
    assert re.search(r"<h1>\s*Sozialraum Nord\s*</h1>", html)
    assert "Nummer 1 Einwohner*innen 3.500" in text(html)
    assert zeilen(html) == [["101", "Anger", "1.500"], ["102", "Überfeld", "2.000"]]


def test_sozialraum_ohne_quartiere_und_ohne_angaben(client):
    SozialraumFabrik(slug="leer")
    inhalt = text(client.get("/quartiere/sozialraum/leer/").text)
    assert "Einwohner*innen nicht bekannt" in inhalt
    assert "Stärken Noch nicht beschrieben." in inhalt
    assert "Zu diesem Sozialraum gehört noch kein Sozialquartier." in inhalt


@pytest.mark.parametrize("adresse", ["/quartiere/nord/", "/quartiere/sozialraum/anger/"])
def test_ebenen_werden_nicht_verwechselt(client, stadt, adresse):
    assert client.get(adresse).status_code == 404


@pytest.mark.parametrize(
    ("rolle", "darf_in_die_verwaltung", "sichtbar"),
    [("sozialplanung", True, True), ("sozialplanung", False, False), ("leitung", True, False)],
)
def test_bearbeiten_sieht_nur_wer_darf(client, konto, stadt, rolle, darf_in_die_verwaltung, sichtbar):
    client.force_login(konto(rolle, is_staff=darf_in_die_verwaltung))
    for gebiet, name in [(stadt, "sozialquartier"), (stadt.uebergeordnet, "sozialraum")]:
        ziel = reverse(f"admin:quartiere_{name}_change", args=[gebiet.pk])
        assert (ziel in client.get(gebiet.get_absolute_url()).text) == sichtbar


@pytest.mark.parametrize(
    ("adresse", "hoechstens"),
    [("/quartiere/", 4), ("/quartiere/q-0/", 4), ("/quartiere/sozialraum/raum/", 4)],
)
def test_zahl_der_abfragen(client, adresse, hoechstens):
    raum = SozialraumFabrik(nummer="1", slug="raum")
    anzahlen = []
    for nummern in ([0], [1, 2]):
        for nummer in nummern:
            quartier = QuartierFabrik(uebergeordnet=raum, slug=f"q-{nummer}")
            Gebietsalias.objects.create(gebiet=quartier, name=f"Alias {nummer}")
        with CaptureQueriesContext(connection) as abfragen:
            assert client.get(adresse).status_code == 200
        anzahlen.append(
            sum(
                "quartiere_" in abfrage["sql"] and "sozialindex_" not in abfrage["sql"]
                for abfrage in abfragen
            )
        )
    assert anzahlen[0] == anzahlen[1] <= hoechstens
