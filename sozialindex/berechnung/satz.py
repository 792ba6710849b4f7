"""The record that defines an index as frozen objects, and its canonical JSON form."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

# Decimals to which index values and limits are rounded before they are compared.
STELLEN = 10
# A spreadsheet takes text that begins so for a formula.
FORMELANFAENGE = ("=", "+", "-", "@", "\t", "\r")


class Transformation(StrEnum):
    KEINE = "keine"
    LN = "ln"
    LN1P = "ln1p"


class Normierungsart(StrEnum):
    Z = "z"
    MINMAX = "minmax"
    PERZENTIL = "perzentil"


class Standardabweichung(StrEnum):
    POPULATION = "population"
    STICHPROBE = "stichprobe"


class Nullpunkt(StrEnum):
    GEBIETSMITTEL = "gebietsmittel"
    EINWOHNERGEWICHTET = "einwohnergewichtet"
    STADTWERT = "stadtwert"


NULLPUNKTNAMEN = {
    Nullpunkt.STADTWERT: "Wert der Stadt",
    Nullpunkt.GEBIETSMITTEL: "Mittel der Gebiete",
    Nullpunkt.EINWOHNERGEWICHTET: "nach Einwohnerzahl gewichtetes Mittel",
}


class Aggregation(StrEnum):
    ARITHMETISCH = "arithmetisch"
    GEOMETRISCH = "geometrisch"


class Skala(StrEnum):
    RESTANDARDISIERT = "restandardisiert"
    SUMME = "summe"
    MITTEL = "mittel"


class Klassenart(StrEnum):
    FEST = "fest"
    QUANTIL = "quantil"


class Dynamikmass(StrEnum):
    PROZENTPUNKTE = "prozentpunkte"


@dataclass(frozen=True, slots=True)
class Indikator:
    schluessel: str
    definition: int
    polung: int
    gewicht: float
    transformation: Transformation


@dataclass(frozen=True, slots=True)
class Ausschluss:
    gebiet: str
    grund: str


@dataclass(frozen=True, slots=True)
class Einschluss:
    min_einwohner: int
    min_indikatoren: int
    ausgeschlossen: tuple[Ausschluss, ...]


@dataclass(frozen=True, slots=True)
class Normierung:
    art: Normierungsart
    standardabweichung: Standardabweichung
    nullpunkt: Nullpunkt

    @property
    def ddof(self) -> int:
        return 1 if self.standardabweichung is Standardabweichung.STICHPROBE else 0


@dataclass(frozen=True, slots=True)
class Indexbildung:
    aggregation: Aggregation
    skala: Skala


@dataclass(frozen=True, slots=True)
class Klassierung:
    """Limits and the words of the classes between them, from the lowest index value to the highest."""

    art: Klassenart
    grenzen: tuple[float, ...]
    klassen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dynamik:
    jahre: int | None
    mass: Dynamikmass
    klassierung: Klassierung


@dataclass(frozen=True, slots=True)
class Robustheitsvorgabe:
    laeufe: int
    startwert: int
    gewichtsrauschen: float


@dataclass(frozen=True, slots=True)
class Methodik:
    schluessel: str
    version: int
    titel: str
    hinweis: str
    indikatoren: tuple[Indikator, ...]
    einschluss: Einschluss
    normierung: Normierung
    index: Indexbildung
    status: Klassierung
    dynamik: Dynamik
    robustheit: Robustheitsvorgabe

    @property
    def schluessel_indikatoren(self) -> tuple[str, ...]:
        return tuple(indikator.schluessel for indikator in self.indikatoren)

    @property
    def sortierte_indikatoren(self) -> tuple[Indikator, ...]:
        """The indicators in the order in which the engine adds them up."""
        return tuple(sorted(self.indikatoren, key=lambda indikator: indikator.schluessel))

    @property
    def gewichte_normiert(self) -> dict[str, float]:
        """Weights divided by their sum, keyed by indicator in the order of the record."""
        summe = sum(indikator.gewicht for indikator in self.sortierte_indikatoren)
        return {indikator.schluessel: indikator.gewicht / summe for indikator in self.indikatoren}

    def als_dict(self) -> dict[str, Any]:
        """Return the canonical JSON object: every key present, fixed order, weights as given."""
        return {
            "schluessel": self.schluessel,
            "version": self.version,
            "titel": self.titel,
            "hinweis": self.hinweis,
            "indikatoren": [_felder(indikator) for indikator in self.indikatoren],
            "einschluss": {
                "min_einwohner": self.einschluss.min_einwohner,
                "min_indikatoren": self.einschluss.min_indikatoren,
                "ausgeschlossen": [_felder(ausschluss) for ausschluss in self.einschluss.ausgeschlossen],
            },
            "normierung": _felder(self.normierung),
            "index": _felder(self.index),
            "status": _felder(self.status),
            "dynamik": {
                "jahre": self.dynamik.jahre,
                "mass": self.dynamik.mass.value,
                **_felder(self.dynamik.klassierung),
            },
            "robustheit": _felder(self.robustheit),
        }


def _felder(satz: Any) -> dict[str, Any]:
    return {name: _schlicht(getattr(satz, name)) for name in satz.__slots__}


def _schlicht(wert: Any) -> Any:
    if isinstance(wert, StrEnum):
        return wert.value
    return list(wert) if isinstance(wert, tuple) else wert
