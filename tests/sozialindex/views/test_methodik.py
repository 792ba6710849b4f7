import json
from urllib.parse import quote

import pytest
from django.urls import reverse

from sozialindex.dienste.laeufe import berechne_lauf, pruefe_lauf, veroeffentliche_lauf
from sozialindex.models import Methodik

from ..fabriken import STICHTAG, DefinitionFabrik, Kleinstadt, MethodikFabrik, methodikdaten

pytestmark = pytest.mark.django_db

LISTE = reverse("sozialindex:methodiken")
NEU = reverse("sozialindex:methodik_neu")


def adresse(name="methodik", version=1, schluessel="test"):
    return reverse(f"sozialindex:{name}", kwargs={"schluessel": schluessel, "version": version})


@pytest.fixture
def planung(client_als):
    return client_als("sozialplanung")


@pytest.fixture
def veroeffentlicht(konto):
    """A small city with a published run of version 1 and an unused version 2."""
    Kleinstadt()
    methodik = MethodikFabrik(titel="Erste Fassung")
    lauf = berechne_lauf(stichtag=STICHTAG, methodik=methodik, erstellt_von=konto("sozialplanung"))
    pruefe_lauf(lauf=lauf, geprueft_von=konto("sozialplanung"))
    veroeffentliche_lauf(lauf=lauf, veroeffentlicht_von=konto("leitung"))
    MethodikFabrik(version=2, titel="Zweite Fassung")
    return methodik


# --- list and page ---


def test_liste_zeigt_versionen_mit_ihren_laeufen(planung, veroeffentlicht):
    reihe = planung.get(LISTE).context["reihen"][0]
    assert [methodik.version for methodik in reihe.versionen] == [2, 1]
    assert [[lauf.nummer for lauf in methodik.sichtbare_laeufe] for methodik in reihe.versionen] == [[], [1]]
    assert reihe.neueste.version == 2


@pytest.mark.parametrize("rolle", ["oeffentlich", "traeger"])
def test_ungenutzte_fassung_ist_nicht_oeffentlich(client_als, veroeffentlicht, rolle):
    client = client_als(rolle)
    seite = client.get(LISTE)
    assert [methodik.version for methodik in seite.context["reihen"][0].versionen] == [1]
    assert "Zweite Fassung" not in seite.text
    assert client.get(adresse(version=1)).status_code == 200
    assert client.get(adresse(version=2)).status_code == 404
    assert client.get(adresse("methodik_json", version=2)).status_code == 404


def test_entwurf_eines_laufs_ist_nicht_oeffentlich(client, veroeffentlicht):
    berechne_lauf(stichtag=STICHTAG, methodik=veroeffentlicht)
    laeufe = client.get(adresse()).context["methodik"].sichtbare_laeufe
    assert [lauf.nummer for lauf in laeufe] == [1]


@pytest.mark.parametrize("versionen", [1, 3])
def test_liste_braucht_immer_gleich_viele_abfragen(planung, versionen, django_assert_num_queries):
    for version in range(1, versionen + 1):
        MethodikFabrik(version=version)
    planung.get(LISTE)
    with django_assert_num_queries(6):
        planung.get(LISTE)


def test_seite_erklaert_und_zeigt_gewichte(planung):
    Kleinstadt()
    daten = methodikdaten("armut", "alter")
    daten["indikatoren"][0] |= {"gewicht": 3.0, "polung": -1}
    MethodikFabrik(daten=daten)
    kontext = planung.get(adresse()).context
    assert [(zeile.name, zeile.gewicht, zeile.prozent) for zeile in kontext["zeilen"]] == [
        ("Indikator armut", 3.0, 75.0),
        ("Indikator alter", 1.0, 25.0),
    ]
    assert [titel for titel, _ in kontext["abschnitte"]] == [
        "Indikatoren",
        "Einbezogene Gebiete",
        "Normierung",
        "Gewichtung und Index",
        "Status",
        "Dynamik",
        "Lesart",
        "Robustheit",
    ]


def test_unbekannte_indikatoren_mit_link_zum_anlegen(planung):
    DefinitionFabrik(indikator__schluessel="armut")
    daten = methodikdaten("armut", "fremd")
    daten["indikatoren"][0]["definition"] = 2
    MethodikFabrik(daten=daten)
    seite = planung.get(adresse())
    assert [zeile.schluessel for zeile in seite.context["unbekannte"]] == ["armut", "fremd"]
    text = " ".join(seite.text.split())
    assert "Definition 2 von „Indikator armut“" in text
    assert "Indikator „fremd“" in text
    ziel = f"?schluessel=fremd&amp;zurueck={quote(adresse(), safe='')}"
    assert reverse("sozialindex:indikator_neu") + ziel in text


