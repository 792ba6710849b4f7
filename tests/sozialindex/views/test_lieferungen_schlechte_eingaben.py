"""Bad input through the pages: a clear message each, nothing stored, no traceback."""

import io
import zipfile

import pytest
from django.contrib.sessions.models import Session

from sozialindex.models import Lieferung, Lieferungsdatei, Wert

from ..musterstadt import KOPF, lege_stadt_an, probe, wert
from .einfuhr import (
    adresse,
    bis_zur_pruefung,
    fehler,
    formularwerte,
    lade_hoch,
    meldungen,
    ordne_zu,
    text,
    uebernimm,
)

pytestmark = pytest.mark.django_db
GUTE_ZEILE = "2019;104;Styrum;sgb2;980;5272\n"


@pytest.fixture(autouse=True)
def stadt(db):
    return lege_stadt_an()


@pytest.fixture
def client(client_als):
    return client_als("sozialplanung")


def mappe(inhalt: dict[str, bytes]) -> bytes:
    puffer = io.BytesIO()
    with zipfile.ZipFile(puffer, "w", zipfile.ZIP_DEFLATED) as archiv:
        for name, daten in inhalt.items():
            archiv.writestr(name, daten)
    return puffer.getvalue()


ABGELEHNT = {
    "0 Byte": (b"", "Die Datei ist leer (0 Byte)."),
    "nur Leerzeilen": (b"\n\n \n", "Die Datei enthält nur Leerzeilen."),
    "PDF mit falscher Endung": (b"%PDF-1.7 etwas", "„lieferung.csv“ ist ein PDF-Dokument."),
    "NUL-Zeichen": (b"Jahr;Quartier\n2019;Innen\x00stadt\n", "Zeile 2 enthält NUL-Zeichen."),
    "10.000 Spalten": ((";".join(["x"] * 10_000) + "\n").encode() * 3, "10000 Spalten"),
    "Zelle von 1 MB": (f"{KOPF}2019;101;{'x' * 1_048_576};sgb2;1;2\n".encode(), "100000 Zeichen"),
    "Zip-Bombe": (
        mappe({"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": b"0" * 60_000_000}),
        "aus Sicherheitsgründen nicht geöffnet",
    ),
    "Archiv ohne Mappe": (mappe({"bild.txt": b"hallo"}), "ein Archiv, aber keine Arbeitsmappe"),
    "beschädigte Mappe": (mappe({"xl/workbook.xml": b"<x/>"})[:-30], "beschädigt"),
}


@pytest.mark.parametrize(("inhalt", "erwartet"), ABGELEHNT.values(), ids=ABGELEHNT)
def test_abgelehnt_mit_klarer_meldung(client, inhalt, erwartet):
    antwort, lieferung = lade_hoch(client, inhalt)
    assert (antwort.status_code, lieferung) == (200, None)
    (meldung,) = fehler(antwort)
    assert erwartet in meldung
    assert meldung.endswith("Es wurde nichts gespeichert.")
    assert meldung in text(antwort)


def test_100_mb_werden_abgelehnt_ohne_sie_zu_lesen(client, tmp_path):
    pfad = tmp_path / "gross.csv"
    with pfad.open("wb") as strom:
        strom.truncate(100 * 1024 * 1024)
    with pfad.open("rb") as strom:
        antwort = client.post(adresse("lieferung_neu"), {"datei": strom})
    assert fehler(antwort) == [
        "Die Datei ist 100 MB groß; angenommen werden höchstens 20 MB. Es wurde nichts gespeichert. "
        "Bitte teilen Sie die Lieferung auf."
    ]
    assert not Lieferung.objects.exists()


def test_ohne_datei(client):
    assert fehler(client.post(adresse("lieferung_neu"))) == ["Bitte wählen Sie eine Datei aus."]


def test_sehr_langer_dateiname(client):
    _, lieferung = lade_hoch(client, (KOPF + GUTE_ZEILE).encode(), f"{'a' * 300}.csv")
    assert len(lieferung.dateiname) <= 255


def pruefe_zeilen(client, *zeilen, kopf=KOPF, kodierung="utf-8"):
    inhalt = kopf + GUTE_ZEILE + "".join(f"{zeile}\n" for zeile in zeilen)
    lieferung = bis_zur_pruefung(client, inhalt.encode(kodierung))
    return lieferung, [(f["zeile"], f["spalte"], f["grund"]) for f in lieferung.bericht["fehler"]]


def test_jahr_2091(client):
    _, funde = pruefe_zeilen(client, "2091;101;Innenstadt;sgb2;1;2")
    assert funde == [(3, "Jahr", "„2091“ liegt in der Zukunft.")]


def test_widersprechende_doppelte(client):
    _, funde = pruefe_zeilen(client, "2019;101;Innenstadt;sgb2;1;20", "2019;101;Innenstadt;sgb2;2;20")
    assert [(zeile, spalte) for zeile, spalte, _ in funde] == [(3, "Zähler"), (4, "Zähler")]
    assert funde[0][2].startswith("Widerspruch: für dasselbe Gebiet")


