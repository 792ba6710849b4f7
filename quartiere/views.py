from django.contrib.auth.decorators import login_not_required
from django.utils.decorators import method_decorator
from django.views.generic import DetailView
from django_filters.views import FilterView

from quartiere import abfragen
from quartiere.filters import QuartierFilter


@method_decorator(login_not_required, name="dispatch")
class QuartierListView(FilterView):
    filterset_class = QuartierFilter
    template_name = "quartiere/liste.html"
    context_object_name = "quartiere"
    paginate_by = 100

    def get_queryset(self):
        return abfragen.quartiere_der_liste()

    def get_context_data(self, **kwargs):
        # The map shows every hit, the table a page of them; read once here, counting and paging ask no more.
        treffer = list(self.object_list)
        return super().get_context_data(
            treffer=treffer, gebietsstand=abfragen.aktueller_gebietsstand(), **kwargs
        )


@method_decorator(login_not_required, name="dispatch")
class QuartierView(DetailView):
    template_name = "quartiere/quartier.html"
    context_object_name = "quartier"

    def get_queryset(self):
        return abfragen.quartiere_der_liste().select_related("gebietsstand").prefetch_related("aliase")

    def get_context_data(self, **kwargs):
        nachbarn = abfragen.quartiere_im_sozialraum(self.object.uebergeordnet_id)
        return super().get_context_data(nachbarn=nachbarn, **kwargs)


@method_decorator(login_not_required, name="dispatch")
class SozialraumView(DetailView):
    template_name = "quartiere/sozialraum.html"
    context_object_name = "sozialraum"

    def get_queryset(self):
        return abfragen.sozialraeume().select_related("gebietsstand").prefetch_related("aliase")

    def get_context_data(self, **kwargs):
        quartiere = abfragen.quartiere_im_sozialraum(self.object.pk)
        return super().get_context_data(quartiere=quartiere, **kwargs)
