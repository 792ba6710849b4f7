import json
import sys
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand
from django.db import DatabaseError
from django.utils import timezone

from sozialindex.dienste.lieferungen import importiere_datei
from sozialindex.dienste.lieferungsfehler import Lieferungsfehler
from sozialindex.dienste.pruefung import Pruefung
from sozialindex.einlesen.fehler import Dateifehler
from sozialindex.einlesen.stichtag import Stichtagfehler, stichtag_lesen
from sozialindex.models import Importprofil, Indikator


class Command(BaseCommand):
    help = (
        "Liest eine Datei mit Werten ein und gibt einen Bericht als JSON aus. "
        "Der Rückgabewert ist 1, wenn etwas abgelehnt wurde."
    )

    def add_arguments(self, parser):
        parser.add_argument("datei", type=Path, metavar="DATEI")
        parser.add_argument("--profil", metavar="NAME", help="ein gespeichertes Importprofil anwenden")
        parser.add_argument(
            "--indikator", metavar="SCHLUESSEL", help="Indikator, wenn die Datei keinen nennt"
        )
        parser.add_argument("--jahr", help="Jahr oder Stichtag, wenn die Datei keinen nennt")
        parser.add_argument("--probelauf", action="store_true", help="nur prüfen, nichts speichern")
        parser.add_argument(
            "--nur-gute", action="store_true", help="fehlerhafte Zeilen auslassen, die übrigen übernehmen"
        )

    def handle(self, *, datei, profil, indikator, jahr, probelauf, nur_gute, **options):
        try:
            pruefung = importiere_datei(
                pfad=datei,
                profil=_profil(profil),
                vorgaben=_vorgaben(indikator, jahr),
                probelauf=probelauf,
                nur_gute=nur_gute,
            )
        except (Dateifehler, Lieferungsfehler, DatabaseError) as fehler:
            self._schreibe(_abgelehnt(str(fehler), probelauf))
            sys.exit(1)
        self._schreibe(_bericht(pruefung, probelauf))
        if not pruefung.ist_fehlerfrei:
            sys.exit(1)

    def _schreibe(self, bericht):
        self.stdout.write(json.dumps(bericht, ensure_ascii=False, indent=2, allow_nan=False))


def _profil(name):
    if name is None:
        return None
    profil = Importprofil.objects.filter(name=name).first()
    if profil is None:
        vorhandene = ", ".join(Importprofil.objects.values_list("name", flat=True)) or "keine"
        raise Lieferungsfehler(f"Ein Importprofil „{name}“ gibt es nicht (vorhanden: {vorhandene}).")
    return profil


def _vorgaben(indikator, jahr):
    vorgaben = {}
    if indikator:
        if not Indikator.objects.filter(schluessel=indikator).exists():
            raise Lieferungsfehler(f"Einen Indikator mit dem Schlüssel „{indikator}“ gibt es nicht.")
        vorgaben["indikator"] = indikator
    if jahr:
        vorgaben["stichtag"] = _stichtag(jahr).isoformat()
    return vorgaben


def _stichtag(jahr) -> date:
    try:
        return stichtag_lesen(jahr, timezone.localdate())
    except Stichtagfehler as fehler:
        raise Lieferungsfehler(f"Angabe --jahr: {fehler}") from fehler


def _abgelehnt(grund, probelauf):
    return {
        "neu": 0,
        "geaendert": 0,
        "gleich": 0,
        "ausgelassen": 0,
        "fehler": [{"zeile": None, "spalte": None, "text": "", "grund": grund}],
        "fehler_anzahl": 1,
        "gespeichert": False,
        "probelauf": probelauf,
        "lieferung": None,
    }


def _bericht(pruefung: Pruefung, probelauf):
    bericht = dict(pruefung.bericht)
    return {
        "neu": pruefung.abgleich.neu,
        "geaendert": pruefung.abgleich.geaendert,
        "gleich": pruefung.abgleich.gleich,
        "ausgelassen": pruefung.ausgelassen,
        "fehler": bericht.pop("fehler"),
        "gespeichert": pruefung.lieferung is not None,
        "probelauf": probelauf,
        "lieferung": pruefung.lieferung,
        "ausgelassene_zeilen": bericht.pop("ausgelassen"),
        **bericht,
    }
