"""The areas and indicators of the sample deliveries as rows of the database."""

from datetime import date
from pathlib import Path

from quartiere.models import Ebene, Gebiet, Gebietsstand
from sozialindex.dienste.importprofile import merke_profil
from sozialindex.dienste.lieferungen import (
    lege_lieferung_an,
    pruefe_lieferung,
    quelle_von,
    uebernimm_lieferung,
)
from sozialindex.models import (
    Importprofil,
    Indikator,
    Indikatoralias,
    Indikatordefinition,
    Lieferung,
    Wert,
)
from tests.sozialindex.einlesen.verzeichnisse import INDIKATOREN, LIEFERUNGEN, gebiete

STAND = "Musterstand 2016"
KOPF = "Jahr;Quartier_Nr;Quartier;Indikator;Zähler;Nenner\n"


def lege_stadt_an() -> dict[str, Gebiet]:
    """City, six Sozialräume, 27 quarters, seven indicators; returns the areas by number, the city as ""."""
    stand = Gebietsstand.objects.create(name=STAND, gueltig_von=date(2016, 1, 1))
    nach_id = {}
    for eintrag in gebiete():
        nach_id[eintrag.id] = Gebiet.objects.create(
            gebietsstand=stand,
            ebene=Ebene(eintrag.ebene),
            nummer=eintrag.nummer,
            name=eintrag.name,
            slug=f"g{eintrag.id}",
            uebergeordnet=nach_id.get(eintrag.uebergeordnet),
        )
    for platz, eintrag in enumerate(INDIKATOREN):
        indikator = Indikator.objects.create(
            schluessel=eintrag.schluessel,
            name=eintrag.name,
            kurzname=eintrag.name[:40],
            sprunggrenze=eintrag.sprunggrenze,
            reihenfolge=platz,
        )
        Indikatordefinition.objects.create(indikator=indikator)
        for name in eintrag.aliases:
            Indikatoralias.objects.create(indikator=indikator, name=name)
    return {gebiet.nummer: gebiet for gebiet in nach_id.values()}


def probe(name: str) -> Path:
    """Path of a sample delivery by its beginning, e.g. ``probe("02")``."""
    (pfad,) = LIEFERUNGEN.glob(f"{name}*")
    return pfad


def lange_datei(ordner: Path, *zeilen: str, name: str = "lieferung.csv") -> Path:
    """Write a long file with the usual head."""
    pfad = ordner / name
    pfad.write_text(KOPF + "".join(f"{zeile}\n" for zeile in zeilen), encoding="utf-8")
    return pfad


def wert(nummer: str, indikator: str, jahr: int) -> Wert:
    """Return the figure in force of an area by its number ("" is the city)."""
    return Wert.objects.aktuell().get(
        gebiet__nummer=nummer, definition__indikator__schluessel=indikator, stichtag=date(jahr, 12, 31)
    )


def eine_gepruefte_lieferung() -> Lieferung:
    """A delivery in work with errors, hints and rows left out in its report."""
    lege_stadt_an()
    pfad = probe("07")
    lieferung, _ = lege_lieferung_an(dateiname=pfad.name, inhalt=pfad.read_bytes())
    pruefe_lieferung(lieferung=lieferung)
    return Lieferung.objects.get(pk=lieferung.pk)


def eine_uebernommene_lieferung() -> Lieferung:
    lieferung = eine_gepruefte_lieferung()
    uebernimm_lieferung(lieferung=lieferung, nur_gute=True)
    return Lieferung.objects.get(pk=lieferung.pk)


def ein_importprofil() -> Importprofil:
    lieferung = eine_gepruefte_lieferung()
    return merke_profil(lieferung=lieferung, quelle=quelle_von(lieferung), name="Jahrestabelle")
