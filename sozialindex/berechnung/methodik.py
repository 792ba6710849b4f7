"""Strict reading of the record that defines an index."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum
from itertools import pairwise
from typing import Any

from .fehler import Methodikfehler
from .pruefung import Pruefer
from .satz import (
    FORMELANFAENGE,
    STELLEN,
    Aggregation,
    Ausschluss,
    Dynamik,
    Dynamikmass,
    Einschluss,
    Indexbildung,
    Indikator,
    Klassenart,
    Klassierung,
    Methodik,
    Normierung,
    Normierungsart,
    Nullpunkt,
    Robustheitsvorgabe,
    Skala,
    Standardabweichung,
    Transformation,
)

__all__ = ["Methodik", "Methodikfehler", "lies_methodik"]

SCHLUESSELMUSTER = r"[A-Za-z0-9][A-Za-z0-9_-]{0,49}"
# Column names and prefixes of the value and result files; no indicator may be called like them.
BELEGTE_NAMEN = ("gebiet", "name", "einwohner")
BELEGTE_ANFAENGE = ("dyn_", "beitrag_")


def lies_methodik(daten: Mapping[str, Any] | str | bytes) -> Methodik:
    """Check a record completely and return it as frozen objects.

    Parameters
    ----------
    daten
        The JSON object, or its text (UTF-8 when bytes). Optional keys and what they mean when absent:
        `hinweis` "", `definition` 1, `transformation` "keine", `ausgeschlossen` [], `robustheit` 1000 runs,
        start value 46042, noise 0.25; with `dynamik.jahre` null the other keys of `dynamik`.

    Raises
    ------
    Methodikfehler
        With one German message per fault, all faults at once.
    """
    pruefer = Pruefer()
    if isinstance(daten, str | bytes):
        daten = _lies_json(daten, pruefer)
    if pruefer.meldungen:
        raise Methodikfehler(pruefer.meldungen)
    methodik = _methodik(daten, pruefer)
    if pruefer.meldungen:
        raise Methodikfehler(pruefer.meldungen)
    return methodik


def _lies_json(text: str | bytes, pruefer: Pruefer) -> Any:
    def ohne_doppelte(paare: list[tuple[str, Any]]) -> dict[str, Any]:
        for schluessel, anzahl in Counter(schluessel for schluessel, _ in paare).items():
            if anzahl > 1:
                pruefer.melde("Methodik", f"der Schlüssel „{schluessel}“ steht mehrfach im selben Objekt.")
        return dict(paare)

    try:
        klartext = text.decode("utf-8-sig") if isinstance(text, bytes) else text
        return json.loads(klartext, object_pairs_hook=ohne_doppelte)
    except UnicodeDecodeError:
        pruefer.melde("Methodik", "die Datei ist nicht in UTF-8 geschrieben.")
    except json.JSONDecodeError as fehler:
        pruefer.melde("Methodik", f"kein gültiges JSON in Zeile {fehler.lineno}, Spalte {fehler.colno}.")
    except (ValueError, RecursionError):
        pruefer.melde("Methodik", "kein lesbares JSON (Zahl zu lang oder zu tief verschachtelt).")
    return None


OBERSTE_SCHLUESSEL = (
    "schluessel",
    "version",
    "titel",
    "indikatoren",
    "einschluss",
    "normierung",
    "index",
    "status",
    "dynamik",
)
VORGABE_ROBUSTHEIT = {"laeufe": 1000, "startwert": 46042, "gewichtsrauschen": 0.25}
VORGABE_DYNAMIK = {
    "mass": "prozentpunkte",
    "art": "fest",
    "grenzen": [-1, 1],
    "klassen": ["positiv", "stabil", "negativ"],
}


class _Leser:
    """Fields of one object; a missing key was reported already and is answered with a harmless value."""

    def __init__(
        self,
        pruefer: Pruefer,
        wert: Any,
        ort: str,
        pflicht: Iterable[str],
        vorgaben: Mapping[str, Any] | None = None,
    ) -> None:
        self.pruefer = pruefer
        self.ort = ort
        self.werte = {**(vorgaben or {}), **pruefer.objekt(wert, ort or "Methodik", pflicht, vorgaben or {})}

    def stelle(self, schluessel: str) -> str:
        return f"{self.ort}.{schluessel}" if self.ort else schluessel

    def lies(self, schluessel: str, lesart: str, ersatz: Any, *args: Any, **kwargs: Any) -> Any:
        """Check one key with the method `lesart` of the checker; `ersatz` when the key is missing."""
        if schluessel not in self.werte:
            return ersatz
        return getattr(self.pruefer, lesart)(self.werte[schluessel], self.stelle(schluessel), *args, **kwargs)

    def wort(self, schluessel: str, woerter: type[StrEnum]) -> Any:
        return self.lies(schluessel, "wort", next(iter(woerter)), woerter)

    def ganzzahl(self, schluessel: str, kleinste: int, groesste: int) -> int:
        return self.lies(schluessel, "ganzzahl", kleinste, kleinste, groesste)

    def liste(self, schluessel: str, mindestens: int = 0) -> list[Any]:
        return self.lies(schluessel, "liste", [], mindestens)


def _methodik(daten: Any, pruefer: Pruefer) -> Methodik:
    vorgaben = {"hinweis": "", "robustheit": VORGABE_ROBUSTHEIT}
    leser = _Leser(pruefer, daten, "", OBERSTE_SCHLUESSEL, vorgaben)
    indikatoren = _indikatoren(leser)
    methodik = Methodik(
        schluessel=leser.lies("schluessel", "text", "", muster=SCHLUESSELMUSTER),
        version=leser.ganzzahl("version", 1, 32_767),
        titel=leser.lies("titel", "text", ""),
        hinweis=leser.lies("hinweis", "text", "", leer=True, hoechstens=2000),
        indikatoren=indikatoren,
        einschluss=_einschluss(pruefer, leser.werte.get("einschluss", {}), len(indikatoren)),
        normierung=_normierung(pruefer, leser.werte.get("normierung", {})),
        index=_indexbildung(pruefer, leser.werte.get("index", {})),
        status=_klassierung(
            _Leser(pruefer, leser.werte.get("status", {}), "status", ("art", "grenzen", "klassen"))
        ),
        dynamik=_dynamik(pruefer, leser.werte.get("dynamik", {})),
        robustheit=_robustheit(pruefer, leser.werte["robustheit"]),
    )
    geometrisch = methodik.index.aggregation is Aggregation.GEOMETRISCH
    if geometrisch and methodik.normierung.art is not Normierungsart.MINMAX:
        pruefer.melde("index.aggregation", "„geometrisch“ ist nur mit normierung.art „minmax“ möglich.")
    return methodik


def _indikatoren(leser: _Leser) -> tuple[Indikator, ...]:
    eintraege = leser.liste("indikatoren", mindestens=1)
    indikatoren = tuple(
        _indikator(leser.pruefer, eintrag, f"indikatoren, Eintrag {nummer}")
        for nummer, eintrag in enumerate(eintraege, start=1)
    )
    _melde_doppelte(leser.pruefer, "indikatoren", [indikator.schluessel for indikator in indikatoren])
    return indikatoren


def _melde_doppelte(pruefer: Pruefer, ort: str, woerter: Iterable[str]) -> None:
    for wort, anzahl in Counter(woerter).items():
        if wort and anzahl > 1:
            pruefer.melde(ort, f"„{wort}“ kommt {anzahl}-mal vor.")


def _indikator(pruefer: Pruefer, wert: Any, ort: str) -> Indikator:
    vorgaben = {"definition": 1, "transformation": "keine"}
    leser = _Leser(pruefer, wert, ort, ("schluessel", "polung", "gewicht"), vorgaben)
    schluessel = leser.lies("schluessel", "text", "", muster=SCHLUESSELMUSTER)
    if schluessel in BELEGTE_NAMEN or schluessel.startswith(BELEGTE_ANFAENGE):
        pruefer.melde(
            leser.stelle("schluessel"), f"„{schluessel}“ ist als Spaltenname der Wertedatei vergeben."
        )
    return Indikator(
        schluessel=schluessel,
        definition=leser.ganzzahl("definition", 1, 1_000_000),
        polung=_polung(leser),
        gewicht=_gewicht(leser),
        transformation=leser.wort("transformation", Transformation),
    )


def _polung(leser: _Leser) -> int:
    polung = leser.ganzzahl("polung", -1, 1)
    if polung == 0:
        leser.pruefer.melde(leser.stelle("polung"), "muss 1 oder −1 sein, nicht 0.")
    return polung


def _gewicht(leser: _Leser) -> float:
    gewicht = leser.lies("gewicht", "zahl", None)
    if gewicht is not None and gewicht < KLEINSTES_GEWICHT:
        leser.pruefer.melde(leser.stelle("gewicht"), f"muss größer als 0 sein, nicht {gewicht:g}.")
    return gewicht or 0.0


# A positive weight below this would vanish in the sum; it is refused like zero.
KLEINSTES_GEWICHT = 1e-9


def _einschluss(pruefer: Pruefer, wert: Any, anzahl: int) -> Einschluss:
    leser = _Leser(pruefer, wert, "einschluss", ("min_einwohner", "min_indikatoren"), {"ausgeschlossen": []})
    eintraege = leser.liste("ausgeschlossen")
    ausgeschlossen = tuple(
        _ausschluss(pruefer, eintrag, f"einschluss.ausgeschlossen, Eintrag {nummer}")
        for nummer, eintrag in enumerate(eintraege, start=1)
    )
    _melde_doppelte(pruefer, "einschluss.ausgeschlossen", [eintrag.gebiet for eintrag in ausgeschlossen])
    return Einschluss(
        min_einwohner=leser.ganzzahl("min_einwohner", 0, 100_000_000),
        min_indikatoren=leser.ganzzahl("min_indikatoren", 1, max(anzahl, 1)),
        ausgeschlossen=ausgeschlossen,
    )


def _ausschluss(pruefer: Pruefer, wert: Any, ort: str) -> Ausschluss:
    leser = _Leser(pruefer, wert, ort, ("gebiet", "grund"))
    return Ausschluss(
        gebiet=leser.lies("gebiet", "text", "", hoechstens=20),
        grund=leser.lies("grund", "text", "", hoechstens=250),
    )


def _normierung(pruefer: Pruefer, wert: Any) -> Normierung:
    leser = _Leser(pruefer, wert, "normierung", ("art", "standardabweichung", "nullpunkt"))
    return Normierung(
        art=leser.wort("art", Normierungsart),
        standardabweichung=leser.wort("standardabweichung", Standardabweichung),
        nullpunkt=leser.wort("nullpunkt", Nullpunkt),
    )


def _indexbildung(pruefer: Pruefer, wert: Any) -> Indexbildung:
    leser = _Leser(pruefer, wert, "index", ("aggregation", "skala"))
    return Indexbildung(aggregation=leser.wort("aggregation", Aggregation), skala=leser.wort("skala", Skala))


def _status(pruefer: Pruefer, wert: Any) -> Klassierung:
    return _klassierung(_Leser(pruefer, wert, "status", ("art", "grenzen", "klassen")))


def _klassierung(leser: _Leser) -> Klassierung:
    art = leser.wort("art", Klassenart)
    grenzen = _grenzen(leser, art)
    klassen = tuple(
        leser.pruefer.text(klasse, f"{leser.stelle('klassen')}, Eintrag {nummer}", hoechstens=40)
        for nummer, klasse in enumerate(leser.liste("klassen"), start=1)
    )
    _melde_doppelte(leser.pruefer, leser.stelle("klassen"), klassen)
    for klasse in klassen:
        if klasse.startswith(FORMELANFAENGE):
            text = f"„{klasse}“ darf nicht mit =, +, - oder @ beginnen (Tabellen lesen es als Formel)."
            leser.pruefer.melde(leser.stelle("klassen"), text)
    if len(klassen) != len(grenzen) + 1 and {"klassen", "grenzen"} <= set(leser.werte):
        text = f"zu {len(grenzen)} Grenzen gehören {len(grenzen) + 1} Klassen, nicht {len(klassen)}."
        leser.pruefer.melde(leser.stelle("klassen"), text)
    return Klassierung(art=art, grenzen=grenzen, klassen=klassen)


def _grenzen(leser: _Leser, art: Klassenart) -> tuple[float, ...]:
    ort = leser.stelle("grenzen")
    eintraege = leser.liste("grenzen", mindestens=1)
    gelesen = [
        leser.pruefer.zahl(wert, f"{ort}, Eintrag {nummer}") for nummer, wert in enumerate(eintraege, start=1)
    ]
    zahlen = [round(zahl, STELLEN) for zahl in gelesen if zahl is not None]
    if any(links >= rechts for links, rechts in pairwise(zahlen)):
        leser.pruefer.melde(ort, "die Grenzen müssen aufsteigen, jede größer als die vorige.")
    if art is Klassenart.QUANTIL and not all(0 < zahl < 1 for zahl in zahlen):
        leser.pruefer.melde(ort, "Quantile sind Anteile und liegen zwischen 0 und 1 (beide ausgeschlossen).")
    return tuple(0.0 if zahl is None else zahl for zahl in gelesen)


def _dynamik(pruefer: Pruefer, wert: Any) -> Dynamik:
    ohne_dynamik = isinstance(wert, Mapping) and wert.get("jahre", 1) is None
    pflicht, vorgaben = ("jahre", *VORGABE_DYNAMIK), {}
    if ohne_dynamik:
        pflicht, vorgaben = ("jahre",), VORGABE_DYNAMIK
    leser = _Leser(pruefer, wert, "dynamik", pflicht, vorgaben)
    return Dynamik(
        jahre=None if ohne_dynamik else leser.ganzzahl("jahre", 1, 100),
        mass=leser.wort("mass", Dynamikmass),
        klassierung=_klassierung(leser),
    )


def _robustheit(pruefer: Pruefer, wert: Any) -> Robustheitsvorgabe:
    leser = _Leser(pruefer, wert, "robustheit", tuple(VORGABE_ROBUSTHEIT))
    rauschen = leser.lies("gewichtsrauschen", "zahl", None)
    if rauschen is not None and not 0 <= rauschen < 1:
        pruefer.melde("robustheit.gewichtsrauschen", "muss mindestens 0 und kleiner als 1 sein.")
    return Robustheitsvorgabe(
        laeufe=leser.ganzzahl("laeufe", 1, 100_000),
        startwert=leser.ganzzahl("startwert", 0, 2**63 - 1),
        gewichtsrauschen=rauschen or 0.0,
    )
