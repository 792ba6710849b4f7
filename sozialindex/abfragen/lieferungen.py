"""What the import pages show: a look into a file, earlier deliveries of it, and the report of a dry run."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from itertools import compress, islice, zip_longest
from typing import Any

from django.db.models import QuerySet

from oberhausen_sozialplanung.werkzeuge.text import csv_zelle
from sozialindex.begriffe import ZUSTAND_TITEL, Zustand
from sozialindex.einlesen.arbeitsmappe import Zelle
from sozialindex.einlesen.bericht import als_csv
from sozialindex.einlesen.datei import Quelle
from sozialindex.einlesen.einstellungen import WERTROLLEN, Einstellungen, Rolle
from sozialindex.einlesen.erkennen import lies_kopf
from sozialindex.einlesen.kopf import kopftext
from sozialindex.einlesen.verzeichnis import FORMELZEICHEN, Gebietsfehler, Verzeichnis
from sozialindex.models import Lieferung

ANZAHLEN = ("neu", "geaendert", "gleich", "ausgelassen", "fehler")
BEISPIELE = 3
GEZEIGT = 100
ANGEBOTENE_NAMEN = 60
ZEICHENLAENGE = 12
ZEILEN_JE_BLOCK = 20_000
_ZIFFER = re.compile(r"\d")
_GESAMT = re.compile(r"insgesamt|gesamtstadt|stadt gesamt", re.IGNORECASE)
HINWEISTITEL = {
    "ueber_100": "Anteile über 100 %",
    "sprung": "Große Sprünge gegenüber dem Vorjahr",
    "ausreisser": "Werte weit ab von den übrigen Quartieren",
    "summe": "Quartiere ergeben nicht die gelieferte Gesamtzahl",
    "spanne": "Gesamtwert außerhalb der Spanne der Quartiere",
    "fehlende_quartiere": "Fehlende Quartiere",
}


@dataclass(frozen=True)
class UnbekannterName:
    """A word of the file that no area or indicator goes by, where it first stands and how often."""

    text: str
    zeile: int
    anzahl: int
    aehnlich: str = ""


@dataclass(frozen=True)
class Einblick:
    """One pass over a file under its settings.

    Attributes
    ----------
    kopf : list of str
    beispiele : list of list of str
        Up to three different cells per column.
    zeichen : dict
        Texts without digits in value columns and how often they occur.
    gebiete, indikatoren : list of UnbekannterName
        In file order, at most 60 each that nothing is assigned to yet; formula texts are not among them.
    """

    kopf: list[str]
    beispiele: list[list[str]]
    zeichen: dict[str, int]
    gebiete: list[UnbekannterName]
    indikatoren: list[UnbekannterName]


@dataclass
class _Sammlung:
    """Distinct cells of the columns that matter, with first line and count."""

    beispiele: list[dict[str, None]]
    zeichen: Counter[str] = field(default_factory=Counter)
    gebiete: dict[tuple[Zelle, Zelle], list[int]] = field(default_factory=dict)
    indikatoren: dict[Zelle, list[int]] = field(default_factory=dict)


def blicke_hinein(quelle: Quelle, einstellungen: Einstellungen, verzeichnis: Verzeichnis) -> Einblick:
    """Collect what a person has to decide about a file; column by column, so that 20 MB take two seconds.

    Raises
    ------
    Dateifehler
        The file cannot be read to its end with these settings.
    """
    kopf = lies_kopf(quelle, einstellungen)
    sammlung = _Sammlung([{} for _ in kopf])
    zeilen = (zeile for zeile in quelle.zeilen(einstellungen) if zeile[0] > einstellungen.kopf_bis)
    while block := list(islice(zeilen, ZEILEN_JE_BLOCK)):
        _sammle(sammlung, block, einstellungen)
    return Einblick(
        kopf=kopf,
        beispiele=[list(gesehen) for gesehen in sammlung.beispiele],
        zeichen=dict(sammlung.zeichen),
        gebiete=_unbekannte_gebiete(sammlung.gebiete, verzeichnis, einstellungen.gebiete),
        indikatoren=_unbekannte_indikatoren(sammlung.indikatoren, verzeichnis, einstellungen.indikatoren),
    )


def _sammle(sammlung: _Sammlung, block: list[tuple[int, list[Zelle]]], einstellungen: Einstellungen) -> None:
    nummern = [nummer for nummer, _ in block]
    spalten = list(zip_longest(*(zellen for _, zellen in block)))
    for gesehen, spalte in zip(sammlung.beispiele, spalten, strict=False):
        _ergaenze_beispiele(gesehen, spalte)
    werte = [
        spalten[i] for i, s in enumerate(einstellungen.spalten) if s.rolle in WERTROLLEN and i < len(spalten)
    ]
    for spalte in werte:
        sammlung.zeichen.update(_zeichen(spalte))
    # Titles and footers have no figures; 0 is one.
    hat_werte = [any(z is not None and z != "" for z in zellen) for zellen in zip(*werte, strict=True)]
    nummern = list(compress(nummern, hat_werte))
    nummer, name, indikator = (
        list(compress(_spalte(spalten, einstellungen.spalte(rolle), len(block)), hat_werte))
        for rolle in (Rolle.GEBIET_NUMMER, Rolle.GEBIET_NAME, Rolle.INDIKATOR)
    )
    _zaehle(sammlung.gebiete, list(zip(nummer, name, strict=True)), nummern)
    _zaehle(sammlung.indikatoren, indikator, nummern)


def _ergaenze_beispiele(gesehen: dict[str, None], spalte: Sequence[Zelle]) -> None:
    if len(gesehen) < BEISPIELE:
        verschiedene = (zelle for zelle in dict.fromkeys(spalte) if zelle not in (None, ""))
        for zelle in islice(verschiedene, BEISPIELE - len(gesehen)):
            gesehen[kopftext(zelle)[:60]] = None


def _zeichen(spalte: Sequence[Zelle]) -> Counter[str]:
    """Texts in the place of figures: short and without digits."""
    return Counter(
        {
            zelle.strip(): anzahl
            for zelle, anzahl in Counter(spalte).items()
            if isinstance(zelle, str)
            and 0 < len(zelle.strip()) <= ZEICHENLAENGE
            and not _ZIFFER.search(zelle)
        }
    )


def _spalte(spalten: Sequence[Sequence[Zelle]], stelle: int | None, laenge: int) -> Sequence[Zelle]:
    return spalten[stelle] if stelle is not None and stelle < len(spalten) else [None] * laenge


def _zaehle(gezaehlt: dict, schluessel: list, nummern: list[int]) -> None:
    """Add occurrences of each key; the first line stays the first line."""
    erste = dict(zip(reversed(schluessel), reversed(nummern), strict=True))
    for eintrag, anzahl in Counter(schluessel).items():
        gezaehlt.setdefault(eintrag, [erste[eintrag], 0])[1] += anzahl


def _unbekannte_gebiete(
    paare: dict[tuple[Zelle, Zelle], list[int]], verzeichnis: Verzeichnis, zugeordnet: Mapping[str, str]
) -> list[UnbekannterName]:
    """Names nobody knows; a number that contradicts a known name is an error, not a new name."""
    gefunden: dict[str, UnbekannterName] = {}
    for paar, (zeile, anzahl) in paare.items():
        nummer, name = map(kopftext, paar)
        text = name or nummer
        if not text or text.startswith(FORMELZEICHEN) or _ist_bekannt(verzeichnis, nummer, name):
            continue
        bisher = gefunden.get(text, UnbekannterName(text, zeile, 0))
        aehnlich = bisher.aehnlich or _aehnliches_gebiet(text, verzeichnis)
        gefunden[text] = UnbekannterName(text, bisher.zeile, bisher.anzahl + anzahl, aehnlich)
        if len(gefunden.keys() - zugeordnet.keys()) >= ANGEBOTENE_NAMEN:
            break
    return list(gefunden.values())


def _aehnliches_gebiet(text: str, verzeichnis: Verzeichnis) -> str:
    """A total of the whole city under a name of its own, else the name spelt most alike."""
    if _GESAMT.search(text):
        return next((gebiet.name for gebiet in verzeichnis.gebiete if gebiet.ebene == "stadt"), "")
    return "".join(get_close_matches(text, [g.name for g in verzeichnis.gebiete], n=1, cutoff=0.7))


def _ist_bekannt(verzeichnis: Verzeichnis, nummer: str, name: str) -> bool:
    try:
        verzeichnis.finde_gebiet(nummer, name)
    except Gebietsfehler:
        return verzeichnis.ist_name(name) if name else verzeichnis.ist_nummer(nummer)
    return True


def _unbekannte_indikatoren(
    worte: dict[Zelle, list[int]], verzeichnis: Verzeichnis, zugeordnet: Mapping[str, str]
) -> list[UnbekannterName]:
    namen = {name: i.name for i in verzeichnis.indikatoren for name in (i.schluessel, i.name, *i.aliases)}
    texte = {kopftext(zelle): stelle for zelle, stelle in worte.items()}
    unbekannte = [
        UnbekannterName(text, zeile, anzahl, namen.get("".join(get_close_matches(text, namen, n=1)), ""))
        for text, (zeile, anzahl) in texte.items()
        if text and verzeichnis.finde_indikator(text) is None and not text.startswith(FORMELZEICHEN)
    ]
    offene = [name for name in unbekannte if name.text not in zugeordnet]
    ueberzaehlige = set(offene[ANGEBOTENE_NAMEN:])
    return [name for name in unbekannte if name not in ueberzaehlige]


def gleiche_lieferungen(lieferung: Lieferung) -> QuerySet[Lieferung]:
    """Other deliveries of the same bytes that were taken over or are being worked on, newest first."""
    zustaende = [Lieferung.Zustand.UEBERNOMMEN, Lieferung.Zustand.IN_ARBEIT]
    gleiche = Lieferung.objects.filter(sha256=lieferung.sha256, zustand__in=zustaende).exclude(
        pk=lieferung.pk
    )
    return gleiche.select_related("hochgeladen_von", "entschieden_von")


@dataclass(frozen=True)
class Liste:
    """The first entries of a list of the report, and how many there are altogether."""

    titel: str
    eintraege: Sequence[Any]
    anzahl: int

    @property
    def weitere(self) -> int:
        return self.anzahl - len(self.eintraege)


@dataclass(frozen=True)
class Berichtsansicht:
    """The report of a delivery as a page shows it; no query."""

    fehler: Liste
    aenderungen: Liste
    ausgelassen: Liste
    plausibilitaet: list[Liste]
    hinweise: list[str]
    zustaende: list[tuple[str, int]]
    stichtage: list[date]
    indikatoren: list[str]
    gebiete: dict[str, int]


def berichtsansicht(lieferung: Lieferung) -> Berichtsansicht:
    """Cut the stored report of a dry run to what a page can show; at most 100 entries per list."""
    bericht = lieferung.bericht
    umfang = bericht.get("umfang", {})
    return Berichtsansicht(
        fehler=_liste("Fehlerhafte Angaben", bericht.get("fehler", []), bericht.get("fehler_anzahl", 0)),
        aenderungen=_liste(
            "Geänderte Werte", list(_mit_datum(bericht.get("aenderungen", []))), lieferung.geaendert
        ),
        ausgelassen=_liste(
            "Ausgelassene Zeilen", bericht.get("ausgelassen", []), bericht.get("ausgelassen_anzahl", 0)
        ),
        plausibilitaet=list(_nach_art(bericht.get("plausibilitaet", []))),
        hinweise=bericht.get("hinweise", []),
        zustaende=[
            (ZUSTAND_TITEL[Zustand(kuerzel)], zahl) for kuerzel, zahl in bericht.get("zustaende", {}).items()
        ],
        stichtage=[date.fromisoformat(tag) for tag in umfang.get("stichtage", [])],
        indikatoren=umfang.get("indikatoren", []),
        gebiete=umfang.get("gebiete", {}),
    )


def _liste(titel: str, eintraege: Sequence[Any], anzahl: int) -> Liste:
    return Liste(titel, eintraege[:GEZEIGT], anzahl)


def _mit_datum(aenderungen: Iterable[dict]) -> Iterator[dict]:
    for aenderung in aenderungen:
        yield aenderung | {"stichtag": date.fromisoformat(aenderung["stichtag"])}


def _nach_art(hinweise: Iterable[dict]) -> Iterator[Liste]:
    gruppen: dict[str, list[dict]] = {}
    for hinweis in hinweise:
        gruppen.setdefault(hinweis["art"], []).append(hinweis)
    for art, eintraege in gruppen.items():
        yield _liste(HINWEISTITEL[art], eintraege, len(eintraege))


def bericht_csv(lieferung: Lieferung) -> str:
    """Write the whole report as CSV: counts, errors, changes, rows left out, hints.

    Semicolon, byte order mark, CRLF; no cell that a spreadsheet takes for a formula.
    """
    bericht = lieferung.bericht
    puffer = io.StringIO(newline="")
    puffer.write(als_csv(bericht))
    schreiber = csv.writer(puffer, delimiter=";")
    for zeile in _zusatzzeilen(lieferung, bericht):
        schreiber.writerow([csv_zelle(zelle) for zelle in zeile])
    return puffer.getvalue()


def _zusatzzeilen(lieferung: Lieferung, bericht: dict[str, Any]) -> Iterator[tuple[Zelle, ...]]:
    aenderungen = bericht.get("aenderungen", [])
    for eintrag in aenderungen:
        stichtag = f"{date.fromisoformat(eintrag['stichtag']):%d.%m.%Y}"
        worum = f"{eintrag['gebiet']}, {stichtag}: bisher {eintrag['alt']}"
        yield "geändert", eintrag["zeile"], eintrag["indikator"], eintrag["neu"], worum
    if lieferung.geaendert > len(aenderungen):
        weitere = lieferung.geaendert - len(aenderungen)
        yield "geändert", None, None, None, f"… und {weitere} weitere, die hier nicht einzeln stehen."
    for feld in ANZAHLEN:
        anzahl = getattr(lieferung, feld)
        yield "Anzahl", None, Lieferung._meta.get_field(feld).verbose_name, anzahl, None
