"""What a computation returns, and its assembly from arrays to data frames."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from .einschluss import Auswahl
from .kern import Feld, Index, Normiert
from .satz import Methodik

# Signs of the crossing for the usual three classes of dynamics: falling, stable, rising risk.
DYNAMIKZEICHEN = ("+", "+/-", "-")
Positionen = npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Teil:
    """Status or dynamics as arrays over the rows `positionen` of the input (None: all rows)."""

    positionen: npt.NDArray[np.intp] | None
    normiert: Normiert
    index: Index
    grenzen: tuple[float, ...]
    position: Positionen
    abstand: Feld
    grenze: Feld
    jenseits: Feld


@dataclass(frozen=True, slots=True)
class Indexergebnis:
    """Result of `berechne`; every frame with areas is indexed like the input, left-out areas are missing.

    Attributes
    ----------
    tabelle
        einbezogen (bool); statussumme, statusindex, dynamikindex (float); statusklasse, dynamikklasse,
        gesamtindex (ordered categories of str); and for status and dynamik: abstand_… (distance ≥ 0 to the
        nearest limit, in units of the index), grenze_… (that limit), jenseits_… (class word beyond it).
    beitraege, beitraege_dynamik
        Columns in the order of the record. Added up in the order of the sorted indicator keys they are the
        index bit for bit; a missing value contributes NaN.
    zwerte, zwerte_dynamik
        Normalised values with polarity applied (z, 0…1 for min-max and percentile).
    ausgelassen, ohne_dynamik
        Area → German reason. `ohne_dynamik` are included areas without enough changes.
    statistik, statistik_dynamik
        Per indicator n, mittel, sd, nullpunkt, minimum, maximum of the transformed values before polarity.
    grenzen_status, grenzen_dynamik
        Limits used, quantiles resolved.
    gewichte
        Per indicator gewicht (as given) and normiert (sum 1).

    The parts for dynamics are None when there are none; `hinweise` then says why.
    """

    tabelle: pd.DataFrame
    beitraege: pd.DataFrame
    beitraege_dynamik: pd.DataFrame | None
    zwerte: pd.DataFrame
    zwerte_dynamik: pd.DataFrame | None
    ausgelassen: pd.Series
    ohne_dynamik: pd.Series
    statistik: pd.DataFrame
    statistik_dynamik: pd.DataFrame | None
    grenzen_status: tuple[float, ...]
    grenzen_dynamik: tuple[float, ...] | None
    gewichte: pd.DataFrame
    hinweise: list[str]


def baue_ergebnis(
    index: pd.Index,
    methodik: Methodik,
    auswahl: Auswahl,
    status: Teil,
    dynamik: Teil | None,
    ohne_dynamik: pd.Series,
    hinweise: list[str],
) -> Indexergebnis:
    return Indexergebnis(
        tabelle=_tabelle(index, methodik, status, dynamik),
        beitraege=_gebietsrahmen(index, methodik, status, status.index.beitraege),
        beitraege_dynamik=dynamik and _gebietsrahmen(index, methodik, dynamik, dynamik.index.beitraege),
        zwerte=_gebietsrahmen(index, methodik, status, status.normiert.werte),
        zwerte_dynamik=dynamik and _gebietsrahmen(index, methodik, dynamik, dynamik.normiert.werte),
        ausgelassen=auswahl.ausgelassen,
        ohne_dynamik=ohne_dynamik,
        statistik=_statistik(methodik, status.normiert),
        statistik_dynamik=dynamik and _statistik(methodik, dynamik.normiert),
        grenzen_status=status.grenzen,
        grenzen_dynamik=dynamik and dynamik.grenzen,
        gewichte=_gewichte(methodik),
        hinweise=[*auswahl.hinweise, *hinweise],
    )


def _verteile(feld: Feld, positionen: npt.NDArray[np.intp] | None, laenge: int, leer: float) -> npt.NDArray:
    """Put the last axis back to the rows of the input, `leer` elsewhere."""
    if positionen is None:
        return feld
    ganz = np.full((*feld.shape[:-1], laenge), leer, dtype=feld.dtype)
    ganz[..., positionen] = feld
    return ganz


def _gebietsrahmen(index: pd.Index, methodik: Methodik, teil: Teil, feld: Feld) -> pd.DataFrame:
    ganz = _verteile(feld, teil.positionen, len(index), np.nan)
    namen = [indikator.schluessel for indikator in methodik.sortierte_indikatoren]
    if list(methodik.schluessel_indikatoren) != namen:
        ganz = ganz[[namen.index(schluessel) for schluessel in methodik.schluessel_indikatoren]]
    return pd.DataFrame(ganz.T, index=index, columns=list(methodik.schluessel_indikatoren), copy=False)


def _tabelle(index: pd.Index, methodik: Methodik, status: Teil, dynamik: Teil | None) -> pd.DataFrame:
    laenge = len(index)
    einbezogen = np.ones(laenge, dtype=bool)
    if status.positionen is not None:
        einbezogen = np.zeros(laenge, dtype=bool)
        einbezogen[status.positionen] = True
    statusspalten = _teilspalten(status, methodik.status.klassen, laenge)
    dynamikspalten = _teilspalten(dynamik, methodik.dynamik.klassierung.klassen, laenge)
    spalten = {
        "einbezogen": einbezogen,
        "statussumme": _verteile(status.index.summe, status.positionen, laenge, np.nan),
        "statusindex": statusspalten["index"],
        "statusklasse": statusspalten["klasse"],
        "dynamikindex": dynamikspalten["index"],
        "dynamikklasse": dynamikspalten["klasse"],
        "gesamtindex": _gesamtindex(statusspalten["klasse"], dynamikspalten["klasse"]),
        **{f"{name}_status": statusspalten[name] for name in ("abstand", "grenze", "jenseits")},
        **{f"{name}_dynamik": dynamikspalten[name] for name in ("abstand", "grenze", "jenseits")},
    }
    return pd.DataFrame(spalten, index=index, copy=False)


def _teilspalten(teil: Teil | None, klassen: Sequence[str], laenge: int) -> dict:
    if teil is None:
        leer, ohne = np.full(laenge, np.nan), _klassenwoerter(np.full(laenge, -1, dtype=np.int8), klassen)
        return {"index": leer, "klasse": ohne, "abstand": leer, "grenze": leer, "jenseits": ohne}
    return {
        "index": _verteile(teil.index.werte, teil.positionen, laenge, np.nan),
        "klasse": _klassenwoerter(_verteile(teil.position, teil.positionen, laenge, -1), klassen),
        "abstand": _verteile(teil.abstand, teil.positionen, laenge, np.nan),
        "grenze": _verteile(teil.grenze, teil.positionen, laenge, np.nan),
        "jenseits": _klassenwoerter(_verteile(teil.jenseits, teil.positionen, laenge, -1), klassen),
    }


def _klassenwoerter(position: npt.NDArray, klassen: Sequence[str]) -> pd.Categorical:
    return pd.Categorical.from_codes(position, categories=list(klassen), ordered=True)


def gesamtwoerter(anzahl_status: int, anzahl_dynamik: int) -> list[str]:
    """Words of the crossing: status position from 1, then +, +/-, - for three dynamics classes, else /k."""
    dreifach = anzahl_dynamik == len(DYNAMIKZEICHEN)
    zeichen = DYNAMIKZEICHEN if dreifach else [f"/{nummer}" for nummer in range(1, anzahl_dynamik + 1)]
    return [f"{nummer}{teil}" for nummer in range(1, anzahl_status + 1) for teil in zeichen]


def _gesamtindex(status: pd.Categorical, dynamik: pd.Categorical) -> pd.Categorical:
    anzahl = len(dynamik.categories)
    woerter = gesamtwoerter(len(status.categories), anzahl)
    position = status.codes.astype(np.int16) * anzahl + dynamik.codes
    position[(dynamik.codes < 0) | (status.codes < 0)] = -1
    return pd.Categorical.from_codes(position, categories=woerter)


def _statistik(methodik: Methodik, normiert: Normiert) -> pd.DataFrame:
    namen = [indikator.schluessel for indikator in methodik.sortierte_indikatoren]
    reihenfolge = [namen.index(schluessel) for schluessel in methodik.schluessel_indikatoren]
    groessen = ("n", "mittel", "sd", "nullpunkt", "minimum", "maximum")
    spalten = {name: getattr(normiert, name)[reihenfolge] for name in groessen}
    return pd.DataFrame(spalten, index=list(methodik.schluessel_indikatoren))


def _gewichte(methodik: Methodik) -> pd.DataFrame:
    spalten = {
        "gewicht": [indikator.gewicht for indikator in methodik.indikatoren],
        "normiert": list(methodik.gewichte_normiert.values()),
    }
    return pd.DataFrame(spalten, index=list(methodik.schluessel_indikatoren))
