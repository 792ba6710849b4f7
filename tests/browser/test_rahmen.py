from playwright.sync_api import expect


def test_menue_klappt_auf_dem_telefon(oeffne):
    seite = oeffne("/", groesse="telefon")
    anmelden = seite.get_by_role("link", name="Anmelden")
    expect(anmelden).to_be_hidden()
    seite.get_by_role("button", name="Menü").click()
    expect(anmelden).to_be_visible()


def test_sprunglink_fuehrt_zum_inhalt(oeffne):
    seite = oeffne("/")
    seite.keyboard.press("Tab")
    expect(seite.get_by_text("Zum Inhalt springen")).to_be_focused()
    seite.keyboard.press("Enter")
    expect(seite.locator("main")).to_be_focused()


def test_anmelden_und_abmelden_ueber_das_kontomenue(oeffne):
    seite = oeffne("/", als="sozialplanung")
    seite.get_by_role("button", name="Sevgi Sozialplanung").click()
    seite.get_by_role("button", name="Abmelden").click()
    expect(seite.get_by_role("status")).to_have_text("Sie sind abgemeldet.")
    expect(seite.get_by_role("link", name="Anmelden")).to_be_visible()


def test_ziele_sind_gross_genug(oeffne):
    seite = oeffne("/konto/anmelden/", groesse="telefon")
    kleine = seite.evaluate(
        """() => [...document.querySelectorAll("button, input:not([type=hidden]), nav a, .aktionen a")]
            .map((ziel) => [ziel.outerHTML, ziel.getBoundingClientRect()])
            .filter(([, kasten]) => kasten.width > 0 && Math.min(kasten.width, kasten.height) < 24)
            .map(([html]) => html)"""
    )
    assert kleine == []


def test_verwaltung_unter_der_strengen_richtlinie(oeffne):
    seite = oeffne("/verwaltung/konten/benutzer/", als="administration")
    expect(seite.get_by_role("heading", level=1)).to_have_text("Konto zur Änderung auswählen")
