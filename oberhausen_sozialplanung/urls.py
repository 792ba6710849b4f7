from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("konto/", include("oberhausen_sozialplanung.konten.urls")),
    path("quartiere/", include("quartiere.urls")),
    path("verwaltung/", admin.site.urls),
    path("sozialindex/", include("sozialindex.urls")),
    path("", include("oberhausen_sozialplanung.seiten.urls")),
]
