"""Which Stichtage have figures, and what would be missing for a run."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Max

from quartiere.models import Ebene, Gebietsstand
from sozialindex.abfragen.schnappschuss import vergleichsstichtag
from sozialindex.models import Indexlauf, Indikator, Methodik, Wert


@dataclass(frozen=True)
class Datenlage:
    """What a method finds at one Stichtag; `fehlend…` name the indicators without figures."""

    stichtag: datetime.date
    methodik: Methodik
    vergleich: datetime.date | None
    fehlend: list[str]
    fehlend_vergleich: list[str]

    @property
    def ist_vollstaendig(self) -> bool:
        return not self.fehlend and not self.fehlend_vergleich


def neueste_methodiken() -> list[Methodik]:
    """Return the newest version of every method, sorted by key. One query."""
    geordnet = Methodik.objects.order_by("schluessel", "version")
    return list({methodik.schluessel: methodik for methodik in geordnet}.values())


def waehlbare_methodiken() -> list[Methodik]:
    """Return the newest version of every method and those that published runs used, newest first per key.

    A version tried out does not take the one in use away. Three queries.
    """
    benutzt = set(Indexlauf.objects.veroeffentlicht().order_by().values_list("methodik", flat=True))
    neueste = {methodik.pk for methodik in neueste_methodiken()}
    return list(Methodik.objects.filter(pk__in=benutzt | neueste).order_by("schluessel", "-version"))


def datenlagen(methodiken: Iterable[Methodik]) -> list[Datenlage]:
    """Say for every Stichtag with figures and every method what is there, newest first. Two queries."""
    vorhanden = _vorhanden()
    stichtage = sorted({stichtag for stichtag, _, _ in vorhanden}, reverse=True)
    namen = dict(Indikator.objects.values_list("schluessel", "name"))
    lagen = (_datenlage(tag, methodik, vorhanden, namen) for tag in stichtage for methodik in methodiken)
    return [lage for lage in lagen if len(lage.fehlend) < len(lage.methodik.daten["indikatoren"])]


def _vorhanden() -> set[tuple[datetime.date, str, int]]:
    zeilen = (
        Wert.objects.aktuell()
        .filter(gebiet__ebene=Ebene.QUARTIER, wert__isnull=False)
        .order_by()
        .values_list("stichtag", "definition__indikator__schluessel", "definition__version")
        .annotate(anzahl=Count("pk"))
    )
    return {(stichtag, schluessel, version) for stichtag, schluessel, version, _ in zeilen}


def _datenlage(
    stichtag: datetime.date,
    methodik: Methodik,
    vorhanden: set[tuple[datetime.date, str, int]],
    namen: dict[str, str],
) -> Datenlage:
    vergleich = vergleichsstichtag(stichtag, methodik.daten["dynamik"].get("jahre"))
    verlangt = [(e["schluessel"], e.get("definition", 1)) for e in methodik.daten["indikatoren"]]

    def fehlend(tag: datetime.date) -> list[str]:
        return [namen.get(key, key) for key, version in verlangt if (tag, key, version) not in vorhanden]

    return Datenlage(
        stichtag=stichtag,
        methodik=methodik,
        vergleich=vergleich,
        fehlend=fehlend(stichtag),
        fehlend_vergleich=fehlend(vergleich) if vergleich else [],
    )


def gebietsstand_der_werte(stichtag: datetime.date) -> Gebietsstand | None:
    """Return the youngest layout whose quarters have figures at the Stichtag; None without figures."""
    mit_werten = (
        Wert.objects.aktuell()
        .filter(stichtag=stichtag, gebiet__ebene=Ebene.QUARTIER, wert__isnull=False)
        .order_by()
        .values("gebiet__gebietsstand")
        .annotate(von=Max("gebiet__gebietsstand__gueltig_von"))
        .order_by("-von")
        .values_list("gebiet__gebietsstand", flat=True)
        .first()
    )
    return Gebietsstand.objects.filter(pk=mit_werten).first()
