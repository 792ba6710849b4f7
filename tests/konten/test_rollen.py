import pytest
from django.contrib.auth.models import Group, Permission

from oberhausen_sozialplanung.konten.rollen import Rolle

pytestmark = pytest.mark.django_db


def test_migration_legt_genau_diese_gruppen_an():
    assert set(Group.objects.values_list("name", flat=True)) == set(Rolle)


@pytest.mark.parametrize("modell", ["konten.benutzer", "seiten.textseite", "seiten.textabschnitt"])
def test_administration_pflegt_konten_und_texte(modell):
    app_label, model = modell.split(".")
    rechte = Permission.objects.filter(
        group__name=Rolle.ADMINISTRATION, content_type__app_label=app_label, content_type__model=model
    )
    aktionen = {recht.codename for recht in rechte}
    assert aktionen == {f"{aktion}_{model}" for aktion in ("view", "add", "change", "delete")}


def test_schluessel_ist_ascii():
    assert [rolle.schluessel for rolle in Rolle][:2] == ["traeger", "fachbereich"]
