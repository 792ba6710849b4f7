import hashlib
import io
import json
import subprocess
import sys
import zipfile

import pandas as pd
import pytest
from django.core.management import call_command

from quartiere.models import Gebiet
from sozialindex.abfragen.laufbericht import Leserecht, laufbericht
from sozialindex.abfragen.schnappschuss import lade_ergebnisse
from sozialindex.dienste.archiv import archiv
from sozialindex.dienste.laeufe import berechne_lauf
from sozialindex.dienste.nachrechnen import rechne_nach
from sozialindex.laufarchiv import csv, ergebnis_csv
from sozialindex.models import Indexlauf

from .fabriken import STICHTAG, DefinitionFabrik, Kleinstadt, MethodikFabrik, methodikdaten

pytestmark = pytest.mark.django_db


@pytest.fixture
def lauf():
    Kleinstadt()
    return berechne_lauf(stichtag=STICHTAG, methodik=MethodikFabrik())


def entpackt(inhalt):
    with zipfile.ZipFile(io.BytesIO(inhalt)) as datei:
        return {name: datei.read(name) for name in datei.namelist()}


def test_files_and_checksums(lauf):
    dateien = entpackt(archiv(lauf, intern=True))
    assert list(dateien) == [
        "methodik.json",
        "werte.csv",
        "ergebnis.csv",
        "LIESMICH.txt",
        "schnappschuss.csv",
        "SHA256SUMS",
    ]
    summen = dict(reversed(zeile.split("  ")) for zeile in dateien.pop("SHA256SUMS").decode().splitlines())
    assert summen == {name: hashlib.sha256(inhalt).hexdigest() for name, inhalt in dateien.items()}
    gesamt = b"".join(dateien[name] for name in ("methodik.json", "schnappschuss.csv", "ergebnis.csv"))
    assert hashlib.sha256(gesamt).hexdigest() == lauf.sha256
    assert lauf.sha256 in dateien["LIESMICH.txt"].decode()
    assert json.loads(dateien["methodik.json"]) == lauf.methodik_daten


def test_table_of_values(lauf):
    zeilen = entpackt(archiv(lauf, intern=True))["werte.csv"].decode().splitlines()
    assert zeilen[0] == "gebiet;name;einwohner;alter;armut;dyn_alter;dyn_armut"
    # Quarter 2: 4 of 100 and 9 of 100 now, 6 and 9 four years before.
    assert zeilen[1] == "1002;Sozialquartier 1002;1000;9.0;4.0;0.0;-2.0"
    assert zeilen[-1].split(";")[0] == "STADT"
    assert len(zeilen) == 8


def test_same_bytes_at_any_time(lauf):
    assert archiv(lauf, intern=True) == archiv(Indexlauf.objects.get(), intern=True)


def test_master_data_changed_later_change_nothing(lauf, client):
    """Renaming and renumbering an area, or correcting its residents, leaves a run as it was."""
    vorher = [archiv(lauf, intern=intern) for intern in (True, False)]
    for gebiet in Gebiet.objects.all():
        Gebiet.objects.filter(pk=gebiet.pk).update(
            nummer=f"9{gebiet.nummer[::-1]}", name=f"Neuer Name {gebiet.pk}", einwohner=7
        )
    lauf = Indexlauf.objects.get()
    assert [archiv(lauf, intern=intern) for intern in (True, False)] == vorher
    assert rechne_nach(lauf=lauf) == []
    bericht = laufbericht(lauf, Leserecht(entwurf=True, intern=True))
    assert next((zeile.gebiet.nummer, zeile.gebiet.name) for zeile in bericht.zeilen) == (
        "1002",
        "Sozialquartier 1002",
    )
    assert next(gebiet.name for gebiet in bericht.gebiete) == "Sozialquartier 1002"


def test_order_of_areas_is_that_of_their_characters(lauf):
    """Databases sort "00a" before "00B" or after it, depending on their collation."""
    ergebnisse = lade_ergebnisse(lauf, ["einbezogen"])
    assert list(ergebnisse) == ["1002", "1004", "1006", "2001", "2003", "2005"]
    felder = lauf.ergebnisse.values().first()
    zeilen = ergebnis_csv({"00a": felder, "00B": felder}, ["armut"]).decode().splitlines()
    assert [zeile.split(";")[0] for zeile in zeilen] == ["gebiet", "00B", "00a"]


def test_numbers_with_letters_keep_the_checksum():
    stadt = Kleinstadt()
    for quartier, nummer in zip(stadt.quartiere, ("00a", "00B", "00Ä", "00c", "00D", "00é"), strict=True):
        Gebiet.objects.filter(pk=quartier.pk).update(nummer=nummer)
    lauf = berechne_lauf(stichtag=STICHTAG, methodik=MethodikFabrik())
    assert list(lade_ergebnisse(lauf, [])) == ["00B", "00D", "00a", "00c", "00Ä", "00é"]
    assert rechne_nach(lauf=lauf) == []


