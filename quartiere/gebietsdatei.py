"""Reads and checks a file of areas as a whole; plain Python, no database."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from oberhausen_sozialplanung.werkzeuge.text import vergleichsform
from quartiere.nummern import einwand

PFLICHTSPALTEN = ("nummer", "name", "sozialraum_nummer", "sozialraum", "einwohner")
WAHLSPALTEN = ("alias", "kachel_x", "kachel_y")
LAENGE = {"nummer": 20, "name": 120, "sozialraum_nummer": 20, "sozialraum": 120}
ALIAS_LAENGE = 120
GROESSTE_KACHEL = 999
# The sum over the whole city must fit into a signed 32-bit column.
GROESSTE_EINWOHNERZAHL = 2_147_483_647
_GANZE_ZAHL = re.compile(r"\d+|\d{1,3}(\.\d{3})+", re.ASCII)
_ZEHNERPOTENZ = re.compile(r"\d+([.,]\d+)?E\+?\d+", re.ASCII | re.IGNORECASE)


class GebietsdateiFehler(ValueError):
    """The file is refused; `meldungen` holds one German sentence per finding, in row order."""

    def __init__(self, meldungen: Iterable[str]):
        self.meldungen = tuple(meldungen)
        super().__init__("\n".join(self.meldungen))


@dataclass(frozen=True)
class Gebietszeile:
    """One Sozialquartier of the file; `zeile` is the line in the file, counted from 1."""

    zeile: int
    nummer: str
    name: str
    sozialraum_nummer: str
    sozialraum: str
    einwohner: int | None = None
    aliase: tuple[str, ...] = ()
    kachel_x: int | None = None
    kachel_y: int | None = None


@dataclass(frozen=True)
class Gebietsdatei:
    """A checked file: rows in file order, whether it places tiles, headers nobody reads."""

    zeilen: tuple[Gebietszeile, ...]
    mit_kacheln: bool
    ungenutzt: tuple[str, ...] = ()


class Befund(NamedTuple):
    """A finding at a line of the file; sorts by line."""

    zeile: int
    text: str

    def __str__(self) -> str:
        return f"Zeile {self.zeile}: {self.text}"


class _Rohzeile(NamedTuple):
    zeile: int
    zellen: dict[str, str]


def lies_gebietsdatei(inhalt: bytes) -> Gebietsdatei:
    """Read the bytes of a CSV file of areas and check all of it before anything is used.

    Parameters
    ----------
    inhalt
        UTF-8 with or without byte order mark, UTF-16 with byte order mark, or cp1252; delimiter `;` or `,`.
        Columns `nummer;name;sozialraum_nummer;sozialraum;einwohner`, optional `alias` (separated by `|`),
        `kachel_x`, `kachel_y`, in any order. Numbers are text: leading zeros stay. Empty `einwohner` is
        unknown (None), never 0.

    Raises
    ------
    GebietsdateiFehler
        With all findings at once: missing columns, empty or overlong cells, double or disallowed numbers,
        contradictory Sozialräume, names, other names and tiles, figures that are no whole numbers.
    """
    spalten, rohzeilen = _zerlege(_entschluessle(inhalt))
    befunde: list[Befund] = []
    zeilen = [_deute(roh, befunde) for roh in rohzeilen]
    befunde += _widersprueche(zeilen)
    if befunde:
        raise GebietsdateiFehler(str(befund) for befund in sorted(set(befunde)))
    _pruefe_summe(zeilen)
    return Gebietsdatei(
        zeilen=tuple(zeilen),
        mit_kacheln="kachel_x" in spalten,
        ungenutzt=tuple(s for s in spalten if s and s not in PFLICHTSPALTEN + WAHLSPALTEN),
    )


def _entschluessle(inhalt: bytes) -> str:
    kodierung = "utf-16" if inhalt.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = inhalt.decode(kodierung)
    except UnicodeDecodeError:
        text = inhalt.decode("cp1252", errors="replace")
    if "\x00" in text or "\ufffd" in text:
        raise GebietsdateiFehler(
            ["Die Datei ist keine lesbare CSV-Datei. Bitte speichern Sie die Tabelle als „CSV UTF-8“."]
        )
    return text


def _zerlege(text: str) -> tuple[list[str], list[_Rohzeile]]:
    kopf, _, _ = text.lstrip().partition("\n")
    leser = csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in kopf else ",", strict=True)
    try:
        zeilen = [(nummer, zellen) for nummer, zellen in _nummeriert(leser) if any(zelle for zelle in zellen)]
    except csv.Error as fehler:
        raise GebietsdateiFehler(
            [f"Zeile {leser.line_num}: nicht lesbar (Anführungszeichen oder eine zu lange Zelle)."]
        ) from fehler
    if not zeilen:
        raise GebietsdateiFehler(["Die Datei ist leer."])
    spalten = [spalte.casefold() for spalte in zeilen[0][1]]
    _pruefe_kopf(spalten)
    if len(zeilen) == 1:
        raise GebietsdateiFehler(["Die Datei enthält nur die Kopfzeile und keine Gebiete."])
    return spalten, [_benannt(nummer, zellen, spalten) for nummer, zellen in zeilen[1:]]


def _nummeriert(leser) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with the line it starts on; white space inside cells is reduced to single blanks."""
    beginn = 1
    for zellen in leser:
        yield beginn, [" ".join(zelle.split()) for zelle in zellen]
        beginn = leser.line_num + 1


