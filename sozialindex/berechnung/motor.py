"""The index engine: values and a Methodik in, classes, contributions and statistics out."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from .einschluss import (
    MINDESTZAHL_GEBIETE,
    Auswahl,
    matrix,
    pruefe_gebiete,
    reihe,
    sortierte_positionen,
    waehle,
)
from .ergebnis import Indexergebnis, Teil, baue_ergebnis
from .fehler import Berechnungsfehler
from .kern import (
    Bezug,
    Feld,
    aggregiere,
    fehlmaske,
    grenzen_fuer,
    klassenposition,
    naechste_grenze,
    normiere,
    skaliere,
    summenstreuung,
)
from .satz import Aggregation, Klassierung, Methodik, Skala, Transformation

__all__ = ["Berechnungsfehler", "Indexergebnis", "berechne"]


@dataclass(frozen=True, slots=True)
class Grundlage:
    """Transformed values (indicators, areas) of the included areas in key order, and their measures."""

    x: Feld
    auswahl: Auswahl
    bezug: Bezug
    polung: Feld
    gewichte: Feld
    namen: list[str]


def berechne(
    werte: pd.DataFrame,
    methodik: Methodik,
    *,
    einwohner: pd.Series | None = None,
    veraenderungen: pd.DataFrame | None = None,
    stadtwerte: pd.Series | None = None,
    stadtveraenderungen: pd.Series | None = None,
) -> Indexergebnis:
    """Compute Status, Dynamik and Gesamtindex.

    Parameters
    ----------
    werte
        One row per area (index: unique area keys, str), columns ⊇ indicator keys, float, NaN = missing;
        rates in percent. The order of rows changes no figure; the result has the order of the input.
    einwohner
        Residents per area. None: the minimum is not checked, as `hinweise` says. NaN: the area is left out.
    veraenderungen
        Changes in percentage points, as `werte`; polarity applies to them, the transformation does not,
        because changes may be negative. A missing column counts as missing values.
    stadtwerte, stadtveraenderungen
        City value and city change per indicator, needed for the zero point "stadtwert".

    Raises
    ------
    Berechnungsfehler
        With a German message that names the case.

    Notes
    -----
    Statussumme = Σ weight as given × normalised value; skala "summe" is that, "mittel" that / Σ weights,
    "restandardisiert" that / its population standard deviation. With the geometric aggregation the sum is
    Π x^(weight / Σ weights), already a mean; "summe" and "mittel" both leave it as it is. Areas with fewer
    changes than `min_indikatoren` keep their status and get no dynamics.
    """
    grundlage = bereite_vor(werte, methodik, einwohner=einwohner, stadtwerte=stadtwerte)
    auswahl = grundlage.auswahl
    status = _teil(grundlage.x, grundlage, grundlage.bezug, methodik, methodik.status, auswahl.positionen)
    veraenderungsfeld = None
    if methodik.dynamik.jahre is not None and veraenderungen is not None:
        veraenderungsfeld = _veraenderungen(veraenderungen, werte.index, grundlage.namen)
    dynamik, ohne, hinweise = None, pd.Series([], index=werte.index[:0], dtype="str"), []
    if veraenderungsfeld is not None:
        stadt = reihe(stadtveraenderungen, grundlage.namen)
        dynamik, ohne = _dynamik(veraenderungsfeld, werte.index, grundlage, stadt, methodik)
    if dynamik is None:
        hinweise = [_warum_keine_dynamik(methodik)]
    return baue_ergebnis(werte.index, methodik, auswahl, status, dynamik, ohne, hinweise)


def bereite_vor(
    werte: pd.DataFrame,
    methodik: Methodik,
    *,
    einwohner: pd.Series | None = None,
    stadtwerte: pd.Series | None = None,
) -> Grundlage:
    """Check the input, choose the areas, order and transform the values; parameters as in `berechne`."""
    pruefe_gebiete(werte.index)
    indikatoren = methodik.sortierte_indikatoren
    namen = [indikator.schluessel for indikator in indikatoren]
    fehlend = [name for name in namen if name not in werte.columns]
    if fehlend:
        raise Berechnungsfehler(f"Für diese Indikatoren fehlen die Werte ganz: {', '.join(fehlend)}.")
    roh = matrix(werte, namen)
    bewohner = reihe(einwohner, werte.index)
    auswahl = waehle(roh, werte.index, methodik, bewohner)
    x = auswahl.aus(roh)
    arten = [indikator.transformation for indikator in indikatoren]
    stadt = reihe(stadtwerte, namen)
    if any(art is not Transformation.KEINE for art in arten):
        x = _transformiere(x, arten, namen, lambda stelle: _gebiet(werte.index, auswahl, stelle))
        stadt = (
            None if stadt is None else _transformiere(stadt[:, None], arten, namen, lambda _: "Stadt")[:, 0]
        )
    if methodik.index.aggregation is Aggregation.GEOMETRISCH:
        _pruefe_positiv(x, namen, lambda stelle: _gebiet(werte.index, auswahl, stelle))
    return Grundlage(
        x=x,
        auswahl=auswahl,
        bezug=Bezug(None if bewohner is None else auswahl.aus(bewohner), stadt),
        polung=np.array([float(indikator.polung) for indikator in indikatoren]),
        gewichte=np.array([indikator.gewicht for indikator in indikatoren]),
        namen=namen,
    )


def _gebiet(index: pd.Index, auswahl: Auswahl, stelle: int) -> str:
    return str(index[stelle if auswahl.positionen is None else auswahl.positionen[stelle]])


def _transformiere(
    x: Feld, arten: list[Transformation], namen: list[str], gebiet: Callable[[int], str]
) -> Feld:
    ergebnis = x.copy()
    for zeile, art, name in zip(ergebnis, arten, namen, strict=True):
        if art is Transformation.KEINE:
            continue
        untergrenze = 0.0 if art is Transformation.LN else -1.0
        verboten = np.flatnonzero(zeile <= untergrenze)
        if len(verboten):
            raise Berechnungsfehler(
                f"„{art.value}“ ist für den Indikator „{name}“ nicht möglich: Der Wert von "
                f"„{gebiet(verboten[0])}“ ist {zeile[verboten[0]]:g}, nötig sind Werte über {untergrenze:g}."
            )
        (np.log if art is Transformation.LN else np.log1p)(zeile, out=zeile)
    return ergebnis


def _pruefe_positiv(x: Feld, namen: list[str], gebiet: Callable[[int], str]) -> None:
    for zeile, name in zip(x, namen, strict=True):
        verboten = np.flatnonzero(zeile <= 0)
        if len(verboten):
            raise Berechnungsfehler(
                f"Die geometrische Aggregation braucht Werte über 0; der Indikator „{name}“ ist in "
                f"„{gebiet(verboten[0])}“ {zeile[verboten[0]]:g}."
            )


def _teil(
    x: Feld, grundlage: Grundlage, bezug: Bezug, methodik: Methodik, klassierung: Klassierung, positionen
) -> Teil:
    fehlt = fehlmaske(x)
    normiert = normiere(x, grundlage.polung, methodik.normierung, bezug, grundlage.namen, fehlt)
    summe, teile = aggregiere(normiert, grundlage.gewichte, methodik.index.aggregation)
    index = skaliere(summe, teile, indexteiler(summe, grundlage.gewichte, methodik), fehlt)
    grenzen = grenzen_fuer(index.werte, klassierung)
    position = klassenposition(index.werte, grenzen, klassierung.art)
    return Teil(
        positionen, normiert, index, grenzen, position, *naechste_grenze(index.werte, position, grenzen)
    )


def indexteiler(summe: Feld, gewichte: Feld, methodik: Methodik) -> float:
    """Return what the raw sum is divided by to reach the scale of the index."""
    skala, geometrisch = methodik.index.skala, methodik.index.aggregation is Aggregation.GEOMETRISCH
    if skala is Skala.RESTANDARDISIERT:
        return summenstreuung(summe, 1.0 if geometrisch else float(np.add.reduce(gewichte)))
    return float(np.add.reduce(gewichte)) if skala is Skala.MITTEL and not geometrisch else 1.0


def _veraenderungen(veraenderungen: pd.DataFrame, index: pd.Index, namen: list[str]) -> Feld:
    pruefe_gebiete(veraenderungen.index)
    if not veraenderungen.index.equals(index):
        veraenderungen = veraenderungen.reindex(index)
    if not set(namen) <= set(veraenderungen.columns):
        veraenderungen = veraenderungen.reindex(columns=namen)
    return matrix(veraenderungen, namen)


def _dynamik(
    feld: Feld, index: pd.Index, grundlage: Grundlage, stadt: Feld | None, methodik: Methodik
) -> tuple[Teil | None, pd.Series]:
    """Return the dynamics of the included areas with enough changes, and why the others have none."""
    einbezogen = np.ones(len(index), dtype=bool)
    if grundlage.auswahl.positionen is not None:
        einbezogen = np.zeros(len(index), dtype=bool)
        einbezogen[grundlage.auswahl.positionen] = True
    vorhanden = len(feld) - np.isnan(feld).sum(axis=0)
    genug = einbezogen & (vorhanden >= methodik.einschluss.min_indikatoren)
    stellen = np.flatnonzero(einbezogen & ~genug)
    gruende = [f"nur {anzahl} von {len(feld)} Veränderungen vorhanden" for anzahl in vorhanden[stellen]]
    ohne = pd.Series(gruende, index=index[stellen], dtype="str", name="grund")
    anzahl = int(genug.sum())
    if anzahl == 0:
        return None, ohne
    if anzahl < MINDESTZAHL_GEBIETE:
        raise Berechnungsfehler(
            f"Nur {anzahl} Gebiete haben Veränderungen; "
            f"der Dynamikindex braucht mindestens {MINDESTZAHL_GEBIETE}."
        )
    positionen = sortierte_positionen(index, genug)
    x = feld if positionen is None else np.ascontiguousarray(feld[:, positionen])
    bezug = Bezug(_einwohner_dynamik(grundlage, genug), stadt)
    return _teil(x, grundlage, bezug, methodik, methodik.dynamik.klassierung, positionen), ohne


def _einwohner_dynamik(grundlage: Grundlage, genug: npt.NDArray[np.bool_]) -> Feld | None:
    if grundlage.bezug.einwohner is None:
        return None
    positionen = grundlage.auswahl.positionen
    return grundlage.bezug.einwohner[genug if positionen is None else genug[positionen]]


def _warum_keine_dynamik(methodik: Methodik) -> str:
    if methodik.dynamik.jahre is None:
        return "Die Methodik sieht keinen Dynamikindex vor."
    return "Für kein einbezogenes Gebiet liegen genügend Veränderungen vor; es gibt keinen Dynamikindex."
