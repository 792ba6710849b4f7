"""Test objects of the index: a small city whose figures fit a pocket calculator."""

import datetime

import factory

from quartiere.models import Ebene, Gebiet, Gebietsstand
from sozialindex.models import Indikator, Indikatordefinition, Lieferung, Methodik, Wert

STICHTAG = datetime.date(2020, 12, 31)
VERGLEICH = datetime.date(2016, 12, 31)


class GebietsstandFabrik(factory.django.DjangoModelFactory):
    class Meta:
        model = Gebietsstand

    name = factory.Sequence(lambda n: f"Gebietsstand {n}")
    gueltig_von = datetime.date(2012, 1, 1)


class GebietFabrik(factory.django.DjangoModelFactory):
    class Meta:
        model = Gebiet

    gebietsstand = factory.SubFactory(GebietsstandFabrik)
    ebene = Ebene.STADT
    nummer = factory.Sequence(lambda n: f"{n:03d}")
    name = factory.LazyAttribute(lambda gebiet: f"Gebiet {gebiet.nummer}")
    slug = factory.LazyAttribute(lambda gebiet: f"gebiet-{gebiet.nummer}")
    einwohner = 1000


class IndikatorFabrik(factory.django.DjangoModelFactory):
    class Meta:
        model = Indikator

    schluessel = factory.Sequence(lambda n: f"indikator{n}")
    name = factory.LazyAttribute(lambda indikator: f"Indikator {indikator.schluessel}")
    kurzname = factory.SelfAttribute("schluessel")
    kern = True


class DefinitionFabrik(factory.django.DjangoModelFactory):
    class Meta:
        model = Indikatordefinition

    indikator = factory.SubFactory(IndikatorFabrik)
    version = 1
    quelle = "Statistikstelle"


class LieferungFabrik(factory.django.DjangoModelFactory):
    class Meta:
        model = Lieferung

    dateiname = "lieferung.csv"
    sha256 = "0" * 64
    groesse = 1
    zustand = Lieferung.Zustand.UEBERNOMMEN


class WertFabrik(factory.django.DjangoModelFactory):
    """A figure; with counts and no `wert` given the rate follows in percent."""

    class Meta:
        model = Wert

    lieferung = factory.SubFactory(LieferungFabrik)
    stichtag = STICHTAG
    zaehler = 10
    nenner = 100
    wert = factory.LazyAttribute(lambda w: None if w.zaehler is None else w.zaehler * 100 / w.nenner)
    zustand = factory.LazyAttribute(lambda w: "n" if w.wert is None else "0" if w.wert == 0 else "v")


def methodikdaten(*schluessel, **abweichend):
    """A record with equal weights and the default rules; keys given by name replace whole parts."""
    return {
        "schluessel": "test",
        "version": 1,
        "titel": "Testindex",
        "hinweis": "vom Fachbereich zu bestätigen",
        "indikatoren": [
            {"schluessel": key, "definition": 1, "polung": 1, "gewicht": 1.0, "transformation": "keine"}
            for key in schluessel
        ],
        "einschluss": {"min_einwohner": 300, "min_indikatoren": len(schluessel), "ausgeschlossen": []},
        "normierung": {"art": "z", "standardabweichung": "population", "nullpunkt": "stadtwert"},
        "index": {"aggregation": "arithmetisch", "skala": "restandardisiert"},
        "status": {
            "art": "fest",
            "grenzen": [-1, 1, 1.5],
            "klassen": ["hoch", "mittel", "niedrig", "sehr niedrig"],
        },
        "dynamik": {
            "jahre": 4,
            "mass": "prozentpunkte",
            "art": "fest",
            "grenzen": [-1, 1],
            "klassen": ["positiv", "stabil", "negativ"],
        },
        "robustheit": {"laeufe": 50, "startwert": 46042, "gewichtsrauschen": 0.25},
    } | abweichend


class MethodikFabrik(factory.django.DjangoModelFactory):
    class Meta:
        model = Methodik

    schluessel = "test"
    version = 1
    titel = "Testindex"
    daten = factory.LazyAttribute(lambda m: methodikdaten("armut", "alter", version=m.version))


class Kleinstadt:
    """One city, two Sozialräume, `quartiere` quarters of 100 people, indicators `armut` and `alter`.

    At the Stichtag quarter k (from 1) has k·`schritt` cases of `armut` and 5 + 2·(k mod 3) of `alter`, four
    years before 6 + (k mod 2) of `armut` and 7 + (k mod 3) of `alter`, so that all can be added up by head.
    """

    def __init__(self, quartiere=6, schritt=2, vergleich=True):
        self.stand = GebietsstandFabrik()
        self.stadt = self._gebiet(Ebene.STADT, "00", None)
        self.raeume = [self._gebiet(Ebene.SOZIALRAUM, nummer, self.stadt) for nummer in ("1", "2")]
        self.quartiere = []
        self.armut = DefinitionFabrik(indikator__schluessel="armut", indikator__reihenfolge=1)
        self.alter = DefinitionFabrik(indikator__schluessel="alter", indikator__reihenfolge=2)
        self.lieferung = LieferungFabrik()
        self.wachse(quartiere, schritt=schritt, vergleich=vergleich)

    def wachse(self, quartiere, schritt=2, vergleich=True):
        """Add quarters until there are `quartiere`."""
        for k in range(len(self.quartiere) + 1, quartiere + 1):
            quartier = self._gebiet(Ebene.QUARTIER, f"{1 + k % 2}{k:03d}", self.raeume[k % 2])
            self.quartiere.append(quartier)
            self.wert(quartier, self.armut, k * schritt)
            self.wert(quartier, self.alter, 5 + 2 * (k % 3))
            if vergleich:
                self.wert(quartier, self.armut, 6 + k % 2, VERGLEICH)
                self.wert(quartier, self.alter, 7 + k % 3, VERGLEICH)

    def _gebiet(self, ebene, nummer, uebergeordnet):
        return GebietFabrik(
            gebietsstand=self.stand,
            ebene=ebene,
            nummer=nummer,
            uebergeordnet=uebergeordnet,
            name=f"{ebene.label} {nummer}",
        )

    def wert(self, gebiet, definition, zaehler, stichtag=STICHTAG, **felder):
        return WertFabrik(
            gebiet=gebiet,
            definition=definition,
            zaehler=zaehler,
            stichtag=stichtag,
            lieferung=self.lieferung,
            **felder,
        )
