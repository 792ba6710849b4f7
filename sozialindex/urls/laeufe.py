from django.urls import path

from sozialindex.views import laeufe as views

urlpatterns = [
    path("", views.UebersichtView.as_view(), name="uebersicht"),
    path("laeufe/berechnen/", views.BerechnenView.as_view(), name="lauf_berechnen"),
    path("laeufe/<int:nummer>/", views.LaufView.as_view(), name="lauf"),
    path("laeufe/<int:nummer>/archiv.zip", views.lauf_zip, name="lauf_zip"),
    path("laeufe/<int:nummer>/pruefen/", views.lauf_pruefen, name="lauf_pruefen"),
    path("laeufe/<int:nummer>/zurueckgeben/", views.lauf_zurueckgeben, name="lauf_zurueckgeben"),
    path("laeufe/<int:nummer>/veroeffentlichen/", views.lauf_veroeffentlichen, name="lauf_veroeffentlichen"),
    path("laeufe/<int:nummer>/verwerfen/", views.lauf_verwerfen, name="lauf_verwerfen"),
    path("laeufe/<int:nummer>/bemerken/", views.lauf_bemerken, name="lauf_bemerken"),
]
