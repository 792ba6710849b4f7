"""What can go wrong with a whole file; the messages are German and shown to people as they are."""


class Dateifehler(ValueError):
    """The file as a whole cannot be read."""


class Einstellungsfehler(Dateifehler):
    """The settings do not fit, or not enough is known yet to read the file."""
