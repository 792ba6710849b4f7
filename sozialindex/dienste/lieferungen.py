"""Deliveries from upload to figures in force; the only door for writing figures."""

from dataclasses import dataclass, replace
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from quartiere.models import Gebiet, Gebietsalias
from sozialindex.abfragen.fruehere import mit_frueheren
from sozialindex.abfragen.verzeichnis import hole_verzeichnis
from sozialindex.dienste import zwischentabelle
from sozialindex.dienste.zwischentabelle import Abgleich
from sozialindex.einlesen.bericht import als_bericht
from sozialindex.einlesen.datei import Quelle, oeffne
from sozialindex.einlesen.einstellungen import Einstellungen, aehnlichkeit, signatur
from sozialindex.einlesen.erkennen import erkenne, lies_kopf
from sozialindex.einlesen.lesen import Leseergebnis, lies
from sozialindex.einlesen.plausibilitaet import Hinweis, pruefe
from sozialindex.einlesen.verzeichnis import Verzeichnis
from sozialindex.models import Importprofil, Indikator, Indikatoralias, Indexlauf, Lieferung, Lieferungsdatei

# Above this share of common head names a saved profile is proposed.
AEHNLICH_GENUG = 0.8
GEZEIGTE_AENDERUNGEN = 200


class Lieferungsfehler(ValueError):
    """Why a delivery cannot be taken over or withdrawn; the text is German and meant for people."""


@dataclass(frozen=True)
class Pruefung:
    """What a dry run found: the figures read, how they compare, what looks odd."""

    lesung: Leseergebnis
    abgleich: Abgleich
    hinweise: list[Hinweis]
    geaenderte: list[dict]
    lieferung: int | None = None

    @property
    def fehlerfrei(self) -> bool:
        return self.lesung.fehler_anzahl == 0


def quelle_von(lieferung: Lieferung) -> Quelle:
    """Open the stored file of a delivery.

    Raises
    ------
    Lieferungsfehler
        The file was not kept (large deliveries from the command line).
    """
    datei = Lieferungsdatei.objects.filter(lieferung=lieferung).first()
    if datei is None:
        raise Lieferungsfehler(
            "Die Datei dieser Lieferung wurde nicht aufbewahrt und kann nicht neu gelesen werden."
        )
    return oeffne(bytes(datei.inhalt), lieferung.dateiname)


@transaction.atomic
def lege_lieferung_an(*, dateiname: str, inhalt: bytes, benutzer=None) -> Lieferung:
    """Keep an uploaded file and propose how to read it.

    A file that is already being worked on is not kept twice: its delivery is returned.

    Raises
    ------
    Dateifehler
        The file cannot be read at all; nothing is stored.
    """
    quelle = oeffne(inhalt, dateiname)
    begonnen = Lieferung.objects.in_arbeit().filter(sha256=quelle.sha256, hochgeladen_von=benutzer).first()
    if begonnen:
        return begonnen
    einstellungen, profil = schlage_vor(quelle, hole_verzeichnis())
    lieferung = Lieferung.objects.create(
        dateiname=dateiname,
        sha256=quelle.sha256,
        groesse=quelle.groesse,
        hochgeladen_von=benutzer,
        profil=profil,
        einstellungen=einstellungen.als_dict(),
    )
    Lieferungsdatei.objects.create(lieferung=lieferung, inhalt=inhalt)
    return lieferung


def schlage_vor(quelle: Quelle, verzeichnis: Verzeichnis) -> tuple[Einstellungen, Importprofil | None]:
    """Recognise the file; where a saved profile was made for a file that looks alike, use that profile."""
    erkannt = erkenne(quelle, verzeichnis)
    kennzeichen = signatur(lies_kopf(quelle, erkannt))
    bewertet = [(aehnlichkeit(kennzeichen, profil.signatur), profil) for profil in Importprofil.objects.all()]
    naehe, profil = max(bewertet, key=lambda paar: paar[0], default=(0.0, None))
    if profil is None or naehe < AEHNLICH_GENUG:
        return erkannt, None
    return wende_profil_an(profil, erkannt), profil


