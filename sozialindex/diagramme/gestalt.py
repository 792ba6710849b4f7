"""What all charts share."""

import html
import json
from typing import Any

import plotly.graph_objects as go


def beschriftung(text: str) -> str:
    """Make a name safe as a label; Plotly reads labels as a kind of HTML."""
    return html.escape(" ".join(text.split()), quote=False)


def als_daten(figur: go.Figure) -> dict[str, Any]:
    """Return a figure as plain data for `json_script`; NaN becomes null, which JSON knows."""
    daten = json.loads(figur.to_json())
    daten["layout"].pop("template", None)
    return daten


def figur(hoehe: int, **layout: Any) -> go.Figure:
    """Start an empty figure of a fixed height in pixels, without Plotly's own template."""
    return go.Figure(layout={"template": None, "height": hoehe, "hovermode": "closest", **layout})
