"""The dry run of a delivery: read it, compare it with the figures in force, write the report."""

from dataclasses import asdict, dataclass, field
from operator import attrgetter
from typing import Any

from oberhausen_sozialplanung.werkzeuge.zahlen import zahl_text
from sozialindex.abfragen.fruehere import AndereDefinition, andere_definitionen, mit_frueheren
from sozialindex.begriffe import Qualitaet, Zustand
from sozialindex.dienste import fingerabdruck, zwischentabelle
from sozialindex.dienste.zwischentabelle import Abgleich, Aenderung, Inhalt
from sozialindex.einlesen.bericht import als_dict
from sozialindex.einlesen.datei import Quelle
from sozialindex.einlesen.einstellungen import Einstellungen
from sozialindex.einlesen.ergebnis import Leseergebnis
from sozialindex.einlesen.lesen import lies
from sozialindex.einlesen.plausibilitaet import ARTEN, Hinweis, pruefe
from sozialindex.einlesen.verzeichnis import Indikator, Verzeichnis

GENANNTE_AENDERUNGEN = 1_000


@dataclass(frozen=True)
class Pruefung:
    """What a dry run found.

    Attributes
    ----------
    fehler, ausgelassen : int
        Wrong cells and rows left out.
    bericht : dict
        JSON values: what `sozialindex.einlesen.bericht.als_dict` says, and ``neu``, ``geaendert``,
        ``gleich``, ``umfang`` (Stichtage as ISO dates, indicators, areas per level) and ``aenderungen``
        (old → new, at most 1,000).
    lieferung : int or None
        Id of the delivery when figures were stored.
    lesarten : dict
        Fingerprints of what was read, see `sozialindex.dienste.fingerabdruck.lesarten`.
    pruefsumme : str
        Differs when something else was read or other figures would be replaced.
    """

    abgleich: Abgleich
    fehler: int
    ausgelassen: int
    bericht: dict[str, Any]
    lieferung: int | None = None
    lesarten: dict[str, str] = field(default_factory=dict)
    pruefsumme: str = ""

    @property
    def ist_fehlerfrei(self) -> bool:
        return self.fehler == 0


def pruefe_quelle(quelle: Quelle, einstellungen: Einstellungen, verzeichnis: Verzeichnis) -> Pruefung:
    """Read a file and compare its figures with those in force.

    The figures wait in the temporary table (`zwischentabelle`) until the caller transfers or drops them, so
    this runs inside a transaction.

    Raises
    ------
    Dateifehler
        The file cannot be read with these settings.
    """
    return vergleiche(lies(quelle, einstellungen, verzeichnis), verzeichnis)


def vergleiche(lesung: Leseergebnis, verzeichnis: Verzeichnis) -> Pruefung:
    """Compare figures already read with those in force; `lesung` gives its figures up.

    They wait in the temporary table, see `pruefe_quelle`.
    """
    hinweise = _hinweise(lesung, verzeichnis)
    bericht = als_dict(lesung, hinweise) | {"umfang": _umfang(lesung, verzeichnis)}
    bericht["hinweise"] += map(_definitionssatz, andere_definitionen(lesung.werte))
    gelesen = fingerabdruck.lesarten(lesung.werte)
    zwischentabelle.lade(lesung.werte)
    ohne_angabe = bericht["zustaende"].get(Zustand.FEHLT, 0)
    del lesung.werte
    if ohne_angabe and (leere := zwischentabelle.verwirf_leere()):
        bericht["hinweise"].append(_leerensatz(leere))
    abgleich = zwischentabelle.vergleiche()
    bericht |= asdict(abgleich) | {"aenderungen": _aenderungen(verzeichnis) if abgleich.geaendert else []}
    if abgleich.geaendert and (anzahl := zwischentabelle.ohne_fallzahlen()):
        bericht["hinweise"].append(_fallzahlensatz(anzahl))
    ersetzte = zwischentabelle.ersetzte() if abgleich.geaendert else ""
    return Pruefung(
        abgleich=abgleich,
        fehler=lesung.fehler_anzahl,
        ausgelassen=lesung.ausgelassen_anzahl,
        bericht=bericht,
        lesarten=gelesen,
        pruefsumme=fingerabdruck.pruefsumme(gelesen, ersetzte, asdict(abgleich)),
    )


