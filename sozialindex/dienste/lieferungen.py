"""Deliveries from upload to figures in force; the only door for writing figures."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.utils import timezone

from sozialindex.abfragen.verzeichnis import hole_verzeichnis
from sozialindex.dienste import zwischentabelle
from sozialindex.dienste.importprofile import merke_zuordnungen, schlage_vor, wende_profil_an
from sozialindex.dienste.lieferungsfehler import Lieferungsfehler, Ueberholt
from sozialindex.dienste.pruefung import Pruefung, pruefe_quelle, vergleiche
from sozialindex.einlesen.datei import MAX_BYTES, Quelle, oeffne
from sozialindex.einlesen.einstellungen import Einstellungen
from sozialindex.einlesen.erkennen import erkenne, erkenne_kopf
from sozialindex.einlesen.lesen import lies
from sozialindex.models import Importprofil, Lieferung, Lieferungsdatei

# Settings that decide what the rows are; after a change the head is looked for again.
ZEILENLAGE = ("kodierung", "trennzeichen", "blatt")
KOPFLAGE = ("kopf_von", "kopf_bis")


def quelle_von(lieferung: Lieferung) -> Quelle:
    """Open the stored file of a delivery.

    Raises
    ------
    Lieferungsfehler
        The file was not kept (discarded, or larger than 20 MB from the command line).
    """
    datei = Lieferungsdatei.objects.filter(lieferung=lieferung).first()
    if datei is None:
        raise Lieferungsfehler(
            "Die Datei dieser Lieferung wurde nicht aufbewahrt und kann nicht neu gelesen werden."
        )
    return oeffne(bytes(datei.inhalt), lieferung.dateiname)


@transaction.atomic
def lege_lieferung_an(*, dateiname: str, inhalt: bytes, benutzer=None) -> tuple[Lieferung, bool]:
    """Keep an uploaded file and propose how to read it.

    Returns
    -------
    tuple of Lieferung and bool
        A file this person is already working on is not kept twice: its delivery is returned, with False.

    Raises
    ------
    Dateifehler
        The file cannot be read at all; nothing is stored.
    """
    quelle = oeffne(inhalt, dateiname)
    if benutzer:  # two clicks on "hochladen" wait for each other here
        get_user_model().objects.select_for_update().get(pk=benutzer.pk)
    begonnen = Lieferung.objects.in_arbeit().filter(sha256=quelle.sha256, hochgeladen_von=benutzer).first()
    if begonnen:
        return begonnen, False
    einstellungen, profil = schlage_vor(quelle, hole_verzeichnis())
    lieferung = _neue_lieferung(dateiname, quelle, einstellungen, profil, benutzer)
    lieferung.save()
    Lieferungsdatei.objects.create(lieferung=lieferung, inhalt=inhalt)
    return lieferung, True


@transaction.atomic
def stelle_ein(
    *,
    lieferung: Lieferung,
    einstellungen: Einstellungen,
    zu_merken: Mapping[str, Mapping[str, str]] | None = None,
) -> Lieferung:
    """Store corrected settings of a delivery that is still being worked on; its last dry run is void.

    Parameters
    ----------
    zu_merken
        Assigned names to remember once the delivery is taken over: the arguments of `merke_zuordnungen`.
        None leaves what was said before.
    """
    lieferung = _in_arbeit(lieferung)
    if zu_merken is not None:
        lieferung.zu_merken = zu_merken
        lieferung.save(update_fields=["zu_merken"])
    if lieferung.einstellungen != einstellungen.als_dict():
        lieferung.einstellungen = einstellungen.als_dict()
        lieferung.bericht = {}
        lieferung.save(update_fields=["einstellungen", "bericht"])
    return lieferung


@transaction.atomic
def erkenne_neu(*, lieferung: Lieferung, lage: dict[str, Any]) -> Lieferung:
    """Apply corrected encoding, delimiter, sheet, head rows …, and recognise anew what depends on them.

    Another encoding, delimiter or sheet means other rows: head and columns are looked for again, unless the
    head rows were corrected too. Other head rows mean other columns. Nothing else depends on decimal sign and
    last line.

    Parameters
    ----------
    lage
        Fields of `Einstellungen` and their new values.
    """
    alt = Einstellungen.aus_dict(lieferung.einstellungen)
    geaendert = {name for name, wert in lage.items() if getattr(alt, name) != wert}
    neu = replace(alt, **lage)
    if geaendert.intersection(ZEILENLAGE + KOPFLAGE):
        neu = _erkannt(quelle_von(lieferung), neu, geaendert)
    return stelle_ein(lieferung=lieferung, einstellungen=neu)


@transaction.atomic
def vergiss_profil(*, lieferung: Lieferung) -> Lieferung:
    """Drop the applied profile: back to what can be recognised from the file itself."""
    lieferung = _in_arbeit(lieferung)
    lieferung.profil = None
    lieferung.save(update_fields=["profil"])
    return stelle_ein(lieferung=lieferung, einstellungen=erkenne(quelle_von(lieferung), hole_verzeichnis()))


@transaction.atomic
def pruefe_lieferung(*, lieferung: Lieferung) -> Pruefung:
    """Dry run: read everything, compare it with the figures in force, store the report and nothing else.

    Raises
    ------
    Dateifehler, Lieferungsfehler
        The file cannot be read with these settings, or the delivery is no longer being worked on.
    """
    lieferung = _in_arbeit(lieferung)
    einstellungen = Einstellungen.aus_dict(lieferung.einstellungen)
    pruefung = pruefe_quelle(quelle_von(lieferung), einstellungen, hole_verzeichnis())
    zwischentabelle.leere()
    _trage_bericht_ein(lieferung, pruefung)
    lieferung.save()
    return pruefung


@transaction.atomic
def uebernimm_lieferung(
    *, lieferung: Lieferung, benutzer=None, nur_gute: bool = False, gesehen: str | None = None
) -> Pruefung:
    """Put the figures of a delivery in force: all or nothing, in one transaction.

    The file is read and compared once more, because the figures in force may have changed since the dry run.

    Parameters
    ----------
    nur_gute
        Leave rows with errors out. Without it a delivery with errors is refused.
    gesehen
        `Lieferung.pruefsumme` of the dry run a person looked at; None where nobody looks.

    Raises
    ------
    Ueberholt
        No dry run yet, another one than the person saw (a second window), or since then something else is
        read or other figures would be replaced.
    Lieferungsfehler
        Already decided, rows with errors, no figure at all, the same file is in force already, or a name to
        be remembered belongs to an area or indicator that no longer exists.
    """
    lieferung = _in_arbeit(lieferung)
    sperre_werte()
    einstellungen = Einstellungen.aus_dict(lieferung.einstellungen)
    pruefung = pruefe_quelle(quelle_von(lieferung), einstellungen, hole_verzeichnis())
    if not lieferung.bericht or {lieferung.pruefsumme, gesehen} - {pruefung.pruefsumme, None}:
        raise Ueberholt(
            "Seit der Prüfung haben sich die geltenden Werte oder die Zuordnung geändert. Es wurde nichts "
            "übernommen; die Prüfung wurde erneuert. Bitte sehen Sie das Ergebnis noch einmal an."
        )
    _verlange_uebernehmbar(lieferung, pruefung, nur_gute)
    merke_zuordnungen(**lieferung.zu_merken)
    _uebernimm(lieferung, pruefung, benutzer, nur_gute)
    return replace(pruefung, lieferung=lieferung.pk)


def importiere_datei(
    *,
    pfad: Path,
    profil: Importprofil | None = None,
    vorgaben: dict[str, Any] | None = None,
    probelauf: bool = False,
    nur_gute: bool = False,
    benutzer=None,
) -> Pruefung:
    """Read a file without a browser and take it over; the same file again leaves no trace.

    Parameters
    ----------
    profil
        Mapping to use; without it the file is recognised and a saved profile of a like file is applied.
    vorgaben
        Settings that replace recognised ones, e.g. ``{"indikator": "sgb2"}``.
    probelauf
        Only report.

    Returns
    -------
    Pruefung
        Figures are stored (and `lieferung` is set) unless `probelauf` is set, the file has errors that
        `nur_gute` does not excuse, or nothing in it is new and the same file is in force already.

    Raises
    ------
    Dateifehler
        The file cannot be read, or something is missing that only a person can say.
    """
    quelle = oeffne(pfad, pfad.name, max_bytes=None)
    verzeichnis = hole_verzeichnis()
    if profil:
        einstellungen = wende_profil_an(profil, erkenne(quelle, verzeichnis))
    else:
        einstellungen, profil = schlage_vor(quelle, verzeichnis)
    einstellungen = replace(einstellungen, **(vorgaben or {}))
    lieferung = _neue_lieferung(pfad.name, quelle, einstellungen, profil, benutzer)
    lesung = lies(quelle, einstellungen, verzeichnis)  # before the lock: a large file takes seconds
    with transaction.atomic():
        if not probelauf:
            sperre_werte()
        pruefung = vergleiche(lesung, verzeichnis)
        if probelauf or (pruefung.fehler and not nur_gute) or not _bringt_etwas(lieferung, pruefung):
            zwischentabelle.leere()
            return pruefung
        _uebernimm(lieferung, pruefung, benutzer, nur_gute)
        _bewahre_auf(lieferung, pfad)
    return replace(pruefung, lieferung=lieferung.pk)


@transaction.atomic
def verwirf_lieferung(*, lieferung: Lieferung, benutzer=None) -> Lieferung:
    """Drop an uploaded delivery: no figure was stored, the file is deleted, the report stays."""
    lieferung = _in_arbeit(lieferung)
    Lieferungsdatei.objects.filter(lieferung=lieferung).delete()
    _entscheide(lieferung, Lieferung.Zustand.VERWORFEN, benutzer)
    return lieferung


def _neue_lieferung(dateiname, quelle, einstellungen, profil, benutzer) -> Lieferung:
    return Lieferung(
        dateiname=dateiname[-255:],
        sha256=quelle.sha256,
        groesse=quelle.groesse,
        hochgeladen_von=benutzer,
        profil=profil,
        einstellungen=einstellungen.als_dict(),
    )


def _erkannt(quelle: Quelle, neu: Einstellungen, geaendert: set[str]) -> Einstellungen:
    verzeichnis = hole_verzeichnis()
    if geaendert.intersection(ZEILENLAGE) and not geaendert.intersection(KOPFLAGE):
        gewaehlt = [blatt for blatt in quelle.blaetter if blatt.name == neu.blatt]
        quelle = replace(
            quelle,
            kodierung=neu.kodierung,
            trennzeichen=neu.trennzeichen,
            blaetter=tuple(gewaehlt or quelle.blaetter),
        )
        erkannt = erkenne(quelle, verzeichnis)
        gesetzt = neu.dezimalzeichen if "dezimalzeichen" in geaendert else erkannt.dezimalzeichen
        return replace(erkannt, dezimalzeichen=gesetzt)
    return erkenne_kopf(quelle, neu, verzeichnis)


def _bringt_etwas(lieferung: Lieferung, pruefung: Pruefung) -> bool:
    """New or changed figures, or a file not seen before that confirms figures in force."""
    if pruefung.abgleich.neu + pruefung.abgleich.geaendert:
        return True
    bekannt = Lieferung.objects.uebernommen().filter(sha256=lieferung.sha256).exists()
    return bool(pruefung.abgleich.gleich) and not bekannt


def _verlange_uebernehmbar(lieferung: Lieferung, pruefung: Pruefung, nur_gute: bool) -> None:
    if pruefung.fehler and not nur_gute:
        subjekt = "1 Angabe ist" if pruefung.fehler == 1 else f"{pruefung.fehler} Angaben sind"
        raise Lieferungsfehler(
            f"{subjekt} fehlerhaft. Es wurde nichts übernommen. Berichtigen Sie die Zuordnung oder die "
            "Datei, oder übernehmen Sie nur die fehlerfreien Zeilen."
        )
    if not pruefung.bericht["werte"]:
        raise Lieferungsfehler("Keine Zeile der Datei ist lesbar. Es wurde nichts übernommen.")
    if not _bringt_etwas(lieferung, pruefung):
        raise Lieferungsfehler("Alle lesbaren Werte dieser Datei gelten schon. Es wurde nichts verändert.")


def _uebernimm(lieferung: Lieferung, pruefung: Pruefung, benutzer, nur_gute: bool) -> None:
    _trage_bericht_ein(lieferung, pruefung)
    lieferung.nur_gute = nur_gute and pruefung.fehler > 0
    _entscheide(lieferung, Lieferung.Zustand.UEBERNOMMEN, benutzer)
    if pruefung.abgleich.neu + pruefung.abgleich.geaendert:
        zwischentabelle.uebertrage(lieferung.pk, mit_geaenderten=pruefung.abgleich.geaendert > 0)
    zwischentabelle.leere()


def _trage_bericht_ein(lieferung: Lieferung, pruefung: Pruefung) -> None:
    lieferung.neu = pruefung.abgleich.neu
    lieferung.geaendert = pruefung.abgleich.geaendert
    lieferung.gleich = pruefung.abgleich.gleich
    lieferung.ausgelassen = pruefung.ausgelassen
    lieferung.fehler = pruefung.fehler
    lieferung.bericht = pruefung.bericht
    lieferung.lesarten = pruefung.lesarten
    lieferung.pruefsumme = pruefung.pruefsumme


def _in_arbeit(lieferung: Lieferung) -> Lieferung:
    """Lock the delivery and make sure nobody decided on it meanwhile (second window, double click)."""
    lieferung = Lieferung.objects.select_for_update().get(pk=lieferung.pk)
    if lieferung.zustand != Lieferung.Zustand.IN_ARBEIT:
        raise Lieferungsfehler(
            f"{lieferung} ist schon {lieferung.get_zustand_display()}. "
            "Es wurde nichts noch einmal ausgeführt."
        )
    return lieferung


def _entscheide(lieferung: Lieferung, zustand: str, benutzer) -> None:
    lieferung.zustand = zustand
    lieferung.entschieden_von = benutzer
    lieferung.entschieden_am = timezone.now()
    lieferung.save()


def _bewahre_auf(lieferung: Lieferung, pfad: Path) -> None:
    """Keep the file beside the delivery unless it is larger than what the browser would accept."""
    if lieferung.groesse <= MAX_BYTES:
        Lieferungsdatei.objects.create(lieferung=lieferung, inhalt=pfad.read_bytes())


def sperre_werte() -> None:
    """One writer at a time; SQLite transactions begin with the write lock anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE sozialindex_wert IN SHARE ROW EXCLUSIVE MODE")
