import re
from dataclasses import dataclass

import pytest
from django.template import Context, Template

from quartiere.models import Sozialquartier
from quartiere.templatetags.kachelkarte import HOECHSTENS, kachelkarte, trennbar

from .fabriken import QuartierFabrik, SozialraumFabrik

pytestmark = pytest.mark.django_db

HOCH = ("klasse-1", "○", "hoch")
NIEDRIG = ("klasse-3", "◕", "niedrig")
SUCHHILFE = "Ein Index ist eine Suchhilfe"


@dataclass
class Farben:
    klassen: dict

    titel = "Status am 31.12.2022"
    legende = (HOCH, NIEDRIG)

    def fuer(self, gebiet_id):
        return self.klassen.get(gebiet_id)


def zeichne(**context):
    vorlage = "{% load kachelkarte %}{% kachelkarte gebiete einfaerbung aktuell %}"
    return Template(vorlage).render(Context({"gebiete": Sozialquartier.objects.nach_nummer(), **context}))


def legende(html):
    return [
        " ".join(re.sub(r"<[^>]+>", " ", eintrag).split())
        for eintrag in re.findall(r"<li>(.*?)</li>", html, re.DOTALL)
    ]


def kachel(html, gebiet):
    return re.search(rf'<a class="([^"]*)"[^>]*data-gebiet="{gebiet.pk}".*?</a>', html, re.DOTALL)


def test_ohne_einfaerbung_keine_klassen_und_keine_legende():
    anger = QuartierFabrik(nummer="101", name="Anger")
    html = zeichne()
    assert kachel(html, anger)[1] == "kachel"
    assert "<title>101 Anger</title>" in html
    assert 'class="kachel-zeichen"' not in html
    assert legende(html) == []
    assert SUCHHILFE not in html


def test_klasse_in_farbe_zeichen_und_wort():
    anger, bach = QuartierFabrik(nummer="101", name="Anger"), QuartierFabrik(nummer="102", name="Bach")
    html = zeichne(einfaerbung=Farben({anger.pk: HOCH, bach.pk: NIEDRIG}))
    assert kachel(html, anger)[1] == "kachel kachel-klasse-1"
    assert kachel(html, bach)[1] == "kachel kachel-klasse-3"
    assert 'aria-label="102 Bach: niedrig"' in kachel(html, bach)[0]
    assert "<title>102 Bach: niedrig</title>" in kachel(html, bach)[0]
    assert ">◕</text>" in kachel(html, bach)[0]
    assert legende(html) == ["○ hoch", "◕ niedrig"]
    assert SUCHHILFE in html
    assert 'aria-label="Kachelkarte: Status am 31.12.2022"' in html


def test_gebiet_ohne_klasse_steht_auch_in_der_legende():
    anger = QuartierFabrik(nummer="101", name="Anger")
    html = zeichne(einfaerbung=Farben({}))
    assert kachel(html, anger)[1] == "kachel kachel-klasse-ohne"
    assert 'aria-label="101 Anger: ohne Klasse"' in html
    assert legende(html) == ["○ hoch", "◕ niedrig", "– ohne Klasse"]


def test_eigene_kachel_ist_markiert():
    anger, bach = QuartierFabrik(), QuartierFabrik()
    html = zeichne(aktuell=anger)
    assert 'aria-current="page"' in kachel(html, anger)[0]
    assert 'aria-current="page"' not in kachel(html, bach)[0]


def test_name_bricht_um_und_wird_geschuetzt():
    QuartierFabrik(name="Borbeck/Neue <Mitte>")
    html = zeichne()
    assert re.findall(r"<tspan[^>]*>([^<]*)</tspan>", html) == ["Borbeck/Neue ", "&lt;Mitte&gt;"]


def test_kacheln_an_ihrem_platz_und_ohne_platz_in_bloecken():
    raum = SozialraumFabrik()
    erstes = QuartierFabrik(uebergeordnet=raum, kachel_x=5, kachel_y=9)
    zweites = QuartierFabrik(uebergeordnet=raum, kachel_x=5, kachel_y=8)
    assert {k.gebiet.pk: (k.x, k.y) for k in kachelkarte([erstes, zweites])["kacheln"]} == {
        erstes.pk: (0, 98),
        zweites.pk: (0, 0),
    }
    drittes = QuartierFabrik()
    assert {k.gebiet.pk: (k.x, k.y) for k in kachelkarte([erstes, zweites, drittes])["kacheln"]} == {
        erstes.pk: (0, 0),
        zweites.pk: (0, 98),
        drittes.pk: (252, 0),
    }


@pytest.mark.parametrize(
    ("spalten", "format_", "pixel"),
    [(3, "klein", 372), (4, "schmal", 498), (12, "mittel", 1506), (13, "breit", 832)],
)
def test_breite_karten_werden_verschiebbar(spalten, format_, pixel):
    raum = SozialraumFabrik()
    gebiete = [QuartierFabrik(uebergeordnet=raum, kachel_x=n, kachel_y=0) for n in range(spalten)]
    karte = kachelkarte(gebiete)
    assert (karte["format"], karte["pixel"]) == (format_, pixel)
    verschiebbar = 'tabindex="0" role="region" aria-label="Kachelkarte, seitlich verschiebbar"'
    assert (verschiebbar in zeichne()) == (format_ == "breit")


def test_zu_viele_gebiete_werden_nicht_gezeichnet():
    raum = SozialraumFabrik.build(pk=1)
    gebiete = [QuartierFabrik.build(pk=n, uebergeordnet=raum) for n in range(HOECHSTENS + 1)]
    html = " ".join(zeichne(gebiete=gebiete).split())
    assert "<svg" not in html
    assert "höchstens 1000 Gebiete, gefunden sind 1001. Bitte wählen Sie einen Sozialraum." in html


def test_ohne_gebiete_ist_die_karte_leer():
    assert zeichne().strip() == ""


def test_namen_brechen_am_schraegstrich_und_bleiben_geschuetzt():
    assert trennbar("Eisenheim/<Heide>") == "Eisenheim/<wbr>&lt;Heide&gt;"
