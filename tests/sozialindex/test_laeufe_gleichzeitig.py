"""Two people at the same moment, each with a database connection of their own."""

import threading
import time

import pytest
from django.db import connection, connections, transaction

from sozialindex.dienste import laeufe as dienste
from sozialindex.dienste.fehler import Lauffehler
from sozialindex.dienste.lieferungsfehler import Lieferungsfehler
from sozialindex.dienste.ruecknahme import ziehe_lieferung_zurueck
from sozialindex.models import Indexlauf, Lieferung, Methodik, Wert

from .fabriken import STICHTAG, Kleinstadt, MethodikFabrik

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def nebenlaeufig():
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("SQLite im Arbeitsspeicher kennt nur eine Verbindung; läuft auf PostgreSQL.")


def gleichzeitig(*aufgaben):
    """Start all at once and return, in order, "ok" or the message of the refusal."""
    schranke, ausgaenge = threading.Barrier(len(aufgaben)), {}

    def arbeite(nummer, aufgabe):
        try:
            schranke.wait(timeout=10)
            aufgabe()
            ausgaenge[nummer] = "ok"
        except (Lauffehler, Lieferungsfehler) as fehler:
            ausgaenge[nummer] = str(fehler)
        finally:
            connections.close_all()

    faeden = [threading.Thread(target=arbeite, args=paar) for paar in enumerate(aufgaben)]
    for faden in faeden:
        faden.start()
    for faden in faeden:
        faden.join(timeout=30)
    return [ausgaenge[nummer] for nummer in range(len(aufgaben))]


def gepruefter_lauf(person):
    lauf = dienste.berechne_lauf(stichtag=STICHTAG, methodik=Methodik.objects.get(), erstellt_von=person)
    return dienste.pruefe_lauf(lauf=lauf, geprueft_von=person)


def veroeffentliche(lauf, person):
    return lambda: dienste.veroeffentliche_lauf(lauf=lauf, veroeffentlicht_von=person)


def test_two_publishers_of_one_run(nebenlaeufig, konto):
    Kleinstadt()
    MethodikFabrik()
    lauf = gepruefter_lauf(konto("sozialplanung"))
    erste, zweite = konto("leitung"), konto("leitung")
    ausgaenge = gleichzeitig(veroeffentliche(lauf, erste), veroeffentliche(lauf, zweite))
    assert sorted(ausgaenge)[1] == "ok"
    assert "im Zustand „veröffentlicht“" in sorted(ausgaenge)[0]


def test_two_runs_of_one_stichtag_leave_one_in_force(nebenlaeufig, konto):
    Kleinstadt()
    MethodikFabrik()
    planerin, leiter = konto("sozialplanung"), konto("leitung")
    laeufe = [gepruefter_lauf(planerin), gepruefter_lauf(planerin)]
    erster, zweiter = gleichzeitig(*(veroeffentliche(lauf, leiter) for lauf in laeufe))
    assert zweiter == "ok"
    # Either the first was in time and is replaced, or it came too late and is refused.
    assert erster == "ok" or "Der später berechnete Lauf 2" in erster
    assert list(Indexlauf.objects.veroeffentlicht()) == [laeufe[1]]


@pytest.mark.parametrize("versuch", range(3))
def test_publication_against_withdrawal(nebenlaeufig, konto, versuch):
    stadt = Kleinstadt()
    MethodikFabrik()
    lauf = gepruefter_lauf(konto("sozialplanung"))
    ausgaenge = gleichzeitig(
        veroeffentliche(lauf, konto("leitung")),
        lambda: ziehe_lieferung_zurueck(lieferung=Lieferung.objects.get(pk=stadt.lieferung.pk)),
    )
    lauf.refresh_from_db()
    stadt.lieferung.refresh_from_db()
    stand = (lauf.zustand, stadt.lieferung.zustand)
    if ausgaenge[0] == "ok":
        assert stand == ("veroeffentlicht", "uebernommen")
        assert "Der veröffentlichte Indexlauf 1 beruht" in ausgaenge[1]
    else:
        assert stand == ("geprueft", "zurueckgezogen")
        assert "berechnen Sie den Lauf neu" in ausgaenge[0]
        assert ausgaenge[1] == "ok"


def test_double_click_leaves_one_draft(nebenlaeufig, konto):
    Kleinstadt()
    methodik, person = MethodikFabrik(), konto("sozialplanung")

    def rechne():
        dienste.berechne_lauf(stichtag=STICHTAG, methodik=methodik, erstellt_von=person)

    ausgaenge = sorted(gleichzeitig(rechne, rechne))
    assert ausgaenge[0].startswith("Ihr Entwurf 1 beruht auf denselben Werten")
    assert ausgaenge[1] == "ok"
    assert Indexlauf.objects.count() == 1


def test_computation_waits_for_a_writer_of_figures(nebenlaeufig):
    """Figures changed in a transaction not yet finished are read completely or not at all."""
    stadt = Kleinstadt()
    methodik, begonnen, fertig = MethodikFabrik(), threading.Event(), []
    werte = Wert.objects.filter(stichtag=STICHTAG, definition=stadt.armut)

    def schreibe():
        with transaction.atomic():
            for wert in werte.order_by("pk"):
                Wert.objects.filter(pk=wert.pk).update(zaehler=wert.zaehler + 1, wert=wert.wert + 1)
                begonnen.set()
                time.sleep(0.1)
            fertig.append(True)

    def rechne():
        begonnen.wait(timeout=10)
        dienste.berechne_lauf(stichtag=STICHTAG, methodik=methodik)
        assert fertig == [True]

    assert gleichzeitig(schreibe, rechne) == ["ok", "ok"]
    benutzt = Indexlauf.objects.get().werte.filter(rolle="status", indikator="armut", ebene="quartier")
    assert sorted(benutzt.values_list("wert", flat=True)) == [3, 5, 7, 9, 11, 13]


def test_two_computations_get_two_numbers(nebenlaeufig):
    Kleinstadt()
    methodik = MethodikFabrik()

    def rechne():
        dienste.berechne_lauf(stichtag=STICHTAG, methodik=methodik)

    assert gleichzeitig(rechne, rechne) == ["ok", "ok"]
    assert sorted(Indexlauf.objects.values_list("nummer", flat=True)) == [1, 2]
