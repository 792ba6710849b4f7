"""Writes that touch more than one area; the only door for them."""

import datetime
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, OuterRef, Q, Subquery, Sum
from django.utils import timezone

from oberhausen_sozialplanung.werkzeuge.text import schluessel
from quartiere.gebietsdatei import Gebietsdatei, Gebietszeile
from quartiere.models import Ebene, Gebiet, Gebietsalias, Gebietsstand
from quartiere.nummern import STADTNUMMER

STADTNAME = "Gesamtstadt"
# Leaves room for the number behind the name in the 150 characters of the column.
SLUG_LAENGE = 120
GENANNTE_NUMMERN = 10
KACHELFELDER = {"kachel_x", "kachel_y"}
LADEFELDER = {"name", "uebergeordnet", "einwohner"} | KACHELFELDER


class LadenAbgelehnt(ValueError):
    """The areas contradict what is stored; nothing was changed. The text is German and says what to do."""


@dataclass(frozen=True)
class Abgleich:
    """Number of areas of one level that were new, changed, equal."""

    neu: int
    geaendert: int
    gleich: int


@dataclass(frozen=True)
class Ladebericht:
    """What `lade_gebiete` did; `abgeloest` is the layout it ended, `aliase` the number of names added."""

    gebietsstand: Gebietsstand
    abgeloest: Gebietsstand | None
    sozialraeume: Abgleich
    quartiere: Abgleich
    aliase: int


@transaction.atomic
def lade_gebiete(
    *,
    datei: Gebietsdatei,
    stadt: str = "",
    gebietsstand: str = "",
    gueltig_von: datetime.date | None = None,
) -> Ladebericht:
    """Store the city, its Sozialräume and Sozialquartiere in the current layout, or in a new one.

    The number of queries does not grow with the number of areas (beyond the batches of the database).

    Parameters
    ----------
    datei
        A checked file, see `quartiere.gebietsdatei`.
    stadt
        Name of the city; empty keeps the stored one and calls a new one "Gesamtstadt".
    gebietsstand, gueltig_von
        Name and first day of the layout. Without a current layout they default to the year and 1 January of
        the current year. A name other than the current one ends the current layout on the day before and
        begins a new one, which takes over texts and other names of areas that kept number and name.

    Returns
    -------
    Ladebericht
        Residents of Sozialräume and city are sums of their parts, None as soon as one part is unknown.

    Raises
    ------
    LadenAbgelehnt
        Stored areas of the layout are missing in the file, or the layout's name or day cannot be right.
    """
    stand, abgeloest = _bestimme_gebietsstand(gebietsstand, gueltig_von)
    bestand = _bestand(stand)
    _pruefe_vollstaendig(datei, bestand, stand)
    vorlagen = _Vorlagen(abgeloest)
    oben = _schreibe_stadt(stand, bestand[Ebene.STADT], stadt)
    raeume = {zeile.sozialraum_nummer: _soll_sozialraum(zeile, oben) for zeile in datei.zeilen}
    raumabgleich = _gleiche_ab(stand, Ebene.SOZIALRAUM, raeume.values(), bestand, vorlagen)
    quartiere = [
        _soll_quartier(zeile, bestand[Ebene.SOZIALRAUM], datei.mit_kacheln) for zeile in datei.zeilen
    ]
    quartierabgleich = _gleiche_ab(stand, Ebene.QUARTIER, quartiere, bestand, vorlagen)
    aliase = _ergaenze_aliase(stand, datei.zeilen, bestand, vorlagen)
    summiere_einwohner(gebietsstand=stand)
    return Ladebericht(stand, abgeloest, raumabgleich, quartierabgleich, aliase)


@transaction.atomic
def summiere_einwohner(*, gebietsstand: Gebietsstand) -> None:
    """Set the residents of Sozialräume and city to the sum of their parts, None where a part is unknown.

    Takes two queries, whatever the number of areas.
    """
    summe = (
        Gebiet.objects.filter(uebergeordnet=OuterRef("pk"))
        .order_by()
        .values("uebergeordnet")
        .annotate(unbekannt=Count("pk", filter=Q(einwohner=None)), summe=Sum("einwohner"))
        .filter(unbekannt=0)
        .values("summe")
    )
    for ebene in (Ebene.SOZIALRAUM, Ebene.STADT):
        Gebiet.objects.filter(gebietsstand=gebietsstand, ebene=ebene).update(einwohner=Subquery(summe))


def freier_slug(name: str, nummer: str, vergeben: set[str]) -> str:
    """Make the address of an area from its name and, if that is taken, its number; adds it to `vergeben`.

    Examples
    --------
    >>> freier_slug("Schloßstraße", "0402", {"schlossstrasse"})
    'schlossstrasse-0402'
    """
    stamm = schluessel(name)[:SLUG_LAENGE].strip("-")
    mit_nummer = "-".join(teil for teil in (stamm, schluessel(nummer)) if teil) or "gebiet"
    slug, zaehler = stamm or mit_nummer, 1
    while slug in vergeben:
        slug = mit_nummer if zaehler == 1 else f"{mit_nummer}-{zaehler}"
        zaehler += 1
    vergeben.add(slug)
    return slug


