from allauth.account.forms import LoginForm
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm

from .models import Benutzer


class AnmeldeForm(LoginForm):
    """Labels stand above the fields; placeholders would vanish while typing."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "E-Mail-Adresse"
        for feld in self.fields.values():
            feld.help_text = ""
            feld.widget.attrs.pop("placeholder", None)


class KontoAnlegenForm(AdminUserCreationForm):
    """Opens an account; without a password the person sets one through "Passwort vergessen"."""

    class Meta:
        model = Benutzer
        fields = ("email",)


class KontoAendernForm(UserChangeForm):
    class Meta:
        model = Benutzer
        fields = "__all__"
