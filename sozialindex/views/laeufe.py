from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import DetailView, FormView
from django_filters.views import FilterView

from sozialindex.abfragen.laufbericht import Leserecht, laufbericht
from sozialindex.abfragen.stichtage import datenlagen, waehlbare_methodiken
from sozialindex.dienste import laeufe as dienste
from sozialindex.dienste.archiv import archiv
from sozialindex.dienste.fehler import Lauffehler
from sozialindex.filters import LaufFilter
from sozialindex.forms.laeufe import BemerkungForm, BerechnenForm
from sozialindex.models import Indexlauf


@method_decorator(login_not_required, name="dispatch")
class UebersichtView(FilterView):
    filterset_class = LaufFilter
    template_name = "sozialindex/laeufe/uebersicht.html"
    context_object_name = "laeufe"
    paginate_by = 30

    def get_queryset(self):
        laeufe = Indexlauf.objects.sichtbar_fuer(self.request.user)
        return laeufe.select_related("methodik", "erstellt_von", "veroeffentlicht_von")


@method_decorator(login_not_required, name="dispatch")
class LaufView(DetailView):
    slug_field = slug_url_kwarg = "nummer"
    context_object_name = "lauf"
    template_name = "sozialindex/laeufe/lauf.html"

    def get_queryset(self):
        personen = ("erstellt_von", "geprueft_von", "veroeffentlicht_von", "ersetzt_durch")
        sichtbar = Indexlauf.objects.sichtbar_fuer(self.request.user)
        return sichtbar.select_related("methodik", "gebietsstand", *personen)

    def get_context_data(self, **kwargs):
        recht = Leserecht.von(self.request.user)
        bericht = laufbericht(self.object, recht)
        return super().get_context_data(bericht=bericht, bemerkung=BemerkungForm(), **kwargs)


class BerechnenView(PermissionRequiredMixin, FormView):
    permission_required = "sozialindex.lauf_berechnen"
    raise_exception = True
    form_class = BerechnenForm
    template_name = "sozialindex/laeufe/berechnen.html"
    success_url = reverse_lazy("sozialindex:uebersicht")

    def get_initial(self):
        """A delivery just taken over leads here with its Stichtag."""
        return {"stichtag": self.request.GET.get("stichtag")}

    def get_form_kwargs(self):
        methodiken = waehlbare_methodiken()
        lagen = datenlagen(methodiken)
        return {**super().get_form_kwargs(), "datenlagen": lagen, "methodiken": methodiken}

    def form_valid(self, form):
        try:
            lauf = dienste.berechne_lauf(**form.cleaned_data, erstellt_von=self.request.user)
        except dienste.SchonBerechnet as fehler:
            messages.info(self.request, str(fehler))
            return redirect(fehler.lauf)
        except Lauffehler as fehler:
            form.add_error(None, str(fehler))
            return self.form_invalid(form)
        messages.success(self.request, f"Der Lauf {lauf.nummer} ist als Entwurf berechnet.")
        return redirect(lauf)


def _lauf(request, nummer, recht):
    """The run if this person sees it (else 404) and holds the right (else 403)."""
    lauf = get_object_or_404(Indexlauf.objects.sichtbar_fuer(request.user), nummer=nummer)
    if not request.user.has_perm(recht, lauf):
        raise PermissionDenied
    return lauf


def _fuehre_aus(request, lauf, erfolg, dienst, **werte):
    """Call the service, say what happened and return to the run."""
    try:
        dienst(lauf=lauf, **werte)
    except Lauffehler as fehler:
        messages.error(request, str(fehler))
    else:
        messages.success(request, erfolg)
    vorhanden = Indexlauf.objects.filter(pk=lauf.pk).exists() if lauf.pk else False
    return redirect(lauf) if vorhanden else redirect("sozialindex:uebersicht")


@require_POST
def lauf_pruefen(request, nummer):
    lauf = _lauf(request, nummer, "sozialindex.lauf_pruefen")
    erfolg = f"Der Lauf {nummer} ist geprüft. Eine zweite Person kann ihn veröffentlichen."
    return _fuehre_aus(request, lauf, erfolg, dienste.pruefe_lauf, geprueft_von=request.user)


@require_POST
def lauf_zurueckgeben(request, nummer):
    lauf = _lauf(request, nummer, "sozialindex.lauf_zurueckgeben")
    erfolg = f"Der Lauf {nummer} ist wieder ein Entwurf."
    return _fuehre_aus(request, lauf, erfolg, dienste.gib_zur_bearbeitung_zurueck)


@require_POST
def lauf_veroeffentlichen(request, nummer):
    lauf = _lauf(request, nummer, "sozialindex.lauf_veroeffentlichen")
    erfolg = f"Der Lauf {nummer} ist veröffentlicht und für alle sichtbar."
    return _fuehre_aus(request, lauf, erfolg, dienste.veroeffentliche_lauf, veroeffentlicht_von=request.user)


@require_POST
def lauf_verwerfen(request, nummer):
    lauf = _lauf(request, nummer, "sozialindex.lauf_verwerfen")
    return _fuehre_aus(request, lauf, f"Der Lauf {nummer} ist verworfen.", dienste.verwirf_lauf)


@require_POST
def lauf_bemerken(request, nummer):
    lauf = _lauf(request, nummer, "sozialindex.lauf_bemerken")
    text = request.POST.get("text", "")
    erfolg = "Ihre Bemerkung ist gespeichert."
    return _fuehre_aus(request, lauf, erfolg, dienste.bemerke, text=text, verfasst_von=request.user)


@login_not_required
@require_safe
def lauf_zip(request, nummer):
    """The run as an archive; people without the right to figures under confidentiality get them emptied."""
    lauf = get_object_or_404(Indexlauf.objects.sichtbar_fuer(request.user), nummer=nummer)
    inhalt = archiv(lauf, intern=request.user.has_perm("sozialindex.werte_intern"))
    kopf = {"Content-Disposition": f'attachment; filename="sozialindex_lauf_{lauf.nummer}.zip"'}
    return HttpResponse(inhalt, content_type="application/zip", headers=kopf)
