import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from sozialindex.dienste.indikatoren import Indikatorfehler, lade_indikatoren


class Command(BaseCommand):
    help = "Lädt Indikatoren mit Definitionen und anderen Namen aus einer JSON-Datei; mehrfach aufrufbar."

    def add_arguments(self, parser):
        parser.add_argument("datei", type=Path, metavar="DATEI.json")

    def handle(self, *, datei, **options):
        try:
            bericht = lade_indikatoren(daten=json.loads(datei.read_text(encoding="utf-8-sig")))
        except OSError as fehler:
            raise CommandError(f"Die Datei {datei} ist nicht lesbar: {fehler.strerror}.") from fehler
        except (UnicodeDecodeError, json.JSONDecodeError) as fehler:
            raise CommandError(f"{datei} ist keine JSON-Datei in UTF-8: {fehler}.") from fehler
        except Indikatorfehler as fehler:
            raise CommandError(f"Es wurde nichts geladen.\n{fehler}") from fehler
        self.stdout.write(
            f"{len(bericht.neu)} Indikatoren neu, {len(bericht.gleich)} schon vorhanden "
            f"({bericht.definitionen} Definitionen und {bericht.aliase} Namen ergänzt)."
        )
