import pandas as pd

from sozialindex.geheimhaltung import verberge, verberge_schnappschuss, verborgene

SPALTEN = ["gebiet_id", "ebene", "uebergeordnet_id", "indikator", "zaehler", "nenner", "wert", "zustand"]


def quartier(gebiet, raum, zaehler, nenner=100.0, zustand="v", wert=None):
    wert = zaehler / nenner * 100 if wert is None and zaehler is not None else wert
    return [gebiet, "quartier", raum, "armut", zaehler, nenner, wert, zustand]


def summe(gebiet, ebene, uebergeordnet, zaehler, nenner=300.0):
    return [gebiet, ebene, uebergeordnet, "armut", zaehler, nenner, zaehler / nenner * 100, "v"]


def rahmen(*zeilen):
    return pd.DataFrame(zeilen, columns=SPALTEN).astype({"zaehler": float, "nenner": float, "wert": float})


def stadt(raum_a, raum_b):
    """City 1 with Sozialräume 2 and 3 and the counts of their quarters (from 10 and from 20)."""
    teile = [quartier(10 + k, 2, zaehler) for k, zaehler in enumerate(raum_a)]
    teile += [quartier(20 + k, 3, zaehler) for k, zaehler in enumerate(raum_b)]
    a, b = sum(raum_a), sum(raum_b)
    oben = [summe(2, "sozialraum", 1, a), summe(3, "sozialraum", 1, b), summe(1, "stadt", None, a + b)]
    return rahmen(*oben, *teile)


def verborgen(werte, grenze=3):
    return set(werte.loc[verborgene(werte, {"armut": grenze}), "gebiet_id"])


def test_counts_from_one_to_below_the_limit_are_hidden():
    assert verborgen(rahmen(*(quartier(k, 9, float(k)) for k in range(5)))) == {1, 2}


def test_zero_and_missing_are_not_hidden():
    werte = rahmen(quartier(1, 9, 0.0, zustand="0"), quartier(2, 9, None, zustand="n"))
    assert verborgen(werte) == set()


def test_rate_that_gives_the_count_away_is_hidden():
    assert verborgen(rahmen(quartier(1, 9, None, wert=2.0), quartier(2, 9, None, wert=3.0))) == {1}


def test_indicator_without_limit_hides_nothing():
    assert not verborgene(stadt([1, 1], [9, 9]), {}).any()


def test_total_with_one_hidden_part_is_hidden_up_to_the_city():
    assert verborgen(stadt([2, 9, 9], [9, 9, 9])) == {10, 2, 1}


def test_total_with_two_hidden_parts_is_shown():
    assert verborgen(stadt([2, 2, 9], [9, 9, 9])) == {10, 11}


def test_city_is_hidden_when_one_sozialraum_is():
    assert verborgen(stadt([2, 9, 9], [2, 2, 9])) == {10, 20, 21, 2, 1}


def test_two_hidden_sozialraeume_leave_the_city_visible():
    assert verborgen(stadt([2, 9, 9], [2, 9, 9])) == {10, 20, 2, 3}


def test_delivered_secret_counts_as_hidden_part():
    werte = stadt([5, 9, 9], [9, 9, 9])
    werte.loc[werte["gebiet_id"] == 10, ["zaehler", "wert", "zustand"]] = [float("nan"), float("nan"), "g"]
    assert verborgen(werte) == {10, 2, 1}


def test_hiding_empties_count_and_rate_and_says_secret():
    werte = stadt([2, 9, 9], [9, 9, 9])
    zeile = verberge(werte, {"armut": 3}).set_index("gebiet_id").loc[10]
    assert (pd.isna(zeile["zaehler"]), pd.isna(zeile["wert"]), zeile["zustand"]) == (True, True, "g")
    assert zeile["nenner"] == 100.0
    assert werte["wert"].notna().all()


def test_stichtage_are_looked_at_apart():
    werte = pd.concat([stadt([2, 9, 9], [9, 9, 9]), stadt([2, 2, 9], [9, 9, 9])], ignore_index=True)
    werte["stichtag"] = ["2020"] * 9 + ["2021"] * 9
    gefunden = werte[verborgene(werte, {"armut": 3})]
    assert set(zip(gefunden["stichtag"], gefunden["gebiet_id"], strict=True)) == {
        ("2020", 10),
        ("2020", 2),
        ("2020", 1),
        ("2021", 10),
        ("2021", 11),
    }


def test_snapshot_hides_the_city_as_soon_as_one_quarter_is_hidden():
    werte = stadt([2, 2, 9], [9, 9, 9]).assign(rolle="status")
    ohne_raeume = werte[werte["ebene"] != "sozialraum"].drop(columns="uebergeordnet_id")
    ergebnis = verberge_schnappschuss(ohne_raeume, {"armut": 3})
    assert set(ergebnis.loc[ergebnis["wert"].isna(), "gebiet_id"]) == {1, 10, 11}


def test_empty_frame():
    assert verborgene(rahmen(), {"armut": 3}).empty
