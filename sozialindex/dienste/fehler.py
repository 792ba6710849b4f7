class Lauffehler(Exception):
    """A run cannot be made or moved on; the German message says what to do."""
