"""Reads what the site-wide tests need from a page, with the parser of the standard library."""

from html.parser import HTMLParser

RESSOURCEN = {
    "script": "src",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "link": "href",
    "form": "action",
}
ABSCHNITTE = ("section", "figure", "article", "main")
DATENTYPEN = {"application/json"}


class Seite(HTMLParser):
    """Headings, inline code, addresses of resources, and charts without a table in their section."""

    def __init__(self, html: str):
        super().__init__()
        self.ueberschriften: list[int] = []
        self.eingebettet: list[str] = []
        self.ressourcen: list[str] = []
        self.diagramme_ohne_tabelle: list[str] = []
        self._abschnitte: list[dict] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attribute = dict(attrs)
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self.ueberschriften.append(int(tag[1]))
        self._merke_eingebettetes(tag, attribute)
        if tag in RESSOURCEN and attribute.get(RESSOURCEN[tag]):
            self.ressourcen.append(attribute[RESSOURCEN[tag]])
        self._merke_diagramm(tag, attribute)

    def _merke_eingebettetes(self, tag, attribute):
        self.eingebettet += [
            f"<{tag} {name}>" for name in attribute if name == "style" or name.startswith("on")
        ]
        ist_programm = tag == "script" and attribute.get("type") not in DATENTYPEN
        if tag == "style" or (ist_programm and "src" not in attribute):
            self.eingebettet.append(f"<{tag}>")

    def _merke_diagramm(self, tag, attribute):
        if tag in ABSCHNITTE:
            self._abschnitte.append({"diagramme": [], "tabelle": False})
        if tag == "table" and self._abschnitte:
            self._abschnitte[-1]["tabelle"] = True
        if "data-diagramm" in attribute:
            self._abschnitte[-1]["diagramme"].append(attribute["data-diagramm"])

    def handle_endtag(self, tag):
        if tag not in ABSCHNITTE:
            return
        innen = self._abschnitte.pop()
        if tag == "figure" and self._abschnitte:
            # A figure is part of its section: the table may stand inside or beside it.
            self._abschnitte[-1]["diagramme"] += innen["diagramme"]
            self._abschnitte[-1]["tabelle"] |= innen["tabelle"]
        elif not innen["tabelle"]:
            self.diagramme_ohne_tabelle += innen["diagramme"]

    @property
    def fremde_adressen(self) -> list[str]:
        return [adresse for adresse in self.ressourcen if adresse.startswith("//") or "://" in adresse]

    @property
    def uebersprungene_ebenen(self) -> list[tuple[int, int]]:
        paare = zip([0, *self.ueberschriften], self.ueberschriften, strict=False)
        return [(davor, danach) for davor, danach in paare if danach > davor + 1]
