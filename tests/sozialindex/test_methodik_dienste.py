import json

import pytest
from django.core.management import CommandError, call_command

from sozialindex.berechnung.fehler import Methodikfehler
from sozialindex.dienste.fehler import Lauffehler
from sozialindex.dienste.laeufe import berechne_lauf
from sozialindex.dienste.methodik import (
    OhneAenderung,
    VersionVergeben,
    lade_methodik,
    lege_methodik_an,
    lege_neue_version_an,
    naechste_version,
    vergleiche,
    vergleichsbild,
)
from sozialindex.models import Methodik

from .fabriken import STICHTAG, Kleinstadt, MethodikFabrik, methodikdaten

pytestmark = pytest.mark.django_db

DATEN = methodikdaten("armut", "alter")


def test_lege_methodik_an_speichert_die_kanonische_form(konto):
    benutzer = konto("sozialplanung")
    methodik = lege_methodik_an(daten=json.dumps(DATEN), benutzer=benutzer)
    methodik.refresh_from_db()
    assert (methodik.schluessel, methodik.version, methodik.titel) == ("test", 1, "Testindex")
    assert methodik.daten == DATEN
    assert methodik.angelegt_von == benutzer


def test_version_wird_nie_ueberschrieben():
    lege_methodik_an(daten=DATEN)
    with pytest.raises(VersionVergeben) as fehler:
        lege_methodik_an(daten=DATEN | {"titel": "Anders"})
    assert fehler.value.naechste == 2
    assert str(fehler.value) == (
        "Die Methodik „test“ hat schon eine Version 1; sie bleibt, wie sie ist. Die nächste Version ist 2."
    )
    assert Methodik.objects.get().titel == "Testindex"


def test_alle_fehler_des_satzes():
    kaputt = methodikdaten("armut", status={"art": "fest", "grenzen": [1, -1], "klassen": ["a"]})
    with pytest.raises(Methodikfehler) as fehler:
        lege_methodik_an(daten=kaputt)
    assert fehler.value.meldungen == [
        "status.grenzen: die Grenzen müssen aufsteigen, jede größer als die vorige.",
        "status.klassen: zu 2 Grenzen gehören 3 Klassen, nicht 1.",
    ]
    assert not Methodik.objects.exists()


def test_zu_langer_titel_ist_ein_methodikfehler():
    with pytest.raises(Methodikfehler) as fehler:
        lege_methodik_an(daten=DATEN | {"titel": "x" * 151})
    assert fehler.value.meldungen[0].startswith("titel: ")


def test_naechste_version():
    assert naechste_version("test") == 1
    MethodikFabrik(version=4)
    assert naechste_version("test") == 5


def test_neue_version_zaehlt_weiter_und_laesst_die_alte():
    alt = lege_methodik_an(daten=DATEN)
    neu = lege_neue_version_an(alt=alt, daten=DATEN | {"titel": "Neuer Titel", "version": 99})
    assert (neu.schluessel, neu.version, neu.daten["version"], neu.titel) == ("test", 2, 2, "Neuer Titel")
    alt.refresh_from_db()
    assert alt.daten == DATEN


def test_doppelklick_legt_nur_eine_version_an():
    alt = lege_methodik_an(daten=DATEN)
    geaendert = DATEN | {"titel": "Neuer Titel", "version": 2}
    lege_neue_version_an(alt=alt, daten=geaendert)
    with pytest.raises(OhneAenderung) as fehler:
        lege_neue_version_an(alt=alt, daten=geaendert | {"version": 3})
    assert str(fehler.value) == (
        "Diese Angaben stehen schon so in Version 2. Es wurde keine neue Version angelegt."
    )
    assert Methodik.objects.count() == 2


def test_laden_ist_wiederholbar_und_lehnt_widerspruch_ab(tmp_path, capsys):
    datei = tmp_path / "m.json"
    datei.write_text(json.dumps(DATEN), encoding="utf-8")
    call_command("methodik_laden", datei)
    call_command("methodik_laden", datei)
    assert capsys.readouterr().out == (
        "Testindex, Version 1 (test) ist geladen.\nTestindex, Version 1 (test) war schon da.\n"
    )
    datei.write_text(json.dumps(DATEN | {"titel": "Anders"}), encoding="utf-8")
    with pytest.raises(CommandError, match=r"Der Inhalt weicht ab.*nächste Version ist 2"):
        call_command("methodik_laden", datei)
    datei.write_text("{", encoding="utf-8")
    with pytest.raises(CommandError, match=r"Es wurde nichts geladen\.\nMethodik: kein gültiges JSON"):
        call_command("methodik_laden", datei)
    with pytest.raises(CommandError, match="ist nicht lesbar"):
        call_command("methodik_laden", tmp_path / "fehlt.json")


