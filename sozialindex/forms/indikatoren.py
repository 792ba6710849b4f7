from django import forms

from sozialindex.forms.felder import ZahlField, ZeilenField
from sozialindex.models import Indikator, Indikatordefinition

INDIKATORFELDER = [
    "name",
    "kurzname",
    "beschreibung",
    "art",
    "einheit",
    "nachkommastellen",
    "kern",
    "reihenfolge",
    "sprunggrenze",
    "mindestzahl",
]


class IndikatorForm(forms.ModelForm):
    """Texts and limits of an indicator with its other names."""

    sprunggrenze = ZahlField(
        label="Sprunggrenze",
        required=False,
        help_text="Veränderung gegenüber dem Vorjahr in Prozentpunkten, ab der die Prüfung einer Lieferung "
        "nachfragt. Leer: keine Nachfrage.",
    )
    aliase = ZeilenField(
        label="Andere Namen",
        required=False,
        help_text="So nennen Lieferungen den Indikator; ein Name je Zeile.",
    )

    class Meta:
        model = Indikator
        fields = INDIKATORFELDER
        widgets = {"beschreibung": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "kurzname": "Höchstens 40 Zeichen, für Tabellen und Diagramme. Leer: wie der Name.",
            "kern": "Kernindikatoren stehen auf der Seite jedes Quartiers.",
            "reihenfolge": "Kleinere Zahlen stehen weiter oben.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kurzname"].required = False
        if self.instance.pk:
            self.initial["aliase"] = [alias.name for alias in self.instance.aliase.all()]

    def clean_kurzname(self):
        return self.cleaned_data["kurzname"] or self.cleaned_data.get("name", "")[:40]


class IndikatorNeuForm(IndikatorForm):
    """A new indicator with its first definition."""

    field_order = ["schluessel", "name", "kurzname", "zaehler", "nenner", "quelle", "aliase"]
    zaehler = forms.CharField(label="Zähler", max_length=200, required=False, help_text="Was gezählt wird.")
    nenner = forms.CharField(
        label="Nenner", max_length=200, required=False, help_text="Worauf es bezogen wird; bei Anzahlen leer."
    )
    quelle = forms.CharField(label="Quelle", max_length=200, required=False)

    class Meta(IndikatorForm.Meta):
        fields = ["schluessel", *INDIKATORFELDER]
        help_texts = {
            **IndikatorForm.Meta.help_texts,
            "schluessel": "Kleinbuchstaben, Ziffern und Unterstriche; bleibt für immer, z. B. wohngeld.",
        }

    @property
    def definition(self):
        texte = {name: self.cleaned_data[name] for name in ("zaehler", "nenner", "quelle")}
        return Indikatordefinition(**texte)


class DefinitionForm(forms.ModelForm):
    """The text of a further version of the definition."""

    class Meta:
        model = Indikatordefinition
        fields = ["zaehler", "nenner", "quelle"]
        help_texts = {
            "zaehler": "Was gezählt wird.",
            "nenner": "Worauf es bezogen wird; bei Anzahlen leer.",
        }
