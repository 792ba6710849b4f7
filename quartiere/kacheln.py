"""Where a tile lies and how its name breaks; plain Python, no database."""

import math
import re
from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

Gebietsschluessel = TypeVar("Gebietsschluessel", bound=Hashable)
# Share by which a map is wider than high.
SEITENVERHAELTNIS = 1.3
_STUECK = re.compile(r"\s*[^\s/\-]*[/\-]?\s*")


def ordne_bloecke(
    gruppen: Mapping[Hashable, Sequence[Gebietsschluessel]],
) -> dict[Gebietsschluessel, tuple[int, int]]:
    """Place each group as one block, the blocks beside and below each other with a free cell between.

    Parameters
    ----------
    gruppen
        Keys of areas per Sozialraum, both in the order in which they are to be read. Groups may be empty.

    Returns
    -------
    dict
        Column and row per area, counted from 0. No two areas share a cell; the cells of a group hang
        together; the same input gives the same places.
    """
    bloecke = [list(gruppe) for gruppe in gruppen.values() if gruppe]
    hoehe = _blockhoehe(bloecke)
    breiten = [math.ceil(len(block) / hoehe) for block in bloecke]
    kartenbreite = _kartenbreite(breiten, hoehe)
    plaetze: dict[Gebietsschluessel, tuple[int, int]] = {}
    links = oben = 0
    for block, breite in zip(bloecke, breiten, strict=True):
        if links and links + breite > kartenbreite:
            links, oben = 0, oben + hoehe + 1
        for stelle, schluessel in enumerate(block):
            plaetze[schluessel] = (links + stelle % breite, oben + stelle // breite)
        links += breite + 1
    return plaetze


def umbruch(name: str, zeichen: int = 13) -> list[str]:
    """Break a name at blanks, slashes and hyphens into lines of at most `zeichen` characters if possible.

    Joined, the lines give the name: a blank stays at the end of its line, where it does not count. A single
    longer word stays whole: a wrong hyphenation reads worse than a narrower line.
    """
    zeilen: list[str] = []
    for stueck in filter(None, _STUECK.findall(name)):
        if zeilen and len(zeilen[-1] + stueck.rstrip()) <= zeichen:
            zeilen[-1] += stueck
        else:
            zeilen.append(stueck)
    return zeilen


def _blockhoehe(bloecke: Sequence[Sequence[Hashable]]) -> int:
    """Rows of a square block of mean size; the same for all, so that rows of blocks are even."""
    return math.ceil(math.sqrt(sum(map(len, bloecke)) / len(bloecke))) if bloecke else 1


def _kartenbreite(breiten: Sequence[int], hoehe: int) -> int:
    flaeche = sum((breite + 1) * (hoehe + 1) for breite in breiten)
    return max([math.ceil(math.sqrt(flaeche) * SEITENVERHAELTNIS), *breiten], default=0)
