from django.contrib import admin

from .models import Textabschnitt, Textseite


class TextabschnittInline(admin.StackedInline):
    model = Textabschnitt
    extra = 0


@admin.register(Textseite)
class TextseiteAdmin(admin.ModelAdmin):
    list_display = ("titel", "slug", "geaendert_am")
    inlines = [TextabschnittInline]

    def get_readonly_fields(self, request, obj=None):
        # The footer links to the pages by their address.
        return ("slug",) if obj else ()
