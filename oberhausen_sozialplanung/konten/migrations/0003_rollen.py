from django.db import migrations

from oberhausen_sozialplanung.konten.gruppenrechte import erteile_rechte

# Written out, not imported: a migration keeps meaning what it meant when it was written.
ROLLEN = [
    "Träger",
    "Fachbereich",
    "Moderation",
    "Prozessberatung",
    "Sozialplanung",
    "Leitung",
    "Administration",
]


def lege_rollen_an(apps, schema_editor):
    gruppe = apps.get_model("auth", "Group")
    for name in ROLLEN:
        gruppe.objects.get_or_create(name=name)
    erteile_rechte(apps, rolle="Administration", app_label="konten", modelle=["benutzer"])


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("konten", "0002_email_klein"),
    ]

    operations = [migrations.RunPython(lege_rollen_an, migrations.RunPython.noop)]
