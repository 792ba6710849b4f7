from django.conf import settings
from django.core.exceptions import BadRequest
from django.utils.cache import patch_cache_control


def rechte_des_browsers(get_response):
    """Tell the browser which of its devices no page of this application ever uses."""

    def antworte(request):
        antwort = get_response(request)
        antwort.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        return antwort

    return antworte


def nur_saubere_anfragen(get_response):
    """Refuse addresses with a NUL character: PostgreSQL stores none, and no honest browser sends one."""

    def antworte(request):
        if "%00" in request.META.get("QUERY_STRING", "") or "\x00" in request.path:
            raise BadRequest("NUL character in the address")
        return get_response(request)

    return antworte


def nichts_aufbewahren(get_response):
    """Keep what an account has seen out of every cache, also that of a shared computer."""

    def antworte(request):
        antwort = get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES and not antwort.has_header("Cache-Control"):
            patch_cache_control(antwort, private=True, no_store=True)
        return antwort

    return antworte
