"""Saved mappings and remembered spellings: what a planner corrects once need not be corrected again."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from django.db import transaction

from quartiere.models import Gebietsalias
from sozialindex.abfragen.verzeichnis import hole_verzeichnis
from sozialindex.dienste.lieferungsfehler import Lieferungsfehler
from sozialindex.einlesen.datei import Quelle
from sozialindex.einlesen.einstellungen import Einstellungen
from sozialindex.einlesen.erkennen import erkenne, lies_kopf
from sozialindex.einlesen.fehler import Einstellungsfehler
from sozialindex.einlesen.kopf import aehnlichkeit, signatur
from sozialindex.einlesen.verzeichnis import Gebietsfehler, Verzeichnis
from sozialindex.models import Importprofil, Indikator, Indikatoralias, Lieferung

# Above this share of common head names a saved profile is proposed.
AEHNLICH_GENUG = 0.8
LEER: Mapping[str, str] = MappingProxyType({})


def schlage_vor(quelle: Quelle, verzeichnis: Verzeichnis) -> tuple[Einstellungen, Importprofil | None]:
    """Recognise a file; where a saved profile was made for a file that looks alike, apply that profile.

    Raises
    ------
    Dateifehler
        The rows cannot be read.
    """
    erkannt = erkenne(quelle, verzeichnis)
    profil = aehnlichstes_profil(lies_kopf(quelle, erkannt))
    if profil is None:
        return erkannt, None
    try:
        return wende_profil_an(profil, erkannt), profil
    except Einstellungsfehler:  # saved by an older version of the program
        return erkannt, None


def aehnlichstes_profil(kopf: list[str]) -> Importprofil | None:
    """Return the profile whose head is most like this one, None when no head is like enough. One query."""
    kennzeichen = signatur(kopf)
    bewertet = [(aehnlichkeit(kennzeichen, profil.signatur), profil) for profil in Importprofil.objects.all()]
    naehe, profil = max(bewertet, key=lambda paar: paar[0], default=(0.0, None))
    return profil if naehe >= AEHNLICH_GENUG else None


def wende_profil_an(profil: Importprofil, erkannt: Einstellungen) -> Einstellungen:
    """Settings of a profile for a new file: how its rows lie, and its Stichtage, come from the file itself.

    Raises
    ------
    Einstellungsfehler
        The saved settings cannot be understood.
    """
    gemerkt = Einstellungen.aus_dict(profil.einstellungen)
    return replace(
        gemerkt,
        kodierung=erkannt.kodierung,
        trennzeichen=erkannt.trennzeichen,
        blatt=erkannt.blatt,
        kopf_von=erkannt.kopf_von,
        kopf_bis=erkannt.kopf_bis,
        daten_bis=erkannt.daten_bis,
        dezimalzeichen=erkannt.dezimalzeichen or gemerkt.dezimalzeichen,
        spalten=_spalten(gemerkt, erkannt),
        stichtag=erkannt.stichtag or gemerkt.stichtag,
        symbole={**erkannt.symbole, **gemerkt.symbole},
    )


def _spalten(gemerkt: Einstellungen, erkannt: Einstellungen) -> tuple:
    """Remembered roles; the years in the heads of this file instead of those of the old one."""
    if len(gemerkt.spalten) != len(erkannt.spalten):
        return erkannt.spalten
    return tuple(
        replace(alt, stichtag=neu.stichtag) if alt.stichtag and neu.stichtag else alt
        for alt, neu in zip(gemerkt.spalten, erkannt.spalten, strict=True)
    )


@transaction.atomic
def merke_profil(*, lieferung: Lieferung, quelle: Quelle, name: str, benutzer=None) -> Importprofil:
    """Save the mapping of a delivery under a name; the same name replaces the earlier profile.

    Parameters
    ----------
    quelle
        The opened file of the delivery; its head is what later files are compared with.
    """
    einstellungen = Einstellungen.aus_dict(lieferung.einstellungen)
    profil, _ = Importprofil.objects.update_or_create(
        name=name,
        defaults={
            "signatur": signatur(lies_kopf(quelle, einstellungen)),
            "einstellungen": einstellungen.als_dict(),
            "angelegt_von": benutzer,
        },
    )
    Lieferung.objects.filter(pk=lieferung.pk).update(profil=profil)
    return profil


@transaction.atomic
def merke_zuordnungen(*, gebiete: Mapping[str, str] = LEER, indikatoren: Mapping[str, str] = LEER) -> None:
    """Remember spellings a planner assigned, so that the next delivery needs no correction.

    Parameters
    ----------
    gebiete
        Word of the file → number or name of an area of the current layout, as the reader takes it.
    indikatoren
        Word of the file → indicator key. A word that another indicator already goes by keeps its meaning.

    Raises
    ------
    Lieferungsfehler
        An area or an indicator has disappeared meanwhile; nothing is remembered.
    """
    verzeichnis = hole_verzeichnis() if gebiete else None
    for name, kennung in gebiete.items():
        try:
            gebiet = verzeichnis.finde_gebiet(kennung, "")
        except Gebietsfehler as fehler:
            raise _ohne_ziel(name, kennung) from fehler
        Gebietsalias.objects.get_or_create(gebiet_id=gebiet.id, name=name[:120])
    for name, schluessel in indikatoren.items():
        indikator = Indikator.objects.filter(schluessel=schluessel).first()
        if indikator is None:
            raise _ohne_ziel(name, schluessel)
        Indikatoralias.objects.get_or_create(name=name[:200], defaults={"indikator": indikator})


def _ohne_ziel(name: str, ziel: str) -> Lieferungsfehler:
    return Lieferungsfehler(
        f"„{name}“ ist „{ziel}“ zugeordnet, das es so nicht mehr gibt. Es wurde nichts übernommen. "
        "Bitte ordnen Sie diesen Namen neu zu."
    )
