"""Model permissions for the roles' groups, given by migrations of the apps that own the models."""

from collections.abc import Iterable

# The English words are Django's own names of its default permissions.
AKTIONEN = ("view", "add", "change", "delete")


def erteile_rechte(apps, *, rolle: str, app_label: str, modelle: Iterable[str], aktionen=AKTIONEN) -> None:
    """Give a role's group the permissions on some models; to be called from a data migration.

    The permissions are created here if need be: Django itself creates them only after the last migration.

    Parameters
    ----------
    apps
        The migration's app registry. The migration must depend on ``konten.0003_rollen``.
    rolle
        Name of the group.
    app_label, modelle
        Where the models live and their names in lower case.
    aktionen
        Some of ``view``, ``add``, ``change``, ``delete``.

    Raises
    ------
    Group.DoesNotExist
        The role has not been created.
    """
    gruppe = apps.get_model("auth", "Group").objects.get(name=rolle)
    inhaltstyp = apps.get_model("contenttypes", "ContentType")
    recht = apps.get_model("auth", "Permission")
    for modell in modelle:
        typ, _ = inhaltstyp.objects.get_or_create(app_label=app_label, model=modell)
        for aktion in aktionen:
            eintrag, _ = recht.objects.get_or_create(
                content_type=typ, codename=f"{aktion}_{modell}", defaults={"name": f"Can {aktion} {modell}"}
            )
            gruppe.permissions.add(eintrag)
