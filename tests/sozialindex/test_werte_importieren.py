"""The command: always valid JSON, exit status 1 when anything was refused."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from quartiere.models import Ebene
from sozialindex.models import Importprofil, Lieferung, Wert

from .musterstadt import lange_datei, lege_stadt_an, probe, wert

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def stadt(db):
    return lege_stadt_an()


def importiere(pfad, *schalter, **angaben):
    """Run the command; return (exit status, report)."""
    ausgabe = StringIO()
    status = 0
    try:
        call_command("werte_importieren", str(pfad), *schalter, stdout=ausgabe, **angaben)
    except SystemExit as ende:
        status = ende.code
    return status, json.loads(ausgabe.getvalue())


def zahlen(bericht):
    return tuple(bericht[name] for name in ("neu", "geaendert", "gleich", "ausgelassen", "fehler_anzahl"))


def test_01_uebernimmt_alle_zeilen():
    status, bericht = importiere(probe("01"))
    assert (status, zahlen(bericht), bericht["fehler"]) == (0, (1323, 0, 0, 0, 0), [])
    assert Wert.objects.aktuell().count() == 1323
    assert (wert("101", "sgb2", 2016).zaehler, wert("101", "sgb2", 2016).nenner) == (3742, 10319)
    assert wert("101", "sgb2", 2016).wert == 100 * 3742 / 10319


def test_dieselbe_datei_noch_einmal_aendert_nichts():
    importiere(probe("01"))
    vorher = list(Wert.objects.order_by("pk").values_list())
    status, bericht = importiere(probe("01"))
    assert (status, zahlen(bericht), bericht["gespeichert"]) == (0, (0, 0, 1323, 0, 0), False)
    assert list(Wert.objects.order_by("pk").values_list()) == vorher
    assert Lieferung.objects.count() == 1


def test_02_haelt_vier_zeichen_und_null_auseinander():
    status, bericht = importiere(probe("02"))
    assert (status, bericht["fehler"]) == (0, [])
    assert bericht["neu"] == 34 * 7
    assert bericht["zustaende"] == {"v": 234, "0": 1, "g": 1, "u": 1, "t": 1}
    zustaende = {
        ("502", "jugend_alo"): ("u", None),
        ("503", "altersarmut"): ("0", 0.0),
        ("504", "jugend_alo"): ("g", None),
        ("404", "kinderreich"): ("t", None),
    }
    for (nummer, indikator), erwartet in zustaende.items():
        gefunden = wert(nummer, indikator, 2022)
        assert (gefunden.zustand, gefunden.wert) == erwartet
    assert (wert("104", "alleinerziehend", 2022).wert, wert("104", "alleinerziehend", 2022).qualitaet) == (
        26.8,
        "r",
    )


def test_02_speichert_sozialraeume_und_stadt_als_deren_werte():
    importiere(probe("02"))
    assert Wert.objects.filter(gebiet__ebene=Ebene.QUARTIER).count() == 27 * 7
    assert Wert.objects.filter(gebiet__ebene=Ebene.SOZIALRAUM).count() == 6 * 7
    assert (wert("6", "sgb2", 2022).wert, wert("", "sgb2", 2022).wert) == (20.8, 18.9)


def test_02_sagt_was_ausgelassen_wurde():
    _, bericht = importiere(probe("02"), "--probelauf")
    gruende = {eintrag["text"][:8]: eintrag["grund"] for eintrag in bericht["ausgelassene_zeilen"]}
    assert gruende["Stadt Ob"] == "Titelzeile über der Kopfzeile"
    assert gruende["Quelle: "] == "Fußzeile oder Erläuterung"
    assert bericht["gespeichert"] is False
    assert not Wert.objects.exists()


def test_03_verlangt_den_indikator_und_entfaltet_die_jahre():
    status, bericht = importiere(probe("03"))
    assert (status, bericht["fehler"][0]["grund"]) == (
        1,
        "Es fehlen noch Angaben: Zu welchem Indikator gehören die Werte?",
    )
    status, bericht = importiere(probe("03"), indikator="sgb2")
    assert (status, bericht["neu"]) == (0, 27 * 7)
    assert (wert("101", "sgb2", 2016).wert, wert("101", "sgb2", 2022).wert) == (36.3, 37.8)


def test_04_macht_aus_dem_stern_geheim():
    status, bericht = importiere(probe("04"))
    assert (status, bericht["fehler"]) == (0, [])
    geheime = Wert.objects.filter(zustand="g")
    assert geheime.count() == bericht["zustaende"]["g"] > 0
    assert not Wert.objects.filter(zustand="0").exists()
    assert set(geheime.values_list("wert", flat=True)) == {None}


def test_05_liest_qualitaet_und_datum():
    status, bericht = importiere(probe("05"))
    assert (status, bericht["umfang"]["stichtage"]) == (0, ["2020-12-31"])
    assert set(Wert.objects.values_list("qualitaet", flat=True)) == {"", "p"}
    assert wert("101", "kinderreich", 2020).wert == 21.3


def test_06_geht_ohne_zuordnung_von_hand():
    status, bericht = importiere(probe("06"), indikator="sgb2")
    assert (status, bericht["neu"], wert("104", "sgb2", 2018).wert) == (0, 27 * 7, 21.0)


def test_07_nennt_jede_schlechte_zeile_und_speichert_nichts():
    status, bericht = importiere(probe("07"))
    assert (status, bericht["gespeichert"], Wert.objects.count()) == (1, False, 0)
    zeilen = {fehler["zeile"]: (fehler["spalte"], fehler["text"]) for fehler in bericht["fehler"]}
    assert zeilen[4] == ("Zähler", "5286")
    assert zeilen[6] == ("Zähler", "zwölf")
    assert zeilen[8] == ("Nenner", "0")
    assert zeilen[10][1] in {"999", "Hogwarts"}
    assert zeilen[14] == ("Zähler", "-5")
    assert zeilen[16] == ("Jahr", "2091")
    assert zeilen[18] == ("Indikator", "sgb_zwei")
    assert {3, 30} <= set(zeilen)


def test_07_uebernimmt_auf_wunsch_nur_die_guten_zeilen():
    status, bericht = importiere(probe("07"), "--nur-gute")
    assert (status, bericht["gespeichert"]) == (1, True)
    assert Wert.objects.count() == bericht["neu"] > 0
    lieferung = Lieferung.objects.get()
    assert (lieferung.nur_gute, lieferung.zustand, lieferung.fehler) == (
        True,
        "uebernommen",
        bericht["fehler_anzahl"],
    )
    assert not Wert.objects.filter(gebiet__nummer="102").exists()


@pytest.mark.parametrize("name", ["08", "09"])
def test_08_09_klare_meldung(name):
    status, bericht = importiere(probe(name))
    assert (status, bericht["neu"], bericht["fehler"][0]["zeile"]) == (1, 0, None)
    assert bericht["fehler"][0]["grund"]


def test_10_meldet_formeln_als_unbekannt():
    status, bericht = importiere(probe("10"))
    assert (status, bericht["gespeichert"], bericht["werte"]) == (1, False, 0)
    assert {fehler["zeile"] for fehler in bericht["fehler"]} == {2, 3, 4}


@pytest.mark.parametrize(
    ("schalter", "angaben", "grund"),
    [
        (
            (),
            {"profil": "gibt es nicht"},
            "Ein Importprofil „gibt es nicht“ gibt es nicht (vorhanden: keine).",
        ),
        ((), {"indikator": "unsinn"}, "Einen Indikator mit dem Schlüssel „unsinn“ gibt es nicht."),
        ((), {"jahr": "2091"}, "Angabe --jahr: „2091“ liegt in der Zukunft."),
        ((), {"jahr": "bald"}, "Angabe --jahr: „bald“ ist weder ein Jahr noch ein Datum."),
    ],
)
def test_falsche_angaben_werden_als_json_abgelehnt(schalter, angaben, grund):
    status, bericht = importiere(probe("01"), *schalter, **angaben)
    assert (status, bericht["fehler"]) == (
        1,
        [{"zeile": None, "spalte": None, "text": "", "grund": grund}],
    )


def test_fehlende_datei_wird_als_json_abgelehnt(tmp_path):
    status, bericht = importiere(tmp_path / "gibtesnicht.csv")
    assert (status, bericht["gespeichert"]) == (1, False)
    assert bericht["fehler"][0]["grund"].startswith("Die Datei lässt sich nicht öffnen")


def test_ordner_statt_datei_wird_als_json_abgelehnt(tmp_path):
    status, bericht = importiere(tmp_path)
    assert (status, bericht["neu"]) == (1, 0)


def test_ohne_datei_gilt_die_uebliche_hilfe():
    with pytest.raises(CommandError):
        call_command("werte_importieren")


def test_profil_ersetzt_die_angaben(tmp_path):
    importiere(probe("03"), indikator="sgb2")
    einstellungen = Lieferung.objects.get().einstellungen
    Importprofil.objects.create(name="Jahre", signatur=["anders"], einstellungen=einstellungen)
    status, bericht = importiere(probe("03"), profil="Jahre")
    assert (status, zahlen(bericht)) == (0, (0, 0, 189, 0, 0))


def test_jahr_ergaenzt_die_datei(tmp_path):
    pfad = tmp_path / "a.csv"
    pfad.write_text("Nr;Quartier;SGB-II-Quote\n101;Innenstadt;37,8\n102;Marienviertel-West;28,7\n", "utf-8")
    assert importiere(pfad)[0] == 1
    status, bericht = importiere(pfad, jahr="2022")
    assert (status, bericht["neu"], wert("101", "sgb2", 2022).wert) == (0, 2, 37.8)


def test_leere_zelle_verdraengt_keinen_geltenden_wert(tmp_path):
    importiere(lange_datei(tmp_path, "2019;101;Innenstadt;sgb2;40;100"))
    zweite = lange_datei(tmp_path, "2019;101;Innenstadt;sgb2;;", "2019;104;Styrum;sgb2;;", name="leer.csv")
    status, bericht = importiere(zweite)
    assert (status, zahlen(bericht)) == (0, (1, 0, 0, 0, 0))
    assert (
        "1 Zelle ist leer, obwohl für sie schon ein Wert gilt. Der geltende Wert bleibt."
        in bericht["hinweise"]
    )
    assert (wert("101", "sgb2", 2019).wert, wert("104", "sgb2", 2019).zustand) == (40.0, "n")
