from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template


def zeige(ausdruck, wert):
    return Template("{% load darstellung %}{{ wert|" + ausdruck + " }}").render(Context({"wert": wert}))


@pytest.mark.parametrize(
    ("ausdruck", "wert", "text"),
    [
        ("zahl", 1234567, "1.234.567"),
        ("zahl:1", 1234.56, "1.234,6"),
        ("zahl:1", Decimal("0.05"), "0,1"),
        ("zahl:2", -0.5, "−0,50"),
        ("zahl:1", -0.04, "0,0"),
        ("zahl", 0, "0"),
        ("zahl:1", None, "–"),
        ("zahl:1", float("nan"), "–"),
        ("differenz:2", 1.2, "+1,20"),
        ("differenz", -0.5, "−0,5"),
        ("differenz", 0, "0,0"),
        ("differenz", 0.01, "0,0"),
        ("differenz", None, "–"),
        ("anteil", 0.1234, "12,3\u202f%"),
        ("anteil:0", 1, "100\u202f%"),
        ("anteil", None, "–"),
        ("datum", date(2026, 12, 31), "31.12.2026"),
        ("datum", None, "–"),
    ],
)
def test_filter(ausdruck, wert, text):
    assert zeige(ausdruck, wert) == text


def test_datum_gilt_in_berlin():
    assert zeige("datum", datetime(2026, 12, 31, 23, 30, tzinfo=UTC)) == "01.01.2027"
