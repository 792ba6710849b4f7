from collections import defaultdict

from django.utils import timezone

from quartiere.models import Gebiet, Gebietsalias
from sozialindex.einlesen.verzeichnis import FremdesGebiet, Verzeichnis
from sozialindex.einlesen.verzeichnis import Gebiet as Verzeichnisgebiet
from sozialindex.einlesen.verzeichnis import Indikator as Verzeichnisindikator
from sozialindex.models import Indikatoralias, Indikatordefinition


def hole_verzeichnis() -> Verzeichnis:
    """Areas and indicators that a delivery may speak of, as plain values for the reader.

    Areas of the current Gebietsstand of all three levels; those of other layouts only so that a message can
    name them. Each indicator with its newest definition. Five queries, whatever the number of areas.
    """
    gebiete = Gebiet.objects.aktuell().only("ebene", "nummer", "name", "uebergeordnet")
    fremde = Gebiet.objects.exclude(gebietsstand__gueltig_bis=None).select_related("gebietsstand")
    aliase = _aliase(Gebietsalias.objects.filter(gebiet__gebietsstand__gueltig_bis=None), "gebiet_id")
    return Verzeichnis(
        gebiete=tuple(_gebiet(gebiet, aliase[gebiet.pk]) for gebiet in gebiete),
        indikatoren=_indikatoren(),
        heute=timezone.localdate(),
        weitere_gebiete=tuple(FremdesGebiet(g.nummer, g.name, g.gebietsstand.name) for g in fremde),
    )


def _aliase(zeilen, besitzer: str) -> dict[int, tuple[str, ...]]:
    gesammelt = defaultdict(tuple)
    for nummer, name in zeilen.values_list(besitzer, "name"):
        gesammelt[nummer] += (name,)
    return gesammelt


def _gebiet(gebiet: Gebiet, aliase: tuple[str, ...]) -> Verzeichnisgebiet:
    return Verzeichnisgebiet(
        id=gebiet.pk,
        ebene=gebiet.ebene,
        nummer=gebiet.nummer,
        name=gebiet.name,
        aliases=aliase,
        uebergeordnet=gebiet.uebergeordnet_id,
    )


def _indikatoren() -> tuple[Verzeichnisindikator, ...]:
    aliase = _aliase(Indikatoralias.objects.all(), "indikator_id")
    neueste = {}
    definitionen = Indikatordefinition.objects.select_related("indikator")
    for definition in definitionen.order_by("indikator__reihenfolge", "indikator__schluessel", "version"):
        neueste[definition.indikator_id] = definition
    return tuple(_indikator(definition, aliase[pk]) for pk, definition in neueste.items())


def _indikator(definition: Indikatordefinition, aliase: tuple[str, ...]) -> Verzeichnisindikator:
    indikator = definition.indikator
    return Verzeichnisindikator(
        schluessel=indikator.schluessel,
        definition_id=definition.pk,
        name=indikator.name,
        aliases=(indikator.kurzname, *aliase),
        art=indikator.art,
        zaehler_name=definition.zaehler,
        nenner_name=definition.nenner,
        sprunggrenze=indikator.sprunggrenze,
    )
