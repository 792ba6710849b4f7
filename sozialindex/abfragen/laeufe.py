"""Runs as pages need them: classes of areas, colours of a map, figures beside the whole."""

import re
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field, replace

import pandas as pd
from django.db.models import Subquery

from quartiere.models import Ebene, Gebiet
from sozialindex.abfragen.werte import neueste_stichtage, werte_zu_stichtagen
from sozialindex.begriffe import Qualitaet, Zustand
from sozialindex.geheimhaltung import STELLEN, STELLEN_GROB, verberge
from sozialindex.klassen import Klasse, klassen_der_methodik
from sozialindex.models import Indexlauf, Indikatordefinition, Laufergebnis

SCHLUESSELWORT = re.compile(r"[a-z][a-z0-9_]*")


def neuester_lauf() -> Indexlauf | None:
    """Return the published run in force with the latest Stichtag; None before the first. One query."""
    return Indexlauf.objects.veroeffentlicht().order_by("-stichtag", "-nummer").first()


@dataclass(frozen=True)
class Einfaerbung:
    """Colours of a map by class of the Statusindex.

    `legende` lists (CSS class, sign, word) from low to high burden; `fuer(gebiet_id)` gives the same for
    one area, None where the run has no class for it.
    """

    titel: str
    legende: list[tuple[str, str, str]]
    klassen: dict[int, tuple[str, str, str]]

    def fuer(self, gebiet_id: int) -> tuple[str, str, str] | None:
        return self.klassen.get(gebiet_id)


def einfaerbung(lauf: Indexlauf | None = None) -> Einfaerbung | None:
    """Return the colours of a run, by default of the newest published one; None where there is none.

    One query.
    """
    neuester = Indexlauf.objects.veroeffentlicht().order_by("-stichtag", "-nummer").values("pk")[:1]
    zeilen = (
        Laufergebnis.objects.filter(lauf=lauf or Subquery(neuester), einbezogen=True)
        .order_by()
        .values_list(
            "gebiet_id",
            "statusklasse",
            "lauf__stichtag",
            "lauf__methodik_daten__status",
            "lauf__methodik_daten__titel",
        )
    )
    if not zeilen:
        return None
    _, _, stichtag, status, methode = zeilen[0]
    legende = {
        klasse.wort: klasse.als_tupel() for klasse in klassen_der_methodik({"status": status}, "status")
    }
    return Einfaerbung(
        titel=f"Status am {stichtag:%d.%m.%Y}, {methode}",
        legende=list(legende.values()),
        klassen={gebiet: legende[wort] for gebiet, wort, *_ in zeilen},
    )


@dataclass(frozen=True)
class Trend:
    """How an area itself changed between the two Stichtage, apart from the city: percentage points.

    `mittel` is weighted like the index and counts a falling risk as negative, whatever the polarity.
    """

    gestiegen: int
    gefallen: int
    anzahl: int
    mittel: float


@dataclass(frozen=True)
class Klassenzeile:
    """One area in one run as this reader may see it.

    `methode` names the method where runs of several methods stand together, else it is empty.
    `stellen` is the number of decimals to show; index values are rounded to it, so that no page can show
    more. `genau` is False where the result rests on a figure the reader must not know, `lauf_genau` where
    any result of the run does.
    """

    lauf: Indexlauf
    ergebnis: Laufergebnis
    statusklasse: Klasse | None
    dynamikklasse: Klasse | None
    genau: bool = True
    lauf_genau: bool = True
    namen: Mapping[str, str] = field(default_factory=dict)
    trend: Trend | None = None
    methode: str = ""

    @property
    def gebiet(self) -> Gebiet:
        """The area under the number and name it had when the run was made; not to be saved."""
        gebiet = copy(self.ergebnis.gebiet)
        gebiet.nummer, gebiet.name = self.ergebnis.nummer, self.ergebnis.name
        return gebiet

    @property
    def stellen(self) -> int:
        return STELLEN if self.lauf_genau else STELLEN_GROB

    @property
    def statusindex(self) -> float | None:
        return self._gerundet(self.ergebnis.statusindex)

    @property
    def dynamikindex(self) -> float | None:
        return self._gerundet(self.ergebnis.dynamikindex)

    @property
    def abstand(self) -> float | None:
        """Distance of the Statusindex to the next limit; None where it would say too much."""
        return self._gerundet(self.ergebnis.abstaende.get("status"))

    def _gerundet(self, wert: float | None) -> float | None:
        return round(wert, self.stellen) if self.genau and wert is not None else None

    @property
    def urteil(self) -> str:
        return mit_namen(self.ergebnis.robustheit.get("urteil", ""), self.namen)

    @property
    def kurzurteil(self) -> str:
        """The verdict without saying on which assumptions the class depends."""
        urteil = self.ergebnis.robustheit.get("urteil", "")
        if not urteil.startswith("abhängig von "):
            return urteil
        anzahl = urteil.count(",") + 1
        return f"abhängig von {anzahl} {'Annahme' if anzahl == 1 else 'Annahmen'}"

    @property
    def grund(self) -> str:
        return mit_namen(self.ergebnis.grund, self.namen)

    @property
    def anteile(self) -> list[float | None]:
        """Share of the random weights per status class, in the order of the classes."""
        anteile = self.ergebnis.robustheit.get("anteile", {}) if self.genau else {}
        return [anteile.get(k.wort) for k in klassen_der_methodik(self.lauf.methodik_daten, "status")]


def mit_namen(text: str, namen: Mapping[str, str]) -> str:
    """Put names of indicators in the place of the keys the engine speaks of."""
    return SCHLUESSELWORT.sub(lambda treffer: namen.get(treffer[0], treffer[0]), text)


