import pytest

from sozialindex.dienste.laeufe import berechne_lauf
from sozialindex.dienste.nachrechnen import rechne_nach

from .fabriken import STICHTAG, Kleinstadt, MethodikFabrik

pytestmark = pytest.mark.django_db


def test_probe():
    Kleinstadt()
    lauf = berechne_lauf(stichtag=STICHTAG, methodik=MethodikFabrik())
    for e in lauf.ergebnisse.order_by("gebiet__nummer").values():
        print(e)
    print(lauf.statistik, lauf.diagnostik, lauf.hinweise, lauf.umgebung)
    lauf.refresh_from_db()
    assert rechne_nach(lauf=lauf) == []