def wende_profil_an(profil: Importprofil, erkannt: Einstellungen) -> Einstellungen:
    """Settings of a profile for this file: how its rows lie and its Stichtag come from the file itself."""
    gemerkt = Einstellungen.aus_dict(profil.einstellungen)
    return replace(
        gemerkt,
        kodierung=erkannt.kodierung,
        trennzeichen=erkannt.trennzeichen,
        blatt=erkannt.blatt,
        kopf_von=erkannt.kopf_von,
        kopf_bis=erkannt.kopf_bis,
        daten_bis=erkannt.daten_bis,
        stichtag=erkannt.stichtag or gemerkt.stichtag,
    )


@transaction.atomic
def stelle_ein(*, lieferung: Lieferung, einstellungen: Einstellungen) -> Lieferung:
    """Store corrected settings of a delivery that is still being worked on; its last report is void."""
    lieferung = _in_arbeit(lieferung)
    lieferung.einstellungen = einstellungen.als_dict()
    lieferung.bericht = {}
    lieferung.save(update_fields=["einstellungen", "bericht"])
    return lieferung


@transaction.atomic
def pruefe_lieferung(*, lieferung: Lieferung) -> Pruefung:
    """Dry run: read everything, compare it with the figures in force, store the report and nothing else.

    Raises
    ------
    Dateifehler, Lieferungsfehler
        The file cannot be read with these settings, or the delivery is no longer being worked on.
    """
    lieferung = _in_arbeit(lieferung)
    pruefung = _pruefe(quelle_von(lieferung), Einstellungen.aus_dict(lieferung.einstellungen))
    zwischentabelle.leere()
    _trage_bericht_ein(lieferung, pruefung)
    lieferung.save()
    return pruefung


@transaction.atomic
def uebernimm_lieferung(*, lieferung: Lieferung, benutzer=None, nur_gute: bool = False) -> Pruefung:
    """Put the figures of a delivery in force: all or nothing, in one transaction.

    The file is read and compared once more, because the figures in force may have changed since the dry run.

    Parameters
    ----------
    nur_gute
        Leave rows with errors out. Without it a delivery with errors is refused.

    Raises
    ------
    Lieferungsfehler
        Already decided, rows with errors, or nothing in it that is not in force already.
    """
    lieferung = _in_arbeit(lieferung)
    _sperre_werte()
    pruefung = _pruefe(quelle_von(lieferung), Einstellungen.aus_dict(lieferung.einstellungen))
    _verlange_uebernehmbar(pruefung, nur_gute)
    _trage_bericht_ein(lieferung, pruefung)
    _entscheide(lieferung, Lieferung.Zustand.UEBERNOMMEN, benutzer, nur_gute=nur_gute)
    zwischentabelle.uebertrage(lieferung.pk)
    zwischentabelle.leere()
    return pruefung


@transaction.atomic
def importiere_datei(
    *,
    pfad: Path,
    profil: Importprofil | None = None,
    vorgaben: dict | None = None,
    probelauf: bool = False,
    nur_gute: bool = False,
    benutzer=None,
) -> Pruefung:
    """Read a file without a browser and take it over; a file that brings nothing new leaves no trace.

    Parameters
    ----------
    vorgaben
        Settings that replace recognised ones, e.g. ``{"indikator": "sgb2"}``.
    probelauf
        Only report.

    Returns
    -------
    Pruefung
        Figures are stored unless `probelauf` is set, the file has errors that `nur_gute` does not excuse, or
        nothing in it is new.
    """
    quelle = oeffne(pfad, pfad.name, max_bytes=None)
    verzeichnis = hole_verzeichnis()
    einstellungen = erkenne(quelle, verzeichnis)
    if profil:
        einstellungen = wende_profil_an(profil, einstellungen)
    einstellungen = replace(einstellungen, **(vorgaben or {}))
    _sperre_werte()
    pruefung = _pruefe(quelle, einstellungen, verzeichnis)
    annehmbar = (pruefung.fehlerfrei or nur_gute) and pruefung.abgleich.neu + pruefung.abgleich.geaendert
    if annehmbar and not probelauf:
        lieferung = Lieferung(
            dateiname=pfad.name, sha256=quelle.sha256, groesse=quelle.groesse, profil=profil
        )
        lieferung.hochgeladen_von = benutzer
        lieferung.einstellungen = einstellungen.als_dict()
        _trage_bericht_ein(lieferung, pruefung)
        _entscheide(lieferung, Lieferung.Zustand.UEBERNOMMEN, benutzer, nur_gute=nur_gute)
        _bewahre_auf(lieferung, pfad)
        zwischentabelle.uebertrage(lieferung.pk)
        pruefung = replace(pruefung, lieferung=lieferung.pk)
    zwischentabelle.leere()
    return pruefung


