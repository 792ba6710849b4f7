from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.utils.html import format_html

from .forms import KontoForm, PasswortForm
from .models import Benutzer

admin.site.site_header = "Verwaltung der Sozialplanung"
admin.site.site_title = "Verwaltung"
admin.site.index_title = "Stammdaten und Konten"
# The login page of the application, so that its throttling holds here too.
admin.site.login = secure_admin_login(admin.site.login)

# Roles are fixed by migration, addresses live in the account.
admin.site.unregister(Group)
admin.site.unregister(EmailAddress)

NUR_TECHNIK = ("is_superuser", "user_permissions")


@admin.register(Benutzer)
class BenutzerAdmin(UserAdmin):
    """Accounts and roles. What would lift an account above the roles stays with superusers."""

    form = add_form = KontoForm
    change_password_form = PasswortForm
    add_form_template = None
    list_display = ("email", "last_name", "first_name", "rollenliste", "is_active", "is_staff")
    list_filter = ("groups", "is_active", "is_staff")
    search_fields = ("email", "last_name", "first_name")
    ordering = ("email",)
    filter_horizontal = ()
    readonly_fields = ("passwort", "last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("email", "passwort")}),
        ("Person", {"fields": ("first_name", "last_name")}),
        ("Rollen", {"fields": ("groups", "is_active", "is_staff")}),
        ("Technik", {"fields": (*NUR_TECHNIK, "last_login", "date_joined"), "classes": ("collapse",)}),
    )
    add_fieldsets = (
        (None, {"fields": ("email", "first_name", "last_name", "groups", "is_active", "is_staff")}),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    def get_readonly_fields(self, request, obj=None):
        felder = super().get_readonly_fields(request, obj)
        return felder if request.user.is_superuser else (*felder, *NUR_TECHNIK)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self._darf_an(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self._darf_an(request, obj)

    def _darf_an(self, request, obj):
        return request.user.is_superuser or obj is None or not obj.is_superuser

    @admin.display(description="Passwort")
    def passwort(self, konto):
        stand = "gesetzt" if konto.has_usable_password() else "nicht gesetzt"
        return format_html('{} · <a href="{}">neues Passwort setzen</a>', stand, "../password/")

    @admin.display(description="Rollen")
    def rollenliste(self, konto):
        return ", ".join(sorted(gruppe.name for gruppe in konto.groups.all()))