def test_json_ist_der_gespeicherte_satz(planung):
    MethodikFabrik()
    antwort = planung.get(adresse("methodik_json"))
    assert antwort["Content-Disposition"] == 'attachment; filename="methodik_test_1.json"'
    assert list(json.loads(antwort.content)) == list(methodikdaten())
    assert json.loads(antwort.content) == methodikdaten("armut", "alter")


# --- a record from a file ---


def test_anlegen_aus_text(planung):
    antwort = planung.post(NEU, {"text": json.dumps(methodikdaten("armut"))})
    assert antwort.url == adresse()
    assert Methodik.objects.get().daten == methodikdaten("armut")


def test_jeder_fehler_steht_am_feld(planung):
    kaputt = methodikdaten("armut", index={"aggregation": "median", "skala": "summe"}, titel="")
    fehler = planung.post(NEU, {"text": json.dumps(kaputt)}).context["form"].errors
    assert fehler == {
        "text": [
            "titel: darf nicht leer sein.",
            "index.aggregation: „median“ ist nicht bekannt; erlaubt: „arithmetisch“, „geometrisch“.",
        ]
    }


def test_vorhandene_version_wird_abgelehnt(planung):
    MethodikFabrik(version=1)
    MethodikFabrik(version=2)
    fehler = planung.post(NEU, {"text": json.dumps(methodikdaten("armut"))}).context["form"].errors
    assert fehler == {
        "text": [
            "Die Methodik „test“ hat schon eine Version 1; sie bleibt, wie sie ist. "
            "Die nächste Version ist 3."
        ]
    }
    assert Methodik.objects.count() == 2


def test_datei_hat_vorrang_am_feld(planung, tmp_path):
    datei = tmp_path / "methodik.json"
    datei.write_bytes(b"\xff\xfe{")
    with datei.open("rb") as inhalt:
        fehler = planung.post(NEU, {"datei": inhalt}).context["form"].errors
    assert fehler == {"datei": ["Methodik: die Datei ist nicht in UTF-8 geschrieben."]}


@pytest.mark.parametrize("angaben", [{}, {"text": "   "}])
def test_ohne_angabe(planung, angaben):
    fehler = planung.post(NEU, angaben).context["form"].non_field_errors()
    assert fehler == ["Bitte geben Sie entweder eine Datei oder einen Text an."]


# --- editor ---


def eingaben(client, **geaendert):
    """What a browser would send from the unchanged editor, with some fields changed."""
    editor = client.get(adresse("methodik_bearbeiten")).context["editor"]
    felder = {feld.html_name: feld.value() for feld in editor.form}
    basen = [wert for _, gruppe in editor.form.fields["basis"].choices for wert, _ in gruppe]
    felder["basis"] = next(iter(basen), "")
    felder |= {feld.html_name: feld.value() for feld in editor.zeilen.management_form}
    felder |= {feld.html_name: feld.value() for zeile in editor.zeilen for feld in zeile}
    felder = {name: "" if wert is None else wert for name, wert in felder.items() if wert is not False}
    return felder | geaendert


def sende(client, aktion, **geaendert):
    daten = eingaben(client, **geaendert) | {"aktion": aktion}
    return client.post(adresse("methodik_bearbeiten"), daten)


@pytest.fixture
def stadt():
    stadt = Kleinstadt()
    MethodikFabrik()
    return stadt


def test_unveraendert_gespeichert_wird_nichts(planung, stadt):
    antwort = sende(planung, "speichern")
    assert antwort.context["editor"].form.non_field_errors() == [
        "Diese Angaben stehen schon so in Version 1. Es wurde keine neue Version angelegt."
    ]
    assert Methodik.objects.count() == 1


