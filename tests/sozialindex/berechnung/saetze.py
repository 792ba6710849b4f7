"""Small records and tables for the tests of the engine."""

import copy

import pandas as pd

from sozialindex.berechnung.methodik import lies_methodik

GRUNDSATZ = {
    "schluessel": "probe",
    "version": 1,
    "titel": "Probe",
    "hinweis": "",
    "indikatoren": [],
    "einschluss": {"min_einwohner": 0, "min_indikatoren": 1, "ausgeschlossen": []},
    "normierung": {"art": "z", "standardabweichung": "population", "nullpunkt": "gebietsmittel"},
    "index": {"aggregation": "arithmetisch", "skala": "summe"},
    "status": {
        "art": "fest",
        "grenzen": [-1, 1, 1.5],
        "klassen": ["hoch", "mittel", "niedrig", "sehr niedrig"],
    },
    "dynamik": {
        "jahre": 4,
        "mass": "prozentpunkte",
        "art": "fest",
        "grenzen": [-1, 1],
        "klassen": ["positiv", "stabil", "negativ"],
    },
    "robustheit": {"laeufe": 50, "startwert": 1, "gewichtsrauschen": 0.25},
}


def satz(*namen, polung=1, gewicht=1.0, transformation="keine", **abschnitte):
    """Record with these indicators; keyword `index={"skala": "mittel"}` changes single keys of a section."""
    ergebnis = copy.deepcopy(GRUNDSATZ)
    ergebnis["indikatoren"] = [
        {
            "schluessel": name,
            "definition": 1,
            "polung": polung,
            "gewicht": gewicht,
            "transformation": transformation,
        }
        for name in namen
    ]
    ergebnis["einschluss"]["min_indikatoren"] = max(len(namen), 1)
    for abschnitt, werte in abschnitte.items():
        ergebnis[abschnitt] = ergebnis[abschnitt] | werte if isinstance(werte, dict) else werte
    return ergebnis


def methodik(*namen, **abschnitte):
    return lies_methodik(satz(*namen, **abschnitte))


def tabelle(**spalten):
    """Areas 01, 02, … with these columns."""
    laenge = len(next(iter(spalten.values())))
    return pd.DataFrame(spalten, index=[f"{nummer:02d}" for nummer in range(1, laenge + 1)], dtype=float)