def test_gleiche_doppelte_sind_kein_fehler(client):
    lieferung, funde = pruefe_zeilen(client, GUTE_ZEILE.strip())
    assert (funde, lieferung.neu, lieferung.ausgelassen) == ([], 1, 1)
    assert lieferung.bericht["ausgelassen"][0]["grund"] == "gleiche Angabe wie in Zeile 2"


def test_rate_von_140_prozent_ist_ein_hinweis(client):
    inhalt = "Nr;Quartier;SGB-II-Quote\n101;Innenstadt;140,0\n102;Marienviertel-West;28,7\n"
    lieferung = bis_zur_pruefung(client, inhalt.encode(), stichtag="2019")
    arten = {hinweis["art"] for hinweis in lieferung.bericht["plausibilitaet"]}
    assert (lieferung.fehler, lieferung.neu, "ueber_100" in arten) == (0, 2, True)
    seite = client.get(adresse("lieferung_pruefung", lieferung))
    assert "140,0 % ist mehr als 100 %." in text(seite)


def test_gemischte_kodierungen_werden_gesagt(client):
    inhalt = KOPF.encode() + GUTE_ZEILE.encode() + "2019;303;Lirich-Süd;sgb2;1;2\n".encode("cp1252")
    _, lieferung = lade_hoch(client, inhalt)
    seite = client.get(adresse("lieferung_erkennung", lieferung))
    assert "Gemischte Zeichenkodierung" in text(seite)


def test_doppelte_kopfnamen_bleiben_unterscheidbar(client):
    inhalt = "Nr;Quartier;SGB-II-Quote;SGB-II-Quote\n101;Innenstadt;1,5;2,5\n104;Styrum;1,25;2,25\n"
    _, lieferung = lade_hoch(client, inhalt.encode())
    form = client.get(adresse("lieferung_zuordnung", lieferung)).context["form"]
    assert form.einblick.kopf[2:] == ["SGB-II-Quote (Spalte 3)", "SGB-II-Quote (Spalte 4)"]
    antwort = ordne_zu(
        client,
        lieferung,
        stichtag="2019",
        **{"spalte-2-indikator": "sgb2", "spalte-3-rolle": "wert", "spalte-3-indikator": "sgb2"},
        **{"spalte-2-rolle": "wert"},
    )
    assert "Zwei Spalten liefern dieselbe Angabe" in fehler(antwort)[0]


def test_ungueltige_formularwerte_geben_feldmeldungen(client):
    _, lieferung = lade_hoch(client, probe("02"))
    antwort = ordne_zu(client, lieferung, stichtag="2091", **{"spalte-3-rolle": "unsinn"})
    form = antwort.context["form"]
    assert form.errors["stichtag"] == ["„2091“ liegt in der Zukunft."]
    assert "spalte-3-rolle" in form.errors
    assert "Bitte prüfen Sie Ihre Angaben" in text(antwort)


@pytest.mark.parametrize(
    ("von", "bis", "ende", "feld"),
    [(5, 4, "", "kopf_bis"), (0, 4, "", "kopf_bis"), (4, 4, 4, "daten_bis"), (-1, 4, "", "kopf_von")],
)
def test_unmoegliche_zeilennummern(client, von, bis, ende, feld):
    _, lieferung = lade_hoch(client, probe("02"))
    angaben = formularwerte(client.get(adresse("lieferung_erkennung", lieferung)))
    antwort = client.post(
        adresse("lieferung_erkennung", lieferung),
        angaben | {"kopf_von": von, "kopf_bis": bis, "daten_bis": ende},
    )
    assert list(antwort.context["form"].errors) == [feld]


@pytest.mark.parametrize(
    "lage", [{"kodierung": "utf-16"}, {"kopf_von": 900, "kopf_bis": 900}, {"trennzeichen": "|"}]
)
def test_falsche_angaben_zur_datei_lassen_sich_zurueckdrehen(client, lage):
    _, lieferung = lade_hoch(client, probe("02"))
    richtig = formularwerte(client.get(adresse("lieferung_erkennung", lieferung)))
    client.post(adresse("lieferung_erkennung", lieferung), richtig | lage | {"aktion": "vorschau"})
    assert client.get(adresse("lieferung_erkennung", lieferung)).status_code == 200
    assert client.get(adresse("lieferung_zuordnung", lieferung)).status_code in (200, 302)
    client.post(adresse("lieferung_erkennung", lieferung), richtig | {"aktion": "vorschau"})
    assert formularwerte(client.get(adresse("lieferung_erkennung", lieferung))) == richtig


def test_nach_verlorener_sitzung_geht_es_weiter(client, konto):
    lieferung = bis_zur_pruefung(client, probe("02"))
    Session.objects.all().delete()
    abgewiesen = client.get(adresse("lieferung_pruefung", lieferung))
    assert abgewiesen.status_code == 302
    assert "anmelden" in abgewiesen.url or "login" in abgewiesen.url
    client.force_login(lieferung.hochgeladen_von)
    uebernimm(client, lieferung)
    assert (lieferung.zustand, Wert.objects.count()) == ("uebernommen", 238)


