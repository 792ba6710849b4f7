from django.conf import settings


def rechte_des_browsers(get_response):
    """Tell the browser which of its devices no page of this application ever uses."""

    def antworte(request):
        antwort = get_response(request)
        antwort.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        return antwort

    return antworte
