"""Recomputing a stored run from its own snapshot."""

from collections.abc import Mapping
from typing import Any

from sozialindex.abfragen.schnappschuss import eingabetabelle, lade_ergebnisse, lade_schnappschuss
from sozialindex.dienste.rechnung import lies, rechne, umgebung
from sozialindex.laufarchiv import ergebnis_csv, methodik_json, pruefsumme, schnappschuss_csv, werte_csv
from sozialindex.models import Indexlauf

ERGEBNISFELDER = (
    "einbezogen",
    "grund",
    "statussumme",
    "statusindex",
    "statusklasse",
    "dynamikindex",
    "dynamikklasse",
    "gesamtindex",
    "beitraege",
    "beitraege_dynamik",
    "abstaende",
    "robustheit",
)


def rechne_nach(*, lauf: Indexlauf) -> list[str]:
    """Recompute a run from the stored snapshot and method and compare everything that is stored.

    Returns
    -------
    One German line per difference; empty when everything is identical, bit for bit.

    Raises
    ------
    Lauffehler
        The stored record or figures can no longer be computed at all.
    """
    vorgabe = lies(lauf.methodik_daten)
    schnappschuss = lade_schnappschuss(lauf)
    neu = rechne(vorgabe, werte_csv(eingabetabelle(schnappschuss)))
    gespeichert = lade_ergebnisse(lauf, ERGEBNISFELDER)
    unterschiede = [
        *_gebietsunterschiede(gespeichert, neu.je_gebiet),
        *_unterschied("Statistik", lauf.statistik, neu.statistik),
        *_unterschied("Diagnostik", lauf.diagnostik, neu.diagnostik),
    ]
    summe = pruefsumme(
        methodik_json(lauf.methodik_daten),
        schnappschuss_csv(schnappschuss),
        ergebnis_csv(gespeichert, vorgabe.schluessel_indikatoren),
    )
    if summe != lauf.sha256:
        unterschiede.append(
            f"Prüfsumme: Methodik, Werte oder Ergebnis sind nicht mehr die gespeicherten "
            f"(gespeichert {lauf.sha256}, jetzt {summe})."
        )
    return unterschiede


def geaenderte_versionen(lauf: Indexlauf) -> list[str]:
    """Name the programs whose version differs from the one that computed the run."""
    jetzt = umgebung()
    return [
        f"{name} {damals} (jetzt {jetzt.get(name, 'unbekannt')})"
        for name, damals in sorted(lauf.umgebung.items())
        if jetzt.get(name) != damals
    ]


def _gebietsunterschiede(alt: Mapping[str, Mapping], neu: Mapping[str, Mapping]) -> list[str]:
    zeilen = [f"Gebiet {gebiet}: nur einmal vorhanden." for gebiet in sorted(set(alt) ^ set(neu))]
    for gebiet in sorted(set(alt) & set(neu)):
        for feld in ERGEBNISFELDER:
            zeilen += _unterschied(f"Gebiet {gebiet}, {feld}", alt[gebiet][feld], neu[gebiet][feld])
    return zeilen


def _unterschied(ort: str, alt: Any, neu: Any) -> list[str]:
    """Descend into nested records, so that the line names the figure and not the whole record."""
    if isinstance(alt, Mapping) and isinstance(neu, Mapping):
        namen = sorted(set(alt) | set(neu))
        return [z for name in namen for z in _unterschied(f"{ort}, {name}", alt.get(name), neu.get(name))]
    return [] if alt == neu else [f"{ort}: gespeichert {alt!r}, nachgerechnet {neu!r}."]
