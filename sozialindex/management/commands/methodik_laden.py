from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from sozialindex.berechnung.fehler import Methodikfehler
from sozialindex.dienste.methodik import VersionVergeben, lade_methodik


class Command(BaseCommand):
    help = "Lädt eine Methodik aus einer JSON-Datei; mehrfach aufrufbar."

    def add_arguments(self, parser):
        parser.add_argument("datei", type=Path, metavar="DATEI.json")

    def handle(self, *, datei, **options):
        try:
            methodik, neu = lade_methodik(daten=datei.read_bytes())
        except OSError as fehler:
            raise CommandError(f"Die Datei {datei} ist nicht lesbar: {fehler.strerror}.") from fehler
        except Methodikfehler as fehler:
            raise CommandError(f"Es wurde nichts geladen.\n{fehler}") from fehler
        except VersionVergeben as fehler:
            raise CommandError(f"Es wurde nichts geladen: Der Inhalt weicht ab. {fehler}") from fehler
        self.stdout.write(f"{methodik} ({methodik.schluessel}) {'ist geladen' if neu else 'war schon da'}.")
