"""Nothing a reader must not know leaves the house: pages, chart data, archive, pages of other apps.

The first quarter has 2 cases of 137 people (1.4598… %), fewer than may be shown. All other figures may be
shown to anybody.
"""

import io
import re
import zipfile

import pandas as pd
import pytest
from django.template import Context, Template
from django.test import Client
from django.urls import reverse

from sozialindex.dienste import laeufe as dienste

from .fabriken import STICHTAG, Kleinstadt, MethodikFabrik, methodikdaten

pytestmark = pytest.mark.django_db

ANTEIL = 2 / 137 * 100


@pytest.fixture
def stadt():
    stadt = Kleinstadt()
    werte = stadt.quartiere[0].werte.filter(definition=stadt.armut, stichtag=STICHTAG)
    werte.update(zaehler=2, nenner=137, wert=ANTEIL)
    return stadt


@pytest.fixture
def lauf(stadt, konto):
    return veroeffentlicht(konto)


def veroeffentlicht(konto):
    lauf = dienste.berechne_lauf(
        stichtag=STICHTAG, methodik=MethodikFabrik(), erstellt_von=konto("sozialplanung")
    )
    dienste.pruefe_lauf(lauf=lauf, geprueft_von=lauf.erstellt_von)
    return dienste.veroeffentliche_lauf(lauf=lauf, veroeffentlicht_von=konto("leitung"))


def verraeterisch(lauf, stadt):
    """Every figure from which the hidden count follows, to four digits, with point and with comma."""
    ergebnis = lauf.ergebnisse.get(gebiet=stadt.quartiere[0])
    stadtwert = 42 / 637 * 100
    zahlen = [ANTEIL, stadtwert, ergebnis.statussumme, ergebnis.statusindex, ergebnis.dynamikindex]
    zahlen += [*ergebnis.beitraege.values(), *ergebnis.beitraege_dynamik.values()]
    zahlen += [lauf.statistik["indikatoren"]["armut"][name] for name in ("mittel", "sd", "nullpunkt")]
    zahlen += [e.statussumme for e in lauf.ergebnisse.all()] + [ANTEIL - 7]
    # Rounded and cut off; zero and other short numbers stand on every page and tell nothing.
    texte = {text for zahl in zahlen for text in (f"{abs(zahl):.3f}", f"{abs(zahl):.9f}"[:-6])}
    texte = {text for text in texte if len(text.rstrip("0")) >= 5}
    return texte | {text.replace(".", ",") for text in texte} | {lauf.sha256}


def gefunden(text, lauf, stadt):
    return sorted(wort for wort in verraeterisch(lauf, stadt) if wort in text)


def entpackt(antwort):
    with zipfile.ZipFile(io.BytesIO(antwort.content)) as archiv:
        return {name: archiv.read(name).decode() for name in archiv.namelist()}


def zip_adresse(lauf):
    return reverse("sozialindex:lauf_zip", kwargs={"nummer": lauf.nummer})


@pytest.mark.parametrize("rolle", ["oeffentlich", "traeger", "fachbereich", "leitung"])
def test_page_and_chart_data(rolle, client_als, lauf, stadt):
    text = client_als(rolle).get(lauf.get_absolute_url()).text
    assert gefunden(text, lauf, stadt) == []
    # This quarter shows its classes alone; the index values of all others, which it moves, have one decimal.
    zeile = re.search(r"<tr>\s*<th scope=\"row\"><span class=\"leise\">2001.*?</tr>", text, re.DOTALL)[0]
    assert "hoch" in zeile
    assert re.findall(r"\d,\d", zeile) == []
    andere = lauf.ergebnisse.exclude(gebiet=stadt.quartiere[0])
    assert [e for e in andere if f"{abs(e.statusindex):.2f}".replace(".", ",") in text] == []
    assert "auf eine Stelle gerundet" in text