@transaction.atomic
def verwirf_lieferung(*, lieferung: Lieferung, benutzer=None) -> Lieferung:
    """Drop an uploaded delivery: no figure was stored, the file is deleted, the report stays."""
    lieferung = _in_arbeit(lieferung)
    Lieferungsdatei.objects.filter(lieferung=lieferung).delete()
    _entscheide(lieferung, Lieferung.Zustand.VERWORFEN, benutzer)
    return lieferung


@transaction.atomic
def ziehe_lieferung_zurueck(*, lieferung: Lieferung, benutzer=None) -> Lieferung:
    """Take the figures of a delivery out of force; those of earlier deliveries come back.

    The rows stay readable as history. A later delivery that only repeated such a figure gives it anew.

    Raises
    ------
    Lieferungsfehler
        Not taken over, or a published run used one of its figures.
    """
    lieferung = Lieferung.objects.select_for_update().get(pk=lieferung.pk)
    if lieferung.zustand != Lieferung.Zustand.UEBERNOMMEN:
        raise Lieferungsfehler(f"{lieferung} ist {lieferung.get_zustand_display()}, nicht übernommen.")
    laeufe = Indexlauf.objects.oeffentlich().filter(werte__lieferung=lieferung).distinct().order_by("nummer")
    if nummern := ", ".join(str(lauf.nummer) for lauf in laeufe):
        raise Lieferungsfehler(
            f"{lieferung} kann nicht zurückgezogen werden: Der veröffentlichte Indexlauf {nummern} beruht auf "
            "ihren Werten. Liefern Sie berichtigte Werte als neue Lieferung nach; sie treten an die Stelle der alten."
        )
    _sperre_werte()
    _entscheide(lieferung, Lieferung.Zustand.ZURUECKGEZOGEN, benutzer)
    zwischentabelle.setze_ausser_kraft(lieferung.pk)
    for spaetere in Lieferung.objects.uebernommen().filter(pk__gt=lieferung.pk, gleich__gt=0).order_by("pk"):
        _wiederhole(spaetere)
    return lieferung


@transaction.atomic
def merke_profil(*, lieferung: Lieferung, name: str, benutzer=None) -> Importprofil:
    """Save the mapping of a delivery under a name; the same name replaces the earlier profile."""
    einstellungen = Einstellungen.aus_dict(lieferung.einstellungen)
    kopf = lies_kopf(quelle_von(lieferung), einstellungen)
    profil, _ = Importprofil.objects.update_or_create(
        name=name,
        defaults={
            "signatur": signatur(kopf),
            "einstellungen": einstellungen.als_dict(),
            "angelegt_von": benutzer,
        },
    )
    lieferung.profil = profil
    lieferung.save(update_fields=["profil"])
    return profil


@transaction.atomic
def merke_namen(*, gebiete: dict[str, Gebiet], indikatoren: dict[str, Indikator]) -> None:
    """Remember spellings a planner assigned, so that the next delivery needs no correction."""
    for name, gebiet in gebiete.items():
        Gebietsalias.objects.get_or_create(gebiet=gebiet, name=name)
    for name, indikator in indikatoren.items():
        Indikatoralias.objects.get_or_create(name=name, defaults={"indikator": indikator})


