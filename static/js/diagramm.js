// Draws every <div data-diagramm="ID"> from the figure in <script type="application/json" id="ID">.
// A colour written as "var(--klasse-1)" in the figure is replaced by the token, so charts follow dark mode and print.
(() => {
  const EINSTELLUNGEN = {
    responsive: true,
    locale: "de",
    displaylogo: false,
    modeBarButtons: [["toImage"]],
    toImageButtonOptions: { scale: 2 },
    showSendToCloud: false,
    plotlyServerURL: "",
  };

  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  const mitFarben = (wert) => {
    if (typeof wert === "string") {
      return wert.replace(/var\((--[a-z0-9-]+)\)/g, (_, name) => token(name));
    }
    if (Array.isArray(wert)) {
      return wert.map(mitFarben);
    }
    if (wert !== null && typeof wert === "object") {
      return Object.fromEntries(Object.entries(wert).map(([name, teil]) => [name, mitFarben(teil)]));
    }
    return wert;
  };

  const achsen = (layout) => {
    const namen = new Set(["xaxis", "yaxis", ...Object.keys(layout).filter((name) => /^[xy]axis\d*$/.test(name))]);
    const linien = { gridcolor: token("--farbe-linie"), zerolinecolor: token("--farbe-linie-feld") };
    return Object.fromEntries(
      [...namen].map((name) => [name, { ...linien, automargin: true, fixedrange: true, ...layout[name] }]),
    );
  };

  const gestaltet = (layout) => ({
    ...layout,
    ...achsen(layout),
    separators: ",.",
    autosize: true,
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: token("--schrift"), size: 14, ...layout.font, color: token("--farbe-text") },
    margin: { l: 16, r: 16, t: 24, b: 24, ...layout.margin },
  });

  const zeichne = (flaeche) => {
    const quelle = document.getElementById(flaeche.dataset.diagramm);
    const { data, layout = {} } = mitFarben(JSON.parse(quelle.textContent));
    return window.Plotly.react(flaeche, data, gestaltet(layout), EINSTELLUNGEN);
  };

  const zeichneAlle = () => document.querySelectorAll("[data-diagramm]").forEach(zeichne);

  zeichneAlle();
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", zeichneAlle);
  window.matchMedia("print").addEventListener("change", zeichneAlle);
})();
