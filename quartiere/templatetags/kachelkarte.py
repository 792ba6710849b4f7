"""The schematic map of areas and the class of an area in a table beside it."""

from dataclasses import dataclass

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe

from quartiere.kacheln import ordne_bloecke, umbruch
from quartiere.models import Gebiet

register = template.Library()

# In units of the drawing.
BREITE, HOEHE, ABSTAND = 120, 92, 6
# Up to so many columns: names always readable; names readable on a wide screen; tiles fit on a phone. Beyond,
# the map scrolls.
KLEIN, SCHMAL, MITTEL = 3, 7, 12
PIXEL_JE_SPALTE = 64
# More tiles make the page slow and are no longer a map.
HOECHSTENS = 1000
ZEICHEN_JE_ZEILE = 14
OHNE_KLASSE = ("klasse-ohne", "–", "ohne Klasse")


@dataclass(frozen=True)
class Kachel:
    """One tile: area, corner in units of the drawing, class as (CSS class, sign, word) or None."""

    gebiet: Gebiet
    x: int
    y: int
    klasse: tuple[str, str, str] | None
    ist_aktuell: bool

    @property
    def beschriftung(self):
        text = f"{self.gebiet.nummer} {self.gebiet.name}"
        return f"{text}: {self.klasse[2]}" if self.klasse else text

    @property
    def namenszeilen(self):
        """Lines of the name, each with whether it has to be squeezed into the tile."""
        zeilen = umbruch(self.gebiet.name, ZEICHEN_JE_ZEILE)
        return [(zeile, len(zeile.rstrip()) > ZEICHEN_JE_ZEILE) for zeile in zeilen]


@register.inclusion_tag("quartiere/_kachelkarte.html")
def kachelkarte(gebiete, einfaerbung=None, aktuell=None):
    """Draw a map of areas as linked tiles, with a legend when `einfaerbung` gives classes.

    `einfaerbung` offers `titel`, `legende` and `fuer(gebiet_id)`, classes being (CSS class, sign, word);
    `aktuell` is the area whose page this is. Areas without a complete set of tile positions are laid out in
    one block per Sozialraum. Needs no query.
    """
    gebiete = list(gebiete)
    if len(gebiete) > HOECHSTENS:
        return {"zu_viele": len(gebiete), "hoechstens": HOECHSTENS}
    plaetze = _plaetze(gebiete)
    spalten = max((spalte for spalte, _ in plaetze.values()), default=-1) + 1
    reihen = max((reihe for _, reihe in plaetze.values()), default=-1) + 1
    kartenformat = _format(spalten)
    breite = spalten * (BREITE + ABSTAND) - ABSTAND
    kacheln = [_kachel(gebiet, *plaetze[gebiet.pk], einfaerbung, aktuell) for gebiet in gebiete]
    return {
        "kacheln": kacheln,
        "breite": breite,
        "hoehe": reihen * (HOEHE + ABSTAND) - ABSTAND,
        "pixel": spalten * PIXEL_JE_SPALTE if kartenformat == "breit" else breite,
        "format": kartenformat,
        "einfaerbung": einfaerbung,
        "legende": _legende(einfaerbung, kacheln),
        "kachelbreite": BREITE,
        "kachelhoehe": HOEHE,
        "textbreite": BREITE - 14,
    }


@register.filter
def klasse_von(einfaerbung, gebiet):
    """Return (CSS class, sign, word) of an area; the class "ohne" for an area that has none."""
    return einfaerbung.fuer(gebiet.pk) or OHNE_KLASSE


def _format(spalten):
    grenzen = (("klein", KLEIN), ("schmal", SCHMAL), ("mittel", MITTEL))
    return next((name for name, grenze in grenzen if spalten <= grenze), "breit")


@register.filter
def trennbar(name):
    """Let a name break after a slash, where browsers would not."""
    return mark_safe(conditional_escape(name).replace("/", "/<wbr>"))  # noqa: S308


def _plaetze(gebiete):
    """Return column and row per area id, counted from 0 at the left and upper edge."""
    if any(gebiet.kachel_x is None for gebiet in gebiete):
        gruppen = {}
        for gebiet in gebiete:
            gruppen.setdefault(gebiet.uebergeordnet_id, []).append(gebiet.pk)
        return ordne_bloecke(gruppen)
    links = min((gebiet.kachel_x for gebiet in gebiete), default=0)
    oben = min((gebiet.kachel_y for gebiet in gebiete), default=0)
    return {gebiet.pk: (gebiet.kachel_x - links, gebiet.kachel_y - oben) for gebiet in gebiete}


def _kachel(gebiet, spalte, reihe, einfaerbung, aktuell):
    return Kachel(
        gebiet=gebiet,
        x=spalte * (BREITE + ABSTAND),
        y=reihe * (HOEHE + ABSTAND),
        klasse=klasse_von(einfaerbung, gebiet) if einfaerbung else None,
        ist_aktuell=gebiet == aktuell,
    )


def _legende(einfaerbung, kacheln):
    if not einfaerbung:
        return []
    ohne = [OHNE_KLASSE] if any(kachel.klasse == OHNE_KLASSE for kachel in kacheln) else []
    return [*einfaerbung.legende, *ohne]
