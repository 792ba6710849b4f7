import django_filters as filters

from sozialindex.models import Indexlauf


class LaufFilter(filters.FilterSet):
    """Runs by year of the Stichtag and state."""

    jahr = filters.ChoiceFilter(
        label="Stichtag im Jahr", field_name="stichtag__year", empty_label="alle Jahre"
    )
    zustand = filters.ChoiceFilter(
        label="Zustand", choices=Indexlauf.Zustand.choices, empty_label="alle Zustände"
    )

    class Meta:
        model = Indexlauf
        fields = ["jahr", "zustand"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        jahre = self.queryset.order_by("-stichtag__year").values_list("stichtag__year", flat=True).distinct()
        self.filters["jahr"].extra["choices"] = [(jahr, str(jahr)) for jahr in jahre]
