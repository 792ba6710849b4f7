"""Figures as data frames: every area of a layout, every level, with its state."""

import datetime
from collections.abc import Iterable, Mapping

import pandas as pd
from django.db.models import Max, OuterRef, Q, Subquery

from quartiere.models import Ebene, Gebiet, Gebietsstand
from sozialindex.begriffe import Qualitaet, Zustand
from sozialindex.models import Indikator, Indikatordefinition, Wert

GEBIETSSPALTEN = ["gebiet_id", "gebiet", "name", "ebene", "uebergeordnet_id", "einwohner"]
WERTSPALTEN = ["zaehler", "nenner", "wert", "zustand", "qualitaet", "lieferung_id"]
EINWOHNERSCHLUESSEL = "einwohner"


def werte_zum_stichtag(
    *, stichtag: datetime.date, definitionen: Iterable[Indikatordefinition], gebietsstand: Gebietsstand
) -> pd.DataFrame:
    """Return the figures in force at one Stichtag.

    Parameters
    ----------
    definitionen
        Definitions with their `indikator` loaded; figures of other versions are not looked at.

    Returns
    -------
    One row per area of the layout (all levels, sorted by level and number) and definition, with
    `gebiet_id`, `gebiet` (number), `name`, `ebene`, `uebergeordnet_id`, `einwohner`, `indikator` (key),
    `definition` (version), `stichtag`, `zaehler`, `nenner`, `wert` (percent or number), `zustand`,
    `qualitaet`, `lieferung_id` and `herkunft` ("geliefert", "berechnet" from the quarters, "" where there
    is no figure). Missing figures are NaN with state "n", never 0.

    Notes
    -----
    A Sozialraum and the city are Σ Zähler / Σ Nenner over their quarters where every quarter has counts,
    else the delivered figure, else missing. Two queries.
    """
    return werte_zu_stichtagen(stichtage=dict.fromkeys(definitionen, stichtag), gebietsstand=gebietsstand)


def werte_zu_stichtagen(
    *, stichtage: Mapping[Indikatordefinition, datetime.date], gebietsstand: Gebietsstand
) -> pd.DataFrame:
    """Return the figures of every definition at a Stichtag of its own; shape as `werte_zum_stichtag`."""
    gebiete = _gebiete(gebietsstand)
    rahmen = _rahmen(gebiete, stichtage)
    werte = _gelieferte(stichtage, gebietsstand)
    rahmen = rahmen.merge(werte, on=["gebiet_id", "definition_id"], how="left")
    rahmen["zustand"] = rahmen["zustand"].fillna(Zustand.FEHLT.value)
    rahmen["qualitaet"] = rahmen["qualitaet"].fillna("")
    rahmen["herkunft"] = rahmen["wert"].notna().map({True: "geliefert", False: ""})
    return _mit_summen(rahmen).drop(columns=["definition_id", "prozent"])


def _gebiete(gebietsstand: Gebietsstand) -> pd.DataFrame:
    zeilen = Gebiet.objects.filter(gebietsstand=gebietsstand).order_by("ebene", "nummer")
    felder = zeilen.values_list("pk", "nummer", "name", "ebene", "uebergeordnet_id", "einwohner")
    return pd.DataFrame(list(felder), columns=GEBIETSSPALTEN)


def _rahmen(gebiete: pd.DataFrame, stichtage: Mapping[Indikatordefinition, datetime.date]) -> pd.DataFrame:
    zeilen = [
        (d.pk, d.indikator.schluessel, d.version, stichtag, d.indikator.art == Indikator.Art.ANTEIL)
        for d, stichtag in stichtage.items()
    ]
    spalten = ["definition_id", "indikator", "definition", "stichtag", "prozent"]
    return gebiete.merge(pd.DataFrame(zeilen, columns=spalten), how="cross")


def _gelieferte(
    stichtage: Mapping[Indikatordefinition, datetime.date], gebietsstand: Gebietsstand
) -> pd.DataFrame:
    auswahl = Q(pk__in=[])
    for definition, stichtag in stichtage.items():
        auswahl |= Q(definition=definition, stichtag=stichtag)
    werte = Wert.objects.aktuell().filter(auswahl, gebiet__gebietsstand=gebietsstand).order_by()
    spalten = ["gebiet_id", "definition_id", *WERTSPALTEN]
    rahmen = pd.DataFrame(list(werte.values_list(*spalten)), columns=spalten)
    zahlen = {"zaehler": float, "nenner": float, "wert": float, "lieferung_id": "Int64"}
    return rahmen.astype(zahlen)


def _mit_summen(werte: pd.DataFrame) -> pd.DataFrame:
    quartiere = werte[werte["ebene"] == Ebene.QUARTIER]
    je_raum = _summen(quartiere, ["uebergeordnet_id", "definition_id"])
    je_stadt = _summen(quartiere, ["definition_id"])
    for zeile in werte.index[werte["ebene"] != Ebene.QUARTIER]:
        gebiet, definition = werte.at[zeile, "gebiet_id"], werte.at[zeile, "definition_id"]
        stadt = werte.at[zeile, "ebene"] == Ebene.STADT
        summe = je_stadt.get((definition,)) if stadt else je_raum.get((gebiet, definition))
        if summe:
            spalten = ["zaehler", "nenner", "wert", "zustand", "qualitaet", "herkunft"]
            werte.loc[zeile, spalten] = [*summe, "berechnet"]
            werte.at[zeile, "lieferung_id"] = pd.NA
    return werte


