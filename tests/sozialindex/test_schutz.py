"""The database itself keeps published runs and used methods: raw SQL, on either database."""

import json

import pytest
from django.db import IntegrityError, connection, transaction

from sozialindex.dienste import laeufe as dienste
from sozialindex.models import Indexlauf, Laufergebnis, Laufwert

from .fabriken import STICHTAG, Kleinstadt, MethodikFabrik

pytestmark = pytest.mark.django_db

LAUF_FEST = "Ein veröffentlichter Indexlauf ist unveränderlich."
TEIL_FEST = "Werte und Ergebnisse eines Indexlaufs sind unveränderlich."
METHODIK_FEST = "Eine verwendete Methodik ist unveränderlich."


@pytest.fixture
def entwurf(konto):
    Kleinstadt()
    return dienste.berechne_lauf(
        stichtag=STICHTAG, methodik=MethodikFabrik(), erstellt_von=konto("sozialplanung")
    )


@pytest.fixture
def lauf(entwurf, konto):
    dienste.pruefe_lauf(lauf=entwurf, geprueft_von=entwurf.erstellt_von)
    return dienste.veroeffentliche_lauf(lauf=entwurf, veroeffentlicht_von=konto("leitung"))


def fuehre_aus(satz, *werte):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(satz, werte)


@pytest.mark.parametrize(
    ("spalte", "wert"),
    [
        ("nummer", 99),
        ("stichtag", "2021-12-31"),
        ("methodik_daten", json.dumps({"titel": "anders"})),
        ("statistik", "{}"),
        ("diagnostik", "{}"),
        ("sha256", "0" * 64),
        ("zustand", "entwurf"),
        ("zustand", "geprueft"),
        ("erstellt_von_id", None),
        ("veroeffentlicht_am", "2030-01-01"),
    ],
)
def test_published_run_is_not_changed(lauf, spalte, wert):
    with pytest.raises(IntegrityError, match=LAUF_FEST):
        fuehre_aus(f"UPDATE sozialindex_indexlauf SET {spalte} = %s WHERE id = %s", wert, lauf.pk)
    alt = Indexlauf.objects.get(pk=lauf.pk)
    assert (alt.nummer, alt.zustand, alt.sha256) == (1, "veroeffentlicht", lauf.sha256)


def test_published_run_is_not_deleted(lauf):
    with pytest.raises(IntegrityError, match=LAUF_FEST):
        fuehre_aus("DELETE FROM sozialindex_indexlauf WHERE id = %s", lauf.pk)


def test_published_run_may_be_replaced_and_stays_so(lauf):
    fuehre_aus("UPDATE sozialindex_indexlauf SET zustand = 'ersetzt' WHERE id = %s", lauf.pk)
    with pytest.raises(IntegrityError, match=LAUF_FEST):
        fuehre_aus("UPDATE sozialindex_indexlauf SET zustand = 'veroeffentlicht' WHERE id = %s", lauf.pk)
    with pytest.raises(IntegrityError, match=LAUF_FEST):
        fuehre_aus("DELETE FROM sozialindex_indexlauf WHERE id = %s", lauf.pk)


def test_successor_is_named_only_when_replaced(lauf):
    setze = "UPDATE sozialindex_indexlauf SET ersetzt_durch_id = %s"
    with pytest.raises(IntegrityError, match=LAUF_FEST):
        fuehre_aus(f"{setze} WHERE id = %s", lauf.pk, lauf.pk)
    fuehre_aus(f"{setze}, zustand = 'ersetzt' WHERE id = %s", lauf.pk, lauf.pk)
    with pytest.raises(IntegrityError, match=LAUF_FEST):
        fuehre_aus(f"{setze} WHERE id = %s", None, lauf.pk)


@pytest.mark.parametrize("zustand", ["veroeffentlicht", "ersetzt"])
def test_draft_is_not_published_past_the_check(entwurf, zustand):
    with pytest.raises(IntegrityError, match=r"Nur ein geprüfter Indexlauf wird veröffentlicht\."):
        fuehre_aus(
            "UPDATE sozialindex_indexlauf SET zustand = %s, veroeffentlicht_am = erstellt_am WHERE id = %s",
            zustand,
            entwurf.pk,
        )
    assert Indexlauf.objects.get().zustand == "entwurf"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="INSERT OR REPLACE gibt es nur in SQLite")
