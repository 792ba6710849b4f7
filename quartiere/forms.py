from django import forms

from quartiere.abfragen import vergebene_slugs
from quartiere.dienste import freier_slug
from quartiere.models import Ebene, Sozialraum, Stadt

OBERHALB = {Ebene.SOZIALRAUM: Stadt, Ebene.QUARTIER: Sozialraum}


class GebietForm(forms.ModelForm):
    """An area of one level. The model fixes the level; name and number make the address once."""

    # In the form, so that constraints over the level are checked before saving; not read from the browser.
    ebene = forms.CharField(widget=forms.HiddenInput, disabled=True, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["ebene"] = self._meta.model.objects.ebene
        if "gebietsstand" in self.fields and self.instance.pk:
            # Figures hang on the layout: an area does not move to another one.
            self.fields["gebietsstand"].disabled = True
        if "uebergeordnet" in self.fields:
            self._waehle_uebergeordnet(self.fields["uebergeordnet"])

    def _waehle_uebergeordnet(self, feld):
        feld.required = True
        feld.queryset = OBERHALB[self.initial["ebene"]].objects.select_related("gebietsstand")
        feld.label_from_instance = lambda gebiet: f"{gebiet} ({gebiet.gebietsstand})"

    def clean(self):
        daten = super().clean()
        gebietsstand, oben = daten.get("gebietsstand"), daten.get("uebergeordnet")
        if gebietsstand and oben and oben.gebietsstand_id != gebietsstand.pk:
            self.add_error("uebergeordnet", f"„{oben}“ gehört zu einem anderen Gebietsstand.")
        if gebietsstand and not self.instance.slug:
            vergeben = vergebene_slugs(gebietsstand, daten["ebene"])
            self.instance.slug = freier_slug(daten.get("name", ""), daten.get("nummer", ""), vergeben)
        return daten
