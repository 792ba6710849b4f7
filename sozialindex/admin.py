"""Master data of the Sozialindex.

Figures, deliveries and runs are not here on purpose: they are written by services only, and whoever keeps
accounts and master data must not see counts under confidentiality.
"""

import json

from django.contrib import admin
from django.db.models import Exists, OuterRef
from django.utils.html import format_html

from sozialindex.laufarchiv import methodik_json
from sozialindex.models import (
    Importprofil,
    Indexlauf,
    Indikator,
    Indikatoralias,
    Indikatordefinition,
    Methodik,
    Wert,
)


def als_text(daten):
    """JSON as readable text."""
    return format_html("<pre>{}</pre>", json.dumps(daten, ensure_ascii=False, indent=2))


class DefinitionInline(admin.TabularInline):
    """A new definition may be added; what figures rest on is changed by a new version only."""

    model = Indikatordefinition
    extra = 0

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class AliasInline(admin.TabularInline):
    model = Indikatoralias
    extra = 1


@admin.register(Indikator)
class IndikatorAdmin(admin.ModelAdmin):
    list_display = ("name", "schluessel", "art", "einheit", "kern", "reihenfolge", "mindestzahl")
    list_filter = ("kern", "art")
    search_fields = ("schluessel", "name", "kurzname", "aliase__name")
    inlines = [DefinitionInline, AliasInline]

    def get_queryset(self, request):
        mit_werten = Wert.objects.filter(definition__indikator=OuterRef("pk"))
        return super().get_queryset(request).annotate(hat_werte=Exists(mit_werten))

    def get_readonly_fields(self, request, obj=None):
        # Files and methods name the key; figures were read as one kind.
        feste = ("schluessel", "art") if obj and obj.hat_werte else ()
        # A lower number would show counts to people who must not see them.
        darf_zahlen_sehen = request.user.has_perm("sozialindex.werte_intern")
        return feste if darf_zahlen_sehen else (*feste, "mindestzahl")

    def has_delete_permission(self, request, obj=None):
        ohne_werte = obj is None or not obj.hat_werte
        return ohne_werte and super().has_delete_permission(request, obj)

    def get_actions(self, request):
        # Deletion in bulk would ask for each indicator's figures too late.
        aktionen = super().get_actions(request)
        aktionen.pop("delete_selected", None)
        return aktionen


@admin.register(Methodik)
class MethodikAdmin(admin.ModelAdmin):
    """Methods are made on their own pages, where they are checked; here an unused one can be removed."""

    list_display = ("titel", "schluessel", "version", "verwendet", "angelegt_am")
    list_filter = ("schluessel",)
    fields = ("titel", "schluessel", "version", "satz", "angelegt_von", "angelegt_am")

    def get_queryset(self, request):
        laeufe = Indexlauf.objects.filter(methodik=OuterRef("pk"))
        return super().get_queryset(request).annotate(in_lauf=Exists(laeufe))

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        unbenutzt = obj is None or not obj.in_lauf
        return unbenutzt and super().has_delete_permission(request, obj)

    def get_actions(self, request):
        return {}

    @admin.display(description="in einem Lauf verwendet", boolean=True)
    def verwendet(self, methodik):
        return methodik.in_lauf

    @admin.display(description="Methodik")
    def satz(self, methodik):
        return format_html("<pre>{}</pre>", methodik_json(methodik.daten).decode())


@admin.register(Importprofil)
class ImportprofilAdmin(admin.ModelAdmin):
    """Profiles are made while importing; here they are renamed and removed."""

    list_display = ("name", "angelegt_von", "angelegt_am")
    list_select_related = ("angelegt_von",)
    search_fields = ("name",)
    fields = ("name", "kopf", "zuordnung", "angelegt_von", "angelegt_am")
    readonly_fields = ("kopf", "zuordnung", "angelegt_von", "angelegt_am")

    def has_add_permission(self, request):
        return False

    @admin.display(description="Kennzeichen der Kopfzeile")
    def kopf(self, profil):
        return als_text(profil.signatur)

    @admin.display(description="Einstellungen")
    def zuordnung(self, profil):
        return als_text(profil.einstellungen)
