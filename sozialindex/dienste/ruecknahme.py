"""Withdrawal of a delivery: its figures go out of force, those of other deliveries come back."""

from django.db import transaction
from django.utils import timezone

from sozialindex.abfragen.verzeichnis import hole_verzeichnis
from sozialindex.dienste import fingerabdruck, zwischentabelle
from sozialindex.dienste.lieferungen import quelle_von, sperre_werte
from sozialindex.dienste.lieferungsfehler import Lieferungsfehler
from sozialindex.einlesen.einstellungen import Einstellungen
from sozialindex.einlesen.ergebnis import Leseergebnis
from sozialindex.einlesen.fehler import Einstellungsfehler
from sozialindex.einlesen.lesen import lies
from sozialindex.models import Indexlauf, Lieferung, Lieferungsdatei


@transaction.atomic
def ziehe_lieferung_zurueck(*, lieferung: Lieferung, benutzer=None) -> Lieferung:
    """Take the figures of a delivery out of force; those of other deliveries come back.

    The rows stay readable as history. Where no row of an earlier delivery holds what counts now, because a
    delivery only repeated the figure withdrawn, that delivery is read again and gives the figure anew. It
    must be read as when it was taken over: otherwise the figure would be lost without a word.

    Raises
    ------
    Lieferungsfehler
        Not taken over, a published run used one of its figures, or a delivery that would have to be read
        again was not kept or would be read differently today.
    """
    lieferung = Lieferung.objects.select_for_update().get(pk=lieferung.pk)
    if lieferung.zustand != Lieferung.Zustand.UEBERNOMMEN:
        raise Lieferungsfehler(f"{lieferung} ist {lieferung.get_zustand_display()}, nicht übernommen.")
    verlange_unbenutzt(lieferung)
    sperre_werte()
    lieferung.zustand = Lieferung.Zustand.ZURUECKGEZOGEN
    lieferung.zurueckgezogen_von = benutzer
    lieferung.zurueckgezogen_am = timezone.now()
    lieferung.save(update_fields=["zustand", "zurueckgezogen_von", "zurueckgezogen_am"])
    if zwischentabelle.setze_ausser_kraft(lieferung.pk):
        for andere in Lieferung.objects.uebernommen().filter(gleich__gt=0).order_by("entschieden_am", "pk"):
            _wiederhole(andere)
    zwischentabelle.vergiss_freie()
    return lieferung


def verlange_unbenutzt(lieferung: Lieferung) -> None:
    """Refuse if a published run rests on the delivery.

    Raises
    ------
    Lieferungsfehler
        Names the runs and what to do instead.
    """
    laeufe = Indexlauf.objects.oeffentlich().filter(werte__lieferung=lieferung).distinct().order_by("nummer")
    nummern = [str(lauf.nummer) for lauf in laeufe]
    if not nummern:
        return
    subjekt = (
        f"Der veröffentlichte Indexlauf {nummern[0]} beruht"
        if len(nummern) == 1
        else f"Die veröffentlichten Indexläufe {', '.join(nummern)} beruhen"
    )
    raise Lieferungsfehler(
        f"{lieferung} kann nicht zurückgezogen werden: {subjekt} auf ihren Werten. Liefern Sie berichtigte "
        "Werte als neue Lieferung nach; sie treten an die Stelle der alten."
    )


def _wiederhole(andere: Lieferung) -> None:
    """Give the figures just freed that `andere` had only repeated."""
    freie = zwischentabelle.freie_stichtage(andere.entschieden_am)
    betroffen = freie.intersection(andere.lesarten)
    if not betroffen:
        return
    lesung = _lies_wieder(andere)
    heute = fingerabdruck.lesarten(lesung.werte) if lesung else {}
    if any(heute.get(stelle) != andere.lesarten[stelle] for stelle in betroffen):
        raise Lieferungsfehler(
            f"{andere} wiederholt womöglich Werte, die damit frei würden; sie wird heute aber anders gelesen "
            "als bei ihrer Übernahme, etwa nach einer neuen Definition, einem neuen Gebietsstand oder einer "
            "geänderten Gebietsnummer. Es wurde nichts verändert. Sollen auch ihre Werte nicht mehr gelten, "
            "ziehen Sie zuerst sie zurück. Sonst liefern Sie berichtigte Werte als neue Lieferung nach."
        )
    zwischentabelle.lade(lesung.werte)
    zwischentabelle.verwirf_leere()
    zwischentabelle.behalte_freie(andere.entschieden_am)
    zwischentabelle.uebertrage(andere.pk, mit_geaenderten=True)
    zwischentabelle.leere()


def _lies_wieder(andere: Lieferung) -> Leseergebnis | None:
    """Read the kept file once more; None when its settings name something that no longer exists."""
    if not Lieferungsdatei.objects.filter(lieferung=andere).exists():
        raise Lieferungsfehler(
            f"{andere} wiederholt womöglich Werte, die damit frei würden; ihre Datei ist aber nicht "
            "aufbewahrt. Es wurde nichts verändert. Liefern Sie stattdessen berichtigte Werte als neue "
            "Lieferung nach."
        )
    try:
        return lies(quelle_von(andere), Einstellungen.aus_dict(andere.einstellungen), hole_verzeichnis())
    except Einstellungsfehler:
        return None
