from django import forms
from django.utils.dateparse import parse_date

from sozialindex.models import Laufbemerkung, Methodik


class BerechnenForm(forms.Form):
    """Stichtag and method of a new run; only Stichtage with figures are offered."""

    stichtag = forms.TypedChoiceField(label="Stichtag", coerce=parse_date)
    methodik = forms.ModelChoiceField(label="Methodik", queryset=Methodik.objects.none(), empty_label=None)

    def __init__(self, *args, datenlagen, methodiken, **kwargs):
        super().__init__(*args, **kwargs)
        self.datenlagen = datenlagen
        stichtage = dict.fromkeys(lage.stichtag for lage in datenlagen)
        self.fields["stichtag"].choices = [(f"{tag:%Y-%m-%d}", f"{tag:%d.%m.%Y}") for tag in stichtage]
        self.fields["methodik"].queryset = Methodik.objects.filter(pk__in=[m.pk for m in methodiken])


class BemerkungForm(forms.ModelForm):
    class Meta:
        model = Laufbemerkung
        fields = ["text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}
        help_texts = {"text": "Alle, die Entwürfe lesen dürfen, sehen Ihre Bemerkung mit Ihrem Namen."}
