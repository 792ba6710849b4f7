"""Classes as people see them: word, sign and colour, the same on map, bar and legend."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

# From low to high burden; the sign says the same as the colour.
ZEICHEN_STATUS = ("○", "◔", "◑", "◕", "●")
ZEICHEN_DYNAMIK = ("↘", "→", "↗")
FARBSTUFEN = 5


@dataclass(frozen=True)
class Klasse:
    """A class of the index; `rang` counts from 1 at the lowest index value."""

    wort: str
    rang: int
    css: str
    zeichen: str

    def als_tupel(self) -> tuple[str, str, str]:
        return self.css, self.zeichen, self.wort


def klassen_der_methodik(daten: Mapping, teil: str) -> tuple[Klasse, ...]:
    """Return the classes of `status` or `dynamik` of a Methodik record, from low to high index value."""
    return _klassen(tuple(daten[teil].get("klassen", ())), teil)


@lru_cache(maxsize=64)
def _klassen(woerter: tuple[str, ...], teil: str) -> tuple[Klasse, ...]:
    vorrat = ZEICHEN_STATUS if teil == "status" else ZEICHEN_DYNAMIK
    art = "klasse" if teil == "status" else "dynamik"
    return tuple(
        Klasse(
            wort=wort,
            rang=rang,
            css=f"{art}-{_stufe(rang, len(woerter), FARBSTUFEN if teil == 'status' else 3)}",
            zeichen=vorrat[_stufe(rang, len(woerter), len(vorrat)) - 1],
        )
        for rang, wort in enumerate(woerter, start=1)
    )


def _stufe(rang: int, anzahl: int, stufen: int) -> int:
    """Spread `anzahl` ranks evenly over `stufen` steps, both ends included."""
    return 1 if anzahl <= 1 else 1 + round((rang - 1) * (stufen - 1) / (anzahl - 1))