def test_index_aus_datei_gives_the_same_file(lauf, tmp_path):
    dateien = entpackt(archiv(lauf, intern=True))
    for name in ("werte.csv", "methodik.json"):
        (tmp_path / name).write_bytes(dateien[name])
    call_command(
        "index_aus_datei",
        str(tmp_path / "werte.csv"),
        methodik=tmp_path / "methodik.json",
        ausgabe=tmp_path / "neu.csv",
        stdout=io.StringIO(),
    )
    assert (tmp_path / "neu.csv").read_bytes() == dateien["ergebnis.csv"]


def test_area_key_like_a_formula_stays_a_key(tmp_path):
    stadt = Kleinstadt()
    Gebiet.objects.filter(pk=stadt.quartiere[0].pk).update(nummer="-1", name="=1+1")
    lauf = berechne_lauf(stichtag=STICHTAG, methodik=MethodikFabrik())
    werte = entpackt(archiv(lauf, intern=True))["werte.csv"].decode().splitlines()
    assert werte[1].startswith("-1;'=1+1;1000;")
    assert rechne_nach(lauf=lauf) == []
    test_index_aus_datei_gives_the_same_file(lauf, tmp_path)


METHODEN = [
    {},
    {"normierung": {"art": "z", "standardabweichung": "stichprobe", "nullpunkt": "gebietsmittel"}},
    {"normierung": {"art": "z", "standardabweichung": "population", "nullpunkt": "einwohnergewichtet"}},
    {
        "normierung": {"art": "minmax", "standardabweichung": "population", "nullpunkt": "gebietsmittel"},
        "index": {"aggregation": "arithmetisch", "skala": "mittel"},
        "dynamik": {"jahre": None},
    },
    {
        "normierung": {"art": "perzentil", "standardabweichung": "population", "nullpunkt": "gebietsmittel"},
        "index": {"aggregation": "arithmetisch", "skala": "summe"},
    },
    {
        "indikatoren": [
            {"schluessel": "armut", "definition": 1, "polung": -1, "gewicht": 2.0, "transformation": "ln"},
            {"schluessel": "alter", "definition": 1, "polung": 1, "gewicht": 1.0, "transformation": "ln1p"},
        ]
    },
]


@pytest.mark.parametrize("abweichend", METHODEN)
def test_script_in_the_readme_recomputes_with_pandas_alone(abweichend, tmp_path):
    Kleinstadt()
    methodik = MethodikFabrik(daten=methodikdaten("armut", "alter", **abweichend))
    lauf = berechne_lauf(stichtag=STICHTAG, methodik=methodik)
    abweichungen = abweichungen_des_skripts(lauf, tmp_path)
    assert len(abweichungen) == (1 if methodik.daten["dynamik"]["jahre"] is None else 2)
    assert max(abweichungen) < 1e-12


def test_script_knows_all_weights_where_no_area_is_complete(tmp_path):
    """Two of three indicators suffice and no area has all three."""
    stadt = Kleinstadt()
    kinder = DefinitionFabrik(indikator__schluessel="kinder", indikator__reihenfolge=3)
    for k, quartier in enumerate(stadt.quartiere):
        if k % 2:
            quartier.werte.filter(definition=stadt.armut, stichtag=STICHTAG).delete()
            stadt.wert(quartier, kinder, 20 + 3 * k)
    for definition in (stadt.armut, kinder):
        stadt.wert(stadt.stadt, definition, 90, nenner=600)
    einschluss = {"min_einwohner": 300, "min_indikatoren": 2, "ausgeschlossen": []}
    daten = methodikdaten(
        "armut",
        "alter",
        "kinder",
        einschluss=einschluss,
        dynamik={"jahre": None},
        index={"aggregation": "arithmetisch", "skala": "summe"},
    )
    lauf = berechne_lauf(stichtag=STICHTAG, methodik=MethodikFabrik(daten=daten))
    assert lauf.ergebnisse.filter(einbezogen=True).count() == 6
    [abweichung] = abweichungen_des_skripts(lauf, tmp_path)
    assert abweichung < 1e-12


def abweichungen_des_skripts(lauf, ordner):
    """Run the script of the archive's readme on the files of the archive; largest deviation per index."""
    dateien = entpackt(archiv(lauf, intern=True))
    for name in ("werte.csv", "ergebnis.csv", "methodik.json"):
        (ordner / name).write_bytes(dateien[name])
    liesmich = dateien["LIESMICH.txt"].decode()
    teil = liesmich.split("Nachrechnen allein mit Python und pandas\n")[1].split("Gerechnet mit:")[0]
    skript = "\n".join(zeile.removeprefix("  ") for zeile in teil.splitlines())
    lauf_des_skripts = subprocess.run(
        [sys.executable, "-c", skript], cwd=ordner, capture_output=True, text=True, check=True
    )
    return [float(zeile.rsplit(" ", 1)[1]) for zeile in lauf_des_skripts.stdout.splitlines()]


def test_names_never_come_out_as_formulas(lauf):
    tabelle = pd.DataFrame(
        {"name": ["=1+1", "@SUM(A1)", "-2", "Lirich-Süd", None], "wert": [-0.0, -1.5, 1, 2, 3]}
    )
    assert csv(tabelle).decode() == "name;wert\n'=1+1;0.0\n'@SUM(A1);-1.5\n'-2;1.0\nLirich-Süd;2.0\n;3.0\n"
