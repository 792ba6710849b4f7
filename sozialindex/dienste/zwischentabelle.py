"""A temporary table in which delivered figures meet the figures that are already there.

Loading and comparing happens in the database, so that a million figures need neither a million
objects nor a million statements. Works alike on PostgreSQL (binary COPY from NumPy records) and
SQLite (one executemany). Every name put into a statement is a constant of this module.
"""

# ruff: noqa: S608

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

import numpy as np
import pandas as pd
from django.db import connection

from sozialindex.begriffe import Zustand

NAME = "zwischenwert"
FREIE = "freier_schluessel"
SPALTEN = (
    "gebiet_id",
    "definition_id",
    "stichtag",
    "zaehler",
    "nenner",
    "wert",
    "zustand",
    "qualitaet",
    "zeile",
)
SCHLUESSEL = ("definition_id", "stichtag", "gebiet_id")
INHALT = ("zaehler", "nenner", "wert", "zustand", "qualitaet")
ZAHLEN = ("zaehler", "nenner", "wert")
ZEILEN_JE_STUECK = 100_000

_TYPEN = {
    "postgresql": "gebiet_id bigint, definition_id bigint, stichtag date, zaehler double precision, "
    "nenner double precision, wert double precision, zustand varchar(1), qualitaet varchar(1), zeile integer",
    "sqlite": "gebiet_id bigint, definition_id bigint, stichtag date, zaehler real, nenner real, wert real, "
    "zustand varchar(1), qualitaet varchar(1), zeile integer",
}
# PostgreSQL counts days from 2000-01-01 in its binary format, the data frames from 1970-01-01.
_TAGE_BIS_2000 = 10957
_COPY_KOPF = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_COPY_ENDE = b"\xff\xff"


@dataclass(frozen=True)
class Abgleich:
    """How many delivered figures are new, differ from the figure in force, or repeat it."""

    neu: int
    geaendert: int
    gleich: int


class Inhalt(NamedTuple):
    """What a figure says, apart from its key; None where there is nothing."""

    zaehler: float | None
    nenner: float | None
    wert: float | None
    zustand: str
    qualitaet: str


@dataclass(frozen=True)
class Aenderung:
    """One delivered figure that would replace another one; `gebiet` and `definition` are ids."""

    zeile: int
    gebiet: int
    definition: int
    stichtag: date
    alt: Inhalt
    neu: Inhalt


def lade(werte: pd.DataFrame) -> None:
    """Create the temporary table and fill it.

    Parameters
    ----------
    werte
        Figures as the reader returns them (`sozialindex.einlesen.ergebnis.Leseergebnis.werte`). Keys (area,
        definition, Stichtag) are unique.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {NAME}")
        cursor.execute(f"CREATE TEMPORARY TABLE {NAME} ({_TYPEN[connection.vendor]})")
        fuellen = _fuelle_postgresql if connection.vendor == "postgresql" else _fuelle_sqlite
        fuellen(cursor, werte)
        cursor.execute(f"ANALYZE {NAME}")


def leere() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {NAME}")


def vergleiche() -> Abgleich:
    """Compare the loaded figures with those in force. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*), count(w.id), coalesce(sum(CASE WHEN {_gleich()} THEN 1 ELSE 0 END), 0)"
            f" FROM {NAME} z {_passende_werte()}"
        )
        gesamt, bekannt, gleich = cursor.fetchone()
    return Abgleich(neu=gesamt - bekannt, geaendert=bekannt - gleich, gleich=gleich)


def verwirf_leere() -> int:
    """Drop loaded figures that say "nicht geliefert" where a figure is in force; return how many.

    An empty cell is no correction: it must not put a known figure out of force.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {NAME} AS z WHERE z.zustand = %s AND EXISTS (SELECT 1 FROM sozialindex_wert w"
            f" WHERE {_selber_schluessel('z')} AND w.aktuell AND w.zustand <> z.zustand)",
            [Zustand.FEHLT.value],
        )
        return cursor.rowcount


def geaenderte(anzahl: int) -> list[Aenderung]:
    """Return the first `anzahl` figures that would replace another one, ordered by line."""
    alt, neu = (", ".join(teile) for teile in ([f"w.{s}" for s in INHALT], map(_ausdruck, INHALT)))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT z.zeile, z.gebiet_id, z.definition_id, z.stichtag, {alt}, {neu}"
            f" FROM {NAME} z {_passende_werte('JOIN')} WHERE NOT ({_gleich()})"
            " ORDER BY z.zeile, z.definition_id, z.stichtag LIMIT %s",
            [anzahl],
        )
        return [_aenderung(zeile) for zeile in cursor.fetchall()]


def ohne_fallzahlen() -> int:
    """Count the figures that would replace one with a count by a rate or number alone. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM {NAME} z {_passende_werte('JOIN')}"
            f" WHERE w.nenner IS NOT NULL AND {_ausdruck('nenner')} IS NULL"
            f" AND {_ausdruck('wert')} IS NOT NULL"
        )
        return cursor.fetchone()[0]


