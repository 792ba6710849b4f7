import datetime
from collections import Counter

from django.core.management.base import BaseCommand, CommandError

from oberhausen_sozialplanung.konten.models import Benutzer
from sozialindex.abfragen.laeufe import neuester_lauf
from sozialindex.abfragen.stichtage import neueste_methodiken
from sozialindex.dienste.fehler import Lauffehler
from sozialindex.dienste.laeufe import SchonBerechnet, berechne_lauf
from sozialindex.klassen import klassen_der_methodik


class Command(BaseCommand):
    help = "Berechnet den Sozialindex zum 31.12. eines Jahres und legt ihn als Entwurf an."

    def add_arguments(self, parser):
        parser.add_argument("--jahr", type=int, required=True, metavar="JAHR", help="Jahr des Stichtags")
        parser.add_argument("--methodik", metavar="SCHLUESSEL", help="Schlüssel der Methodik")
        parser.add_argument("--konto", metavar="E-MAIL", help="Konto, das den Lauf erstellt")

    def handle(self, *args, jahr, methodik, konto, **options):
        if not datetime.MINYEAR <= jahr <= datetime.MAXYEAR:
            raise CommandError(f"{jahr} ist kein Jahr.")
        werte = {
            "stichtag": datetime.date(jahr, 12, 31),
            "methodik": self._methodik(methodik),
            "erstellt_von": self._konto(konto),
        }
        try:
            lauf = berechne_lauf(**werte)
            self.stdout.write(f"Indexlauf {lauf.nummer} ist als Entwurf angelegt.")
        except SchonBerechnet as fehler:
            lauf = fehler.lauf
            self.stdout.write(str(fehler))
        except Lauffehler as fehler:
            raise CommandError(str(fehler)) from fehler
        anzahl = Counter(lauf.ergebnisse.filter(einbezogen=True).values_list("statusklasse", flat=True))
        for klasse in klassen_der_methodik(lauf.methodik_daten, "status"):
            self.stdout.write(f"  {klasse.wort}: {anzahl[klasse.wort]}")
        self.stdout.write(f"  nicht einbezogen: {lauf.ergebnisse.filter(einbezogen=False).count()}")

    def _methodik(self, schluessel):
        """Newest version of the method asked for, of the only one, or of the newest published run's."""
        je_schluessel = {methodik.schluessel: methodik for methodik in neueste_methodiken()}
        if schluessel is None and len(je_schluessel) == 1:
            return next(iter(je_schluessel.values()))
        lauf = neuester_lauf() if schluessel is None else None
        gesucht = lauf.methodik_daten["schluessel"] if lauf else schluessel
        if gesucht not in je_schluessel:
            bekannt = ", ".join(je_schluessel) or "noch keine"
            raise CommandError(f"Bitte eine Methodik nennen (--methodik). Vorhanden: {bekannt}.")
        return je_schluessel[gesucht]

    def _konto(self, email):
        if email is None:
            return None
        konto = Benutzer.objects.filter(email=email.strip().lower()).first()
        if konto is None:
            raise CommandError(f"Ein Konto mit der Adresse {email} gibt es nicht.")
        return konto
