from django.urls import path

from sozialindex.views import lieferungen as views

urlpatterns = [
    path("lieferungen/", views.LieferungenView.as_view(), name="lieferungen"),
    path("lieferungen/neu/", views.LieferungNeuView.as_view(), name="lieferung_neu"),
    path("lieferungen/profile/", views.ImportprofileView.as_view(), name="importprofile"),
    path(
        "lieferungen/profile/<int:pk>/loeschen/",
        views.ImportprofilLoeschenView.as_view(),
        name="importprofil_loeschen",
    ),
    path("lieferungen/<int:pk>/", views.LieferungView.as_view(), name="lieferung"),
    path("lieferungen/<int:pk>/erkennung/", views.ErkennungView.as_view(), name="lieferung_erkennung"),
    path("lieferungen/<int:pk>/ohne-profil/", views.lieferung_ohne_profil, name="lieferung_ohne_profil"),
    path("lieferungen/<int:pk>/zuordnung/", views.ZuordnungView.as_view(), name="lieferung_zuordnung"),
    path("lieferungen/<int:pk>/pruefung/", views.PruefungView.as_view(), name="lieferung_pruefung"),
    path("lieferungen/<int:pk>/pruefbericht.csv", views.lieferung_bericht, name="lieferung_bericht"),
    path("lieferungen/<int:pk>/uebernehmen/", views.lieferung_uebernehmen, name="lieferung_uebernehmen"),
    path("lieferungen/<int:pk>/verwerfen/", views.lieferung_verwerfen, name="lieferung_verwerfen"),
    path("lieferungen/<int:pk>/profil/", views.lieferung_profil, name="lieferung_profil"),
    path(
        "lieferungen/<int:pk>/zurueckziehen/",
        views.ZurueckziehenView.as_view(),
        name="lieferung_zurueckziehen",
    ),
]
