"""Methods as pages list them: who may see them, which runs used them, what they need."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from quartiere.models import Gebiet
from sozialindex.abfragen.stichtage import datenlagen
from sozialindex.klassen import Klasse, klassen_der_methodik
from sozialindex.models import Indexlauf, Indikator, Indikatordefinition, Methodik


def sichtbare_methodiken(benutzer) -> QuerySet[Methodik]:
    """Return the methods a person may read: all for people who read drafts, else those of published runs."""
    if benutzer.has_perm("sozialindex.entwurf_lesen"):
        return Methodik.objects.all()
    return Methodik.objects.filter(Exists(Indexlauf.objects.oeffentlich().filter(methodik=OuterRef("pk"))))


def mit_laeufen(methodiken: QuerySet[Methodik], benutzer) -> QuerySet[Methodik]:
    """Load the runs the person may see, newest Stichtag first, as `sichtbare_laeufe`. One more query."""
    laeufe = Indexlauf.objects.sichtbar_fuer(benutzer).only("nummer", "stichtag", "zustand", "methodik")
    return methodiken.prefetch_related(Prefetch("laeufe", laeufe, to_attr="sichtbare_laeufe"))


@dataclass(frozen=True)
class Methodikreihe:
    """All visible versions of one key, newest first."""

    versionen: Sequence[Methodik]

    @property
    def neueste(self) -> Methodik:
        return self.versionen[0]


def methodikreihen(benutzer) -> list[Methodikreihe]:
    """Return the methods by key with their runs. Two queries."""
    reihen: dict[str, list[Methodik]] = {}
    for methodik in mit_laeufen(sichtbare_methodiken(benutzer), benutzer).order_by("schluessel", "-version"):
        reihen.setdefault(methodik.schluessel, []).append(methodik)
    return [Methodikreihe(versionen) for versionen in reihen.values()]


def methodiken_mit(schluessel: str, benutzer) -> list[Methodik]:
    """Return the visible methods that use an indicator, newest version of a key first. One query."""
    methodiken = sichtbare_methodiken(benutzer).order_by("schluessel", "-version")
    return [
        methodik
        for methodik in methodiken
        if any(eintrag["schluessel"] == schluessel for eintrag in methodik.daten["indikatoren"])
    ]


@dataclass(frozen=True)
class Indikatorzeile:
    """An indicator as a method uses it; `indikator` is None where the application does not know the key."""

    schluessel: str
    indikator: Indikator | None
    definition: int
    definition_bekannt: bool
    polung: int
    gewicht: float
    anteil: float
    transformation: str

    @property
    def name(self) -> str:
        return self.indikator.name if self.indikator else self.schluessel

    @property
    def prozent(self) -> float:
        """Share of the sum of weights in percent."""
        return 100 * self.anteil


def indikatorzeilen(daten: Mapping[str, Any]) -> list[Indikatorzeile]:
    """Return the indicators of a canonical record with what is known of them. Two queries.

    `anteil` is the weight divided by the sum of weights.
    """
    eintraege = daten["indikatoren"]
    summe = sum(eintrag["gewicht"] for eintrag in eintraege)
    bekannte = {indikator.schluessel: indikator for indikator in _indikatoren(eintraege)}
    return [_indikatorzeile(eintrag, bekannte.get(eintrag["schluessel"]), summe) for eintrag in eintraege]


def _indikatoren(eintraege: Iterable[Mapping[str, Any]]) -> QuerySet[Indikator]:
    schluessel = [eintrag["schluessel"] for eintrag in eintraege]
    return Indikator.objects.filter(schluessel__in=schluessel).prefetch_related("definitionen")


def _indikatorzeile(eintrag: Mapping[str, Any], indikator: Indikator | None, summe: float) -> Indikatorzeile:
    versionen = {definition.version for definition in indikator.definitionen.all()} if indikator else set()
    return Indikatorzeile(
        schluessel=eintrag["schluessel"],
        indikator=indikator,
        definition=eintrag["definition"],
        definition_bekannt=eintrag["definition"] in versionen,
        polung=eintrag["polung"],
        gewicht=eintrag["gewicht"],
        anteil=eintrag["gewicht"] / summe,
        transformation=eintrag["transformation"],
    )


@dataclass(frozen=True)
class Indikatorwahl:
    """An indicator a method may use, with the versions of its definitions, ascending."""

    indikator: Indikator
    versionen: list[int]


def waehlbare_indikatoren() -> dict[str, Indikatorwahl]:
    """Return all indicators by key, Kernindikatoren first. One query."""
    definitionen = Indikatordefinition.objects.select_related("indikator").order_by(
        "-indikator__kern", "indikator__reihenfolge", "indikator__schluessel", "version"
    )
    wahl: dict[str, Indikatorwahl] = {}
    for definition in definitionen:
        indikator = definition.indikator
        wahl.setdefault(indikator.schluessel, Indikatorwahl(indikator, [])).versionen.append(
            definition.version
        )
    return wahl


def vergleichsbasen(methodik: Methodik, benutzer) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what two methods can be compared on, as grouped choices of a field.

    Stichtage at which the method finds all its figures ("2024-12-31"), and runs ("lauf-4"). Five queries.
    """
    stichtage = [lage.stichtag for lage in datenlagen([methodik]) if lage.ist_vollstaendig]
    laeufe = Indexlauf.objects.sichtbar_fuer(benutzer)
    return [
        ("Geltende Werte", [(f"{tag:%Y-%m-%d}", f"Stichtag {tag:%d.%m.%Y}") for tag in stichtage]),
        ("Werte eines Laufs", [(f"lauf-{lauf.nummer}", str(lauf)) for lauf in laeufe]),
    ]


