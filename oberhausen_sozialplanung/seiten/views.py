from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import JsonResponse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.generic import DetailView, TemplateView

from .models import Textseite


@method_decorator(login_not_required, name="dispatch")
class StartView(TemplateView):
    template_name = "seiten/start.html"


@method_decorator(login_not_required, name="dispatch")
class TextseiteView(DetailView):
    queryset = Textseite.objects.prefetch_related("abschnitte")
    template_name = "seiten/textseite.html"


@login_not_required
@never_cache
@require_safe
def gesund(request):
    """Answer the monitoring: is the database reachable? No table, no session, no account is touched."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "database unreachable"}, status=503)
    return JsonResponse({"status": "ok"})
