"""Foreign files that we serve or test with: complete, unchanged, with licence and version."""

import hashlib
from pathlib import Path

import plotly.offline
import pytest

WURZEL = Path(__file__).parents[2]
ORDNER = sorted([*(WURZEL / "static/vendor").iterdir(), *(WURZEL / "tests/seiten/vendor").iterdir()])


@pytest.mark.parametrize("ordner", ORDNER, ids=lambda ordner: ordner.name)
def test_pruefsummen(ordner):
    zeilen = (ordner / "SHA256SUMS").read_text().splitlines()
    erwartet = {name: summe for summe, name in (zeile.split(maxsplit=1) for zeile in zeilen)}
    vorhanden = {
        datei.name: hashlib.sha256(datei.read_bytes()).hexdigest()
        for datei in ordner.iterdir()
        if datei.name != "SHA256SUMS"
    }
    assert vorhanden == erwartet
    assert {"LICENSE", "VERSION"} <= vorhanden.keys()


def test_plotly_js_passt_zum_python_paket():
    version = (WURZEL / "static/vendor/plotly/VERSION").read_text().strip()
    assert plotly.offline.get_plotlyjs_version().split(".")[0] == version.split(".")[0]
