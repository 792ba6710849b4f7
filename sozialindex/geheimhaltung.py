"""Statistical confidentiality: which figures leave the Sozialplanung.

Two steps. *Primary*: a count from 1 up to below the smallest number allowed is hidden, and with it every
rate from which it follows. *Secondary*: where exactly one part of a total is hidden, the total is hidden
too, since it would give the part away.

Limits, known and accepted here: two hidden parts whose visible sum leaves a single solution (1 + 1 = 2) are
not found, nor is a count that follows from the difference of two years or from two indicators that share a
denominator. Whatever is hidden for such a reason must be delivered as "geheim".
"""

from collections.abc import Mapping

import pandas as pd

from sozialindex.begriffe import Zustand

# Decimals of index values, and those in a run that rests on a hidden figure: it moves mean, spread and zero
# point of all areas, so that exact values of the others would leave a single solution. The area itself then
# shows its class alone.
STELLEN = 2
STELLEN_GROB = 1


def verborgene(werte: pd.DataFrame, mindestzahlen: Mapping[str, int]) -> pd.Series:
    """Say which figures must not be shown.

    Parameters
    ----------
    werte
        Columns `gebiet_id`, `ebene` ("quartier", "sozialraum", "stadt"), `uebergeordnet_id`, `indikator`,
        `zaehler`, `nenner`, `wert` (percent), `zustand`; optional `stichtag` and `rolle`. Missing counts
        are NaN.
    mindestzahlen
        Indicator key → smallest count that may be shown; indicators not named here have none.

    Returns
    -------
    Boolean series over the index of `werte`; true also for figures that were delivered as secret.
    """
    if werte.empty:
        return pd.Series(dtype=bool, index=werte.index)
    grenze = werte["indikator"].map(mindestzahlen).fillna(0).astype(float)
    zaehler = _zaehler(werte)
    verborgen = (zaehler > 0) & (zaehler.round(6) < grenze) | (werte["zustand"] == Zustand.GEHEIM)
    verborgen = verborgen | _einziger_teil_verborgen(werte, verborgen, "sozialraum")
    return verborgen | _einziger_teil_verborgen(werte, verborgen, "stadt")


def _zaehler(werte: pd.DataFrame) -> pd.Series:
    """The count, or what rate × denominator gives away."""
    errechnet = (werte["wert"].astype(float) * werte["nenner"].astype(float) / 100).round(2)
    return werte["zaehler"].astype(float).fillna(errechnet)


def _einziger_teil_verborgen(werte: pd.DataFrame, verborgen: pd.Series, ebene: str) -> pd.Series:
    gruppe = [spalte for spalte in ("indikator", "stichtag", "rolle") if spalte in werte]
    quartiere, raeume = werte["ebene"] == "quartier", werte["ebene"] == "sozialraum"
    if ebene == "sozialraum":
        anzahl = _anzahl(werte[quartiere & verborgen], ["uebergeordnet_id", *gruppe])
        return raeume & _trifft(werte, ["gebiet_id", *gruppe], anzahl)
    in_quartieren = _anzahl(werte[quartiere & verborgen], gruppe)
    in_raeumen = _anzahl(werte[raeume & verborgen], gruppe)
    staedte = werte["ebene"] == "stadt"
    return staedte & (_trifft(werte, gruppe, in_quartieren) | _trifft(werte, gruppe, in_raeumen))


def _anzahl(werte: pd.DataFrame, gruppe: list[str]) -> dict:
    schluessel = zip(*(werte[spalte] for spalte in gruppe), strict=True)
    return pd.Series(list(schluessel), dtype=object).value_counts().to_dict()


def _trifft(werte: pd.DataFrame, gruppe: list[str], anzahl: dict) -> pd.Series:
    schluessel = zip(*(werte[spalte] for spalte in gruppe), strict=True)
    return pd.Series([anzahl.get(eintrag) == 1 for eintrag in schluessel], index=werte.index)


def verberge(werte: pd.DataFrame, mindestzahlen: Mapping[str, int]) -> pd.DataFrame:
    """Return a copy of `werte` (columns as in `verborgene`) in which hidden figures are empty and "geheim".

    The denominator stays: it is a figure of its own and says nothing about the count.
    """
    verborgen = verborgene(werte, mindestzahlen)
    ergebnis = werte.copy()
    ergebnis.loc[verborgen, ["zaehler", "wert"]] = float("nan")
    ergebnis.loc[verborgen, "zustand"] = Zustand.GEHEIM.value
    return ergebnis


def verberge_schnappschuss(schnappschuss: pd.DataFrame, mindestzahlen: Mapping[str, int]) -> pd.DataFrame:
    """Hide figures in the snapshot of a run, which holds quarters and city but no Sozialräume.

    The city's figure is hidden as soon as one quarter's is: a Sozialraum shown elsewhere could close the gap.
    """
    ergebnis = verberge(schnappschuss.assign(uebergeordnet_id=None), mindestzahlen)
    verborgen = ergebnis[(ergebnis["zustand"] == Zustand.GEHEIM) & (ergebnis["ebene"] == "quartier")]
    betroffen = pd.MultiIndex.from_frame(verborgen[["indikator", "rolle"]])
    stelle = pd.MultiIndex.from_frame(ergebnis[["indikator", "rolle"]])
    stadt = (ergebnis["ebene"] == "stadt") & stelle.isin(betroffen)
    ergebnis.loc[stadt, ["zaehler", "wert"]] = float("nan")
    ergebnis.loc[stadt, "zustand"] = Zustand.GEHEIM.value
    return ergebnis.drop(columns="uebergeordnet_id")


def leere_betroffene_spalten(sichtbar: pd.DataFrame, schnappschuss: pd.DataFrame) -> pd.DataFrame:
    """Empty every figure of an indicator and Stichtag of which one is hidden.

    For files that hold exact figures beside results: what the other areas have would leave few solutions
    for the hidden one.

    Parameters
    ----------
    sichtbar
        What `verberge_schnappschuss` made of `schnappschuss`; same rows.
    """
    stelle = pd.MultiIndex.from_frame(sichtbar[["indikator", "rolle"]])
    verborgen = schnappschuss["wert"].notna() & sichtbar["wert"].isna()
    betroffen = stelle.isin(stelle[verborgen])
    ergebnis = sichtbar.copy()
    ergebnis.loc[betroffen, ["zaehler", "wert"]] = float("nan")
    ergebnis.loc[betroffen, "zustand"] = Zustand.GEHEIM.value
    return ergebnis
