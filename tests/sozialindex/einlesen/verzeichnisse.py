"""A directory of constructed aliases over the areas that the sample deliveries name."""

from datetime import date
from pathlib import Path

from sozialindex.einlesen.verzeichnis import FremdesGebiet, Gebiet, Indikator, Verzeichnis

LIEFERUNGEN = Path(__file__).parents[2] / "daten" / "lieferungen"
STADT_ID = 1
RAEUME = {
    "1": "Oberhausen-Mitte/Styrum",
    "2": "Oberhausen-Ost",
    "3": "Alstaden/Lirich",
    "4": "Sterkrade-Mitte",
    "5": "Sterkrade-Nord",
    "6": "Osterfeld",
}
QUARTIERE = """101 Innenstadt;102 Marienviertel-West;103 Marienviertel-Ost;104 Styrum;201 Brücktorviertel
202 Bermensfeld
203 Schladviertel;204 Dümpten;205 Borbeck/Neue Mitte/Grafenbusch;301 Alstaden;302 Lirich-Nord;303 Lirich-Süd
401 Sterkrade-Mitte;402 Buschhausen/Biefang;403 Schwarze Heide;404 Alsfeld;405 Tackenberg-West
501 Holten/Barmingholten;502 Schmachtendorf;503 Walsumer Mark;504 Königshardt;601 Osterfeld-Mitte/Vonderort
602 Vondern/Osterfeld-Süd;603 Eisenheim/Heide;604 Rothebusch;605 Klosterhardt;606 Tackenberg-Ost"""
INDIKATOREN = (
    Indikator("migration", 11, "Migrationshintergrund", ("Bevölkerung mit Migrationshintergrund",)),
    Indikator("sgb2", 12, "SGB-II-Quote", ("Personen in Bedarfsgemeinschaften",), sprunggrenze=5.0),
    Indikator("kinderarmut", 13, "Kinderarmut", ("darunter unter 15 Jahre",), sprunggrenze=8.0),
    Indikator("jugend_alo", 14, "Jugendarbeitslosigkeit", ("Arbeitslose 15-24",)),
    Indikator("altersarmut", 15, "Altersarmut", ("Grundsicherung im Alter",)),
    Indikator("alleinerziehend", 16, "Alleinerziehende"),
    Indikator(
        "kinderreich",
        17,
        "Kinderreiche Familien",
        ("Familien mit 3 u. m. Kindern", "Haushalte mit 3 und mehr Kindern"),
    ),
)
EINWOHNER = Indikator("einwohner", 18, "Einwohner", art="anzahl", sprunggrenze=10.0)


def gebiete() -> tuple[Gebiet, ...]:
    """City, six Sozialräume, 27 quarters; the id of a quarter is its number."""
    stadt = Gebiet(STADT_ID, "stadt", "", "Oberhausen")
    raeume = [Gebiet(10 + int(n), "sozialraum", n, name, (), STADT_ID) for n, name in RAEUME.items()]
    quartiere = [
        Gebiet(int(nummer), "quartier", nummer, name, (), 10 + int(nummer[0]))
        for nummer, name in (e.split(" ", 1) for zeile in QUARTIERE.splitlines() for e in zeile.split(";"))
    ]
    return stadt, *raeume, *quartiere


def verzeichnis(**aenderungen) -> Verzeichnis:
    angaben = {
        "gebiete": gebiete(),
        "indikatoren": INDIKATOREN,
        "heute": date(2026, 11, 22),
        "weitere_gebiete": (FremdesGebiet("777", "Alt-Styrum", "2010"),),
    }
    return Verzeichnis(**(angaben | aenderungen))
