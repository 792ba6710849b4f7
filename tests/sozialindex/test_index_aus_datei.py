"""The command against five published editions of a city's index, and its refusals."""

import csv
import io
import json

import pytest
from django.core.management import CommandError, call_command

AUSGABEN = {2013: ["s1", "s2", "s3", "s4"], 2015: ["s1", "s2", "s3", "s4"], 2017: ["s1", "s2", "s3", "s4"]}
AUSGABEN |= {2019: ["s1", "s3", "s4"], 2021: ["s1", "s3", "s4"]}
MINDESTGROESSE = 300
AUSREISSER = {2019: [{"gebiet": "10010203", "grund": "erklärter Ausreißer"}]}


def methodik(namen, jahr=None, **aenderungen):
    satz = {
        "schluessel": "vergleich",
        "version": 1,
        "titel": "Vergleich mit einem veröffentlichten Index",
        "hinweis": "",
        "indikatoren": [
            {"schluessel": name, "definition": 1, "polung": 1, "gewicht": 1.0, "transformation": "keine"}
            for name in namen
        ],
        "einschluss": {
            "min_einwohner": MINDESTGROESSE,
            "min_indikatoren": len(namen),
            "ausgeschlossen": AUSREISSER.get(jahr, []),
        },
        "normierung": {"art": "z", "standardabweichung": "population", "nullpunkt": "gebietsmittel"},
        "index": {"aggregation": "arithmetisch", "skala": "restandardisiert"},
        "status": {
            "art": "fest",
            "grenzen": [-1, 1, 1.5],
            "klassen": ["hoch", "mittel", "niedrig", "sehr niedrig"],
        },
        "dynamik": {
            "jahre": 2,
            "mass": "prozentpunkte",
            "art": "fest",
            "grenzen": [-1, 1],
            "klassen": ["positiv", "stabil", "negativ"],
        },
        "robustheit": {"laeufe": 10, "startwert": 1, "gewichtsrauschen": 0.25},
    }
    return satz | aenderungen


def rechne(ordner, werte, satz):
    (ordner / "werte.csv").write_bytes(werte if isinstance(werte, bytes) else werte.encode())
    (ordner / "methodik.json").write_text(json.dumps(satz), encoding="utf-8")
    ausgabe = ordner / "ergebnis.csv"
    meldungen = io.StringIO()
    call_command(
        "index_aus_datei",
        str(ordner / "werte.csv"),
        methodik=ordner / "methodik.json",
        ausgabe=ausgabe,
        stdout=meldungen,
        stderr=meldungen,
    )
    with ausgabe.open(encoding="utf-8", newline="") as datei:
        return list(csv.DictReader(datei, delimiter=";"))


def als_wertedatei(zeilen, namen):
    kopf = ["gebiet", "name", "einwohner", *namen, *(f"dyn_{name}" for name in namen)]
    quellen = ["id", "name", "einwohner", *namen, *(name.replace("s", "d") for name in namen)]
    puffer = io.StringIO()
    schreiber = csv.writer(puffer, delimiter=";", lineterminator="\n")
    schreiber.writerow(kopf)
    schreiber.writerows([zeile[quelle] for quelle in quellen] for zeile in zeilen)
    return puffer.getvalue()


@pytest.mark.parametrize("jahr", AUSGABEN)
def test_veroeffentlichte_ausgabe(referenzdaten, tmp_path, jahr):
    pfad = referenzdaten / "referenz" / "berlin_mss" / f"mss_{jahr}.csv"
    with pfad.open(encoding="utf-8", newline="") as datei:
        veroeffentlicht = list(csv.DictReader(datei))
    ergebnis = rechne(
        tmp_path, als_wertedatei(veroeffentlicht, AUSGABEN[jahr]), methodik(AUSGABEN[jahr], jahr)
    )
    assert [zeile["gebiet"] for zeile in ergebnis] == [zeile["id"] for zeile in veroeffentlicht]
    abweichung, falsch = 0.0, []
    for ist, soll in zip(ergebnis, veroeffentlicht, strict=True):
        vergleich = ("einbezogen", "statusklasse", "dynamikklasse", "gesamtindex")
        erwartet = (soll["einbezogen"], soll["status_klasse"], soll["dynamik_klasse"], soll["gesamtindex"])
        if tuple(ist[name] for name in vergleich) != erwartet:
            falsch.append((soll["id"], erwartet))
        if soll["statusindex"]:
            abweichung = max(abweichung, abs(float(ist["statusindex"]) - float(soll["statusindex"])))
    print(f"{jahr}: {len(ergebnis)} Gebiete, falsch {len(falsch)}, größte Abweichung {abweichung:.2e}")
    assert falsch == []
    assert abweichung <= 1e-4


WERTE = "gebiet;einwohner;s1\n03;500;1,0\n01;500;2,0\n02;299;9,0\n04;500;3,0\n05;500;4,0\n06;500;5,0\n"


def test_ausgabe_zeile_fuer_zeile(tmp_path):
    satz = methodik(["s1"], index={"aggregation": "arithmetisch", "skala": "summe"})
    rechne(tmp_path, WERTE, satz)
    # mean 3, population sd √2: z = −√2, −1/√2, 0, 1/√2, √2
    assert (tmp_path / "ergebnis.csv").read_text(encoding="utf-8").splitlines() == [
        "gebiet;einbezogen;statussumme;statusindex;statusklasse;dynamikindex;dynamikklasse;gesamtindex;beitrag_s1",
        "03;1;-1.414213562373095;-1.414213562373095;hoch;;;;-1.414213562373095",
        "01;1;-0.7071067811865475;-0.7071067811865475;mittel;;;;-0.7071067811865475",
        "02;0;;;;;;;",
        "04;1;0.0;0.0;mittel;;;;0.0",
        "05;1;0.7071067811865475;0.7071067811865475;mittel;;;;0.7071067811865475",
        "06;1;1.414213562373095;1.414213562373095;niedrig;;;;1.414213562373095",
    ]


def test_fehler_laesst_alte_ausgabe_stehen(tmp_path):
    (tmp_path / "ergebnis.csv").write_text("alt")
    with pytest.raises(CommandError, match="Zeile 2, Spalte „s1“: „x“ ist keine Zahl"):
        rechne(tmp_path, "gebiet;s1\n1;x\n", methodik(["s1"]))
    assert (tmp_path / "ergebnis.csv").read_text() == "alt"
    assert sorted(pfad.name for pfad in tmp_path.iterdir()) == ["ergebnis.csv", "methodik.json", "werte.csv"]


def test_methodikfehler_nennt_die_stelle(tmp_path):
    with pytest.raises(CommandError, match="schluessel: darf nicht leer sein"):
        rechne(tmp_path, WERTE, methodik(["s1"], schluessel=""))


def test_zu_wenige_gebiete(tmp_path):
    with pytest.raises(CommandError, match="Nur 1 von 1 Gebieten können einbezogen werden"):
        rechne(tmp_path, "gebiet;s1\n1;3\n", methodik(["s1"]))


def test_fehlende_datei(tmp_path):
    with pytest.raises(CommandError, match=r"fehlt\.json ist nicht lesbar"):
        call_command("index_aus_datei", "w.csv", methodik=tmp_path / "fehlt.json", ausgabe=tmp_path / "e.csv")
