"""Addresses of the Sozialindex; one module per topic, so that each topic stays readable."""

from sozialindex.urls import indikatoren, laeufe, lieferungen, methodik

app_name = "sozialindex"
urlpatterns = [
    *laeufe.urlpatterns,
    *lieferungen.urlpatterns,
    *methodik.urlpatterns,
    *indikatoren.urlpatterns,
]
