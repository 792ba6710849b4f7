"""Array core of the engine: statistics, normalisation, aggregation, classes.

Arrays are laid out indicator-major: shape (indicators, areas), C-contiguous, float64, NaN = missing. Both
axes are in key order, which fixes the order of every sum and with it the last bit of the result.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .fehler import Berechnungsfehler
from .satz import STELLEN, Aggregation, Klassenart, Klassierung, Normierung, Normierungsart, Nullpunkt

Feld = npt.NDArray[np.float64]
Maske = npt.NDArray[np.bool_]

# Figures outside this range cannot be squared without overflow; rates never come near it.
GROESSTER_BETRAG = 1e100
# A range below this share of the largest value is noise of floating point, not spread.
KLEINSTE_STREUUNG = 1e-12
# The same for a sum of normalised values, per unit of weight.
KLEINSTE_SUMMENSTREUUNG = 1e-10


@dataclass(frozen=True, slots=True)
class Bezug:
    """What the zero point may need: residents per area (areas,), city values (indicators,)."""

    einwohner: Feld | None = None
    stadt: Feld | None = None


@dataclass(frozen=True, slots=True)
class Normiert:
    """Normalised values (indicators, areas) with polarity applied, and the statistics they rest on."""

    werte: Feld
    fehlt: Maske | None
    n: npt.NDArray[np.int64]
    mittel: Feld
    sd: Feld
    nullpunkt: Feld
    minimum: Feld
    maximum: Feld


@dataclass(frozen=True, slots=True)
class Index:
    """Raw sum and index per area, and the contributions (indicators, areas) that add up to the index."""

    summe: Feld
    werte: Feld
    beitraege: Feld


def fehlmaske(x: Feld) -> Maske | None:
    """Return the mask of missing values, or None when nothing is missing."""
    maske = np.isnan(x)
    return maske if maske.any() else None


def zeilensumme(x: Feld, fehlt: Maske | None) -> Feld:
    return np.add.reduce(x if fehlt is None else np.where(fehlt, 0.0, x), axis=1)


def _quadratsumme(x: Feld, fehlt: Maske | None) -> Feld:
    """Row sums of x², one row at a time in one buffer: a full-size temporary would cost more than the sum."""
    summen, puffer = np.empty(len(x)), np.empty(x.shape[1])
    for stelle, zeile in enumerate(x):
        np.multiply(zeile, zeile, out=puffer)
        if fehlt is not None:
            puffer[fehlt[stelle]] = 0.0
        summen[stelle] = np.add.reduce(puffer)
    return summen


def _spannweite(x: Feld, fehlt: Maske | None, namen: Sequence[str]) -> tuple[Feld, Feld]:
    if fehlt is None:
        minimum, maximum = x.min(axis=1), x.max(axis=1)
    else:
        minimum, maximum = np.fmin.reduce(x, axis=1), np.fmax.reduce(x, axis=1)
    groesster = np.maximum(np.abs(minimum), np.abs(maximum))
    for stelle, name in enumerate(namen):
        if groesster[stelle] > GROESSTER_BETRAG:
            raise Berechnungsfehler(
                f"Der Indikator „{name}“ enthält einen unendlichen oder viel zu großen Wert."
            )
        streut = maximum[stelle] - minimum[stelle] > max(
            KLEINSTE_STREUUNG * groesster[stelle], 1 / GROESSTER_BETRAG
        )
        if not streut:
            raise Berechnungsfehler(
                f"Der Indikator „{name}“ hat keine Streuung: Alle einbezogenen Gebiete haben denselben Wert. "
                "Nehmen Sie ihn aus der Methodik oder prüfen Sie die Werte."
            )
    return minimum, maximum


def normiere(
    x: Feld, polung: Feld, regel: Normierung, bezug: Bezug, namen: Sequence[str], fehlt: Maske | None
) -> Normiert:
    """Normalise every indicator over the included areas.

    Parameters
    ----------
    x
        Transformed values or changes, (indicators, areas).
    polung
        1 or −1 per indicator. For z the sign of the result, for min-max and percentile the direction.
    namen
        Keys of the indicators, for messages.

    Notes
    -----
    The standard deviation is always taken around the mean of the areas; another zero point only shifts.
    Min-max and percentile have a zero of their own, the configured zero point is not applied there.

    Raises
    ------
    Berechnungsfehler
        No spread, an infinite value, or a zero point that cannot be computed.
    """
    minimum, maximum = _spannweite(x, fehlt, namen)
    n = np.full(len(x), x.shape[1]) if fehlt is None else (~fehlt).sum(axis=1)
    mittel = zeilensumme(x, fehlt) / n
    abweichung = x - mittel[:, None]
    sd = np.sqrt(_quadratsumme(abweichung, fehlt) / (n - regel.ddof))
    nullpunkt = mittel
    if regel.art is Normierungsart.Z:
        nullpunkt = _nullpunkt(x, mittel, regel.nullpunkt, bezug, namen, fehlt)
        werte = abweichung if nullpunkt is mittel else np.subtract(x, nullpunkt[:, None], out=abweichung)
        werte /= (sd * polung)[:, None]
    elif regel.art is Normierungsart.MINMAX:
        werte = _minmax(x, polung, minimum, maximum)
    else:
        werte = np.stack([perzentil(zeile * vorzeichen) for zeile, vorzeichen in zip(x, polung, strict=True)])
    return Normiert(werte, fehlt, n, mittel, sd, nullpunkt, minimum, maximum)


def _minmax(x: Feld, polung: Feld, minimum: Feld, maximum: Feld) -> Feld:
    anfang = np.where(polung > 0, minimum, maximum)
    return (x - anfang[:, None]) / ((maximum - minimum) * polung)[:, None]


def perzentil(zeile: Feld, gesucht: Feld | None = None) -> Feld:
    """Share of the other areas with a smaller value, (number smaller) / (n − 1), NaN stays NaN.

    `gesucht` are the values to be ranked among `zeile`; without it, `zeile` itself.
    """
    vorhanden = np.sort(zeile[~np.isnan(zeile)])
    gesucht = zeile if gesucht is None else gesucht
    rang = np.searchsorted(vorhanden, gesucht, side="left") / (len(vorhanden) - 1)
    return np.where(np.isnan(gesucht), np.nan, rang)


def _nullpunkt(
    x: Feld, mittel: Feld, art: Nullpunkt, bezug: Bezug, namen: Sequence[str], fehlt: Maske | None
) -> Feld:
    if art is Nullpunkt.GEBIETSMITTEL:
        return mittel
    if art is Nullpunkt.STADTWERT:
        return _stadtwert(bezug.stadt, namen)
    if bezug.einwohner is None:
        raise Berechnungsfehler(
            "Der Nullpunkt „einwohnergewichtet“ braucht die Einwohnerzahl je Gebiet; sie liegt nicht vor."
        )
    gewichte = np.broadcast_to(bezug.einwohner, x.shape)
    nenner = zeilensumme(gewichte, fehlt)
    for stelle, name in enumerate(namen):
        if not nenner[stelle] > 0:
            raise Berechnungsfehler(
                f"Der Nullpunkt von „{name}“ ist nicht berechenbar: keine Einwohner*innen."
            )
    return zeilensumme(x * gewichte, fehlt) / nenner


def _stadtwert(stadt: Feld | None, namen: Sequence[str]) -> Feld:
    fehlend = [name for stelle, name in enumerate(namen) if stadt is None or not np.isfinite(stadt[stelle])]
    if fehlend or stadt is None:
        liste = ", ".join(f"„{name}“" for name in fehlend)
        raise Berechnungsfehler(
            f"Der Nullpunkt „stadtwert“ braucht den Wert der Stadt; er fehlt für {liste} am Stichtag oder am "
            "Vergleichsstichtag. Nötig sind Zähler und Nenner aller Gebiete oder ein gelieferter Wert der "
            "Stadt."
        )
    return stadt


def aggregiere(normiert: Normiert, gewichte: Feld, art: Aggregation) -> tuple[Feld, Feld]:
    """Return the raw sum per area and its parts (indicators, areas).

    Missing values: the weighted sum of the present ones is scaled up by Σ all weights / Σ present weights.

    Notes
    -----
    Geometric: Π x^(weight / Σ weights). Its parts split the product in proportion to weight × value, so they
    are never negative and grow with the value; where the product is 0 every part is 0.
    """
    teile = normiert.werte * gewichte[:, None]
    summe = np.add.reduce(teile, axis=0) if normiert.fehlt is None else np.nansum(teile, axis=0)
    if art is Aggregation.GEOMETRISCH:
        produkt = geometrisches_mittel(normiert.werte, gewichte, normiert.fehlt)
        anteil = np.divide(produkt, summe, out=np.zeros_like(summe), where=summe > 0)
        return produkt, teile * anteil
    if normiert.fehlt is not None:
        faktor = hochrechnung(gewichte, normiert.fehlt)
        teile *= faktor
        summe = np.nansum(teile, axis=0)
    return summe, teile


def hochrechnung(gewichte: Feld, fehlt: Maske) -> Feld:
    """Σ all weights / Σ present weights, per area; every area needs at least one value."""
    vorhanden = np.add.reduce(np.where(fehlt, 0.0, gewichte[:, None]), axis=0)
    return np.where(fehlt.any(axis=0), np.add.reduce(gewichte) / vorhanden, 1.0)


def geometrisches_mittel(werte: Feld, gewichte: Feld, fehlt: Maske | None) -> Feld:
    potenzen = werte ** gewichte[:, None]
    if fehlt is None:
        return np.multiply.reduce(potenzen, axis=0) ** (1 / np.add.reduce(gewichte))
    vorhanden = np.add.reduce(np.where(fehlt, 0.0, gewichte[:, None]), axis=0)
    return np.multiply.reduce(np.where(fehlt, 1.0, potenzen), axis=0) ** (1 / vorhanden)


def summenstreuung(summe: Feld, gewichtsumme: float) -> float:
    """Population standard deviation of the raw sum, the divisor of "restandardisiert".

    Raises
    ------
    Berechnungsfehler
        The sum is the same in all areas, for example because two indicators cancel each other.
    """
    sd = float(np.std(summe))
    if not sd > KLEINSTE_SUMMENSTREUUNG * gewichtsumme:
        raise Berechnungsfehler(
            "Die Summe der normierten Werte ist in allen Gebieten gleich und nicht standardisierbar. "
            "Prüfen Sie Polung und Auswahl der Indikatoren."
        )
    return sd


def skaliere(summe: Feld, teile: Feld, teiler: float, fehlt: Maske | None) -> Index:
    """Divide the parts by `teiler` in place; the index is their sum, taken in the order of the keys."""
    if teiler != 1.0:
        teile /= teiler
    index = np.add.reduce(teile, axis=0) if fehlt is None else np.nansum(teile, axis=0)
    return Index(summe, index, teile)


def grenzen_fuer(index: Feld, klassierung: Klassierung) -> tuple[float, ...]:
    """Limits on the scale of the index: as given, or quantiles over the included areas, 10 decimals."""
    grenzen = np.array(klassierung.grenzen)
    if klassierung.art is Klassenart.QUANTIL:
        grenzen = np.quantile(index, grenzen)
    return tuple(float(grenze) for grenze in np.round(grenzen, STELLEN))


def klassenposition(index: Feld, grenzen: Sequence[float], art: Klassenart) -> npt.NDArray[np.int8]:
    """Position of the class, counted from 0, of any array of index values.

    Compared after rounding to 10 decimals. A value on a limit belongs to the class below, except on the first
    limit of fixed classes, where it belongs to the class above.
    """
    gerundet = np.round(index, STELLEN)
    position = np.zeros(index.shape, dtype=np.int8)
    for nummer, grenze in enumerate(grenzen):
        erste = nummer == 0 and art is Klassenart.FEST
        position += (gerundet >= grenze) if erste else (gerundet > grenze)
    return position


def naechste_grenze(
    index: Feld, position: npt.NDArray[np.int8], grenzen: Sequence[float]
) -> tuple[Feld, Feld, npt.NDArray[np.int8]]:
    """Distance (≥ 0) to the nearest limit, that limit, and the position of the class beyond it."""
    rand = np.array([-np.inf, *grenzen, np.inf])
    unten, oben = rand.take(position), rand.take(position + 1)
    nach_unten, nach_oben = np.abs(index - unten), np.abs(oben - index)
    aufwaerts = nach_oben <= nach_unten
    abstand = np.minimum(nach_unten, nach_oben)
    schritt = aufwaerts.view(np.int8) * np.int8(2) - np.int8(1)
    return abstand, np.where(aufwaerts, oben, unten), position + schritt
