from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.generic import CreateView, DetailView, ListView, UpdateView

from oberhausen_sozialplanung.werkzeuge.text import schluessel
from sozialindex.abfragen.indikatoren import (
    definitionen_absteigend,
    indikatorenliste,
    stichtage_des_indikators,
)
from sozialindex.abfragen.methodik import methodiken_mit
from sozialindex.dienste import indikatoren as dienste
from sozialindex.forms.indikatoren import DefinitionForm, IndikatorForm, IndikatorNeuForm
from sozialindex.models import Indikator


@method_decorator(login_not_required, name="dispatch")
class IndikatorenView(ListView):
    template_name = "sozialindex/indikatoren/liste.html"
    context_object_name = "indikatoren"

    def get_queryset(self):
        return indikatorenliste()


@method_decorator(login_not_required, name="dispatch")
class IndikatorView(DetailView):
    slug_field = slug_url_kwarg = "schluessel"
    template_name = "sozialindex/indikatoren/indikator.html"
    context_object_name = "indikator"

    def get_queryset(self):
        return Indikator.objects.prefetch_related(definitionen_absteigend(), "aliase")

    def get_context_data(self, **kwargs):
        stichtage = stichtage_des_indikators(self.object)
        methodiken = methodiken_mit(self.object.schluessel, self.request.user)
        return super().get_context_data(stichtage=stichtage, methodiken=methodiken, **kwargs)


class BearbeitenMixin(PermissionRequiredMixin):
    """Stores through a service; what the service refuses stands above the form."""

    permission_required = "sozialindex.indikator_bearbeiten"
    raise_exception = True

    @cached_property
    def zurueck(self):
        """Address to return to, if it is one of this site; given by the import, for example."""
        ziel = self.request.GET.get("zurueck", "")
        sicher = url_has_allowed_host_and_scheme(ziel, {self.request.get_host()}, self.request.is_secure())
        return ziel if sicher else ""

    def get_context_data(self, **kwargs):
        return super().get_context_data(zurueck=self.zurueck, **kwargs)

    def form_valid(self, form):
        try:
            ergebnis = self.speichere(form)
        except dienste.Indikatorfehler as fehler:
            form.add_error(None, fehler.meldungen)
            return self.form_invalid(form)
        messages.success(self.request, self.erfolg.format(ergebnis))
        return redirect(self.zurueck or self.ziel(ergebnis))

    def ziel(self, ergebnis):
        return ergebnis


class IndikatorNeuView(BearbeitenMixin, CreateView):
    form_class = IndikatorNeuForm
    model = Indikator
    template_name = "sozialindex/indikatoren/neu.html"
    erfolg = "Der Indikator „{}“ ist angelegt."

    def get_initial(self):
        """A delivery suggests its own word for both; the key becomes one that is allowed."""
        vorschlag = schluessel(self.request.GET.get("schluessel", "")).replace("-", "_")
        return {"schluessel": vorschlag[:40], "name": self.request.GET.get("name", "")}

    def speichere(self, form):
        return dienste.lege_indikator_an(
            indikator=form.instance, definition=form.definition, aliase=form.cleaned_data["aliase"]
        )


class IndikatorBearbeitenView(BearbeitenMixin, UpdateView):
    slug_field = slug_url_kwarg = "schluessel"
    form_class = IndikatorForm
    model = Indikator
    template_name = "sozialindex/indikatoren/bearbeiten.html"
    context_object_name = "indikator"
    erfolg = "Der Indikator „{}“ ist gespeichert."

    def speichere(self, form):
        return dienste.aendere_indikator(indikator=form.instance, aliase=form.cleaned_data["aliase"])


class DefinitionNeuView(BearbeitenMixin, UpdateView):
    """The object of the page is the indicator; the form describes its next definition."""

    slug_field = slug_url_kwarg = "schluessel"
    form_class = DefinitionForm
    model = Indikator
    template_name = "sozialindex/indikatoren/definition_neu.html"
    context_object_name = "indikator"
    erfolg = "„{}“ ist angelegt. Lieferungen und Methodiken können sie nun verwenden."

    def get_form_kwargs(self):
        neueste = self.object.definitionen.order_by("version").last()
        initial = {name: getattr(neueste, name, "") for name in DefinitionForm.Meta.fields}
        return {**super().get_form_kwargs(), "instance": None, "initial": initial}

    def speichere(self, form):
        return dienste.lege_definition_an(indikator=self.object, **form.cleaned_data)

    def ziel(self, ergebnis):
        return ergebnis.indikator
