"""How the indicators hang together: correlations and internal consistency."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

MINDESTZAHL_PAARE = 3


@dataclass(frozen=True, slots=True)
class Diagnostik:
    """Correlations (indicator × indicator) and standardised alpha, with all and without each indicator."""

    korrelationen: pd.DataFrame
    alpha: float
    alpha_ohne: pd.Series


def diagnostiziere(zwerte: pd.DataFrame) -> Diagnostik:
    """Describe normalised values.

    Parameters
    ----------
    zwerte
        Areas × indicators with polarity applied, NaN = missing (left-out areas too).

    Returns
    -------
    Diagnostik
        Pearson correlations over the areas where both indicators are present (NaN with fewer than three), and
        the **standardised** alpha k·r / (1 + (k − 1)·r) with r the mean correlation of all pairs: every
        indicator counts alike, whatever its spread. NaN for fewer than two indicators.

    Notes
    -----
    L. J. Cronbach, Coefficient alpha and the internal structure of tests, Psychometrika 16 (1951).
    """
    geordnet = zwerte.sort_index().sort_index(axis=1)
    korrelationen = geordnet.corr(min_periods=MINDESTZAHL_PAARE).loc[zwerte.columns, zwerte.columns]
    ohne = {name: _alpha(korrelationen, [n for n in zwerte.columns if n != name]) for name in zwerte.columns}
    return Diagnostik(
        korrelationen, _alpha(korrelationen, list(zwerte.columns)), pd.Series(ohne, dtype=float)
    )


def _alpha(korrelationen: pd.DataFrame, namen: Sequence[str]) -> float:
    anzahl = len(namen)
    if anzahl < 2:
        return float("nan")
    feld = korrelationen.loc[sorted(namen), sorted(namen)].to_numpy()
    mittel = float(feld[np.triu_indices(anzahl, 1)].mean())
    nenner = 1 + (anzahl - 1) * mittel
    return anzahl * mittel / nenner if abs(nenner) > 1e-12 else float("nan")
