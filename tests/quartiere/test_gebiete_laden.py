import csv
import io

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from quartiere.models import Gebiet, Gebietsstand, Organisation, Sozialquartier, Sozialraum, Stadt

pytestmark = pytest.mark.django_db

KOPF = "nummer;name;sozialraum_nummer;sozialraum;einwohner;hinweis"


@pytest.fixture
def lade(tmp_path):
    def mache(*zeilen, angaben=()):
        datei = tmp_path / "gebiete.csv"
        datei.write_text("\n".join([KOPF, *zeilen]), encoding="cp1252")
        ausgabe = io.StringIO()
        call_command("gebiete_laden", str(datei), *angaben, stdout=ausgabe)
        return ausgabe.getvalue()

    return mache


def test_meldet_was_neu_geaendert_und_gleich_war(lade):
    assert lade("01;Höhe;1;Süd;5;", angaben=["--gueltig-von=2024-01-01"]) == (
        "Gebietsstand 2024, gültig ab 01.01.2024:\n"
        "Sozialräume: 1 neu, 0 geändert, 0 gleich\n"
        "Sozialquartiere: 1 neu, 0 geändert, 0 gleich\n"
        "Andere Namen: 0 neu\n"
        "Nicht verwendete Spalten: hinweis\n"
    )
    neue_einteilung = ["--gebietsstand", "Neu", "--gueltig-von", "31.12.2024"]
    assert lade("01;Höhe;1;Süd;6;", "02;Tal;1;Süd;6;", angaben=neue_einteilung).startswith(
        "Gebietsstand 2024 endet am 30.12.2024.\nGebietsstand Neu, gültig ab 31.12.2024:\n"
    )
    assert "Sozialquartiere: 0 neu, 1 geändert, 1 gleich" in lade("01;Höhe;1;Süd;7;", "02;Tal;1;Süd;6;")
    assert list(Sozialquartier.objects.aktuell().values_list("nummer", "name", "einwohner")) == [
        ("01", "Höhe", 7),
        ("02", "Tal", 6),
    ]


def test_widerspruechliche_datei_wird_ganz_abgelehnt(lade):
    with pytest.raises(CommandError) as fehler:
        lade("1;A;1;Süd;5;", "1;B;1;Süd;x;")
    assert fehler.value.returncode == 1
    assert str(fehler.value) == (
        "Die Datei wurde nicht geladen (2 Fehler):\n"
        "Zeile 3: Die Nummer 1 steht schon in Zeile 2.\n"
        "Zeile 3: „einwohner“ x ist keine ganze Zahl ab 0."
    )
    assert not Gebiet.objects.exists()
    assert not Gebietsstand.objects.exists()


def test_fehlende_gebiete_werden_abgelehnt(lade):
    lade("1;A;1;Süd;5;")
    with pytest.raises(
        CommandError, match=r"fehlen Gebiete .* Sozialquartier 1 \(A\)\. Es wurde nichts geändert"
    ):
        lade("2;B;1;Süd;5;")


def test_kein_datum(lade):
    with pytest.raises(CommandError, match=r"„31\.2\.2024“ ist kein Datum wie 31\.12\.2026 oder 2026"):
        lade("1;A;1;Süd;5;", angaben=["--gueltig-von=31.2.2024"])


def test_fehlende_datei(tmp_path):
    with pytest.raises(
        CommandError, match=r"gibtsnicht\.csv lässt sich nicht öffnen: No such file or directory\.$"
    ):
        call_command("gebiete_laden", str(tmp_path / "gibtsnicht.csv"))


def test_neun_fachbereiche_auch_zweimal_geladen(settings):
    for _ in range(2):
        call_command("loaddata", str(settings.BASE_DIR / "fixtures" / "organisationen.json"), verbosity=0)
    assert list(Organisation.objects.order_by("pk").values_list("name", "art", "stadtweit")) == [
        (name, "fachbereich", True)
        for name in (
            "Soziales",
            "Kinder und Jugend",
            "Chancengleichheit",
            "Schule",
            "Gesundheit",
            "Stadtentwicklung",
            "Statistik",
            "Jobcenter",
            "Kommunales Integrationszentrum",
        )
    ]


def test_berlin(referenzdaten, tmp_path, client):
    quelle = referenzdaten / "referenz" / "berlin_mss" / "mss_2019.csv"
    if not quelle.is_file():
        pytest.skip(f"Referenzdaten fehlen: {quelle}")
    with quelle.open(encoding="utf-8", newline="") as datei:
        zeilen = list(csv.DictReader(datei))
    ziel = tmp_path / "berlin.csv"
    with ziel.open("w", encoding="utf-8", newline="") as datei:
        schreiber = csv.writer(datei, delimiter=";")
        schreiber.writerow(["nummer", "name", "sozialraum_nummer", "sozialraum", "einwohner"])
        for z in zeilen:
            bezirk = z["id"][:2]
            schreiber.writerow([z["id"], z["name"], bezirk, f"Bezirk {bezirk}", z["einwohner"]])
    call_command(
        "gebiete_laden", str(ziel), "--stadt=Berlin", "--gueltig-von=2019-01-01", stdout=io.StringIO()
    )
    assert Sozialquartier.objects.count() == 447
    assert list(Sozialraum.objects.nach_nummer().values_list("nummer", flat=True)) == [
        f"{n:02d}" for n in range(1, 13)
    ]
    assert Sozialquartier.objects.nach_nummer().first().nummer == "01011101"
    assert Stadt.objects.get().einwohner == sum(int(z["einwohner"]) for z in zeilen)
    seite = client.get(reverse("quartiere:liste")).text
    assert "<strong>447</strong> Sozialquartiere" in seite
    assert seite.count('<a class="kachel') == 447
    assert seite.count("<tr data-gebiet") == 100
    assert "Seite 1 von 5" in seite
