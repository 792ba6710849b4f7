"""Import of a delivery, step by step. All that a step knows lies in the delivery, nothing in the session."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.contrib.messages.views import SuccessMessageMixin
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse_lazy
from django.utils.functional import cached_property
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import DeleteView, DetailView, FormView, ListView

from sozialindex.abfragen.lieferungen import (
    bericht_csv,
    berichtsansicht,
    blicke_hinein,
    gleiche_lieferungen,
)
from sozialindex.abfragen.verzeichnis import hole_verzeichnis
from sozialindex.dienste import importprofile
from sozialindex.dienste import lieferungen as dienste
from sozialindex.dienste.lieferungsfehler import Lieferungsfehler, Ueberholt
from sozialindex.dienste.ruecknahme import verlange_unbenutzt, ziehe_lieferung_zurueck
from sozialindex.einlesen.einstellungen import Einstellungen
from sozialindex.einlesen.erkennen import vorschau
from sozialindex.einlesen.fehler import Dateifehler
from sozialindex.forms.lieferungen import ErkennungForm, HochladenForm, ProfilForm, ZuordnungForm
from sozialindex.models import Importprofil, Lieferung

RECHT = "sozialindex.lieferung_bearbeiten"
ABLEHNUNGEN = (Dateifehler, Lieferungsfehler)
mit_recht = permission_required(RECHT, raise_exception=True)


class RechtMixin(PermissionRequiredMixin):
    permission_required = RECHT
    raise_exception = True


class LieferungenView(RechtMixin, ListView):
    template_name = "sozialindex/lieferungen/liste.html"
    context_object_name = "lieferungen"
    paginate_by = 30

    def get_queryset(self):
        lieferungen = Lieferung.objects.mit_pruefstand().select_related(
            "hochgeladen_von", "zurueckgezogen_von"
        )
        return lieferungen.defer("bericht", "einstellungen", "lesarten", "zu_merken")


class LieferungNeuView(RechtMixin, FormView):
    form_class = HochladenForm
    template_name = "sozialindex/lieferungen/neu.html"

    def form_valid(self, form):
        datei = form.cleaned_data["datei"]
        try:
            lieferung, neu = dienste.lege_lieferung_an(
                dateiname=datei.name, inhalt=datei.read(), benutzer=self.request.user
            )
        except Dateifehler as fehler:
            form.add_error("datei", f"{fehler} Es wurde nichts gespeichert.")
            return self.form_invalid(form)
        if not neu:
            messages.info(
                self.request, "Diese Datei haben Sie schon hochgeladen. Sie machen dort weiter, wo Sie waren."
            )
            return redirect(lieferung)
        return redirect("sozialindex:lieferung_erkennung", pk=lieferung.pk)


class SchrittMixin(RechtMixin):
    """A step of a delivery in work; one that is decided shows its report instead."""

    def get(self, request, *args, **kwargs):
        return self._ende() or super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        return self._ende() or super().post(request, *args, **kwargs)

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.lieferung = get_object_or_404(Lieferung.objects.select_related("profil"), pk=kwargs["pk"])

    def _ende(self):
        if self.lieferung.zustand == Lieferung.Zustand.IN_ARBEIT:
            return None
        stand = self.lieferung.get_zustand_display()
        messages.info(self.request, f"Diese Lieferung ist schon {stand}; hier ist ihr Bericht.")
        return redirect(self.lieferung)

    def get_context_data(self, **kwargs):
        gleiche = gleiche_lieferungen(self.lieferung)
        return super().get_context_data(**kwargs, lieferung=self.lieferung, gleiche=gleiche)

    @property
    def einstellungen(self):
        return Einstellungen.aus_dict(self.lieferung.einstellungen)

    def fuehre_aus(self, form, dienst, **werte):
        """Call a service; what it refuses becomes a message of the form. Returns whether it went well."""
        try:
            dienst(lieferung=self.lieferung, **werte)
        except ABLEHNUNGEN as fehler:
            form.add_error(None, str(fehler))
        return not form.errors


class ErkennungView(SchrittMixin, FormView):
    form_class = ErkennungForm
    template_name = "sozialindex/lieferungen/erkennung.html"

    @cached_property
    def quelle(self):
        return dienste.quelle_von(self.lieferung)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "quelle": self.quelle}

    def get_initial(self):
        return self.einstellungen.als_dict()

    def get_context_data(self, **kwargs):
        kontext = super().get_context_data(**kwargs, quelle=self.quelle, einstellungen=self.einstellungen)
        try:
            return {**kontext, "vorschau": vorschau(self.quelle, self.einstellungen)}
        except Dateifehler as fehler:
            return {**kontext, "vorschau_fehler": str(fehler)}

    def form_valid(self, form):
        if not self.fuehre_aus(form, dienste.erkenne_neu, lage=form.cleaned_data):
            return self.form_invalid(form)
        ziel = "zuordnung" if self.request.POST.get("aktion") == "weiter" else "erkennung"
        return redirect(f"sozialindex:lieferung_{ziel}", pk=self.lieferung.pk)


class ZuordnungView(SchrittMixin, FormView):
    form_class = ZuordnungForm
    template_name = "sozialindex/lieferungen/zuordnung.html"

    def dispatch(self, request, *args, **kwargs):
        try:
            return super().dispatch(request, *args, **kwargs)
        except Dateifehler as fehler:
            messages.error(request, f"{fehler} Bitte prüfen Sie, wie die Datei gelesen wird.")
            return redirect("sozialindex:lieferung_erkennung", pk=self.lieferung.pk)

    def get_form_kwargs(self):
        verzeichnis, einstellungen = hole_verzeichnis(), self.einstellungen
        einblick = blicke_hinein(dienste.quelle_von(self.lieferung), einstellungen, verzeichnis)
        eigene = {"einstellungen": einstellungen, "einblick": einblick, "verzeichnis": verzeichnis}
        return super().get_form_kwargs() | eigene | {"zu_merken": self.lieferung.zu_merken}

    def form_valid(self, form):
        einstellungen = form.einstellungen()
        zu_merken = form.zu_merken()
        if not self.fuehre_aus(form, dienste.stelle_ein, einstellungen=einstellungen, zu_merken=zu_merken):
            return self.form_invalid(form)
        if self.request.POST.get("aktion") == "speichern":
            messages.success(self.request, "Die Zuordnung ist gespeichert. Geprüft wurde noch nicht.")
            return redirect("sozialindex:lieferung_zuordnung", pk=self.lieferung.pk)
        for frage in einstellungen.fehlend:
            form.add_error(form.feld_zu(frage), frage)
        if form.errors or not self.fuehre_aus(form, dienste.pruefe_lieferung):
            return self.form_invalid(form)
        return redirect("sozialindex:lieferung_pruefung", pk=self.lieferung.pk)


class PruefungView(SchrittMixin, DetailView):
    context_object_name = "lieferung"
    template_name = "sozialindex/lieferungen/pruefung.html"

    def get_object(self, queryset=None):
        return self.lieferung

    def get(self, request, *args, **kwargs):
        if self.lieferung.zustand == Lieferung.Zustand.IN_ARBEIT and not self.lieferung.bericht:
            messages.info(request, "Die Zuordnung ist noch nicht geprüft. Wählen Sie „Weiter: prüfen“.")
            return redirect("sozialindex:lieferung_zuordnung", pk=self.lieferung.pk)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, bericht=berichtsansicht(self.lieferung))


class LieferungView(RechtMixin, DetailView):
    context_object_name = "lieferung"
    template_name = "sozialindex/lieferungen/lieferung.html"
    queryset = Lieferung.objects.select_related(
        "hochgeladen_von", "entschieden_von", "zurueckgezogen_von", "profil", "datei"
    ).defer("datei__inhalt")

    def get(self, request, *args, **kwargs):
        lieferung = self.get_object()
        if lieferung.zustand == Lieferung.Zustand.IN_ARBEIT:
            schritt = "pruefung" if lieferung.bericht else "erkennung"
            return redirect(f"sozialindex:lieferung_{schritt}", pk=lieferung.pk)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        kwargs.setdefault("profilform", ProfilForm())
        return super().get_context_data(**kwargs, bericht=berichtsansicht(self.object))


class ZurueckziehenView(RechtMixin, DetailView):
    """Ask before withdrawing, and say beforehand if it will be refused."""

    model = Lieferung
    template_name = "sozialindex/lieferungen/zurueckziehen.html"

    def get_context_data(self, **kwargs):
        try:
            verlange_unbenutzt(self.object)
        except Lieferungsfehler as fehler:
            kwargs["hindernis"] = str(fehler)
        return super().get_context_data(**kwargs)

    def post(self, request, *args, **kwargs):
        lieferung = self.get_object()
        erfolg = f"{lieferung} ist zurückgezogen. Es gelten wieder die Werte der anderen Lieferungen."
        _fuehre_aus(request, erfolg, ziehe_lieferung_zurueck, lieferung, benutzer=request.user)
        return redirect(lieferung)


class ImportprofileView(RechtMixin, ListView):
    queryset = Importprofil.objects.select_related("angelegt_von")
    context_object_name = "profile"
    template_name = "sozialindex/lieferungen/profile.html"
    paginate_by = 50


class ImportprofilLoeschenView(RechtMixin, SuccessMessageMixin, DeleteView):
    model = Importprofil
    context_object_name = "profil"
    template_name = "sozialindex/lieferungen/profil_loeschen.html"
    success_url = reverse_lazy("sozialindex:importprofile")
    success_message = "Das Importprofil ist gelöscht. Werte und Lieferungen bleiben, wie sie sind."


@mit_recht
@require_POST
def lieferung_uebernehmen(request, pk):
    lieferung = get_object_or_404(Lieferung, pk=pk)
    nur_gute = request.POST.get("umfang") == "nur_gute"
    gesehen = request.POST.get("gesehen", "")
    try:
        dienste.uebernimm_lieferung(
            lieferung=lieferung, benutzer=request.user, nur_gute=nur_gute, gesehen=gesehen
        )
    except Ueberholt as fehler:
        _fuehre_aus(request, "", dienste.pruefe_lieferung, lieferung)
        messages.warning(request, str(fehler))
    except ABLEHNUNGEN as fehler:
        messages.error(request, str(fehler))
    else:
        welche = "Die fehlerfreien Werte" if nur_gute else "Die Werte"
        messages.success(request, f"{welche} sind übernommen und gelten ab sofort.")
    return redirect(lieferung)


@mit_recht
@require_POST
def lieferung_verwerfen(request, pk):
    lieferung = get_object_or_404(Lieferung, pk=pk)
    erfolg = f"{lieferung} ist verworfen. Es wurde kein Wert übernommen, die Datei ist gelöscht."
    _fuehre_aus(request, erfolg, dienste.verwirf_lieferung, lieferung, benutzer=request.user)
    return redirect("sozialindex:lieferungen")


@mit_recht
@require_POST
def lieferung_ohne_profil(request, pk):
    lieferung = get_object_or_404(Lieferung, pk=pk)
    erfolg = "Das Importprofil wird nicht angewandt; die Vorschläge stammen jetzt allein aus der Datei."
    _fuehre_aus(request, erfolg, dienste.vergiss_profil, lieferung)
    return redirect("sozialindex:lieferung_erkennung", pk=pk)


@mit_recht
@require_POST
def lieferung_profil(request, pk):
    lieferung = get_object_or_404(Lieferung, pk=pk)
    form = ProfilForm(request.POST)
    if form.is_valid():
        name = form.cleaned_data["name"]
        erfolg = f"Das Importprofil „{name}“ ist gespeichert und wird ähnlichen Dateien vorgeschlagen."
        _fuehre_aus(request, erfolg, _merke_profil, lieferung, name=name, benutzer=request.user)
    else:
        messages.error(request, "Bitte geben Sie dem Importprofil einen Namen mit höchstens 80 Zeichen.")
    return redirect(lieferung)


@mit_recht
@require_safe
def lieferung_bericht(request, pk):
    """The whole report as a file for Excel."""
    lieferung = get_object_or_404(Lieferung.objects.exclude(bericht={}), pk=pk)
    kopf = {"Content-Disposition": f'attachment; filename="pruefbericht_lieferung_{pk}.csv"'}
    return HttpResponse(bericht_csv(lieferung), content_type="text/csv; charset=utf-8", headers=kopf)


def _merke_profil(*, lieferung, name, benutzer):
    quelle = dienste.quelle_von(lieferung)
    importprofile.merke_profil(lieferung=lieferung, quelle=quelle, name=name, benutzer=benutzer)


def _fuehre_aus(request, erfolg, dienst, lieferung, **werte):
    """Call a service and say in a message how it ended."""
    try:
        dienst(lieferung=lieferung, **werte)
    except ABLEHNUNGEN as fehler:
        messages.error(request, str(fehler))
    else:
        if erfolg:
            messages.success(request, erfolg)