def _summen(quartiere: pd.DataFrame, gruppe: list[str]) -> dict[tuple, list]:
    return {
        schluessel: summe
        for schluessel, teil in quartiere.groupby(gruppe, sort=True)
        if (summe := summe_der_teile(teil)) is not None
    }


def summe_der_teile(teile: pd.DataFrame) -> list | None:
    """Add up the parts of one total for one definition.

    Parameters
    ----------
    teile
        Rows with `zaehler`, `nenner`, `wert`, `qualitaet` and `prozent` (true for a rate).

    Returns
    -------
    [Zähler, Nenner, Wert, Zustand, Qualität], or None where a part lacks its count. One preliminary or
    estimated part makes the total preliminary or estimated.
    """
    nan, qualitaet = float("nan"), _qualitaet(set(teile["qualitaet"]))
    if not teile["prozent"].iloc[0]:
        wert = teile["wert"].sum(skipna=False)
        return None if pd.isna(wert) else [nan, nan, wert, _zustand(wert), qualitaet]
    zaehler, nenner = teile["zaehler"].sum(skipna=False), teile["nenner"].sum(skipna=False)
    if pd.isna(zaehler) or pd.isna(nenner) or nenner <= 0:
        return None
    return [zaehler, nenner, 100 * zaehler / nenner, _zustand(zaehler), qualitaet]


def _qualitaet(der_teile: set[str]) -> str:
    unsicher = (Qualitaet.VORLAEUFIG, Qualitaet.GESCHAETZT)
    return next((qualitaet.value for qualitaet in unsicher if qualitaet in der_teile), "")


def _zustand(wert: float) -> str:
    return (Zustand.NULL if wert == 0 else Zustand.VORHANDEN).value


def neueste_stichtage(gebiet: Gebiet) -> dict[Indikatordefinition, datetime.date]:
    """Return per Kernindikator the newest definition with a figure for this area, and that Stichtag.

    One query; indicators without any figure are left out. Sorted as the indicators are.
    """
    eigene = Wert.objects.aktuell().filter(definition=OuterRef("pk"), gebiet=gebiet).order_by()
    neuester = eigene.values("definition").annotate(neuester=Max("stichtag")).values("neuester")
    definitionen = (
        Indikatordefinition.objects.filter(indikator__kern=True)
        .select_related("indikator")
        .annotate(neuester=Subquery(neuester))
        .exclude(neuester=None)
        .order_by("indikator__reihenfolge", "indikator__schluessel", "neuester", "version")
    )
    je_indikator = {definition.indikator_id: definition for definition in definitionen}
    return {definition: definition.neuester for definition in je_indikator.values()}


def einwohner_zum_stichtag(*, stichtag: datetime.date, gebietsstand: Gebietsstand) -> pd.DataFrame:
    """Return residents of every area: the delivered number at the Stichtag, else the one of the area.

    Returns
    -------
    One row per area of the layout (all levels) with `gebiet_id`, `gebiet` (number), `name`, `ebene`,
    `indikator` ("einwohner"), `definition` (version; 0 where the number comes from the area), `zaehler` and
    `nenner` (NaN), `wert` (NaN where neither is known), `zustand`, `qualitaet` and `lieferung_id`. The
    delivered number is the indicator `einwohner` in its newest definition. Two queries.
    """
    rahmen = _gebiete(gebietsstand).merge(_gelieferte_einwohner(stichtag, gebietsstand), how="left")
    geliefert = rahmen["wert"].notna()
    rahmen["wert"] = rahmen["wert"].where(geliefert, rahmen["einwohner"].astype(float))
    rahmen["definition"] = rahmen["definition"].where(geliefert, 0).astype(int)
    rahmen["qualitaet"] = rahmen["qualitaet"].fillna("")
    rahmen["zustand"] = [Zustand.FEHLT.value if pd.isna(wert) else _zustand(wert) for wert in rahmen["wert"]]
    leer = {"indikator": EINWOHNERSCHLUESSEL, "zaehler": float("nan"), "nenner": float("nan")}
    return rahmen.assign(**leer).drop(columns=["einwohner", "uebergeordnet_id"])


def _gelieferte_einwohner(stichtag: datetime.date, gebietsstand: Gebietsstand) -> pd.DataFrame:
    geliefert = Wert.objects.aktuell().filter(
        definition__indikator__schluessel=EINWOHNERSCHLUESSEL,
        definition__indikator__art=Indikator.Art.ANZAHL,
        gebiet__gebietsstand=gebietsstand,
        stichtag=stichtag,
        wert__isnull=False,
    )
    felder = ["gebiet_id", "definition__version", "wert", "qualitaet", "lieferung_id"]
    spalten = ["gebiet_id", "definition", "wert", "qualitaet", "lieferung_id"]
    zeilen = geliefert.order_by("definition__version").values_list(*felder)
    rahmen = pd.DataFrame(list(zeilen), columns=spalten).drop_duplicates("gebiet_id", keep="last")
    return rahmen.astype({"gebiet_id": int, "wert": float, "qualitaet": object, "lieferung_id": "Int64"})
