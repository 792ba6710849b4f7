"""Which areas take part, in which order, and why the others do not."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from .fehler import Berechnungsfehler
from .kern import Feld
from .satz import Einschluss, Methodik

MINDESTZAHL_GEBIETE = 5


@dataclass(frozen=True, slots=True)
class Auswahl:
    """Included areas in key order.

    `positionen` are their rows in the input; None stands for all rows in input order, which saves every copy.
    """

    positionen: npt.NDArray[np.intp] | None
    anzahl: int
    ausgelassen: pd.Series
    hinweise: list[str] = field(default_factory=list)

    def aus(self, feld: Feld) -> Feld:
        """Take the included areas from the last axis."""
        return feld if self.positionen is None else np.ascontiguousarray(feld[..., self.positionen])


def pruefe_gebiete(index: pd.Index) -> None:
    if not pd.api.types.is_string_dtype(index):
        raise Berechnungsfehler(
            "Die Gebietsschlüssel müssen Texte sein, damit führende Nullen erhalten bleiben."
        )
    if index.hasnans:
        raise Berechnungsfehler("Ein Gebiet hat keinen Schlüssel.")
    # Asked first because it answers the question of uniqueness too when the keys are in order.
    if (not index.is_monotonic_increasing and not index.is_unique) or not index.is_unique:
        doppelt = sorted(set(index[index.duplicated()]))
        raise Berechnungsfehler(f"Gebiete kommen mehrfach vor: {', '.join(doppelt[:10])}.")


def matrix(werte: pd.DataFrame, schluessel: Sequence[str]) -> Feld:
    """Return the columns `schluessel` as (indicators, areas), C-contiguous; without a copy where possible."""
    if not werte.columns.is_unique:
        doppelt = sorted({str(name) for name in werte.columns[werte.columns.duplicated()]})
        raise Berechnungsfehler(f"Spalten kommen mehrfach vor: {', '.join(doppelt)}.")
    if list(werte.columns) != list(schluessel):
        werte = werte[list(schluessel)]
    try:
        return np.ascontiguousarray(werte.to_numpy(dtype=np.float64, na_value=np.nan).T)
    except (TypeError, ValueError) as fehler:
        raise Berechnungsfehler("Die Werte müssen Zahlen sein; eine Spalte enthält Text.") from fehler


def reihe(werte: pd.Series | None, schluessel: Sequence[str] | pd.Index) -> Feld | None:
    """Return the entries of a series in the order of `schluessel` as floats; absent ones are NaN."""
    if werte is None:
        return None
    if not werte.index.is_unique:
        raise Berechnungsfehler("Einwohnerzahlen oder Stadtwerte nennen einen Schlüssel mehrfach.")
    geordnet = werte if werte.index.equals(pd.Index(schluessel)) else werte.reindex(schluessel)
    return geordnet.to_numpy(dtype=np.float64, na_value=np.nan)


def waehle(x: Feld, index: pd.Index, methodik: Methodik, einwohner: Feld | None) -> Auswahl:
    """Apply the inclusion rules to values (indicators, areas) in input order.

    Raises
    ------
    Berechnungsfehler
        Fewer than five areas are left, or a number of residents is negative or infinite.
    """
    regel = methodik.einschluss
    gruende: dict[int, str] = {}
    _merke_fehlende_werte(
        gruende, x, regel.min_indikatoren, [i.schluessel for i in methodik.sortierte_indikatoren]
    )
    if einwohner is not None:
        _merke_einwohner(gruende, einwohner, regel.min_einwohner, index)
    hinweise = _merke_ausgeschlossene(gruende, regel, index)
    if einwohner is None and regel.min_einwohner > 0:
        hinweise.append(
            "Es liegen keine Einwohnerzahlen vor; ob die Gebiete mindestens "
            f"{regel.min_einwohner} Einwohner*innen haben, wurde nicht geprüft."
        )
    einbezogen = np.ones(len(index), dtype=bool)
    einbezogen[list(gruende)] = False
    anzahl = len(index) - len(gruende)
    if anzahl < MINDESTZAHL_GEBIETE:
        raise Berechnungsfehler(
            f"Nur {anzahl} von {len(index)} Gebieten können einbezogen werden; "
            f"nötig sind mindestens {MINDESTZAHL_GEBIETE}."
        )
    stellen = sorted(gruende)
    ausgelassen = pd.Series(
        [gruende[stelle] for stelle in stellen], index=index[stellen], dtype="str", name="grund"
    )
    return Auswahl(sortierte_positionen(index, einbezogen), anzahl, ausgelassen, hinweise)


def sortierte_positionen(index: pd.Index, gewaehlt: npt.NDArray[np.bool_]) -> npt.NDArray[np.intp] | None:
    """Rows with `gewaehlt`, ordered by area key; None when these are all rows and they are in order."""
    if index.is_monotonic_increasing:
        return None if gewaehlt.all() else np.flatnonzero(gewaehlt)
    reihenfolge = np.argsort(index.to_numpy(dtype=object), kind="stable")
    return reihenfolge[gewaehlt[reihenfolge]]


def _merke_fehlende_werte(gruende: dict[int, str], x: Feld, mindestens: int, namen: Sequence[str]) -> None:
    fehlt = np.isnan(x)
    if not fehlt.any():
        return
    vorhanden = len(x) - fehlt.sum(axis=0)
    for stelle in np.flatnonzero(vorhanden < mindestens):
        liste = ", ".join(name for name, leer in zip(namen, fehlt[:, stelle], strict=True) if leer)
        gruende[int(stelle)] = (
            f"nur {vorhanden[stelle]} von {mindestens} nötigen Werten vorhanden, es fehlen: {liste}"
        )


def _merke_einwohner(gruende: dict[int, str], einwohner: Feld, mindestens: int, index: pd.Index) -> None:
    unmoeglich = np.flatnonzero((einwohner < 0) | np.isinf(einwohner))
    if len(unmoeglich):
        gebiet = index[unmoeglich[0]]
        raise Berechnungsfehler(f"Die Einwohnerzahl von Gebiet „{gebiet}“ ist negativ oder unendlich.")
    for stelle in np.flatnonzero(einwohner < mindestens):
        gruende[int(stelle)] = f"weniger als {mindestens} Einwohner*innen ({einwohner[stelle]:.0f})"
    for stelle in np.flatnonzero(np.isnan(einwohner)):
        gruende[int(stelle)] = "keine Einwohnerzahl vorhanden"


def _merke_ausgeschlossene(gruende: dict[int, str], regel: Einschluss, index: pd.Index) -> list[str]:
    hinweise = []
    for ausschluss in regel.ausgeschlossen:
        if ausschluss.gebiet in index:
            gruende[int(index.get_loc(ausschluss.gebiet))] = f"ausgeschlossen: {ausschluss.grund}"
        else:
            hinweise.append(
                f"Das ausgeschlossene Gebiet „{ausschluss.gebiet}“ kommt in den Werten nicht vor."
            )
    return hinweise
