from quartiere.models.organisationen import Mitgliedschaft, Organisation
from quartiere.models.raeume import (
    Ebene,
    Gebiet,
    Gebietsalias,
    Gebietsstand,
    Sozialquartier,
    Sozialraum,
    Stadt,
)

__all__ = [
    "Ebene",
    "Gebiet",
    "Gebietsalias",
    "Gebietsstand",
    "Mitgliedschaft",
    "Organisation",
    "Sozialquartier",
    "Sozialraum",
    "Stadt",
]
