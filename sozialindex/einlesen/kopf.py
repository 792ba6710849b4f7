"""Names of columns: hyphenated heads put together, several head rows joined, signatures of similar files."""

import re
from collections import Counter
from collections.abc import Sequence

from oberhausen_sozialplanung.werkzeuge.text import vergleichsform
from sozialindex.einlesen.arbeitsmappe import Zelle

TRENNER = " | "
_SILBENTRENNUNG = re.compile(r"(?<=\w)-[ \t]*[\r\n]+\s*(?=[a-zäöüß])")
_STRICH_UMBRUCH = re.compile(r"-[ \t]*[\r\n]+\s*")
_LEER = re.compile(r"\s+")
_ZEITANGABE = re.compile(r"(?:19|20)\d\d(?:-\d\d-\d\d)?|\d\d?\.\d\d?\.(?:19|20)\d\d")


def kopftext(zelle: Zelle) -> str:
    """Return a head cell on one line: "Migrations-⏎hintergrund" is one word, "SGB-II-⏎Quote" keeps
    its hyphen."""
    text = "" if zelle is None else str(zelle)
    text = _STRICH_UMBRUCH.sub("-", _SILBENTRENNUNG.sub("", text))
    return _LEER.sub(" ", text).strip()


def kopfnamen(zeilen: Sequence[Sequence[Zelle]]) -> list[str]:
    """Join head rows to one name per column.

    An empty cell in any but the last row continues its left neighbour (merged cells). Doubled names get their
    column number, so that every name stands for one column.
    """
    breite = max((len(z) for z in zeilen), default=0)
    ebenen = [[kopftext(z[i]) if i < len(z) else "" for i in range(breite)] for z in zeilen]
    for ebene in ebenen[:-1]:
        for i in range(1, breite):
            ebene[i] = ebene[i] or ebene[i - 1]
    namen = [TRENNER.join(dict.fromkeys(t for t in teile if t)) for teile in zip(*ebenen, strict=True)]
    haeufig = Counter(namen)
    return [_eindeutig(name, i, haeufig[name]) for i, name in enumerate(namen, start=1)]


def signatur(kopf: Sequence[str]) -> tuple[str, ...]:
    """Return normalised head names by which a similar file is recognised; years and dates become one word."""
    return tuple(vergleichsform(_ZEITANGABE.sub(" zeitangabe ", name)) for name in kopf)


def aehnlichkeit(sig_a: Sequence[str], sig_b: Sequence[str]) -> float:
    """Return the share of common names (with repetition) of all names, 0…1; two empty heads are unlike."""
    a, b = Counter(sig_a), Counter(sig_b)
    alle = (a | b).total()
    return (a & b).total() / alle if alle else 0.0


def _eindeutig(name: str, nummer: int, anzahl: int) -> str:
    if not name:
        return f"Spalte {nummer}"
    return f"{name} (Spalte {nummer})" if anzahl > 1 else name
