import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from quartiere.dienste import Abgleich, LadenAbgelehnt, freier_slug, lade_gebiete, summiere_einwohner
from quartiere.gebietsdatei import Gebietsdatei, Gebietszeile, lies_gebietsdatei
from quartiere.models import Gebiet, Gebietsalias, Gebietsstand, Sozialquartier, Sozialraum, Stadt

from .fabriken import QuartierFabrik, SozialraumFabrik

pytestmark = pytest.mark.django_db

DATEI = """nummer;name;sozialraum_nummer;sozialraum;einwohner;alias;kachel_x;kachel_y
101;Anger;1;Nord;1000;Am Anger|Wiese;0;0
102;Straße;1;Nord;2000;;1;0
201;Bach;2;Süd;500;;0;1
"""
OHNE_KACHELN = """nummer;name;sozialraum_nummer;sozialraum;einwohner
101;Anger;1;Nord;1000
102;Straße;1;Nord;2000
201;Bach;2;Süd;500
"""


def lade(text=DATEI, **angaben):
    return lade_gebiete(datei=lies_gebietsdatei(text.encode()), **angaben)


def quartiere():
    felder = ("nummer", "name", "slug", "uebergeordnet__nummer", "einwohner", "kachel_x", "kachel_y")
    return list(Sozialquartier.objects.aktuell().nach_nummer().values_list(*felder))


def test_erstes_laden():
    bericht = lade(stadt="Musterstadt", gueltig_von=datetime.date(2024, 1, 1))
    assert (bericht.sozialraeume, bericht.quartiere, bericht.aliase) == (
        Abgleich(2, 0, 0),
        Abgleich(3, 0, 0),
        2,
    )
    assert (bericht.gebietsstand.name, bericht.gebietsstand.gueltig_von) == (
        "2024",
        datetime.date(2024, 1, 1),
    )
    assert bericht.abgeloest is None
    assert quartiere() == [
        ("101", "Anger", "anger", "1", 1000, 0, 0),
        ("102", "Straße", "strasse", "1", 2000, 1, 0),
        ("201", "Bach", "bach", "2", 500, 0, 1),
    ]
    raeume = Sozialraum.objects.nach_nummer().values_list(
        "nummer", "name", "slug", "uebergeordnet__name", "einwohner"
    )
    assert list(raeume) == [
        ("1", "Nord", "nord", "Musterstadt", 3000),
        ("2", "Süd", "sued", "Musterstadt", 500),
    ]
    assert list(Stadt.objects.values_list("nummer", "name", "slug", "einwohner")) == [
        ("STADT", "Musterstadt", "musterstadt", 3500)
    ]
    assert list(Gebietsalias.objects.values_list("gebiet__nummer", "name")) == [
        ("101", "Am Anger"),
        ("101", "Wiese"),
    ]


def test_vorgaben_sind_dieses_jahr_und_gesamtstadt():
    stand = lade().gebietsstand
    jahr = timezone.localdate().year
    assert (stand.name, stand.gueltig_von) == (str(jahr), datetime.date(jahr, 1, 1))
    assert Stadt.objects.get().name == "Gesamtstadt"


def test_zweites_laden_aendert_nichts():
    lade(stadt="Musterstadt")
    vorher = list(Gebiet.objects.order_by("pk").values())
    bericht = lade()
    assert (bericht.sozialraeume, bericht.quartiere, bericht.aliase) == (
        Abgleich(0, 0, 2),
        Abgleich(0, 0, 3),
        0,
    )
    assert list(Gebiet.objects.order_by("pk").values()) == vorher


def test_geaenderte_datei():
    lade(stadt="Musterstadt")
    bericht = lade(
        """nummer;name;sozialraum_nummer;sozialraum;einwohner;alias;kachel_x;kachel_y
101;Am Anger;1;Norden;1000;Feld;1;0
102;Straße;2;Süd;;;0;0
201;Bach;2;Süd;500;;0;1
301;Anger;3;West;10;;;
""",
        stadt="Neustadt",
    )
    assert (bericht.sozialraeume, bericht.quartiere, bericht.aliase) == (
        Abgleich(1, 1, 1),
        Abgleich(1, 2, 1),
        1,
    )
    # 101 keeps its address although its name changed, so 301 of the old name needs its number in the address.
    assert quartiere() == [
        ("101", "Am Anger", "anger", "1", 1000, 1, 0),
        ("102", "Straße", "strasse", "2", None, 0, 0),
        ("201", "Bach", "bach", "2", 500, 0, 1),
        ("301", "Anger", "anger-301", "3", 10, None, None),
    ]
    raeume = Sozialraum.objects.nach_nummer().values_list("name", "slug", "einwohner")
    assert list(raeume) == [("Norden", "nord", 1000), ("Süd", "sued", None), ("West", "west", 10)]
    assert list(Stadt.objects.values_list("name", "slug", "einwohner")) == [("Neustadt", "musterstadt", None)]
    aliase = Gebietsalias.objects.values_list("gebiet__nummer", "name")
    assert list(aliase) == [("101", "Am Anger"), ("101", "Feld"), ("101", "Wiese")]


