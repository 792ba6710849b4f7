"""The only door through which runs are computed, checked, published, replaced and discarded."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from django.db import IntegrityError, connection, transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from oberhausen_sozialplanung.konten.models import Benutzer
from quartiere.models import Ebene, Gebietsstand
from sozialindex.abfragen.schnappschuss import baue_schnappschuss, eingabetabelle, vergleichsstichtag
from sozialindex.abfragen.stichtage import gebietsstand_der_werte
from sozialindex.berechnung.satz import Methodik as Vorgabe
from sozialindex.dienste.fehler import Lauffehler
from sozialindex.dienste.rechnung import Rechnung, lies, rechne
from sozialindex.laufarchiv import methodik_json, pruefsumme, schnappschuss_csv, werte_csv
from sozialindex.models import (
    Indexlauf,
    Indikatordefinition,
    Laufbemerkung,
    Laufergebnis,
    Laufwert,
    Lieferung,
    Methodik,
    Wert,
)

Zustand = Indexlauf.Zustand
BLOCK = 1000
# Two runs that are made at the same moment see the same highest number; the second one tries again.
VERSUCHE = 5


class SchonBerechnet(Lauffehler):
    """The person has computed the same draft before; `lauf` is that draft."""

    def __init__(self, lauf: Indexlauf) -> None:
        super().__init__(
            f"Ihr Entwurf {lauf.nummer} beruht auf denselben Werten und derselben Methodik und hat dasselbe "
            "Ergebnis. Es wurde kein zweiter angelegt."
        )
        self.lauf = lauf


@transaction.atomic
def berechne_lauf(
    *, stichtag: datetime.date, methodik: Methodik, erstellt_von: Benutzer | None = None
) -> Indexlauf:
    """Compute the index from the figures now in force and keep it as a draft.

    The figures are snapshotted first; the engine reads the snapshot, so that a later recomputation starts
    from exactly the same numbers.

    Raises
    ------
    SchonBerechnet
        This person has the very same draft already, for example after a double click.
    Lauffehler
        No figures, figures that must not be compared, or a refusal of the engine.
    """
    _sperre_werte()
    vorgabe = lies(methodik.daten)
    grundlage = hole_grundlage(vorgabe=vorgabe, stichtag=stichtag)
    try:
        rechnung = rechne(vorgabe, werte_csv(grundlage.eingabe))
    except Lauffehler as fehler:
        raise Lauffehler(f"{fehler} Es wurde kein Lauf angelegt.") from fehler
    festgehalten = _festgehaltenes(vorgabe, grundlage.schnappschuss, rechnung)
    _verlange_neuen(stichtag, methodik, festgehalten["sha256"], erstellt_von)
    lauf = _lege_an(
        stichtag=stichtag,
        vergleichsstichtag=grundlage.vergleich,
        gebietsstand=grundlage.gebietsstand,
        methodik=methodik,
        **festgehalten,
        erstellt_von=erstellt_von,
    )
    _speichere_werte(lauf, grundlage.schnappschuss)
    _speichere_ergebnisse(lauf, rechnung, grundlage.schnappschuss)
    return lauf


def _sperre_werte() -> None:
    """Hold the figures as they are until the run is stored; SQLite lets in no writer anyway.

    The deliveries come first, in the order in which a withdrawal takes its locks. They also make two
    computations wait for each other, so that a second click finds the draft of the first.
    """
    uebernommene = Lieferung.objects.uebernommen().select_for_update(of=("self",), no_key=True)
    list(uebernommene.order_by("pk").values_list("pk"))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE sozialindex_wert IN SHARE MODE")


def _verlange_neuen(
    stichtag: datetime.date, methodik: Methodik, sha256: str, person: Benutzer | None
) -> None:
    entwuerfe = Indexlauf.objects.filter(zustand=Zustand.ENTWURF, erstellt_von=person)
    gleiche = entwuerfe.filter(stichtag=stichtag, methodik=methodik, sha256=sha256).order_by("nummer")
    if person is not None and (gleicher := gleiche.first()):
        raise SchonBerechnet(gleicher)


@dataclass(frozen=True)
class Grundlage:
    """Everything a method computes from at one Stichtag; `eingabe` is the table the engine reads."""

    vergleich: datetime.date | None
    gebietsstand: Gebietsstand
    schnappschuss: pd.DataFrame

    @property
    def eingabe(self) -> pd.DataFrame:
        return eingabetabelle(self.schnappschuss)


def hole_grundlage(*, vorgabe: Vorgabe, stichtag: datetime.date) -> Grundlage:
    """Read the figures now in force that a method needs; nothing is stored.

    Raises
    ------
    Lauffehler
        No figures, or figures of another definition or layout.
    """
    vergleich = vergleichsstichtag(stichtag, vorgabe.dynamik.jahre)
    gebietsstand = _gebietsstand(stichtag)
    definitionen = _definitionen(vorgabe)
    for tag in filter(None, (stichtag, vergleich)):
        _verlange_werte(tag, definitionen, gebietsstand, ist_vergleich=tag == vergleich)
    schnappschuss = baue_schnappschuss(
        stichtag=stichtag, vergleich=vergleich, definitionen=definitionen, gebietsstand=gebietsstand
    )
    return Grundlage(vergleich, gebietsstand, schnappschuss)


def _festgehaltenes(vorgabe: Vorgabe, schnappschuss: pd.DataFrame, rechnung: Rechnung) -> dict[str, Any]:
    """Fields of the run that never change again, and the checksum over method, figures and result."""
    daten = vorgabe.als_dict()
    return {
        "methodik_daten": daten,
        "statistik": rechnung.statistik,
        "diagnostik": rechnung.diagnostik,
        "hinweise": rechnung.hinweise,
        "umgebung": rechnung.umgebung,
        "sha256": pruefsumme(methodik_json(daten), schnappschuss_csv(schnappschuss), rechnung.ergebnis_csv),
    }


def _gebietsstand(stichtag: datetime.date) -> Gebietsstand:
    gebietsstand = gebietsstand_der_werte(stichtag)
    if gebietsstand is None:
        raise Lauffehler(
            f"Zum Stichtag {stichtag:%d.%m.%Y} liegt kein einziger Wert eines Quartiers vor. Übernehmen Sie "
            "zuerst eine Lieferung für diesen Stichtag oder wählen Sie einen anderen."
        )
    return gebietsstand


def _definitionen(vorgabe: Vorgabe) -> list[Indikatordefinition]:
    gesucht = {indikator.schluessel: indikator.definition for indikator in vorgabe.indikatoren}
    gefunden = {
        definition.indikator.schluessel: definition
        for definition in Indikatordefinition.objects.filter(
            indikator__schluessel__in=gesucht
        ).select_related("indikator")
        if gesucht[definition.indikator.schluessel] == definition.version
    }
    fehlend = [f"„{key}“ (Definition {version})" for key, version in gesucht.items() if key not in gefunden]
    if fehlend:
        raise Lauffehler(
            f"Die Methodik verlangt Indikatoren, die es hier nicht gibt: {', '.join(fehlend)}. Legen Sie sie "
            "an oder bilden Sie eine neue Version der Methodik ohne sie."
        )
    return [gefunden[key] for key in gesucht]


def _verlange_werte(
    tag: datetime.date,
    definitionen: Sequence[Indikatordefinition],
    gebietsstand: Gebietsstand,
    *,
    ist_vergleich: bool,
) -> None:
    """Refuse a Stichtag at which an indicator has no figure of the right definition and layout."""
    am_tag = Wert.objects.aktuell().filter(stichtag=tag, gebiet__ebene=Ebene.QUARTIER, wert__isnull=False)
    vorhanden = set(
        am_tag.filter(definition__in=definitionen, gebiet__gebietsstand=gebietsstand)
        .order_by()
        .values_list("definition_id", flat=True)
        .distinct()
    )
    fehlend = [definition for definition in definitionen if definition.pk not in vorhanden]
    if fehlend:
        art = "Vergleichsstichtag" if ist_vergleich else "Stichtag"
        raise Lauffehler(_grund_des_fehlens(f"{art} {tag:%d.%m.%Y}", am_tag, fehlend, gebietsstand))


def _grund_des_fehlens(
    ort: str, am_tag: QuerySet, fehlend: list[Indikatordefinition], gebietsstand: Gebietsstand
) -> str:
    andere = am_tag.filter(definition__indikator__in=[definition.indikator for definition in fehlend])
    andere_definition = andere.filter(gebiet__gebietsstand=gebietsstand).values_list(
        "definition__indikator__name", "definition__version"
    )
    namen = ", ".join(f"„{definition.indikator.name}“" for definition in fehlend)
    if treffer := andere_definition.order_by("definition__indikator__reihenfolge").first():
        return (
            f"Zum {ort} liegen Werte von „{treffer[0]}“ nur nach Definition {treffer[1]} vor, die Methodik "
            "verlangt eine andere. Werte verschiedener Definitionen werden nicht voneinander abgezogen. "
            "Übernehmen Sie Werte nach der verlangten Definition oder bilden Sie eine neue Version der "
            "Methodik."
        )
    if treffer := andere.values_list("gebiet__gebietsstand__name", flat=True).first():
        return (
            f"Zum {ort} liegen Werte von {namen} nur für den Gebietsstand „{treffer}“ vor, gerechnet wird "
            f"mit „{gebietsstand.name}“. Werte verschiedener Gebietsstände werden nicht voneinander "
            "abgezogen."
        )
    return (
        f"Zum {ort} fehlen alle Werte von {namen}. Übernehmen Sie eine Lieferung mit diesen Werten oder "
        "wählen Sie einen anderen Stichtag oder eine Methodik, die sie nicht braucht."
    )


def _lege_an(**felder) -> Indexlauf:
    for versuch in range(1, VERSUCHE + 1):
        hoechste = Indexlauf.objects.aggregate(hoechste=Max("nummer"))["hoechste"] or 0
        try:
            with transaction.atomic():
                return Indexlauf.objects.create(nummer=hoechste + 1, **felder)
        except IntegrityError:
            if versuch == VERSUCHE:
                raise
    raise AssertionError("unreachable")


def _speichere_werte(lauf: Indexlauf, schnappschuss: pd.DataFrame) -> None:
    zeilen = schnappschuss.astype(object).where(schnappschuss.notna(), None)
    zeilen = zeilen.rename(columns={"gebiet": "nummer"})
    werte = (Laufwert(lauf=lauf, **zeile) for zeile in zeilen.to_dict("records"))
    Laufwert.objects.bulk_create(werte, batch_size=BLOCK)


def _speichere_ergebnisse(lauf: Indexlauf, rechnung: Rechnung, schnappschuss: pd.DataFrame) -> None:
    einwohner = schnappschuss[
        (schnappschuss["rolle"] == Laufwert.Rolle.EINWOHNER) & (schnappschuss["ebene"] == Ebene.QUARTIER)
    ]
    gebiete = einwohner.set_index("gebiet")[["gebiet_id", "name", "wert"]].to_dict("index")
    ergebnisse = (
        Laufergebnis(
            lauf=lauf,
            gebiet_id=gebiete[nummer]["gebiet_id"],
            nummer=nummer,
            name=gebiete[nummer]["name"],
            einwohner=_ganz(gebiete[nummer]["wert"]),
            **felder,
        )
        for nummer, felder in rechnung.je_gebiet.items()
    )
    Laufergebnis.objects.bulk_create(ergebnisse, batch_size=BLOCK)


def _ganz(zahl: float) -> int | None:
    return None if pd.isna(zahl) else round(zahl)


def _sperre(lauf: Indexlauf, *erlaubt: str, was: str) -> Indexlauf:
    """Lock the run and insist on its state as the database has it now, not as a window showed it."""
    aktuell = Indexlauf.objects.select_for_update(of=("self",)).filter(pk=lauf.pk).first()
    if aktuell is None:
        raise Lauffehler("Diesen Lauf gibt es nicht mehr; er wurde inzwischen verworfen.")
    if aktuell.zustand not in erlaubt:
        raise Lauffehler(
            f"Der Lauf {aktuell.nummer} ist inzwischen im Zustand „{aktuell.get_zustand_display()}“ und kann "
            f"nicht {was} werden. Es wurde nichts geändert."
        )
    return aktuell


@transaction.atomic
def pruefe_lauf(*, lauf: Indexlauf, geprueft_von: Benutzer) -> Indexlauf:
    """Mark a draft as checked, ready to be published.

    Raises
    ------
    Lauffehler
        The run is no draft (any more).
    """
    lauf = _sperre(lauf, Zustand.ENTWURF, was="geprüft")
    lauf.zustand, lauf.geprueft_von, lauf.geprueft_am = Zustand.GEPRUEFT, geprueft_von, timezone.now()
    lauf.save(update_fields=["zustand", "geprueft_von", "geprueft_am"])
    return lauf


@transaction.atomic
def gib_zur_bearbeitung_zurueck(*, lauf: Indexlauf) -> Indexlauf:
    """Turn a checked run back into a draft; the mark of the check is taken off.

    Raises
    ------
    Lauffehler
        The run is not in the state "geprüft".
    """
    lauf = _sperre(lauf, Zustand.GEPRUEFT, was="zurückgegeben")
    lauf.zustand, lauf.geprueft_von, lauf.geprueft_am = Zustand.ENTWURF, None, None
    lauf.save(update_fields=["zustand", "geprueft_von", "geprueft_am"])
    return lauf


@transaction.atomic
def veroeffentliche_lauf(*, lauf: Indexlauf, veroeffentlicht_von: Benutzer) -> Indexlauf:
    """Publish a checked run for good; the published run of the same Stichtag and method is replaced by it.

    Raises
    ------
    Lauffehler
        The run is not checked, the person made it or was the only one to see it (four eyes), a later run of
        this Stichtag and method is public already, or a delivery it rests on was withdrawn.
    """
    # All publishers of one method queue here, so that two runs of one Stichtag cannot both stay in force.
    schluessel = Methodik.objects.filter(pk=lauf.methodik_id).values("schluessel")
    list(Methodik.objects.select_for_update(no_key=True).filter(schluessel__in=schluessel).order_by("pk"))
    lauf = _sperre(lauf, Zustand.GEPRUEFT, was="veröffentlicht")
    _verlange_vier_augen(lauf, veroeffentlicht_von)
    _verlange_neuesten(lauf)
    _verlange_lieferungen(lauf)
    lauf.zustand, lauf.veroeffentlicht_von = Zustand.VEROEFFENTLICHT, veroeffentlicht_von
    lauf.veroeffentlicht_am = timezone.now()
    lauf.save(update_fields=["zustand", "veroeffentlicht_von", "veroeffentlicht_am"])
    _ersetze_bisherige(lauf)
    return lauf


def _verlange_vier_augen(lauf: Indexlauf, person: Benutzer) -> None:
    if lauf.erstellt_von_id == person.pk:
        raise Lauffehler(
            "Wer einen Lauf erstellt hat, kann ihn nicht selbst veröffentlichen. Bitten Sie eine zweite "
            "Person mit der Rolle Leitung."
        )
    if lauf.erstellt_von_id is None and lauf.geprueft_von_id == person.pk:
        raise Lauffehler(
            f"Der Lauf {lauf.nummer} wurde ohne Konto berechnet, und Sie haben ihn geprüft. Dann kann nur "
            "eine andere Person ihn veröffentlichen. Bitten Sie eine zweite Person mit der Rolle Leitung."
        )


def _verlange_neuesten(lauf: Indexlauf) -> None:
    """Refuse to put an older computation in force over a later one."""
    spaetere = Indexlauf.objects.oeffentlich().filter(
        stichtag=lauf.stichtag, methodik__schluessel=lauf.methodik.schluessel, nummer__gt=lauf.nummer
    )
    if spaeterer := spaetere.order_by("-nummer").first():
        raise Lauffehler(
            f"Der später berechnete Lauf {spaeterer.nummer} zum selben Stichtag und nach derselben Methodik "
            f"ist schon veröffentlicht. Der ältere Lauf {lauf.nummer} kann ihn nicht ersetzen. Es wurde "
            "nichts geändert; verwerfen Sie den Lauf oder berechnen Sie ihn neu."
        )


def _verlange_lieferungen(lauf: Indexlauf) -> None:
    """Refuse figures that no longer count; a withdrawal locks its delivery too, so the two cannot cross."""
    benutzte = Lieferung.objects.filter(pk__in=lauf.werte.order_by().values("lieferung"))
    for lieferung in benutzte.select_for_update(of=("self",), no_key=True).order_by("pk"):
        if lieferung.zustand != Lieferung.Zustand.UEBERNOMMEN:
            raise Lauffehler(
                f"{lieferung} ist {lieferung.get_zustand_display()}; der Lauf {lauf.nummer} beruht auf ihren "
                "Werten und kann nicht veröffentlicht werden. Es wurde nichts geändert; berechnen Sie den "
                "Lauf neu."
            )


def _ersetze_bisherige(lauf: Indexlauf) -> None:
    bisherige = Indexlauf.objects.veroeffentlicht().filter(
        ~Q(pk=lauf.pk), stichtag=lauf.stichtag, methodik__schluessel=lauf.methodik.schluessel
    )
    bisherige.update(zustand=Zustand.ERSETZT, ersetzt_durch=lauf)


@transaction.atomic
def verwirf_lauf(*, lauf: Indexlauf) -> None:
    """Delete a run that was never published, with its snapshot and remarks.

    Raises
    ------
    Lauffehler
        The run is published or replaced.
    """
    _sperre(lauf, Zustand.ENTWURF, Zustand.GEPRUEFT, was="verworfen").delete()


@transaction.atomic
def bemerke(*, lauf: Indexlauf, text: str, verfasst_von: Benutzer) -> Laufbemerkung:
    """Add a reviewer's remark; possible in every state, published runs included.

    Raises
    ------
    Lauffehler
        The text is empty or longer than 4,000 characters.
    """
    text = text.replace("\x00", "").strip()  # PostgreSQL stores no NUL character
    laengste = Laufbemerkung._meta.get_field("text").max_length
    if not text or len(text) > laengste:
        raise Lauffehler(f"Eine Bemerkung hat zwischen 1 und {laengste} Zeichen.")
    return Laufbemerkung.objects.create(lauf=lauf, text=text, verfasst_von=verfasst_von)
