"""The outcome of a reading as JSON values and as a CSV report that Excel opens."""

import csv
import io
from collections.abc import Iterable
from typing import Any

from oberhausen_sozialplanung.werkzeuge.text import csv_zelle
from sozialindex.einlesen.ergebnis import Leseergebnis
from sozialindex.einlesen.plausibilitaet import Hinweis

KOPF = ("Art", "Zeile", "Spalte", "Text", "Grund")
BOM = "\ufeff"


def als_dict(ergebnis: Leseergebnis, plausibilitaet: Iterable[Hinweis] = ()) -> dict[str, Any]:
    """Return counts and lists as JSON values: no NaN, no dates; the values themselves are not included."""
    return {
        "werte": len(ergebnis.werte),
        "zeilen_gelesen": ergebnis.zeilen_gelesen,
        "fehler_anzahl": ergebnis.fehler_anzahl,
        "fehlerzeilen": ergebnis.fehlerzeilen,
        "ausgelassen_anzahl": ergebnis.ausgelassen_anzahl,
        "zustaende": {
            str(k): int(v) for k, v in ergebnis.werte["zustand"].value_counts(sort=False).items() if v
        },
        "fehler": [
            {
                "zeile": f.zeile,
                "spalte": f.spalte,
                "spaltennummer": f.spaltennummer,
                "text": f.text,
                "grund": f.grund,
            }
            for f in ergebnis.fehler
        ],
        "ausgelassen": [{"zeile": a.zeile, "text": a.text, "grund": a.grund} for a in ergebnis.ausgelassen],
        "hinweise": list(ergebnis.hinweise),
        "plausibilitaet": [_hinweis_als_dict(h) for h in plausibilitaet],
    }


def als_csv(bericht: dict[str, Any]) -> str:
    """Write a report of `als_dict` as CSV: semicolon, byte order mark, CRLF, no cell that starts a
    formula."""
    puffer = io.StringIO(newline="")
    puffer.write(BOM)
    schreiber = csv.writer(puffer, delimiter=";")
    schreiber.writerow(KOPF)
    for zeile in _berichtszeilen(bericht):
        schreiber.writerow([csv_zelle(z) for z in zeile])
    return puffer.getvalue()


def _berichtszeilen(bericht: dict[str, Any]) -> Iterable[tuple[object, ...]]:
    for fehler in bericht["fehler"]:
        yield "Fehler", fehler["zeile"], fehler["spalte"], fehler["text"], fehler["grund"]
    yield from _weitere("Fehler", bericht["fehler_anzahl"] - len(bericht["fehler"]))
    for auslassung in bericht["ausgelassen"]:
        yield "ausgelassen", auslassung["zeile"], None, auslassung["text"], auslassung["grund"]
    yield from _weitere("ausgelassen", bericht["ausgelassen_anzahl"] - len(bericht["ausgelassen"]))
    for hinweis in bericht["plausibilitaet"]:
        yield "Hinweis", hinweis["zeile"], None, None, hinweis["text"]
    for text in bericht["hinweise"]:
        yield "Hinweis", None, None, None, text


def _weitere(art: str, anzahl: int) -> Iterable[tuple[object, ...]]:
    if anzahl > 0:
        yield art, None, None, None, f"… und {anzahl} weitere, die hier nicht einzeln stehen."


def _hinweis_als_dict(hinweis: Hinweis) -> dict[str, Any]:
    return {
        "art": hinweis.art,
        "zeile": hinweis.zeile,
        "gebiet": hinweis.gebiet,
        "definition": hinweis.definition,
        "stichtag": hinweis.stichtag.isoformat() if hinweis.stichtag else None,
        "text": hinweis.text,
    }
