"""Loading demonstration data into a database that is empty, or not allowed to take them.

Apart from test_demodaten, whose data stay in the database for the whole module.
"""

import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from oberhausen_sozialplanung.konten.dienste import DEMO_PASSWORT, DemoNichtErlaubt
from oberhausen_sozialplanung.konten.rollen import Rolle
from oberhausen_sozialplanung.seiten.abfragen import zeigt_demodaten
from quartiere.models import Gebiet, Gebietsstand
from sozialindex.dienste.demodaten import DatenVorhanden, lade_demodaten
from sozialindex.models import Indikator

pytestmark = pytest.mark.django_db


def test_ohne_demobetrieb_wird_nichts_geladen():
    with pytest.raises(DemoNichtErlaubt):
        lade_demodaten()
    with pytest.raises(CommandError, match="öffentlich bekannten Passwort"):
        call_command("demodaten")
    assert not Gebiet.objects.exists()
    assert not Indikator.objects.exists()
    assert not zeigt_demodaten()


def test_vorhandene_gebiete_verhindern_das_laden():
    Gebietsstand.objects.create(name="eigener", gueltig_von=datetime.date(2020, 1, 1)).gebiete.create(
        ebene="stadt", nummer="STADT", name="Stadt", slug="stadt"
    )
    with override_settings(DEMO=True), pytest.raises(DatenVorhanden):
        lade_demodaten()
    assert not Indikator.objects.exists()


@override_settings(DEMO=True)
def test_eigener_indikator_gleichen_schluessels_verhindert_das_laden():
    Indikator.objects.create(schluessel="sgb2", name="Eigene Quote", kurzname="SGB II")
    with pytest.raises(CommandError, match=r"^Es wurde nichts geladen\.\nEintrag 2 \(„sgb2“\): „name“ ist"):
        call_command("demodaten")
    assert not Gebiet.objects.exists()
    assert Indikator.objects.get().name == "Eigene Quote"


def test_befehl_nennt_laeufe_und_konten():
    ausgabe = StringIO()
    with override_settings(DEMO=True):
        call_command("demodaten", stdout=ausgabe)
    zeilen = ausgabe.getvalue().splitlines()
    assert zeilen[:6] == [
        "Demonstrationsdaten: 27 Quartiere, 2808 Werte.",
        "  Indexlauf 1 (Stichtag 31.12.2016): veröffentlicht",
        "  Indexlauf 2 (Stichtag 31.12.2019): veröffentlicht",
        "  Indexlauf 3 (Stichtag 31.12.2022): veröffentlicht",
        "  Indexlauf 4 (Stichtag 31.12.2024): Entwurf",
        f"Demokonten (Passwort für alle: {DEMO_PASSWORT})",
    ]
    assert len(zeilen) == 6 + len(Rolle)


def test_befehl_ohne_konten_ueberlaesst_sie_demokonten():
    ausgabe = StringIO()
    with override_settings(DEMO=True):
        call_command("demodaten", ohne_konten=True, stdout=ausgabe)
    assert ausgabe.getvalue().splitlines()[-1] == "  Indexlauf 4 (Stichtag 31.12.2024): Entwurf"
