import django_filters
from django.db.models import Exists, OuterRef, Q

from oberhausen_sozialplanung.werkzeuge.text import schluessel
from quartiere.abfragen import sozialraeume
from quartiere.models import Gebietsalias, Sozialquartier


class QuartierFilter(django_filters.FilterSet):
    suche = django_filters.CharFilter(
        method="filter_suche", label="Name oder Nummer", help_text="auch ein anderer Name des Quartiers"
    )
    sozialraum = django_filters.ModelChoiceFilter(
        field_name="uebergeordnet",
        queryset=lambda request: sozialraeume(),
        to_field_name="slug",
        label="Sozialraum",
        empty_label="alle",
    )

    class Meta:
        model = Sozialquartier
        fields = []

    def filter_suche(self, queryset, name, value):
        # SQLite ignores case in ASCII letters only; the address of a quarter is ASCII already.
        begriff = schluessel(value)
        alias = Gebietsalias.objects.filter(gebiet=OuterRef("pk"), name__icontains=value)
        treffer = Q(name__icontains=value) | Q(nummer__startswith=value) | Q(Exists(alias))
        return queryset.filter(treffer | Q(slug__contains=begriff) if begriff else treffer)
