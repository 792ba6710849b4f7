"""Test objects with sensible defaults."""

import factory
from django.contrib.auth.models import Group

from oberhausen_sozialplanung.konten.models import Benutzer


class BenutzerFabrik(factory.django.DjangoModelFactory):
    """An account; ``rollen=[Rolle.LEITUNG]`` puts it into the groups made by the migration."""

    class Meta:
        model = Benutzer
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@test.example")
    first_name = "Test"
    last_name = factory.Sequence(lambda n: f"Person {n}")
    password = factory.django.Password("ein langer Testsatz")

    @factory.post_generation
    def rollen(self, create, rollen, **kwargs):
        if create and rollen:
            self.groups.set(Group.objects.filter(name__in=list(rollen)))
