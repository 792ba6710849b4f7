from django import template

from ..dienste import DEMO_PASSWORT, DEMOKONTEN

register = template.Library()


@register.inclusion_tag("konten/_demokonten.html")
def demokonten():
    """Show which accounts a demonstration offers."""
    return {"konten": DEMOKONTEN, "passwort": DEMO_PASSWORT}
