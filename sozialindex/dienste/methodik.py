"""The only door through which methods are stored, and the comparison of two of them."""

import datetime
from collections.abc import Mapping
from typing import Any

import pandas as pd
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max

from oberhausen_sozialplanung.konten.models import Benutzer
from quartiere.models import Gebiet
from sozialindex.abfragen.methodik import Vergleichsbild, ordne_zu
from sozialindex.abfragen.schnappschuss import eingabetabelle, lade_schnappschuss, vergleichsstichtag
from sozialindex.abfragen.stichtage import gebietsstand_der_werte
from sozialindex.berechnung.fehler import Methodikfehler
from sozialindex.berechnung.methodik import lies_methodik
from sozialindex.berechnung.satz import Klassierung
from sozialindex.berechnung.satz import Methodik as Vorgabe
from sozialindex.dienste.fehler import Lauffehler
from sozialindex.dienste.laeufe import hole_grundlage
from sozialindex.dienste.rechnung import lies, rechne
from sozialindex.laufarchiv import werte_csv
from sozialindex.models import Indexlauf, Laufwert, Methodik

VERGLICHEN = ("einbezogen", "grund", "statusindex", "statusklasse", "dynamikindex", "dynamikklasse")


class VersionVergeben(ValueError):
    """The key and version exist; `naechste` is the version a changed record has to take."""

    def __init__(self, schluessel: str, version: int, naechste: int):
        self.naechste = naechste
        super().__init__(
            f"Die Methodik „{schluessel}“ hat schon eine Version {version}; sie bleibt, wie sie ist. "
            f"Die nächste Version ist {naechste}."
        )


class OhneAenderung(ValueError):
    """The record says the same as the stored version `methodik`; nothing was stored."""

    def __init__(self, methodik: Methodik):
        self.methodik = methodik
        super().__init__(
            f"Diese Angaben stehen schon so in Version {methodik.version}. "
            "Es wurde keine neue Version angelegt."
        )


def naechste_version(schluessel: str) -> int:
    """Return the version a further record of this key takes; 1 for a new key. One query."""
    hoechste = Methodik.objects.filter(schluessel=schluessel).aggregate(hoechste=Max("version"))
    return (hoechste["hoechste"] or 0) + 1


def lege_methodik_an(*, daten: Mapping[str, Any] | str | bytes, benutzer: Benutzer | None = None) -> Methodik:
    """Store a record in its canonical form.

    Parameters
    ----------
    daten
        The JSON object or its text.

    Raises
    ------
    Methodikfehler
        The record breaks its schema; `meldungen` names every place.
    VersionVergeben
        This version of the key exists, whatever it says.
    """
    vorgabe = lies_methodik(daten)
    if Methodik.objects.filter(schluessel=vorgabe.schluessel, version=vorgabe.version).exists():
        raise _vergeben(vorgabe)
    methodik = Methodik(
        schluessel=vorgabe.schluessel,
        version=vorgabe.version,
        titel=vorgabe.titel,
        daten=vorgabe.als_dict(),
        angelegt_von=benutzer,
    )
    try:
        methodik.full_clean(validate_constraints=False)
        with transaction.atomic():
            methodik.save(force_insert=True)
    except ValidationError as fehler:
        meldungen = [f"{feld}: {text}" for feld, texte in fehler.message_dict.items() for text in texte]
        raise Methodikfehler(meldungen) from fehler
    except IntegrityError as fehler:
        raise _vergeben(vorgabe) from fehler
    return methodik


def lade_methodik(*, daten: Mapping[str, Any] | str | bytes) -> tuple[Methodik, bool]:
    """Store a record unless the very same is stored already.

    Returns
    -------
    The method, and whether it is new.

    Raises
    ------
    Methodikfehler
        The record breaks its schema.
    VersionVergeben
        This version of the key is stored with another content.
    """
    vorgabe = lies_methodik(daten)
    gleiche = Methodik.objects.filter(schluessel=vorgabe.schluessel, version=vorgabe.version).first()
    if gleiche and gleiche.daten == vorgabe.als_dict():
        return gleiche, False
    return lege_methodik_an(daten=vorgabe.als_dict()), True


def _vergeben(vorgabe: Vorgabe) -> VersionVergeben:
    return VersionVergeben(vorgabe.schluessel, vorgabe.version, naechste_version(vorgabe.schluessel))


@transaction.atomic
def lege_neue_version_an(
    *, alt: Methodik, daten: Mapping[str, Any], benutzer: Benutzer | None = None
) -> Methodik:
    """Store a changed record as the next version of its key, whatever version it names.

    Raises
    ------
    Methodikfehler
        The record breaks its schema.
    OhneAenderung
        A version says the same already; so a double click stores one version, not two.
    """
    vorhandene = Methodik.objects.select_for_update().filter(schluessel=alt.schluessel).order_by("version")
    for methodik in vorhandene:
        if lies_methodik({**daten, "version": methodik.version}).als_dict() == methodik.daten:
            raise OhneAenderung(methodik)
    version = naechste_version(alt.schluessel)
    return lege_methodik_an(
        daten={**daten, "schluessel": alt.schluessel, "version": version}, benutzer=benutzer
    )


