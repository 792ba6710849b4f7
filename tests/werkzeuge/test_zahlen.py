import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oberhausen_sozialplanung.werkzeuge.zahlen import Zahlfehler, zahl_lesen, zahl_text


@pytest.mark.parametrize(
    ("text", "dezimalzeichen", "wert"),
    [
        ("0", None, 0.0),
        ("007", ",", 7.0),
        (" 12,5 ", ",", 12.5),
        ("12,5 %", None, 12.5),
        ("12.5", None, 12.5),
        ("13.016", ",", 13016.0),
        ("13,016", ".", 13016.0),
        ("1,234", ",", 1.234),
        ("0,123", None, 0.123),
        ("1.234.567", None, 1234567.0),
        ("1.234,5", None, 1234.5),
        ("1,234.5", None, 1234.5),
        ("10 000", None, 10000.0),
        ("10\u00a0000,5", ",", 10000.5),
        ("10\u202f000", ",", 10000.0),
        ("10'000.5", ".", 10000.5),
        ("10’000", None, 10000.0),
        ("-5", None, -5.0),
        ("\u22125,5", ",", -5.5),
    ],
)
def test_liest_zahlen(text, dezimalzeichen, wert):
    assert zahl_lesen(text, dezimalzeichen) == wert


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "-",
        "zwölf",
        "nan",
        "inf",
        "1e5",
        "1_000",
        "0x10",
        "٣",
        "²",
        "1..2",
        ",5",
        "5,",
        "1.23.456",
        "1 2",
        "1,2,3",
    ],
)
def test_was_keine_zahl_ist(text):
    with pytest.raises(Zahlfehler):
        zahl_lesen(text)


@pytest.mark.parametrize("text", ["=1+1", "+49208", "@SUMME(A1)"])
def test_formeln_sind_keine_zahlen(text):
    with pytest.raises(Zahlfehler, match="ist eine Formel oder beginnt wie eine"):
        zahl_lesen(text, ",")


def test_mehrdeutiges_wird_benannt():
    with pytest.raises(Zahlfehler) as fehler:
        zahl_lesen("1.234")
    assert str(fehler.value) == (
        "„1.234“ ist mehrdeutig: 1234 oder 1 Komma 234? Bitte legen Sie das Dezimalzeichen der Datei fest."
    )


@pytest.mark.parametrize(
    ("text", "dezimalzeichen"), [("1.5", ","), ("0.123", ","), ("12.34", ","), ("1,5", ".")]
)
def test_falsches_zeichen_wird_nicht_umgedeutet(text, dezimalzeichen):
    with pytest.raises(Zahlfehler, match="passt nicht zum Dezimalzeichen"):
        zahl_lesen(text, dezimalzeichen)


@given(st.decimals(-(10**9), 10**9, places=2, allow_nan=False))
def test_geschriebenes_wird_gleich_gelesen(zahl):
    assert zahl_lesen(zahl_text(float(zahl), 2), ",") == float(zahl)


@given(st.text(max_size=20), st.sampled_from([None, "", ",", "."]))
def test_nur_endliche_zahlen_oder_zahlfehler(text, dezimalzeichen):
    try:
        wert = zahl_lesen(text, dezimalzeichen)
    except Zahlfehler:
        return
    assert math.isfinite(wert)


@pytest.mark.parametrize(
    ("wert", "stellen", "text"),
    [
        (1234567.85, 1, "1.234.567,9"),
        (0.05, 1, "0,1"),
        (-0.04, 1, "0,0"),
        (2.5, 0, "3"),
        (None, 1, "–"),
        (math.nan, 1, "–"),
    ],
)
def test_schreibt_deutsch(wert, stellen, text):
    assert zahl_text(wert, stellen) == text