def klassenzeilen(
    ergebnisse: Iterable[Laufergebnis], *, intern: bool, namen: Mapping[str, str] | None = None
) -> list[Klassenzeile]:
    """Put the class (word, sign, colour) beside each result.

    Parameters
    ----------
    ergebnisse
        With `lauf` loaded; made by `Laufergebnis.objects.mit_geheimhaltung()` unless `intern`.
    namen
        Indicator key → name, for verdicts and reasons that name indicators.
    """
    return [_klassenzeile(ergebnis, namen or {}, intern=intern) for ergebnis in ergebnisse]


def _klassenzeile(ergebnis: Laufergebnis, namen: Mapping[str, str], *, intern: bool) -> Klassenzeile:
    daten = ergebnis.lauf.methodik_daten
    status = {klasse.wort: klasse for klasse in klassen_der_methodik(daten, "status")}
    dynamik = {klasse.wort: klasse for klasse in klassen_der_methodik(daten, "dynamik")}
    return Klassenzeile(
        lauf=ergebnis.lauf,
        ergebnis=ergebnis,
        statusklasse=status.get(ergebnis.statusklasse),
        dynamikklasse=dynamik.get(ergebnis.dynamikklasse),
        namen=namen,
        genau=intern or not ergebnis.beruht_auf_geheimem,
        lauf_genau=intern or not ergebnis.lauf_beruht_auf_geheimem,
    )


def klassen_des_quartiers(quartier: Gebiet, *, intern: bool) -> list[Klassenzeile]:
    """Return the quarter's result in every published run in force, newest Stichtag first. One query.

    Where the runs are of more than one method, each line names its own.
    """
    ergebnisse = (
        quartier.ergebnisse.filter(lauf__in=Indexlauf.objects.veroeffentlicht())
        .mit_geheimhaltung()
        .select_related("lauf__methodik", "gebiet")
        .order_by("-lauf__stichtag", "-lauf__nummer")
    )
    zeilen = klassenzeilen(ergebnisse, intern=intern)
    if len({zeile.lauf.methodik.schluessel for zeile in zeilen}) < 2:
        return zeilen
    return [replace(zeile, methode=zeile.lauf.methodik_daten["titel"]) for zeile in zeilen]


def klassen_im_sozialraum(sozialraum: Gebiet, lauf: Indexlauf | None, *, intern: bool) -> list[Klassenzeile]:
    """Return the results of the quarters of a Sozialraum in one run, by number. One query."""
    if lauf is None:
        return []
    ergebnisse = lauf.ergebnisse.filter(gebiet__uebergeordnet=sozialraum).mit_geheimhaltung()
    sortiert = ergebnisse.select_related("lauf", "gebiet").order_by("gebiet__nummer")
    return klassenzeilen(sortiert, intern=intern)


@dataclass(frozen=True)
class Zahl:
    """A figure with what stands in its place when there is none."""

    wert: float | None
    zaehler: float | None
    nenner: float | None
    zustand: Zustand
    qualitaet: Qualitaet
    herkunft: str
    lieferung_id: int | None

    @property
    def ersatz(self) -> str:
        """The state in words where no figure is shown."""
        return "" if self.wert is not None else self.zustand.titel


@dataclass(frozen=True)
class Kernwert:
    """A Kernindikator of a quarter beside its Sozialraum and the city."""

    definition: Indikatordefinition
    stichtag: object
    quartier: Zahl
    sozialraum: Zahl
    stadt: Zahl


def kernwerte(quartier: Gebiet, *, intern: bool) -> list[Kernwert]:
    """Return the newest figure of each Kernindikator beside Sozialraum and city.

    Parameters
    ----------
    intern
        True for people who may see figures under confidentiality; for all others these are hidden.

    Notes
    -----
    Three queries, whatever the number of areas and years. Indicators without a figure are left out.
    """
    stichtage = neueste_stichtage(quartier)
    if not stichtage:
        return []
    werte = werte_zu_stichtagen(stichtage=stichtage, gebietsstand=quartier.gebietsstand_id)
    if not intern:
        werte = verberge(werte, mindestzahlen(stichtage))
    eigen = werte[werte["gebiet_id"] == quartier.pk].set_index("indikator")
    raum = werte[werte["gebiet_id"] == quartier.uebergeordnet_id].set_index("indikator")
    stadt = werte[werte["ebene"] == Ebene.STADT].set_index("indikator")
    return [
        Kernwert(d, stichtag, *(zahl_aus(teil.loc[d.indikator.schluessel]) for teil in (eigen, raum, stadt)))
        for d, stichtag in stichtage.items()
    ]


def mindestzahlen(definitionen: Iterable[Indikatordefinition]) -> dict[str, int]:
    """Return the smallest count that may be shown, per indicator key."""
    return {d.indikator.schluessel: d.indikator.mindestzahl for d in definitionen}


def zahl_aus(zeile: pd.Series) -> Zahl:
    """Turn a row of the figures into a `Zahl`; NaN becomes None."""
    return Zahl(
        wert=_oder_none(zeile["wert"]),
        zaehler=_oder_none(zeile["zaehler"]),
        nenner=_oder_none(zeile["nenner"]),
        zustand=Zustand(zeile["zustand"]),
        qualitaet=Qualitaet(zeile["qualitaet"]),
        herkunft=zeile["herkunft"],
        lieferung_id=_oder_none(zeile["lieferung_id"]),
    )


def _oder_none(wert):
    return None if pd.isna(wert) else wert