def test_speichern_legt_die_naechste_version_an(planung, stadt):
    antwort = sende(
        planung,
        "speichern",
        **{
            "titel": "Mit Gewicht",
            "indikatoren-0-gewicht": "2,5",
            "indikatoren-1-polung": "-1",
            "indikatoren-1-transformation": "ln1p",
            "status_grenzen": "−0,5; 0,5; 1,25",
            "ausgeschlossen": "2003: Umbau bis Ende 2026: danach wieder dabei",
            "nullpunkt": "gebietsmittel",
            "min_einwohner": "1.000",
        },
    )
    assert antwort.url == adresse(version=2)
    neu = Methodik.objects.get(version=2)
    erwartet = methodikdaten("armut", "alter", version=2, titel="Mit Gewicht")
    erwartet["indikatoren"][0]["gewicht"] = 2.5
    erwartet["indikatoren"][1] |= {"polung": -1, "transformation": "ln1p"}
    erwartet["status"]["grenzen"] = [-0.5, 0.5, 1.25]
    erwartet["normierung"]["nullpunkt"] = "gebietsmittel"
    erwartet["einschluss"] = {
        "min_einwohner": 1000,
        "min_indikatoren": 2,
        "ausgeschlossen": [{"gebiet": "2003", "grund": "Umbau bis Ende 2026: danach wieder dabei"}],
    }
    assert neu.daten == erwartet
    assert neu.angelegt_von is not None
    assert Methodik.objects.get(version=1).daten == methodikdaten("armut", "alter")


def test_indikator_hinzufuegen_und_entfernen(planung, stadt):
    wohnen = DefinitionFabrik(indikator__schluessel="wohnen", indikator__name="Wohnen")
    DefinitionFabrik(indikator=wohnen.indikator, version=2)
    seite = sende(planung, "hinzufuegen", hinzufuegen="wohnen")
    editor = seite.context["editor"]
    assert [zeile.name for zeile in editor.zeilen] == ["Indikator armut", "Indikator alter", "Wohnen"]
    assert editor.zeilen[2]["definition"].value() == 2
    assert [key for key, _ in editor.form.fields["hinzufuegen"].choices] == [""]
    assert Methodik.objects.count() == 1
    zusatz = {"indikatoren-0-entfernen": "on", "hinzufuegen": "wohnen", "min_indikatoren": "2"}
    sende(planung, "speichern", **zusatz)
    indikatoren = Methodik.objects.get(version=2).daten["indikatoren"]
    assert [(eintrag["schluessel"], eintrag["definition"]) for eintrag in indikatoren] == [
        ("alter", 1),
        ("wohnen", 2),
    ]


def test_ohne_dynamik(planung, stadt):
    leer = {"dynamik_jahre": "", "dynamik_grenzen": "", "dynamik_klassen": ""}
    sende(planung, "speichern", **leer)
    assert Methodik.objects.get(version=2).daten["dynamik"]["jahre"] is None


@pytest.mark.parametrize(
    ("feld", "eingabe", "meldung"),
    [
        ("titel", "", "Dieses Feld ist zwingend erforderlich."),
        ("min_einwohner", "1,5", "„1,5“ ist keine ganze Zahl. Beispiel: 1000"),
        ("min_indikatoren", "3", "muss zwischen 1 und 2 liegen, nicht „3“."),
        ("status_grenzen", "1; -1; 2", "die Grenzen müssen aufsteigen, jede größer als die vorige."),
        ("status_grenzen", "1.125; 2; 3", "„1.125“ ist mehrdeutig. Bitte schreiben Sie 1,125 oder 1125."),
        ("status_klassen", "a; b", "zu 3 Grenzen gehören 4 Klassen, nicht 2."),
        ("dynamik_jahre", "0", "muss zwischen 1 und 100 liegen, nicht „0“."),
        ("gewichtsrauschen", "1", "muss mindestens 0 und kleiner als 1 sein."),
        ("laeufe", "0", "muss zwischen 1 und 100000 liegen, nicht „0“."),
        (
            "ausgeschlossen",
            "2003",
            "„2003“: Bitte schreiben Sie Nummer, Doppelpunkt und Grund, z. B. 101: Neubaugebiet.",
        ),
        ("aggregation", "geometrisch", "„geometrisch“ ist nur mit normierung.art „minmax“ möglich."),
    ],
)
def test_fehler_steht_am_feld(planung, stadt, feld, eingabe, meldung):
    seite = sende(planung, "speichern", **{feld: eingabe})
    assert seite.context["editor"].form.errors == {feld: [meldung]}
    assert seite.status_code == 200
    assert Methodik.objects.count() == 1


@pytest.mark.parametrize(
    ("eingabe", "meldung"),
    [
        ("0", "muss größer als 0 sein, nicht 0."),
        ("-1", "muss größer als 0 sein, nicht -1."),
        ("viel", "„viel“ ist keine Zahl. Beispiel: 1,5"),
    ],
)
def test_fehler_steht_an_der_zeile(planung, stadt, eingabe, meldung):
    seite = sende(planung, "speichern", **{"indikatoren-1-gewicht": eingabe})
    assert seite.context["editor"].zeilen.errors == [{}, {"gewicht": [meldung]}]
    assert f"Indikator alter, Gewicht: {meldung}" in seite.text


