from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.decorators.http import require_safe
from django.views.generic import DetailView, FormView, ListView, TemplateView

from sozialindex.abfragen import methodik as abfragen
from sozialindex.berechnung.erklaerung import erklaere
from sozialindex.berechnung.methodik import lies_methodik
from sozialindex.dienste import methodik as dienste
from sozialindex.dienste.fehler import Lauffehler
from sozialindex.forms.methodik import MethodikJsonForm
from sozialindex.forms.methodikeditor import Methodikeditor
from sozialindex.laufarchiv import methodik_json as als_json
from sozialindex.models import Methodik

OHNE_WERTE = (
    "Es gibt noch keinen Stichtag, zu dem alle Werte der bisherigen Methodik vorliegen. Übernehmen Sie "
    "zuerst eine Lieferung. Ihre Eingaben sind noch da."
)


@method_decorator(login_not_required, name="dispatch")
class MethodikenView(ListView):
    template_name = "sozialindex/methodik/liste.html"
    context_object_name = "reihen"

    def get_queryset(self):
        return abfragen.methodikreihen(self.request.user)


@method_decorator(login_not_required, name="dispatch")
class MethodikView(DetailView):
    template_name = "sozialindex/methodik/methodik.html"
    context_object_name = "methodik"

    def get_object(self, queryset=None):
        sichtbar = abfragen.sichtbare_methodiken(self.request.user).select_related("angelegt_von")
        return get_object_or_404(abfragen.mit_laeufen(sichtbar, self.request.user), **self.kwargs)

    def get_context_data(self, **kwargs):
        versionen = abfragen.sichtbare_methodiken(self.request.user).filter(schluessel=self.object.schluessel)
        zeilen = abfragen.indikatorzeilen(self.object.daten)
        return super().get_context_data(
            abschnitte=erklaere(lies_methodik(self.object.daten)),
            zeilen=zeilen,
            unbekannte=[zeile for zeile in zeilen if not zeile.definition_bekannt],
            versionen=versionen.order_by("-version"),
            **kwargs,
        )


@login_not_required
@require_safe
def methodik_json(request, schluessel, version):
    """The record as it is stored, for `index_aus_datei` and other cities."""
    sichtbar = abfragen.sichtbare_methodiken(request.user)
    methodik = get_object_or_404(sichtbar, schluessel=schluessel, version=version)
    name = f"methodik_{methodik.schluessel}_{methodik.version}.json"
    kopf = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(als_json(methodik.daten), content_type="application/json", headers=kopf)


class MethodikNeuView(PermissionRequiredMixin, FormView):
    permission_required = "sozialindex.methodik_bearbeiten"
    raise_exception = True
    form_class = MethodikJsonForm
    template_name = "sozialindex/methodik/neu.html"

    def form_valid(self, form):
        vorgabe = form.cleaned_data["vorgabe"]
        try:
            methodik = dienste.lege_methodik_an(daten=vorgabe.als_dict(), benutzer=self.request.user)
        except (dienste.VersionVergeben, dienste.Methodikfehler) as fehler:
            form.add_error(form.quellfeld, getattr(fehler, "meldungen", str(fehler)))
            return self.form_invalid(form)
        messages.success(self.request, f"„{methodik}“ ist angelegt.")
        return redirect(methodik)


class MethodikBearbeitenView(PermissionRequiredMixin, TemplateView):
    """A new version from an old one; the old one never changes."""

    permission_required = "sozialindex.methodik_bearbeiten"
    raise_exception = True
    template_name = "sozialindex/methodik/bearbeiten.html"

    @cached_property
    def methodik(self):
        return get_object_or_404(Methodik, **self.kwargs)

    def editor(self, daten=None):
        return Methodikeditor(
            self.methodik,
            version=dienste.naechste_version(self.methodik.schluessel),
            indikatoren=abfragen.waehlbare_indikatoren(),
            basen=abfragen.vergleichsbasen(self.methodik, self.request.user),
            daten=daten,
        )

    def get(self, request, *args, **kwargs):
        return self.zeige(self.editor())

    def post(self, request, *args, **kwargs):
        editor = self.editor(request.POST)
        aktion = {"vergleichen": self.vergleiche, "speichern": self.speichere}.get(request.POST.get("aktion"))
        return aktion(editor) if aktion and editor.ist_gueltig() else self.zeige(editor)

    def zeige(self, editor, **weiteres):
        return self.render_to_response(
            self.get_context_data(methodik=self.methodik, editor=editor, **weiteres)
        )

    def vergleiche(self, editor):
        basis = editor.form.cleaned_data["basis"]
        if not basis:
            return self.zeige(editor, vergleichsfehler=OHNE_WERTE)
        try:
            bild = dienste.vergleichsbild(alt=self.methodik.daten, neu=editor.satz, **basis)
        except Lauffehler as fehler:
            return self.zeige(editor, vergleichsfehler=str(fehler))
        return self.zeige(editor, vergleich=bild)

    def speichere(self, editor):
        try:
            neu = dienste.lege_neue_version_an(
                alt=self.methodik, daten=editor.satz, benutzer=self.request.user
            )
        except (dienste.OhneAenderung, dienste.VersionVergeben, dienste.Methodikfehler) as fehler:
            editor.form.add_error(None, str(fehler))
            return self.zeige(editor)
        messages.success(
            self.request, f"„{neu}“ ist gespeichert. Version {self.methodik.version} bleibt bestehen."
        )
        return redirect(neu)