def test_zurueck_und_neu_laden_nach_dem_uebernehmen(client):
    lieferung = bis_zur_pruefung(client, probe("02"))
    uebernimm(client, lieferung)
    for schritt in ("lieferung_erkennung", "lieferung_zuordnung", "lieferung_pruefung"):
        antwort = client.get(adresse(schritt, lieferung), follow=True)
        assert antwort.redirect_chain[-1][0] == adresse("lieferung", lieferung)
        assert meldungen(antwort) == ["Diese Lieferung ist schon übernommen; hier ist ihr Bericht."]
    antwort = client.post(adresse("lieferung_zuordnung", lieferung), {"aktion": "pruefen"}, follow=True)
    assert meldungen(antwort) == ["Diese Lieferung ist schon übernommen; hier ist ihr Bericht."]


def test_doppelklick_auf_uebernehmen(client):
    lieferung = bis_zur_pruefung(client, probe("02"))
    uebernimm(client, lieferung)
    zweite = uebernimm(client, lieferung)
    assert meldungen(zweite) == [
        f"Lieferung {lieferung.pk} (02_breit_cp1252.csv) ist schon übernommen. "
        "Es wurde nichts noch einmal ausgeführt."
    ]
    assert Wert.objects.count() == 238


def test_zwei_fenster_zweite_zuordnung_macht_die_pruefung_ungueltig(client):
    lieferung = bis_zur_pruefung(client, probe("02"))
    ordne_zu(client, lieferung, aktion="speichern", stichtag="2021")
    antwort = uebernimm(client, lieferung)
    assert "die Prüfung wurde erneuert" in meldungen(antwort)[-1]
    assert not Wert.objects.exists()
    assert antwort.redirect_chain[-1][0] == adresse("lieferung_pruefung", lieferung)
    uebernimm(client, lieferung)
    assert wert("101", "sgb2", 2021).wert == 37.8


def test_erstes_fenster_uebernimmt_nicht_was_das_zweite_geprueft_hat(client):
    lieferung = bis_zur_pruefung(client, probe("02"))
    erstes_fenster = {"umfang": "alle", "gesehen": lieferung.pruefsumme}
    ordne_zu(client, lieferung, stichtag="2021")
    antwort = client.post(adresse("lieferung_uebernehmen", lieferung), erstes_fenster, follow=True)
    assert "Bitte sehen Sie das Ergebnis noch einmal an." in meldungen(antwort)[-1]
    assert not Wert.objects.exists()


def test_dieselbe_datei_wird_gesagt_und_verlinkt(client, client_als):
    erste = bis_zur_pruefung(client, probe("02"))
    uebernimm(client, erste)
    zweite = bis_zur_pruefung(client, probe("02"))
    seite = client.get(adresse("lieferung_erkennung", zweite))
    assert f'schon übernommen: <a href="{adresse("lieferung", erste)}">' in text(seite)
    assert (zweite.neu, zweite.geaendert, zweite.gleich) == (0, 0, 238)
    pruefung = client.get(adresse("lieferung_pruefung", zweite))
    assert "es gibt nichts zu übernehmen" in text(pruefung)
    assert "Alle lesbaren Werte dieser Datei gelten schon" in meldungen(uebernimm(client, zweite))[0]
    assert Wert.objects.count() == 238


def test_dieselbe_datei_noch_in_arbeit_fuehrt_zum_angefangenen(client):
    _, erste = lade_hoch(client, probe("02"))
    antwort, zweite = lade_hoch(client, probe("02"))
    assert (zweite, antwort.url) == (erste, adresse("lieferung", erste))
    assert Lieferungsdatei.objects.count() == 1


def test_kollegin_arbeitet_an_derselben_datei(client, client_als):
    _, erste = lade_hoch(client, probe("02"))
    andere = client_als("sozialplanung")
    _, zweite = lade_hoch(andere, probe("02"))
    seite = andere.get(adresse("lieferung_erkennung", zweite))
    assert f"An dieser Datei arbeitet auch {erste.hochgeladen_von}" in text(seite)


def test_pruefseite_ohne_pruefung_fuehrt_zur_zuordnung(client):
    _, lieferung = lade_hoch(client, probe("02"))
    antwort = client.get(adresse("lieferung_pruefung", lieferung), follow=True)
    assert antwort.redirect_chain == [(adresse("lieferung_zuordnung", lieferung), 302)]
    assert meldungen(antwort) == ["Die Zuordnung ist noch nicht geprüft. Wählen Sie „Weiter: prüfen“."]


def test_unbekannte_lieferung(client):
    assert client.get("/sozialindex/lieferungen/9999/pruefung/").status_code == 404
    assert client.post("/sozialindex/lieferungen/9999/uebernehmen/").status_code == 404
