"""A full proposal of how to read a file, without asking; what cannot be known is left open, never guessed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import PurePath

from oberhausen_sozialplanung.werkzeuge.text import vergleichsform
from sozialindex.einlesen.arbeitsmappe import Zelle
from sozialindex.einlesen.datei import Quelle, rate_dezimalzeichen
from sozialindex.einlesen.einstellungen import WERTROLLEN, Einstellungen, Rolle
from sozialindex.einlesen.kopf import kopfnamen, kopftext
from sozialindex.einlesen.rollen import schlage_spalten_vor
from sozialindex.einlesen.stichtag import Stichtagfehler, finde_im_text, stichtag_lesen, zeitangabe
from sozialindex.einlesen.symbole import legende, vorschlag
from sozialindex.einlesen.verzeichnis import Verzeichnis

PROBE = 5_000
MAX_KOPFZEILEN = 4
SUCHTIEFE = 60
Zeile = tuple[int, list[Zelle]]


@dataclass(frozen=True, slots=True)
class Vorschau:
    """First rows as a person should see them: head names, (line number, cells as text), lines
    above the head."""

    kopf: list[str]
    zeilen: list[tuple[int, list[str]]]
    titel: list[str]


def erkenne(quelle: Quelle, verzeichnis: Verzeichnis) -> Einstellungen:
    """Propose settings for a file; `Einstellungen.fehlend` says what a person still has to add.

    The first 5,000 rows are looked at; a legend further down is not seen.

    Raises
    ------
    Dateifehler
        The rows cannot be read.
    """
    basis = _grund(quelle)
    zeilen = list(islice(quelle.zeilen(basis), PROBE))
    return _vorgeschlagen(basis, zeilen, quelle, verzeichnis)


def erkenne_kopf(quelle: Quelle, einstellungen: Einstellungen, verzeichnis: Verzeichnis) -> Einstellungen:
    """Propose columns anew after a person has chosen sheet, delimiter or head rows; other settings stay."""
    zeilen = list(islice(quelle.zeilen(einstellungen), PROBE))
    return _mit_spalten(einstellungen, zeilen, quelle, verzeichnis)


def lies_kopf(quelle: Quelle, einstellungen: Einstellungen) -> list[str]:
    """Return the joined head names under these settings; without head rows "Spalte 1", "Spalte 2" …"""
    if not einstellungen.kopf_bis:
        breite = max((len(z) for _, z in islice(quelle.zeilen(einstellungen), 50)), default=0)
        return [f"Spalte {i}" for i in range(1, breite + 1)]
    return _kopf(quelle.zeilen(einstellungen), einstellungen)


def vorschau(quelle: Quelle, einstellungen: Einstellungen, anzahl: int = 20) -> Vorschau:
    """Return the first data rows under these settings."""
    titel, zeilen = [], []
    for nummer, zellen in quelle.zeilen(einstellungen):
        texte = [kopftext(z) for z in zellen]
        if nummer < einstellungen.kopf_von:
            titel.append(" ".join(t for t in texte if t))
        elif nummer > einstellungen.kopf_bis:
            zeilen.append((nummer, texte))
        if len(zeilen) >= anzahl:
            break
    return Vorschau(lies_kopf(quelle, einstellungen), zeilen, [t for t in titel if t])


def _grund(quelle: Quelle) -> Einstellungen:
    blatt = max(quelle.blaetter, key=lambda b: b.zeilen * max(b.spalten, 1)).name
    return Einstellungen(
        kodierung=quelle.kodierung,
        trennzeichen=quelle.trennzeichen,
        dezimalzeichen=quelle.dezimalzeichen,
        blatt=blatt,
    )


def _vorgeschlagen(
    basis: Einstellungen, zeilen: list[Zeile], quelle: Quelle, verzeichnis: Verzeichnis
) -> Einstellungen:
    von, bis = finde_kopf(zeilen, verzeichnis)
    dezimal = basis.dezimalzeichen or rate_dezimalzeichen(z for _, zellen in zeilen for z in zellen)
    return _mit_spalten(
        replace(basis, kopf_von=von, kopf_bis=bis, dezimalzeichen=dezimal), zeilen, quelle, verzeichnis
    )


def _mit_spalten(
    basis: Einstellungen, zeilen: list[Zeile], quelle: Quelle, verzeichnis: Verzeichnis
) -> Einstellungen:
    daten = [zellen for nummer, zellen in zeilen if nummer > basis.kopf_bis and zellen]
    kopf = _kopf(zeilen, basis)
    je_spalte = [[z[i] for z in daten if i < len(z) and z[i] not in (None, "")] for i in range(len(kopf))]
    spalten = schlage_spalten_vor(kopf, je_spalte, verzeichnis)
    werte = {
        str(z).strip()
        for s, zellen in zip(spalten, je_spalte, strict=True)
        for z in zellen
        if s.rolle in WERTROLLEN
    }
    erklaert = legende(" ".join(kopftext(z) for z in zellen if z not in (None, "")) for _, zellen in zeilen)
    ergebnis = replace(basis, spalten=spalten, symbole=vorschlag(werte, erklaert))
    return _mit_festen_angaben(ergebnis, zeilen, quelle, verzeichnis)


def _mit_festen_angaben(
    einstellungen: Einstellungen, zeilen: list[Zeile], quelle: Quelle, verzeichnis: Verzeichnis
) -> Einstellungen:
    """Look for Stichtag and indicator in title lines, sheet name and file name where columns do
    not say them."""
    titel = [kopftext(z) for nummer, zellen in zeilen if nummer < einstellungen.kopf_von for z in zellen]
    texte = [t for t in (*titel, einstellungen.blatt, PurePath(quelle.dateiname).stem.replace("_", " ")) if t]
    gruppen = einstellungen.gruppen
    if einstellungen.spalte(Rolle.JAHR) is None and any(not s for _, s in gruppen):
        einstellungen = replace(einstellungen, stichtag=_stichtag_aus(texte, verzeichnis))
    if einstellungen.spalte(Rolle.INDIKATOR) is None and any(not i for i, _ in gruppen):
        einstellungen = replace(einstellungen, indikator=_indikator_aus(texte, verzeichnis))
    return einstellungen


def _stichtag_aus(texte: Sequence[str], verzeichnis: Verzeichnis) -> str:
    for text in texte:
        gefunden = finde_im_text(text)
        if gefunden:
            try:
                return stichtag_lesen(gefunden[1], verzeichnis.heute).isoformat()
            except Stichtagfehler:
                continue
    return ""


def _indikator_aus(texte: Sequence[str], verzeichnis: Verzeichnis) -> str:
    """Return the one indicator a title names as a whole or contains; two different ones name none."""
    for text in texte:
        if treffer := verzeichnis.finde_indikator(text):
            return treffer.schluessel
        form = vergleichsform(text)
        enthalten = {
            i.schluessel
            for i in verzeichnis.indikatoren
            for name in (i.schluessel, i.name, *i.aliases)
            if len(vergleichsform(name)) >= 4 and vergleichsform(name) in form
        }
        if len(enthalten) == 1:
            return enthalten.pop()
    return ""


def finde_kopf(zeilen: Sequence[Zeile], verzeichnis: Verzeichnis) -> tuple[int, int]:
    """Return the line numbers of the first and last head row.

    The head ends before the first row that names a known area or holds figures; it begins where
    the rows above
    are empty, titles (one filled cell) or much narrower.
    """
    anfang = [z for z in zeilen[:SUCHTIEFE] if _gefuellt(z[1])]
    if not anfang:
        return 1, 1
    breite = max(_gefuellt(zellen) for _, zellen in anfang)
    erste = next((i for i, (_, z) in enumerate(anfang) if _ist_datenzeile(z, verzeichnis)), None)
    if erste is None:
        erste = next(i for i, (_, z) in enumerate(anfang) if _gefuellt(z) == breite) + 1
    if erste == 0:
        return 0, 0
    beginn = _kopfbeginn(anfang, erste - 1, breite)
    return anfang[beginn][0], anfang[erste - 1][0]


def _kopfbeginn(zeilen: Sequence[Zeile], letzte: int, breite: int) -> int:
    beginn = letzte
    while beginn > 0 and letzte - beginn < MAX_KOPFZEILEN - 1:
        davor = _gefuellt(zeilen[beginn - 1][1])
        if davor < max(2, 0.4 * breite):
            break
        beginn -= 1
    return beginn


def _ist_datenzeile(zellen: Sequence[Zelle], verzeichnis: Verzeichnis) -> bool:
    texte = [str(z).strip() for z in zellen if z not in (None, "")]
    if len(texte) < 2:
        return False
    zahlen = sum(1 for t in texte if _ist_zahl(t) and zeitangabe(t) is None)
    bekannt = any(verzeichnis.ist_nummer(t) or (verzeichnis.ist_name(t) and len(t) > 5) for t in texte)
    return zahlen > 0 or (bekannt and not _ist_kopfwort(texte))


def _ist_kopfwort(texte: Sequence[str]) -> bool:
    """Head words such as "insgesamt" are also names of the city: a row of words without figures is a head."""
    return not any(z.isdigit() for t in texte for z in t)


def _ist_zahl(text: str) -> bool:
    return len(text) < 40 and text.replace(".", "").replace(",", "").replace(" ", "").lstrip("-−–").isdigit()


def _gefuellt(zellen: Sequence[Zelle]) -> int:
    return sum(1 for z in zellen if z is not None and str(z).strip())


def _kopf(zeilen, einstellungen: Einstellungen) -> list[str]:
    kopf, breite = [], 0
    for nummer, zellen in zeilen:
        if einstellungen.kopf_von <= nummer <= einstellungen.kopf_bis:
            kopf.append(zellen)
        if nummer > einstellungen.kopf_bis and zellen:
            breite = len(zellen)
            break
    return kopfnamen(kopf) if kopf else [f"Spalte {i}" for i in range(1, breite + 1)]
