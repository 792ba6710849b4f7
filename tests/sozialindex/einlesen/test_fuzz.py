"""Laws of the readers: whatever the bytes, only Dateifehler comes out, and no row is lost without a word."""

import csv
import io
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sozialindex.einlesen.bericht import als_csv, als_dict
from sozialindex.einlesen.datei import oeffne
from sozialindex.einlesen.einstellungen import Einstellungen, Rolle, Spalte
from sozialindex.einlesen.ergebnis import Leseergebnis
from sozialindex.einlesen.erkennen import erkenne, vorschau
from sozialindex.einlesen.fehler import Dateifehler
from sozialindex.einlesen.lesen import lies
from sozialindex.einlesen.plausibilitaet import pruefe
from tests.sozialindex.einlesen.verzeichnisse import EINWOHNER, INDIKATOREN, LIEFERUNGEN, verzeichnis

VERZEICHNIS = verzeichnis(indikatoren=(*INDIKATOREN, EINWOHNER))
PROBEN = [p.read_bytes() for p in sorted(LIEFERUNGEN.glob("[01]*")) if p.suffix in (".csv", ".xlsx")]
KURZ = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
AUSWAHL = (
    "101;Innenstadt;STADT;999;Sozialraum Osterfeld;"
    "2019;2091;31.12.2020;sgb2;kinderarmut;einwohner;12,5;1.234;-;.;"
    "...;/;x;*;=1+1;@A1;-5;0;1e5;nan;26,8 r;1) Fuß;Zeichen: . = geheim, - = null;p;e; ;100;0,0;Zähler;Nenner;"
    "Jahr;Gebiet;Quartier;Wert;Anzahl;in %"
)
ZELLEN = st.sampled_from(AUSWAHL.split(";")) | st.text(max_size=12)
ANFAENGE = [b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe", b"\xef\xbb\xbf"]
KOEPFE = [
    "Jahr;Quartier_Nr;Quartier;Indikator;Zähler;Nenner",
    "Nr;Name;SGB-II-Quote in %;2019;Wert;wert_q",
    "",
]
EINGRIFFE = st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=3), st.integers(0, 40)), max_size=5)


def durchlauf(inhalt: bytes, name: str = "probe.csv") -> Leseergebnis | None:
    """Run the whole chain as an upload does; the person's missing answers are filled in."""
    try:
        quelle = oeffne(inhalt, name)
        einstellungen = erkenne(quelle, VERZEICHNIS)
        einstellungen = replace(
            einstellungen,
            indikator=einstellungen.indikator or "sgb2",
            stichtag=einstellungen.stichtag or "2020-12-31",
        )
        assert Einstellungen.aus_dict(einstellungen.als_dict()) == einstellungen
        vorschau(quelle, einstellungen)
        ergebnis = lies(quelle, einstellungen, VERZEICHNIS)
    except Dateifehler as fehler:
        assert str(fehler)  # noqa: PT017 (most runs succeed)
        return None
    hinweise = pruefe(ergebnis.werte, VERZEICHNIS, ergebnis.werte)
    als_csv(als_dict(ergebnis, hinweise))
    return ergebnis


@KURZ
@given(st.binary(max_size=400))
def test_beliebige_bytes(inhalt):
    durchlauf(inhalt)


@KURZ
@given(st.sampled_from(ANFAENGE), st.binary())
def test_beliebige_bytes_hinter_bekanntem_anfang(anfang, inhalt):
    durchlauf(anfang + inhalt, "probe.xlsx")


@KURZ
@given(st.sampled_from(PROBEN), EINGRIFFE)
def test_veraenderte_proben(inhalt, eingriffe):
    for stelle, ersatz, laenge in eingriffe:
        i = int(stelle * len(inhalt))
        inhalt = inhalt[:i] + ersatz + inhalt[i + laenge :]
    durchlauf(inhalt)


@KURZ
@given(
    st.sampled_from(KOEPFE),
    st.lists(st.lists(ZELLEN, max_size=8), max_size=12),
    st.sampled_from(";,\t|"),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_beliebige_tabellen(kopf, zeilen, trenner, kodierung):
    puffer = io.StringIO(newline="")
    schreiber = csv.writer(puffer, delimiter=trenner)
    schreiber.writerow(kopf.split(";"))
    schreiber.writerows(zeilen)
    durchlauf(puffer.getvalue().encode(kodierung, "replace"))


@KURZ
@given(st.lists(st.tuples(ZELLEN, ZELLEN, ZELLEN, ZELLEN, ZELLEN), min_size=1, max_size=15))
def test_jede_zeile_ist_wert_fehler_oder_ausgelassen(zeilen):
    puffer = io.StringIO(newline="")
    csv.writer(puffer, delimiter=";").writerows([("A", "B", "C", "D", "E"), *zeilen])
    rollen = (Rolle.JAHR, Rolle.GEBIET_NUMMER, Rolle.INDIKATOR, Rolle.ZAEHLER, Rolle.NENNER)
    spalten = tuple(Spalte(r) for r in rollen)
    einstellungen = Einstellungen(kodierung="utf-8", trennzeichen=";", spalten=spalten)
    inhalt = puffer.getvalue().encode("utf-8", "replace")
    try:
        quelle = oeffne(inhalt, "x.csv")
        ergebnis = lies(quelle, einstellungen, VERZEICHNIS)
        nummern = {n for n, _ in quelle.zeilen(einstellungen) if n > 1}
    except Dateifehler:
        return
    genannt = {f.zeile for f in ergebnis.fehler} | {a.zeile for a in ergebnis.ausgelassen}
    assert genannt | set(ergebnis.werte["zeile"]) == nummern
    assert not {f.zeile for f in ergebnis.fehler} & set(ergebnis.werte["zeile"])
