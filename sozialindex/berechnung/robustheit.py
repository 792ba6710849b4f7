"""How much of a class is the method's doing: random weights and alternative rules."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from .fehler import Berechnungsfehler
from .kern import (
    Bezug,
    Feld,
    Normiert,
    aggregiere,
    fehlmaske,
    grenzen_fuer,
    klassenposition,
    normiere,
    perzentil,
    skaliere,
)
from .motor import Grundlage, bereite_vor, indexteiler
from .satz import (
    NULLPUNKTNAMEN,
    Aggregation,
    Klassenart,
    Methodik,
    Normierung,
    Normierungsart,
    Nullpunkt,
    Skala,
    Standardabweichung,
)

# A class counts as independent of the weights when it is kept in at least this share of the runs.
MINDESTANTEIL = 0.95
# Cells (runs × areas) per block: a few blocks of 8 bytes each stay in the cache and far below 200 MB.
ZELLEN_JE_BLOCK = 250_000
ROBUST = "robust"

Positionen = npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Robustheit:
    """Robustness of the status classes; frames are indexed like the input, left-out areas are missing.

    Attributes
    ----------
    anteile
        Area × status class: share of the runs with random weights (0…1).
    gehalten
        Share of the runs in which the area keeps its class.
    varianten
        Area × variant: class word under the variant, missing where it cannot be computed.
    urteil
        "robust" or "abhängig von …"; missing for left-out areas.
    hinweise
        Variants that could not be computed, and why.
    """

    anteile: pd.DataFrame
    gehalten: pd.Series
    varianten: pd.DataFrame
    urteil: pd.Series
    hinweise: list[str]


@dataclass(frozen=True, slots=True)
class _Variante:
    name: str
    x: Feld
    regel: Normierung
    bezug: Bezug
    zeilen: npt.NDArray[np.intp]


def pruefe_robustheit(
    werte: pd.DataFrame,
    methodik: Methodik,
    *,
    einwohner: pd.Series | None = None,
    stadtwerte: pd.Series | None = None,
) -> Robustheit:
    """Recompute the status under random weights and under every alternative rule.

    Parameters
    ----------
    werte, einwohner, stadtwerte
        As for `berechne`; the included areas stay the same in every run.
    methodik
        `robustheit` gives number of runs, start value and noise: every weight is multiplied by 1 + u,
        u uniform in ±noise.

    Raises
    ------
    Berechnungsfehler
        When the index itself cannot be computed.

    Notes
    -----
    Variants: each indicator left out; every other zero point that the data allow and the other standard
    deviation (z only); ranks (share of areas with a smaller value) put in the place of the values.
    """
    grundlage = bereite_vor(werte, methodik, einwohner=einwohner, stadtwerte=stadtwerte)
    alle = np.arange(len(grundlage.namen))
    basis, normiert = _rechne(
        _Variante("", grundlage.x, methodik.normierung, grundlage.bezug, alle), grundlage, methodik
    )
    zaehler = _zaehle_klassen(normiert, grundlage, methodik)
    klassen, hinweise = {}, []
    for variante in _varianten(grundlage, methodik):
        try:
            klassen[variante.name] = _rechne(variante, grundlage, methodik)[0]
        except Berechnungsfehler as fehler:
            hinweise.append(f"Variante „{variante.name}“ nicht berechenbar: {fehler}")
    return _robustheit(werte.index, grundlage, methodik, basis, zaehler, klassen, hinweise)


def _rechne(variante: _Variante, grundlage: Grundlage, methodik: Methodik) -> tuple[Positionen, Normiert]:
    """Return class positions of all included areas (−1 where no value is left) and the normalised values."""
    zeilen = variante.zeilen
    x, fehlt = variante.x[zeilen], fehlmaske(variante.x[zeilen])
    namen, gewichte = [grundlage.namen[zeile] for zeile in zeilen], grundlage.gewichte[zeilen]
    bezug = replace(
        variante.bezug, stadt=None if variante.bezug.stadt is None else variante.bezug.stadt[zeilen]
    )
    normiert = normiere(x, grundlage.polung[zeilen], variante.regel, bezug, namen, fehlt)
    belegt = np.ones(x.shape[1], dtype=bool) if fehlt is None else ~fehlt.all(axis=0)
    if not belegt.all():
        normiert = replace(normiert, werte=normiert.werte[:, belegt], fehlt=fehlt[:, belegt])
    summe, teile = aggregiere(normiert, gewichte, methodik.index.aggregation)
    index = skaliere(summe, teile, indexteiler(summe, gewichte, methodik), normiert.fehlt).werte
    position = np.full(x.shape[1], -1, dtype=np.int8)
    position[belegt] = klassenposition(index, grenzen_fuer(index, methodik.status), methodik.status.art)
    return position, normiert


def _varianten(grundlage: Grundlage, methodik: Methodik) -> Iterator[_Variante]:
    regel, bezug, x = methodik.normierung, grundlage.bezug, grundlage.x
    alle = np.arange(len(grundlage.namen))
    if len(alle) > 1:
        for zeile, name in enumerate(grundlage.namen):
            yield _Variante(f"Indikator {name}", x, regel, bezug, np.delete(alle, zeile))
    if regel.art is Normierungsart.Z:
        for nullpunkt in _moegliche_nullpunkte(bezug):
            if nullpunkt is not regel.nullpunkt:
                yield _Variante(
                    f"Nullpunkt ({NULLPUNKTNAMEN[nullpunkt]})",
                    x,
                    replace(regel, nullpunkt=nullpunkt),
                    bezug,
                    alle,
                )
        andere = next(art for art in Standardabweichung if art is not regel.standardabweichung)
        name = f"Standardabweichung ({andere.value})"
        yield _Variante(name, x, replace(regel, standardabweichung=andere), bezug, alle)
    if regel.art is not Normierungsart.PERZENTIL:
        yield _Variante("Rängen statt Werten", *_raenge(x, regel, bezug), alle)


def _moegliche_nullpunkte(bezug: Bezug) -> list[Nullpunkt]:
    moeglich = [Nullpunkt.GEBIETSMITTEL]
    if bezug.einwohner is not None:
        moeglich.append(Nullpunkt.EINWOHNERGEWICHTET)
    if bezug.stadt is not None and np.isfinite(bezug.stadt).all():
        moeglich.append(Nullpunkt.STADTWERT)
    return moeglich


def _raenge(x: Feld, regel: Normierung, bezug: Bezug) -> tuple[Feld, Normierung, Bezug]:
    raenge = np.stack([perzentil(zeile) for zeile in x])
    stadt = bezug.stadt
    if stadt is not None:
        stadt = np.concatenate([perzentil(zeile, wert[None]) for zeile, wert in zip(x, stadt, strict=True)])
    return raenge, regel, replace(bezug, stadt=stadt)


def _zaehle_klassen(normiert: Normiert, grundlage: Grundlage, methodik: Methodik) -> npt.NDArray[np.int64]:
    """Count per class and area (classes, areas) over all runs, block by block."""
    vorgabe = methodik.robustheit
    anzahl, flaeche = len(methodik.status.klassen), normiert.werte.shape[1]
    rauschen = np.random.default_rng(vorgabe.startwert).random((vorgabe.laeufe, len(grundlage.gewichte)))
    gewichte = grundlage.gewichte * (1 + vorgabe.gewichtsrauschen * (2 * rauschen - 1))
    zaehler = np.zeros((anzahl, flaeche), dtype=np.int64)
    schritt = max(1, ZELLEN_JE_BLOCK // flaeche)
    for beginn in range(0, vorgabe.laeufe, schritt):
        position = _positionen(normiert, gewichte[beginn : beginn + schritt], methodik)
        for klasse in range(anzahl):
            zaehler[klasse] += np.count_nonzero(position == klasse, axis=0)
    return zaehler


def _positionen(normiert: Normiert, gewichte: Feld, methodik: Methodik) -> Positionen:
    """Return class positions (runs, areas) for weights (runs, indicators)."""
    geometrisch = methodik.index.aggregation is Aggregation.GEOMETRISCH
    index = _summen(normiert, gewichte, geometrisch)
    if methodik.index.skala is Skala.RESTANDARDISIERT:
        index /= index.std(axis=1, keepdims=True)
    elif methodik.index.skala is Skala.MITTEL and not geometrisch:
        index /= gewichte.sum(axis=1, keepdims=True)
    if methodik.status.art is Klassenart.FEST:
        return klassenposition(index, grenzen_fuer(index, methodik.status), methodik.status.art)
    return np.stack(
        [klassenposition(lauf, grenzen_fuer(lauf, methodik.status), methodik.status.art) for lauf in index]
    )


def _summen(normiert: Normiert, gewichte: Feld, geometrisch: bool) -> Feld:
    """Weighted sums (runs, areas), missing values scaled up; logarithms for the geometric mean."""
    werte = normiert.werte
    if geometrisch:
        werte = np.log(werte, out=np.full(werte.shape, -np.inf), where=werte > 0)
    summen = np.zeros((len(gewichte), werte.shape[1]))
    vorhanden = np.zeros((len(gewichte), 1 if normiert.fehlt is None else werte.shape[1]))
    for zeile, feld in enumerate(werte):
        fehlt = False if normiert.fehlt is None else normiert.fehlt[zeile]
        spalte = gewichte[:, zeile, None]
        summen += spalte * np.where(fehlt, 0.0, feld)
        vorhanden += np.where(fehlt, 0.0, spalte)
    if geometrisch:
        return np.exp(summen / vorhanden)
    return summen if normiert.fehlt is None else summen * (gewichte.sum(axis=1, keepdims=True) / vorhanden)


def _robustheit(
    index: pd.Index,
    grundlage: Grundlage,
    methodik: Methodik,
    basis: Positionen,
    zaehler: npt.NDArray[np.int64],
    klassen: dict[str, Positionen],
    hinweise: list[str],
) -> Robustheit:
    positionen = grundlage.auswahl.positionen
    gebiete = index if positionen is None else index[positionen]
    woerter = np.array([*methodik.status.klassen, None], dtype=object)
    anteile = pd.DataFrame((zaehler / methodik.robustheit.laeufe).T, gebiete, list(methodik.status.klassen))
    gehalten = pd.Series(anteile.to_numpy()[np.arange(len(basis)), basis], gebiete, name="gehalten")
    varianten = pd.DataFrame(
        {name: woerter[position] for name, position in klassen.items()}, gebiete, dtype=object
    )
    urteil = pd.Series(_urteile(gehalten.to_numpy(), basis, klassen), gebiete, dtype=object, name="urteil")
    return Robustheit(
        anteile.reindex(index),
        gehalten.reindex(index),
        varianten.reindex(index),
        urteil.reindex(index),
        hinweise,
    )


def _urteile(gehalten: Feld, basis: Positionen, klassen: dict[str, Positionen]) -> list[str]:
    kippt = {"Gewichten": gehalten < MINDESTANTEIL}
    kippt |= {name: (position != basis) & (position >= 0) for name, position in klassen.items()}
    urteile = []
    for stelle in range(len(basis)):
        gruende = [name for name, betroffen in kippt.items() if betroffen[stelle]]
        urteile.append(f"abhängig von {', '.join(gruende)}" if gruende else ROBUST)
    return urteile


__all__ = ["MINDESTANTEIL", "Robustheit", "pruefe_robustheit"]
