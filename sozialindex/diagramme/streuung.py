"""Status and Dynamik of every area as points between the limits of the classes."""

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from sozialindex.diagramme.gestalt import beschriftung, figur
from sozialindex.klassen import Klasse

# Above this count numbers beside the points would lie on each other; they are shown on pointing then.
NAMEN_BIS = 40
# Only the limits of the classes are drawn as lines.
OHNE_GITTER = {"zeroline": False, "showgrid": False, "ticks": "outside"}


def streudiagramm(
    gebiete: pd.DataFrame,
    klassen: Sequence[Klasse],
    grenzen_status: Sequence[float],
    grenzen_dynamik: Sequence[float],
) -> go.Figure:
    """Draw one point per area.

    Parameters
    ----------
    gebiete
        Columns `nummer`, `name`, `statusindex`, `dynamikindex` (float) and `statusklasse` (word); rows
        without both index values are not drawn.
    klassen
        Status classes in order; one trace each, so that the legend names them.
    grenzen_status, grenzen_dynamik
        Limits in units of the index, drawn as lines.
    """
    gezeichnet = gebiete.dropna(subset=["statusindex", "dynamikindex"])
    ergebnis = figur(
        520,
        xaxis={"title": {"text": "Statusindex (höher = mehr Belastung)"}, **OHNE_GITTER},
        yaxis={"title": {"text": "Dynamikindex (höher = ungünstiger)"}, **OHNE_GITTER},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        shapes=[
            *(_linie("x", grenze) for grenze in grenzen_status),
            *(_linie("y", grenze) for grenze in grenzen_dynamik),
        ],
    )
    for klasse in klassen:
        teil = gezeichnet[gezeichnet["statusklasse"] == klasse.wort]
        ergebnis.add_trace(_punkte(teil, klasse, mit_nummer=len(gezeichnet) <= NAMEN_BIS))
    return ergebnis


def _linie(achse: str, grenze: float) -> dict:
    quer = "y" if achse == "x" else "x"
    strich = {"color": "var(--farbe-linie-feld)", "dash": "dash", "width": 1.5}
    return {
        "type": "line",
        achse + "0": grenze,
        achse + "1": grenze,
        quer + "0": 0,
        quer + "1": 1,
        f"{quer}ref": "paper",
        "line": strich,
        "layer": "below",
    }


def _punkte(gebiete: pd.DataFrame, klasse: Klasse, *, mit_nummer: bool) -> go.Scatter:
    namen = [beschriftung(name) for name in gebiete["name"]]
    symbole = ("circle", "square", "diamond", "triangle-up", "cross", "x")
    return go.Scatter(
        x=gebiete["statusindex"].tolist(),
        y=gebiete["dynamikindex"].tolist(),
        mode="markers+text" if mit_nummer else "markers",
        name=beschriftung(klasse.wort),
        text=[beschriftung(nummer) for nummer in gebiete["nummer"]],
        textposition="top center",
        textfont={"size": 11},
        hovertext=namen,
        hovertemplate="%{hovertext}<br>Status %{x:.2f}, Dynamik %{y:.2f}<extra></extra>",
        marker={
            "size": 11,
            "color": klasse.farbe,
            "symbol": symbole[(klasse.rang - 1) % len(symbole)],
            "line": {"color": "var(--klasse-rand)", "width": 1},
        },
    )
