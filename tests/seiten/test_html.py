from .html import Seite


def test_ebene_uebersprungen():
    assert Seite("<h1>A</h1><h3>B</h3><h2>C</h2>").uebersprungene_ebenen == [(1, 3)]


def test_eingebettetes_wird_gefunden_daten_nicht():
    html = """<script>x()</script><script src="a.js"></script><script type="application/json">{}</script>
    <style>p {}</style><p style="color: red" onclick="x()">"""
    assert Seite(html).eingebettet == ["<script>", "<style>", "<p style>", "<p onclick>"]


def test_fremde_adressen():
    html = '<img src="https://a.example/x.png"><link href="//b.example/x.css"><img src="/c.png">'
    assert Seite(html).fremde_adressen == ["https://a.example/x.png", "//b.example/x.css"]


def test_diagramm_mit_tabelle_im_selben_oder_umgebenden_abschnitt():
    html = """<main><section><figure><div data-diagramm="a"></div></figure><table></table></section>
    <section><table></table><figure><div data-diagramm="b"></div></figure></section></main>"""
    assert Seite(html).diagramme_ohne_tabelle == []


def test_diagramm_ohne_tabelle():
    html = (
        """<main><section><div data-diagramm="a"></div></section><section><table></table></section></main>"""
    )
    assert Seite(html).diagramme_ohne_tabelle == ["a"]
