from django.core.management.base import BaseCommand, CommandError

from ...dienste import DEMO_PASSWORT, DEMOKONTEN, DemoNichtErlaubt, demo_erlaubt, lege_demokonten_an


class Command(BaseCommand):
    help = "Legt je Rolle ein Demokonto an (nur mit DEMO=true oder DEBUG=true)."

    def add_arguments(self, parser):
        parser.add_argument(
            "--falls-erlaubt",
            action="store_true",
            help="tut außerhalb einer Demonstration nichts, statt mit einem Fehler zu enden",
        )

    def handle(self, *, falls_erlaubt, **options):
        if falls_erlaubt and not demo_erlaubt():
            return
        try:
            lege_demokonten_an()
        except DemoNichtErlaubt:
            raise CommandError(
                "Es wurde nichts angelegt: Demokonten haben ein öffentlich bekanntes Passwort. "
                "Setzen Sie DEMO=true, wenn diese Installation nur der Demonstration dient."
            ) from None
        self.stdout.write(f"Demokonten (Passwort für alle: {DEMO_PASSWORT})")
        for konto in DEMOKONTEN:
            self.stdout.write(f"  {konto.rolle:<16} {konto.email}")
