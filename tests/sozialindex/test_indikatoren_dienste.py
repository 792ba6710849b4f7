import copy
import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from sozialindex.dienste.indikatoren import (
    Indikatorfehler,
    aendere_indikator,
    lade_indikatoren,
    lege_definition_an,
    lege_indikator_an,
    setze_aliase,
)
from sozialindex.models import Indikator, Indikatoralias, Indikatordefinition

from .fabriken import DefinitionFabrik, IndikatorFabrik, Kleinstadt

pytestmark = pytest.mark.django_db

WOHNGELD = {
    "schluessel": "wohngeld",
    "name": "Wohngeld",
    "kurzname": "Wohngeld",
    "sprunggrenze": 2.5,
    "alias": ["Wohngeldquote", "Haushalte mit Wohngeld"],
    "definition": {"version": 1, "zaehler": "Haushalte mit Wohngeld", "nenner": "Haushalte", "quelle": "Amt"},
}


def datei(*eintraege):
    return {"indikatoren": [copy.deepcopy(eintrag) for eintrag in eintraege]}


def aliase(schluessel):
    return list(
        Indikatoralias.objects.filter(indikator__schluessel=schluessel).values_list("name", flat=True)
    )


def meldungen(aufruf, **kwargs):
    with pytest.raises(Indikatorfehler) as fehler:
        aufruf(**kwargs)
    return fehler.value.meldungen


# --- one indicator ---


def test_lege_indikator_an():
    indikator = lege_indikator_an(
        indikator=Indikator(schluessel="wohngeld", name="Wohngeld", kurzname="Wohngeld"),
        definition=Indikatordefinition(zaehler="Haushalte mit Wohngeld", nenner="Haushalte", quelle="Amt"),
        aliase=["Wohngeldquote"],
    )
    definition = indikator.definitionen.get()
    assert (definition.version, definition.zaehler, definition.nenner) == (
        1,
        "Haushalte mit Wohngeld",
        "Haushalte",
    )
    assert aliase("wohngeld") == ["Wohngeldquote"]


@pytest.mark.parametrize("schluessel", ["neu", "gebiet", "name", "dyn_armut", "beitrag_armut"])
def test_vergebene_schluessel(schluessel):
    fehler = meldungen(
        lege_indikator_an,
        indikator=Indikator(schluessel=schluessel, name="X", kurzname="X"),
        definition=Indikatordefinition(),
    )
    assert fehler == [f"Der Schlüssel „{schluessel}“ ist vergeben. Bitte wählen Sie einen anderen."]
    assert not Indikator.objects.exists()


def test_ungueltiger_schluessel_legt_nichts_an():
    fehler = meldungen(
        lege_indikator_an,
        indikator=Indikator(schluessel="Wohn-Geld", name="X", kurzname="X"),
        definition=Indikatordefinition(),
    )
    assert fehler == [
        "Schlüssel: Ein Schlüssel besteht aus Kleinbuchstaben ohne Umlaute, Ziffern und Unterstrichen "
        "und beginnt mit einem Buchstaben."
    ]


def test_fremder_name_legt_nichts_an():
    IndikatorFabrik(schluessel="armut", name="Armut")
    fehler = meldungen(
        lege_indikator_an,
        indikator=Indikator(schluessel="wohngeld", name="Wohngeld", kurzname="Wohngeld"),
        definition=Indikatordefinition(),
        aliase=["ARMUT"],
    )
    assert fehler == ["Der Name „ARMUT“ gehört schon zum Indikator „Armut“."]
    assert Indikator.objects.count() == 1


def test_aliase_sind_genau_die_genannten():
    indikator = IndikatorFabrik()
    setze_aliase(indikator=indikator, aliase=["Eins", "Zwei", "zwei ", "  "])
    assert [alias.name for alias in indikator.aliase.all()] == ["Eins", "Zwei"]
    bleibt = indikator.aliase.get(name="Zwei").pk
    setze_aliase(indikator=indikator, aliase=["Zwei", "Drei"])
    assert [alias.name for alias in indikator.aliase.all()] == ["Drei", "Zwei"]
    assert indikator.aliase.get(name="Zwei").pk == bleibt


def test_art_mit_werten_bleibt():
    armut = Kleinstadt().armut.indikator
    armut.art = Indikator.Art.ANZAHL
    fehler = meldungen(aendere_indikator, indikator=armut, aliase=[])
    assert fehler == [
        "„Indikator armut“ hat schon Werte. Aus einem Anteil wird keine Anzahl und umgekehrt; "
        "legen Sie dafür einen eigenen Indikator an."
    ]
    armut.refresh_from_db()
    assert armut.art == Indikator.Art.ANTEIL


def test_art_ohne_werte_darf_wechseln():
    indikator = IndikatorFabrik()
    indikator.art = Indikator.Art.ANZAHL
    aendere_indikator(indikator=indikator, aliase=[])
    indikator.refresh_from_db()
    assert indikator.art == Indikator.Art.ANZAHL


def test_neue_definition_zaehlt_weiter():
    erste = DefinitionFabrik(zaehler="alt", nenner="n", quelle="Amt")
    zweite = lege_definition_an(indikator=erste.indikator, zaehler="neu", nenner="n", quelle="Amt")
    assert (zweite.version, zweite.zaehler) == (2, "neu")
    erste.refresh_from_db()
    assert (erste.version, erste.zaehler) == (1, "alt")


