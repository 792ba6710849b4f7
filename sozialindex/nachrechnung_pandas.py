"""The few lines of pandas with which anybody recomputes a run from its archive, fitted to the method."""

from collections.abc import Mapping
from typing import Any

KOPF = """\
import json
import numpy as np
import pandas as pd

methodik = json.load(open("methodik.json", encoding="utf-8"))
werte = pd.read_csv("werte.csv", sep=";", dtype={"gebiet": str}).set_index("gebiet")
ergebnis = pd.read_csv("ergebnis.csv", sep=";", dtype={"gebiet": str}).set_index("gebiet")


def index(spaltenanfang, gebiete):
    teile, gewichte = [], []
    for indikator in methodik["indikatoren"]:
        spalte = spaltenanfang + indikator["schluessel"]
        x, stadt = werte.loc[gebiete, spalte], werte.loc["STADT", spalte]
"""
TRANSFORMATION = """\
        if not spaltenanfang and indikator.get("transformation") in ("ln", "ln1p"):
            funktion = {"ln": np.log, "ln1p": np.log1p}[indikator["transformation"]]
            x, stadt = funktion(x), funktion(stadt)
"""
NULLPUNKT = {
    "stadtwert": "stadt",
    "gebietsmittel": "x.mean()",
    "einwohnergewichtet": '(x * werte.loc[x.index, "einwohner"]).sum() / '
    'werte.loc[x.dropna().index, "einwohner"].sum()',
}
NORMIERUNG = {
    "z": 'z = indikator["polung"] * (x - NULLPUNKT) / x.std(ddof=DDOF)',
    "minmax": 'y = indikator["polung"] * x\n        z = (y - y.min()) / (y.max() - y.min())',
    "perzentil": 'z = ((indikator["polung"] * x).rank(method="min") - 1) / (x.count() - 1)',
}
ARITHMETISCH = """\
        teile.append(indikator["gewicht"] * z)
        gewichte.append(indikator["gewicht"] * z.notna())
    # Fehlt ein Wert, werden die vorhandenen hochgerechnet.
    alle = sum(indikator["gewicht"] for indikator in methodik["indikatoren"])
    vorhanden = pd.concat(gewichte, axis=1).sum(axis=1)
    summe = pd.concat(teile, axis=1).sum(axis=1) * alle / vorhanden
"""
GEOMETRISCH = """\
        teile.append(indikator["gewicht"] * np.log(z))
        gewichte.append(indikator["gewicht"] * z.notna())
    summe = np.exp(pd.concat(teile, axis=1).sum(axis=1) / pd.concat(gewichte, axis=1).sum(axis=1))
"""
SKALA = {
    "restandardisiert": "summe / summe.std(ddof=0)",
    "summe": "summe",
    "mittel": 'summe / sum(indikator["gewicht"] for indikator in methodik["indikatoren"])',
}
SCHLUSS = """\

status = ergebnis.index[ergebnis["einbezogen"] == 1]
abweichung = index("", status) - ergebnis.loc[status, "statusindex"]
print("Status, größte Abweichung:", abweichung.abs().max())
"""
SCHLUSS_DYNAMIK = """\
dynamik = ergebnis.index[ergebnis["dynamikindex"].notna()]
abweichung = index("dyn_", dynamik) - ergebnis.loc[dynamik, "dynamikindex"]
print("Dynamik, größte Abweichung:", abweichung.abs().max())
"""


def rechenweg(methodik: Mapping[str, Any]) -> str:
    """Return a Python script that reads the files of the archive and prints the largest deviation."""
    normierung, index = methodik["normierung"], methodik["index"]
    ddof = "1" if normierung["standardabweichung"] == "stichprobe" else "0"
    zeile = NORMIERUNG[normierung["art"]].replace("NULLPUNKT", NULLPUNKT[normierung["nullpunkt"]])
    geometrisch = index["aggregation"] == "geometrisch"
    skala = "summe" if geometrisch and index["skala"] == "mittel" else index["skala"]
    teile = [
        KOPF,
        TRANSFORMATION if any(i["transformation"] != "keine" for i in methodik["indikatoren"]) else "",
        f"        {zeile.replace('DDOF', ddof)}\n",
        GEOMETRISCH if geometrisch else ARITHMETISCH,
        f"    return {SKALA[skala]}\n\n",
        SCHLUSS,
        SCHLUSS_DYNAMIK if methodik["dynamik"]["jahre"] is not None else "",
    ]
    return "".join(teile)