def _pruefe_kopf(spalten: list[str]) -> None:
    meldungen = [f"Die Spalte „{spalte}“ fehlt." for spalte in PFLICHTSPALTEN if spalte not in spalten]
    doppelt = {spalte for spalte in spalten if spalte and spalten.count(spalte) > 1}
    meldungen += [f"Die Spalte „{spalte}“ kommt mehrfach vor." for spalte in sorted(doppelt)]
    if ("kachel_x" in spalten) != ("kachel_y" in spalten):
        meldungen.append("Die Spalten „kachel_x“ und „kachel_y“ gehören zusammen; eine davon fehlt.")
    if meldungen:
        erwartet = ";".join(PFLICHTSPALTEN)
        raise GebietsdateiFehler([*meldungen, f"Erwartet wird eine Kopfzeile wie {erwartet}."])


def _benannt(nummer: int, zellen: list[str], spalten: list[str]) -> _Rohzeile:
    ueberzaehlig = any(zellen[len(spalten) :])
    if ueberzaehlig:
        raise GebietsdateiFehler(
            [
                f"Zeile {nummer}: {len(zellen)} Zellen statt {len(spalten)}. "
                "Ein Name mit Trennzeichen braucht Anführungszeichen."
            ]
        )
    return _Rohzeile(nummer, dict(zip(spalten, zellen + [""] * len(spalten), strict=False)))


def _deute(roh: _Rohzeile, befunde: list[Befund]) -> Gebietszeile:
    def beanstande(text: str) -> None:
        befunde.append(Befund(roh.zeile, text))

    texte = {spalte: roh.zellen[spalte] for spalte in LAENGE}
    for spalte, wert in texte.items():
        if not wert:
            beanstande(f"„{spalte}“ ist leer.")
        elif len(wert) > LAENGE[spalte]:
            beanstande(f"„{spalte}“ ist länger als {LAENGE[spalte]} Zeichen.")
        elif spalte.endswith("nummer") and _ZEHNERPOTENZ.fullmatch(wert):
            beanstande(
                f"„{spalte}“ {wert} hat eine Tabellenkalkulation umgerechnet; bitte als Text speichern."
            )
        elif spalte.endswith("nummer") and (grund := einwand(wert)):
            beanstande(f"„{spalte}“ {wert} ist nicht erlaubt. {grund}")
    kachel_x, kachel_y = (_kachel(roh.zellen, spalte, beanstande) for spalte in ("kachel_x", "kachel_y"))
    if (kachel_x is None) != (kachel_y is None):
        beanstande("„kachel_x“ und „kachel_y“ müssen beide gefüllt oder beide leer sein.")
    return Gebietszeile(
        zeile=roh.zeile,
        einwohner=_einwohner(roh.zellen["einwohner"], beanstande),
        aliase=_aliase(roh.zellen.get("alias", ""), texte["name"], beanstande),
        kachel_x=kachel_x,
        kachel_y=kachel_y,
        **texte,
    )


def _einwohner(text: str, beanstande) -> int | None:
    if not text:
        return None
    if not _GANZE_ZAHL.fullmatch(text) or len(text) > 13:
        beanstande(f"„einwohner“ {text} ist keine ganze Zahl ab 0.")
        return None
    return int(text.replace(".", ""))


