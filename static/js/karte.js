// Marks the row of an area when its tile is pointed at or focused, and the tile with its row.
const GEBIET = "[data-gebiet]";

function markiere(ziel, an) {
  const gebiet = ziel instanceof Element ? ziel.closest(GEBIET) : null;
  if (gebiet === null) {
    return;
  }
  for (const stelle of document.querySelectorAll(`[data-gebiet="${gebiet.dataset.gebiet}"]`)) {
    stelle.classList.toggle("hervorgehoben", an);
  }
}

for (const [ereignis, an] of [
  ["pointerover", true],
  ["pointerout", false],
  ["focusin", true],
  ["focusout", false],
]) {
  document.addEventListener(ereignis, (e) => markiere(e.target, an));
}
