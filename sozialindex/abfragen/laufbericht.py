"""The review page of a run: every section as far as this reader may see it."""

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from quartiere.models import Ebene, Gebiet
from sozialindex.abfragen.laeufe import (
    Einfaerbung,
    Klassenzeile,
    Zahl,
    einfaerbung,
    klassenzeilen,
    zahl_aus,
)
from sozialindex.abfragen.schnappschuss import lade_schnappschuss
from sozialindex.geheimhaltung import verberge_schnappschuss
from sozialindex.klassen import Klasse, klassen_der_methodik
from sozialindex.models import Indexlauf, Indikator, Laufbemerkung, Laufergebnis, Laufwert


@dataclass(frozen=True)
class Leserecht:
    """`entwurf`: sees the review sections; `intern`: sees figures under confidentiality and exact values."""

    entwurf: bool
    intern: bool

    @classmethod
    def von(cls, benutzer) -> "Leserecht":
        return cls(
            entwurf=benutzer.has_perm("sozialindex.entwurf_lesen"),
            intern=benutzer.has_perm("sozialindex.werte_intern"),
        )


@dataclass(frozen=True)
class Wechsel:
    """An area whose class differs from the run compared with."""

    gebiet: Gebiet
    status_vorher: Klasse | None
    status: Klasse | None
    dynamik_vorher: Klasse | None
    dynamik: Klasse | None


@dataclass(frozen=True)
class Eingabezeile:
    """The figures one area went in with: per indicator now and, with Dynamik, before."""

    gebiet: str
    ist_stadt: bool
    zahlen: list[tuple[Zahl, Zahl | None]]


@dataclass(frozen=True)
class Beitragszeile:
    """What each indicator adds to the Statusindex of one area."""

    zeile: Klassenzeile
    beitraege: list[float | None]


@dataclass(frozen=True)
class Pruefteil:
    """Sections only for people who read drafts."""

    eingaben: list[Eingabezeile]
    beitraege: list[Beitragszeile]
    statistik: list[dict[str, Any]]
    korrelationen: list[tuple[Indikator, list[float | None]]]
    alpha: float | None
    alpha_ohne: list[tuple[Indikator, float | None]]
    bemerkungen: list[Laufbemerkung]


@dataclass(frozen=True)
class Laufbericht:
    """A run as one reader may see it; areas are sorted by number, never by value."""

    lauf: Indexlauf
    recht: Leserecht
    einfaerbung: Einfaerbung
    zeilen: list[Klassenzeile]
    ausgelassen: list[Klassenzeile]
    statusklassen: tuple[Klasse, ...]
    dynamikklassen: tuple[Klasse, ...]
    kreuzung: list[tuple[Klasse, list[list[Klassenzeile]]]]
    vergleichslauf: Indexlauf | None
    wechsel: list[Wechsel]
    indikatoren: list[Indikator]
    beruht_auf_geheimem: bool
    pruefteil: Pruefteil | None = field(default=None)

    @property
    def gebiete(self) -> list[Gebiet]:
        return [zeile.gebiet for zeile in (*self.zeilen, *self.ausgelassen)]

    @property
    def genau(self) -> bool:
        """Whether this reader sees the run with nothing hidden."""
        return self.recht.intern or not self.beruht_auf_geheimem


def laufbericht(lauf: Indexlauf, recht: Leserecht) -> Laufbericht:
    """Collect the review page of one run.

    Notes
    -----
    A constant number of queries, whatever the number of areas.
    """
    alle = _zeilen(lauf, recht)
    zeilen = [zeile for zeile in alle if zeile.ergebnis.einbezogen]
    vergleichslauf = _vergleichslauf(lauf)
    indikatoren = _indikatoren(lauf)
    return Laufbericht(
        lauf=lauf,
        recht=recht,
        einfaerbung=einfaerbung(lauf),
        zeilen=zeilen,
        ausgelassen=[zeile for zeile in alle if not zeile.ergebnis.einbezogen],
        statusklassen=klassen_der_methodik(lauf.methodik_daten, "status"),
        dynamikklassen=klassen_der_methodik(lauf.methodik_daten, "dynamik"),
        kreuzung=_kreuzung(lauf, zeilen),
        vergleichslauf=vergleichslauf,
        wechsel=_wechsel(alle, vergleichslauf),
        indikatoren=indikatoren,
        beruht_auf_geheimem=lauf.werte.geheim().exists(),
        pruefteil=_pruefteil(lauf, recht, zeilen, indikatoren) if recht.entwurf else None,
    )


def _zeilen(lauf: Indexlauf, recht: Leserecht) -> list[Klassenzeile]:
    ergebnisse = lauf.ergebnisse.mit_geheimhaltung().select_related("lauf", "gebiet")
    return klassenzeilen(ergebnisse.order_by("gebiet__nummer"), intern=recht.intern)


def _indikatoren(lauf: Indexlauf) -> list[Indikator]:
    """The indicators of the run in the order of its method."""
    schluessel = [eintrag["schluessel"] for eintrag in lauf.methodik_daten["indikatoren"]]
    gefunden = Indikator.objects.in_bulk(schluessel, field_name="schluessel")
    return [gefunden[key] for key in schluessel]


