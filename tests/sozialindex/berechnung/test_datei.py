from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sozialindex.berechnung.datei import Werteingabefehler, lies_werte
from tests.sozialindex.berechnung.saetze import methodik

REGEL = methodik("s1")


@pytest.mark.parametrize(
    "inhalt",
    [
        "gebiet;name;einwohner;s1;dyn_s1\n007;Öde;12;1,5;-0,5\nSTADT;;;2,5;0\n".encode("cp1252"),
        'gebiet,name,einwohner,s1,dyn_s1\r\n007,Öde,12.0,1.5,-0.5\r\n\r\n"STADT",,,2.5,0\r\n'.encode(
            "utf-8-sig"
        ),
        'gebiet,s1,dyn_s1,name,einwohner\n007,"1,5","-0,5",Öde,12\nSTADT,"2,5",0,,\n'.encode(),
    ],
)
def test_formate(inhalt):
    eingabe = lies_werte(inhalt, REGEL)
    assert eingabe.werte["s1"].to_dict() == {"007": 1.5}
    assert eingabe.einwohner.to_dict() == {"007": 12.0}
    assert eingabe.veraenderungen["s1"].to_dict() == {"007": -0.5}
    assert eingabe.stadtwerte.to_dict() == {"s1": 2.5}
    assert eingabe.stadtveraenderungen.to_dict() == {"s1": 0.0}


def test_leer_ist_fehlend_und_fremde_spalten_werden_genannt():
    eingabe = lies_werte(b"gebiet;s1;x\n1;;abc\n", REGEL)
    assert np.isnan(eingabe.werte.loc["1", "s1"])
    assert (eingabe.einwohner, eingabe.veraenderungen, eingabe.stadtwerte) == (None, None, None)
    assert eingabe.hinweise == ["Nicht gebrauchte Spalten: x."]


FAELLE = [
    (b"", "Die Datei ist leer."),
    (b"\xef\xbb\xbf", "Die Datei ist leer."),
    (b";;\n", "Die Datei ist leer."),
    (
        b"gebiet;s1\n1;\0\n",
        "Die Datei ist keine CSV-Datei in UTF-8 oder Windows-1252 (sie enthält Nullbytes).",
    ),
    (b"gebiet;s2\n1;2\n", "Kopfzeile: Die Spalte „s1“ fehlt."),
    (b"gebiet;s1;s1\n1;2;3\n", "Kopfzeile: Die Spalte „s1“ kommt 2-mal vor."),
    (b"gebiet;s1\n1;2;3\n", "Zeile 2: 3 Zellen statt 2 wie im Kopf."),
    (b"gebiet;s1\n1;2\n\n1;3\n", "Zeile 4, Spalte „gebiet“: „1“ steht schon in Zeile 2."),
    (b"gebiet;s1\n;2\n", "Zeile 2, Spalte „gebiet“: Der Gebietsschlüssel fehlt."),
    (
        b"gebiet;s1\n1;1.234,5\n",
        "Zeile 2, Spalte „s1“: „1.234,5“ ist keine Zahl. Ein fehlender Wert bleibt leer.",
    ),
    (
        b"gebiet;s1\n1;1,5\n2;1.5\n",
        "Die Datei mischt Dezimalkomma und Dezimalpunkt: "
        "„,“ in Zeile 2, Spalte „s1“ und „.“ in Zeile 3, Spalte „s1“.",
    ),
    (
        b"gebiet;einwohner;s1\n1;2.930;1\n",
        "Zeile 2, Spalte „einwohner“: „2.930“ ist keine ganze Zahl ohne Tausenderpunkt.",
    ),
]


@pytest.mark.parametrize(("inhalt", "meldung"), FAELLE, ids=[fall[1][:40] for fall in FAELLE])
def test_genau_diese_meldung(inhalt, meldung):
    with pytest.raises(Werteingabefehler) as gefangen:
        lies_werte(inhalt, REGEL)
    assert gefangen.value.meldungen == [meldung]


@given(
    st.one_of(st.binary(), st.text(alphabet='gebit;s1,"\n0.\r 5-é').map(lambda t: f"gebiet;s1\n{t}".encode()))
)
def test_beliebiger_inhalt_wird_gelesen_oder_abgelehnt(inhalt):
    eingabe = None
    with suppress(Werteingabefehler):
        eingabe = lies_werte(inhalt, REGEL)
    assert eingabe is None or eingabe.werte.index.is_unique
