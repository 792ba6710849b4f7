"""What people do on the way from a file to a published index, in the words of the pages."""

import re

from playwright.sync_api import expect


def lade_hoch(seite, datei):
    """Upload a file and stop where the columns are assigned."""
    seite.goto("/sozialindex/lieferungen/neu/")
    seite.get_by_label("Datei mit den Werten").set_input_files(datei)
    seite.get_by_role("button", name="Hochladen und weiter").click()
    expect(seite.get_by_role("heading", level=1)).to_have_text("Wird die Datei richtig gelesen?")
    seite.get_by_role("button", name="Weiter: zuordnen").click()
    expect(seite.get_by_role("heading", level=1)).to_have_text("Was bedeuten die Spalten?")


def pruefe(seite):
    seite.get_by_role("button", name="Weiter: prüfen").click()
    expect(seite.get_by_role("heading", level=1)).to_have_text("Was würde sich ändern?")


def uebernimm(seite):
    seite.get_by_role("button", name="Alle Werte übernehmen").click()
    expect(seite.get_by_role("heading", name="Wie es weitergeht")).to_be_visible()


def berechne(seite, methodik):
    """From a delivery just taken over to a draft; returns the path of the run."""
    seite.get_by_role("link", name=re.compile(r"^Index für den .* berechnen$")).click()
    seite.get_by_label("Methodik").select_option(label=methodik)
    seite.get_by_role("button", name="Entwurf berechnen").click()
    expect(seite.get_by_role("heading", level=1)).to_have_text(re.compile("^Sozialindex zum"))
    return seite.url


def kennzeichne_als_geprueft(seite):
    seite.get_by_role("button", name="Als geprüft kennzeichnen").click()
    expect(seite.get_by_text("geprüft", exact=True)).to_be_visible()


def veroeffentliche(seite):
    seite.get_by_role("button", name="Veröffentlichen", exact=True).click()
    expect(seite.get_by_text("veröffentlicht", exact=True)).to_be_visible()


def klassen(seite):
    """Quarter number → (status, dynamics), as the table beside the map says."""
    zeilen = seite.get_by_role("region", name="Klassen und Indexwerte").locator("tbody tr")
    texte = zeilen.evaluate_all("zeilen => zeilen.map(z => [...z.cells].map(c => c.innerText.trim()))")
    return {zellen[0].split()[0]: (zellen[1], zellen[4]) for zellen in texte}
