"""Two planners at once, a double click, a process killed while it takes over: real processes, real locks.

They work on a database of their own beside the one of the test run, on the same kind of server.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection

from .musterstadt import lange_datei

WURZEL = Path(__file__).parents[2]
VORSPANN = """
import json, sys, time
import django
django.setup()
from pathlib import Path
from django.core.management import call_command
from django.db import transaction
from sozialindex.dienste.lieferungen import *
from sozialindex.dienste.lieferungsfehler import *
from sozialindex.models import Lieferung, Lieferungsdatei, Wert
from tests.sozialindex.musterstadt import lege_stadt_an
"""
EINRICHTEN = "call_command('migrate', verbosity=0); lege_stadt_an()"
ANLEGEN_UND_PRUEFEN = """
pfad = Path(sys.argv[1])
lieferung, _ = lege_lieferung_an(dateiname=pfad.name, inhalt=pfad.read_bytes())
pruefe_lieferung(lieferung=lieferung)
print(json.dumps(lieferung.pk))
"""
AUF_ZURUF_UEBERNEHMEN = """
lieferung = Lieferung.objects.get(pk=int(sys.argv[1]))
print("bereit", flush=True)
sys.stdin.readline()
try:
    uebernimm_lieferung(lieferung=lieferung)
    print("übernommen")
except Lieferungsfehler as fehler:
    print(type(fehler).__name__)
"""
UEBERNEHMEN_UND_WARTEN = """
with transaction.atomic():
    pruefung = importiere_datei(pfad=Path(sys.argv[1]))
    print(Wert.objects.filter(lieferung=pruefung.lieferung).count(), flush=True)
    time.sleep(60)
"""
BESTAND = """
werte = Wert.objects.filter(stichtag__year=int(sys.argv[1]))
print(json.dumps([werte.count(), werte.aktuell().count(), Lieferungsdatei.objects.count()]))
"""
IMPORT = "call_command('werte_importieren', sys.argv[1])"


@contextlib.contextmanager
def eigene_datenbank(ordner):
    """Yield the URL of an empty database of the kind the suite runs on."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{ordner / 'eigene.sqlite3'}"
        return
    name = f"eigene_{os.getpid()}"
    server = urlsplit(os.environ["DATABASE_URL"])._replace(scheme="postgresql")
    with psycopg.connect(server._replace(path="/postgres").geturl(), autocommit=True) as verbindung:
        verbindung.execute(f"CREATE DATABASE {name}")
        try:
            yield server._replace(path=f"/{name}").geturl()
        finally:
            verbindung.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def umgebung(tmp_path_factory):
    with eigene_datenbank(tmp_path_factory.mktemp("datenbank")) as url:
        eigene = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.einstellungen"}
        frage(eigene, EINRICHTEN)
        yield eigene


def starte(umgebung, programm, *argumente):
    befehl = [sys.executable, "-c", VORSPANN + programm, *map(str, argumente)]
    return subprocess.Popen(
        befehl, cwd=WURZEL, env=umgebung, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )


def frage(umgebung, programm, *argumente):
    """Run to the end; returns what the program printed as JSON."""
    ausgabe, _ = starte(umgebung, programm, *argumente).communicate(timeout=60)
    return json.loads(ausgabe or "null")


def zugleich(umgebung, *lieferungen):
    """Take deliveries over in as many processes, all released at the same moment; sorted outcomes."""
    prozesse = [starte(umgebung, AUF_ZURUF_UEBERNEHMEN, pk) for pk in lieferungen]
    assert [prozess.stdout.readline() for prozess in prozesse] == ["bereit\n"] * len(prozesse)
    for prozess in prozesse:
        prozess.stdin.write("los\n")
        prozess.stdin.flush()
    return sorted(prozess.communicate(timeout=60)[0].strip() for prozess in prozesse)


def zeilen(jahr, zuschlag=0):
    return [f"{jahr};{nummer};;sgb2;{nummer + zuschlag};1000" for nummer in (101, 102, 103, 104)]


def test_abgebrochener_prozess_hinterlaesst_nichts(umgebung, tmp_path):
    pfad = lange_datei(tmp_path, *zeilen(2010))
    prozess = starte(umgebung, UEBERNEHMEN_UND_WARTEN, pfad)
    assert prozess.stdout.readline() == "4\n"
    prozess.send_signal(signal.SIGKILL)
    prozess.communicate(timeout=60)
    assert frage(umgebung, BESTAND, 2010) == [0, 0, 0]
    bericht = frage(umgebung, IMPORT, pfad)
    assert (bericht["neu"], bericht["gespeichert"]) == (4, True)
    assert frage(umgebung, BESTAND, 2010)[:2] == [4, 4]


def test_zwei_planerinnen_uebernehmen_zugleich(umgebung, tmp_path):
    lieferungen = [
        frage(
            umgebung,
            ANLEGEN_UND_PRUEFEN,
            lange_datei(tmp_path, *zeilen(2011, zuschlag), name=f"{zuschlag}.csv"),
        )
        for zuschlag in (0, 1)
    ]
    assert zugleich(umgebung, *lieferungen) == ["Ueberholt", "übernommen"]
    assert frage(umgebung, BESTAND, 2011)[:2] == [4, 4]


def test_doppelklick_in_zwei_prozessen(umgebung, tmp_path):
    lieferung = frage(umgebung, ANLEGEN_UND_PRUEFEN, lange_datei(tmp_path, *zeilen(2012)))
    assert zugleich(umgebung, lieferung, lieferung) == ["Lieferungsfehler", "übernommen"]
    assert frage(umgebung, BESTAND, 2012)[:2] == [4, 4]