def test_ohne_kachelspalten_bleiben_die_kacheln():
    lade()
    assert lade(OHNE_KACHELN).quartiere == Abgleich(0, 0, 3)
    assert [zeile[-2:] for zeile in quartiere()] == [(0, 0), (1, 0), (0, 1)]


def test_fehlende_nummern_werden_abgelehnt():
    lade(gueltig_von=datetime.date(2024, 1, 1))
    vorher = list(Gebiet.objects.order_by("pk").values())
    with pytest.raises(LadenAbgelehnt) as fehler:
        lade("nummer;name;sozialraum_nummer;sozialraum;einwohner\n101;Neu;1;Nord;1\n")
    assert str(fehler.value) == (
        "In der Datei fehlen Gebiete des Gebietsstands „2024“: Sozialraum 2 (Süd), "
        "Sozialquartier 102 (Straße), Sozialquartier 201 (Bach). Es wurde nichts geändert. "
        "Gilt eine neue Einteilung, laden Sie sie als neuen Gebietsstand: "
        "--gebietsstand NEUER_NAME --gueltig-von DATUM."
    )
    assert list(Gebiet.objects.order_by("pk").values()) == vorher


def test_von_vielen_fehlenden_werden_zehn_genannt():
    zeilen = [f"{nummer};Q{nummer};1;Nord;" for nummer in range(1, 14)]
    kopf = "nummer;name;sozialraum_nummer;sozialraum;einwohner"
    lade("\n".join([kopf, *zeilen]))
    with pytest.raises(LadenAbgelehnt, match=r"Sozialquartier 11 \(Q11\) und 2 weitere\. Es wurde nichts"):
        lade("\n".join([kopf, zeilen[0]]))


def test_neuer_gebietsstand_loest_den_alten_ab():
    alt = lade(stadt="Musterstadt", gueltig_von=datetime.date(2020, 1, 1)).gebietsstand
    Sozialquartier.objects.filter(nummer="101").update(besonderheiten="Am Fluss", staerken="Vereine")
    Sozialquartier.objects.filter(nummer="201").update(staerken="Bachlauf")
    bericht = lade(
        "nummer;name;sozialraum_nummer;sozialraum;einwohner\n101;Anger;1;Nord;900\n201;Teich;1;Nord;100\n",
        stadt="Musterstadt",
        gebietsstand="Reform",
        gueltig_von=datetime.date(2025, 7, 1),
    )
    alt.refresh_from_db()
    assert (bericht.abgeloest, alt.gueltig_bis) == (alt, datetime.date(2025, 6, 30))
    assert (bericht.gebietsstand.name, bericht.gebietsstand.gueltig_bis) == ("Reform", None)
    assert (bericht.quartiere, bericht.aliase) == (Abgleich(2, 0, 0), 2)
    # Texts and other names follow an area that kept number and name; 201 is another one now.
    neue = bericht.gebietsstand.gebiete.quartiere().nach_nummer()
    assert list(neue.values_list("name", "slug", "besonderheiten", "staerken")) == [
        ("Anger", "anger", "Am Fluss", "Vereine"),
        ("Teich", "teich", "", ""),
    ]
    assert list(neue[0].aliase.values_list("name", flat=True)) == ["Am Anger", "Wiese"]
    assert alt.gebiete.count() == 6


