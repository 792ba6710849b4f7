import pytest
from django import forms
from django.core.exceptions import ValidationError

from sozialindex.forms.felder import (
    GanzzahlField,
    ListeField,
    ZahlenlisteField,
    ZahlField,
    ZeilenField,
    als_eingabe,
    lies_zahl,
)


@pytest.mark.parametrize(
    ("text", "zahl"),
    [
        ("1", 1.0),
        ("1,5", 1.5),
        ("1.5", 1.5),
        (" 0,25 ", 0.25),
        ("-1", -1.0),
        ("−1", -1.0),
        ("1,125", 1.125),
        ("0.125", 0.125),
        ("1.234,5", 1234.5),
        ("12.5", 12.5),
    ],
)
def test_lies_zahl(text, zahl):
    assert lies_zahl(text) == zahl


@pytest.mark.parametrize(
    ("text", "meldung"),
    [
        ("1.125", "„1.125“ ist mehrdeutig. Bitte schreiben Sie 1,125 oder 1125."),
        ("-2.500", "„-2.500“ ist mehrdeutig. Bitte schreiben Sie -2,500 oder -2500."),
        ("viel", "„viel“ ist keine Zahl. Beispiel: 1,5"),
        ("1,5,5", "„1,5,5“ ist keine Zahl. Beispiel: 1,5"),
        ("=1+1", "„=1+1“ ist keine Zahl. Beispiel: 1,5"),
        ("NaN", "„NaN“ ist keine Zahl. Beispiel: 1,5"),
    ],
)
def test_lies_zahl_lehnt_ab(text, meldung):
    with pytest.raises(ValidationError) as fehler:
        lies_zahl(text)
    assert fehler.value.messages == [meldung]


@pytest.mark.parametrize(
    ("zahl", "text"), [(1.0, "1"), (1.5, "1,5"), (-1, "-1"), (0.1, "0,1"), (1234.5, "1234,5"), (None, "")]
)
def test_als_eingabe(zahl, text):
    assert als_eingabe(zahl) == text


@pytest.mark.parametrize("zahl", [1.0, 0.1, 1 / 3, -1.5, 123456.789])
def test_eingabe_liest_sich_zurueck(zahl):
    assert lies_zahl(als_eingabe(zahl)) == zahl


@pytest.mark.parametrize(("text", "zahl"), [("1000", 1000), ("1.000", 1000), ("0", 0)])
def test_ganzzahl(text, zahl):
    assert GanzzahlField().clean(text) == zahl


@pytest.mark.parametrize("text", ["1,5", "1.5", "zwei"])
def test_ganzzahl_lehnt_ab(text):
    with pytest.raises(ValidationError) as fehler:
        GanzzahlField().clean(text)
    assert fehler.value.messages == [f"„{text}“ ist keine ganze Zahl. Beispiel: 1000"]


def test_leere_felder():
    assert ZahlField(required=False).clean("") is None
    assert ZahlenlisteField(required=False).clean("") == []
    with pytest.raises(ValidationError):
        ZahlField().clean("")


def test_listen():
    assert ListeField().clean("hoch; mittel ;niedrig") == ["hoch", "mittel", "niedrig"]
    assert ZahlenlisteField().clean("−1; 1\n1,5;") == [-1.0, 1.0, 1.5]
    assert ZeilenField().clean("a; b\n\n c \r\n") == ["a; b", "c"]


def test_anzeige_und_eingabe_passen_zusammen():
    class Probe(forms.Form):
        zahl = ZahlField()
        grenzen = ZahlenlisteField()
        namen = ZeilenField()

    leer = Probe(initial={"zahl": 0.25, "grenzen": [-1, 1, 1.5], "namen": ["a", "b"]})
    assert [leer[name].value() for name in leer.fields] == ["0,25", "-1; 1; 1,5", "a\nb"]
    gefuellt = Probe({name: leer[name].value() for name in leer.fields})
    assert gefuellt.is_valid()
    assert gefuellt.cleaned_data == {"zahl": 0.25, "grenzen": [-1.0, 1.0, 1.5], "namen": ["a", "b"]}
    assert 'inputmode="decimal"' in str(leer["zahl"])
