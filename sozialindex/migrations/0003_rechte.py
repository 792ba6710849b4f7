from django.db import migrations

from oberhausen_sozialplanung.konten.gruppenrechte import erteile_rechte

# Written out, not imported: a migration keeps meaning what it meant when it was written.
INDIKATOREN = ["indikator", "indikatordefinition", "indikatoralias"]


def erteile(apps, schema_editor):
    for rolle in ["Sozialplanung", "Administration"]:
        erteile_rechte(apps, rolle=rolle, app_label="sozialindex", modelle=INDIKATOREN)
        # Methods and profiles come into being on pages of their own.
        erteile_rechte(
            apps, rolle=rolle, app_label="sozialindex", modelle=["methodik"], aktionen=["view", "delete"]
        )
        erteile_rechte(
            apps,
            rolle=rolle,
            app_label="sozialindex",
            modelle=["importprofil"],
            aktionen=["view", "change", "delete"],
        )


class Migration(migrations.Migration):
    dependencies = [
        ("konten", "0003_rollen"),
        ("sozialindex", "0002_schutz"),
    ]

    operations = [migrations.RunPython(erteile, migrations.RunPython.noop)]
