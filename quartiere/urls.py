from django.urls import path

from quartiere import views

app_name = "quartiere"
urlpatterns = [
    path("", views.QuartierListView.as_view(), name="liste"),
    path("sozialraum/<slug:slug>/", views.SozialraumView.as_view(), name="sozialraum"),
    path("<slug:slug>/", views.QuartierView.as_view(), name="quartier"),
]
