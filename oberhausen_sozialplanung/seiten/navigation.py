"""The main menu: sections named in the settings, shown as soon as their first page exists."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True)
class Menuepunkt:
    titel: str
    adresse: str
    hinweis: str
    ist_aktuell: bool


def menue(pfad: str) -> list[Menuepunkt]:
    """List the sections whose first page exists.

    Parameters
    ----------
    pfad
        Path of the page being shown. The section with the longest matching address is the current one.

    Returns
    -------
    list of Menuepunkt
        In the order of the setting NAVIGATION.
    """
    abschnitte = [
        (titel, adresse, hinweis)
        for titel, name, hinweis in settings.NAVIGATION
        if (adresse := _adresse(name))
    ]
    passend = [adresse for _, adresse, _ in abschnitte if pfad.startswith(adresse)]
    aktuell = max(passend, key=len, default=None)
    return [
        Menuepunkt(titel=titel, adresse=adresse, hinweis=hinweis, ist_aktuell=adresse == aktuell)
        for titel, adresse, hinweis in abschnitte
    ]


def _adresse(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None
