"""Classes as people see them: word, sign and colour, the same on map, bar and legend."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

# From low to high burden; the sign says the same as the colour.
ZEICHEN = {"status": ("○", "◔", "◕", "●"), "dynamik": ("▲", "●", "▼")}
CSS = {
    "status": ("klasse-1", "klasse-2", "klasse-3", "klasse-4"),
    "dynamik": ("dynamik-positiv", "dynamik-stabil", "dynamik-negativ"),
}
CSS_ART = {"status": "klasse", "dynamik": "dynamik"}


@dataclass(frozen=True)
class Klasse:
    """A class of the index; `rang` counts from 1 at the lowest index value."""

    art: str
    wort: str
    rang: int
    css: str
    zeichen: str

    @property
    def farbe(self) -> str:
        """Colour token of the style sheet."""
        return f"var(--{self.css})"

    def als_tupel(self) -> tuple[str, str, str]:
        return self.css, self.zeichen, self.wort


def klassen_der_methodik(daten: Mapping, teil: str) -> tuple[Klasse, ...]:
    """Return the classes of `status` or `dynamik` of a Methodik record, from low to high index value."""
    if teil == "dynamik" and daten[teil].get("jahre") is None:
        return ()
    return _klassen(tuple(daten[teil]["klassen"]), teil)


@lru_cache(maxsize=64)
def _klassen(woerter: tuple[str, ...], teil: str) -> tuple[Klasse, ...]:
    stufen = len(CSS[teil])
    return tuple(
        Klasse(
            art=CSS_ART[teil],
            wort=wort,
            rang=rang,
            css=CSS[teil][_stufe(rang, len(woerter), stufen)],
            zeichen=ZEICHEN[teil][_stufe(rang, len(woerter), stufen)],
        )
        for rang, wort in enumerate(woerter, start=1)
    )


def _stufe(rang: int, anzahl: int, stufen: int) -> int:
    """Spread `anzahl` ranks evenly over `stufen` steps counted from 0, both ends included."""
    return 0 if anzahl <= 1 else round((rang - 1) * (stufen - 1) / (anzahl - 1))
