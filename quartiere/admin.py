from django.contrib import admin

from quartiere.dienste import summiere_einwohner
from quartiere.forms import GebietForm
from quartiere.models import (
    Gebietsalias,
    Gebietsstand,
    Mitgliedschaft,
    Organisation,
    Sozialquartier,
    Sozialraum,
    Stadt,
)


@admin.register(Gebietsstand)
class GebietsstandAdmin(admin.ModelAdmin):
    list_display = ("name", "gueltig_von", "gueltig_bis")


class GebietsaliasInline(admin.TabularInline):
    model = Gebietsalias
    extra = 1


class GebietAdmin(admin.ModelAdmin):
    """Areas of one level; sums of residents follow every change."""

    form = GebietForm
    inlines = [GebietsaliasInline]
    list_filter = ("gebietsstand",)
    list_select_related = ("gebietsstand", "uebergeordnet")
    search_fields = ("nummer", "name", "aliase__name")

    def get_queryset(self, request):
        return super().get_queryset(request).nach_nummer()

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        summiere_einwohner(gebietsstand=obj.gebietsstand)

    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        summiere_einwohner(gebietsstand=obj.gebietsstand)

    def delete_queryset(self, request, queryset):
        staende = list(Gebietsstand.objects.filter(gebiete__in=queryset).distinct())
        super().delete_queryset(request, queryset)
        for stand in staende:
            summiere_einwohner(gebietsstand=stand)


@admin.register(Stadt)
class StadtAdmin(GebietAdmin):
    list_display = ("name", "einwohner", "gebietsstand")
    readonly_fields = ("einwohner",)
    fields = ("ebene", "gebietsstand", "nummer", "name", "einwohner", "besonderheiten", "staerken")


@admin.register(Sozialraum)
class SozialraumAdmin(GebietAdmin):
    list_display = ("nummer", "name", "einwohner", "gebietsstand")
    list_display_links = ("nummer", "name")
    readonly_fields = ("einwohner",)
    fields = (
        "ebene",
        "gebietsstand",
        "uebergeordnet",
        "nummer",
        "name",
        "einwohner",
        "besonderheiten",
        "staerken",
    )


@admin.register(Sozialquartier)
class SozialquartierAdmin(GebietAdmin):
    list_display = ("nummer", "name", "uebergeordnet", "einwohner", "gebietsstand")
    list_display_links = ("nummer", "name")
    fields = (
        "ebene",
        "gebietsstand",
        "uebergeordnet",
        ("nummer", "name"),
        "einwohner",
        "besonderheiten",
        "staerken",
        ("kachel_x", "kachel_y"),
    )


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):
    list_display = ("name", "art", "stadtweit")
    list_filter = ("art", "stadtweit")
    search_fields = ("name",)


@admin.register(Mitgliedschaft)
class MitgliedschaftAdmin(admin.ModelAdmin):
    list_display = ("benutzer", "organisation", "funktion")
    list_filter = ("organisation",)
    list_select_related = ("benutzer", "organisation")
    search_fields = ("benutzer__email", "benutzer__last_name", "organisation__name")
    autocomplete_fields = ("organisation",)
