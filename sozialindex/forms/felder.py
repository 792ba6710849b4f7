"""Form fields that read and show figures the German way."""

import re

from django import forms
from django.core.exceptions import ValidationError

from oberhausen_sozialplanung.werkzeuge.zahlen import Zahlfehler, zahl_lesen

_PUNKT_MIT_DREI_ZIFFERN = re.compile(r"[-\u2212]?[1-9]\d{0,2}\.\d{3}")


def als_eingabe(zahl: float | None) -> str:
    """Write a stored number as a person would type it: decimal comma, no thousands dot, all digits."""
    if zahl is None or zahl == "":
        return ""
    return repr(float(zahl)).removesuffix(".0").replace(".", ",")


def lies_zahl(text: str) -> float:
    """Read a number with decimal comma or point.

    Raises
    ------
    ValidationError
        No number, or one that could be two: "1.125" may be 1125 or 1,125.
    """
    text = text.strip()
    if _PUNKT_MIT_DREI_ZIFFERN.fullmatch(text):
        komma, ohne = text.replace(".", ","), text.replace(".", "")
        raise ValidationError(f"„{text}“ ist mehrdeutig. Bitte schreiben Sie {komma} oder {ohne}.")
    try:
        return zahl_lesen(text, "," if "," in text else ".")
    except Zahlfehler as fehler:
        raise ValidationError(f"„{text[:40]}“ ist keine Zahl. Beispiel: 1,5") from fehler


class ZahlField(forms.CharField):
    """A number with decimal comma; cleans to float, or None when empty."""

    eingabemodus = "decimal"

    def widget_attrs(self, widget):
        return {**super().widget_attrs(widget), "inputmode": self.eingabemodus, "autocomplete": "off"}

    def prepare_value(self, value):
        return value if isinstance(value, str) else als_eingabe(value)

    def to_python(self, value):
        text = super().to_python(value)
        return self.lies(text) if text else None

    def lies(self, text):
        return lies_zahl(text)


class GanzzahlField(ZahlField):
    """A whole number; a dot before three digits separates thousands."""

    eingabemodus = "numeric"

    def lies(self, text):
        try:
            zahl = zahl_lesen(text.strip(), ",")
        except Zahlfehler as fehler:
            raise ValidationError(f"„{text[:40]}“ ist keine ganze Zahl. Beispiel: 1000") from fehler
        if not zahl.is_integer():
            raise ValidationError(f"„{text[:40]}“ ist keine ganze Zahl. Beispiel: 1000")
        return int(zahl)


class ListeField(forms.CharField):
    """Words separated by semicolons or lines; cleans to a list."""

    trenner = re.compile(r"[;\n]")

    def prepare_value(self, value):
        return value if isinstance(value, str) else "; ".join(map(self.als_text, value or []))

    def to_python(self, value):
        teile = self.trenner.split(super().to_python(value))
        return [self.lies(teil.strip()) for teil in teile if teil.strip()]

    def als_text(self, eintrag):
        return eintrag

    def lies(self, text):
        return text


class ZahlenlisteField(ListeField):
    """Numbers with decimal comma separated by semicolons."""

    def als_text(self, eintrag):
        return als_eingabe(eintrag)

    def lies(self, text):
        return lies_zahl(text)


class ZeilenField(ListeField):
    """Texts, one per line."""

    widget = forms.Textarea(attrs={"rows": 4})
    trenner = re.compile(r"\n")

    def prepare_value(self, value):
        return value if isinstance(value, str) else "\n".join(map(self.als_text, value or []))
