"""Words shared by reader, engine and models; plain Python, no Django."""

from enum import StrEnum


class Zustand(StrEnum):
    """Why a cell holds a figure or none. The states are never mixed and never become 0."""

    VORHANDEN = "v"
    NULL = "0"
    GEHEIM = "g"
    UNSICHER = "u"
    SPAETER = "t"
    SINNLOS = "x"
    FEHLT = "n"

    @property
    def titel(self) -> str:
        return ZUSTAND_TITEL[self]

    @property
    def hat_wert(self) -> bool:
        return self in (Zustand.VORHANDEN, Zustand.NULL)


ZUSTAND_TITEL = {
    Zustand.VORHANDEN: "vorhanden",
    Zustand.NULL: "genau null",
    Zustand.GEHEIM: "geheim",
    Zustand.UNSICHER: "nicht sicher",
    Zustand.SPAETER: "folgt später",
    Zustand.SINNLOS: "nicht sinnvoll",
    Zustand.FEHLT: "nicht geliefert",
}


class Qualitaet(StrEnum):
    """Quality mark of a figure; empty means final."""

    ENDGUELTIG = ""
    VORLAEUFIG = "p"
    BERICHTIGT = "r"
    GESCHAETZT = "s"

    @property
    def titel(self) -> str:
        return QUALITAET_TITEL[self]


QUALITAET_TITEL = {
    Qualitaet.ENDGUELTIG: "endgültig",
    Qualitaet.VORLAEUFIG: "vorläufig",
    Qualitaet.BERICHTIGT: "berichtigt",
    Qualitaet.GESCHAETZT: "geschätzt",
}
