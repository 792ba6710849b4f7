"""Years and reporting dates as offices write them; "today" is always an argument."""

import re
from datetime import date, timedelta

FRUEHESTES_JAHR = 1950
MONATE = {
    name: nummer
    for nummer, namen in enumerate(
        ("januar jan jänner", "februar feb", "märz mrz maerz", "april apr", "mai", "juni jun", "juli jul",
         "august aug", "september sep sept", "oktober okt", "november nov", "dezember dez"),
        start=1,
    )
    for name in namen.split()
}  # fmt: skip
_JAHR = re.compile(r"(?:jahr\s+)?(\d{4})(?:\.0)?", re.IGNORECASE)
_DEUTSCH = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00)?)?")
_MONAT_ZAHL = re.compile(r"(\d{1,2})[/.](\d{4})|(\d{4})-(\d{2})")
_MONAT_WORT = re.compile(r"([A-Za-zäÄ]{3,9})\.?\s+(\d{4})")
_IM_TEXT = (
    re.compile(r"\b\d{1,2}\.\s?\d{1,2}\.\s?(?:19|20)\d\d\b"),
    re.compile(r"\b(?:19|20)\d\d-\d\d-\d\d\b"),
    re.compile(r"\b(?:" + "|".join(MONATE) + r")\.?\s+(?:19|20)\d\d\b", re.IGNORECASE),
    re.compile(r"(?<![\d.,])(?:19|20)\d\d(?![\d.,]\d|\d)"),
)


class Stichtagfehler(ValueError):
    """No year or date, or one that cannot be; German message."""


def stichtag_lesen(zelle: object, heute: date) -> date:
    """Read a year (its 31 December), a month (its last day) or a date.

    Raises
    ------
    Stichtagfehler
        Missing, not readable, before 1950, in the future. The current year as a bare year is allowed.
    """
    text = zelle.isoformat() if isinstance(zelle, date) else str(zelle).strip()
    if not text:
        raise Stichtagfehler("Das Jahr oder der Stichtag fehlt.")
    tag, nur_jahr = _gelesen(text)
    if tag.year < FRUEHESTES_JAHR:
        raise Stichtagfehler(f"„{text}“ liegt vor {FRUEHESTES_JAHR}.")
    if tag.year > heute.year or (tag > heute and not nur_jahr):
        raise Stichtagfehler(f"„{text}“ liegt in der Zukunft.")
    return tag


def zeitangabe(text: str) -> date | None:
    """Return the date a column head stands for ("2019", "31.12.2019", "2019-12-31"), else None; 1900–2100."""
    try:
        tag, _ = _gelesen(text.strip())
    except Stichtagfehler:
        return None
    return tag if 1900 <= tag.year <= 2100 else None


def finde_im_text(text: str) -> tuple[date, str] | None:
    """Return the first date, month or year inside a longer text and the words it was read from."""
    for muster in _IM_TEXT:
        treffer = muster.search(text)
        if treffer and (tag := zeitangabe(treffer[0])):
            return tag, treffer[0]
    return None


def _gelesen(text: str) -> tuple[date, bool]:
    try:
        return _zerlegt(text)
    except ValueError as fehler:
        if isinstance(fehler, Stichtagfehler):
            raise
        raise Stichtagfehler(f"„{text[:60]}“ ist kein Datum, das es gibt.") from fehler


def _zerlegt(text: str) -> tuple[date, bool]:
    if len(text) > 40 or not all(z.isascii() or z in "äÄ" for z in text):
        raise Stichtagfehler(f"„{text[:60]}“ ist weder ein Jahr noch ein Datum.")
    if treffer := _JAHR.fullmatch(text):
        return date(int(treffer[1]), 12, 31), True
    if treffer := _DEUTSCH.fullmatch(text):
        return date(int(treffer[3]), int(treffer[2]), int(treffer[1])), False
    if treffer := _ISO.fullmatch(text):
        return date(*map(int, treffer.groups())), False
    if treffer := _MONAT_ZAHL.fullmatch(text):
        monat, jahr, jahr_iso, monat_iso = treffer.groups()
        return _monatsende(int(jahr or jahr_iso), int(monat or monat_iso)), False
    treffer = _MONAT_WORT.fullmatch(text)
    if treffer and treffer[1].lower() in MONATE:
        return _monatsende(int(treffer[2]), MONATE[treffer[1].lower()]), False
    raise Stichtagfehler(f"„{text[:60]}“ ist weder ein Jahr noch ein Datum.")


def _monatsende(jahr: int, monat: int) -> date:
    erster = date(jahr, monat, 1)
    if (jahr, monat) >= (9999, 12):
        raise Stichtagfehler(f"„{jahr}“ ist kein Jahr, das es gibt.")
    return (erster + timedelta(days=32)).replace(day=1) - timedelta(days=1)
