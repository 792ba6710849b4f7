"""Forms around a method: a record as JSON, and the editor that makes a new version of one."""

from django import forms
from django.core.exceptions import ValidationError

from sozialindex.berechnung.fehler import Methodikfehler
from sozialindex.berechnung.methodik import lies_methodik
from sozialindex.berechnung.satz import (
    Aggregation,
    Klassenart,
    Normierungsart,
    Skala,
    Standardabweichung,
    Transformation,
)
from sozialindex.forms.felder import ZahlField

GROESSTER_SATZ = 1024 * 1024

NORMIERUNGEN = {
    Normierungsart.Z: "z-Werte",
    Normierungsart.MINMAX: "0 bis 1 (kleinster bis größter Wert)",
    Normierungsart.PERZENTIL: "Perzentil (Anteil kleinerer Werte)",
}
STANDARDABWEICHUNGEN = {
    Standardabweichung.POPULATION: "der Grundgesamtheit (Teiler n)",
    Standardabweichung.STICHPROBE: "der Stichprobe (Teiler n − 1)",
}
AGGREGATIONEN = {
    Aggregation.ARITHMETISCH: "arithmetisch (gewichtete Summe)",
    Aggregation.GEOMETRISCH: "geometrisch (gewichtetes Produkt, nur bei 0 bis 1)",
}
SKALEN = {
    Skala.RESTANDARDISIERT: "Summe durch ihre Standardabweichung",
    Skala.SUMME: "Summe",
    Skala.MITTEL: "Summe durch die Summe der Gewichte",
}
KLASSENARTEN = {
    Klassenart.FEST: "feste Grenzen des Index",
    Klassenart.QUANTIL: "Anteile der Gebiete (z. B. 0,2; 0,4)",
}
TRANSFORMATIONEN = {
    Transformation.KEINE: "keine",
    Transformation.LN: "ln(Wert)",
    Transformation.LN1P: "ln(1 + Wert)",
}
POLUNGEN = {1: "mehr Belastung", -1: "weniger Belastung"}


def auswahl(woerter):
    return [(str(wort), titel) for wort, titel in woerter.items()]


class MethodikJsonForm(forms.Form):
    """A record as a file or as text; every fault of the record stands at the field it came from."""

    datei = forms.FileField(label="JSON-Datei", required=False, help_text="Höchstens 1 MB.")
    text = forms.CharField(
        label="JSON-Text",
        help_text="Statt der Datei.",
        required=False,
        strip=True,
        max_length=GROESSTER_SATZ,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false", "class": "font-monospace"}),
    )

    def clean_datei(self):
        datei = self.cleaned_data["datei"]
        if datei and datei.size > GROESSTER_SATZ:
            raise ValidationError("Die Datei ist größer als 1 MB; eine Methodik ist es nicht.")
        return datei

    def clean(self):
        datei, text = self.cleaned_data.get("datei"), self.cleaned_data.get("text")
        if self.errors:
            return self.cleaned_data
        if bool(datei) == bool(text):
            raise ValidationError("Bitte geben Sie entweder eine Datei oder einen Text an.")
        feld = "datei" if datei else "text"
        try:
            self.cleaned_data["vorgabe"] = lies_methodik(datei.read() if datei else text)
        except Methodikfehler as fehler:
            self.add_error(feld, fehler.meldungen)
        return self.cleaned_data

    @property
    def quellfeld(self):
        return "datei" if self.cleaned_data.get("datei") else "text"


class IndikatorzeileForm(forms.Form):
    """How one indicator enters the index."""

    schluessel = forms.CharField(widget=forms.HiddenInput)
    definition = forms.TypedChoiceField(label="Definition", coerce=int)
    polung = forms.TypedChoiceField(label="Höher heißt", coerce=int, choices=auswahl(POLUNGEN))
    gewicht = ZahlField(label="Gewicht")
    transformation = forms.ChoiceField(label="Transformation", choices=auswahl(TRANSFORMATIONEN))
    entfernen = forms.BooleanField(label="Entfernen", required=False)

    def __init__(self, *args, indikatoren, **kwargs):
        super().__init__(*args, **kwargs)
        self.wahl = indikatoren.get(self["schluessel"].value())
        versionen = {str(version) for version in self.wahl.versionen} if self.wahl else set()
        versionen |= {str(self["definition"].value() or 1)}
        self.fields["definition"].choices = [(nummer, nummer) for nummer in sorted(versionen)]

    @property
    def name(self):
        return self.wahl.indikator.name if self.wahl else self["schluessel"].value()

    @property
    def sichtbare(self):
        return [feld for feld in self.visible_fields() if feld.name != "entfernen"]

    @property
    def daten(self):
        eintrag = ("schluessel", "definition", "polung", "gewicht", "transformation")
        return {name: self.cleaned_data[name] for name in eintrag}


IndikatorzeilenFormSet = forms.formset_factory(
    IndikatorzeileForm, extra=0, max_num=200, absolute_max=200, validate_max=True
)
