// Tells Bootstrap whether the reader's system is dark; the tokens in farben.css follow by themselves.
(() => {
  const dunkel = window.matchMedia("screen and (prefers-color-scheme: dark)");
  const setze = () => {
    document.documentElement.dataset.bsTheme = dunkel.matches ? "dark" : "light";
  };
  setze();
  dunkel.addEventListener("change", setze);
})();
