import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartiere.gebietsdatei import Gebietsdatei, GebietsdateiFehler, Gebietszeile, lies_gebietsdatei

KOPF = "nummer;name;sozialraum_nummer;sozialraum;einwohner"
KOPF_GANZ = f"{KOPF};alias;kachel_x;kachel_y"


def lies(*zeilen, kopf=KOPF, kodierung="utf-8"):
    return lies_gebietsdatei("\r\n".join([kopf, *zeilen]).encode(kodierung))


def versuche(inhalt):
    try:
        return lies_gebietsdatei(inhalt).zeilen, ()
    except GebietsdateiFehler as fehler:
        return (), fehler.meldungen


def meldungen(*zeilen, kopf=KOPF):
    with pytest.raises(GebietsdateiFehler) as fehler:
        lies(*zeilen, kopf=kopf)
    return list(fehler.value.meldungen)


def test_liest_alle_spalten():
    datei = lies("0101; Am  Markt ;01;Mitte;1.234;Markt|Marktplatz | Markt;3;0", kopf=KOPF_GANZ)
    assert datei == Gebietsdatei(
        zeilen=(
            Gebietszeile(
                zeile=2,
                nummer="0101",
                name="Am Markt",
                sozialraum_nummer="01",
                sozialraum="Mitte",
                einwohner=1234,
                aliase=("Markt", "Marktplatz"),
                kachel_x=3,
                kachel_y=0,
            ),
        ),
        mit_kacheln=True,
    )


def test_spalten_werden_am_namen_erkannt():
    datei = lies(
        '"Süd, neu",7,1,Mitte,01,egal', kopf="Name,Einwohner,Nummer,Sozialraum,Sozialraum_Nummer,bemerkung"
    )
    assert datei == Gebietsdatei(
        zeilen=(Gebietszeile(2, "1", "Süd, neu", "01", "Mitte", 7),),
        mit_kacheln=False,
        ungenutzt=("bemerkung",),
    )


