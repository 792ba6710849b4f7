from django.urls import path

from . import views

app_name = "seiten"
urlpatterns = [
    path("", views.StartView.as_view(), name="start"),
    path("gesund", views.gesund, name="gesund"),
    path("seite/<slug:slug>/", views.TextseiteView.as_view(), name="textseite"),
]
