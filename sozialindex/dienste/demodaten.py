"""Fills an empty installation with the constructed data in fixtures/, through the services people use."""

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import serializers
from django.db import transaction

from oberhausen_sozialplanung.konten.dienste import DEMOKONTEN, lege_demokonten_an
from oberhausen_sozialplanung.konten.models import Benutzer
from oberhausen_sozialplanung.konten.rollen import Rolle
from oberhausen_sozialplanung.seiten.dienste import setze_demodaten
from quartiere.dienste import lade_gebiete
from quartiere.gebietsdatei import lies_gebietsdatei
from quartiere.models import Ebene, Gebiet, Gebietsstand, Mitgliedschaft, Organisation
from sozialindex.dienste.indikatoren import lade_indikatoren
from sozialindex.dienste.laeufe import berechne_lauf, pruefe_lauf, veroeffentliche_lauf
from sozialindex.dienste.lieferungen import importiere_datei
from sozialindex.dienste.methodik import lade_methodik
from sozialindex.models import Indexlauf, Lieferung, Methodik

ORDNER = Path(settings.BASE_DIR) / "fixtures"
TEXTEBENEN = {"sozialraeume": Ebene.SOZIALRAUM, "quartiere": Ebene.QUARTIER}


class DatenVorhanden(Exception):
    """The installation holds areas, deliveries or runs; demonstration data never mix with them."""


class DemodatenFehlerhaft(Exception):
    """The files in fixtures/ contradict each other; nothing was loaded."""


@dataclass(frozen=True)
class Demobericht:
    """Number of quarters and figures loaded, and the runs in the order in which they were made."""

    quartiere: int
    werte: int
    laeufe: list[Indexlauf]


def ist_leer() -> bool:
    """Say whether the installation holds neither areas nor deliveries nor runs. At most three queries."""
    return not any(modell.objects.exists() for modell in (Gebiet, Lieferung, Indexlauf))


@transaction.atomic
def lade_demodaten() -> Demobericht:
    """Load areas, texts, indicators, method, accounts and figures; compute, check and publish the runs.

    Everything goes through the services that the pages use, and the installation is marked, so that every
    page names the data as constructed. All or nothing.

    Raises
    ------
    DatenVorhanden
        The installation is not empty.
    DemoNichtErlaubt
        Neither DEMO nor DEBUG is set: the accounts have a published password.
    DemodatenFehlerhaft
        Not every figure of the file could be taken over.
    Indikatorfehler, VersionVergeben
        Stored indicators or methods of the same key say something else.
    """
    if not ist_leer():
        raise DatenVorhanden
    ablauf = _json("demo.json")
    quartiere = _lade_gebiete(ablauf)
    lade_indikatoren(daten=_json("indikatoren.json"))
    methodik, _ = lade_methodik(daten=(ORDNER / ablauf["methodik"]).read_bytes())
    konten = {
        demo.rolle.schluessel: konto for demo, konto in zip(DEMOKONTEN, lege_demokonten_an(), strict=True)
    }
    _lade_organisationen(ablauf, konten)
    werte = _importiere(benutzer=konten[Rolle.SOZIALPLANUNG.schluessel])
    laeufe = [_mache_lauf(eintrag, methodik, konten) for eintrag in ablauf["laeufe"]]
    setze_demodaten(True)
    return Demobericht(quartiere=quartiere, werte=werte, laeufe=laeufe)


def _json(name: str) -> Any:
    return json.loads((ORDNER / name).read_text(encoding="utf-8"))


def _lade_gebiete(ablauf: Mapping[str, Any]) -> int:
    stand = ablauf["gebietsstand"]
    bericht = lade_gebiete(
        datei=lies_gebietsdatei((ORDNER / "gebiete.csv").read_bytes()),
        stadt=ablauf["stadt"],
        gebietsstand=stand["name"],
        gueltig_von=datetime.date.fromisoformat(stand["gueltig_von"]),
    )
    _setze_texte(bericht.gebietsstand)
    return bericht.quartiere.neu


def _setze_texte(gebietsstand: Gebietsstand) -> None:
    texte = _json("gebiete_texte.json")
    gebiete = {(gebiet.ebene, gebiet.nummer): gebiet for gebiet in gebietsstand.gebiete.all()}
    geaendert = []
    for teil, ebene in TEXTEBENEN.items():
        for nummer, text in texte[teil].items():
            gebiet = gebiete[ebene, nummer]
            gebiet.besonderheiten = text["besonderheiten"]
            gebiet.staerken = "\n".join(text["staerken"])
            geaendert.append(gebiet)
    Gebiet.objects.bulk_update(geaendert, ["besonderheiten", "staerken"])


def _lade_organisationen(ablauf: Mapping[str, Any], konten: Mapping[str, Benutzer]) -> None:
    fachbereiche = (ORDNER / "organisationen.json").read_text(encoding="utf-8")
    for fachbereich in serializers.deserialize("json", fachbereiche):
        fachbereich.save()
    for felder in ablauf["organisationen"]:
        Organisation.objects.update_or_create(name=felder["name"], defaults=felder)
    for eintrag in ablauf["mitgliedschaften"]:
        organisation = Organisation.objects.get_by_natural_key(eintrag["organisation"])
        Mitgliedschaft.objects.get_or_create(benutzer=konten[eintrag["rolle"]], organisation=organisation)


def _importiere(benutzer: Benutzer) -> int:
    pruefung = importiere_datei(pfad=ORDNER / "demo_werte.csv", benutzer=benutzer)
    if pruefung.fehler or pruefung.lieferung is None:
        raise DemodatenFehlerhaft(f"demo_werte.csv: {pruefung.fehler} Angaben sind nicht lesbar.")
    return pruefung.abgleich.neu


def _mache_lauf(eintrag: Mapping[str, Any], methodik: Methodik, konten: Mapping[str, Benutzer]) -> Indexlauf:
    sozialplanung, leitung = (konten[rolle.schluessel] for rolle in (Rolle.SOZIALPLANUNG, Rolle.LEITUNG))
    stichtag = datetime.date.fromisoformat(eintrag["stichtag"])
    lauf = berechne_lauf(stichtag=stichtag, methodik=methodik, erstellt_von=sozialplanung)
    if not eintrag["veroeffentlicht"]:
        return lauf
    pruefe_lauf(lauf=lauf, geprueft_von=sozialplanung)
    return veroeffentliche_lauf(lauf=lauf, veroeffentlicht_von=leitung)
