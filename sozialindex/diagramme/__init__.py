"""How figures look as charts: data frame in, Plotly figure out. Colours are tokens of the style sheet."""
