"""How one file is to be read: everything a person may correct, as one frozen value with a JSON round trip.

A value group is keyed by (indicator, Stichtag). Either part comes from the column, from a cell of
the row, or from
the fixed setting. So long form, one column per indicator and one column per year are the same mechanism.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum
from typing import Any

from sozialindex.begriffe import Qualitaet, Zustand
from sozialindex.einlesen.fehler import Einstellungsfehler
from sozialindex.einlesen.kodierung import KODIERUNGEN
from sozialindex.einlesen.symbole import QUALITAETSZEICHEN


class Rolle(StrEnum):
    """What a column holds."""

    GEBIET_NUMMER = "gebiet_nummer"
    GEBIET_NAME = "gebiet_name"
    JAHR = "jahr"
    INDIKATOR = "indikator"
    ZAEHLER = "zaehler"
    NENNER = "nenner"
    WERT = "wert"
    QUALITAET = "qualitaet"
    IGNORIEREN = "ignorieren"

    @property
    def titel(self) -> str:
        return ROLLENTITEL[self]


ROLLENTITEL = {
    Rolle.GEBIET_NUMMER: "Gebietsnummer",
    Rolle.GEBIET_NAME: "Gebietsname",
    Rolle.JAHR: "Jahr oder Stichtag",
    Rolle.INDIKATOR: "Indikator",
    Rolle.ZAEHLER: "Zähler",
    Rolle.NENNER: "Nenner",
    Rolle.WERT: "Wert",
    Rolle.QUALITAET: "Qualitätszeichen",
    Rolle.IGNORIEREN: "nicht übernehmen",
}
WERTROLLEN = (Rolle.ZAEHLER, Rolle.NENNER, Rolle.WERT)
EINMALIG = (Rolle.GEBIET_NUMMER, Rolle.GEBIET_NAME, Rolle.JAHR, Rolle.INDIKATOR)
Gruppenschluessel = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Spalte:
    """One column: its role; for value columns the indicator key and the Stichtag (ISO) they are
    bound to, if any."""

    rolle: Rolle = Rolle.IGNORIEREN
    indikator: str = ""
    stichtag: str = ""

    @property
    def schluessel(self) -> Gruppenschluessel:
        return self.indikator, self.stichtag


@dataclass(frozen=True, slots=True)
class Einstellungen:
    """Everything needed to read one file.

    Attributes
    ----------
    kopf_von, kopf_bis : int
        1-based line numbers where the first and the last head row start; several are joined. 0: no head.
    daten_bis : int or None
        Last line with data; None: to the end.
    spalten : tuple of Spalte
        One per column from the left; further columns are ignored.
    indikator, stichtag : str
        Fixed values (indicator key, ISO date) where neither column nor row names them.
    symbole : mapping
        Text of a cell → state.
    qualitaetszeichen : mapping
        Text of a quality cell, or letter after a figure → quality.
    gebiete, indikatoren : mapping
        Corrections: text of a cell → area number or indicator key.
    """

    kodierung: str = ""
    trennzeichen: str = ""
    dezimalzeichen: str = ""
    blatt: str = ""
    kopf_von: int = 1
    kopf_bis: int = 1
    daten_bis: int | None = None
    spalten: tuple[Spalte, ...] = ()
    indikator: str = ""
    stichtag: str = ""
    symbole: Mapping[str, Zustand] = field(default_factory=dict)
    qualitaetszeichen: Mapping[str, Qualitaet] = field(default_factory=lambda: dict(QUALITAETSZEICHEN))
    gebiete: Mapping[str, str] = field(default_factory=dict)
    indikatoren: Mapping[str, str] = field(default_factory=dict)

    @property
    def form(self) -> str:
        """ "lang", "breit" or "jahre": how the file would be described to a person."""
        werte = [s for s in self.spalten if s.rolle in WERTROLLEN]
        if any(s.stichtag for s in werte):
            return "jahre"
        return "breit" if any(s.indikator for s in werte) else "lang"

    @property
    def gruppen(self) -> dict[Gruppenschluessel, dict[Rolle, int]]:
        """Column positions (from 0) of each value group, in the order of the file."""
        gruppen: dict[Gruppenschluessel, dict[Rolle, int]] = {}
        for i, spalte in enumerate(self.spalten):
            if spalte.rolle in WERTROLLEN:
                gruppen.setdefault(spalte.schluessel, {}).setdefault(spalte.rolle, i)
        for i, spalte in enumerate(self.spalten):
            if spalte.rolle == Rolle.QUALITAET:
                for schluessel, gruppe in gruppen.items():
                    if spalte.schluessel in (schluessel, ("", "")):
                        gruppe.setdefault(Rolle.QUALITAET, i)
        return gruppen

    @property
    def fehlend(self) -> list[str]:
        """What a person still has to say before the file can be read; German, empty when it can."""
        gruppen = self.gruppen
        fehlt = []
        if self.spalte(Rolle.GEBIET_NUMMER) is None and self.spalte(Rolle.GEBIET_NAME) is None:
            fehlt.append("Welche Spalte nennt das Gebiet?")
        if not gruppen:
            fehlt.append("Welche Spalten enthalten Werte?")
        if not self.indikator and self.spalte(Rolle.INDIKATOR) is None and any(not i for i, _ in gruppen):
            fehlt.append("Zu welchem Indikator gehören die Werte?")
        if not self.stichtag and self.spalte(Rolle.JAHR) is None and any(not s for _, s in gruppen):
            fehlt.append("Für welches Jahr oder welchen Stichtag gelten die Werte?")
        if any(Rolle.ZAEHLER not in g and Rolle.WERT not in g for g in gruppen.values()):
            fehlt.append("Zu einem Nenner fehlt der Zähler oder der Wert.")
        return fehlt + self._doppelte()

    def spalte(self, rolle: Rolle) -> int | None:
        """Return the position (from 0) of the first column with this role."""
        return next((i for i, s in enumerate(self.spalten) if s.rolle == rolle), None)

    def als_dict(self) -> dict[str, Any]:
        """Return plain JSON values; `aus_dict` restores an equal object."""
        werte = {f.name: getattr(self, f.name) for f in fields(self)}
        werte["spalten"] = [_spalte_als_dict(s) for s in self.spalten]
        for name in ("symbole", "qualitaetszeichen", "gebiete", "indikatoren"):
            werte[name] = {k: str(v) for k, v in werte[name].items()}
        return werte

    @classmethod
    def aus_dict(cls, daten: Mapping[str, Any]) -> "Einstellungen":
        """Restore settings from JSON values.

        Raises
        ------
        Einstellungsfehler
            Unknown key, wrong type, unknown role, state, quality or date.
        """
        if not isinstance(daten, Mapping):
            raise Einstellungsfehler("Einstellungen: erwartet wird ein Objekt.")
        unbekannt = set(daten) - {f.name for f in fields(cls)}
        if unbekannt:
            raise Einstellungsfehler(
                f"Einstellungen: unbekannte Angabe {', '.join(sorted(map(str, unbekannt)))}."
            )
        werte = {name: _gepruefte_angabe(name, wert) for name, wert in daten.items()}
        return cls(**werte)

    def _doppelte(self) -> list[str]:
        rollen = [s.rolle for s in self.spalten]
        doppelt = [f"Zwei Spalten sind als „{r.titel}“ zugeordnet." for r in EINMALIG if rollen.count(r) > 1]
        werte = [(s.rolle, s.schluessel) for s in self.spalten if s.rolle in WERTROLLEN]
        if len(set(werte)) < len(werte):
            doppelt.append(
                "Zwei Spalten liefern dieselbe Angabe (gleiche Rolle, gleicher Indikator, gleicher Stichtag)."
            )
        return doppelt


def _spalte_als_dict(spalte: Spalte) -> dict[str, str]:
    angaben = {"rolle": str(spalte.rolle), "indikator": spalte.indikator, "stichtag": spalte.stichtag}
    return {k: v for k, v in angaben.items() if v}


def _gepruefte_angabe(name: str, wert: Any) -> Any:
    if name == "spalten":
        return tuple(_spalte_aus(s) for s in _typ(name, wert, list))
    if name in ("symbole", "qualitaetszeichen"):
        art = Zustand if name == "symbole" else Qualitaet
        return {_typ(name, k, str): _aus_enum(name, v, art) for k, v in _typ(name, wert, dict).items()}
    if name in ("gebiete", "indikatoren"):
        return {_typ(name, k, str): _typ(name, v, str) for k, v in _typ(name, wert, dict).items()}
    if name in ("kopf_von", "kopf_bis") or (name == "daten_bis" and wert is not None):
        return _zeilennummer(name, wert)
    return wert if name == "daten_bis" else _text(name, wert)


def _text(name: str, wert: Any) -> str:
    text = _typ(name, wert, str)
    if name == "trennzeichen" and text not in ("", ";", ",", "\t", "|"):
        raise Einstellungsfehler("Einstellungen: als Trennzeichen gelten Semikolon, Komma, Tabulator und |.")
    if name == "dezimalzeichen" and text not in ("", ",", "."):
        raise Einstellungsfehler("Einstellungen: als Dezimalzeichen gelten Komma und Punkt.")
    if name == "kodierung" and text not in ("", *KODIERUNGEN):
        raise Einstellungsfehler(f"Einstellungen: als Kodierung gelten {', '.join(KODIERUNGEN)}.")
    return _datum(name, text) if name == "stichtag" else text


def _spalte_aus(daten: Any) -> Spalte:
    angaben = _typ("spalten", daten, dict)
    if set(angaben) - {"rolle", "indikator", "stichtag"}:
        raise Einstellungsfehler("Einstellungen: unbekannte Angabe an einer Spalte.")
    return Spalte(
        rolle=_aus_enum("rolle", angaben.get("rolle", Rolle.IGNORIEREN), Rolle),
        indikator=_typ("indikator", angaben.get("indikator", ""), str),
        stichtag=_datum("stichtag", _typ("stichtag", angaben.get("stichtag", ""), str)),
    )


def _zeilennummer(name: str, wert: Any) -> int:
    zahl = _typ(name, wert, int)
    if isinstance(wert, bool) or zahl < 0:
        raise Einstellungsfehler(f"Einstellungen: „{name}“ ist keine Zeilennummer.")
    return zahl


def _datum(name: str, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError as fehler:
        raise Einstellungsfehler(f"Einstellungen: „{name}“ ist kein Datum (JJJJ-MM-TT).") from fehler


def _aus_enum(name: str, wert: Any, art: type[StrEnum]) -> Any:
    try:
        return art(_typ(name, wert, str))
    except ValueError as fehler:
        if isinstance(fehler, Einstellungsfehler):
            raise
        raise Einstellungsfehler(f"Einstellungen: „{wert}“ gibt es bei „{name}“ nicht.") from fehler


def _typ(name: str, wert: Any, art: type) -> Any:
    if not isinstance(wert, art):
        raise Einstellungsfehler(f"Einstellungen: „{name}“ hat den falschen Typ.")
    return wert
