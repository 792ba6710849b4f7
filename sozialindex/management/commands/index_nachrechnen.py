from django.core.management.base import BaseCommand, CommandError

from sozialindex.dienste.fehler import Lauffehler
from sozialindex.dienste.nachrechnen import geaenderte_versionen, rechne_nach
from sozialindex.models import Indexlauf


class Command(BaseCommand):
    help = "Rechnet einen Indexlauf aus seinen gespeicherten Werten nach und vergleicht bitgenau."

    def add_arguments(self, parser):
        parser.add_argument("nummer", type=int, metavar="NUMMER", help="Nummer des Laufs")

    def handle(self, *args, nummer, **options):
        lauf = Indexlauf.objects.filter(nummer=nummer).first()
        if lauf is None:
            raise CommandError(f"Einen Lauf mit der Nummer {nummer} gibt es nicht.")
        try:
            unterschiede = rechne_nach(lauf=lauf)
        except Lauffehler as fehler:
            raise CommandError(str(fehler)) from fehler
        if versionen := geaenderte_versionen(lauf):
            self.stdout.write(f"Gerechnet mit: {', '.join(versionen)}")
        if unterschiede:
            self.stdout.write("\n".join(unterschiede))
            raise CommandError(f"Der Lauf {nummer} weicht an {len(unterschiede)} Stellen ab.")
        self.stdout.write("identisch")