@dataclass(frozen=True)
class Vergleichsseite:
    """One area under one of the two methods."""

    einbezogen: bool
    grund: str
    statusindex: float | None
    statusklasse: Klasse | None
    dynamikindex: float | None
    dynamikklasse: Klasse | None


@dataclass(frozen=True)
class Vergleichszeile:
    gebiet: Gebiet
    alt: Vergleichsseite
    neu: Vergleichsseite
    wechsel_status: bool
    wechsel_dynamik: bool


@dataclass(frozen=True)
class Vergleichsbild:
    """The comparison of two methods for a page: areas that change a class, and all others."""

    wechsel: list[Vergleichszeile]
    uebrige: list[Vergleichszeile]

    @property
    def anzahl(self) -> int:
        return len(self.wechsel) + len(self.uebrige)

    @property
    def anzahl_status(self) -> int:
        return sum(zeile.wechsel_status for zeile in self.wechsel)

    @property
    def anzahl_dynamik(self) -> int:
        return sum(zeile.wechsel_dynamik for zeile in self.wechsel)


def ordne_zu(
    tabelle: pd.DataFrame, *, alt: Mapping[str, Any], neu: Mapping[str, Any], gebiete: Iterable[Gebiet]
) -> Vergleichsbild:
    """Turn the table of `dienste.methodik.vergleiche` into rows with areas and classes.

    Parameters
    ----------
    alt, neu
        The records compared; they name the classes.
    gebiete
        At least the areas of the table.
    """
    je_nummer = {gebiet.nummer: gebiet for gebiet in gebiete}
    saetze = tabelle.reset_index().to_dict("records")
    zeilen = [
        Vergleichszeile(
            gebiet=je_nummer[satz["gebiet"]],
            alt=_seite(satz, "alt", alt),
            neu=_seite(satz, "neu", neu),
            wechsel_status=satz["wechsel_status"],
            wechsel_dynamik=satz["wechsel_dynamik"],
        )
        for satz in saetze
    ]
    wechselnd = [zeile.wechsel_status or zeile.wechsel_dynamik for zeile in zeilen]
    return Vergleichsbild(
        wechsel=[zeile for zeile, wechselt in zip(zeilen, wechselnd, strict=True) if wechselt],
        uebrige=[zeile for zeile, wechselt in zip(zeilen, wechselnd, strict=True) if not wechselt],
    )


def _seite(satz: Mapping[str, Any], name: str, daten: Mapping[str, Any]) -> Vergleichsseite:
    klassen = {
        teil: {klasse.wort: klasse for klasse in klassen_der_methodik(daten, teil)}
        for teil in ("status", "dynamik")
    }
    return Vergleichsseite(
        einbezogen=satz[f"einbezogen_{name}"],
        grund=satz[f"grund_{name}"],
        statusindex=satz[f"statusindex_{name}"],
        statusklasse=klassen["status"].get(satz[f"statusklasse_{name}"]),
        dynamikindex=satz[f"dynamikindex_{name}"],
        dynamikklasse=klassen["dynamik"].get(satz[f"dynamikklasse_{name}"]),
    )
