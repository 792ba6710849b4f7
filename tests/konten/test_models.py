import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from oberhausen_sozialplanung.konten.models import Benutzer

pytestmark = pytest.mark.django_db


def test_adresse_wird_klein_gespeichert_und_gefunden():
    konto = Benutzer.objects.create_user("Erika@Stadt.Example")
    assert konto.email == "erika@stadt.example"
    assert Benutzer.objects.get_by_natural_key("ERIKA@stadt.example") == konto


def test_pruefung_macht_klein():
    konto = Benutzer(email="Erika@Stadt.Example", password="x")
    konto.full_clean()
    assert konto.email == "erika@stadt.example"


def test_datenbank_lehnt_grossbuchstaben_ab():
    with pytest.raises(IntegrityError):
        Benutzer(email="Erika@Stadt.Example").save()


def test_zweites_konto_mit_derselben_adresse():
    Benutzer.objects.create_user("erika@stadt.example")
    doppelt = Benutzer(email="ERIKA@stadt.example", password="x")
    with pytest.raises(ValidationError) as fehler:
        doppelt.full_clean()
    assert fehler.value.message_dict == {"email": ["Mit dieser E-Mail-Adresse gibt es schon ein Konto."]}
    with pytest.raises(IntegrityError):
        doppelt.save()


@pytest.mark.parametrize(
    ("felder", "text"),
    [({}, "erika@stadt.example"), ({"first_name": "Erika", "last_name": "Muster"}, "Erika Muster")],
)
def test_name(felder, text):
    assert str(Benutzer(email="erika@stadt.example", **felder)) == text
