from django.db import migrations

from oberhausen_sozialplanung.konten.gruppenrechte import erteile_rechte

# Written out, not imported: a migration keeps meaning what it meant when it was written.
STAMMDATEN = [
    "gebietsstand",
    "sozialraum",
    "sozialquartier",
    "gebietsalias",
    "organisation",
    "mitgliedschaft",
]


def erteile(apps, schema_editor):
    for rolle in ["Sozialplanung", "Administration"]:
        erteile_rechte(apps, rolle=rolle, app_label="quartiere", modelle=STAMMDATEN)
        # There is one city per layout; it comes and goes with its layout.
        erteile_rechte(apps, rolle=rolle, app_label="quartiere", modelle=["stadt"], aktionen=["view", "change"])


class Migration(migrations.Migration):
    dependencies = [
        ("konten", "0003_rollen"),
        ("quartiere", "0001_initial"),
    ]

    operations = [migrations.RunPython(erteile, migrations.RunPython.noop)]
