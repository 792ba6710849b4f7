"""A changed result must not pass unnoticed."""

import hashlib
import json

import pytest

from sozialindex.berechnung.methodik import lies_methodik
from sozialindex.dienste.fehler import Lauffehler
from sozialindex.dienste.rechnung import VERSION, rechne

from .fabriken import methodikdaten

GOLDEN = "11ef608aa3b415de50165ae36e83a8b8965cd3b272d749dd5bf4380adaf71f7f"
WERTE = b"""\
gebiet;name;einwohner;alter;armut;dyn_alter;dyn_armut
1;A;1000;7;2;-1;-5
2;B;1200;9;4;0;-2
3;C;900;;6;2;-1
4;D;1100;7;8;-1;2
5;E;1000;9;10;0;3
6;F;250;5;12;-2;6
7;G;800;4;3;1;0
STADT;Stadt;6250;7;7;0;1
"""


def test_result_belongs_to_the_version():
    """Where this fails because results are meant to change, raise VERSION and write both down anew."""
    einschluss = {"min_einwohner": 300, "min_indikatoren": 1, "ausgeschlossen": []}
    rechnung = rechne(lies_methodik(methodikdaten("armut", "alter", einschluss=einschluss)), WERTE)
    alles = [rechnung.statistik, rechnung.diagnostik, rechnung.je_gebiet]
    text = rechnung.ergebnis_csv.decode() + json.dumps(alles, sort_keys=True)
    assert (VERSION, hashlib.sha256(text.encode()).hexdigest()) == ("3", GOLDEN)


def test_refusal_speaks_of_the_figures_only():
    """The same refusal stands in a comparison and a recomputation, where no run was to be made."""
    with pytest.raises(Lauffehler, match="lässt sich so nicht berechnen") as fehler:
        rechne(lies_methodik(methodikdaten("armut", "alter")), WERTE[:120])
    assert "kein Lauf" not in str(fehler.value)
