"""What each indicator adds to the Statusindex of an area."""

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from sozialindex.diagramme.gestalt import beschriftung, figur

# A chart of more areas would be longer than any screen; the table beside it holds them all.
HOECHSTENS = 60
REIHEN = 7
MUSTER = ("", "/", ".", "x", "\\", "|", "+")


def beitragsdiagramm(beitraege: pd.DataFrame, namen: Mapping[str, str]) -> go.Figure:
    """Draw one stacked bar per area, to the right of zero what raises the index, to the left what lowers it.

    Parameters
    ----------
    beitraege
        Index: (number, name) of the areas from top to bottom; one column per indicator key, in units of the
        index. Areas of which a contribution is missing are not drawn.
    namen
        Indicator key → name for the legend.
    """
    gezeichnet = beitraege.dropna()
    ergebnis = figur(
        160 + 26 * len(gezeichnet),
        barmode="relative",
        xaxis={"title": {"text": "Beitrag (rechts = mehr Belastung)"}},
        yaxis={"autorange": "reversed", "type": "category"},
        legend={"orientation": "h", "y": 1, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
    )
    for stelle, schluessel in enumerate(gezeichnet.columns):
        ergebnis.add_trace(_reihe(gezeichnet[schluessel], namen[schluessel], stelle))
    return ergebnis


def _reihe(werte: pd.Series, name: str, stelle: int) -> go.Bar:
    titel = beschriftung(name)
    muster = MUSTER[(stelle // REIHEN) % len(MUSTER)]
    return go.Bar(
        orientation="h",
        x=werte.tolist(),
        # Numbers only, so that the bars keep their room on a phone; names stand in hover and table.
        y=[beschriftung(nummer) for nummer, _ in werte.index],
        hovertext=[beschriftung(" ".join(gebiet)) for gebiet in werte.index],
        name=titel,
        marker={"color": f"var(--reihe-{stelle % REIHEN + 1})", "pattern": {"shape": muster}},
        hovertemplate="%{hovertext}<br>" + titel.replace("%{", "% {") + ": %{x:+.2f}<extra></extra>",
    )
