import json
import sys
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from sozialindex.dienste.lieferungen import Lieferungsfehler, Pruefung, importiere_datei
from sozialindex.einlesen.bericht import als_bericht
from sozialindex.einlesen.fehler import Dateifehler
from sozialindex.models import Importprofil, Indikator


class Command(BaseCommand):
    help = "Liest eine Datei mit Werten ein und gibt einen Bericht als JSON aus."

    def add_arguments(self, parser):
        parser.add_argument("datei", type=Path, metavar="DATEI")
        parser.add_argument("--profil", help="Name eines gespeicherten Importprofils")
        parser.add_argument("--indikator", help="Schlüssel, wenn die Datei nur einen Indikator enthält")
        parser.add_argument("--jahr", type=int, help="Jahr, wenn die Datei keines nennt (Stichtag 31.12.)")
        parser.add_argument("--probelauf", action="store_true", help="nur prüfen, nichts speichern")
        parser.add_argument("--nur-gute", action="store_true", help="fehlerhafte Zeilen auslassen")

    def handle(self, *, datei, profil, indikator, jahr, probelauf, nur_gute, **options):
        try:
            pruefung = importiere_datei(
                pfad=datei,
                profil=_profil(profil),
                vorgaben=_vorgaben(indikator, jahr),
                probelauf=probelauf,
                nur_gute=nur_gute,
            )
        except (Dateifehler, Lieferungsfehler, OSError) as fehler:
            self._schreibe(_abgelehnt(str(fehler)))
            sys.exit(1)
        self._schreibe(_bericht(pruefung, probelauf))
        if not pruefung.fehlerfrei:
            sys.exit(1)

    def _schreibe(self, bericht):
        self.stdout.write(json.dumps(bericht, ensure_ascii=False, indent=2))


def _profil(name):
    if name is None:
        return None
    try:
        return Importprofil.objects.get(name=name)
    except Importprofil.DoesNotExist:
        vorhandene = ", ".join(Importprofil.objects.values_list("name", flat=True)) or "keine"
        raise CommandError(f"Ein Importprofil „{name}“ gibt es nicht (vorhanden: {vorhandene}).") from None


def _vorgaben(indikator, jahr):
    vorgaben = {}
    if indikator:
        if not Indikator.objects.filter(schluessel=indikator).exists():
            raise CommandError(f"Einen Indikator mit dem Schlüssel „{indikator}“ gibt es nicht.")
        vorgaben["indikator"] = indikator
    if jahr:
        vorgaben["stichtag"] = date(jahr, 12, 31).isoformat()
    return vorgaben


def _abgelehnt(grund):
    fehler = {"zeile": None, "spalte": None, "text": "", "grund": grund}
    return {"neu": 0, "geaendert": 0, "gleich": 0, "ausgelassen": 0, "fehler": [fehler], "gespeichert": False}


def _bericht(pruefung: Pruefung, probelauf):
    abgleich = pruefung.abgleich
    return {
        "neu": abgleich.neu,
        "geaendert": abgleich.geaendert,
        "gleich": abgleich.gleich,
        "ausgelassen": pruefung.lesung.ausgelassen_anzahl,
        "lieferung": pruefung.lieferung,
        "gespeichert": pruefung.lieferung is not None,
        "probelauf": probelauf,
        **als_bericht(pruefung.lesung, pruefung.hinweise),
    }
