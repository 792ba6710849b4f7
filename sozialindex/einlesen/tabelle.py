"""Values of all chunks put together: small number types, one key per value, ids only at the end."""

from dataclasses import fields

import numpy as np
import pandas as pd

from sozialindex.einlesen.bloecke import Wertblock
from sozialindex.einlesen.ergebnis import QUALITAETEN, ZUSTAENDE
from sozialindex.einlesen.verzeichnis import Verzeichnis

_TYPEN = {
    "gebiet": np.int32,
    "indikator": np.int32,
    "stichtag": np.int32,
    "zaehler": np.float64,
    "nenner": np.float64,
    "wert": np.float64,
    "zustand": np.int8,
    "qualitaet": np.int8,
    "zeile": np.int32,
}
Tabelle = dict[str, np.ndarray]


class Sammler:
    """Collects value blocks and turns them into the result table."""

    def __init__(self, verzeichnis: Verzeichnis) -> None:
        self.verzeichnis = verzeichnis
        self._bloecke: list[Wertblock] = []

    def nimm(self, block: Wertblock) -> None:
        if len(block.zeile):
            self._bloecke.append(block)

    def tabelle(self) -> Tabelle:
        """Return all values in file order with the group number; the collected blocks are given up."""
        tabelle = {
            "gruppe": np.repeat([b.gruppe for b in self._bloecke], [len(b.zeile) for b in self._bloecke])
        }
        tabelle["gruppe"] = tabelle["gruppe"].astype(np.int16)
        for feld in fields(Wertblock):
            if feld.name != "gruppe":
                teile = [getattr(b, feld.name) for b in self._bloecke]
                tabelle[feld.name] = np.concatenate(
                    [np.empty(0, _TYPEN[feld.name]), *teile], dtype=_TYPEN[feld.name]
                )
                for block in self._bloecke:
                    setattr(block, feld.name, None)
        self._bloecke = []
        return _sortiert(tabelle, np.lexsort((tabelle["gruppe"], tabelle["zeile"])))

    def als_dataframe(self, tabelle: Tabelle) -> pd.DataFrame:
        """Translate positions to ids and codes to categories; see `Leseergebnis.werte`."""
        gebiete = np.array([g.id for g in self.verzeichnis.gebiete] or [0], dtype=np.int64)
        definitionen = np.array(
            [i.definition_id for i in self.verzeichnis.indikatoren] or [0], dtype=np.int64
        )
        tage = tabelle["stichtag"].astype("datetime64[D]").astype("datetime64[s]")
        return pd.DataFrame(
            {
                "gebiet": gebiete[tabelle["gebiet"]],
                "definition": definitionen[tabelle["indikator"]],
                "stichtag": tage,
                "zaehler": tabelle["zaehler"],
                "nenner": tabelle["nenner"],
                "wert": tabelle["wert"],
                "zustand": pd.Categorical.from_codes(tabelle["zustand"], [str(z) for z in ZUSTAENDE]),
                "qualitaet": pd.Categorical.from_codes(tabelle["qualitaet"], [str(q) for q in QUALITAETEN]),
                "zeile": tabelle["zeile"],
            },
            copy=False,
        )

    def hinweise(self, tabelle: Tabelle) -> list[str]:
        """Say which rows speak of Sozialräume or the city: they are values of those, and a check."""
        ebenen = np.array([g.ebene != "quartier" for g in self.verzeichnis.gebiete] or [False])
        zeilen = np.unique(tabelle["zeile"][ebenen[tabelle["gebiet"]]])
        if not len(zeilen) or ebenen.all():
            return []
        nummern = ", ".join(map(str, zeilen[:20])) + (" …" if len(zeilen) > 20 else "")
        if len(zeilen) == 1:
            return [
                f"Zeile {nummern} gilt einem Sozialraum oder der Stadt, nicht einem Quartier; sie "
                f"dient als Prüfung."
            ]
        return [
            f"Die Zeilen {nummern} gelten Sozialräumen oder der Stadt, nicht Quartieren; sie dienen "
            f"als Prüfung."
        ]


def _sortiert(tabelle: Tabelle, folge: np.ndarray) -> Tabelle:
    if np.array_equal(folge, np.arange(len(folge))):
        return tabelle
    return {name: werte[folge] for name, werte in tabelle.items()}
