"""Files of a run, byte for byte reproducible: canonical texts, checksum, archive."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from sozialindex.berechnung.datei import schreibe_zeilen
from sozialindex.berechnung.methodik import lies_methodik
from sozialindex.berechnung.satz import FORMELANFAENGE

# Every file in an archive carries this date, so that the same run gives the same bytes at any time.
ZEITPUNKT = (1980, 1, 1, 0, 0, 0)
SCHLUESSELSPALTE = "gebiet"


def methodik_json(daten: Mapping[str, Any]) -> bytes:
    """Write a Methodik record canonically: keys in their fixed order, two spaces, UTF-8.

    A database may give the keys back in another order, so the record is read anew.

    Raises
    ------
    Methodikfehler
        The record breaks its schema.
    """
    kanonisch = lies_methodik(daten).als_dict()
    return (json.dumps(kanonisch, ensure_ascii=False, indent=2) + "\n").encode()


def csv(tabelle: pd.DataFrame) -> bytes:
    """Write a table with semicolon, decimal point, full precision, UTF-8 and empty cells for missing values.

    Minus zero is written as zero, because databases do not keep its sign. Text that a spreadsheet would run
    as a formula gets an apostrophe in front, keys of areas excepted: they must be found again.
    """
    schreibbar = tabelle.copy()
    for spalte in schreibbar:
        if pd.api.types.is_float_dtype(schreibbar[spalte]):
            schreibbar[spalte] = schreibbar[spalte] + 0.0
        elif spalte != SCHLUESSELSPALTE and not pd.api.types.is_numeric_dtype(schreibbar[spalte]):
            schreibbar[spalte] = schreibbar[spalte].map(_entschaerft, na_action="ignore")
    return schreibbar.to_csv(sep=";", index=False, lineterminator="\n").encode()


def _entschaerft(text: Any) -> Any:
    # The signs of the crossing ("1+/-") start with a digit and are safe.
    return f"'{text}" if isinstance(text, str) and text.startswith(FORMELANFAENGE) else text


def ergebnis_csv(je_gebiet: Mapping[str, Mapping[str, Any]], schluessel: Sequence[str]) -> bytes:
    """Write the table of results in the contractual format.

    Parameters
    ----------
    je_gebiet
        Area number → fields of its Laufergebnis; written in the order of the numbers as texts.
    schluessel
        Indicator keys in the order of the record.
    """
    return schreibe_zeilen(sorted(je_gebiet.items()), schluessel).encode()


def werte_csv(eingabe: pd.DataFrame) -> bytes:
    """Write the table of values (shape as `eingabetabelle`); residents as whole numbers."""
    return csv(eingabe.assign(einwohner=eingabe["einwohner"].round().astype("Int64")))


def schnappschuss_csv(schnappschuss: pd.DataFrame) -> bytes:
    """Write every figure a run used, with counts, state and delivery; areas by level and number."""
    return csv(schnappschuss.drop(columns=["gebiet_id", "name"]))


def pruefsumme(*dateien: bytes) -> str:
    """Return the SHA-256 of the files written one after the other, as `cat … | sha256sum` gives it."""
    return hashlib.sha256(b"".join(dateien)).hexdigest()


def packe(dateien: Mapping[str, bytes]) -> bytes:
    """Pack files, and SHA256SUMS over them, into a ZIP whose bytes depend on nothing else."""
    summen = "".join(f"{hashlib.sha256(inhalt).hexdigest()}  {name}\n" for name, inhalt in dateien.items())
    puffer = io.BytesIO()
    with zipfile.ZipFile(puffer, "w") as archiv:
        for name, inhalt in {**dateien, "SHA256SUMS": summen.encode()}.items():
            eintrag = zipfile.ZipInfo(name, date_time=ZEITPUNKT)
            eintrag.compress_type = zipfile.ZIP_DEFLATED
            eintrag.external_attr = 0o644 << 16
            eintrag.create_system = 3
            archiv.writestr(eintrag, inhalt)
    return puffer.getvalue()
