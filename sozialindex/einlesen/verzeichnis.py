"""The areas and indicators a delivery may speak of, as plain values; found tolerantly, never guessed."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from oberhausen_sozialplanung.werkzeuge.text import ohne_fussnote, vergleichsform

Ebene = Literal["quartier", "sozialraum", "stadt"]
EBENEN: tuple[Ebene, ...] = ("quartier", "sozialraum", "stadt")
FORMELZEICHEN = ("=", "+", "-", "@")
_GESAMT = (
    "stadt", "insgesamt", "gesamtstadt", "gesamt", "summe", "stadtinsgesamt", "stadtgesamt", "summestadt",
    "gesamtsumme", "stadtsumme", "alle", "zusammen", "allequartiere", "stadtgebiet", "stadtgebietinsgesamt",
)  # fmt: skip
_RAUMWORT = re.compile(
    r"^\s*(?:sozialr(?:ä|ae)um|sozialraum|sr\.?)\s+(?=\S)|\s+(?:insgesamt|zusammen)\s*$", re.IGNORECASE
)
_NUMMER_NAME = re.compile(r"\s*(\d{1,12})[\s:–-]+(\D.*)")
_IN_PROZENT = re.compile(
    r"\s*[\[(,]?\s*in\s*(?:%|prozent|v\.\s?h\.)\s*[\])]?|\s*[\[(]\s*%\s*[\])]|%", re.IGNORECASE
)


class Gebietsfehler(ValueError):
    """No area, or not one; `spalte` says whether the number or the name is to blame."""

    def __init__(self, meldung: str, spalte: Literal["nummer", "name"]):
        super().__init__(meldung)
        self.spalte = spalte


@dataclass(frozen=True, slots=True)
class Gebiet:
    """One area of the current Gebietsstand; `uebergeordnet` is the id of the area above it."""

    id: int
    ebene: Ebene
    nummer: str
    name: str
    aliases: tuple[str, ...] = ()
    uebergeordnet: int | None = None


@dataclass(frozen=True, slots=True)
class FremdesGebiet:
    """An area of another Gebietsstand; known only to say so."""

    nummer: str
    name: str
    gebietsstand: str


@dataclass(frozen=True, slots=True)
class Indikator:
    """One indicator definition; `sprunggrenze` in percentage points (anteil) or per cent (anzahl)."""

    schluessel: str
    definition_id: int
    name: str
    aliases: tuple[str, ...] = ()
    art: Literal["anteil", "anzahl"] = "anteil"
    zaehler_name: str = ""
    nenner_name: str = ""
    sprunggrenze: float | None = None


@dataclass(frozen=True)
class Verzeichnis:
    """Everything a reader may look up; `heute` replaces the clock."""

    gebiete: tuple[Gebiet, ...]
    indikatoren: tuple[Indikator, ...]
    heute: date
    weitere_gebiete: tuple[FremdesGebiet, ...] = ()

    def finde_gebiet(self, nummer: str, name: str) -> Gebiet:
        """Find the area that number and name mean together.

        Parameters
        ----------
        nummer, name : str
            One may be empty. Leading zeros count; a number that lost them in a spreadsheet is
            still found when
            nothing else has it. A number column may also hold names ("STADT").

        Raises
        ------
        Gebietsfehler
            Both empty, unknown, ambiguous, formula text, or number and name contradict each other.
        """
        nummer, name = nummer.strip(), name.strip()
        if not nummer and not name:
            raise Gebietsfehler("Das Gebiet fehlt: weder Nummer noch Name.", "nummer")
        _pruefe_formel(nummer, "nummer")
        if not nummer:
            return self._nach_namen(name)
        if not name and vergleichsform(nummer) in self._namen:
            return self._nach_namen(nummer)
        treffer = self._nach_nummer.get(nummer) or self._mit_nullen(nummer)
        if not name:
            return self._einziges(treffer, nummer)
        return self._nummer_und_name(treffer, nummer, name)

    def finde_indikator(self, text: str) -> Indikator | None:
        """Find an indicator by key, name or alias; case, hyphens, umlaut spelling and "in %" do
        not matter."""
        return self._indikatoren.get(vergleichsform(text)) or self._indikatoren.get(
            vergleichsform(ohne_einheit(text))
        )

    def ist_nummer(self, text: str) -> bool:
        """Tell whether an area has exactly this number (or this number without its leading zeros)."""
        return text in self._nach_nummer or bool(self._mit_nullen(text))

    def ist_name(self, text: str) -> bool:
        """Tell whether some area or the city goes by this name."""
        return bool(self._kandidaten(text))

    def index_von(self, gebiet: Gebiet) -> int:
        return self._stellen[gebiet.id]

    @cached_property
    def _stellen(self) -> dict[int, int]:
        return {g.id: i for i, g in enumerate(self.gebiete)}

    @cached_property
    def _nach_nummer(self) -> dict[str, list[Gebiet]]:
        return _gruppiert((g.nummer, g) for g in self.gebiete if g.nummer)

    @cached_property
    def _ohne_nullen(self) -> dict[str, list[Gebiet]]:
        return _gruppiert((g.nummer.lstrip("0"), g) for g in self.gebiete if g.nummer.startswith("0"))

    @cached_property
    def _namen(self) -> dict[str, list[Gebiet]]:
        return _gruppiert((form, g) for g in self.gebiete for form in namensformen(g))

    @cached_property
    def _indikatoren(self) -> dict[str, Indikator]:
        formen: dict[str, Indikator] = {}
        for texte in (lambda i: (i.schluessel,), lambda i: (i.name,), lambda i: i.aliases):
            for indikator in self.indikatoren:
                for text in texte(indikator):
                    for form in (vergleichsform(text), vergleichsform(ohne_einheit(text))):
                        formen.setdefault(form, indikator)
        formen.pop("", None)
        return formen

    @cached_property
    def _fremde(self) -> dict[str, FremdesGebiet]:
        nummern = {f.nummer: f for f in self.weitere_gebiete if f.nummer}
        return {vergleichsform(f.name): f for f in self.weitere_gebiete} | nummern

    def _mit_nullen(self, nummer: str) -> list[Gebiet]:
        treffer = [] if nummer.startswith("0") else self._ohne_nullen.get(nummer, [])
        return treffer if len(treffer) == 1 else []

    def _kandidaten(self, name: str) -> list[Gebiet]:
        ohne_wort = _RAUMWORT.sub("", ohne_fussnote(name))
        if ohne_wort != ohne_fussnote(name):
            raeume = [g for g in self._namen.get(vergleichsform(ohne_wort), []) if g.ebene != "quartier"]
            if raeume:
                return raeume
        return self._namen.get(vergleichsform(name), [])

    def _nach_namen(self, name: str) -> Gebiet:
        kandidaten = self._kandidaten(name)
        if not kandidaten and (teile := _NUMMER_NAME.fullmatch(name)) and self.ist_nummer(teile[1]):
            return self.finde_gebiet(teile[1], teile[2])
        if not kandidaten:
            _pruefe_formel(name, "name")
            raise Gebietsfehler(
                self._unbekannt(name, f"Das Gebiet „{_kurz(name)}“ ist nicht bekannt."), "name"
            )
        unterste = min(EBENEN.index(g.ebene) for g in kandidaten)
        auswahl = [g for g in kandidaten if EBENEN.index(g.ebene) == unterste]
        if len(auswahl) > 1:
            nummern = ", ".join(g.nummer for g in auswahl[:5])
            raise Gebietsfehler(f"Der Name „{_kurz(name)}“ ist nicht eindeutig (Nummern {nummern}).", "name")
        return auswahl[0]

    def _einziges(self, treffer: list[Gebiet], nummer: str) -> Gebiet:
        if not treffer:
            meldung = f"Ein Gebiet mit der Nummer {_kurz(nummer)} ist nicht bekannt."
            raise Gebietsfehler(self._unbekannt(nummer, meldung), "nummer")
        return min(treffer, key=lambda g: EBENEN.index(g.ebene))

    def _nummer_und_name(self, treffer: list[Gebiet], nummer: str, name: str) -> Gebiet:
        kandidaten = self._kandidaten(name)
        beide = [g for g in treffer if g in kandidaten]
        if beide:
            return beide[0]
        if not treffer:
            return self._widerspruch_nummer(nummer, name, kandidaten)
        _pruefe_formel(name, "name")
        erwartet = f"Die Nummer {nummer} gehört zu „{treffer[0].name}“"
        if kandidaten:
            anderes = kandidaten[0]
            raise Gebietsfehler(
                f"{erwartet}, der Name „{_kurz(name)}“ aber zu {anderes.nummer or anderes.name}: "
                f"Widerspruch.",
                "name",
            )
        raise Gebietsfehler(
            self._unbekannt(name, f"{erwartet}; der Name „{_kurz(name)}“ ist nicht bekannt."), "name"
        )

    def _widerspruch_nummer(self, nummer: str, name: str, kandidaten: list[Gebiet]) -> Gebiet:
        raeume = [g for g in kandidaten if not g.nummer]
        if len(raeume) == 1 and len(kandidaten) == 1:  # an area without a number of its own (often the city)
            return raeume[0]
        meldung = f"Ein Gebiet mit der Nummer {_kurz(nummer)} ist nicht bekannt"
        if kandidaten:
            raise Gebietsfehler(
                f"{meldung}; „{_kurz(name)}“ hat die Nummer {kandidaten[0].nummer}.", "nummer"
            )
        meldung = f"{meldung}, der Name „{_kurz(name)}“ auch nicht."
        raise Gebietsfehler(self._unbekannt(nummer, self._unbekannt(name, meldung)), "nummer")

    def _unbekannt(self, text: str, meldung: str) -> str:
        fremd = self._fremde.get(text.strip()) or self._fremde.get(vergleichsform(text) or "?")
        if not fremd or "Gebietsstand" in meldung:
            return meldung
        return f"{meldung} „{fremd.name}“ gehört zum Gebietsstand {fremd.gebietsstand}."


def namensformen(gebiet: Gebiet) -> set[str]:
    """Return every comparable form of an area's names; the city also answers to "insgesamt",
    "Summe" and the like."""
    formen = {vergleichsform(n) for n in (gebiet.name, *gebiet.aliases)}
    if gebiet.ebene == "stadt":
        stadt = [f.removeprefix("stadt") or f for f in formen]
        formen |= {
            f + ende for f in stadt for ende in ("stadt", "insgesamt", "gesamt", "stadtinsgesamt", "zusammen")
        }
        formen |= (
            {"stadt" + f for f in stadt}
            | {"stadt" + f + "insgesamt" for f in stadt}
            | set(stadt)
            | set(_GESAMT)
        )
    if gebiet.ebene == "sozialraum":
        formen |= {"sozialraum" + f for f in formen}
    return formen - {""}


def ohne_einheit(text: str) -> str:
    """Cut "in %", "(in Prozent)" and footnote marks off an indicator's name."""
    return ohne_fussnote(_IN_PROZENT.sub("", ohne_fussnote(text)))


def _gruppiert(paare: Iterable[tuple[str, Gebiet]]) -> dict[str, list[Gebiet]]:
    gruppen: dict[str, list[Gebiet]] = {}
    for schluessel, gebiet in paare:
        gruppen.setdefault(schluessel, []).append(gebiet)
    return gruppen


def _pruefe_formel(text: str, spalte: Literal["nummer", "name"]) -> None:
    if text.startswith(FORMELZEICHEN):
        raise Gebietsfehler(
            f"Unbekanntes Gebiet: „{_kurz(text)}“ ist eine Formel oder beginnt wie eine, kein Name "
            f"oder Schlüssel.",
            spalte,
        )


def _kurz(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
