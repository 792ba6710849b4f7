"""The path of a planner through the import pages, for the tests of these pages."""

from html import unescape
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from sozialindex.models import Lieferung


def adresse(name: str, lieferung: Lieferung | None = None) -> str:
    return reverse(f"sozialindex:{name}", args=[lieferung.pk] if lieferung else [])


def lade_hoch(client: Client, datei: Path | bytes, name: str = "lieferung.csv"):
    """Send a file; returns (response, newest delivery or None)."""
    inhalt = datei.read_bytes() if isinstance(datei, Path) else datei
    name = datei.name if isinstance(datei, Path) else name
    antwort = client.post(adresse("lieferung_neu"), {"datei": SimpleUploadedFile(name, inhalt)})
    return antwort, Lieferung.objects.order_by("pk").last()


def formularwerte(antwort, **geaendert) -> dict:
    """What a browser would send back of the form on a page, with some fields changed."""
    form = antwort.context["form"]
    werte = {feld.html_name: feld.value() for feld in form}
    return {name: wert for name, wert in (werte | geaendert).items() if wert not in (None, False)}


def lies_datei(client: Client, lieferung: Lieferung, **geaendert):
    """Step 1: accept what was recognised, or correct it."""
    seite = client.get(adresse("lieferung_erkennung", lieferung))
    return client.post(
        adresse("lieferung_erkennung", lieferung), formularwerte(seite, aktion="weiter", **geaendert)
    )


def ordne_zu(client: Client, lieferung: Lieferung, aktion: str = "pruefen", **geaendert):
    """Step 2: accept the proposed mapping, or correct it."""
    seite = client.get(adresse("lieferung_zuordnung", lieferung))
    return client.post(
        adresse("lieferung_zuordnung", lieferung), formularwerte(seite, aktion=aktion, **geaendert)
    )


def bis_zur_pruefung(
    client: Client, datei: Path | bytes, name: str = "lieferung.csv", **geaendert
) -> Lieferung:
    """Upload and both steps; the delivery waits for the decision."""
    _, lieferung = lade_hoch(client, datei, name)
    assert lies_datei(client, lieferung).url == adresse("lieferung_zuordnung", lieferung)
    assert ordne_zu(client, lieferung, **geaendert).url == adresse("lieferung_pruefung", lieferung)
    lieferung.refresh_from_db()
    return lieferung


def uebernimm(client: Client, lieferung: Lieferung, umfang: str = "alle"):
    lieferung.refresh_from_db()
    angaben = {"umfang": umfang, "gesehen": lieferung.pruefsumme}
    antwort = client.post(adresse("lieferung_uebernehmen", lieferung), angaben, follow=True)
    lieferung.refresh_from_db()
    return antwort


def meldungen(antwort) -> list[str]:
    return [str(meldung) for meldung in antwort.context["messages"]]


def fehler(antwort) -> list[str]:
    """Every message of the form and its fields."""
    form = antwort.context["form"]
    return [str(text) for texte in form.errors.values() for text in texte]


def text(antwort) -> str:
    return " ".join(unescape(antwort.content.decode()).split())
