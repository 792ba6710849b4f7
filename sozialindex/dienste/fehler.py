class Lieferungsfehler(ValueError):
    """Why a delivery cannot be taken over or withdrawn; the text is German and meant for people."""