@pytest.mark.parametrize("kodierung", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_kodierungen(kodierung):
    assert lies("1;Königshöhe;1;Straße;0", kodierung=kodierung).zeilen == (
        Gebietszeile(2, "1", "Königshöhe", "1", "Straße", 0),
    )


def test_leere_einwohnerzahl_ist_unbekannt_und_null_ist_null():
    assert [zeile.einwohner for zeile in lies("1;A;1;R;", "2;B;1;R;0").zeilen] == [None, 0]


def test_leere_zeilen_zaehlen_in_der_zeilennummer_mit():
    assert meldungen("1;A;1;R;5", "", ";;;;", "1;B;1;R;5") == [
        "Zeile 5: Die Nummer 1 steht schon in Zeile 2."
    ]


def test_umbruch_in_einer_zelle_verschiebt_die_zeilennummer_nicht():
    assert meldungen('1;"A\nB";1;R;5', "1;C;1;R;5") == ["Zeile 4: Die Nummer 1 steht schon in Zeile 2."]


def test_gleicher_name_in_verschiedenen_sozialraeumen_ist_erlaubt():
    datei = lies("1;Schloßstraße;1;Nord;", "2;Schloßstraße;2;Süd;")
    assert [zeile.nummer for zeile in datei.zeilen] == ["1", "2"]


def test_fehlende_spalten_werden_alle_genannt():
    assert meldungen("1;A;2", kopf="nummer;name;kachel_x") == [
        "Die Spalte „sozialraum_nummer“ fehlt.",
        "Die Spalte „sozialraum“ fehlt.",
        "Die Spalte „einwohner“ fehlt.",
        "Die Spalten „kachel_x“ und „kachel_y“ gehören zusammen; eine davon fehlt.",
        f"Erwartet wird eine Kopfzeile wie {KOPF}.",
    ]


def test_doppelte_spalte():
    assert (
        meldungen("1;A;1;R;5;9", kopf=f"{KOPF};Einwohner")[0] == "Die Spalte „einwohner“ kommt mehrfach vor."
    )


@pytest.mark.parametrize(
    ("inhalt", "meldung"),
    [
        (b"", "Die Datei ist leer."),
        (b"\n ;;\n", "Die Datei ist leer."),
        (KOPF.encode(), "Die Datei enthält nur die Kopfzeile und keine Gebiete."),
        (
            f"{KOPF}\n1;A\x00;1;R;5".encode(),
            "Die Datei ist keine lesbare CSV-Datei. Bitte speichern Sie die Tabelle als „CSV UTF-8“.",
        ),
        (
            b"\xff\xfe\x00",
            "Die Datei ist keine lesbare CSV-Datei. Bitte speichern Sie die Tabelle als „CSV UTF-8“.",
        ),
        (
            f"{KOPF}\n1;{'A' * 200_000};1;R;5".encode(),
            "Zeile 2: nicht lesbar (Anführungszeichen oder eine zu lange Zelle).",
        ),
        (
            f"{KOPF}\n1;A;1;R;5;6".encode(),
            "Zeile 2: 6 Zellen statt 5. Ein Name mit Trennzeichen braucht Anführungszeichen.",
        ),
    ],
    ids=["leer", "nur Trennzeichen", "nur Kopf", "NUL", "halbes UTF-16", "riesige Zelle", "Zelle zu viel"],
)
def test_unlesbare_dateien(inhalt, meldung):
    with pytest.raises(GebietsdateiFehler) as fehler:
        lies_gebietsdatei(inhalt)
    assert fehler.value.meldungen == (meldung,)


@pytest.mark.parametrize(
    ("zeile", "meldung"),
    [
        (";A;1;R;5;;;", "„nummer“ ist leer."),
        ("1;;1;R;5;;;", "„name“ ist leer."),
        ("1;A;;R;5;;;", "„sozialraum_nummer“ ist leer."),
        ("1;A;1; ;5;;;", "„sozialraum“ ist leer."),
        (f"{'1' * 21};A;1;R;5;;;", "„nummer“ ist länger als 20 Zeichen."),
        (f"1;{'A' * 121};1;R;5;;;", "„name“ ist länger als 120 Zeichen."),
        (
            "1,01E+07;A;1;R;5;;;",
            "„nummer“ 1,01E+07 hat eine Tabellenkalkulation umgerechnet; bitte als Text speichern.",
        ),
        ("1;A;1;R;-5;;;", "„einwohner“ -5 ist keine ganze Zahl ab 0."),
        ("1;A;1;R;5,5;;;", "„einwohner“ 5,5 ist keine ganze Zahl ab 0."),
        ("1;A;1;R;1.5;;;", "„einwohner“ 1.5 ist keine ganze Zahl ab 0."),
        ("1;A;1;R;12.34.567;;;", "„einwohner“ 12.34.567 ist keine ganze Zahl ab 0."),
        ("1;A;1;R;viele;;;", "„einwohner“ viele ist keine ganze Zahl ab 0."),
        ("1;A;1;R;²;;;", "„einwohner“ ² ist keine ganze Zahl ab 0."),
        ("1;A;1;R;5;;3;", "„kachel_x“ und „kachel_y“ müssen beide gefüllt oder beide leer sein."),
        (f"1;A;1;R;5;{'B' * 121};;", "Ein anderer Name in „alias“ ist länger als 120 Zeichen."),
    ],
)
def test_fehler_einer_zeile(zeile, meldung):
    assert meldungen(zeile, kopf=KOPF_GANZ) == [f"Zeile 2: {meldung}"]


def test_kachel_ist_eine_ganze_zahl():
    assert meldungen("1;A;1;R;5;;1000;-1", kopf=KOPF_GANZ) == [
        "Zeile 2: „kachel_x“ 1000 ist keine ganze Zahl von 0 bis 999.",
        "Zeile 2: „kachel_y“ -1 ist keine ganze Zahl von 0 bis 999.",
    ]


def test_widersprueche_werden_alle_mit_zeile_genannt():
    assert meldungen(
        "1;Anger;1;Nord;5;;0;0",
        "1;Bach;1;Nordwest;5;;0;0",
        "3;Anger;1;Nord;5;;0;1",
        "4;Dorf;4;Nord;5;;0;2",
        kopf=KOPF_GANZ,
    ) == [
        "Zeile 3: Der Sozialraum 1 heißt hier „Nordwest“, in Zeile 2 aber „Nord“.",
        "Zeile 3: Die Kachel 0/0 steht schon in Zeile 2.",
        "Zeile 3: Die Nummer 1 steht schon in Zeile 2.",
        "Zeile 4: Der Name „Anger“ im Sozialraum 1 steht schon in Zeile 2.",
        "Zeile 5: Der Sozialraum „Nord“ hat hier die Nummer 4, in Zeile 2 aber 1.",
    ]


def test_andere_namen_muessen_unterscheidbar_sein():
    assert meldungen(
        "1;Anger;1;Nord;5;Am Bach|Wiese;;",
        "2;Bach;1;Nord;5;WIESE;;",
        "3;Dorf;1;Nord;5;Án-Ger;;",
        kopf=KOPF_GANZ,
    ) == [
        "Zeile 3: Der andere Name „WIESE“ steht schon in Zeile 2.",
        "Zeile 4: Der andere Name „Án-Ger“ ist der Name des Gebiets in Zeile 2.",
    ]


def test_einwohnersumme_passt_in_die_datenbank():
    assert meldungen("1;A;1;R;2.000.000.000", "2;B;1;R;2000000000") == [
        "Die Einwohnerzahlen ergeben zusammen mehr als 2.147.483.647. "
        "Bitte prüfen Sie die Spalte „einwohner“."
    ]


@given(
    st.binary(max_size=300)
    | st.text(max_size=300).map(lambda text: f"{KOPF_GANZ}\n{text}".encode("utf-8", "replace"))
)
def test_beliebige_bytes_werden_gelesen_oder_begruendet_abgelehnt(inhalt):
    zeilen, einwaende = versuche(inhalt)
    assert bool(zeilen) != bool(einwaende)
    assert all(zeile.nummer and zeile.name and zeile.sozialraum for zeile in zeilen)


UNERLAUBTE_NUMMERN = ["-1", "1-", "=1", "+1", "@x", "1 2", "STADT", "Stadt", "1;2", "„1“"]


@pytest.mark.parametrize("nummer", UNERLAUBTE_NUMMERN)
@pytest.mark.parametrize("spalte", ["nummer", "sozialraum_nummer"])
def test_nummern_die_eine_tabelle_oder_einen_lauf_stoeren(nummer, spalte):
    zellen = {
        "nummer": "1",
        "name": "Markt",
        "sozialraum_nummer": "01",
        "sozialraum": "Mitte",
        "einwohner": "5",
    }
    zeile = ";".join(f'"{zelle}"' for zelle in (zellen | {spalte: nummer}).values())
    (meldung,) = meldungen(zeile)
    assert meldung.startswith(f"Zeile 2: „{spalte}“ {nummer} ist nicht erlaubt. ")


@pytest.mark.parametrize("nummer", ["0101", "1.2", "A-3", "A--3", "ä_1", "1/2", "STADT-1"])
def test_erlaubte_nummern(nummer):
    assert lies(f"{nummer};Markt;01;Mitte;5").zeilen[0].nummer == nummer
