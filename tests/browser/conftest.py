"""A real Chromium against a real server process on a copy of a prepared SQLite file.

Browser tests never touch the database of the test process: what they need, the server's database holds
already or they enter it like a person. All run in one worker, so that the prepared file is made once.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect, sync_playwright

from oberhausen_sozialplanung.konten.dienste import DEMO_PASSWORT

WURZEL = Path(__file__).parents[2]
LEER = (("migrate", "--verbosity", "0"), ("createcachetable",), ("demokonten",))
DEMO = (("migrate", "--verbosity", "0"), ("createcachetable",), ("demodaten",))
START_SEKUNDEN = 60
# Milliseconds a page may take on a busy machine; what is there at once is seen at once.
GEDULD = 30_000
expect.set_options(timeout=GEDULD)
GROESSEN = {"telefon": {"width": 390, "height": 844}, "rechner": {"width": 1280, "height": 900}}


def pytest_collection_modifyitems(items):
    for test in items:
        if Path(__file__).parent in test.path.parents:
            test.add_marker(pytest.mark.browser)
            test.add_marker(pytest.mark.xdist_group("browser"))


def umgebung(datenbank: Path) -> dict[str, str]:
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "oberhausen_sozialplanung.settings",
        "DATABASE_URL": f"sqlite:///{datenbank}",
        "SECRET_KEY": "only-for-browser-tests",
        "DEMO": "true",
        "LOG_LEVEL": "WARNING",
    }


def bereite_vor(datenbank: Path, befehle) -> Path:
    """Run management commands on a new database file."""
    for befehl in befehle:
        subprocess.run(
            [sys.executable, "manage.py", *befehl],
            cwd=WURZEL,
            env=umgebung(datenbank),
            check=True,
            capture_output=True,
        )
    return datenbank


@contextlib.contextmanager
def server_auf(datenbank: Path):
    """Start the application on a free port; yields its address."""
    with socket.socket() as freier:
        freier.bind(("127.0.0.1", 0))
        anschluss = f"127.0.0.1:{freier.getsockname()[1]}"
    protokoll = (datenbank.parent / "server.log").open("w")
    prozess = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "oberhausen_sozialplanung.wsgi"],
        cwd=WURZEL,
        env=umgebung(datenbank) | {"BIND": anschluss},
        stdout=protokoll,
        stderr=subprocess.STDOUT,
    )
    try:
        warte_auf(f"http://{anschluss}/gesund", prozess)
        yield f"http://{anschluss}"
    finally:
        prozess.terminate()
        prozess.wait(timeout=START_SEKUNDEN)
        protokoll.close()


def warte_auf(adresse: str, prozess: subprocess.Popen) -> None:
    ende = time.monotonic() + START_SEKUNDEN
    while time.monotonic() < ende and prozess.poll() is None:
        with contextlib.suppress(URLError), urllib.request.urlopen(adresse):
            return
        time.sleep(0.1)
    pytest.fail(f"Der Server antwortet nicht unter {adresse}.")


@pytest.fixture(scope="session")
def vorlage(tmp_path_factory):
    """A database file with the demonstration data and accounts."""
    return bereite_vor(tmp_path_factory.mktemp("vorlage") / "db.sqlite3", DEMO)


@pytest.fixture(scope="module")
def server(vorlage, tmp_path_factory):
    """Address of a server on a copy of the prepared file; each test module has its own."""
    kopie = shutil.copy(vorlage, tmp_path_factory.mktemp("server") / "db.sqlite3")
    with server_auf(Path(kopie)) as adresse:
        yield adresse


@pytest.fixture(scope="module")
def chromium():
    # Per module: while Playwright's event loop runs, Django refuses database access in this thread.
    pfad = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if pfad is None:
        melde = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        melde("Chromium fehlt: apt-get install chromium-headless-shell")
    schalter = ["--disable-background-networking"]
    if os.geteuid() == 0:
        schalter.append("--no-sandbox")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=pfad, args=schalter)
        yield browser
        browser.close()


@dataclass
class Beobachtung:
    """What must stay empty while a page is used."""

    konsole: list[str] = field(default_factory=list)
    fremde: list[str] = field(default_factory=list)


@pytest.fixture
def oeffne(chromium, server):
    """Open pages: ``seite = oeffne("/", groesse="telefon", dunkel=True)``.

    After the test no page may have logged an error (a violation of the CSP is one) or asked another host.
    """
    beobachtung = Beobachtung()
    kontexte = []

    def mache(pfad="/", groesse="rechner", dunkel=False, als=None):
        kontext = chromium.new_context(
            base_url=server,
            locale="de-DE",
            viewport=GROESSEN[groesse],
            color_scheme="dark" if dunkel else "light",
        )
        kontext.set_default_timeout(GEDULD)
        kontexte.append(kontext)
        seite = kontext.new_page()
        beobachte(seite, beobachtung, server)
        if als is not None:
            melde_an(seite, als)
        seite.goto(pfad)
        return seite

    yield mache
    for kontext in kontexte:
        kontext.close()
    assert beobachtung == Beobachtung()


def beobachte(seite, beobachtung, server):
    eigener = urlsplit(server).netloc
    seite.on("console", lambda m: m.type == "error" and beobachtung.konsole.append(m.text))
    seite.on("pageerror", lambda fehler: beobachtung.konsole.append(str(fehler)))

    def merke_anfrage(anfrage):
        ziel = urlsplit(anfrage.url)
        if ziel.scheme in ("http", "https", "ws", "wss") and ziel.netloc != eigener:
            beobachtung.fremde.append(anfrage.url)

    seite.on("request", merke_anfrage)


def melde_an(seite, rolle):
    seite.goto("/konto/anmelden/")
    seite.get_by_label("E-Mail-Adresse").fill(f"{rolle}@demo.example")
    seite.get_by_label("Passwort").fill(DEMO_PASSWORT)
    seite.get_by_role("button", name="Anmelden", exact=True).click()
    seite.get_by_text("Sie sind angemeldet.").wait_for()