def test_laden_ergaenzt_vorgaben():
    methodik, neu = lade_methodik(daten={**DATEN, "hinweis": ""})
    assert neu
    assert methodik.daten["hinweis"] == ""


# --- comparison: quarter k has 2k cases of armut and 5 + 2·(k mod 3) of alter per 100 ---


def ohne_alter(**abweichend):
    return methodikdaten("armut", version=2, **abweichend)


def test_vergleich_mit_sich_selbst_hat_keinen_wechsel():
    Kleinstadt()
    tabelle = vergleiche(alt=DATEN, neu=DATEN, stichtag=STICHTAG)
    assert list(tabelle.index) == ["1002", "1004", "1006", "2001", "2003", "2005"]
    assert not tabelle["wechsel"].any()
    assert (tabelle["statusindex_alt"] == tabelle["statusindex_neu"]).all()


def test_vergleich_rechnet_was_ein_lauf_rechnet():
    Kleinstadt()
    methodik = MethodikFabrik(daten=DATEN)
    neu = MethodikFabrik(version=2, daten=ohne_alter())
    tabelle = vergleiche(alt=DATEN, neu=ohne_alter(), stichtag=STICHTAG)
    for seite, lauf in (
        ("alt", berechne_lauf(stichtag=STICHTAG, methodik=methodik)),
        ("neu", berechne_lauf(stichtag=STICHTAG, methodik=neu)),
    ):
        felder = ("statusindex", "statusklasse", "dynamikindex", "dynamikklasse")
        for ergebnis in lauf.ergebnisse.select_related("gebiet"):
            zeile = tabelle.loc[ergebnis.gebiet.nummer]
            assert [zeile[f"{feld}_{seite}"] for feld in felder] == [
                getattr(ergebnis, feld) for feld in felder
            ]


def test_wechsel_stehen_vorn():
    Kleinstadt()
    tabelle = vergleiche(alt=DATEN, neu=ohne_alter(), stichtag=STICHTAG)
    # armut alone: z = −1.46, −0.88, −0.29, 0.29, 0.88, 1.46 in the order of k.
    assert tabelle["statusindex_neu"].round(2).to_dict() == {
        "2001": -1.46,
        "1002": -0.88,
        "2003": -0.29,
        "1004": 0.29,
        "2005": 0.88,
        "1006": 1.46,
    }
    assert tabelle.loc["2001", ["statusklasse_neu", "wechsel_status"]].tolist()[0] == "hoch"
    anzahl = int(tabelle["wechsel"].sum())
    assert 0 < anzahl < 6
    assert tabelle["wechsel"].tolist() == [True] * anzahl + [False] * (6 - anzahl)
    for zeile in tabelle.itertuples():
        assert zeile.wechsel_status == (zeile.statusklasse_alt != zeile.statusklasse_neu)
        assert zeile.wechsel == (zeile.wechsel_status or zeile.wechsel_dynamik)


def test_ein_anderes_wort_ist_kein_wechsel():
    Kleinstadt()
    klassen = ["gut", "mittel", "schlecht", "sehr schlecht"]
    neu = methodikdaten("armut", "alter", status=DATEN["status"] | {"klassen": klassen})
    tabelle = vergleiche(alt=DATEN, neu=neu, stichtag=STICHTAG)
    assert not tabelle["wechsel"].any()
    assert set(tabelle["statusklasse_neu"]) <= set(klassen)


def test_andere_zahl_von_klassen_vergleicht_die_woerter():
    Kleinstadt()
    neu = methodikdaten(
        "armut", "alter", status={"art": "fest", "grenzen": [0], "klassen": ["hoch", "mittel"]}
    )
    tabelle = vergleiche(alt=DATEN, neu=neu, stichtag=STICHTAG)
    assert (tabelle["wechsel_status"] == (tabelle["statusklasse_alt"] != tabelle["statusklasse_neu"])).all()


