"""Typed access to parsed JSON that collects messages instead of stopping at the first one."""

import math
import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

Wort = TypeVar("Wort", bound=StrEnum)

GROESSTE_ZAHL = 1e12
# Control characters and halves of a surrogate pair: no database and no file format holds them.
UNERLAUBT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
ARTNAMEN = {
    bool: "ein Wahrheitswert",
    int: "eine Zahl",
    float: "eine Zahl",
    str: "ein Text",
    list: "eine Liste",
    dict: "ein Objekt",
    type(None): "null",
}


def _artname(wert: Any) -> str:
    return ARTNAMEN.get(type(wert), type(wert).__name__)


class Pruefer:
    """Reads fields of a JSON object; wrong ones are noted in `meldungen` and replaced by a harmless value.

    The replacement only lets the check go on; nobody may use the values while `meldungen` is not empty.
    """

    def __init__(self) -> None:
        self.meldungen: list[str] = []

    def melde(self, ort: str, text: str) -> None:
        self.meldungen.append(UNERLAUBT.sub("�", f"{ort}: {text}"))

    def objekt(
        self, wert: Any, ort: str, pflicht: Iterable[str], wahlweise: Iterable[str] = ()
    ) -> dict[str, Any]:
        if not isinstance(wert, Mapping):
            self.melde(ort, f"muss ein Objekt sein, ist aber {_artname(wert)}.")
            return {}
        pflicht, wahlweise = tuple(pflicht), tuple(wahlweise)
        for schluessel in wert:
            if schluessel not in pflicht and schluessel not in wahlweise:
                bekannt = ", ".join(pflicht + wahlweise)
                self.melde(ort, f"unbekannter Schlüssel „{schluessel}“; bekannt sind: {bekannt}.")
        for schluessel in pflicht:
            if schluessel not in wert:
                self.melde(ort, f"der Schlüssel „{schluessel}“ fehlt.")
        return dict(wert)

    def liste(self, wert: Any, ort: str, mindestens: int = 0) -> list[Any]:
        if not isinstance(wert, list | tuple):
            self.melde(ort, f"muss eine Liste sein, ist aber {_artname(wert)}.")
            return []
        if len(wert) < mindestens:
            self.melde(ort, f"braucht mindestens {mindestens} Eintrag.")
        return list(wert)

    def text(
        self, wert: Any, ort: str, *, hoechstens: int = 150, leer: bool = False, muster: str | None = None
    ) -> str:
        if not isinstance(wert, str):
            self.melde(ort, f"muss ein Text sein, ist aber {_artname(wert)}.")
            return ""
        if UNERLAUBT.search(wert):
            self.melde(ort, "enthält Steuerzeichen oder unvollständige Zeichen.")
            return ""
        if len(wert) > hoechstens:
            self.melde(ort, f"hat {len(wert)} Zeichen; erlaubt sind höchstens {hoechstens}.")
        if not leer and not wert.strip():
            self.melde(ort, "darf nicht leer sein.")
        elif muster and not re.fullmatch(muster, wert):
            self.melde(
                ort, f"„{wert}“ ist kein Schlüssel (Buchstaben ohne Umlaute, Ziffern, _ und -, höchstens 50)."
            )
        return wert

    def wort(self, wert: Any, ort: str, woerter: type[Wort]) -> Wort:
        if isinstance(wert, str) and wert in {wort.value for wort in woerter}:
            return woerter(wert)
        erlaubt = ", ".join(f"„{wort.value}“" for wort in woerter)
        self.melde(ort, f"{_zeige(wert)} ist nicht bekannt; erlaubt: {erlaubt}.")
        return next(iter(woerter))

    def ganzzahl(self, wert: Any, ort: str, kleinste: int, groesste: int) -> int:
        if not isinstance(wert, int) or isinstance(wert, bool):
            self.melde(ort, f"muss eine ganze Zahl sein, nicht {_zeige(wert)}.")
            return kleinste
        if not kleinste <= wert <= groesste:
            self.melde(ort, f"muss zwischen {kleinste} und {groesste} liegen, nicht {_zeige(wert)}.")
            return kleinste
        return wert

    def zahl(self, wert: Any, ort: str) -> float | None:
        """Return a finite float, or None after a message."""
        if isinstance(wert, bool) or not isinstance(wert, int | float):
            self.melde(ort, f"muss eine Zahl sein, nicht {_zeige(wert)}.")
            return None
        if (isinstance(wert, float) and not math.isfinite(wert)) or abs(wert) > GROESSTE_ZAHL:
            self.melde(ort, f"muss eine endliche Zahl bis {GROESSTE_ZAHL:g} sein.")
            return None
        return float(wert)


def _zeige(wert: Any) -> str:
    text = (
        f"„{wert}“" if isinstance(wert, str | int | float) and not isinstance(wert, bool) else _artname(wert)
    )
    return text if len(text) <= 60 else f"{text[:57]}…“"
