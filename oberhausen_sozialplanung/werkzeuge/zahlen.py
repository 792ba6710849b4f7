"""Reading and writing of numbers as German offices type them; plain Python, no Django."""

import re
from decimal import ROUND_HALF_UP, Decimal

MAX_LAENGE = 40
_GEDANKENSTRICHE = str.maketrans({"\u2212": "-", "\u2013": "-", "\u2012": "-"})
_LEERZEICHEN = str.maketrans(dict.fromkeys("\u00a0\u202f\u2009\u2007", " "))
_GRUPPIERT = re.compile(r"[1-9]\d{0,2}([ '\u2019.,])\d{3}(?:\1\d{3})*")
_EINFACH = re.compile(r"\d+")


class Zahlfehler(ValueError):
    """A text that is no number, or could be two; the message is German and meant for people."""


def zahl_lesen(text: str, dezimalzeichen: str | None = None) -> float:
    """Read one number from text and refuse whatever could mean two numbers.

    Parameters
    ----------
    text : str
        Thousands marks (dot, comma, space, no-break space, apostrophe), a trailing percent sign and the
        typographic minus are understood. A percent sign does not change the figure: "12,5 %" is 12.5.
    dezimalzeichen : {",", ".", None}
        Decimal sign of the source. None or "" means unknown: then one separator followed by exactly three
        digits ("1.234") is ambiguous.

    Returns
    -------
    float
        Always finite.

    Raises
    ------
    Zahlfehler
        Empty, not a number, exponent, formula, plus sign, misplaced or ambiguous separators.
    """
    if text.isdigit() and text.isascii() and len(text) <= MAX_LAENGE:
        return float(text)
    rumpf, negativ = _entkleidet(text)
    ganz, _, rest = _zerlegt(rumpf, dezimalzeichen or "", text)
    wert = float(f"{ganz}.{rest or '0'}")
    return -wert if negativ and wert else wert


def zahl_text(wert: float | None, stellen: int = 1) -> str:
    """Write a number the German way: thousands dot, decimal comma, commercial rounding.

    Parameters
    ----------
    wert : float or None
        None and NaN become an en dash, never 0.
    stellen : int
        Digits after the comma.
    """
    if wert is None or wert != wert:  # NaN is the only value unlike itself
        return "–"
    gerundet = Decimal(str(wert)).quantize(Decimal(1).scaleb(-stellen), ROUND_HALF_UP)
    if not gerundet:
        gerundet = abs(gerundet)
    return f"{gerundet:,f}".translate(str.maketrans(",.", ".,"))


def _entkleidet(text: str) -> tuple[str, bool]:
    """Strip blanks, percent and minus; refuse what can be no number whatever the decimal sign."""
    rumpf = text.translate(_LEERZEICHEN).strip()
    if not rumpf:
        raise Zahlfehler("Hier steht keine Zahl.")
    if rumpf[0] in "=@+":
        raise Zahlfehler(f"„{_kurz(text)}“ ist eine Formel oder beginnt wie eine; erwartet wird eine Zahl.")
    rumpf = rumpf.removesuffix("%").rstrip().translate(_GEDANKENSTRICHE)
    negativ = rumpf.startswith("-")
    rumpf = rumpf.removeprefix("-").lstrip()
    if len(rumpf) > MAX_LAENGE or (not rumpf.isascii() and "\u2019" not in rumpf):
        raise _keine_zahl(text)
    return rumpf, negativ


def _zerlegt(rumpf: str, dezimal: str, text: str) -> tuple[str, str, str]:
    """Split into whole part (digits only) and decimals."""
    if not dezimal:
        dezimal = _erschlossen(rumpf, text)
    ganz, zeichen, rest = rumpf.partition(dezimal)
    if zeichen and not _EINFACH.fullmatch(rest):
        raise _keine_zahl(text)
    if _EINFACH.fullmatch(ganz):
        return ganz, zeichen, rest
    gruppen = _GRUPPIERT.fullmatch(ganz)
    if not gruppen or gruppen[1] == dezimal:
        raise _falsche_gruppen(ganz, dezimal, text)
    return ganz.replace(gruppen[1], ""), zeichen, rest


def _erschlossen(rumpf: str, text: str) -> str:
    """Find the decimal sign from one number alone, or refuse."""
    punkte, kommas = rumpf.count("."), rumpf.count(",")
    if punkte and kommas:
        return "." if rumpf.rfind(".") > rumpf.rfind(",") else ","
    zeichen = "." if punkte else ","
    if punkte + kommas > 1:
        return "," if punkte else "."
    if _GRUPPIERT.fullmatch(rumpf) and zeichen in rumpf:
        ganz, rest = rumpf.split(zeichen)
        raise Zahlfehler(
            f"„{_kurz(text)}“ ist mehrdeutig: {ganz}{rest} oder {ganz} Komma {rest}? "
            "Bitte legen Sie das Dezimalzeichen der Datei fest."
        )
    return zeichen


def _falsche_gruppen(ganz: str, dezimal: str, text: str) -> Zahlfehler:
    fremd = "." if dezimal == "," else ","
    if re.fullmatch(rf"\d+{re.escape(fremd)}\d+", ganz):
        name = {".": "Punkt", ",": "Komma"}
        return Zahlfehler(
            f"„{_kurz(text)}“ passt nicht zum Dezimalzeichen {name[dezimal]}: "
            f"das {'Zeichen Punkt' if fremd == '.' else 'Zeichen Komma'} trennt hier keine Tausender."
        )
    return _keine_zahl(text)


def _keine_zahl(text: str) -> Zahlfehler:
    return Zahlfehler(f"„{_kurz(text)}“ ist keine Zahl.")


def _kurz(text: str) -> str:
    text = text.strip()
    return text if len(text) <= 60 else text[:59] + "…"
