from django.urls import path

from sozialindex.views import methodik as views

VERSION = "methodiken/<slug:schluessel>/<int:version>/"

urlpatterns = [
    path("methodiken/", views.MethodikenView.as_view(), name="methodiken"),
    path("methodiken/neu/", views.MethodikNeuView.as_view(), name="methodik_neu"),
    path(VERSION, views.MethodikView.as_view(), name="methodik"),
    path(f"{VERSION}methodik.json", views.methodik_json, name="methodik_json"),
    path(f"{VERSION}bearbeiten/", views.MethodikBearbeitenView.as_view(), name="methodik_bearbeiten"),
]
