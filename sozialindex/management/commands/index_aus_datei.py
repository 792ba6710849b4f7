import os
import tempfile
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from sozialindex.berechnung.datei import Werteingabefehler, lies_werte, schreibe_ergebnis
from sozialindex.berechnung.ergebnis import Indexergebnis
from sozialindex.berechnung.methodik import Methodikfehler, lies_methodik
from sozialindex.berechnung.motor import Berechnungsfehler, berechne


class Command(BaseCommand):
    help = "Berechnet den Sozialindex aus einer Wertetabelle und einer Methodik, ohne Datenbank."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("werte", type=Path, metavar="WERTE.csv", help="Tabelle der Werte")
        parser.add_argument("--methodik", type=Path, required=True, metavar="METHODIK.json")
        parser.add_argument("--ausgabe", type=Path, required=True, metavar="ERGEBNIS.csv")

    def handle(self, *, werte, methodik, ausgabe, **options):
        ergebnis, hinweise = _rechne(werte, methodik)
        _schreibe(ausgabe, schreibe_ergebnis(ergebnis))
        for hinweis in [*hinweise, *ergebnis.hinweise]:
            self.stderr.write(f"Hinweis: {hinweis}")
        gesamt, ausgelassen = len(ergebnis.tabelle), len(ergebnis.ausgelassen)
        self.stdout.write(f"{gesamt - ausgelassen} Gebiete berechnet, {ausgelassen} ausgelassen: {ausgabe}")
        for gebiet, grund in ergebnis.ausgelassen.items():
            self.stdout.write(f"  {gebiet}: {grund}")


def _rechne(werte: Path, methodik: Path) -> tuple[Indexergebnis, list[str]]:
    try:
        regel = lies_methodik(_lies(methodik))
    except Methodikfehler as fehler:
        raise CommandError(f"{methodik}: Die Methodik wird nicht angenommen.\n{fehler}") from fehler
    try:
        eingabe = lies_werte(_lies(werte), regel)
        ergebnis = berechne(
            eingabe.werte,
            regel,
            einwohner=eingabe.einwohner,
            veraenderungen=eingabe.veraenderungen,
            stadtwerte=eingabe.stadtwerte,
            stadtveraenderungen=eingabe.stadtveraenderungen,
        )
    except (Werteingabefehler, Berechnungsfehler) as fehler:
        raise CommandError(f"{werte}: Der Index wurde nicht berechnet.\n{fehler}") from fehler
    return ergebnis, eingabe.hinweise


def _lies(pfad: Path) -> bytes:
    try:
        return pfad.read_bytes()
    except OSError as fehler:
        raise CommandError(f"{pfad} ist nicht lesbar: {fehler.strerror}.") from fehler


def _schreibe(pfad: Path, text: str) -> None:
    """Write completely or not at all: an interrupted run leaves the older file as it was."""
    try:
        with tempfile.TemporaryDirectory(dir=pfad.parent, prefix=".index_") as ordner:
            entwurf = Path(ordner) / "ergebnis.csv"
            entwurf.write_text(text, encoding="utf-8", newline="")
            os.replace(entwurf, pfad)
    except OSError as fehler:
        raise CommandError(f"{pfad} ist nicht schreibbar: {fehler.strerror}.") from fehler
