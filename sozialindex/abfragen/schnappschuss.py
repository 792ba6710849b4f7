"""Everything a run computes from: the snapshot of figures, and the table the engine reads."""

import datetime
from collections.abc import Mapping, Sequence

import pandas as pd

from quartiere.models import Ebene, Gebietsstand
from sozialindex.abfragen.werte import werte_zum_stichtag
from sozialindex.models import Indexlauf, Indikatordefinition, Laufwert

STADT = "STADT"
SPALTEN = [
    "gebiet_id",
    "gebiet",
    "name",
    "ebene",
    "indikator",
    "definition",
    "rolle",
    "zaehler",
    "nenner",
    "wert",
    "zustand",
    "qualitaet",
    "lieferung_id",
]
ZAHLEN = {"zaehler": float, "nenner": float, "wert": float, "lieferung_id": "Int64"}


def vergleichsstichtag(stichtag: datetime.date, jahre: int | None) -> datetime.date | None:
    """Return the same day `jahre` years earlier; None without Dynamik, 28 February for a 29th."""
    if jahre is None:
        return None
    schalttag = (stichtag.month, stichtag.day) == (2, 29)
    return stichtag.replace(year=stichtag.year - jahre, day=28 if schalttag else stichtag.day)


def baue_schnappschuss(
    *,
    stichtag: datetime.date,
    vergleich: datetime.date | None,
    definitionen: Sequence[Indikatordefinition],
    gebietsstand: Gebietsstand,
) -> pd.DataFrame:
    """Read the figures a run would use now.

    Returns
    -------
    Columns SPALTEN; one row per quarter (and the city), indicator and role ("status", "vergleich"), sorted
    by role, level, number and indicator. Missing figures are NaN with their state. Two queries per role.
    """
    rollen = {Laufwert.Rolle.STATUS: stichtag, Laufwert.Rolle.VERGLEICH: vergleich}
    teile = [
        werte_zum_stichtag(stichtag=tag, definitionen=definitionen, gebietsstand=gebietsstand).assign(
            rolle=rolle.value
        )
        for rolle, tag in rollen.items()
        if tag is not None
    ]
    werte = pd.concat(teile)[SPALTEN].astype(ZAHLEN)
    return _geordnet(werte[werte["ebene"] != Ebene.SOZIALRAUM])


def lade_schnappschuss(lauf: Indexlauf) -> pd.DataFrame:
    """Return what `baue_schnappschuss` gave when the run was made, as it is stored. One query."""
    felder = {"gebiet": "gebiet__nummer", "name": "gebiet__name", "ebene": "gebiet__ebene"}
    zeilen = lauf.werte.order_by().values_list(*[felder.get(spalte, spalte) for spalte in SPALTEN])
    return _geordnet(pd.DataFrame(list(zeilen), columns=SPALTEN).astype(ZAHLEN))


def _geordnet(werte: pd.DataFrame) -> pd.DataFrame:
    return werte.sort_values(["rolle", "ebene", "gebiet", "indikator"]).reset_index(drop=True)


def eingabetabelle(schnappschuss: pd.DataFrame, einwohner: Mapping[int, float | None]) -> pd.DataFrame:
    """Turn a snapshot into the table of values the engine and `index_aus_datei` read.

    Returns
    -------
    One row per quarter, sorted by number, then the row `STADT`; columns `gebiet`, `name`, `einwohner`, one
    per indicator in key order (percent), and `dyn_<key>` with the change in percentage points where the
    snapshot has a comparison. Missing is NaN.
    """
    jetzt = _breit(schnappschuss, Laufwert.Rolle.STATUS)
    vorher = _breit(schnappschuss, Laufwert.Rolle.VERGLEICH)
    if not vorher.empty:
        jetzt = jetzt.join((jetzt - vorher.reindex(jetzt.index)).add_prefix("dyn_"))
    gebiete = schnappschuss.drop_duplicates("gebiet_id").set_index("gebiet_id")[["gebiet", "name", "ebene"]]
    tabelle = gebiete.join(jetzt)
    tabelle.insert(2, "einwohner", tabelle.index.map(einwohner).astype(float))
    stadt = tabelle["ebene"] == Ebene.STADT
    tabelle.loc[stadt, "gebiet"] = STADT
    return pd.concat([tabelle[~stadt], tabelle[stadt]]).drop(columns="ebene").reset_index(drop=True)


def _breit(schnappschuss: pd.DataFrame, rolle: str) -> pd.DataFrame:
    teil = schnappschuss[schnappschuss["rolle"] == rolle]
    return teil.pivot(index="gebiet_id", columns="indikator", values="wert").sort_index(axis=1)
