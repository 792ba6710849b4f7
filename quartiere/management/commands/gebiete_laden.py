import datetime
from argparse import ArgumentTypeError
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from quartiere.dienste import Abgleich, LadenAbgelehnt, lade_gebiete
from quartiere.gebietsdatei import GebietsdateiFehler, lies_gebietsdatei


def datum(text):
    """Read 2026-01-31 or 31.01.2026."""
    try:
        return datetime.datetime.strptime(text, "%d.%m.%Y" if "." in text else "%Y-%m-%d").date()  # noqa: DTZ007
    except ValueError as fehler:
        raise ArgumentTypeError(f"„{text}“ ist kein Datum wie 31.12.2026 oder 2026-12-31.") from fehler


class Command(BaseCommand):
    help = "Lädt Stadt, Sozialräume und Sozialquartiere aus einer CSV-Datei, eine widersprüchliche gar nicht."

    def add_arguments(self, parser):
        parser.add_argument(
            "datei",
            type=Path,
            help="Spalten nummer;name;sozialraum_nummer;sozialraum;einwohner, dazu nach Wunsch "
            "alias (mit | getrennt), kachel_x und kachel_y",
        )
        parser.add_argument(
            "--stadt", default="", help="Name der Stadt; beim ersten Laden sonst „Gesamtstadt“"
        )
        parser.add_argument(
            "--gebietsstand", default="", help="Name; ein neuer Name löst den bisherigen Gebietsstand ab"
        )
        parser.add_argument(
            "--gueltig-von", type=datum, help="erster Tag des Gebietsstands; sonst 1. Januar dieses Jahres"
        )

    def handle(self, *, datei, stadt, gebietsstand, gueltig_von, **options):
        gelesen = self._lies(datei)
        try:
            bericht = lade_gebiete(
                datei=gelesen,
                stadt=stadt.strip(),
                gebietsstand=gebietsstand.strip(),
                gueltig_von=gueltig_von,
            )
        except LadenAbgelehnt as fehler:
            raise CommandError(str(fehler)) from fehler
        self._berichte(bericht, gelesen.ungenutzt)

    def _lies(self, datei):
        try:
            return lies_gebietsdatei(datei.read_bytes())
        except OSError as fehler:
            raise CommandError(f"Die Datei {datei} lässt sich nicht öffnen: {fehler.strerror}.") from fehler
        except GebietsdateiFehler as fehler:
            anzahl = len(fehler.meldungen)
            kopf = f"Die Datei wurde nicht geladen ({anzahl} Fehler):"
            raise CommandError("\n".join([kopf, *fehler.meldungen])) from fehler

    def _berichte(self, bericht, ungenutzt):
        if bericht.abgeloest:
            ende = f"{bericht.abgeloest.gueltig_bis:%d.%m.%Y}"
            self.stdout.write(f"Gebietsstand {bericht.abgeloest} endet am {ende}.")
        self.stdout.write(
            f"Gebietsstand {bericht.gebietsstand}, gültig ab {bericht.gebietsstand.gueltig_von:%d.%m.%Y}:"
        )
        self.stdout.write(f"Sozialräume: {self._zahlen(bericht.sozialraeume)}")
        self.stdout.write(f"Sozialquartiere: {self._zahlen(bericht.quartiere)}")
        self.stdout.write(f"Andere Namen: {bericht.aliase} neu")
        if ungenutzt:
            self.stdout.write(f"Nicht verwendete Spalten: {', '.join(ungenutzt)}")

    def _zahlen(self, abgleich: Abgleich):
        return f"{abgleich.neu} neu, {abgleich.geaendert} geändert, {abgleich.gleich} gleich"