def test_the_test_would_notice(lauf, stadt, client_als):
    """The Sozialplanung sees these figures, so the search above does look for what could be there."""
    client = client_als("sozialplanung")
    text = "".join(entpackt(client.get(zip_adresse(lauf))).values())
    assert len(gefunden(text, lauf, stadt)) > 10


def test_input_of_a_reader_without_the_right_says_secret(lauf, stadt, client_als):
    bericht = client_als("leitung").get(lauf.get_absolute_url()).context["bericht"]
    je_gebiet = {zeile.gebiet: zeile.zahlen[0][0] for zeile in bericht.pruefteil.eingaben}
    geheim = {gebiet for gebiet, zahl in je_gebiet.items() if zahl.ersatz == "geheim"}
    assert geheim == {"Sozialquartier 2001", "Stadt 00"}
    assert [z.indikator.schluessel for z in bericht.pruefteil.statistik] == ["alter"]
    assert bericht.pruefteil.korrelationen == []
    assert bericht.pruefteil.beitraege == []
    assert bericht.pruefteil.beitragsbild is None
    assert bericht.stadttrend is None


@pytest.mark.parametrize("rolle", ["oeffentlich", "leitung"])
def test_archive(rolle, client_als, lauf, stadt):
    dateien = entpackt(client_als(rolle).get(zip_adresse(lauf)))
    assert set(dateien) == {"methodik.json", "werte.csv", "ergebnis.csv", "LIESMICH.txt", "SHA256SUMS"}
    assert gefunden("".join(dateien.values()), lauf, stadt) == []
    werte = pd.read_csv(io.StringIO(dateien["werte.csv"]), sep=";", dtype={"gebiet": str}).set_index("gebiet")
    leer = {(zeile, spalte) for zeile, spalte in werte.isna().stack()[lambda ist: ist].index}
    assert {spalte for _, spalte in leer} == {"armut", "dyn_armut"}
    assert werte[["armut", "dyn_armut"]].isna().all(axis=None)
    assert werte.loc["2001", "alter"] == 7.0
    ergebnis = pd.read_csv(io.StringIO(dateien["ergebnis.csv"]), sep=";").set_index("gebiet")
    assert ergebnis[["statussumme", "beitrag_armut", "beitrag_alter"]].isna().all(axis=None)
    assert ergebnis.loc[2001, "statusklasse"] == "hoch"
    assert ergebnis.loc[2001, ["statusindex", "dynamikindex"]].isna().all()
    andere = ergebnis.drop(2001)[["statusindex", "dynamikindex"]]
    assert andere.notna().all(axis=None)
    assert (andere == andere.round(1)).all(axis=None)
    assert "nicht nachrechnen" in dateien["LIESMICH.txt"]


def test_archive_without_small_counts_is_complete_for_everybody(konto):
    stadt = Kleinstadt(schritt=3)
    lauf = dienste.berechne_lauf(
        stichtag=STICHTAG, methodik=MethodikFabrik(), erstellt_von=konto("sozialplanung")
    )
    dienste.pruefe_lauf(lauf=lauf, geprueft_von=lauf.erstellt_von)
    dienste.veroeffentliche_lauf(lauf=lauf, veroeffentlicht_von=konto("leitung"))
    dateien = entpackt(Client().get(zip_adresse(lauf)))
    ergebnis = pd.read_csv(io.StringIO(dateien["ergebnis.csv"]), sep=";").set_index("gebiet")
    gespeichert = lauf.ergebnisse.get(gebiet=stadt.quartiere[0])
    assert ergebnis.loc[2001, "statusindex"] == gespeichert.statusindex
    assert ergebnis.loc[2001, "beitrag_armut"] == gespeichert.beitraege["armut"]


def zeige(inhalt, benutzer, **kontext):
    vorlage = Template("{% load index_auf_seiten %}" + inhalt)
    return vorlage.render(Context({"user": benutzer, **kontext}))


