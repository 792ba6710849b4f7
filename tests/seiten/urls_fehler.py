"""URLs that fail, for the tests of the error pages."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.urls import include, path


@login_not_required
def wirf(request, fehler):
    raise {"400": BadRequest, "403": PermissionDenied, "500": RuntimeError}[fehler]


urlpatterns = [path("fehler/<str:fehler>/", wirf), path("", include("oberhausen_sozialplanung.urls"))]
