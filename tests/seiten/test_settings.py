"""The settings as a real start reads them: in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

WURZEL = Path(__file__).parents[2]
PRODUKTION = {"SECRET_KEY": "k" * 60 + "0123456789", "ALLOWED_HOSTS": "sozialplanung.example"}


def starte(*befehl, **umgebung):
    basis = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *befehl],
        cwd=WURZEL,
        env=basis | {"ENV_DATEI": os.devnull, "DATABASE_URL": "sqlite://:memory:"} | umgebung,
        capture_output=True,
        text=True,
        check=False,
    )


def test_ohne_schluessel_kein_start():
    lauf = starte("check")
    assert lauf.returncode == 1
    assert "SECRET_KEY fehlt. So erzeugen Sie einen Schlüssel" in lauf.stderr
    assert "secrets.token_urlsafe(50)" in lauf.stderr


@pytest.mark.parametrize("name", ["DEBUG", "DEMO", "TLS", "PROXY", "STATIC_MANIFEST"])
def test_vertippter_schalter_wird_abgelehnt(name):
    lauf = starte("check", **PRODUKTION, **{name: "ja"})
    assert lauf.returncode == 1
    assert f"{name} muss true oder false sein, nicht „ja“." in lauf.stderr


def test_check_deploy_ohne_warnung():
    lauf = starte("check", "--deploy", "--fail-level", "WARNING", **PRODUKTION)
    assert (lauf.returncode, lauf.stderr) == (0, "")
    assert lauf.stdout == "System check identified no issues (0 silenced).\n"