@pytest.mark.parametrize("modell", [Indexlauf, Laufwert, Laufergebnis])
def test_replacing_insert_is_no_way_round_the_triggers(lauf, modell):
    tabelle = modell._meta.db_table
    spalten = [feld.column for feld in modell._meta.concrete_fields]
    auswahl = ", ".join("'entwurf'" if spalte == "zustand" else spalte for spalte in spalten)
    with pytest.raises(IntegrityError, match="unveränderlich"):
        fuehre_aus(f"INSERT OR REPLACE INTO {tabelle} ({', '.join(spalten)}) SELECT {auswahl} FROM {tabelle}")
    assert Indexlauf.objects.get().zustand == "veroeffentlicht"


@pytest.mark.parametrize(
    ("tabelle", "spalte", "wert"),
    [
        ("sozialindex_laufwert", "wert", 1.0),
        ("sozialindex_laufwert", "zaehler", 1.0),
        ("sozialindex_laufergebnis", "statusklasse", "hoch"),
        ("sozialindex_laufergebnis", "statusindex", 0.0),
    ],
)
def test_parts_are_changed_in_no_state(entwurf, tabelle, spalte, wert):
    with pytest.raises(IntegrityError, match=TEIL_FEST):
        fuehre_aus(f"UPDATE {tabelle} SET {spalte} = %s WHERE lauf_id = %s", wert, entwurf.pk)


@pytest.mark.parametrize("tabelle", ["sozialindex_laufwert", "sozialindex_laufergebnis"])
def test_parts_of_a_published_run_are_not_deleted(lauf, tabelle):
    with pytest.raises(IntegrityError, match=TEIL_FEST):
        fuehre_aus(f"DELETE FROM {tabelle} WHERE lauf_id = %s", lauf.pk)
    assert (lauf.werte.count(), lauf.ergebnisse.count()) == (35, 6)


@pytest.mark.parametrize("modell", [Laufwert, Laufergebnis])
def test_nothing_is_added_to_a_published_run(lauf, modell):
    tabelle = modell._meta.db_table
    spalten = [feld.column for feld in modell._meta.concrete_fields if feld.column != "id"]
    fremd = {"lauf_id": lauf.pk, "gebiet_id": modell.objects.filter(lauf=lauf).first().gebiet_id}
    # A copy of an existing row under another key, so that only the trigger can object.
    auswahl = ", ".join("'neu'" if spalte in ("indikator", "gesamtindex") else spalte for spalte in spalten)
    satz = (
        f"INSERT INTO {tabelle} ({', '.join(spalten)}) SELECT {auswahl} FROM {tabelle}"
        " WHERE lauf_id = %s AND gebiet_id = %s"
    )
    with pytest.raises(IntegrityError, match=TEIL_FEST):
        fuehre_aus(satz, fremd["lauf_id"], fremd["gebiet_id"])


@pytest.mark.parametrize(
    ("spalte", "wert"), [("daten", "{}"), ("schluessel", "anders"), ("version", 2), ("titel", "anders")]
)
def test_used_method_is_not_changed(entwurf, spalte, wert):
    with pytest.raises(IntegrityError, match=METHODIK_FEST):
        fuehre_aus(f"UPDATE sozialindex_methodik SET {spalte} = %s WHERE id = %s", wert, entwurf.methodik_id)


def test_unused_method_may_be_changed():
    methodik = MethodikFabrik()
    fuehre_aus("UPDATE sozialindex_methodik SET titel = 'anders' WHERE id = %s", methodik.pk)
    methodik.refresh_from_db()
    assert methodik.titel == "anders"


def test_creator_is_refused_by_the_database_too(entwurf):
    dienste.pruefe_lauf(lauf=entwurf, geprueft_von=entwurf.erstellt_von)
    with pytest.raises(IntegrityError):
        fuehre_aus(
            "UPDATE sozialindex_indexlauf SET zustand = 'veroeffentlicht', veroeffentlicht_am = erstellt_am,"
            " veroeffentlicht_von_id = erstellt_von_id WHERE id = %s",
            entwurf.pk,
        )
