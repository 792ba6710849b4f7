from dataclasses import dataclass

from oberhausen_sozialplanung.konten.models import Benutzer
from sozialindex.models import Indexlauf, Lieferung


@dataclass(frozen=True)
class Aufgabe:
    """Something that waits for a person, and the page where it is done."""

    text: str
    adresse: str


def offene_aufgaben(benutzer: Benutzer) -> list[Aufgabe]:
    """What waits for this person: own unfinished deliveries, drafts to check, checked runs to publish.

    At most one query per kind; nobody else's unfinished uploads are named.
    """
    aufgaben = []
    if benutzer.has_perm("sozialindex.lieferung_bearbeiten"):
        aufgaben += [
            Aufgabe(
                f"Lieferung „{lieferung.dateiname}“ fertig zuordnen oder verwerfen",
                lieferung.get_absolute_url(),
            )
            for lieferung in Lieferung.objects.in_arbeit().filter(hochgeladen_von=benutzer)
        ]
    if benutzer.has_perm("sozialindex.entwurf_lesen"):
        aufgaben += _laufaufgaben(benutzer)
    return aufgaben


def _laufaufgaben(benutzer: Benutzer) -> list[Aufgabe]:
    schritte = {
        Indexlauf.Zustand.ENTWURF: ("sozialindex.lauf_pruefen", "prüfen"),
        Indexlauf.Zustand.GEPRUEFT: ("sozialindex.lauf_veroeffentlichen", "veröffentlichen"),
    }
    return [
        Aufgabe(f"{lauf} {schritte[lauf.zustand][1]}", lauf.get_absolute_url())
        for lauf in Indexlauf.objects.filter(zustand__in=schritte).order_by("nummer")
        if benutzer.has_perm(schritte[lauf.zustand][0], lauf)
    ]
