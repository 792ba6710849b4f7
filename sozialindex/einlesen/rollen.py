"""What a column most likely holds, by its head and by its cells."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from oberhausen_sozialplanung.werkzeuge.text import vergleichsform
from sozialindex.einlesen.arbeitsmappe import Zelle
from sozialindex.einlesen.einstellungen import Rolle, Spalte
from sozialindex.einlesen.kopf import TRENNER
from sozialindex.einlesen.stichtag import Stichtagfehler, finde_im_text, stichtag_lesen, zeitangabe
from sozialindex.einlesen.verzeichnis import Indikator, Verzeichnis

_WOERTER = {
    Rolle.GEBIET_NUMMER: (
        "nr nummer schluessel id gebietcode quartiernr quartiersnr gebietnr gebietsnummer gebietsnr "
        "kennziffer "
        "raumid code gebietsschluessel quartiersnummer quartiernummer sozialraumnr plr "
        "schluesselnummer gebiet_id"
    ),
    Rolle.GEBIET_NAME: (
        "name quartier sozialquartier gebiet gebietlabel gebietsname bezeichnung stadtteil raumname "
        "quartiersname "
        "quartiername sozialraum raum planungsraum bezirk ortsteil stadtviertel gebietsbezeichnung"
    ),
    Rolle.JAHR: "jahr zeit stichtag datum berichtsjahr zeitraum zeitpunkt berichtsmonat year date monat",
    Rolle.INDIKATOR: (
        "indikator merkmal merkmalcode merkmallabel kennzahl indikatorschluessel indikatorname kennzahlcode "
        "merkmalcode variable kategorie"
    ),
    Rolle.ZAEHLER: "zaehler anzahl faelle fallzahl absolut",
    Rolle.NENNER: "nenner bevoelkerung grundgesamtheit basis bezugsgroesse einwohner insgesamt nennerwert",
    Rolle.WERT: "wert anteil quote rate prozent value inprozent indikatorwert kennwert anteilinprozent",
    Rolle.QUALITAET: "qualitaet wertq valueq q qualitaetskennzeichen qualitaetszeichen status guete",
}
_ROLLE_ZU_WORT = {vergleichsform(w): rolle for rolle, woerter in _WOERTER.items() for w in woerter.split()}
_GEBIETSROLLEN = (Rolle.GEBIET_NUMMER, Rolle.GEBIET_NAME)
_ZEICHEN_PROZENT = re.compile(r"%|prozent|anteil|quote", re.IGNORECASE)
MINDESTANTEIL = 0.5
MINDESTANTEIL_MIT_KOPF = 0.1
NOTNAGEL = 0.01
"""Score of a column whose head says area number though hardly any number is known (another Gebietsstand)."""
_NUMMERIERT = re.compile(r" \(Spalte \d+\)$")


def schlage_spalten_vor(
    kopf: Sequence[str], spalten: Sequence[Sequence[Zelle]], verzeichnis: Verzeichnis
) -> tuple[Spalte, ...]:
    """Propose a role for every column.

    Parameters
    ----------
    kopf : sequence of str
        Joined head names.
    spalten : sequence of sequences
        Sample cells of each column, without empty ones.
    """
    kopf = [_NUMMERIERT.sub("", name) for name in kopf]
    vergeben = _merkmalsspalten(kopf, spalten, verzeichnis)
    vorschlaege = [
        Spalte(vergeben[i]) if i in vergeben else wertspalte(name, verzeichnis) for i, name in enumerate(kopf)
    ]
    return _aufgeraeumt(vorschlaege, spalten, verzeichnis)


def wertspalte(name: str, verzeichnis: Verzeichnis) -> Spalte:
    """Propose a value column from its head alone: year, indicator, Zähler/Nenner/Wert words, or ignore."""
    if tag := zeitangabe(name):
        return Spalte(Rolle.WERT, stichtag=tag.isoformat())
    if indikator := verzeichnis.finde_indikator(name):
        return Spalte(_rolle_des_ganzen(name, indikator), indikator.schluessel)
    if rolle := _ROLLE_ZU_WORT.get(vergleichsform(name)):
        return Spalte(Rolle.IGNORIEREN if rolle in _GEBIETSROLLEN else rolle)
    return (
        _zweiteilig(name, verzeichnis) or _mit_jahr(name, verzeichnis) or _zaehler_nenner(name, verzeichnis)
    )


def _merkmalsspalten(
    kopf: Sequence[str], spalten: Sequence[Sequence[Zelle]], verzeichnis: Verzeichnis
) -> dict[int, Rolle]:
    pruefungen = (
        (Rolle.GEBIET_NUMMER, verzeichnis.ist_nummer),
        (Rolle.GEBIET_NAME, verzeichnis.ist_name),
        (Rolle.INDIKATOR, lambda t: verzeichnis.finde_indikator(t) is not None),
        (Rolle.JAHR, lambda t: _ist_zeit(t, verzeichnis.heute)),
    )
    vergeben: dict[int, Rolle] = {}
    for rolle, passt in pruefungen:
        guete = [
            _guete(rolle, kopf[i], spalten[i], passt) if i not in vergeben else 0.0 for i in range(len(kopf))
        ]
        beste = max(range(len(kopf)), key=lambda i: guete[i], default=None)
        if beste is not None and guete[beste] > 0:
            vergeben[beste] = rolle
    return vergeben


def _guete(rolle: Rolle, name: str, zellen: Sequence[Zelle], passt) -> float:
    """Score a column for a role: share of fitting cells, plus one when the head says so."""
    im_kopf = {_ROLLE_ZU_WORT.get(vergleichsform(teil)) for teil in (name, name.split(TRENNER)[-1])} - {None}
    texte = [str(z).strip() for z in zellen]
    anteil = sum(map(passt, texte)) / len(texte) if texte else 0.0
    if rolle in im_kopf:
        sicher = anteil >= MINDESTANTEIL_MIT_KOPF or not texte or rolle != Rolle.GEBIET_NUMMER
        return 1.0 + anteil if sicher else NOTNAGEL
    anderes = bool(im_kopf) and not (rolle in _GEBIETSROLLEN and im_kopf & set(_GEBIETSROLLEN))
    genuegt = _nur_daten(texte, anteil) if rolle == Rolle.JAHR else anteil >= MINDESTANTEIL
    return anteil if genuegt and not anderes and zeitangabe(name) is None else 0.0


def _nur_daten(texte: Sequence[str], anteil: float) -> bool:
    """A column without a telling head is a date column only if it holds full dates: years may be counts."""
    return anteil >= MINDESTANTEIL and all(len(t) > 4 for t in texte)


def _ist_zeit(text: str, heute: date) -> bool:
    try:
        stichtag_lesen(text, heute)
    except Stichtagfehler:
        return False
    return True


def _rolle_des_ganzen(name: str, indikator: Indikator) -> Rolle:
    form = vergleichsform(name)
    if indikator.art == "anteil" and form != vergleichsform(indikator.name):
        if form == vergleichsform(indikator.zaehler_name):
            return Rolle.ZAEHLER
        if form == vergleichsform(indikator.nenner_name):
            return Rolle.NENNER
    return Rolle.WERT


def _zweiteilig(name: str, verzeichnis: Verzeichnis) -> Spalte | None:
    """Two head rows: the upper names indicator or year, the lower says Zähler, Nenner or Wert (or
    the reverse)."""
    oben, trenner, unten = name.rpartition(TRENNER)
    if not trenner:
        return None
    for ganzes, teil in ((oben, unten), (unten, oben)):
        haupt = wertspalte(ganzes, verzeichnis)
        if not haupt.indikator and not haupt.stichtag:
            continue
        zusatz = wertspalte(teil, verzeichnis)
        if zusatz.indikator or zusatz.stichtag:
            return replace(
                haupt,
                indikator=haupt.indikator or zusatz.indikator,
                stichtag=haupt.stichtag or zusatz.stichtag,
            )
        if _ZEICHEN_PROZENT.search(teil):
            return replace(haupt, rolle=Rolle.WERT)
        return replace(haupt, rolle=zusatz.rolle)
    return None


def _mit_jahr(name: str, verzeichnis: Verzeichnis) -> Spalte | None:
    gefunden = finde_im_text(name)
    if not gefunden:
        return None
    tag, worte = gefunden
    rest = name.replace(worte, " ").strip(" |,;:()-–")
    spalte = wertspalte(rest, verzeichnis) if rest and not finde_im_text(rest) else Spalte()
    return replace(spalte, stichtag=tag.isoformat()) if spalte.rolle != Rolle.IGNORIEREN else None


def _zaehler_nenner(name: str, verzeichnis: Verzeichnis) -> Spalte:
    """A head that is the Zähler or Nenner name of exactly one indicator, or "Zähler <indicator>"."""
    form = vergleichsform(name)
    for rolle, attribut in ((Rolle.ZAEHLER, "zaehler_name"), (Rolle.NENNER, "nenner_name")):
        treffer = [
            i for i in verzeichnis.indikatoren if form and vergleichsform(getattr(i, attribut)) == form
        ]
        if len(treffer) == 1:
            return Spalte(rolle, treffer[0].schluessel)
    teile = re.split(r"[\s_:]+", name)
    for wort, rest in ((teile[0], teile[1:]), (teile[-1], teile[:-1])):
        rolle = _ROLLE_ZU_WORT.get(vergleichsform(wort))
        indikator = verzeichnis.finde_indikator(" ".join(rest))
        if indikator and rolle in (Rolle.ZAEHLER, Rolle.NENNER, Rolle.WERT, Rolle.QUALITAET):
            return Spalte(rolle, indikator.schluessel)
    return Spalte()


def _aufgeraeumt(
    vorschlaege: list[Spalte], spalten: Sequence[Sequence[Zelle]], verzeichnis: Verzeichnis
) -> tuple[Spalte, ...]:
    """Drop doubled roles and lonely denominators; counts of an indicator of art "anzahl" are its value."""
    anzahlen = {i.schluessel for i in verzeichnis.indikatoren if i.art == "anzahl"}
    gesehen: set[tuple[Rolle, str, str]] = set()
    sauber = []
    for spalte in vorschlaege:
        if spalte.rolle == Rolle.ZAEHLER and spalte.indikator in anzahlen:
            spalte = replace(spalte, rolle=Rolle.WERT)
        kennung = (spalte.rolle, *spalte.schluessel)
        sauber.append(Spalte() if kennung in gesehen else spalte)
        gesehen.add(kennung)
    tragend = {s.schluessel for s in sauber if s.rolle in (Rolle.ZAEHLER, Rolle.WERT)}
    sauber = [Spalte() if s.rolle == Rolle.NENNER and s.schluessel not in tragend else s for s in sauber]
    return tuple(_einzige_zahlenspalte(sauber, spalten))


def _einzige_zahlenspalte(spalten: list[Spalte], zellen: Sequence[Sequence[Zelle]]) -> list[Spalte]:
    """Without any value column, the one remaining column of figures is taken for it."""
    if any(s.rolle in (Rolle.ZAEHLER, Rolle.WERT) for s in spalten):
        return spalten
    frei = [i for i, s in enumerate(spalten) if s.rolle == Rolle.IGNORIEREN and _sind_zahlen(zellen[i])]
    if len(frei) == 1:
        spalten[frei[0]] = Spalte(Rolle.WERT)
    return spalten


def _sind_zahlen(zellen: Sequence[Zelle]) -> bool:
    ziffern = sum(1 for z in zellen if isinstance(z, int | float) or str(z)[:1].isdigit())
    return bool(zellen) and ziffern >= MINDESTANTEIL * len(zellen)
