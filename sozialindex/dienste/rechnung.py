"""Between the engine and a stored run: calls the engine and turns its result into what the tables keep."""

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sozialindex.berechnung.datei import Eingabe, lies_werte
from sozialindex.berechnung.diagnostik import diagnostiziere
from sozialindex.berechnung.ergebnis import Indexergebnis
from sozialindex.berechnung.fehler import Berechnungsfehler, Methodikfehler, Werteingabefehler
from sozialindex.berechnung.methodik import lies_methodik
from sozialindex.berechnung.motor import berechne
from sozialindex.berechnung.robustheit import Robustheit, pruefe_robustheit
from sozialindex.berechnung.satz import Methodik
from sozialindex.dienste.fehler import Lauffehler
from sozialindex.laufarchiv import ergebnis_csv

# Version of this program's way of computing; raised with every change that may touch a result.
VERSION = "3"


@dataclass(frozen=True)
class Rechnung:
    """The result of the engine in the shape of the tables; `je_gebiet` maps area numbers to fields."""

    statistik: dict[str, Any]
    diagnostik: dict[str, Any]
    hinweise: list[str]
    umgebung: dict[str, str]
    je_gebiet: dict[str, dict[str, Any]]
    ergebnis_csv: bytes


def lies(daten: Mapping[str, Any]) -> Methodik:
    """Read a Methodik record.

    Raises
    ------
    Lauffehler
        The record breaks its schema; the message names every place.
    """
    try:
        return lies_methodik(daten)
    except Methodikfehler as fehler:
        raise Lauffehler(f"Die Methodik ist nicht gültig: {fehler}") from fehler


def rechne(methodik: Methodik, werte: bytes) -> Rechnung:
    """Compute a run from a file of values, the same that the archive of the run will hold.

    Raises
    ------
    Lauffehler
        The engine refuses; its German message is passed on with what to do.
    """
    try:
        return _rechne(methodik, lies_werte(werte, methodik))
    except (Berechnungsfehler, Werteingabefehler) as fehler:
        raise Lauffehler(
            f"Der Index lässt sich so nicht berechnen: {fehler} Prüfen Sie die Werte dieses Stichtags oder "
            "bilden Sie eine neue Version der Methodik."
        ) from fehler


def _rechne(methodik: Methodik, eingabe: Eingabe) -> Rechnung:
    daten = {
        "einwohner": _einwohner(eingabe),
        "veraenderungen": eingabe.veraenderungen,
        "stadtwerte": eingabe.stadtwerte,
        "stadtveraenderungen": eingabe.stadtveraenderungen,
    }
    ergebnis = berechne(eingabe.werte, methodik, **daten)
    robustheit = pruefe_robustheit(
        eingabe.werte, methodik, einwohner=daten["einwohner"], stadtwerte=eingabe.stadtwerte
    )
    je_gebiet = _je_gebiet(ergebnis, robustheit)
    return Rechnung(
        statistik=_statistik(ergebnis),
        diagnostik=_diagnostik(ergebnis),
        hinweise=[*ergebnis.hinweise, *robustheit.hinweise],
        umgebung=umgebung(),
        je_gebiet=je_gebiet,
        ergebnis_csv=ergebnis_csv(je_gebiet, methodik.schluessel_indikatoren),
    )


def _einwohner(eingabe: Eingabe) -> pd.Series | None:
    """Residents, or None where no area has any: then the minimum cannot be asked for."""
    einwohner = eingabe.einwohner
    return einwohner if einwohner is not None and einwohner.notna().any() else None


def _statistik(ergebnis: Indexergebnis) -> dict[str, Any]:
    dynamik = ergebnis.statistik_dynamik
    return {
        "indikatoren": _saetze(ergebnis.statistik.join(ergebnis.gewichte)),
        "dynamik": None if dynamik is None else _saetze(dynamik),
        "grenzen": {
            "status": list(ergebnis.grenzen_status),
            "dynamik": None if ergebnis.grenzen_dynamik is None else list(ergebnis.grenzen_dynamik),
        },
    }


def _saetze(tabelle: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Turn a frame into {row: {column: number}}; NaN becomes None."""
    return {
        str(zeile): {name: schlicht(wert) for name, wert in satz.items()}
        for zeile, satz in tabelle.to_dict("index").items()
    }


def schlicht(wert: Any) -> Any:
    """Turn a cell into what JSON and both databases give back unchanged: NaN → None, −0.0 → 0.0."""
    if pd.isna(wert):
        return None
    if isinstance(wert, np.generic):
        wert = wert.item()
    return wert + 0.0 if isinstance(wert, float) else wert


def _diagnostik(ergebnis: Indexergebnis) -> dict[str, Any]:
    diagnostik = diagnostiziere(ergebnis.zwerte)
    return {
        "korrelationen": _saetze(diagnostik.korrelationen),
        "alpha": schlicht(diagnostik.alpha),
        "alpha_ohne": {name: schlicht(wert) for name, wert in diagnostik.alpha_ohne.items()},
    }


def _je_gebiet(ergebnis: Indexergebnis, robustheit: Robustheit) -> dict[str, dict[str, Any]]:
    tabelle = _saetze(ergebnis.tabelle.astype(object))
    anteile, varianten = _saetze(robustheit.anteile), _saetze(robustheit.varianten)
    beitraege = _saetze(ergebnis.beitraege)
    dynamik = {} if ergebnis.beitraege_dynamik is None else _saetze(ergebnis.beitraege_dynamik)
    gruende = {**ergebnis.ohne_dynamik.to_dict(), **ergebnis.ausgelassen.to_dict()}
    return {
        gebiet: {
            **_felder(satz, gruende.get(gebiet, ""), beitraege[gebiet], dynamik.get(gebiet, {})),
            "robustheit": {
                "urteil": robustheit.urteil[gebiet],
                "gehalten": schlicht(robustheit.gehalten[gebiet]),
                "anteile": anteile[gebiet],
                "varianten": varianten[gebiet],
            }
            if satz["einbezogen"]
            else {},
        }
        for gebiet, satz in tabelle.items()
    }


def _felder(satz: dict[str, Any], grund: str, beitraege: dict, dynamik: dict) -> dict[str, Any]:
    """Fields of a Laufergebnis from a row of the engine's table."""
    zahlen = ("statussumme", "statusindex", "dynamikindex")
    woerter = ("statusklasse", "dynamikklasse", "gesamtindex")
    return {
        "einbezogen": satz["einbezogen"],
        "grund": grund,
        **{name: satz[name] for name in zahlen},
        **{name: satz[name] or "" for name in woerter},
        "beitraege": beitraege if satz["einbezogen"] else {},
        "beitraege_dynamik": dynamik if satz["dynamikindex"] is not None else {},
        "abstaende": {
            "status": satz["abstand_status"],
            "status_jenseits": satz["jenseits_status"],
            "dynamik": satz["abstand_dynamik"],
            "dynamik_jenseits": satz["jenseits_dynamik"],
        },
    }


def umgebung() -> dict[str, str]:
    """Return the versions a result depends on."""
    return {
        "programm": VERSION,
        "python": platform.python_version(),
        "pandas": pd.__version__,
        "numpy": np.__version__,
    }
