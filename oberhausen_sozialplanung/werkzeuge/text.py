"""Names as keys, tolerant comparison of names, safe cells for CSV; plain Python, no Django."""

import re
import unicodedata

_UMLAUTE = str.maketrans(
    {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "ß": "ss",
        "Ä": "Ae",
        "Ö": "Oe",
        "Ü": "Ue",
        "ẞ": "SS",
        "æ": "ae",
        "ø": "o",
    }
)
_FUSSNOTE = re.compile(r"(?:\s*\(?\d{1,2}\)|\s*\*+|[\u00b9\u00b2\u00b3\u2070-\u2079]+)+\s*$")
_KEIN_ZEICHEN = re.compile(r"[^a-z0-9]+")
FORMELZEICHEN = ("=", "+", "-", "@", "\t", "\r")


def schluessel(text: str) -> str:
    """Turn a name into an ASCII key: lower case, hyphens, ä → ae, ß → ss (unlike Django's slugify)."""
    return _KEIN_ZEICHEN.sub("-", _ascii(text)).strip("-")


def vergleichsform(text: str) -> str:
    """Return the form in which two spellings of one name are equal.

    Case, white space, hyphens, punctuation, umlaut spelling and trailing footnote marks ("1)", "²",
    "*") do not count; "Walsumer Mark 1)" and "WALSUMERMARK" are equal. Empty when nothing comparable is left.
    """
    return _KEIN_ZEICHEN.sub("", _ascii(ohne_fussnote(text)))


def ohne_fussnote(text: str) -> str:
    """Cut footnote marks off the end of a name or figure; a text that is nothing but a mark stays
    as it is."""
    return _FUSSNOTE.sub("", text).strip() or text.strip()


def csv_zelle(wert: object) -> str:
    """Return the text for one CSV cell that no spreadsheet takes for a formula.

    Text that begins with =, +, -, @, tab or carriage return gets an apostrophe in front (OWASP,
    "CSV Injection");
    numbers keep their minus sign. None becomes the empty cell.
    """
    if wert is None:
        return ""
    if isinstance(wert, int | float) and not isinstance(wert, bool):
        return str(wert)
    text = str(wert)
    return f"'{text}" if text.lstrip(" \n\u00a0").startswith(FORMELZEICHEN) else text


def _ascii(text: str) -> str:
    zerlegt = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", text).translate(_UMLAUTE))
    return "".join(z for z in zerlegt if not unicodedata.combining(z)).lower()
