class Lieferungsfehler(ValueError):
    """Why a delivery cannot be taken over or withdrawn; the text is German and meant for people."""


class Ueberholt(Lieferungsfehler):
    """The figures in force have changed since the dry run: a person should look at it once more."""