def test_wortgleiche_definition_wird_abgelehnt():
    erste = DefinitionFabrik(zaehler="a", nenner="b", quelle="c")
    fehler = meldungen(lege_definition_an, indikator=erste.indikator, zaehler="a", nenner="b", quelle="c")
    assert fehler == ["Das ist wortgleich mit der Definition 1. Es wurde keine neue Version angelegt."]
    assert erste.indikator.definitionen.count() == 1


# --- files ---


def test_laden_und_noch_einmal_laden():
    bericht = lade_indikatoren(daten=datei(WOHNGELD))
    assert (bericht.neu, bericht.gleich) == (["wohngeld"], [])
    assert aliase("wohngeld") == ["Haushalte mit Wohngeld", "Wohngeldquote"]
    bericht = lade_indikatoren(daten=datei(WOHNGELD))
    assert (bericht.neu, bericht.gleich, bericht.aliase, bericht.definitionen) == ([], ["wohngeld"], 0, 0)
    assert Indikatoralias.objects.count() == 2


def test_laden_ergaenzt_namen_und_naechste_definition():
    lade_indikatoren(daten=datei(WOHNGELD))
    mehr = WOHNGELD | {"alias": ["Mietzuschuss"], "definition": WOHNGELD["definition"] | {"version": 2}}
    bericht = lade_indikatoren(daten=datei(mehr))
    assert (bericht.aliase, bericht.definitionen) == (1, 1)
    assert aliase("wohngeld") == ["Haushalte mit Wohngeld", "Mietzuschuss", "Wohngeldquote"]
    assert Indikatordefinition.objects.count() == 2


@pytest.mark.parametrize(
    ("abweichung", "meldung"),
    [
        ({"name": "Anders"}, "„name“ ist in der Datei „Anders“, gespeichert ist „Wohngeld“."),
        ({"art": "anzahl"}, "„art“ ist in der Datei „anzahl“, gespeichert ist „anteil“."),
        ({"sprunggrenze": 3}, "„sprunggrenze“ ist in der Datei „3“, gespeichert ist „2.5“."),
        (
            {"definition": WOHNGELD["definition"] | {"nenner": "Familien"}},
            "„nenner“ ist in der Datei „Familien“, gespeichert ist „Haushalte“.",
        ),
        (
            {"definition": WOHNGELD["definition"] | {"version": 3}},
            "Die nächste Version der Definition ist 2.",
        ),
    ],
)
def test_widerspruch_lehnt_die_ganze_datei_ab(abweichung, meldung):
    lade_indikatoren(daten=datei(WOHNGELD))
    neuer = WOHNGELD | {"schluessel": "neuer", "name": "Neuer", "kurzname": "Neuer", "alias": []}
    fehler = meldungen(lade_indikatoren, daten=datei(neuer, WOHNGELD | abweichung))
    assert fehler == [f"Eintrag 2 („wohngeld“): {meldung}"]
    assert [indikator.schluessel for indikator in Indikator.objects.all()] == ["wohngeld"]


@pytest.mark.parametrize(
    ("daten", "erste"),
    [
        ([], 'Erwartet wird ein JSON-Objekt mit der Liste "indikatoren".'),
        ({"indikatoren": []}, 'Erwartet wird ein JSON-Objekt mit der Liste "indikatoren".'),
        ({"indikatoren": [3]}, "Eintrag 1 („?“): Der Eintrag ist kein JSON-Objekt."),
        ({"indikatoren": [{}]}, "Eintrag 1 („?“): „schluessel“ fehlt."),
        (
            datei(WOHNGELD | {"alias": "Wohngeld"}),
            "Eintrag 1 („wohngeld“): „alias“ muss eine Liste von Namen sein.",
        ),
        (
            datei(WOHNGELD | {"art": "quote"}),
            "Eintrag 1 („wohngeld“): Art: Wert 'quote' ist keine gültige Option.",
        ),
        (datei(WOHNGELD | {"definition": 1}), "Eintrag 1 („wohngeld“): „definition“ fehlt."),
    ],
)
def test_unbrauchbare_dateien(daten, erste):
    assert meldungen(lade_indikatoren, daten=daten)[0] == erste
    assert not Indikator.objects.exists()


def test_befehl(tmp_path, capsys):
    pfad = tmp_path / "indikatoren.json"
    pfad.write_text(json.dumps(datei(WOHNGELD)), encoding="utf-8-sig")
    call_command("indikatoren_laden", pfad)
    assert capsys.readouterr().out == (
        "1 Indikatoren neu, 0 schon vorhanden (0 Definitionen und 0 Namen ergänzt).\n"
    )
    pfad.write_text(json.dumps(datei(WOHNGELD | {"name": "Anders"})), encoding="utf-8")
    with pytest.raises(CommandError, match=r"Es wurde nichts geladen.\nEintrag 1 \(„wohngeld“\): „name“"):
        call_command("indikatoren_laden", pfad)
    pfad.write_bytes(b"\xff")
    with pytest.raises(CommandError, match="ist keine JSON-Datei in UTF-8"):
        call_command("indikatoren_laden", pfad)
    with pytest.raises(CommandError, match="ist nicht lesbar"):
        call_command("indikatoren_laden", tmp_path / "fehlt.json")


def test_mitgelieferte_indikatoren_sind_ladbar_und_wiederholbar(capsys):
    pfad = Path(settings.BASE_DIR) / "fixtures" / "indikatoren.json"
    call_command("indikatoren_laden", pfad)
    call_command("indikatoren_laden", pfad)
    assert capsys.readouterr().out.splitlines() == [
        "8 Indikatoren neu, 0 schon vorhanden (0 Definitionen und 0 Namen ergänzt).",
        "0 Indikatoren neu, 8 schon vorhanden (0 Definitionen und 0 Namen ergänzt).",
    ]
