"""Time of the engine against the bare formula: `python -m tests.messen.motor`."""

import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from sozialindex.berechnung.methodik import Methodik, lies_methodik
from sozialindex.berechnung.motor import berechne
from sozialindex.berechnung.robustheit import pruefe_robustheit

GEBIETE, INDIKATOREN, WIEDERHOLUNGEN = 33_755, 7, 40


def methodik(jahre: int | None) -> Methodik:
    indikatoren = [{"schluessel": f"s{nummer}", "polung": 1, "gewicht": 1.0} for nummer in range(INDIKATOREN)]
    return lies_methodik(
        {
            "schluessel": "messen",
            "version": 1,
            "titel": "Messung",
            "indikatoren": indikatoren,
            "einschluss": {"min_einwohner": 0, "min_indikatoren": INDIKATOREN},
            "normierung": {"art": "z", "standardabweichung": "population", "nullpunkt": "gebietsmittel"},
            "index": {"aggregation": "arithmetisch", "skala": "restandardisiert"},
            "status": {"art": "fest", "grenzen": [-1, 1, 1.5], "klassen": ["a", "b", "c", "d"]},
            "dynamik": {
                "jahre": jahre,
                "mass": "prozentpunkte",
                "art": "fest",
                "grenzen": [-1, 1],
                "klassen": ["positiv", "stabil", "negativ"],
            },
        }
    )


def nackte_formel(x: np.ndarray) -> np.ndarray:
    z = (x - x.mean(axis=0)) / x.std(axis=0)
    summe = z.sum(axis=1)
    return summe / summe.std()


def rahmen(gebiete: int, zufall: np.random.Generator) -> pd.DataFrame:
    namen = [f"s{nummer}" for nummer in range(INDIKATOREN)]
    return pd.DataFrame(
        zufall.random((gebiete, INDIKATOREN)) * 40, [f"{n:08d}" for n in range(gebiete)], namen
    )


def frisch(werte: pd.DataFrame) -> pd.DataFrame:
    """Same values under a new index, so that no cached check of the index is reused."""
    return werte.set_axis(werte.index.copy(deep=True).rename("gebiet"), axis=0)


def beste_zeit(aufruf: Callable[[pd.DataFrame], object], werte: pd.DataFrame) -> float:
    zeiten = []
    for _ in range(WIEDERHOLUNGEN):
        eingabe = frisch(werte)
        beginn = time.perf_counter()
        aufruf(eingabe)
        zeiten.append(time.perf_counter() - beginn)
    return min(zeiten)


def main() -> None:
    zufall = np.random.default_rng(1)
    werte, veraenderungen = rahmen(GEBIETE, zufall), rahmen(GEBIETE, zufall)
    zeilenweise = np.ascontiguousarray(werte.to_numpy())
    formel = {
        "spaltenweise": beste_zeit(lambda w: nackte_formel(w.to_numpy()), werte),
        "zeilenweise": beste_zeit(lambda _: nackte_formel(zeilenweise), werte),
    }
    nur_status, beides = methodik(None), methodik(4)
    motor = beste_zeit(lambda w: berechne(w, nur_status), werte)
    doppelt = beste_zeit(lambda w: berechne(w, beides, veraenderungen=veraenderungen), werte)
    for name, zeit in formel.items():
        print(f"bare formula {name}: {zeit * 1e3:.2f} ms")
        print(f"  engine, Status: {motor * 1e3:.2f} ms = {motor / zeit:.2f} ×")
        print(f"  engine, Status and Dynamik: {doppelt * 1e3:.2f} ms = {doppelt / (2 * zeit):.2f} × two")
    for gebiete in (27, 11_000):
        klein = rahmen(gebiete, zufall)
        beginn = time.perf_counter()
        pruefe_robustheit(klein, nur_status)
        print(f"robustness, 1,000 runs, {gebiete} areas: {time.perf_counter() - beginn:.3f} s")


if __name__ == "__main__":
    main()
