from django.core.management.base import BaseCommand, CommandError

from oberhausen_sozialplanung.konten.dienste import DEMO_PASSWORT, DEMOKONTEN, DemoNichtErlaubt
from sozialindex.dienste.demodaten import DatenVorhanden, DemodatenFehlerhaft, lade_demodaten
from sozialindex.dienste.indikatoren import Indikatorfehler
from sozialindex.dienste.methodik import VersionVergeben


class Command(BaseCommand):
    help = "Lädt die Demonstrationsdaten in eine leere Datenbank."

    def add_arguments(self, parser):
        parser.add_argument(
            "--wenn-leer",
            action="store_true",
            help="tut auf einer Datenbank mit Daten nichts, statt mit einem Fehler zu enden",
        )

        parser.add_argument(
            "--ohne-konten",
            action="store_true",
            help="zählt die angelegten Demokonten nicht auf; das tut auch demokonten",
        )

    def handle(self, *, wenn_leer, ohne_konten, **options):
        try:
            bericht = lade_demodaten()
        except DatenVorhanden:
            self._behalte(wenn_leer)
            return
        except DemoNichtErlaubt:
            raise CommandError(
                "Es wurde nichts geladen: Zu den Demonstrationsdaten gehören Konten mit einem öffentlich "
                "bekannten Passwort. Setzen Sie DEMO=true, wenn sie nur der Vorführung dient."
            ) from None
        except (DemodatenFehlerhaft, Indikatorfehler, VersionVergeben) as fehler:
            raise CommandError(f"Es wurde nichts geladen.\n{fehler}") from fehler
        self._berichte(bericht)
        if not ohne_konten:
            self._nenne_konten()

    def _behalte(self, wenn_leer):
        if not wenn_leer:
            raise CommandError(
                "Es wurde nichts geladen: Die Datenbank enthält schon Gebiete, Lieferungen oder Indexläufe. "
                "Demonstrationsdaten werden nie mit vorhandenen Daten vermischt. "
                "Verwenden Sie eine leere Datenbank."
            )
        self.stdout.write("Die Datenbank enthält schon Daten; sie bleiben, wie sie sind.")

    def _berichte(self, bericht):
        self.stdout.write(f"Demonstrationsdaten: {bericht.quartiere} Quartiere, {bericht.werte} Werte.")
        for lauf in bericht.laeufe:
            self.stdout.write(f"  {lauf}: {lauf.get_zustand_display()}")

    def _nenne_konten(self):
        self.stdout.write(f"Demokonten (Passwort für alle: {DEMO_PASSWORT})")
        for konto in DEMOKONTEN:
            self.stdout.write(f"  {konto.rolle:<16} {konto.email}")