def _hinweise(lesung: Leseergebnis, verzeichnis: Verzeichnis) -> list[Hinweis]:
    """Check indicator by indicator; sorted by kind, within a kind by indicator."""
    funde = [
        hinweis
        for werte, fruehere in mit_frueheren(lesung.werte)
        for hinweis in pruefe(werte, verzeichnis, fruehere)
    ]
    return sorted(funde, key=lambda hinweis: ARTEN.index(hinweis.art))


def _umfang(lesung: Leseergebnis, verzeichnis: Verzeichnis) -> dict[str, Any]:
    ebenen = {gebiet.id: gebiet.ebene for gebiet in verzeichnis.gebiete}
    namen = {indikator.definition_id: indikator.name for indikator in verzeichnis.indikatoren}
    je_ebene: dict[str, int] = {}
    for gebiet in lesung.werte["gebiet"].unique().tolist():
        je_ebene[ebenen[gebiet]] = je_ebene.get(ebenen[gebiet], 0) + 1
    return {
        "stichtage": sorted(f"{tag:%Y-%m-%d}" for tag in lesung.werte["stichtag"].unique()),
        "indikatoren": [namen[nummer] for nummer in lesung.werte["definition"].unique().tolist()],
        "gebiete": je_ebene,
    }


def _definitionssatz(fund: AndereDefinition) -> str:
    tage = f"{fund.stichtage[0]:%d.%m.%Y}"
    if weitere := len(fund.stichtage) - 1:
        tage += f" und an {weitere} weiteren Stichtagen" if weitere > 1 else " und an 1 weiteren Stichtag"
    return (
        f"Für {fund.indikator} am {tage} gibt es schon Werte nach Definition {fund.geltend}; "
        f"diese Lieferung zählt nach Definition {fund.geliefert}. Werte beider Definitionen werden nie "
        "voneinander abgezogen."
    )


def _fallzahlensatz(anzahl: int) -> str:
    wer = "1 geltender Wert verliert" if anzahl == 1 else f"{anzahl} geltende Werte verlieren"
    return (
        f"{wer} Zähler und Nenner: Diese Datei liefert nur Anteile. Werte für Sozialräume und Stadt lassen "
        "sich daraus nicht mehr summieren; sie müssen mitgeliefert sein, sonst fehlen sie, auch dem Index."
    )


def _leerensatz(anzahl: int) -> str:
    if anzahl == 1:
        return "1 Zelle ist leer, obwohl für sie schon ein Wert gilt. Der geltende Wert bleibt."
    return f"{anzahl} Zellen sind leer, obwohl für sie schon Werte gelten. Die geltenden Werte bleiben."


def _aenderungen(verzeichnis: Verzeichnis) -> list[dict[str, Any]]:
    gebiete = {gebiet.id: gebiet.name for gebiet in verzeichnis.gebiete}
    indikatoren = {indikator.definition_id: indikator for indikator in verzeichnis.indikatoren}
    return [
        {
            "zeile": aenderung.zeile,
            "gebiet": gebiete[aenderung.gebiet],
            "indikator": indikatoren[aenderung.definition].name,
            "stichtag": aenderung.stichtag.isoformat(),
            **_alt_und_neu(aenderung, indikatoren[aenderung.definition]),
        }
        for aenderung in zwischentabelle.geaenderte(GENANNTE_AENDERUNGEN)
    ]


def _alt_und_neu(aenderung: Aenderung, indikator: Indikator) -> dict[str, str]:
    """Both figures in words; with more digits where rounding would make them look alike."""
    for stellen in (1, 3, 6):
        alt, neu = (_angabe(inhalt, indikator, stellen) for inhalt in attrgetter("alt", "neu")(aenderung))
        if alt != neu:
            break
    return {"alt": alt, "neu": neu}


def _angabe(inhalt: Inhalt, indikator: Indikator, stellen: int) -> str:
    if inhalt.wert is None:
        return Zustand(inhalt.zustand).titel
    ist_anteil = indikator.art == "anteil"
    text = f"{zahl_text(inhalt.wert, stellen)} %" if ist_anteil else _zahl(inhalt.wert)
    if ist_anteil and inhalt.zaehler is not None and inhalt.nenner is not None:
        text += f" ({_zahl(inhalt.zaehler)} von {_zahl(inhalt.nenner)})"
    if inhalt.zustand == Zustand.NULL:
        text += ", genau null"
    return f"{text}, {Qualitaet(inhalt.qualitaet).titel}" if inhalt.qualitaet else text


def _zahl(zahl: float) -> str:
    return zahl_text(zahl, 0 if float(zahl).is_integer() else 1)
