"""The review page of a run: every section as far as this reader may see it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from quartiere.models import Ebene, Gebiet
from sozialindex.abfragen.laeufe import (
    Einfaerbung,
    Klassenzeile,
    Trend,
    Zahl,
    einfaerbung,
    klassenzeilen,
    mit_namen,
    zahl_aus,
)
from sozialindex.abfragen.laufbilder import Beitragszeile, beitragsbild, streuung
from sozialindex.abfragen.schnappschuss import lade_schnappschuss
from sozialindex.berechnung.erklaerung import erklaere
from sozialindex.berechnung.methodik import lies_methodik
from sozialindex.geheimhaltung import verberge_schnappschuss
from sozialindex.klassen import Klasse, klassen_der_methodik
from sozialindex.models import Indexlauf, Indikator, Laufbemerkung, Laufergebnis, Laufwert, Lieferung

LANG_AB = 60


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
class Statistikzeile:
    """Statistics of one indicator; `dynamik` holds those of the changes, None without Dynamik."""

    indikator: Indikator
    status: dict[str, Any]
    dynamik: dict[str, Any] | None


@dataclass(frozen=True)
class Pruefteil:
    """Sections only for people who read drafts."""

    eingaben: list[Eingabezeile]
    beitraege: list[Beitragszeile]
    beitragsbild: dict[str, Any] | None
    statistik: list[Statistikzeile]
    korrelationen: list[tuple[Indikator, list[float | None]]]
    alpha: float | None
    alpha_ohne: list[tuple[Indikator, float | None]]
    bemerkungen: list[Laufbemerkung]


@dataclass(frozen=True)
class Laufbericht:
    """A run as one reader may see it; areas are sorted by number, never by value.

    `genau` is False where a figure of the run is hidden from this reader.
    """

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
    hinfaellige: list[Lieferung]
    indikatoren: list[Indikator]
    stadttrend: Trend | None
    genau: bool
    methode: list[tuple[str, list[str]]]
    streuung: dict[str, Any] | None
    pruefteil: Pruefteil | None

    @property
    def ist_lang(self) -> bool:
        """Whether tables scroll in a frame of their own, so that the page stays readable."""
        return len(self.zeilen) > LANG_AB

    @property
    def gebiete(self) -> list[Gebiet]:
        return [zeile.gebiet for zeile in (*self.zeilen, *self.ausgelassen)]


def laufbericht(lauf: Indexlauf, recht: Leserecht) -> Laufbericht:
    """Collect the review page of one run.

    Notes
    -----
    A constant number of queries, whatever the number of areas.
    """
    indikatoren = _indikatoren(lauf)
    schnappschuss, verborgen = _sichtbarer_schnappschuss(lauf, recht, indikatoren)
    trends = _trends(schnappschuss, lauf.methodik_daten)
    alle = [replace(zeile, trend=trends.get(zeile.gebiet.pk)) for zeile in _zeilen(lauf, recht, indikatoren)]
    zeilen = [zeile for zeile in alle if zeile.ergebnis.einbezogen]
    vergleichslauf = _vergleichslauf(lauf)
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
        hinfaellige=_hinfaellige(lauf) if recht.entwurf else [],
        indikatoren=indikatoren,
        stadttrend=trends.get(None),
        genau=not verborgen,
        methode=_methode(lauf, indikatoren),
        streuung=streuung(lauf, zeilen),
        pruefteil=_pruefteil(lauf, zeilen, indikatoren, schnappschuss, verborgen) if recht.entwurf else None,
    )


def _zeilen(lauf: Indexlauf, recht: Leserecht, indikatoren: list[Indikator]) -> list[Klassenzeile]:
    namen = {indikator.schluessel: indikator.kurzname for indikator in indikatoren}
    ergebnisse = lauf.ergebnisse.mit_geheimhaltung().select_related("lauf", "gebiet")
    return klassenzeilen(ergebnisse.order_by("nummer"), intern=recht.intern, namen=namen)


def _indikatoren(lauf: Indexlauf) -> list[Indikator]:
    """The indicators of the run in the order of its method."""
    schluessel = [eintrag["schluessel"] for eintrag in lauf.methodik_daten["indikatoren"]]
    gefunden = Indikator.objects.in_bulk(schluessel, field_name="schluessel")
    return [gefunden[key] for key in schluessel]


def _methode(lauf: Indexlauf, indikatoren: list[Indikator]) -> list[tuple[str, list[str]]]:
    """The method in German; only the first section speaks of indicators."""
    namen = {indikator.schluessel: indikator.name for indikator in indikatoren}
    (titel, saetze), *weitere = erklaere(lies_methodik(lauf.methodik_daten))
    return [(titel, [mit_namen(satz, namen) for satz in saetze]), *weitere]


def _vergleichslauf(lauf: Indexlauf) -> Indexlauf | None:
    """The newest other published run of the same method and layout that is not younger than this one."""
    andere = (
        Indexlauf.objects.veroeffentlicht()
        .exclude(pk=lauf.pk)
        .filter(
            stichtag__lte=lauf.stichtag,
            gebietsstand=lauf.gebietsstand_id,
            methodik__schluessel=lauf.methodik.schluessel,
        )
    )
    return andere.order_by("-stichtag", "-nummer").first()


def _hinfaellige(lauf: Indexlauf) -> list[Lieferung]:
    """Deliveries of a run not yet public whose figures no longer count."""
    if lauf.ist_oeffentlich:
        return []
    benutzte = Lieferung.objects.filter(pk__in=lauf.werte.order_by().values("lieferung"))
    return list(benutzte.exclude(zustand=Lieferung.Zustand.UEBERNOMMEN).order_by("pk"))


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
    vorher = {zeile.gebiet.pk: zeile for zeile in klassenzeilen(ergebnisse, intern=True)}
    paare = [(vorher[zeile.gebiet.pk], zeile) for zeile in alle if zeile.gebiet.pk in vorher]
    return [
        Wechsel(neu.gebiet, alt.statusklasse, neu.statusklasse, alt.dynamikklasse, neu.dynamikklasse)
        for alt, neu in paare
        if _woerter(alt.ergebnis) != _woerter(neu.ergebnis)
    ]


def _woerter(ergebnis: Laufergebnis) -> tuple[str, str]:
    return ergebnis.statusklasse, ergebnis.dynamikklasse


def _sichtbarer_schnappschuss(
    lauf: Indexlauf, recht: Leserecht, indikatoren: list[Indikator]
) -> tuple[pd.DataFrame, set[str]]:
    """The figures as this reader may see them, and the keys of indicators of which some are hidden."""
    schnappschuss = lade_schnappschuss(lauf)
    if recht.intern:
        return schnappschuss, set()
    mindestzahlen = {indikator.schluessel: indikator.mindestzahl for indikator in indikatoren}
    sichtbar = verberge_schnappschuss(schnappschuss, mindestzahlen)
    verborgen = schnappschuss["wert"].notna() & sichtbar["wert"].isna()
    return sichtbar, set(sichtbar.loc[verborgen, "indikator"])


def _trends(schnappschuss: pd.DataFrame, methodik: Mapping[str, Any]) -> dict[int | None, Trend]:
    """Absolute change per area id, the city under None; left out where a figure is missing or hidden."""
    werte = schnappschuss.assign(
        gebiet_id=schnappschuss["gebiet_id"].where(schnappschuss["ebene"] != Ebene.STADT, None)
    )
    breit = werte.pivot(index="gebiet_id", columns=["rolle", "indikator"], values="wert")
    if Laufwert.Rolle.VERGLEICH not in breit.columns.get_level_values("rolle"):
        return {}
    unterschied = (breit[Laufwert.Rolle.STATUS.value] - breit[Laufwert.Rolle.VERGLEICH.value]).dropna()
    angaben = {eintrag["schluessel"]: eintrag for eintrag in methodik["indikatoren"]}
    gewichte = pd.Series({key: eintrag["gewicht"] for key, eintrag in angaben.items()})
    gerichtet = unterschied * pd.Series({key: eintrag["polung"] for key, eintrag in angaben.items()})
    return {
        None if pd.isna(gebiet) else int(gebiet): Trend(
            gestiegen=int((zeile > 0).sum()),
            gefallen=int((zeile < 0).sum()),
            anzahl=len(zeile),
            mittel=float((zeile * gewichte).sum() / gewichte.sum()),
        )
        for gebiet, zeile in gerichtet.iterrows()
    }


def _pruefteil(
    lauf: Indexlauf,
    zeilen: list[Klassenzeile],
    indikatoren: list[Indikator],
    schnappschuss: pd.DataFrame,
    verborgen: set[str],
) -> Pruefteil:
    alpha_ohne = lauf.diagnostik["alpha_ohne"]
    beitraege = _beitraege(zeilen, indikatoren)
    return Pruefteil(
        eingaben=_eingaben(schnappschuss, indikatoren),
        beitraege=beitraege,
        beitragsbild=beitragsbild(beitraege, indikatoren),
        statistik=_statistik(lauf, [i for i in indikatoren if i.schluessel not in verborgen]),
        korrelationen=[] if verborgen else _korrelationen(lauf, indikatoren),
        alpha=lauf.diagnostik["alpha"],
        alpha_ohne=[(i, alpha_ohne[i.schluessel]) for i in indikatoren],
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
    """Contributions per area; none where those of all areas together would give a hidden figure away."""
    return [
        Beitragszeile(zeile, [zeile.ergebnis.beitraege.get(i.schluessel) for i in indikatoren])
        for zeile in zeilen
        if zeile.lauf_genau
    ]


def _statistik(lauf: Indexlauf, indikatoren: list[Indikator]) -> list[Statistikzeile]:
    status, dynamik = lauf.statistik["indikatoren"], lauf.statistik["dynamik"] or {}
    return [Statistikzeile(i, status[i.schluessel], dynamik.get(i.schluessel)) for i in indikatoren]


def _korrelationen(
    lauf: Indexlauf, indikatoren: list[Indikator]
) -> list[tuple[Indikator, list[float | None]]]:
    werte = lauf.diagnostik.get("korrelationen", {})
    return [(i, [werte.get(i.schluessel, {}).get(j.schluessel) for j in indikatoren]) for i in indikatoren]
