from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.utils.http import url_has_allowed_host_and_scheme


class Anmeldepflicht(LoginRequiredMiddleware):
    """Ask for the login; a form sent after the session has ended leads back to the page it stood on."""

    def handle_no_permission(self, request, view_func):
        if request.method in ("GET", "HEAD"):
            return super().handle_no_permission(request, view_func)
        messages.warning(
            request,
            "Ihre Anmeldung war abgelaufen. Es wurde nichts gespeichert. "
            "Melden Sie sich an und wiederholen Sie den letzten Schritt.",
        )
        login = self.get_login_url(view_func)
        return redirect_to_login(
            _seite_des_formulars(request), login, self.get_redirect_field_name(view_func)
        )


def _seite_des_formulars(request) -> str:
    herkunft = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(herkunft, {request.get_host()}):
        return "/"
    teile = urlsplit(herkunft)
    return f"{teile.path}?{teile.query}" if teile.query else teile.path
