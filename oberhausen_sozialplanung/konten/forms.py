from allauth.account.forms import LoginForm
from django import forms
from django.contrib.auth.forms import AdminPasswordChangeForm

from .models import Benutzer


class AnmeldeForm(LoginForm):
    """Labels stand above the fields; placeholders would vanish while typing."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "E-Mail-Adresse"
        for feld in self.fields.values():
            feld.help_text = ""
            feld.widget.attrs.pop("placeholder", None)


class KontoForm(forms.ModelForm):
    """An account with its roles.

    A new one has no password: the person sets one through "Passwort vergessen".
    """

    class Meta:
        model = Benutzer
        fields = (
            "email",
            "first_name",
            "last_name",
            "groups",
            "is_active",
            "is_staff",
            "is_superuser",
            "user_permissions",
        )
        labels = {"groups": "Rollen", "is_staff": "darf in die Verwaltung", "is_active": "darf sich anmelden"}
        help_texts = {
            "groups": "Eine Person kann mehrere Rollen haben.",
            "is_staff": "Nötig für Sozialplanung (Stammdaten) und Administration (Konten).",
            "is_active": "Ohne Haken bleibt das Konto erhalten, kann aber nichts mehr.",
        }
        widgets = {"groups": forms.CheckboxSelectMultiple}

    def save(self, commit=True):
        if self.instance.pk is None:
            self.instance.set_unusable_password()
        return super().save(commit)


class PasswortForm(AdminPasswordChangeForm):
    """Sets a new password; taking it away is what the switch "darf sich anmelden" is for."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.pop("usable_password", None)
        for feld in self.fields.values():
            feld.required = True