def _pruefe(quelle: Quelle, einstellungen: Einstellungen, verzeichnis: Verzeichnis | None = None) -> Pruefung:
    verzeichnis = verzeichnis or hole_verzeichnis()
    lesung = lies(quelle, einstellungen, verzeichnis)
    hinweise = [
        hinweis
        for werte, fruehere in mit_frueheren(lesung.werte)
        for hinweis in pruefe(werte, verzeichnis, fruehere)
    ]
    zwischentabelle.lade(lesung.werte)
    return Pruefung(
        lesung=lesung,
        abgleich=zwischentabelle.vergleiche(),
        hinweise=hinweise,
        geaenderte=zwischentabelle.geaenderte(GEZEIGTE_AENDERUNGEN),
    )


def _verlange_uebernehmbar(pruefung: Pruefung, nur_gute: bool) -> None:
    if not pruefung.fehlerfrei and not nur_gute:
        raise Lieferungsfehler(
            f"{pruefung.lesung.fehler_anzahl} Angaben sind fehlerhaft. Es wurde nichts übernommen. Berichtigen Sie "
            "die Zuordnung oder die Datei, oder übernehmen Sie nur die fehlerfreien Zeilen."
        )
    if not pruefung.abgleich.neu + pruefung.abgleich.geaendert:
        raise Lieferungsfehler(
            f"Alle {pruefung.abgleich.gleich} lesbaren Werte dieser Datei gelten schon. Es wurde nichts verändert."
        )


def _trage_bericht_ein(lieferung: Lieferung, pruefung: Pruefung) -> None:
    lieferung.neu = pruefung.abgleich.neu
    lieferung.geaendert = pruefung.abgleich.geaendert
    lieferung.gleich = pruefung.abgleich.gleich
    lieferung.ausgelassen = pruefung.lesung.ausgelassen_anzahl
    lieferung.fehler = pruefung.lesung.fehler_anzahl
    lieferung.bericht = als_bericht(pruefung.lesung, pruefung.hinweise)


def _in_arbeit(lieferung: Lieferung) -> Lieferung:
    """Lock the delivery and make sure nobody decided on it meanwhile (second window, double click)."""
    lieferung = Lieferung.objects.select_for_update().get(pk=lieferung.pk)
    if lieferung.zustand != Lieferung.Zustand.IN_ARBEIT:
        raise Lieferungsfehler(
            f"{lieferung} ist schon {lieferung.get_zustand_display()}. Es wurde nichts noch einmal ausgeführt."
        )
    return lieferung


def _entscheide(lieferung: Lieferung, zustand: str, benutzer, *, nur_gute: bool = False) -> None:
    lieferung.zustand = zustand
    lieferung.nur_gute = nur_gute or lieferung.nur_gute
    lieferung.entschieden_von = benutzer
    lieferung.entschieden_am = timezone.now()
    lieferung.save()


def _bewahre_auf(lieferung: Lieferung, pfad: Path) -> None:
    """Keep the file beside the delivery unless it is larger than what the browser would accept."""
    if pfad.stat().st_size <= 20 * 1024 * 1024:
        Lieferungsdatei.objects.create(lieferung=lieferung, inhalt=pfad.read_bytes())


def _sperre_werte() -> None:
    """One writer at a time; SQLite transactions begin with the write lock anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE sozialindex_wert IN SHARE ROW EXCLUSIVE MODE")


def _wiederhole(spaetere: Lieferung) -> None:
    """Give the figures just freed that `spaetere` had only repeated."""
    if not Lieferungsdatei.objects.filter(lieferung=spaetere).exists():
        return
    lesung = lies(quelle_von(spaetere), Einstellungen.aus_dict(spaetere.einstellungen), hole_verzeichnis())
    zwischentabelle.lade(lesung.werte)
    zwischentabelle.behalte_freie()
    zwischentabelle.uebertrage(spaetere.pk)
    zwischentabelle.leere()
