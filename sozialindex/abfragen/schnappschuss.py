"""Everything a run computes from: the snapshot of figures, and the table the engine reads."""

import datetime
from collections.abc import Sequence
from typing import Any

import pandas as pd

from quartiere.models import Ebene, Gebietsstand
from sozialindex.abfragen.werte import einwohner_zum_stichtag, werte_zum_stichtag
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
    Columns SPALTEN; one row per quarter (and the city), indicator and role ("status", "vergleich"), and one
    with the residents (role "einwohner"), sorted by role, level, number and indicator. Missing figures are
    NaN with their state. Two queries per role.
    """
    rollen = {Laufwert.Rolle.STATUS: stichtag, Laufwert.Rolle.VERGLEICH: vergleich}
    teile = [
        werte_zum_stichtag(stichtag=tag, definitionen=definitionen, gebietsstand=gebietsstand).assign(
            rolle=rolle.value
        )
        for rolle, tag in rollen.items()
        if tag is not None
    ]
    einwohner = einwohner_zum_stichtag(stichtag=stichtag, gebietsstand=gebietsstand)
    teile.append(einwohner.assign(rolle=Laufwert.Rolle.EINWOHNER.value))
    werte = pd.concat([teil[SPALTEN] for teil in teile]).astype(ZAHLEN)
    return _geordnet(werte[werte["ebene"] != Ebene.SOZIALRAUM])


def lade_schnappschuss(lauf: Indexlauf) -> pd.DataFrame:
    """Return what `baue_schnappschuss` gave when the run was made, as it is stored. One query.

    Number, name and level are those of then, whatever the areas are called by now.
    """
    zeilen = lauf.werte.order_by().values_list(
        *["nummer" if spalte == "gebiet" else spalte for spalte in SPALTEN]
    )
    return _geordnet(pd.DataFrame(list(zeilen), columns=SPALTEN).astype(ZAHLEN))


def lade_ergebnisse(lauf: Indexlauf, felder: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return the stored results, area number of then → fields, sorted by number as texts. One query.

    Sorted here and not in the database, whose order of texts depends on its collation.
    """
    zeilen = {zeile.pop("nummer"): zeile for zeile in lauf.ergebnisse.order_by().values("nummer", *felder)}
    return dict(sorted(zeilen.items()))


def _geordnet(werte: pd.DataFrame) -> pd.DataFrame:
    return werte.sort_values(["rolle", "ebene", "gebiet", "indikator"]).reset_index(drop=True)


def eingabetabelle(schnappschuss: pd.DataFrame) -> pd.DataFrame:
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
    einwohner = schnappschuss[schnappschuss["rolle"] == Laufwert.Rolle.EINWOHNER]
    tabelle.insert(2, "einwohner", einwohner.set_index("gebiet_id")["wert"])
    stadt = tabelle["ebene"] == Ebene.STADT
    tabelle.loc[stadt, "gebiet"] = STADT
    return pd.concat([tabelle[~stadt], tabelle[stadt]]).drop(columns="ebene").reset_index(drop=True)


def _breit(schnappschuss: pd.DataFrame, rolle: str) -> pd.DataFrame:
    teil = schnappschuss[schnappschuss["rolle"] == rolle]
    return teil.pivot(index="gebiet_id", columns="indikator", values="wert").sort_index(axis=1)