def test_ausgeschlossenes_gebiet_ist_ein_wechsel_mit_grund():
    Kleinstadt()
    einschluss = DATEN["einschluss"] | {"ausgeschlossen": [{"gebiet": "2003", "grund": "Umbau"}]}
    neu = methodikdaten("armut", "alter", einschluss=einschluss)
    zeile = vergleiche(alt=DATEN, neu=neu, stichtag=STICHTAG).loc["2003"]
    assert (zeile["einbezogen_alt"], zeile["einbezogen_neu"]) == (True, False)
    assert zeile["grund_neu"] == "ausgeschlossen: Umbau"
    assert zeile["statusklasse_neu"] == ""
    assert zeile["wechsel_status"]


def test_vergleich_mit_den_werten_eines_laufs_bleibt_bei_ihnen():
    stadt = Kleinstadt()
    lauf = berechne_lauf(stichtag=STICHTAG, methodik=MethodikFabrik(daten=DATEN))
    vorher = vergleiche(alt=DATEN, neu=ohne_alter(), lauf=lauf)
    assert vorher.equals(vergleiche(alt=DATEN, neu=ohne_alter(), stichtag=STICHTAG))
    wert = stadt.quartiere[0].werte.get(definition=stadt.armut, stichtag=STICHTAG)
    type(wert).objects.filter(pk=wert.pk).update(zaehler=90, wert=90)
    assert vergleiche(alt=DATEN, neu=ohne_alter(), lauf=lauf).equals(vorher)
    assert not vergleiche(alt=DATEN, neu=ohne_alter(), stichtag=STICHTAG).equals(vorher)


def test_vergleich_ohne_dynamik_mit_einem_lauf():
    Kleinstadt()
    lauf = berechne_lauf(stichtag=STICHTAG, methodik=MethodikFabrik(daten=DATEN))
    tabelle = vergleiche(alt=DATEN, neu=methodikdaten("armut", dynamik={"jahre": None}), lauf=lauf)
    assert set(tabelle["dynamikklasse_neu"]) == {""}
    assert tabelle["dynamikindex_neu"].isna().all()


@pytest.mark.parametrize(
    ("neu", "grund"),
    [
        (
            methodikdaten("armut", "fremd"),
            "Neue Methodik: Der Indexlauf 1 enthält keine Werte von fremd in der verlangten Definition. "
            "Vergleichen Sie an einem Stichtag statt mit diesem Lauf.",
        ),
        (
            methodikdaten("armut", dynamik=DATEN["dynamik"] | {"jahre": 2}),
            "Neue Methodik: Der Indexlauf 1 enthält keine Werte zum Vergleichsstichtag 31.12.2018. "
            "Vergleichen Sie an einem Stichtag statt mit diesem Lauf.",
        ),
    ],
)
def test_lauf_ohne_die_noetigen_werte(neu, grund):
    Kleinstadt()
    lauf = berechne_lauf(stichtag=STICHTAG, methodik=MethodikFabrik(daten=DATEN))
    with pytest.raises(Lauffehler) as fehler:
        vergleiche(alt=DATEN, neu=neu, lauf=lauf)
    assert str(fehler.value) == grund


def test_stichtag_ohne_werte_nennt_die_seite():
    with pytest.raises(Lauffehler, match=r"^Bisherige Methodik: Zum Stichtag 31\.12\.2020 liegt kein"):
        vergleiche(alt=DATEN, neu=DATEN, stichtag=STICHTAG)


def test_vergleichsbild_trennt_und_zaehlt():
    Kleinstadt()
    tabelle = vergleiche(alt=DATEN, neu=ohne_alter(), stichtag=STICHTAG)
    bild = vergleichsbild(alt=DATEN, neu=ohne_alter(), stichtag=STICHTAG)
    assert [zeile.gebiet.nummer for zeile in [*bild.wechsel, *bild.uebrige]] == list(tabelle.index)
    assert (bild.anzahl, bild.anzahl_status, bild.anzahl_dynamik) == (
        6,
        tabelle["wechsel_status"].sum(),
        tabelle["wechsel_dynamik"].sum(),
    )
    erste = bild.wechsel[0]
    assert erste.neu.statusklasse.wort == tabelle.iloc[0]["statusklasse_neu"]
    assert erste.alt.statusindex == tabelle.iloc[0]["statusindex_alt"]


@pytest.mark.parametrize("quartiere", [6, 12])
def test_zahl_der_abfragen_waechst_nicht_mit_den_gebieten(quartiere, django_assert_num_queries):
    Kleinstadt(quartiere=quartiere)
    with django_assert_num_queries(25):
        vergleichsbild(alt=DATEN, neu=ohne_alter(), stichtag=STICHTAG)