def test_tags_on_pages_of_quarters(lauf, stadt, konto, zaehle_abfragen):
    quartier, raum = stadt.quartiere[0], stadt.raeume[1]
    inhalt = (
        "{% index_uebersicht_quartier quartier %}{% werte_des_quartiers quartier %}"
        "{% index_des_sozialraums raum %}"
    )
    text = zeige(inhalt, konto("traeger"), quartier=quartier, raum=raum)
    assert gefunden(text, lauf, stadt) == []
    # Quarter, its Sozialraum and the city: three cells that would give the count away.
    assert text.count(">geheim<") == 3
    intern = zeige(inhalt, konto("sozialplanung"), quartier=quartier, raum=raum)
    assert intern.count(">geheim<") == 0
    assert "1,5" in intern


def test_queries_of_the_tags(lauf, stadt, konto, zaehle_abfragen):
    person = konto("traeger")
    inhalt = (
        "{% index_uebersicht_quartier quartier %}{% werte_des_quartiers quartier %}"
        "{% index_einfaerbung as einfaerbung %}"
    )
    quartier = type(stadt.quartiere[0]).objects.select_related("gebietsstand", "uebergeordnet").first()
    erste = zaehle_abfragen(lambda: zeige(inhalt, person, quartier=quartier))
    stadt.wachse(12)
    assert zaehle_abfragen(lambda: zeige(inhalt, person, quartier=quartier)) <= erste <= 8


def test_colours_of_the_map(lauf, stadt):
    legende = "{% for css, zeichen, wort in e.legende %}{{ css }} {{ zeichen }} {{ wort }};{% endfor %}"
    text = zeige("{% index_einfaerbung as e %}{{ e.titel }}|" + legende, None)
    assert text == (
        "Status am 31.12.2020, Testindex|"
        "klasse-1 ○ hoch;klasse-2 ◔ mittel;klasse-3 ◕ niedrig;klasse-4 ● sehr niedrig;"
    )


def test_runs_of_two_methods_are_told_apart(lauf, stadt, konto):
    quartier = stadt.quartiere[1]
    inhalt = "{% index_uebersicht_quartier quartier %}"
    assert "Testindex" not in zeige(inhalt, None, quartier=quartier)
    daten = methodikdaten("armut", "alter", schluessel="zweite", titel="Zweiter Index")
    zweiter = dienste.berechne_lauf(
        stichtag=STICHTAG, methodik=MethodikFabrik(schluessel="zweite", daten=daten)
    )
    dienste.pruefe_lauf(lauf=zweiter, geprueft_von=konto("sozialplanung"))
    dienste.veroeffentliche_lauf(lauf=zweiter, veroeffentlicht_von=konto("leitung"))
    text = zeige(inhalt, None, quartier=quartier)
    assert text.index(">Zweiter Index<") < text.index(">Testindex<")
    assert zeige("{% index_einfaerbung as e %}{{ e.titel }}", None) == "Status am 31.12.2020, Zweiter Index"


def test_no_colours_without_a_published_run(konto):
    Kleinstadt()
    dienste.berechne_lauf(stichtag=STICHTAG, methodik=MethodikFabrik())
    assert zeige("{% index_einfaerbung as e %}{{ e }}", None) == "None"


def test_whole_page_of_a_quarter(lauf, stadt, client_als, zaehle_abfragen):
    adresse = stadt.quartiere[0].get_absolute_url()
    for rolle in ("oeffentlich", "traeger", "leitung"):
        client = client_als(rolle)
        assert gefunden(client.get(adresse).text, lauf, stadt) == []
        assert zaehle_abfragen(client.get, adresse) <= 12


def test_whole_page_of_a_quarter_for_planners(lauf, stadt, client_als, zaehle_abfragen):
    adresse = stadt.quartiere[0].get_absolute_url()
    for rolle in ("sozialplanung", "administration"):
        assert zaehle_abfragen(client_als(rolle).get, adresse) <= 12
