import io

import pytest
from django.core.management import CommandError, call_command

from sozialindex.dienste.laeufe import berechne_lauf, pruefe_lauf, veroeffentliche_lauf
from sozialindex.models import Indexlauf, Laufergebnis, Laufwert

from .fabriken import STICHTAG, Kleinstadt, MethodikFabrik, methodikdaten

pytestmark = pytest.mark.django_db


@pytest.fixture
def stadt():
    return Kleinstadt()


def rufe(*args, **optionen):
    ausgabe = io.StringIO()
    call_command(*args, stdout=ausgabe, **optionen)
    return ausgabe.getvalue().splitlines()


def test_berechnen_prints_number_and_classes(stadt, konto):
    MethodikFabrik()
    person = konto("sozialplanung")
    assert rufe("index_berechnen", jahr=2020, konto=person.email.upper()) == [
        "Indexlauf 1 ist als Entwurf angelegt.",
        "  hoch: 2",
        "  mittel: 3",
        "  niedrig: 0",
        "  sehr niedrig: 1",
        "  nicht einbezogen: 0",
    ]
    assert Indexlauf.objects.get().erstellt_von == person
    zeilen = rufe("index_berechnen", jahr=2020, konto=person.email)
    assert zeilen[0].startswith("Ihr Entwurf 1 beruht auf denselben Werten")
    assert (zeilen[1], Indexlauf.objects.count()) == ("  hoch: 2", 1)


def test_berechnen_takes_the_newest_version(stadt):
    MethodikFabrik()
    neue = MethodikFabrik(version=2)
    rufe("index_berechnen", jahr=2020)
    assert Indexlauf.objects.get().methodik == neue


def test_berechnen_with_several_methods(stadt, konto):
    MethodikFabrik()
    andere = MethodikFabrik(schluessel="andere", daten=methodikdaten("armut", "alter", schluessel="andere"))
    with pytest.raises(CommandError, match=r"Bitte eine Methodik nennen .* Vorhanden: andere, test\."):
        rufe("index_berechnen", jahr=2020)
    rufe("index_berechnen", jahr=2020, methodik="andere")
    lauf = Indexlauf.objects.get()
    assert lauf.methodik == andere
    pruefe_lauf(lauf=lauf, geprueft_von=konto("sozialplanung"))
    veroeffentliche_lauf(lauf=lauf, veroeffentlicht_von=konto("leitung"))
    rufe("index_berechnen", jahr=2020)
    assert Indexlauf.objects.get(nummer=2).methodik == andere


def test_berechnen_refuses_in_german(stadt):
    MethodikFabrik()
    with pytest.raises(CommandError, match="liegt kein einziger Wert"):
        rufe("index_berechnen", jahr=1999)
    with pytest.raises(CommandError, match=r"Ein Konto mit der Adresse niemand@test\.example gibt es nicht"):
        rufe("index_berechnen", jahr=2020, konto="niemand@test.example")
    with pytest.raises(CommandError, match="0 ist kein Jahr"):
        rufe("index_berechnen", jahr=0)


def test_nachrechnen_identical(stadt):
    berechne_lauf(stichtag=STICHTAG, methodik=MethodikFabrik())
    assert rufe("index_nachrechnen", "1") == ["identisch"]


def test_nachrechnen_after_a_newer_delivery_is_still_identical(stadt):
    berechne_lauf(stichtag=STICHTAG, methodik=MethodikFabrik())
    alt = stadt.quartiere[0].werte.get(definition=stadt.armut, stichtag=STICHTAG)
    alt.aktuell = False
    alt.save()
    stadt.wert(stadt.quartiere[0], stadt.armut, 50)
    assert rufe("index_nachrechnen", "1") == ["identisch"]


def vertausche(lauf, modell, **felder):
    """Replace one row of a draft; changing it in place is refused by the database."""
    zeile = modell.objects.filter(lauf=lauf).order_by("pk").first()
    modell.objects.filter(pk=zeile.pk).delete()
    for name, wert in felder.items():
        setattr(zeile, name, wert)
    zeile.pk = None
    zeile.save()
    return zeile


def test_nachrechnen_names_a_tampered_figure(stadt):
    lauf = berechne_lauf(stichtag=STICHTAG, methodik=MethodikFabrik())
    gebiet = vertausche(lauf, Laufwert, wert=60.0, zaehler=60.0).gebiet
    with pytest.raises(CommandError, match=r"Der Lauf 1 weicht an \d+ Stellen ab\."):
        rufe("index_nachrechnen", "1")
    ausgabe = io.StringIO()
    with pytest.raises(CommandError):
        call_command("index_nachrechnen", "1", stdout=ausgabe)
    assert "Prüfsumme: Methodik, Werte oder Ergebnis" in ausgabe.getvalue()
    assert f"Gebiet {gebiet.nummer}, statusindex" in ausgabe.getvalue() or gebiet.ebene == "stadt"


def test_nachrechnen_names_a_tampered_class(stadt):
    lauf = berechne_lauf(stichtag=STICHTAG, methodik=MethodikFabrik())
    ergebnis = vertausche(lauf, Laufergebnis, statusklasse="niedrig")
    ausgabe = io.StringIO()
    with pytest.raises(CommandError, match="Der Lauf 1 weicht an 2 Stellen ab"):
        call_command("index_nachrechnen", "1", stdout=ausgabe)
    zeilen = ausgabe.getvalue().splitlines()
    nummer = ergebnis.gebiet.nummer
    assert zeilen[0].startswith(f"Gebiet {nummer}, statusklasse: gespeichert 'niedrig', nachgerechnet ")
    assert zeilen[1].startswith("Prüfsumme: ")


def test_nachrechnen_names_changed_versions(stadt):
    lauf = berechne_lauf(stichtag=STICHTAG, methodik=MethodikFabrik())
    Indexlauf.objects.filter(pk=lauf.pk).update(umgebung=lauf.umgebung | {"numpy": "1.0"})
    zeilen = rufe("index_nachrechnen", "1")
    assert zeilen[0].startswith("Gerechnet mit: numpy 1.0 (jetzt 2")
    assert zeilen[1] == "identisch"


def test_nachrechnen_of_an_unknown_number():
    with pytest.raises(CommandError, match="Einen Lauf mit der Nummer 7 gibt es nicht"):
        rufe("index_nachrechnen", "7")
