"""The archive of a run: everything needed to recompute it, as far as the reader may have it."""

from typing import Any

import pandas as pd
from django.utils import timezone

from sozialindex.abfragen.schnappschuss import eingabetabelle, lade_ergebnisse, lade_schnappschuss
from sozialindex.geheimhaltung import STELLEN_GROB, leere_betroffene_spalten, verberge_schnappschuss
from sozialindex.laufarchiv import ergebnis_csv, methodik_json, packe, schnappschuss_csv, werte_csv
from sozialindex.models import Indexlauf, Indikator
from sozialindex.nachrechnung_pandas import rechenweg

FELDER = (
    "einbezogen",
    "statussumme",
    "statusindex",
    "statusklasse",
    "dynamikindex",
    "dynamikklasse",
    "gesamtindex",
    "beitraege",
)


def archiv(lauf: Indexlauf, *, intern: bool) -> bytes:
    """Return the run as a ZIP: methodik.json, werte.csv, ergebnis.csv, LIESMICH.txt, SHA256SUMS.

    Parameters
    ----------
    intern
        True for the Sozialplanung: every figure, and `schnappschuss.csv` with counts, states and deliveries.
        False: where a figure is under confidentiality, its indicator's column is empty, the area has its
        classes alone, and all other index values are rounded and come without sum and contributions, so that
        the hidden figure cannot be solved for.

    Notes
    -----
    The same run and reader give the same bytes at any time.
    """
    schnappschuss = lade_schnappschuss(lauf)
    ergebnisse = lade_ergebnisse(lauf, FELDER)
    schluessel = [eintrag["schluessel"] for eintrag in lauf.methodik_daten["indikatoren"]]
    sichtbar = schnappschuss if intern else verberge_schnappschuss(schnappschuss, _mindestzahlen(schluessel))
    betroffen = _betroffen(schnappschuss, sichtbar)
    if betroffen:
        sichtbar = leere_betroffene_spalten(sichtbar, schnappschuss)
        ergebnisse = {
            gebiet: _vergroebert(felder, genau=gebiet not in betroffen)
            for gebiet, felder in ergebnisse.items()
        }
    dateien = {
        "methodik.json": methodik_json(lauf.methodik_daten),
        "werte.csv": werte_csv(eingabetabelle(sichtbar)),
        "ergebnis.csv": ergebnis_csv(ergebnisse, schluessel),
        "LIESMICH.txt": liesmich(lauf, intern=intern, vollstaendig=not betroffen).encode(),
    }
    if intern:
        dateien["schnappschuss.csv"] = schnappschuss_csv(schnappschuss)
    return packe(dateien)


def _mindestzahlen(schluessel: list[str]) -> dict[str, int]:
    return dict(Indikator.objects.filter(schluessel__in=schluessel).values_list("schluessel", "mindestzahl"))


def _betroffen(schnappschuss: pd.DataFrame, sichtbar: pd.DataFrame) -> set[str]:
    """Numbers of the areas of which a figure is hidden."""
    return set(schnappschuss.loc[schnappschuss["wert"].notna() & sichtbar["wert"].isna(), "gebiet"])


def _vergroebert(felder: dict[str, Any], *, genau: bool) -> dict[str, Any]:
    gerundet = {
        name: round(felder[name], STELLEN_GROB) if genau and felder[name] is not None else None
        for name in ("statusindex", "dynamikindex")
    }
    return {**felder, **gerundet, "statussumme": None, "beitraege": {}}


LIESMICH = """\
Sozialindex: {lauf}
Zustand: {zustand}
Methodik: {methodik}
Stichtag: {stichtag}{vergleich}
Gebietsstand: {gebietsstand}

Niedriger Status heißt hohes Armutsrisiko; ein höherer Indexwert heißt mehr Belastung. Ein Index ist eine
Suchhilfe und kein Urteil über Menschen.

Dateien
  methodik.json   die Methode mit allen Festlegungen
  werte.csv       die Werte je Gebiet (Anteile in Prozent; dyn_… ist die Veränderung in Prozentpunkten),
                  zuletzt die Zeile STADT mit den Werten der ganzen Stadt
  ergebnis.csv    Indexwerte, Klassen und Beiträge
{schnappschuss}  SHA256SUMS      Prüfsummen der Dateien (prüfen mit: sha256sum -c SHA256SUMS)

{vollstaendigkeit}

Formel
  Je Indikator: z = Polung × (Wert − Nullpunkt) / Streuung der Gebiete, so wie methodik.json unter
  „normierung“ festlegt. Statussumme = Summe aus Gewicht × z. Statusindex = Statussumme auf der Skala, die
  unter „index“ steht. Die Dynamik rechnet ebenso mit den Spalten dyn_…. Danach werden die Klassen nach den
  Grenzen unter „status“ und „dynamik“ vergeben; verglichen wird auf zehn Nachkommastellen gerundet.
  Der Gesamtindex nennt die Stelle der Statusklasse und +, +/- oder - für die Dynamik.

Nachrechnen mit diesem Programm
  python manage.py index_aus_datei werte.csv --methodik methodik.json --ausgabe neu.csv

Nachrechnen allein mit Python und pandas
{rechenweg}
Gerechnet mit: {umgebung}
{pruefsumme}"""
VOLLSTAENDIG = "Die Dateien enthalten alle Werte, mit denen gerechnet wurde."
UNVOLLSTAENDIG = """\
In diesem Lauf stecken kleine Fallzahlen. Zum Schutz der Menschen sind alle Werte der betroffenen
Indikatoren leer; die betroffenen Gebiete haben Klassen, aber keine Indexwerte, alle übrigen Indexwerte sind
auf eine Stelle gerundet, Statussumme und Beiträge fehlen. Mit dieser Fassung lassen sich die Klassen
nachlesen, aber nicht nachrechnen; die vollständige Fassung hat die Sozialplanung."""
SCHNAPPSCHUSS = "  schnappschuss.csv  jeder Wert mit Zähler, Nenner, Zustand und Lieferung\n"


def liesmich(lauf: Indexlauf, *, intern: bool, vollstaendig: bool) -> str:
    """Return the text that explains the files and how to recompute the run with pandas alone."""
    vergleich = lauf.vergleichsstichtag
    summe = "cat methodik.json schnappschuss.csv ergebnis.csv | sha256sum"
    skript = rechenweg(lauf.methodik_daten).splitlines()
    return LIESMICH.format(
        lauf=lauf,
        zustand=_zustand(lauf),
        methodik=f"{lauf.methodik_daten['titel']}, Version {lauf.methodik_daten['version']}",
        stichtag=f"{lauf.stichtag:%d.%m.%Y}",
        vergleich=f", verglichen mit {vergleich:%d.%m.%Y}" if vergleich else "",
        gebietsstand=lauf.gebietsstand.name,
        schnappschuss=SCHNAPPSCHUSS if intern else "",
        vollstaendigkeit=VOLLSTAENDIG if vollstaendig else UNVOLLSTAENDIG,
        rechenweg="".join(f"  {zeile}".rstrip() + "\n" for zeile in skript),
        umgebung=", ".join(f"{name} {version}" for name, version in sorted(lauf.umgebung.items())),
        pruefsumme=f"Prüfsumme des Laufs ({summe}): {lauf.sha256}\n" if intern else "",
    )


def _zustand(lauf: Indexlauf) -> str:
    if lauf.veroeffentlicht_am is None:
        return lauf.get_zustand_display()
    return f"veröffentlicht am {timezone.localtime(lauf.veroeffentlicht_am):%d.%m.%Y}"