def vergleiche(
    *,
    alt: Mapping[str, Any],
    neu: Mapping[str, Any],
    stichtag: datetime.date | None = None,
    lauf: Indexlauf | None = None,
) -> pd.DataFrame:
    """Compute two methods on the same figures and put the results side by side; nothing is stored.

    Parameters
    ----------
    alt, neu
        Records.
    stichtag
        Compute from the figures in force at this Stichtag.
    lauf
        Instead: compute from the figures this run kept.

    Returns
    -------
    Index `gebiet` (number); per name in VERGLICHEN a column `<name>_alt` and `<name>_neu` (index values
    float, NaN where there is none; classes and reasons str, "" where there is none) and the booleans
    `wechsel_status`, `wechsel_dynamik`, `wechsel`. Areas that change a class or drop in or out come first,
    then by number. With as many classes as before the position counts, not the word.

    Raises
    ------
    Lauffehler
        One of the methods cannot be computed from these figures; the German message says which and why.
    """
    vorgaben = {"Bisherige Methodik": lies(alt), "Neue Methodik": lies(neu)}
    ergebnisse = []
    for seite, vorgabe in vorgaben.items():
        try:
            ergebnisse.append(_ergebnis(vorgabe, stichtag=stichtag, lauf=lauf))
        except Lauffehler as fehler:
            raise Lauffehler(f"{seite}: {fehler}") from fehler
    return _nebeneinander(*ergebnisse, *vorgaben.values())


def vergleichsbild(
    *,
    alt: Mapping[str, Any],
    neu: Mapping[str, Any],
    stichtag: datetime.date | None = None,
    lauf: Indexlauf | None = None,
) -> Vergleichsbild:
    """Return the result of `vergleiche` with areas and classes, for a page.

    Parameters and errors as there. Two more queries.
    """
    tabelle = vergleiche(alt=alt, neu=neu, stichtag=stichtag, lauf=lauf)
    gebietsstand = lauf.gebietsstand if lauf else gebietsstand_der_werte(stichtag)
    gebiete = Gebiet.objects.filter(gebietsstand=gebietsstand).quartiere()
    return ordne_zu(tabelle, alt=alt, neu=neu, gebiete=gebiete)


def _ergebnis(vorgabe: Vorgabe, *, stichtag: datetime.date | None, lauf: Indexlauf | None) -> pd.DataFrame:
    werte = _werte_des_laufs(vorgabe, lauf) if lauf else _werte_am(vorgabe, stichtag)
    je_gebiet = rechne(vorgabe, werte).je_gebiet
    tabelle = pd.DataFrame.from_dict(je_gebiet, orient="index").loc[:, list(VERGLICHEN)]
    return tabelle.rename_axis("gebiet").astype({"statusindex": float, "dynamikindex": float})


def _werte_am(vorgabe: Vorgabe, stichtag: datetime.date) -> bytes:
    return werte_csv(hole_grundlage(vorgabe=vorgabe, stichtag=stichtag).eingabe)


def _werte_des_laufs(vorgabe: Vorgabe, lauf: Indexlauf) -> bytes:
    """The snapshot of a run, if the method needs nothing that is not in it."""
    schnappschuss = lade_schnappschuss(lauf)
    vorhanden = set(zip(schnappschuss["indikator"], schnappschuss["definition"], strict=True))
    fehlend = [i.schluessel for i in vorgabe.indikatoren if (i.schluessel, i.definition) not in vorhanden]
    if fehlend:
        raise Lauffehler(
            f"Der Indexlauf {lauf.nummer} enthält keine Werte von {', '.join(fehlend)} in der verlangten "
            "Definition. Vergleichen Sie an einem Stichtag statt mit diesem Lauf."
        )
    vergleich = vergleichsstichtag(lauf.stichtag, vorgabe.dynamik.jahre)
    if vergleich not in (None, lauf.vergleichsstichtag):
        raise Lauffehler(
            f"Der Indexlauf {lauf.nummer} enthält keine Werte zum Vergleichsstichtag {vergleich:%d.%m.%Y}. "
            "Vergleichen Sie an einem Stichtag statt mit diesem Lauf."
        )
    if vergleich is None:
        schnappschuss = schnappschuss[schnappschuss["rolle"] != Laufwert.Rolle.VERGLEICH]
    return werte_csv(eingabetabelle(schnappschuss))


def _nebeneinander(
    alt: pd.DataFrame, neu: pd.DataFrame, vorgabe_alt: Vorgabe, vorgabe_neu: Vorgabe
) -> pd.DataFrame:
    tabelle = alt.add_suffix("_alt").join(neu.add_suffix("_neu"), how="outer")
    klassierungen = {
        "status": (vorgabe_alt.status, vorgabe_neu.status),
        "dynamik": (vorgabe_alt.dynamik.klassierung, vorgabe_neu.dynamik.klassierung),
    }
    for teil, (vorher, nachher) in klassierungen.items():
        uebersetzt = tabelle[f"{teil}klasse_neu"].replace(_umbenannt(vorher, nachher))
        tabelle[f"wechsel_{teil}"] = tabelle[f"{teil}klasse_alt"] != uebersetzt
    tabelle["wechsel"] = tabelle["wechsel_status"] | tabelle["wechsel_dynamik"]
    return tabelle.sort_index().sort_values("wechsel", ascending=False, kind="stable")


def _umbenannt(alt: Klassierung, neu: Klassierung) -> dict[str, str]:
    """New words of the same number of classes → old words: another word for a class is no change of class."""
    if len(alt.klassen) != len(neu.klassen):
        return {}
    return dict(zip(neu.klassen, alt.klassen, strict=True))
