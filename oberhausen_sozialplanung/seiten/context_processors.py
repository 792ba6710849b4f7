from django.conf import settings
from django.utils.functional import SimpleLazyObject

from .abfragen import zeigt_demodaten
from .navigation import menue


def seite(request):
    """What the base template needs; whether data are constructed is asked only where it is shown."""
    return {
        "menue": menue(request.path),
        "demodaten": SimpleLazyObject(zeigt_demodaten),
        "ist_demo": settings.DEMO,
    }
