"""The editor of a method: one form for the record, one row per indicator, errors at their fields."""

import re

from django import forms
from django.utils.dateparse import parse_date

from sozialindex.berechnung.fehler import Methodikfehler
from sozialindex.berechnung.methodik import lies_methodik
from sozialindex.berechnung.satz import NULLPUNKTNAMEN
from sozialindex.forms.felder import GanzzahlField, ListeField, ZahlenlisteField, ZahlField, ZeilenField
from sozialindex.forms.methodik import (
    AGGREGATIONEN,
    KLASSENARTEN,
    NORMIERUNGEN,
    SKALEN,
    STANDARDABWEICHUNGEN,
    IndikatorzeilenFormSet,
    auswahl,
)
from sozialindex.models import Indexlauf

GRENZHINWEIS = "Aufsteigend, mit Semikolon getrennt, z. B. −1; 1; 1,5"
KLASSENHINWEIS = "Eine Klasse mehr als Grenzen, vom niedrigsten Indexwert an, mit Semikolon getrennt"
FEHLERORT = re.compile(r"(?P<ort>[a-z_.]+)(?:, Eintrag (?P<eintrag>\d+))?(?:\.(?P<teil>[a-z_]+))?")


class AusschlussField(ZeilenField):
    """Areas left out, one per line as "Nummer: Grund"; cleans to entries of the record."""

    def als_text(self, eintrag):
        return f"{eintrag['gebiet']}: {eintrag['grund']}"

    def lies(self, text):
        gebiet, doppelpunkt, grund = (teil.strip() for teil in text.partition(":"))
        if not (gebiet and doppelpunkt and grund):
            raise forms.ValidationError(
                f"„{text[:60]}“: Bitte schreiben Sie Nummer, Doppelpunkt und Grund, z. B. 101: Neubaugebiet."
            )
        return {"gebiet": gebiet, "grund": grund}


def lies_basis(text):
    """Turn a choice of `vergleichsbasen` into the argument of the comparison."""
    if text.startswith("lauf-"):
        return {"lauf": Indexlauf.objects.get(nummer=text.removeprefix("lauf-"))}
    return {"stichtag": parse_date(text)}


