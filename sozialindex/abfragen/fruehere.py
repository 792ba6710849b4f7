from collections.abc import Iterator
from datetime import date, timedelta

import pandas as pd

from sozialindex.models import Wert

EPOCHE = date(1970, 1, 1)
# The jump check looks back two years; leap days included.
RUECKBLICK = timedelta(days=2 * 366)
SPALTEN = ["gebiet", "definition", "stichtag", "zaehler", "nenner", "wert", "zustand", "qualitaet", "zeile"]


def mit_frueheren(werte: pd.DataFrame) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """Pair the delivered figures of each definition with the figures in force of the two years before.

    Parameters
    ----------
    werte
        Figures as the reader returns them (``stichtag`` in days since 1970-01-01).

    Yields
    ------
    tuple of DataFrame
        Delivered and earlier figures of one definition, same columns. One query per definition, so that a
        large delivery never holds more than one indicator's past in memory.
    """
    for definition, gruppe in werte.groupby("definition", sort=True):
        erster = EPOCHE + timedelta(days=int(gruppe["stichtag"].min()))
        letzter = EPOCHE + timedelta(days=int(gruppe["stichtag"].max()))
        yield gruppe, _hole(definition, erster - RUECKBLICK, letzter)


def _hole(definition: int, von: date, vor: date) -> pd.DataFrame:
    zeilen = Wert.objects.aktuell().filter(definition=definition, stichtag__gte=von, stichtag__lt=vor)
    felder = [
        "gebiet_id",
        "definition_id",
        "stichtag",
        "zaehler",
        "nenner",
        "wert",
        "zustand",
        "qualitaet",
        "zeile",
    ]
    tabelle = pd.DataFrame.from_records(
        zeilen.values_list(*felder).iterator(chunk_size=20_000), columns=SPALTEN
    )
    tabelle["stichtag"] = [(tag - EPOCHE).days for tag in tabelle["stichtag"]]
    zahlen = ["zaehler", "nenner", "wert"]
    tabelle[zahlen] = tabelle[zahlen].astype("float64")
    return tabelle.astype({"gebiet": "int64", "definition": "int64", "stichtag": "int32"})
