from django.urls import path

from sozialindex.views import indikatoren as views

urlpatterns = [
    path("indikatoren/", views.IndikatorenView.as_view(), name="indikatoren"),
    path("indikatoren/neu/", views.IndikatorNeuView.as_view(), name="indikator_neu"),
    path("indikatoren/<slug:schluessel>/", views.IndikatorView.as_view(), name="indikator"),
    path(
        "indikatoren/<slug:schluessel>/bearbeiten/",
        views.IndikatorBearbeitenView.as_view(),
        name="indikator_bearbeiten",
    ),
    path(
        "indikatoren/<slug:schluessel>/definition/",
        views.DefinitionNeuView.as_view(),
        name="definition_neu",
    ),
]
