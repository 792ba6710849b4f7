import pandas as pd

from sozialindex.einlesen.plausibilitaet import MAX_JE_ART, pruefe
from tests.sozialindex.einlesen.verzeichnisse import EINWOHNER, INDIKATOREN, STADT_ID, verzeichnis

ORT = verzeichnis(indikatoren=(*INDIKATOREN, EINWOHNER))
SGB2, MIGRATION, ANZAHL = 12, 11, 18
QUARTIERE = [g.id for g in ORT.gebiete if g.ebene == "quartier"]


def tabelle(*zeilen):
    spalten = ["gebiet", "definition", "jahr", "zaehler", "nenner", "wert"]
    werte = pd.DataFrame(zeilen, columns=spalten).astype(dict.fromkeys(spalten[3:], float))
    werte["stichtag"] = pd.to_datetime(werte.pop("jahr").astype(str) + "-12-31").astype("datetime64[s]")
    werte["zeile"] = range(2, len(werte) + 2)
    return werte.astype({"gebiet": "int64", "definition": "int64"})


def texte(art, werte, fruehere=None):
    frueher = werte.iloc[:0] if fruehere is None else fruehere
    return [(h.zeile, h.text) for h in pruefe(werte, ORT, frueher) if h.art == art]


def alle(wert, definition=SGB2, jahr=2020):
    return [(q, definition, jahr, None, None, wert) for q in QUARTIERE]


def test_ueber_100():
    werte = tabelle((101, SGB2, 2020, None, None, 140.0), (102, SGB2, 2020, None, None, 100.0))
    assert texte("ueber_100", werte) == [
        (2, "Innenstadt, SGB-II-Quote, 31.12.2020: 140,0 % ist mehr als 100 %.")
    ]


def test_sprung_gegen_den_frueheren_stand():
    fruehere = tabelle((101, SGB2, 2019, None, None, 30.0), (102, SGB2, 2017, None, None, 10.0))
    werte = tabelle((101, SGB2, 2020, None, None, 36.0), (102, SGB2, 2020, None, None, 30.0))
    assert texte("sprung", werte, fruehere) == [
        (
            2,
            "Innenstadt, SGB-II-Quote, 31.12.2020: von 30,0 % (31.12.2019) auf 36,0 %, "
            "das sind 6,0 Prozentpunkte; die Grenze liegt bei 5,0.",
        )
    ]


def test_sprung_genau_an_der_grenze_und_ohne_grenze():
    fruehere = tabelle((101, SGB2, 2019, None, None, 30.0), (101, MIGRATION, 2019, None, None, 1.0))
    werte = tabelle((101, SGB2, 2020, None, None, 35.0), (101, MIGRATION, 2020, None, None, 99.0))
    assert texte("sprung", werte, fruehere) == []


def test_sprung_einer_anzahl_in_prozent():
    fruehere = tabelle((101, ANZAHL, 2019, None, None, 1000))
    assert texte("sprung", tabelle((101, ANZAHL, 2020, None, None, 1200)), fruehere) == [
        (
            2,
            "Innenstadt, Einwohner, 31.12.2020: von 1.000 (31.12.2019) auf 1.200, das sind 20,0 Prozent; "
            "die Grenze liegt bei 10,0.",
        )
    ]


def test_ausreisser():
    werte = tabelle(*[(q, SGB2, 2020, None, None, 10 + i % 3) for i, q in enumerate(QUARTIERE)])
    werte.loc[5, "wert"] = 40.0
    assert texte("ausreisser", werte) == [
        (
            7,
            "Bermensfeld, SGB-II-Quote, 31.12.2020: 40,0 % liegt weit ab von den übrigen Quartieren "
            "(Median 11,0 %).",
        )
    ]
    assert texte("ausreisser", werte.head(9)) == []


def test_summe_der_zaehler_und_nenner():
    teile = [(q, SGB2, 2020, 10, 100, 10.0) for q in QUARTIERE]
    richtig, falsch = (STADT_ID, SGB2, 2020, 270, 2700, 10.0), (STADT_ID, SGB2, 2020, 271, 2700, 10.04)
    assert texte("summe", tabelle(*teile, richtig)) == []
    assert texte("summe", tabelle(*teile, falsch)) == [
        (
            29,
            "Oberhausen, SGB-II-Quote, 31.12.2020: geliefert 271 von 2.700, "
            "Summe der Quartiere 270 von 2.700.",
        )
    ]
    assert texte("summe", tabelle(*teile[1:], falsch)) == []  # incomplete: not comparable


def test_summe_eines_sozialraums_als_quote():
    teile = [(q, SGB2, 2020, 10, 100, 10.0) for q in (101, 102, 103, 104)]
    assert texte("summe", tabelle(*teile, (11, SGB2, 2020, None, None, 10.05))) == []
    assert texte("summe", tabelle(*teile, (11, SGB2, 2020, None, None, 12.0))) == [
        (6, "Oberhausen-Mitte/Styrum, SGB-II-Quote, 31.12.2020: geliefert 12,0 %, aus den Quartieren 10,0 %.")
    ]


def test_summe_einer_anzahl():
    teile = [(q, ANZAHL, 2020, None, None, 50) for q in (101, 102, 103, 104)]
    assert texte("summe", tabelle(*teile, (11, ANZAHL, 2020, None, None, 199))) == [
        (6, "Oberhausen-Mitte/Styrum, Einwohner, 31.12.2020: geliefert 199, Summe der Quartiere 200.")
    ]


def test_spanne_ohne_zaehler():
    werte = tabelle(*alle(10.0), (STADT_ID, SGB2, 2020, None, None, 11.0))
    assert texte("spanne", werte) == [
        (
            29,
            "Oberhausen, SGB-II-Quote, 31.12.2020: 11,0 % liegt außerhalb der Spanne "
            "der zugehörigen Quartiere (10,0 % bis 10,0 %).",
        )
    ]


def test_fehlende_quartiere():
    werte = tabelle(*alle(10.0)[2:])
    assert texte("fehlende_quartiere", werte) == [
        (None, "SGB-II-Quote, 31.12.2020: 2 von 27 Quartieren fehlen (Innenstadt, Marienviertel-West).")
    ]


def test_viele_hinweise_werden_gezaehlt():
    werte = tabelle(*[zeile for jahr in range(2000, 2010) for zeile in alle(101.0, jahr=jahr)])
    ueber = texte("ueber_100", werte)
    assert len(ueber) == MAX_JE_ART + 1
    assert ueber[-1] == (None, "… und 70 weitere Hinweise dieser Art.")


def test_leere_tabelle():
    assert pruefe(tabelle(), ORT, tabelle()) == []
