"""Which area numbers are allowed; plain Python, no database.

Index runs write numbers into files that spreadsheets open, where a cell like -1 or =1 would be changed, and
name the row of the whole city STADT.
"""

import re

STADTNUMMER = "STADT"
MUSTER = r"^[\w./]+(-+[\w./]+)*\Z"
ERLAUBT = (
    "Eine Nummer besteht aus Buchstaben, Ziffern, Punkt, Unterstrich und Schrägstrich; "
    "Bindestriche stehen nur im Inneren."
)
VERGEBEN = f"Die Nummer „{STADTNUMMER}“ steht für die ganze Stadt und ist schon vergeben."
_NUMMER = re.compile(MUSTER)


def einwand(nummer: str) -> str:
    """Say in German why a quarter or Sozialraum cannot have this number; empty if it can."""
    if not _NUMMER.match(nummer):
        return ERLAUBT
    return VERGEBEN if ist_stadtnummer(nummer) else ""


def ist_stadtnummer(nummer: str) -> bool:
    return nummer.casefold() == STADTNUMMER.casefold()