def ersetzte() -> str:
    """Ids of the rows in force that the loaded figures would replace, ascending, separated by blanks."""
    verkette = "string_agg" if _ist_postgresql() else "group_concat"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {verkette}(id, ' ') FROM (SELECT CAST(w.id AS text) AS id FROM {NAME} z"
            f" {_passende_werte('JOIN')} WHERE NOT ({_gleich()}) ORDER BY w.id) ersetzt"
        )
        return cursor.fetchone()[0] or ""


def uebertrage(lieferung_id: int, *, mit_geaenderten: bool) -> None:
    """Store every loaded figure that is new or differs and put it in force instead of the one before.

    Parameters
    ----------
    mit_geaenderten
        False when the comparison found no changed figure: then nothing is put out of force.
    """
    with connection.cursor() as cursor:
        if mit_geaenderten:
            cursor.execute(
                "UPDATE sozialindex_wert SET aktuell = %s WHERE id IN"
                f" (SELECT w.id FROM {NAME} z {_passende_werte('JOIN')} WHERE NOT ({_gleich()}))",
                [False],
            )
        cursor.execute(
            f"INSERT INTO sozialindex_wert ({', '.join(SPALTEN)}, lieferung_id, aktuell)"
            f" SELECT {', '.join(map(_ausdruck, SPALTEN))}, %s, %s"
            f" FROM {NAME} z {_passende_werte()} WHERE w.id IS NULL",
            [lieferung_id, True],
        )


def setze_ausser_kraft(lieferung_id: int) -> int:
    """Take a delivery's figures out of force and put the newest earlier ones back.

    Only figures of deliveries that are still taken over come back. The keys that lost their figure stay in a
    second temporary table for `behalte_freie`.

    Returns
    -------
    int
        How many figures went out of force.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {FREIE}")
        cursor.execute(
            f"CREATE TEMPORARY TABLE {FREIE} AS SELECT {', '.join(SCHLUESSEL)} FROM sozialindex_wert"
            " WHERE lieferung_id = %s AND aktuell",
            [lieferung_id],
        )
        cursor.execute(f"ANALYZE {FREIE}")
        cursor.execute(
            "UPDATE sozialindex_wert SET aktuell = %s WHERE lieferung_id = %s AND aktuell",
            [False, lieferung_id],
        )
        freigeworden = cursor.rowcount
        cursor.execute(
            "UPDATE sozialindex_wert SET aktuell = %s WHERE id IN ("
            f"SELECT max(w.id) FROM sozialindex_wert w JOIN {FREIE} f ON {_selber_schluessel('f')}"
            " JOIN sozialindex_lieferung l ON l.id = w.lieferung_id"
            f" WHERE l.zustand = 'uebernommen' GROUP BY {', '.join(f'w.{s}' for s in SCHLUESSEL)})",
            [True],
        )
    return freigeworden


def freie_stichtage(entschieden_am: datetime) -> set[str]:
    """Definition id and ISO date, joined by a blank, of freed places that a delivery may take.

    Parameters
    ----------
    entschieden_am
        When that delivery was taken over: a figure in force of a later delivery keeps its place.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT z.definition_id, z.stichtag FROM {FREIE} z WHERE NOT ({_spaeterer_wert()})",
            [connection.ops.adapt_datetimefield_value(entschieden_am)],
        )
        return {f"{definition} {stichtag}" for definition, stichtag in cursor.fetchall()}


