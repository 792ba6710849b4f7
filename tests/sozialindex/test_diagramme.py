import json

import pandas as pd

from sozialindex.diagramme.beitraege import beitragsdiagramm
from sozialindex.diagramme.gestalt import als_daten, beschriftung
from sozialindex.diagramme.streuung import streudiagramm
from sozialindex.klassen import klassen_der_methodik

METHODIK = {
    "status": {"klassen": ["hoch", "mittel", "niedrig", "sehr niedrig"]},
    "dynamik": {"jahre": 4, "klassen": ["positiv", "stabil", "negativ"]},
}
KLASSEN = klassen_der_methodik(METHODIK, "status")


ORTE = [("101", "Mitte"), ("102", "Nord")]
NAMEN = {"armut": "Armut", "alter": "Alter"}


def gebiete(*zeilen):
    return pd.DataFrame(zeilen, columns=["nummer", "name", "statusindex", "dynamikindex", "statusklasse"])


def test_classes_have_word_rank_colour_and_sign():
    assert [(k.wort, k.rang, k.farbe, k.zeichen) for k in KLASSEN] == [
        ("hoch", 1, "var(--klasse-1)", "○"),
        ("mittel", 2, "var(--klasse-2)", "◔"),
        ("niedrig", 3, "var(--klasse-3)", "◕"),
        ("sehr niedrig", 4, "var(--klasse-4)", "●"),
    ]
    dynamik = klassen_der_methodik(METHODIK, "dynamik")
    assert [k.css for k in dynamik] == ["dynamik-positiv", "dynamik-stabil", "dynamik-negativ"]


def test_other_numbers_of_classes_keep_both_ends():
    zwei = klassen_der_methodik({"status": {"klassen": ["gut", "schlecht"]}}, "status")
    assert [k.css for k in zwei] == ["klasse-1", "klasse-4"]
    sechs = klassen_der_methodik({"status": {"klassen": list("abcdef")}}, "status")
    assert (sechs[0].css, sechs[-1].css) == ("klasse-1", "klasse-4")


def test_method_without_dynamics_has_no_classes_of_it():
    assert klassen_der_methodik({"dynamik": {"jahre": None, "klassen": ["a", "b", "c"]}}, "dynamik") == ()


def test_scatter_has_one_trace_per_class_and_a_line_per_limit():
    daten = als_daten(
        streudiagramm(
            gebiete(("101", "Mitte", 2.25, -0.5, "sehr niedrig"), ("102", "Nord", -1.2, 0.1, "hoch")),
            KLASSEN,
            [-1, 1, 1.5],
            [-1, 1],
        )
    )
    punkte = {
        spur["name"]: list(zip(spur["x"], spur["y"], spur["text"], strict=True)) for spur in daten["data"]
    }
    assert punkte == {
        "hoch": [(-1.2, 0.1, "102")],
        "mittel": [],
        "niedrig": [],
        "sehr niedrig": [(2.25, -0.5, "101")],
    }
    linien = [(form["x0"], form["x1"], form["y0"], form["y1"]) for form in daten["layout"]["shapes"]]
    assert linien == [(-1, -1, 0, 1), (1, 1, 0, 1), (1.5, 1.5, 0, 1), (0, 1, -1, -1), (0, 1, 1, 1)]
    assert {spur["marker"]["color"] for spur in daten["data"]} == {klasse.farbe for klasse in KLASSEN}


def test_areas_without_index_are_not_drawn():
    ohne = gebiete(("101", "Mitte", None, None, ""), ("102", "Nord", 1.0, None, "mittel"))
    figur = streudiagramm(ohne, KLASSEN, [1], [1])
    assert [list(spur.x) for spur in figur.data] == [[], [], [], []]


def test_many_points_carry_no_numbers():
    viele = gebiete(*((str(k), f"G{k}", k / 100, 0.0, "mittel") for k in range(41)))
    assert {spur.mode for spur in streudiagramm(viele, KLASSEN, [1], [1]).data} == {"markers"}


def test_contributions_stack_to_both_sides_in_the_order_given():
    beitraege = pd.DataFrame({"armut": [0.5, -0.2], "alter": [-0.1, 0.3]}, index=ORTE)
    daten = als_daten(beitragsdiagramm(beitraege, NAMEN))
    assert daten["layout"]["barmode"] == "relative"
    assert [(s["name"], s["x"], s["y"]) for s in daten["data"]] == [
        ("Armut", [0.5, -0.2], ["101", "102"]),
        ("Alter", [-0.1, 0.3], ["101", "102"]),
    ]
    assert [s["hovertext"] for s in daten["data"]] == [["101 Mitte", "102 Nord"]] * 2
    assert [s["marker"]["color"] for s in daten["data"]] == ["var(--reihe-1)", "var(--reihe-2)"]


def test_areas_with_a_hidden_contribution_are_not_drawn():
    beitraege = pd.DataFrame({"armut": [0.5, None], "alter": [-0.1, 0.3]}, index=ORTE)
    figur = beitragsdiagramm(beitraege, NAMEN)
    assert [list(spur.y) for spur in figur.data] == [["101"], ["101"]]


def test_eighth_indicator_repeats_the_colour_with_a_pattern():
    namen = {f"i{k}": f"I{k}" for k in range(8)}
    figur = beitragsdiagramm(pd.DataFrame([[0.1] * 8], index=[("1", "A")], columns=list(namen)), namen)
    assert (figur.data[7].marker.color, figur.data[7].marker.pattern.shape) == ("var(--reihe-1)", "/")


def test_labels_are_text_and_not_markup():
    assert beschriftung("<b>A</b> &\n B") == "&lt;b&gt;A&lt;/b&gt; &amp; B"
    figur = streudiagramm(gebiete(("1", "<a href='x'>N</a>", 1.0, 1.0, "mittel")), KLASSEN, [1], [1])
    assert "<a" not in json.dumps(als_daten(figur)["data"])


def test_figure_data_are_strict_json():
    beitraege = pd.DataFrame({"armut": [float("nan")]}, index=[("1", "A")])
    text = json.dumps(als_daten(beitragsdiagramm(beitraege, {"armut": "Armut"})), allow_nan=False)
    assert "template" not in json.loads(text)["layout"]
