"""Writes of this app that have consequences."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction

from .models import Benutzer
from .rollen import Rolle

DEMO_PASSWORT = "gemeinsam-planen"


class DemoNichtErlaubt(Exception):
    """Demonstration accounts were asked for in an installation that is not a demonstration."""


@dataclass(frozen=True)
class Demokonto:
    rolle: Rolle
    vorname: str
    nachname: str

    @property
    def email(self) -> str:
        return f"{self.rolle.schluessel}@demo.example"


# Who keeps accounts or master data enters the administration pages.
PFLEGT_STAMMDATEN = frozenset({Rolle.SOZIALPLANUNG, Rolle.ADMINISTRATION})
DEMOKONTEN = (
    Demokonto(Rolle.TRAEGER, "Tuba", "Träger"),
    Demokonto(Rolle.FACHBEREICH, "Felix", "Fachbereich"),
    Demokonto(Rolle.MODERATION, "Mona", "Moderation"),
    Demokonto(Rolle.PROZESSBERATUNG, "Paul", "Prozessberatung"),
    Demokonto(Rolle.SOZIALPLANUNG, "Sevgi", "Sozialplanung"),
    Demokonto(Rolle.LEITUNG, "Lena", "Leitung"),
    Demokonto(Rolle.ADMINISTRATION, "Anton", "Administration"),
)


def demo_erlaubt() -> bool:
    return settings.DEMO or settings.DEBUG


@transaction.atomic
def lege_demokonten_an() -> list[Benutzer]:
    """Create one account per role, or bring an existing one back to its documented state.

    Returns
    -------
    list of Benutzer
        In the order of `DEMOKONTEN`, all with the password `DEMO_PASSWORT`; only the account of the
        Administration may enter the administration pages.

    Raises
    ------
    DemoNichtErlaubt
        Neither DEMO nor DEBUG is set: accounts with a published password would open the installation to
        anybody.
    """
    if not demo_erlaubt():
        raise DemoNichtErlaubt
    # One hash for all: hashing is slow on purpose, and the password is no secret.
    passwort = make_password(DEMO_PASSWORT)
    gruppen = {gruppe.name: gruppe for gruppe in Group.objects.filter(name__in=list(Rolle))}
    return [_lege_demokonto_an(konto, passwort=passwort, gruppe=gruppen[konto.rolle]) for konto in DEMOKONTEN]


def _lege_demokonto_an(konto: Demokonto, *, passwort: str, gruppe: Group) -> Benutzer:
    benutzer, _ = Benutzer.objects.update_or_create(
        email=konto.email,
        defaults={
            "first_name": konto.vorname,
            "last_name": konto.nachname,
            "password": passwort,
            "is_active": True,
            "is_staff": konto.rolle in PFLEGT_STAMMDATEN,
        },
    )
    benutzer.groups.set([gruppe])
    return benutzer