def _vergleichslauf(lauf: Indexlauf) -> Indexlauf | None:
    """The newest other published run that is not younger than this one."""
    andere = Indexlauf.objects.veroeffentlicht().exclude(pk=lauf.pk).filter(stichtag__lte=lauf.stichtag)
    return andere.order_by("-stichtag", "-nummer").first()


def _kreuzung(lauf: Indexlauf, zeilen: list[Klassenzeile]):
    """Rows: status from low to high burden; cells per class of dynamics: the quarters in them."""
    spalten = klassen_der_methodik(lauf.methodik_daten, "dynamik")
    return [
        (status, [[z for z in zeilen if (z.statusklasse, z.dynamikklasse) == (status, d)] for d in spalten])
        for status in klassen_der_methodik(lauf.methodik_daten, "status")
    ]


def _wechsel(alle: list[Klassenzeile], vergleichslauf: Indexlauf | None) -> list[Wechsel]:
    if vergleichslauf is None:
        return []
    ergebnisse = vergleichslauf.ergebnisse.select_related("lauf", "gebiet")
    vorher = {zeile.gebiet.nummer: zeile for zeile in klassenzeilen(ergebnisse, intern=True)}
    paare = [(vorher[zeile.gebiet.nummer], zeile) for zeile in alle if zeile.gebiet.nummer in vorher]
    return [
        Wechsel(neu.gebiet, alt.statusklasse, neu.statusklasse, alt.dynamikklasse, neu.dynamikklasse)
        for alt, neu in paare
        if _woerter(alt.ergebnis) != _woerter(neu.ergebnis)
    ]


def _woerter(ergebnis: Laufergebnis) -> tuple[str, str]:
    return ergebnis.statusklasse, ergebnis.dynamikklasse


def _pruefteil(
    lauf: Indexlauf, recht: Leserecht, zeilen: list[Klassenzeile], indikatoren: list[Indikator]
) -> Pruefteil:
    schnappschuss = lade_schnappschuss(lauf)
    verborgen: set[str] = set()
    if not recht.intern:
        offen, schnappschuss = schnappschuss, verberge_schnappschuss(
            schnappschuss, {indikator.schluessel: indikator.mindestzahl for indikator in indikatoren}
        )
        verborgen = set(schnappschuss.loc[offen["wert"].notna() & schnappschuss["wert"].isna(), "indikator"])
    return Pruefteil(
        eingaben=_eingaben(schnappschuss, indikatoren),
        beitraege=_beitraege(zeilen, indikatoren),
        statistik=_statistik(lauf, [i for i in indikatoren if i.schluessel not in verborgen]),
        korrelationen=[] if verborgen else _korrelationen(lauf, indikatoren),
        alpha=lauf.diagnostik.get("alpha"),
        alpha_ohne=[(i, lauf.diagnostik.get("alpha_ohne", {}).get(i.schluessel)) for i in indikatoren],
        bemerkungen=list(lauf.bemerkungen.select_related("verfasst_von")),
    )


def _eingaben(schnappschuss: pd.DataFrame, indikatoren: list[Indikator]) -> list[Eingabezeile]:
    zeilen = schnappschuss.assign(herkunft="").to_dict("records")
    je_stelle = {(z["gebiet_id"], z["indikator"], z["rolle"]): zahl_aus(z) for z in zeilen}
    gebiete = dict.fromkeys((z["gebiet_id"], z["name"], z["ebene"]) for z in zeilen)
    sortiert = sorted(gebiete, key=lambda gebiet: gebiet[2] == Ebene.STADT)
    status, vergleich = Laufwert.Rolle.STATUS, Laufwert.Rolle.VERGLEICH
    return [
        Eingabezeile(
            gebiet=name,
            ist_stadt=ebene == Ebene.STADT,
            zahlen=[
                (je_stelle[pk, i.schluessel, status], je_stelle.get((pk, i.schluessel, vergleich)))
                for i in indikatoren
            ],
        )
        for pk, name, ebene in sortiert
    ]


def _beitraege(zeilen: list[Klassenzeile], indikatoren: list[Indikator]) -> list[Beitragszeile]:
    """Contributions per area; all empty where one of them would give a hidden figure away."""
    return [
        Beitragszeile(
            zeile,
            [zeile.ergebnis.beitraege.get(i.schluessel) if zeile.genau else None for i in indikatoren],
        )
        for zeile in zeilen
    ]


def _statistik(lauf: Indexlauf, indikatoren: list[Indikator]) -> list[dict[str, Any]]:
    je_indikator = lauf.statistik["indikatoren"]
    return [{"indikator": i, **je_indikator[i.schluessel]} for i in indikatoren]


def _korrelationen(
    lauf: Indexlauf, indikatoren: list[Indikator]
) -> list[tuple[Indikator, list[float | None]]]:
    werte = lauf.diagnostik.get("korrelationen", {})
    return [
        (i, [werte.get(i.schluessel, {}).get(j.schluessel) for j in indikatoren]) for i in indikatoren
    ]