def test_fehler_an_der_richtigen_zeile_wenn_davor_eine_entfaellt(planung, stadt):
    geaendert = {"indikatoren-0-entfernen": "on", "indikatoren-1-gewicht": "0", "min_indikatoren": "1"}
    seite = sende(planung, "speichern", **geaendert)
    assert seite.context["editor"].zeilen[1].errors == {"gewicht": ["muss größer als 0 sein, nicht 0."]}


def test_kein_indikator_mehr(planung, stadt):
    alle = {"indikatoren-0-entfernen": "on", "indikatoren-1-entfernen": "on"}
    fehler = sende(planung, "speichern", **alle).context["editor"].form.errors
    assert fehler["__all__"] == ["indikatoren: braucht mindestens 1 Eintrag."]


def test_vergleichen_speichert_nichts(planung, stadt):
    seite = sende(planung, "vergleichen", **{"indikatoren-1-entfernen": "on", "min_indikatoren": "1"})
    bild = seite.context["vergleich"]
    assert bild.anzahl == 6
    assert bild.wechsel
    assert Methodik.objects.count() == 1
    assert f"{len(bild.wechsel)} von 6" in seite.text
    assert seite.context["editor"].zeilen[1]["entfernen"].value() is True


def test_vergleichen_mit_einem_lauf(planung, stadt):
    berechne_lauf(stichtag=STICHTAG, methodik=Methodik.objects.get())
    seite = sende(planung, "vergleichen", basis="lauf-1")
    assert (seite.context["vergleich"].wechsel, seite.context["vergleich"].anzahl) == ([], 6)


def test_vergleichen_mit_fehlern_sagt_es_auch_unten(planung, stadt):
    seite = sende(planung, "vergleichen", titel="")
    assert "vergleich" not in seite.context
    assert '<a href="#fehler">Bitte prüfen Sie Ihre Angaben.</a>' in seite.text
    assert 'id="fehler"' in seite.text


def test_unveraenderter_editor_hat_keine_fehler(planung, stadt):
    assert not planung.get(adresse("methodik_bearbeiten")).context["editor"].hat_fehler


def test_vergleichen_ohne_werte_sagt_warum(planung):
    MethodikFabrik()
    seite = sende(planung, "vergleichen")
    assert seite.context["vergleichsfehler"].startswith("Es gibt noch keinen Stichtag")


def test_vergleichen_nennt_den_grund_der_maschine(planung, stadt):
    DefinitionFabrik(indikator__schluessel="leer", indikator__name="Ohne Werte")
    seite = sende(planung, "vergleichen", hinzufuegen="leer")
    assert seite.context["vergleichsfehler"].startswith(
        "Neue Methodik: Zum Stichtag 31.12.2020 fehlen alle Werte von „Ohne Werte“."
    )


@pytest.mark.parametrize(
    "verfaelscht",
    [
        {"indikatoren-TOTAL_FORMS": "viele"},
        {"indikatoren-TOTAL_FORMS": "100000"},
        {"hinzufuegen": "gibtesnicht"},
        {"basis": "lauf-77"},
        {"indikatoren-0-definition": "x"},
        {"indikatoren-0-schluessel": ""},
    ],
)
def test_verfaelschte_eingaben_werden_abgelehnt(planung, stadt, verfaelscht):
    assert sende(planung, "speichern", **verfaelscht).status_code == 200
    assert Methodik.objects.count() == 1


def test_nur_die_sozialplanung_bearbeitet(client_als):
    MethodikFabrik()
    for rolle in ("leitung", "fachbereich", "administration", "traeger"):
        client = client_als(rolle)
        assert client.get(adresse("methodik_bearbeiten")).status_code == 403
        assert client.get(NEU).status_code == 403


# --- tampered forms ---


@pytest.mark.parametrize("feld", ["INITIAL_FORMS", "TOTAL_FORMS"])
@pytest.mark.parametrize("wert", ["0", "-1", "٣", "9" * 5000])
def test_verfaelschter_editor_bleibt_eine_seite(planung, veroeffentlicht, feld, wert):
    seite = adresse("methodik_bearbeiten")
    felder = {"indikatoren-TOTAL_FORMS": "2", "indikatoren-INITIAL_FORMS": "2", "hinzufuegen": "armut"}
    antwort = planung.post(seite, felder | {f"indikatoren-{feld}": wert, "aktion": "vergleichen"})
    assert antwort.status_code == 200
    assert Methodik.objects.count() == 2
