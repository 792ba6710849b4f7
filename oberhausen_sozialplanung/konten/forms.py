from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm

from .models import Benutzer


class KontoAnlegenForm(AdminUserCreationForm):
    """Opens an account; without a password the person sets one through "Passwort vergessen"."""

    class Meta:
        model = Benutzer
        fields = ("email",)


class KontoAendernForm(UserChangeForm):
    class Meta:
        model = Benutzer
        fields = "__all__"