def behalte_freie(entschieden_am: datetime) -> None:
    """Drop loaded figures except those that may take a freed place.

    Parameters
    ----------
    entschieden_am
        When the loaded delivery was taken over: a figure in force of a later delivery stays in force.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {NAME} AS w WHERE NOT EXISTS"
            f" (SELECT 1 FROM {FREIE} f WHERE {_selber_schluessel('f')})"
        )
        cursor.execute(
            f"DELETE FROM {NAME} AS z WHERE {_spaeterer_wert()}",
            [connection.ops.adapt_datetimefield_value(entschieden_am)],
        )


def vergiss_freie() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {FREIE}")


def _aenderung(zeile: tuple) -> Aenderung:
    nummer, gebiet, definition, stichtag, *inhalt = zeile
    tag = stichtag if isinstance(stichtag, date) else date.fromisoformat(stichtag)
    halb = len(INHALT)
    return Aenderung(nummer, gebiet, definition, tag, Inhalt(*inhalt[:halb]), Inhalt(*inhalt[halb:]))


def _ist_postgresql() -> bool:
    return connection.vendor == "postgresql"


def _selber_schluessel(andere: str) -> str:
    return " AND ".join(f"w.{spalte} = {andere}.{spalte}" for spalte in SCHLUESSEL)


def _passende_werte(verbund: str = "LEFT JOIN") -> str:
    return f"{verbund} sozialindex_wert w ON {_selber_schluessel('z')} AND w.aktuell"


def _spaeterer_wert() -> str:
    """SQL that says whether a delivery taken over after %s holds the figure in force."""
    return (
        "EXISTS (SELECT 1 FROM sozialindex_wert w JOIN sozialindex_lieferung l ON l.id = w.lieferung_id"
        f" WHERE {_selber_schluessel('z')} AND w.aktuell AND l.entschieden_am > %s)"
    )


def _gleich() -> str:
    operator = "IS NOT DISTINCT FROM" if _ist_postgresql() else "IS"
    return " AND ".join(f"w.{spalte} {operator} {_ausdruck(spalte)}" for spalte in INHALT)


def _ausdruck(spalte: str) -> str:
    """SQL for a loaded column. In fixed-width records NaN stands for NULL and a blank for no mark."""
    if _ist_postgresql() and spalte in ZAHLEN:
        return f"nullif(z.{spalte}, 'NaN')"
    if _ist_postgresql() and spalte == "qualitaet":
        return f"rtrim(z.{spalte})"
    return f"z.{spalte}"


def _fuelle_postgresql(cursor, werte: pd.DataFrame) -> None:
    with cursor.copy(f"COPY {NAME} ({', '.join(SPALTEN)}) FROM STDIN (FORMAT BINARY)") as copy:
        copy.write(_COPY_KOPF)
        for anfang in range(0, len(werte), ZEILEN_JE_STUECK):
            copy.write(_binaer(werte.iloc[anfang : anfang + ZEILEN_JE_STUECK]))
        copy.write(_COPY_ENDE)


def _binaer(werte: pd.DataFrame) -> bytes:
    """Rows in PostgreSQL's binary COPY format: field count, then length and big-endian content of each."""
    inhalte = {
        "gebiet_id": (">i8", werte["gebiet"]),
        "definition_id": (">i8", werte["definition"]),
        "stichtag": (">i4", _tage(werte["stichtag"]).astype(np.int32) - _TAGE_BIS_2000),
        "zaehler": (">f8", werte["zaehler"]),
        "nenner": (">f8", werte["nenner"]),
        "wert": (">f8", werte["wert"]),
        "zustand": ("S1", _zeichen(werte["zustand"])),
        "qualitaet": ("S1", _zeichen(werte["qualitaet"])),
        "zeile": (">i4", werte["zeile"]),
    }
    felder = [("felder", ">i2")]
    for spalte, (typ, _) in inhalte.items():
        felder += [(f"laenge_{spalte}", ">i4"), (spalte, typ)]
    zeilen = np.empty(len(werte), dtype=felder)
    zeilen["felder"] = len(inhalte)
    for spalte, (typ, reihe) in inhalte.items():
        zeilen[f"laenge_{spalte}"] = np.dtype(typ).itemsize
        zeilen[spalte] = reihe
    return zeilen.tobytes()


def _zeichen(reihe: pd.Series) -> np.ndarray:
    """One byte per row; an empty mark becomes a blank."""
    kategorien = pd.Categorical(reihe)
    return np.array([zeichen or " " for zeichen in kategorien.categories], dtype="S1")[kategorien.codes]


def _fuelle_sqlite(cursor, werte: pd.DataFrame) -> None:
    platz = ", ".join(["%s"] * len(SPALTEN))
    befehl = f"INSERT INTO {NAME} ({', '.join(SPALTEN)}) VALUES ({platz})"
    for anfang in range(0, len(werte), ZEILEN_JE_STUECK):
        stueck = werte.iloc[anfang : anfang + ZEILEN_JE_STUECK]
        cursor.executemany(befehl, zip(*(_liste(stueck, spalte) for spalte in SPALTEN), strict=True))


def _liste(werte: pd.DataFrame, spalte: str) -> list:
    reihe = werte[spalte.removesuffix("_id")]
    if spalte in ZAHLEN:
        return [None if zahl != zahl else zahl for zahl in reihe.tolist()]
    if spalte == "stichtag":
        return np.datetime_as_string(_tage(reihe)).tolist()
    return reihe.tolist()


def _tage(stichtage: pd.Series) -> np.ndarray:
    return stichtage.to_numpy().astype("datetime64[D]")
