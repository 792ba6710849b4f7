"""How long a million values take, against what the bare tools need: ``python -m tests.messen.einfuhr``.

Measured is the command ``werte_importieren`` in a fresh process, start of Python included. The yardstick is
``pandas.read_csv`` of the same file plus one bare COPY (SQLite: one executemany) of the same rows into a
table with the same keys and indexes. With DATABASE_URL of a PostgreSQL server a throw-away database is made
there and dropped at the end; SQLite is measured in a temporary folder either way. Not a test: times are
printed, not judged.
"""

import argparse
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

WURZEL = Path(__file__).parents[2]
GEBIETE, INDIKATOREN, JAHRE = 2_000, 20, range(1976, 2026)
ZIEL_ZEIT, ZIEL_GLEICH, ZIEL_MB = 4.0, 2.0, 400
TABELLE = "sozialindex_wert"
SPALTEN = (
    "id, gebiet_id, definition_id, stichtag, zaehler, nenner, wert, zustand, qualitaet, lieferung_id, zeile, "
    "aktuell"
)
ANLEGEN = """
import datetime
import django
django.setup()
from quartiere.models import Ebene, Gebiet, Gebietsstand
from sozialindex.models import Indikator, Indikatordefinition
stand = Gebietsstand.objects.create(name="Messung", gueltig_von=datetime.date(1970, 1, 1))
stadt = Gebiet.objects.create(gebietsstand=stand, ebene=Ebene.STADT, nummer="", name="Stadt", slug="stadt")
raum = Gebiet.objects.create(
    gebietsstand=stand, ebene=Ebene.SOZIALRAUM, nummer="1", name="Raum", slug="raum", uebergeordnet=stadt
)
Gebiet.objects.bulk_create(
    Gebiet(gebietsstand=stand, ebene=Ebene.QUARTIER, nummer=f"{n:05}", name=f"Gebiet {n}", slug=f"g{n}",
           uebergeordnet=raum)
    for n in range(%(gebiete)d)
)
for n in range(%(indikatoren)d):
    indikator = Indikator.objects.create(
        schluessel=f"kennzahl_{n}", name=f"Kennzahl {n}", kurzname=f"K {n}", sprunggrenze=90
    )
    Indikatordefinition.objects.create(indikator=indikator)
"""
LESEN = "import sys, pandas; pandas.read_csv(sys.argv[1], sep=';')"


def main() -> None:
    zeilen = _argumente().zeilen
    with tempfile.TemporaryDirectory() as ordner:
        datei = Path(ordner) / "werte.csv"
        anzahl = schreibe_datei(datei, zeilen)
        print(f"{anzahl} Werte, {datei.stat().st_size / 1e6:.0f} MB CSV")
        if url := os.environ.get("DATABASE_URL", ""):
            with wegwerfdatenbank(url) as eigene:
                miss(PostgreSQL(eigene, Path(ordner)), datei)
        miss(SQLite(Path(ordner)), datei)


def _argumente() -> argparse.Namespace:
    leser = argparse.ArgumentParser(description=__doc__)
    leser.add_argument("--zeilen", type=int, default=1_000_000)
    return leser.parse_args()


def schreibe_datei(datei: Path, zeilen: int) -> int:
    """Long form with counts, ordered by year; every rate is different enough not to be cached away."""
    anzahl = 0
    with datei.open("w", encoding="utf-8") as strom:
        strom.write("Jahr;Gebiet_Nr;Gebiet;Indikator;Zähler;Nenner\n")
        for jahr in reversed(JAHRE):
            for gebiet in range(GEBIETE):
                for indikator in range(INDIKATOREN):
                    if anzahl == zeilen:
                        return anzahl
                    nenner = 1000 + (gebiet * 37 + jahr * 11) % 9000
                    zaehler = nenner * (5 + (gebiet + indikator * 7) % 40) // 100 + (anzahl * 7) % 23
                    strom.write(
                        f"{jahr};{gebiet:05};Gebiet {gebiet};kennzahl_{indikator};{zaehler};{nenner}\n"
                    )
                    anzahl += 1
    return anzahl


@contextmanager
def wegwerfdatenbank(url: str):
    name = f"messen_{os.getpid()}"
    teile = urlsplit(url)
    server = urlunsplit(teile._replace(path="/postgres"))
    with psycopg.connect(server, autocommit=True) as verbindung:
        verbindung.execute(f"CREATE DATABASE {name}")
        try:
            yield urlunsplit(teile._replace(path=f"/{name}"))
        finally:
            verbindung.execute(f"DROP DATABASE {name} WITH (FORCE)")


def miss(datenbank, datei: Path) -> None:
    print(f"\n{datenbank.name}")
    _python(datenbank.umgebung, "manage.py", "migrate", "--verbosity=0")
    _python(datenbank.umgebung, "-c", ANLEGEN % {"gebiete": GEBIETE, "indikatoren": INDIKATOREN})
    erste = _python(datenbank.umgebung, "manage.py", "werte_importieren", str(datei))
    stand = datenbank.fingerabdruck()
    zweite = _python(datenbank.umgebung, "manage.py", "werte_importieren", str(datei))
    unveraendert = stand == datenbank.fingerabdruck()
    lesen = _lies_mit_pandas(datei)
    mit, ohne = datenbank.nackt()
    _zeige("pandas.read_csv", lesen)
    _zeige(f"{datenbank.mittel} in gleiche Tabelle mit Schlüsseln", mit)
    _zeige(f"{datenbank.mittel} in Tabelle ohne Schlüssel", ohne)
    print(f"  erste Einfuhr   {erste[0]:6.1f} s  {erste[1]:4.0f} MB  (Ziel: {ZIEL_MB} MB)")
    print(f"    / (read_csv + {datenbank.mittel}) = {erste[0] / (lesen + mit):.2f}  (Ziel: {ZIEL_ZEIT})")
    print(f"    / (read_csv + {datenbank.mittel} ohne Schlüssel) = {erste[0] / (lesen + ohne):.2f}")
    print(f"  dieselbe Datei  {zweite[0]:6.1f} s  {zweite[1]:4.0f} MB  Zeilen unverändert: {unveraendert}")
    print(f"    / {datenbank.mittel} = {zweite[0] / mit:.2f}  (Ziel: {ZIEL_GLEICH})")