# --- layout ---


def _bestimme_gebietsstand(
    name: str, gueltig_von: datetime.date | None
) -> tuple[Gebietsstand, Gebietsstand | None]:
    """Return the layout to write into and the one that ends by it."""
    aktueller = Gebietsstand.objects.aktuell().select_for_update().first()
    if aktueller is None:
        gueltig_von = gueltig_von or timezone.localdate().replace(month=1, day=1)
        return _neuer_gebietsstand(name or str(gueltig_von.year), gueltig_von), None
    if name in ("", aktueller.name):
        if gueltig_von not in (None, aktueller.gueltig_von):
            raise LadenAbgelehnt(
                f"Der Gebietsstand „{aktueller}“ gilt seit {aktueller.gueltig_von:%d.%m.%Y}. Ein anderer "
                "Beginn gehört zu einem neuen Gebietsstand: Bitte auch --gebietsstand NEUER_NAME angeben."
            )
        return aktueller, None
    if gueltig_von is None:
        raise LadenAbgelehnt(
            f"Der neue Gebietsstand „{name}“ braucht seinen ersten Tag: --gueltig-von DATUM."
        )
    _beende(aktueller, gueltig_von - datetime.timedelta(days=1))
    return _neuer_gebietsstand(name, gueltig_von), aktueller


def _beende(stand: Gebietsstand, letzter_tag: datetime.date) -> None:
    if letzter_tag <= stand.gueltig_von:
        raise LadenAbgelehnt(
            f"Der Gebietsstand „{stand}“ gilt seit {stand.gueltig_von:%d.%m.%Y}. "
            "Ein neuer muss mindestens zwei Tage später beginnen."
        )
    stand.gueltig_bis = letzter_tag
    stand.save(update_fields=["gueltig_bis"])


def _neuer_gebietsstand(name: str, gueltig_von: datetime.date) -> Gebietsstand:
    if Gebietsstand.objects.filter(name=name).exists():
        raise LadenAbgelehnt(
            f"Einen Gebietsstand „{name}“ gab es schon. Bitte wählen Sie einen anderen Namen."
        )
    return Gebietsstand.objects.create(name=name, gueltig_von=gueltig_von)


def _pruefe_vollstaendig(datei: Gebietsdatei, bestand: "_Bestand", stand: Gebietsstand) -> None:
    vorhanden = {
        Ebene.SOZIALRAUM: {zeile.sozialraum_nummer for zeile in datei.zeilen},
        Ebene.QUARTIER: {zeile.nummer for zeile in datei.zeilen},
    }
    fehlend = [
        f"{ebene.label} {nummer} ({gebiet})"
        for ebene, nummern in vorhanden.items()
        for nummer, gebiet in bestand[ebene].items()
        if nummer not in nummern
    ]
    if fehlend:
        mehr = f" und {len(fehlend) - GENANNTE_NUMMERN} weitere" if len(fehlend) > GENANNTE_NUMMERN else ""
        raise LadenAbgelehnt(
            f"In der Datei fehlen Gebiete des Gebietsstands „{stand}“: "
            f"{', '.join(fehlend[:GENANNTE_NUMMERN])}{mehr}. Es wurde nichts geändert. "
            "Gilt eine neue Einteilung, laden Sie sie als neuen Gebietsstand: "
            "--gebietsstand NEUER_NAME --gueltig-von DATUM."
        )


# --- areas ---

_Bestand = dict[Ebene, dict[str, Gebiet]]


class _Vorlagen:
    """Texts and other names of the layout that ends, found by level, number and name."""

    def __init__(self, stand: Gebietsstand | None):
        gebiete = stand.gebiete.prefetch_related("aliase") if stand else ()
        self._gebiete = {(gebiet.ebene, gebiet.nummer, gebiet.name): gebiet for gebiet in gebiete}

    def texte(self, ebene: Ebene, nummer: str, name: str) -> dict[str, str]:
        vorlage = self._gebiete.get((ebene, nummer, name))
        return {"besonderheiten": vorlage.besonderheiten, "staerken": vorlage.staerken} if vorlage else {}

    def aliase(self, gebiet: Gebiet) -> list[str]:
        vorlage = self._gebiete.get((gebiet.ebene, gebiet.nummer, gebiet.name))
        return [alias.name for alias in vorlage.aliase.all()] if vorlage else []


