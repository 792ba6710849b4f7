"""Loaded figures against those in force, on whichever database runs the suite."""

from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest
from django.db import transaction

from sozialindex.dienste import zwischentabelle
from sozialindex.dienste.zwischentabelle import Abgleich, Aenderung, Inhalt
from sozialindex.models import Indikatordefinition, Lieferung, Wert

from .musterstadt import lege_stadt_an

pytestmark = pytest.mark.django_db
NAN = np.nan


@pytest.fixture
def gebiete():
    return lege_stadt_an()


@pytest.fixture
def definition(gebiete):
    return Indikatordefinition.objects.get(indikator__schluessel="sgb2").pk


def lieferung():
    return Lieferung.objects.create(
        dateiname="a.csv",
        sha256="",
        groesse=1,
        zustand=Lieferung.Zustand.UEBERNOMMEN,
        entschieden_am=datetime(2026, 1, 1, Lieferung.objects.count(), tzinfo=UTC),
    )


def tabelle(definition, *zeilen, tag="2019-12-31"):
    """Rows of (area, zaehler, nenner, wert, zustand, qualitaet)."""
    spalten = ["gebiet", "zaehler", "nenner", "wert", "zustand", "qualitaet"]
    werte = pd.DataFrame(zeilen, columns=spalten).astype({"gebiet": "int64"})
    werte[spalten[1:4]] = werte[spalten[1:4]].astype("float64")
    werte["definition"], werte["stichtag"] = definition, pd.Timestamp(tag).as_unit("s")
    werte["zeile"] = np.arange(2, len(werte) + 2, dtype=np.int32)
    werte["zustand"] = pd.Categorical(werte["zustand"], list("v0gutxn"))
    werte["qualitaet"] = pd.Categorical(werte["qualitaet"], ["", "p", "r", "s"])
    return werte


def uebernimm(werte):
    with transaction.atomic():
        zwischentabelle.lade(werte)
        abgleich = zwischentabelle.vergleiche()
        neue = lieferung()
        zwischentabelle.uebertrage(neue.pk, mit_geaenderten=abgleich.geaendert > 0)
        zwischentabelle.leere()
    return abgleich


def zeilen():
    return list(
        Wert.objects.order_by("zeile", "pk").values_list(
            "zaehler", "nenner", "wert", "zustand", "qualitaet", "zeile", "aktuell"
        )
    )


def test_fehlende_zahlen_werden_null_und_nie_nan(gebiete, definition):
    werte = tabelle(
        definition,
        (gebiete["101"].pk, 5, 100, 5.0, "v", "p"),
        (gebiete["102"].pk, NAN, NAN, 0.0, "0", ""),
        (gebiete["103"].pk, NAN, 100, NAN, "g", ""),
    )
    assert uebernimm(werte) == Abgleich(neu=3, geaendert=0, gleich=0)
    assert zeilen() == [
        (5.0, 100.0, 5.0, "v", "p", 2, True),
        (None, None, 0.0, "0", "", 3, True),
        (None, 100.0, None, "g", "", 4, True),
    ]
    assert set(Wert.objects.values_list("stichtag", flat=True)) == {date(2019, 12, 31)}


def test_gleiches_bleibt_unberuehrt_auch_bei_fehlenden_zahlen(gebiete, definition):
    werte = tabelle(
        definition,
        (gebiete["101"].pk, 1, 3, 100 / 3, "v", ""),
        (gebiete["102"].pk, NAN, NAN, NAN, "t", "s"),
    )
    uebernimm(werte)
    vorher = list(Wert.objects.order_by("pk").values_list())
    assert uebernimm(werte) == Abgleich(neu=0, geaendert=0, gleich=2)
    assert list(Wert.objects.order_by("pk").values_list()) == vorher


@pytest.mark.parametrize(
    "anders",
    [
        (6, 100, 5.0, "v", ""),
        (5, 99, 5.0, "v", ""),
        (5, 100, 5.1, "v", ""),
        (5, 100, 5.0, "v", "r"),
        (NAN, 100, 5.0, "v", ""),
        (NAN, NAN, NAN, "g", ""),
        (5, 100, 0.0, "0", ""),
    ],
)
def test_jede_andere_angabe_ist_eine_aenderung(gebiete, definition, anders):
    gebiet = gebiete["101"].pk
    uebernimm(tabelle(definition, (gebiet, 5, 100, 5.0, "v", "")))
    assert uebernimm(tabelle(definition, (gebiet, *anders))) == Abgleich(neu=0, geaendert=1, gleich=0)
    assert list(Wert.objects.order_by("pk").values_list("aktuell", flat=True)) == [False, True]


def test_anderer_stichtag_ist_ein_anderer_wert(gebiete, definition):
    zeile = (gebiete["101"].pk, 5, 100, 5.0, "v", "")
    uebernimm(tabelle(definition, zeile))
    assert uebernimm(tabelle(definition, zeile, tag="1969-12-31")) == Abgleich(neu=1, geaendert=0, gleich=0)
    assert Wert.objects.aktuell().earliest("stichtag").stichtag == date(1969, 12, 31)


def test_aenderungen_nennen_beide_inhalte(gebiete, definition):
    gebiet = gebiete["101"].pk
    uebernimm(tabelle(definition, (gebiet, 5, 100, 5.0, "v", "")))
    with transaction.atomic():
        zwischentabelle.lade(tabelle(definition, (gebiet, NAN, NAN, NAN, "g", "p")))
        aenderungen = zwischentabelle.geaenderte(10)
        keine = zwischentabelle.geaenderte(0)
        zwischentabelle.leere()
    assert keine == []
    assert aenderungen == [
        Aenderung(
            zeile=2,
            gebiet=gebiet,
            definition=definition,
            stichtag=date(2019, 12, 31),
            alt=Inhalt(5.0, 100.0, 5.0, "v", ""),
            neu=Inhalt(None, None, None, "g", "p"),
        )
    ]


def test_leere_angaben_verdraengen_nichts(gebiete, definition):
    uebernimm(tabelle(definition, (gebiete["101"].pk, 5, 100, 5.0, "v", "")))
    with transaction.atomic():
        zwischentabelle.lade(
            tabelle(
                definition,
                (gebiete["101"].pk, NAN, NAN, NAN, "n", ""),
                (gebiete["102"].pk, NAN, NAN, NAN, "n", ""),
            )
        )
        assert zwischentabelle.verwirf_leere() == 1
        assert zwischentabelle.vergleiche() == Abgleich(neu=1, geaendert=0, gleich=0)
        zwischentabelle.leere()


def test_ohne_zeilen(gebiete, definition):
    assert uebernimm(tabelle(definition)) == Abgleich(neu=0, geaendert=0, gleich=0)


def test_mehr_zeilen_als_ein_stueck(gebiete, definition, monkeypatch):
    monkeypatch.setattr(zwischentabelle, "ZEILEN_JE_STUECK", 2)
    nummern = ["101", "102", "103", "104", "201"]
    werte = tabelle(definition, *((gebiete[n].pk, 1, 2, 50.0, "v", "") for n in nummern))
    assert uebernimm(werte).neu == 5
    assert [zeile[5] for zeile in zeilen()] == [2, 3, 4, 5, 6]