class MethodikForm(forms.Form):
    """Everything of a record except key, version and indicators."""

    # Where a field stands in the record.
    ORTE = {
        "titel": ("titel",),
        "hinweis": ("hinweis",),
        "min_einwohner": ("einschluss", "min_einwohner"),
        "min_indikatoren": ("einschluss", "min_indikatoren"),
        "ausgeschlossen": ("einschluss", "ausgeschlossen"),
        "normierung": ("normierung", "art"),
        "standardabweichung": ("normierung", "standardabweichung"),
        "nullpunkt": ("normierung", "nullpunkt"),
        "aggregation": ("index", "aggregation"),
        "skala": ("index", "skala"),
        "status_art": ("status", "art"),
        "status_grenzen": ("status", "grenzen"),
        "status_klassen": ("status", "klassen"),
        "dynamik_jahre": ("dynamik", "jahre"),
        "dynamik_art": ("dynamik", "art"),
        "dynamik_grenzen": ("dynamik", "grenzen"),
        "dynamik_klassen": ("dynamik", "klassen"),
        "laeufe": ("robustheit", "laeufe"),
        "startwert": ("robustheit", "startwert"),
        "gewichtsrauschen": ("robustheit", "gewichtsrauschen"),
    }
    ABSCHNITTE = {
        "Bezeichnung": ["titel", "hinweis"],
        "Einbezogene Gebiete": ["min_einwohner", "min_indikatoren", "ausgeschlossen"],
        "Normierung": ["normierung", "standardabweichung", "nullpunkt"],
        "Index": ["aggregation", "skala"],
        "Statusklassen": ["status_art", "status_grenzen", "status_klassen"],
        "Dynamik": ["dynamik_jahre", "dynamik_art", "dynamik_grenzen", "dynamik_klassen"],
        "Robustheit": ["laeufe", "startwert", "gewichtsrauschen"],
    }

    titel = forms.CharField(label="Titel", max_length=150)
    hinweis = forms.CharField(
        label="Hinweis", required=False, help_text="Steht bei der Methodik, z. B. was noch zu bestätigen ist."
    )
    min_einwohner = GanzzahlField(label="Mindestzahl der Einwohner*innen")
    min_indikatoren = GanzzahlField(
        label="Mindestzahl vorhandener Werte", help_text="Gebiete mit weniger Werten bleiben außen vor."
    )
    ausgeschlossen = AusschlussField(
        label="Ausgeschlossene Gebiete", required=False, help_text="Je Zeile: Nummer, Doppelpunkt, Grund."
    )
    normierung = forms.ChoiceField(
        label="Art",
        choices=auswahl(NORMIERUNGEN),
        help_text="Ein z-Wert ist der Abstand vom Nullpunkt, gemessen in Standardabweichungen.",
    )
    standardabweichung = forms.ChoiceField(
        label="Standardabweichung", choices=auswahl(STANDARDABWEICHUNGEN), help_text="Nur für z-Werte."
    )
    nullpunkt = forms.ChoiceField(
        label="Nullpunkt", choices=auswahl(NULLPUNKTNAMEN), help_text="Nur für z-Werte."
    )
    aggregation = forms.ChoiceField(label="Zusammenfassung", choices=auswahl(AGGREGATIONEN))
    skala = forms.ChoiceField(label="Skala", choices=auswahl(SKALEN))
    status_art = forms.ChoiceField(label="Art der Grenzen", choices=auswahl(KLASSENARTEN))
    status_grenzen = ZahlenlisteField(label="Grenzen", help_text=GRENZHINWEIS)
    status_klassen = ListeField(label="Klassen", help_text=KLASSENHINWEIS)
    dynamik_jahre = GanzzahlField(
        label="Jahre zwischen den Stichtagen", required=False, help_text="Leer: kein Dynamikindex."
    )
    dynamik_art = forms.ChoiceField(label="Art der Grenzen", choices=auswahl(KLASSENARTEN))
    dynamik_grenzen = ZahlenlisteField(label="Grenzen", required=False, help_text=GRENZHINWEIS)
    dynamik_klassen = ListeField(label="Klassen", required=False, help_text=KLASSENHINWEIS)
    laeufe = GanzzahlField(label="Zufällige Läufe")
    startwert = GanzzahlField(
        label="Startwert", help_text="Derselbe Startwert führt zu denselben zufälligen Gewichten."
    )
    gewichtsrauschen = ZahlField(label="Streuung der Gewichte", help_text="0,25 heißt ±25 %.")
    hinzufuegen = forms.ChoiceField(label="Indikator hinzufügen", required=False)
    basis = forms.TypedChoiceField(label="Vergleichen mit", required=False, coerce=lies_basis)

    def __init__(self, *args, waehlbar, basen, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["hinzufuegen"].choices = [("", "bitte wählen"), *waehlbar]
        self.fields["basis"].choices = basen

    @classmethod
    def aus_satz(cls, satz):
        """Initial values from a canonical record."""
        return {name: _hole(satz, ort) for name, ort in cls.ORTE.items()}

    def abschnitte(self):
        return [(titel, [self[name] for name in namen]) for titel, namen in self.ABSCHNITTE.items()]

    @property
    def teilsatz(self):
        """The part of the record that this form holds."""
        satz = {}
        for name, ort in self.ORTE.items():
            _setze(satz, ort, self.cleaned_data[name])
        if satz["dynamik"]["jahre"] is None and not satz["dynamik"]["grenzen"]:
            satz["dynamik"] = {"jahre": None}
        else:
            satz["dynamik"]["mass"] = "prozentpunkte"
        return satz


def _hole(satz, ort):
    for schluessel in ort:
        satz = satz[schluessel]
    return satz


def _setze(satz, ort, wert):
    for schluessel in ort[:-1]:
        satz = satz.setdefault(schluessel, {})
    satz[ort[-1]] = wert


# A count of rows as the form itself writes it.
ANZAHL = re.compile(r"[0-9]{1,3}")


class Methodikeditor:
    """The two parts of the editor as one thing to show, check and read."""

    VORSATZ = "indikatoren"

    def __init__(self, methodik, *, version, indikatoren, basen, daten=None):
        self.methodik, self.version = methodik, version
        daten = None if daten is None else self._mit_zusatz(daten, indikatoren)
        self.zeilen = IndikatorzeilenFormSet(
            daten,
            initial=methodik.daten["indikatoren"],
            prefix=self.VORSATZ,
            form_kwargs={"indikatoren": indikatoren},
        )
        vorhandene = {zeile["schluessel"].value() for zeile in self.zeilen}
        waehlbar = [(key, wahl.indikator.name) for key, wahl in indikatoren.items() if key not in vorhandene]
        self.form = MethodikForm(
            daten, initial=MethodikForm.aus_satz(methodik.daten), waehlbar=waehlbar, basen=basen
        )

    def _mit_zusatz(self, daten, indikatoren):
        """The data with one more row for the indicator chosen to be added."""
        schluessel, anzahl = daten.get("hinzufuegen"), daten.get(f"{self.VORSATZ}-TOTAL_FORMS", "")
        if schluessel not in indikatoren or not ANZAHL.fullmatch(anzahl):
            return daten
        neu = {
            "schluessel": schluessel,
            "definition": indikatoren[schluessel].versionen[-1],
            "polung": 1,
            "gewicht": "1",
            "transformation": "keine",
        }
        ergaenzt = daten.copy()
        ergaenzt.update({f"{self.VORSATZ}-{anzahl}-{name}": wert for name, wert in neu.items()})
        ergaenzt[f"{self.VORSATZ}-TOTAL_FORMS"] = str(int(anzahl) + 1)
        ergaenzt["hinzufuegen"] = ""
        return ergaenzt

    def ist_gueltig(self):
        """Check both parts, then the record as a whole; its faults go to their fields."""
        if not (self.form.is_valid() & self.zeilen.is_valid()):
            return False
        try:
            lies_methodik(self.satz)
        except Methodikfehler as fehler:
            for meldung in fehler.meldungen:
                self._melde(meldung)
        return self.form.is_valid() and all(not zeile.errors for zeile in self.zeilen)

    @property
    def hat_fehler(self):
        return bool(self.form.errors or self.zeilen.total_error_count())

    @property
    def behaltene(self):
        return [zeile for zeile in self.zeilen if not zeile.cleaned_data.get("entfernen")]

    @property
    def satz(self):
        """The record as the fields now give it."""
        return {
            "schluessel": self.methodik.schluessel,
            "version": self.version,
            "indikatoren": [zeile.daten for zeile in self.behaltene],
            **self.form.teilsatz,
        }

    def _melde(self, meldung):
        """Put a message like "status.grenzen, Eintrag 2: …" at the field that caused it."""
        ort, _, text = meldung.partition(": ")
        treffer = FEHLERORT.fullmatch(ort)
        if treffer and treffer["ort"] == "indikatoren" and treffer["teil"]:
            zeile = self.behaltene[int(treffer["eintrag"]) - 1]
            zeile.add_error(treffer["teil"], text)
            return
        felder = {".".join(ort): name for name, ort in MethodikForm.ORTE.items()}
        feld = felder.get(treffer["ort"]) if treffer else None
        self.form.add_error(feld, text if feld else meldung)
