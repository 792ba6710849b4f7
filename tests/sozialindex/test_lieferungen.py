"""Takeover, history and withdrawal of deliveries."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from quartiere.models import Gebiet, Gebietsalias, Gebietsstand
from sozialindex.dienste.importprofile import merke_profil, merke_zuordnungen
from sozialindex.dienste.lieferungen import (
    erkenne_neu,
    importiere_datei,
    lege_lieferung_an,
    pruefe_lieferung,
    quelle_von,
    stelle_ein,
    uebernimm_lieferung,
    vergiss_profil,
    verwirf_lieferung,
)
from sozialindex.dienste.lieferungsfehler import Lieferungsfehler, Ueberholt
from sozialindex.dienste.ruecknahme import ziehe_lieferung_zurueck
from sozialindex.einlesen.einstellungen import Einstellungen
from sozialindex.models import (
    Importprofil,
    Indexlauf,
    Indikator,
    Indikatoralias,
    Indikatordefinition,
    Laufwert,
    Lieferung,
    Lieferungsdatei,
    Methodik,
    Wert,
)

from .musterstadt import lange_datei, lege_stadt_an, probe, wert

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def stadt(db):
    return lege_stadt_an()


@pytest.fixture
def liefere(tmp_path):
    """Take rows over as one delivery: ``liefere("2019;101;Innenstadt;sgb2;5;100")``."""

    def mache(*zeilen, **angaben):
        nummer = Lieferung.objects.count() + 1
        pfad = lange_datei(tmp_path, *zeilen, name=f"lieferung{nummer}.csv")
        pruefung = importiere_datei(pfad=pfad, **angaben)
        return Lieferung.objects.get(pk=pruefung.lieferung)

    return mache


def innenstadt(zaehler, nenner=100):
    return f"2019;101;Innenstadt;sgb2;{zaehler};{nenner}"


def lade_hoch(name):
    lieferung, _ = lege_lieferung_an(dateiname=probe(name).name, inhalt=probe(name).read_bytes())
    return lieferung


def test_neuere_lieferung_gilt_aeltere_bleibt_lesbar(liefere):
    erste, zweite = liefere(innenstadt(5)), liefere(innenstadt(7))
    assert (zweite.neu, zweite.geaendert, zweite.gleich) == (0, 1, 0)
    verlauf = Wert.objects.order_by("pk").values_list("lieferung", "wert", "aktuell")
    assert list(verlauf) == [(erste.pk, 5.0, False), (zweite.pk, 7.0, True)]


def test_bericht_nennt_alt_und_neu(liefere):
    liefere(innenstadt(5))
    (aenderung,) = liefere(innenstadt(7)).bericht["aenderungen"]
    assert aenderung == {
        "zeile": 2,
        "gebiet": "Innenstadt",
        "indikator": "SGB-II-Quote",
        "stichtag": "2019-12-31",
        "alt": "5,0 % (5 von 100)",
        "neu": "7,0 % (7 von 100)",
    }


def test_bericht_zeigt_auch_kleine_aenderungen_von_raten(tmp_path):
    for nummer, rate in enumerate(("20,01", "20,02")):
        pfad = tmp_path / f"{nummer}.csv"
        pfad.write_text(f"Nr;Quartier;SGB-II-Quote\n101;Innenstadt;{rate}\n102;Marienviertel-West;3,00\n")
        pruefung = importiere_datei(pfad=pfad, vorgaben={"stichtag": "2019-12-31"})
    (aenderung,) = pruefung.bericht["aenderungen"]
    assert (aenderung["alt"], aenderung["neu"]) == ("20,010 %", "20,020 %")


def test_bericht_warnt_wenn_anteile_fallzahlen_ersetzen(tmp_path, liefere):
    liefere("2019;101;Innenstadt;sgb2;400;1000", "2019;102;Marienviertel-West;sgb2;300;1000")
    pfad = tmp_path / "nur_anteile.csv"
    pfad.write_text(
        "Jahr;Quartier_Nr;Indikator;Wert\n2019;101;sgb2;40,5\n2019;102;sgb2;31,0\n2018;101;sgb2;39,0\n"
    )
    hinweise = importiere_datei(pfad=pfad, probelauf=True).bericht["hinweise"]
    assert [satz for satz in hinweise if "Zähler und Nenner" in satz] == [
        "2 geltende Werte verlieren Zähler und Nenner: Diese Datei liefert nur Anteile. Werte für "
        "Sozialräume und Stadt lassen sich daraus nicht mehr summieren; sie müssen mitgeliefert sein, sonst "
        "fehlen sie, auch dem Index."
    ]


def test_ruecknahme_bringt_den_frueheren_wert_zurueck(liefere):
    erste, zweite = liefere(innenstadt(5)), liefere(innenstadt(7))
    ziehe_lieferung_zurueck(lieferung=zweite)
    assert (wert("101", "sgb2", 2019).wert, wert("101", "sgb2", 2019).lieferung) == (5.0, erste)
    zweite.refresh_from_db()
    assert zweite.zustand == "zurueckgezogen"
    assert Wert.objects.filter(lieferung=zweite, aktuell=False).count() == 1


def test_ruecknahme_ohne_frueheren_wert_laesst_keinen(liefere):
    lieferung = liefere(innenstadt(5))
    ziehe_lieferung_zurueck(lieferung=lieferung)
    assert not Wert.objects.aktuell().exists()


def test_ruecknahme_der_mittleren_laesst_den_wiederholten_wert(liefere):
    """5, then 7, then an equal 7: without the middle one the third still says 7."""
    liefere(innenstadt(5))
    mittlere = liefere(innenstadt(7))
    dritte = liefere(innenstadt(7), "2019;104;Styrum;sgb2;1;10")
    assert (dritte.neu, dritte.geaendert, dritte.gleich) == (1, 0, 1)
    ziehe_lieferung_zurueck(lieferung=mittlere)
    geltend = wert("101", "sgb2", 2019)
    assert (geltend.wert, geltend.lieferung) == (7.0, dritte)


def test_auch_eine_nur_bestaetigende_lieferung_zaehlt(liefere):
    liefere(innenstadt(5))
    mittlere = liefere(innenstadt(7))
    dritte = liefere("", innenstadt(7))
    assert (dritte.neu, dritte.geaendert, dritte.gleich) == (0, 0, 1)
    ziehe_lieferung_zurueck(lieferung=mittlere)
    assert wert("101", "sgb2", 2019).lieferung == dritte


def test_frueher_entschiedene_wiederholung_verdraengt_keine_spaetere(liefere):
    """5, equal 5, 7, 9: without the first and the last the third says 7; without it the second says 5."""
    erste, zweite = liefere(innenstadt(5)), liefere("", innenstadt(5))
    dritte, vierte = liefere(innenstadt(7)), liefere(innenstadt(9))
    ziehe_lieferung_zurueck(lieferung=erste)
    assert wert("101", "sgb2", 2019).lieferung == vierte
    ziehe_lieferung_zurueck(lieferung=vierte)
    assert (wert("101", "sgb2", 2019).wert, wert("101", "sgb2", 2019).lieferung) == (7.0, dritte)
    ziehe_lieferung_zurueck(lieferung=dritte)
    assert (wert("101", "sgb2", 2019).wert, wert("101", "sgb2", 2019).lieferung) == (5.0, zweite)
    ziehe_lieferung_zurueck(lieferung=zweite)
    assert not Wert.objects.aktuell().exists()


def test_ruecknahme_einer_verdraengten_lieferung_aendert_nichts_geltendes(liefere):
    erste, zweite = liefere(innenstadt(5)), liefere(innenstadt(7))
    ziehe_lieferung_zurueck(lieferung=erste)
    assert wert("101", "sgb2", 2019).lieferung == zweite
    ziehe_lieferung_zurueck(lieferung=zweite)
    assert not Wert.objects.aktuell().exists()


def test_ruecknahme_ist_nur_einmal_moeglich(liefere):
    lieferung = liefere(innenstadt(5))
    ziehe_lieferung_zurueck(lieferung=lieferung)
    with pytest.raises(Lieferungsfehler, match="ist zurückgezogen, nicht übernommen"):
        ziehe_lieferung_zurueck(lieferung=lieferung)


def test_ruecknahme_verlangt_die_datei_moeglicher_wiederholungen(liefere):
    liefere(innenstadt(5))
    mittlere, dritte = liefere(innenstadt(7)), liefere("", innenstadt(7))
    Lieferungsdatei.objects.filter(lieferung=dritte).delete()
    with pytest.raises(Lieferungsfehler, match="Datei ist aber nicht aufbewahrt"):
        ziehe_lieferung_zurueck(lieferung=mittlere)
    assert wert("101", "sgb2", 2019).lieferung == mittlere


def neue_definition(stadt):
    Indikatordefinition.objects.create(indikator=Indikator.objects.get(schluessel="sgb2"), version=2)


def neuer_gebietsstand(stadt):
    Gebietsstand.objects.update(gueltig_bis=date(2020, 12, 31))
    stand = Gebietsstand.objects.create(name="Stand 2021", gueltig_von=date(2021, 1, 1))
    Gebiet.objects.create(gebietsstand=stand, ebene="stadt", nummer="0", name="Stadt", slug="stadt")


def andere_gebietsnummer(stadt):
    Gebiet.objects.filter(pk=stadt["101"].pk).update(nummer="901", name="Altstadt")


@pytest.mark.parametrize("aendere", [neue_definition, neuer_gebietsstand, andere_gebietsnummer])
def test_ruecknahme_verliert_keinen_wert_der_heute_anders_gelesen_wuerde(liefere, stadt, aendere):
    erste, zweite = liefere(innenstadt(5)), liefere("", innenstadt(5))
    aendere(stadt)
    with pytest.raises(Lieferungsfehler, match=f"^Lieferung {zweite.pk} .* wird heute aber anders gelesen"):
        ziehe_lieferung_zurueck(lieferung=erste)
    assert Wert.objects.aktuell().get().lieferung == erste
    ziehe_lieferung_zurueck(lieferung=zweite)
    ziehe_lieferung_zurueck(lieferung=erste)
    assert not Wert.objects.aktuell().exists()


def test_ruecknahme_fragt_keine_lieferung_anderer_stichtage(liefere, stadt):
    liefere("2018;101;Innenstadt;sgb2;5;100")
    unbeteiligte = liefere("", "2018;101;Innenstadt;sgb2;5;100")
    falsche = liefere(innenstadt(7))
    Lieferungsdatei.objects.filter(lieferung=unbeteiligte).delete()
    neue_definition(stadt)
    ziehe_lieferung_zurueck(lieferung=falsche)
    assert Wert.objects.aktuell().get().stichtag.year == 2018


def test_ruecknahme_haelt_fest_wer_und_wann(liefere, konto):
    person = konto("sozialplanung")
    lieferung = liefere(innenstadt(5))
    vorher = timezone.now()
    ziehe_lieferung_zurueck(lieferung=lieferung, benutzer=person)
    lieferung.refresh_from_db()
    assert lieferung.zurueckgezogen_von == person
    assert vorher <= lieferung.zurueckgezogen_am <= timezone.now()


def veroeffentlichter_lauf(lieferung, nummer=1):
    methodik, _ = Methodik.objects.get_or_create(schluessel="m", version=1, titel="M", daten={})
    lauf = Indexlauf.objects.create(
        nummer=nummer,
        zustand="geprueft",
        stichtag=date(2019, 12, 31),
        gebietsstand=Gebietsstand.objects.get(),
        methodik=methodik,
        methodik_daten={},
        statistik={},
        diagnostik={},
        umgebung={},
        sha256="",
    )
    Laufwert.objects.create(
        lauf=lauf,
        gebiet=Gebiet.objects.get(nummer="101"),
        indikator="sgb2",
        definition=1,
        rolle="status",
        zustand="v",
        wert=5,
        lieferung=lieferung,
    )
    Indexlauf.objects.filter(pk=lauf.pk).update(
        zustand="veroeffentlicht", veroeffentlicht_am=timezone.now() - timedelta(days=nummer)
    )


def test_ruecknahme_verweigert_wenn_ein_veroeffentlichter_lauf_sie_benutzt(liefere):
    lieferung = liefere(innenstadt(5))
    veroeffentlichter_lauf(lieferung)
    with pytest.raises(Lieferungsfehler, match="Der veröffentlichte Indexlauf 1 beruht auf ihren Werten"):
        ziehe_lieferung_zurueck(lieferung=lieferung)
    veroeffentlichter_lauf(lieferung, nummer=2)
    with pytest.raises(Lieferungsfehler, match="Die veröffentlichten Indexläufe 1, 2 beruhen auf ihren"):
        ziehe_lieferung_zurueck(lieferung=lieferung)
    assert wert("101", "sgb2", 2019).aktuell


def test_verworfene_lieferung_hat_keine_datei_und_bleibt_verworfen():
    lieferung = lade_hoch("01")
    verwirf_lieferung(lieferung=lieferung)
    lieferung.refresh_from_db()
    assert (lieferung.zustand, Lieferungsdatei.objects.count()) == ("verworfen", 0)
    for dienst in (pruefe_lieferung, uebernimm_lieferung, verwirf_lieferung):
        with pytest.raises(Lieferungsfehler, match="ist schon verworfen"):
            dienst(lieferung=lieferung)


def test_uebernehmen_ohne_pruefung_wird_verlangt():
    lieferung = lade_hoch("01")
    with pytest.raises(Ueberholt):
        uebernimm_lieferung(lieferung=lieferung)
    assert not Wert.objects.exists()


def test_uebernehmen_verlangt_neue_pruefung_wenn_sich_geltende_werte_geaendert_haben(liefere):
    lieferung = lade_hoch("01")
    pruefe_lieferung(lieferung=lieferung)
    liefere("2016;101;Innenstadt;sgb2;1;10319")
    with pytest.raises(Ueberholt, match="Es wurde nichts übernommen"):
        uebernimm_lieferung(lieferung=lieferung)
    assert Wert.objects.count() == 1
    pruefe_lieferung(lieferung=lieferung)
    uebernimm_lieferung(lieferung=lieferung)
    lieferung.refresh_from_db()
    assert (lieferung.neu, lieferung.geaendert) == (1322, 1)


def test_uebernehmen_ueberschreibt_keine_inzwischen_berichtigte_zahl(liefere, tmp_path):
    """One changed figure before, one after: only what it replaces has changed, the counts have not."""
    liefere(innenstadt(5))
    pfad = lange_datei(tmp_path, innenstadt(7), name="geprueft.csv")
    lieferung, _ = lege_lieferung_an(dateiname=pfad.name, inhalt=pfad.read_bytes())
    pruefe_lieferung(lieferung=lieferung)
    dazwischen = liefere(innenstadt(6))
    with pytest.raises(Ueberholt, match="Es wurde nichts übernommen"):
        uebernimm_lieferung(lieferung=lieferung)
    assert wert("101", "sgb2", 2019).lieferung == dazwischen
    (aenderung,) = pruefe_lieferung(lieferung=lieferung).bericht["aenderungen"]
    assert aenderung["alt"] == "6,0 % (6 von 100)"
    uebernimm_lieferung(lieferung=lieferung)
    assert wert("101", "sgb2", 2019).wert == 7.0


def test_uebernehmen_verlangt_neue_pruefung_nach_neuer_definition(stadt):
    lieferung = lade_hoch("01")
    pruefe_lieferung(lieferung=lieferung)
    neue_definition(stadt)
    with pytest.raises(Ueberholt):
        uebernimm_lieferung(lieferung=lieferung)
    assert not Wert.objects.exists()


def test_zweites_uebernehmen_wird_abgelehnt():
    lieferung = lade_hoch("01")
    pruefe_lieferung(lieferung=lieferung)
    uebernimm_lieferung(lieferung=lieferung)
    with pytest.raises(Lieferungsfehler, match="ist schon übernommen"):
        uebernimm_lieferung(lieferung=lieferung)
    assert Wert.objects.count() == 1323


def test_dieselbe_datei_bringt_nichts_mehr():
    for _ in range(2):
        lieferung = lade_hoch("01")
        pruefe_lieferung(lieferung=lieferung)
        if Wert.objects.exists():
            with pytest.raises(Lieferungsfehler, match="Alle lesbaren Werte dieser Datei gelten schon"):
                uebernimm_lieferung(lieferung=lieferung)
        else:
            uebernimm_lieferung(lieferung=lieferung)
    assert Wert.objects.count() == 1323


def test_gleiche_datei_in_arbeit_wird_nicht_doppelt_angelegt(konto):
    person, andere = konto("sozialplanung"), konto("sozialplanung")
    inhalt = probe("01").read_bytes()
    erste, neu = lege_lieferung_an(dateiname="a.csv", inhalt=inhalt, benutzer=person)
    assert (neu, lege_lieferung_an(dateiname="b.csv", inhalt=inhalt, benutzer=person)) == (
        True,
        (erste, False),
    )
    dritte, neu = lege_lieferung_an(dateiname="a.csv", inhalt=inhalt, benutzer=andere)
    assert (neu, dritte == erste) == (True, False)


def test_neue_zuordnung_macht_den_bericht_ungueltig():
    lieferung = lade_hoch("01")
    pruefe_lieferung(lieferung=lieferung)
    lieferung.refresh_from_db()
    gleiche = Einstellungen.aus_dict(lieferung.einstellungen)
    assert stelle_ein(lieferung=lieferung, einstellungen=gleiche).bericht["neu"] == 1323
    erkenne_neu(lieferung=lieferung, lage={"daten_bis": 10})
    lieferung.refresh_from_db()
    assert lieferung.bericht == {}


def test_andere_kopfzeilen_bringen_andere_spalten():
    lieferung = lade_hoch("04")
    vorher = Einstellungen.aus_dict(lieferung.einstellungen)
    nachher = erkenne_neu(
        lieferung=lieferung, lage={"kopf_von": vorher.kopf_bis, "kopf_bis": vorher.kopf_bis}
    )
    assert nachher.einstellungen["kopf_von"] == vorher.kopf_bis
    assert nachher.einstellungen["spalten"] != lieferung.einstellungen["spalten"]


def test_anderes_trennzeichen_sucht_den_kopf_neu():
    lieferung = lade_hoch("02")
    richtig = lieferung.einstellungen
    falsch = erkenne_neu(lieferung=lieferung, lage={"trennzeichen": "|"}).einstellungen
    assert len(falsch["spalten"]) != len(richtig["spalten"])
    assert erkenne_neu(lieferung=lieferung, lage={"trennzeichen": ";"}).einstellungen == richtig


def test_profil_wird_bei_aehnlicher_datei_angewandt():
    erste = lade_hoch("03")
    einstellungen = Einstellungen.aus_dict(erste.einstellungen | {"indikator": "sgb2"})
    stelle_ein(lieferung=erste, einstellungen=einstellungen)
    erste.refresh_from_db()
    profil = merke_profil(lieferung=erste, quelle=quelle_von(erste), name="Jahre")
    naechste = probe("03").read_text("utf-8-sig").replace("2016;2017", "2009;2010")
    zweite, _ = lege_lieferung_an(dateiname="naechste.csv", inhalt=naechste.encode("utf-8-sig"))
    gelesen = Einstellungen.aus_dict(zweite.einstellungen)
    assert (zweite.profil, gelesen.indikator, gelesen.fehlend) == (profil, "sgb2", [])
    assert [s.stichtag[:4] for s in gelesen.spalten[2:5]] == ["2009", "2010", "2018"]
    ohne = vergiss_profil(lieferung=zweite)
    assert (ohne.profil, ohne.einstellungen["indikator"]) == (None, "")


def test_profil_gleichen_namens_wird_ersetzt():
    for name in ("01", "02"):
        lieferung = lade_hoch(name)
        merke_profil(lieferung=lieferung, quelle=quelle_von(lieferung), name="Üblich")
    assert len(Importprofil.objects.get().signatur) == 10


def test_unlesbares_profil_haelt_nichts_auf():
    erste = lade_hoch("01")
    profil = merke_profil(lieferung=erste, quelle=quelle_von(erste), name="alt")
    Importprofil.objects.update(einstellungen={"gibt es nicht mehr": 1})
    verwirf_lieferung(lieferung=erste)
    assert (lade_hoch("01").profil, profil.name) == (None, "alt")


def test_gemerkte_namen_werden_beim_naechsten_mal_erkannt(tmp_path):
    merke_zuordnungen(
        gebiete={"City": "101", "Raum 4": "Sozialraum Sterkrade-Mitte"}, indikatoren={"H4": "sgb2"}
    )
    pfad = lange_datei(tmp_path, "2019;;City;H4;5;100", "2019;;Raum 4;H4;6;100")
    assert importiere_datei(pfad=pfad).abgleich.neu == 2
    assert (wert("101", "sgb2", 2019).wert, wert("4", "sgb2", 2019).wert) == (5.0, 6.0)


def test_merken_ohne_ziel_wird_abgelehnt_und_merkt_nichts():
    with pytest.raises(Lieferungsfehler, match="„Dorf“ ist „999“ zugeordnet"):
        merke_zuordnungen(gebiete={"City": "101", "Dorf": "999"})
    with pytest.raises(Lieferungsfehler, match="„H4“ ist „alg3“ zugeordnet"):
        merke_zuordnungen(gebiete={"City": "101"}, indikatoren={"H4": "alg3"})
    assert not Gebietsalias.objects.exists()


def test_gemerktes_wort_eines_anderen_indikators_bleibt_bei_diesem():
    Indikatoralias.objects.create(name="H4", indikator=Indikator.objects.get(schluessel="migration"))
    merke_zuordnungen(gebiete={}, indikatoren={"H4": "sgb2"})
    assert Indikatoralias.objects.get(name="H4").indikator.schluessel == "migration"


def test_gebiete_eines_anderen_gebietsstands_werden_genannt(tmp_path, stadt):
    alt = Gebietsstand.objects.create(
        name="Stand 1990", gueltig_von=date(1990, 1, 1), gueltig_bis=date(2015, 12, 31)
    )
    Gebiet.objects.create(gebietsstand=alt, ebene="stadt", nummer="977", name="Altdorf", slug="altdorf")
    pfad = lange_datei(tmp_path, "2019;977;Altdorf;sgb2;5;100", innenstadt(5))
    (fehler,) = importiere_datei(pfad=pfad).bericht["fehler"]
    assert "gehört zum Gebietsstand Stand 1990" in fehler["grund"]


def test_pruefung_nennt_werte_nach_einer_anderen_definition(liefere, stadt):
    assert liefere(innenstadt(5), "2018;101;Innenstadt;sgb2;5;100").bericht["hinweise"] == []
    neue_definition(stadt)
    assert liefere(innenstadt(7), "2017;101;Innenstadt;sgb2;5;100").bericht["hinweise"] == [
        "Für SGB-II-Quote am 31.12.2019 gibt es schon Werte nach Definition 1; diese Lieferung zählt nach "
        "Definition 2. Werte beider Definitionen werden nie voneinander abgezogen."
    ]
    (satz,) = liefere(innenstadt(7), "2018;101;Innenstadt;sgb2;6;100").bericht["hinweise"]
    assert "am 31.12.2018 und an 1 weiteren Stichtag gibt es schon Werte nach Definition 1" in satz
    assert liefere("2018;101;Innenstadt;migration;5;100").bericht["hinweise"] == []


def test_spruenge_werden_gegen_geltende_werte_geprueft(liefere):
    liefere("2018;101;Innenstadt;sgb2;5;100")
    hinweise = liefere(innenstadt(15)).bericht["plausibilitaet"]
    (sprung,) = [hinweis for hinweis in hinweise if hinweis["art"] == "sprung"]
    assert sprung["zeile"] == 2
    assert "von 5,0 % (31.12.2018) auf 15,0 %" in sprung["text"]
