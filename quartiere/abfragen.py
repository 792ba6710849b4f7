"""Which areas a page shows."""

from quartiere.models import Gebietsstand, Sozialquartier, Sozialraum
from quartiere.models.raeume import GebietQuerySet


def quartiere_der_liste() -> GebietQuerySet:
    """Quarters of the current layout with their Sozialraum, in the order of their numbers. 1 query."""
    return Sozialquartier.objects.aktuell().select_related("uebergeordnet").nach_nummer()


def sozialraeume() -> GebietQuerySet:
    """Sozialräume of the current layout, in the order of their numbers. 1 query."""
    return Sozialraum.objects.aktuell().nach_nummer()


def quartiere_im_sozialraum(sozialraum_id: int) -> GebietQuerySet:
    """Quarters of one Sozialraum, in the order of their numbers. 1 query."""
    return Sozialquartier.objects.filter(uebergeordnet=sozialraum_id).nach_nummer()


def vergebene_slugs(gebietsstand: Gebietsstand, ebene: str) -> set[str]:
    """Addresses of the areas of a layout and level. 1 query."""
    return set(gebietsstand.gebiete.filter(ebene=ebene).values_list("slug", flat=True))


def aktueller_gebietsstand() -> Gebietsstand | None:
    """The current layout; None before any areas were loaded. 1 query."""
    return Gebietsstand.objects.aktuell().first()