@pytest.mark.parametrize(
    ("angaben", "meldung"),
    [
        (
            {"gebietsstand": "neu"},
            "Der neue Gebietsstand „neu“ braucht seinen ersten Tag: --gueltig-von DATUM.",
        ),
        (
            {"gueltig_von": datetime.date(2025, 1, 1)},
            "Der Gebietsstand „2020“ gilt seit 01.01.2020. Ein anderer Beginn gehört zu einem neuen "
            "Gebietsstand: Bitte auch --gebietsstand NEUER_NAME angeben.",
        ),
        (
            {"gebietsstand": "neu", "gueltig_von": datetime.date(2020, 1, 2)},
            "Der Gebietsstand „2020“ gilt seit 01.01.2020. "
            "Ein neuer muss mindestens zwei Tage später beginnen.",
        ),
        (
            {"gebietsstand": "früher", "gueltig_von": datetime.date(2025, 1, 1)},
            "Einen Gebietsstand „früher“ gab es schon. Bitte wählen Sie einen anderen Namen.",
        ),
    ],
)
def test_unmoegliche_gebietsstaende(angaben, meldung):
    Gebietsstand.objects.create(
        name="früher", gueltig_von=datetime.date(2010, 1, 1), gueltig_bis=datetime.date(2019, 12, 31)
    )
    lade(gueltig_von=datetime.date(2020, 1, 1))
    with pytest.raises(LadenAbgelehnt) as fehler:
        lade(**angaben)
    assert str(fehler.value) == meldung
    assert Gebietsstand.objects.aktuell().get().name == "2020"
    assert Gebiet.objects.count() == 6


def test_gleicher_gebietsstand_mit_gleichem_beginn_wird_aktualisiert():
    lade(gueltig_von=datetime.date(2020, 1, 1))
    bericht = lade(gebietsstand="2020", gueltig_von=datetime.date(2020, 1, 1))
    assert bericht.quartiere == Abgleich(0, 0, 3)


def gleichfoermige_datei(anzahl, zuschlag=0):
    zeilen = (
        Gebietszeile(
            zeile=n + 2,
            nummer=f"{n:04d}",
            name=f"Quartier {n}",
            sozialraum_nummer=str(n % 3),
            sozialraum=f"Raum {n % 3}",
            einwohner=n + zuschlag,
            aliase=(f"Q{n}",),
            kachel_x=(n + zuschlag) % anzahl,
            kachel_y=0,
        )
        for n in range(anzahl)
    )
    return Gebietsdatei(zeilen=tuple(zeilen), mit_kacheln=True)


def test_zahl_der_abfragen_haengt_nicht_von_der_zahl_der_gebiete_ab():
    anzahlen = []
    for anzahl in (3, 30):
        for zuschlag in (0, 1):
            with CaptureQueriesContext(connection) as abfragen:
                lade_gebiete(datei=gleichfoermige_datei(anzahl, zuschlag))
            anzahlen.append(len(abfragen))
        Gebietsalias.objects.all().delete()
        for ebene in (Sozialquartier, Sozialraum, Stadt):
            ebene.objects.all().delete()
        Gebietsstand.objects.all().delete()
    assert anzahlen[:2] == anzahlen[2:]


def test_summen_sind_unbekannt_sobald_ein_teil_unbekannt_ist():
    nord = SozialraumFabrik()
    sued = SozialraumFabrik(einwohner=77)
    QuartierFabrik(uebergeordnet=nord, einwohner=10)
    QuartierFabrik(uebergeordnet=nord, einwohner=0)
    QuartierFabrik(uebergeordnet=sued, einwohner=5)
    unbekannt = QuartierFabrik(uebergeordnet=sued, einwohner=None)
    summiere_einwohner(gebietsstand=nord.gebietsstand)
    assert list(Sozialraum.objects.order_by("pk").values_list("einwohner", flat=True)) == [10, None]
    assert Stadt.objects.get().einwohner is None
    unbekannt.delete()
    summiere_einwohner(gebietsstand=nord.gebietsstand)
    assert list(Sozialraum.objects.order_by("pk").values_list("einwohner", flat=True)) == [10, 5]
    assert Stadt.objects.get().einwohner == 15


@pytest.mark.parametrize(
    ("name", "nummer", "vergeben", "slug"),
    [
        ("Schloßstraße", "0402", set(), "schlossstrasse"),
        ("Schloßstraße", "0402", {"schlossstrasse"}, "schlossstrasse-0402"),
        ("Schloßstraße", "0402", {"schlossstrasse", "schlossstrasse-0402"}, "schlossstrasse-0402-2"),
        ("???", "04 02", set(), "04-02"),
        ("???", "???", set(), "gebiet"),
        ("ä" * 120, "1", {"ae" * 60}, "ae" * 60 + "-1"),
    ],
)
def test_freier_slug(name, nummer, vergeben, slug):
    belegt = set(vergeben)
    assert freier_slug(name, nummer, belegt) == slug
    assert belegt == vergeben | {slug}
