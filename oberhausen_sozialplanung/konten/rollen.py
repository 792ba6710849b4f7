"""The roles. Each is a Django group of this name; the groups are made by a migration."""

from enum import StrEnum


class Rolle(StrEnum):
    """A role a person may hold; several at once are allowed."""

    TRAEGER = "Träger"
    FACHBEREICH = "Fachbereich"
    MODERATION = "Moderation"
    PROZESSBERATUNG = "Prozessberatung"
    SOZIALPLANUNG = "Sozialplanung"
    LEITUNG = "Leitung"
    ADMINISTRATION = "Administration"

    @property
    def schluessel(self) -> str:
        """ASCII name for addresses, tests and commands, such as ``traeger``."""
        return self.name.lower()


# People of the city administration; Träger and advisers from outside are not among them.
VERWALTUNGSINTERN = frozenset({Rolle.FACHBEREICH, Rolle.MODERATION, Rolle.SOZIALPLANUNG, Rolle.LEITUNG})