def _bestand(stand: Gebietsstand) -> _Bestand:
    bestand: _Bestand = {ebene: {} for ebene in Ebene}
    for gebiet in stand.gebiete.nach_nummer():
        bestand[Ebene(gebiet.ebene)][gebiet.nummer] = gebiet
    return bestand


def _schreibe_stadt(stand: Gebietsstand, vorhandene: dict[str, Gebiet], name: str) -> Gebiet:
    stadt = next(iter(vorhandene.values()), None)
    if stadt is None:
        name = name or STADTNAME
        return Gebiet.objects.create(
            gebietsstand=stand,
            ebene=Ebene.STADT,
            nummer=STADTNUMMER,
            name=name,
            slug=freier_slug(name, "", set()),
        )
    if name and name != stadt.name:
        stadt.name = name
        stadt.save(update_fields=["name"])
    return stadt


def _soll_sozialraum(zeile: Gebietszeile, stadt: Gebiet) -> dict:
    return {"nummer": zeile.sozialraum_nummer, "name": zeile.sozialraum, "uebergeordnet_id": stadt.pk}


def _soll_quartier(zeile: Gebietszeile, sozialraeume: dict[str, Gebiet], mit_kacheln: bool) -> dict:
    kachel = {"kachel_x": zeile.kachel_x, "kachel_y": zeile.kachel_y} if mit_kacheln else {}
    return {
        "nummer": zeile.nummer,
        "name": zeile.name,
        "uebergeordnet_id": sozialraeume[zeile.sozialraum_nummer].pk,
        "einwohner": zeile.einwohner,
        **kachel,
    }


def _gleiche_ab(
    stand: Gebietsstand, ebene: Ebene, solls: Iterable[dict], bestand: _Bestand, vorlagen: _Vorlagen
) -> Abgleich:
    """Create the areas that are new and update those that differ; `bestand` holds all of them afterwards."""
    vorhandene = bestand[ebene]
    vergeben = {gebiet.slug for gebiet in vorhandene.values()}
    neu, geaendert, gleich = [], [], 0
    for soll in solls:
        gebiet = vorhandene.get(soll["nummer"])
        if gebiet is None:
            texte = vorlagen.texte(ebene, soll["nummer"], soll["name"])
            slug = freier_slug(soll["name"], soll["nummer"], vergeben)
            neu.append(Gebiet(gebietsstand=stand, ebene=ebene, slug=slug, **texte, **soll))
        elif abweichend := {feld: wert for feld, wert in soll.items() if getattr(gebiet, feld) != wert}:
            geaendert.append((gebiet, abweichend))
        else:
            gleich += 1
    _aktualisiere(geaendert)
    vorhandene.update((gebiet.nummer, gebiet) for gebiet in Gebiet.objects.bulk_create(neu))
    return Abgleich(neu=len(neu), geaendert=len(geaendert), gleich=gleich)


def _aktualisiere(geaendert: Sequence[tuple[Gebiet, dict]]) -> None:
    """Write changed fields; tiles are cleared first, so that two areas can change places."""
    if any(abweichend.keys() & KACHELFELDER for _, abweichend in geaendert):
        _ueberschreibe([_ohne_kachel(gebiet) for gebiet, _ in geaendert], KACHELFELDER)
    for gebiet, abweichend in geaendert:
        for feld, wert in abweichend.items():
            setattr(gebiet, feld, wert)
    _ueberschreibe([gebiet for gebiet, _ in geaendert], LADEFELDER)


def _ohne_kachel(gebiet: Gebiet) -> Gebiet:
    ohne = copy(gebiet)
    ohne.kachel_x = ohne.kachel_y = None
    return ohne


def _ueberschreibe(gebiete: Sequence[Gebiet], felder: Iterable[str]) -> None:
    """Write stored areas again; INSERT … ON CONFLICT takes a twentieth of the time of `bulk_update`."""
    Gebiet.objects.bulk_create(gebiete, update_conflicts=True, unique_fields=["id"], update_fields=[*felder])


def _ergaenze_aliase(
    stand: Gebietsstand, zeilen: Iterable[Gebietszeile], bestand: _Bestand, vorlagen: _Vorlagen
) -> int:
    """Add names that an area does not have yet; names that are stored already stay."""
    gewuenscht = [
        (bestand[Ebene.QUARTIER][zeile.nummer].pk, alias) for zeile in zeilen for alias in zeile.aliase
    ] + [
        (gebiet.pk, alias)
        for ebene in bestand.values()
        for gebiet in ebene.values()
        for alias in vorlagen.aliase(gebiet)
    ]
    vorhanden = set(Gebietsalias.objects.filter(gebiet__gebietsstand=stand).values_list("gebiet_id", "name"))
    neu = [paar for paar in dict.fromkeys(gewuenscht) if paar not in vorhanden]
    Gebietsalias.objects.bulk_create(Gebietsalias(gebiet_id=gebiet, name=name) for gebiet, name in neu)
    return len(neu)
