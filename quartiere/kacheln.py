"""Where a tile lies and how its name breaks; plain Python, no database."""

import math
import re
from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

Gebietsschluessel = TypeVar("Gebietsschluessel", bound=Hashable)
# Share by which a map is wider than high.
SEITENVERHAELTNIS = 1.3
_TRENNSTELLE = re.compile(r"[^\s/\-]+[/\-]?|[/\-]")


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
    kartenbreite = _kartenbreite(bloecke)
    plaetze: dict[Gebietsschluessel, tuple[int, int]] = {}
    links = oben = zeilenhoehe = 0
    for block in bloecke:
        breite = math.ceil(math.sqrt(len(block)))
        if links and links + breite > kartenbreite:
            links, oben, zeilenhoehe = 0, oben + zeilenhoehe + 1, 0
        for stelle, schluessel in enumerate(block):
            plaetze[schluessel] = (links + stelle % breite, oben + stelle // breite)
        links += breite + 1
        zeilenhoehe = max(zeilenhoehe, math.ceil(len(block) / breite))
    return plaetze


def umbruch(name: str, zeichen: int = 13) -> list[str]:
    """Break a name at blanks, slashes and hyphens into lines of at most `zeichen` characters if possible.

    A single longer word stays whole: a wrong hyphenation reads worse than a narrower line.
    """
    zeilen: list[str] = []
    for treffer in _TRENNSTELLE.finditer(name):
        teil = treffer.group()
        bindung = " " if name[treffer.start() - 1 : treffer.start()].isspace() else ""
        if zeilen and len(zeilen[-1]) + len(bindung) + len(teil) <= zeichen:
            zeilen[-1] += bindung + teil
        else:
            zeilen.append(teil)
    return zeilen


def _kartenbreite(bloecke: Sequence[Sequence[Hashable]]) -> int:
    breiten = [math.ceil(math.sqrt(len(block))) for block in bloecke]
    flaeche = sum((breite + 1) ** 2 for breite in breiten)
    return max([math.ceil(math.sqrt(flaeche) * SEITENVERHAELTNIS), *breiten], default=0)
