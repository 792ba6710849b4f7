"""Refusals of the engine; every message is German and names the case."""


class _Sammelfehler(ValueError):
    """An error that lists everything found at once, so that a file is repaired in one go."""

    def __init__(self, meldungen: list[str]) -> None:
        self.meldungen = list(meldungen)
        super().__init__("\n".join(self.meldungen))


class Methodikfehler(_Sammelfehler):
    """The record breaks its schema; `meldungen` names every place."""


class Werteingabefehler(_Sammelfehler):
    """The file of values cannot be read; `meldungen` names lines and columns."""


class Berechnungsfehler(ValueError):
    """The index cannot be computed from these values."""
