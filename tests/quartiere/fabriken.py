"""Areas and organisations for tests."""

import datetime

import factory

from quartiere.models import Gebiet, Gebietsstand, Organisation
from quartiere.models.raeume import Ebene


class GebietsstandFabrik(factory.django.DjangoModelFactory):
    """The current layout, made once per test."""

    class Meta:
        model = Gebietsstand
        django_get_or_create = ("name",)

    name = "2024"
    gueltig_von = datetime.date(2024, 1, 1)


class StadtFabrik(factory.django.DjangoModelFactory):
    """The city of the current layout, made once per test."""

    class Meta:
        model = Gebiet
        django_get_or_create = ("gebietsstand", "ebene", "nummer")

    gebietsstand = factory.SubFactory(GebietsstandFabrik)
    ebene = Ebene.STADT
    nummer = "STADT"
    name = "Musterstadt"
    slug = "musterstadt"


class SozialraumFabrik(factory.django.DjangoModelFactory):
    class Meta:
        model = Gebiet

    uebergeordnet = factory.SubFactory(StadtFabrik)
    gebietsstand = factory.SelfAttribute("uebergeordnet.gebietsstand")
    ebene = Ebene.SOZIALRAUM
    nummer = factory.Sequence(lambda n: f"{n + 1}")
    name = factory.LazyAttribute(lambda raum: f"Raum {raum.nummer}")
    slug = factory.LazyAttribute(lambda raum: f"raum-{raum.nummer}")


class QuartierFabrik(factory.django.DjangoModelFactory):
    class Meta:
        model = Gebiet

    uebergeordnet = factory.SubFactory(SozialraumFabrik)
    gebietsstand = factory.SelfAttribute("uebergeordnet.gebietsstand")
    ebene = Ebene.QUARTIER
    nummer = factory.Sequence(lambda n: f"{n + 101}")
    name = factory.LazyAttribute(lambda quartier: f"Quartier {quartier.nummer}")
    slug = factory.LazyAttribute(lambda quartier: f"quartier-{quartier.nummer}")
    einwohner = 1000


class OrganisationFabrik(factory.django.DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Organisation {n}")
    art = Organisation.Art.TRAEGER
