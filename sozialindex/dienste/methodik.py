"""The only door through which methods are stored, and the comparison of two of them."""

import datetime
from collections.abc import Mapping
from typing import Any

import pandas as pd
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max

from oberhausen_sozialplanung.konten.models import Benutzer
from sozialindex.abfragen.schnappschuss import eingabetabelle, lade_schnappschuss, vergleichsstichtag
from sozialindex.berechnung.fehler import Methodikfehler
from sozialindex.berechnung.methodik import lies_methodik
from sozialindex.berechnung.satz import Methodik as Vorgabe
from sozialindex.dienste.fehler import Lauffehler
from sozialindex.dienste.laeufe import hole_grundlage
from sozialindex.dienste.rechnung import lies, rechne
from sozialindex.laufarchiv import werte_csv
from sozialindex.models import Indexlauf, Laufwert, Methodik

VERGLICHEN = ("einbezogen", "grund", "statusindex", "statusklasse", "dynamikindex", "dynamikklasse")
BEZEICHNENDE = ("schluessel", "version", "titel", "hinweis", "robustheit")


class VersionVergeben(ValueError):
    """The key and version exist; `naechste` is the version a changed record has to take."""

    def __init__(self, schluessel: str, version: int, naechste: int):
        self.naechste = naechste
        super().__init__(
            f"Die Methodik „{schluessel}“ hat schon eine Version {version}; sie bleibt, wie sie ist. "
            f"Die nächste Version ist {naechste}."
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


def sind_gleich(alt: Mapping[str, Any], neu: Mapping[str, Any]) -> bool:
    """Say whether two canonical records compute the same, whatever they are called."""
    return _rechenteil(alt) == _rechenteil(neu)


def _rechenteil(daten: Mapping[str, Any]) -> dict[str, Any]:
    return {name: wert for name, wert in daten.items() if name not in BEZEICHNENDE}


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
    Index `gebiet` (number); per name in VERGLICHEN a column `<name>_alt` and `<name>_neu` (index values float,
    NaN where there is none; classes and reasons str, "" where there is none) and the booleans
    `wechsel_status`, `wechsel_dynamik`, `wechsel`. Areas that change a class or drop in or out come first, then by
    number.

    Raises
    ------
    Lauffehler
        One of the methods cannot be computed from these figures; the German message says which and why.
    """
    seiten = {}
    for name, daten in (("alt", alt), ("neu", neu)):
        try:
            seiten[name] = _ergebnis(lies(daten), stichtag=stichtag, lauf=lauf)
        except Lauffehler as fehler:
            raise Lauffehler(f"{SEITEN[name]}: {fehler}") from fehler
    return _nebeneinander(seiten["alt"], seiten["neu"])


SEITEN = {"alt": "Bisherige Methodik", "neu": "Neue Methodik"}


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
        schnappschuss = schnappschuss[schnappschuss["rolle"] == Laufwert.Rolle.STATUS]
    einwohner = dict(lauf.ergebnisse.values_list("gebiet_id", "einwohner"))
    return werte_csv(eingabetabelle(schnappschuss, einwohner))


def _nebeneinander(alt: pd.DataFrame, neu: pd.DataFrame) -> pd.DataFrame:
    tabelle = alt.join(neu, how="outer", lsuffix="_alt", rsuffix="_neu")
    for teil in ("status", "dynamik"):
        tabelle[f"wechsel_{teil}"] = tabelle[f"{teil}klasse_alt"] != tabelle[f"{teil}klasse_neu"]
    tabelle["wechsel"] = tabelle["wechsel_status"] | tabelle["wechsel_dynamik"]
    return tabelle.sort_index().sort_values("wechsel", ascending=False, kind="stable")
