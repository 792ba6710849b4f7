"""How figures and dates look. A missing figure is a dash, never 0."""

import math

from django import template
from django.template.defaultfilters import date as datumsfilter
from django.template.defaultfilters import floatformat

register = template.Library()

FEHLT = "–"
MINUS = "\N{MINUS SIGN}"
SCHMALES_LEERZEICHEN = "\N{NARROW NO-BREAK SPACE}"


@register.filter
def zahl(wert, stellen=0):
    """Write a number the German way.

    Parameters
    ----------
    wert
        Number or None; NaN counts as missing.
    stellen
        Decimal places: ``zahl:1`` always shows one, ``zahl:"-1"`` at most one.

    Returns
    -------
    str
        ``1.234,5``; "–" when the number is missing. Halves are rounded away from zero, a true minus sign is
        used and minus zero does not exist.
    """
    if _fehlt(wert):
        return FEHLT
    return floatformat(wert, f"{stellen}g").replace("-", MINUS)


@register.filter
def differenz(wert, stellen=1):
    """Write a change with its sign: ``+1,2``, ``−0,5``; zero stays without a sign."""
    text = zahl(wert, stellen)
    ist_positiv = (
        text != FEHLT and not text.startswith(MINUS) and any(ziffer in text for ziffer in "123456789")
    )
    return f"+{text}" if ist_positiv else text


@register.filter
def anteil(wert, stellen=1):
    """Write a share between 0 and 1 as per cent: 0.123 becomes ``12,3 %``."""
    return FEHLT if _fehlt(wert) else f"{zahl(wert * 100, stellen)}{SCHMALES_LEERZEICHEN}%"


@register.filter(expects_localtime=True)
def datum(wert):
    """Write a date or point in time as ``31.12.2026``, in the time zone of the site."""
    return FEHLT if wert is None else datumsfilter(wert, "d.m.Y")


def _fehlt(wert) -> bool:
    return wert is None or wert == "" or (isinstance(wert, float) and math.isnan(wert))