def _kachel(zellen: dict[str, str], spalte: str, beanstande) -> int | None:
    text = zellen.get(spalte, "")
    if not text:
        return None
    if not re.fullmatch(r"\d{1,3}", text, re.ASCII):
        beanstande(f"„{spalte}“ {text} ist keine ganze Zahl von 0 bis {GROESSTE_KACHEL}.")
        return None
    return int(text)


def _aliase(text: str, name: str, beanstande) -> tuple[str, ...]:
    aliase = dict.fromkeys(
        teil for teil in (teil.strip() for teil in text.split("|")) if teil and teil != name
    )
    for alias in aliase:
        if len(alias) > ALIAS_LAENGE:
            beanstande(f"Ein anderer Name in „alias“ ist länger als {ALIAS_LAENGE} Zeichen.")
    return tuple(aliase)


def _widersprueche(zeilen: list[Gebietszeile]) -> Iterator[Befund]:
    yield from _doppelte(zeilen, lambda z: z.nummer, "Die Nummer {0}")
    yield from _doppelte(
        zeilen,
        lambda z: z.name and (z.name, z.sozialraum_nummer),
        "Der Name „{0}“ im Sozialraum {1}",
    )
    yield from _doppelte(
        zeilen,
        lambda z: None if None in (z.kachel_x, z.kachel_y) else (z.kachel_x, z.kachel_y),
        "Die Kachel {0}/{1}",
    )
    yield from _sozialraum_widersprueche(zeilen)
    yield from _alias_widersprueche(zeilen)


def _doppelte(zeilen: list[Gebietszeile], merkmal, satz: str) -> Iterator[Befund]:
    """Name every row whose feature an earlier row has already; rows without the feature do not count."""
    zuerst: dict = {}
    for zeile in zeilen:
        if not (wert := merkmal(zeile)):
            continue
        erste = zuerst.setdefault(wert, zeile.zeile)
        if erste != zeile.zeile:
            teile = wert if isinstance(wert, tuple) else (wert,)
            yield Befund(zeile.zeile, f"{satz.format(*teile)} steht schon in Zeile {erste}.")


def _sozialraum_widersprueche(zeilen: list[Gebietszeile]) -> Iterator[Befund]:
    namen: dict[str, Gebietszeile] = {}
    nummern: dict[str, Gebietszeile] = {}
    for zeile in zeilen:
        if not (zeile.sozialraum and zeile.sozialraum_nummer):
            continue
        erste = namen.setdefault(zeile.sozialraum_nummer, zeile)
        if erste.sozialraum != zeile.sozialraum:
            yield Befund(
                zeile.zeile,
                f"Der Sozialraum {zeile.sozialraum_nummer} heißt hier „{zeile.sozialraum}“, "
                f"in Zeile {erste.zeile} aber „{erste.sozialraum}“.",
            )
        erste = nummern.setdefault(zeile.sozialraum, zeile)
        if erste.sozialraum_nummer != zeile.sozialraum_nummer:
            yield Befund(
                zeile.zeile,
                f"Der Sozialraum „{zeile.sozialraum}“ hat hier die Nummer {zeile.sozialraum_nummer}, "
                f"in Zeile {erste.zeile} aber {erste.sozialraum_nummer}.",
            )


def _alias_widersprueche(zeilen: list[Gebietszeile]) -> Iterator[Befund]:
    """Name other names that a delivery could not tell apart, compared as deliveries are compared."""
    namen = {vergleichsform(zeile.name): zeile for zeile in reversed(zeilen)}
    vergeben: dict[str, Gebietszeile] = {}
    for zeile in zeilen:
        for alias in zeile.aliase:
            form = vergleichsform(alias)
            traeger = namen.get(form, zeile)
            if traeger.nummer != zeile.nummer:
                yield Befund(
                    zeile.zeile,
                    f"Der andere Name „{alias}“ ist der Name des Gebiets in Zeile {traeger.zeile}.",
                )
            erste = vergeben.setdefault(form, zeile)
            if erste.nummer != zeile.nummer:
                yield Befund(zeile.zeile, f"Der andere Name „{alias}“ steht schon in Zeile {erste.zeile}.")


def _pruefe_summe(zeilen: list[Gebietszeile]) -> None:
    if sum(zeile.einwohner or 0 for zeile in zeilen) > GROESSTE_EINWOHNERZAHL:
        raise GebietsdateiFehler(
            [
                "Die Einwohnerzahlen ergeben zusammen mehr als 2.147.483.647. "
                "Bitte prüfen Sie die Spalte „einwohner“."
            ]
        )