def _zeige(was: str, sekunden: float) -> None:
    print(f"  {was:<46} {sekunden:6.1f} s")


def _python(umgebung: dict[str, str], *argumente: str) -> tuple[float, float]:
    """Run a fresh Python; return seconds and peak memory in MB."""
    beginn = time.perf_counter()
    prozess = subprocess.Popen(
        [sys.executable, *argumente], cwd=WURZEL, env=umgebung, stdout=subprocess.DEVNULL
    )
    _, status, verbrauch = os.wait4(prozess.pid, 0)
    prozess.returncode = os.waitstatus_to_exitcode(status)
    if prozess.returncode:
        raise SystemExit(f"{' '.join(argumente)[:80]} endete mit {prozess.returncode}")
    return time.perf_counter() - beginn, verbrauch.ru_maxrss / 1024


def _lies_mit_pandas(datei: Path) -> float:
    import pandas  # noqa: PLC0415 (its start is not part of the yardstick)

    beginn = time.perf_counter()
    pandas.read_csv(datei, sep=";")
    return time.perf_counter() - beginn


def _umgebung(url: str) -> dict[str, str]:
    return os.environ | {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "oberhausen_sozialplanung.settings",
        "SECRET_KEY": "only-for-measuring",
        "ENV_DATEI": os.devnull,
    }


class PostgreSQL:
    name, mittel = "PostgreSQL", "COPY"

    def __init__(self, url: str, ordner: Path) -> None:
        self.url, self.auszug, self.umgebung = url, ordner / "auszug.bin", _umgebung(url)

    def fingerabdruck(self) -> tuple:
        """Row count and sum of the transactions that wrote the rows: any touched row changes it."""
        with psycopg.connect(self.url) as verbindung:
            satz = f"SELECT count(*), sum(xmin::text::bigint), sum(id) FROM {TABELLE}"
            return verbindung.execute(satz).fetchone()

    def nackt(self) -> tuple[float, float]:
        with psycopg.connect(self.url, autocommit=True) as verbindung, verbindung.cursor() as cursor:
            auszug = f"COPY {TABELLE} ({SPALTEN}) TO STDOUT (FORMAT BINARY)"
            with self.auszug.open("wb") as strom, cursor.copy(auszug) as copy:
                strom.writelines(copy)
            cursor.execute(f"CREATE TABLE ohne_schluessel AS TABLE {TABELLE} WITH NO DATA")
            cursor.execute(f"CREATE TABLE mit_schluesseln (LIKE {TABELLE} INCLUDING ALL)")
            self._mit_fremdschluesseln(cursor)
            return self._kopiere(cursor, "mit_schluesseln"), self._kopiere(cursor, "ohne_schluessel")

    def _mit_fremdschluesseln(self, cursor) -> None:
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype = 'f' AND conrelid = %s::regclass",
            [TABELLE],
        )
        for (regel,) in cursor.fetchall():
            cursor.execute(f"ALTER TABLE mit_schluesseln ADD {regel}")

    def _kopiere(self, cursor, tabelle: str) -> float:
        beginn = time.perf_counter()
        befehl = f"COPY {tabelle} ({SPALTEN}) FROM STDIN (FORMAT BINARY)"
        with self.auszug.open("rb") as strom, cursor.copy(befehl) as copy:
            while block := strom.read(1 << 20):
                copy.write(block)
        return time.perf_counter() - beginn


class SQLite:
    name, mittel = "SQLite", "executemany"

    def __init__(self, ordner: Path) -> None:
        self.datei = ordner / "messung.sqlite3"
        self.umgebung = _umgebung(f"sqlite:///{self.datei}")

    def fingerabdruck(self) -> tuple:
        with closing(sqlite3.connect(self.datei)) as verbindung:
            satz = f"SELECT count(*), sum(id), sum(aktuell), sum(lieferung_id) FROM {TABELLE}"
            return verbindung.execute(satz).fetchone()

    def nackt(self) -> tuple[float, float]:
        with closing(sqlite3.connect(self.datei)) as verbindung:
            zeilen = verbindung.execute(f"SELECT {SPALTEN} FROM {TABELLE}").fetchall()
            verbindung.execute(f"DELETE FROM {TABELLE}")
            verbindung.commit()
            verbindung.execute("CREATE TABLE ohne_schluessel AS SELECT * FROM sozialindex_wert")
            return self._schreibe(verbindung, TABELLE, zeilen), self._schreibe(
                verbindung, "ohne_schluessel", zeilen
            )

    def _schreibe(self, verbindung, tabelle: str, zeilen: list) -> float:
        verbindung.execute("PRAGMA foreign_keys = ON")
        platz = ", ".join("?" * len(zeilen[0]))
        beginn = time.perf_counter()
        verbindung.executemany(f"INSERT INTO {tabelle} ({SPALTEN}) VALUES ({platz})", zeilen)
        verbindung.commit()
        return time.perf_counter() - beginn


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
