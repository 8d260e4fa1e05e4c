"use strict";

// What a row shows lies beside it as text, escaped by those who wrote it, and becomes elements when
// the row is opened for the first time.
// The rows are no <li>: to hide one of thousands, a browser would count all of them anew.
const MOST_AT_ONCE = 200;
const FACETS = ["outcome", "endpoints", "faults", "clients"];
const list = document.getElementById("tests");
const form = document.getElementById("filters");
let at = ""; // the name of the test that was opened last

function fill(row) {
  const text = row.querySelector(":scope > script");
  if (text) {
    const panel = document.createElement("div");
    panel.className = "panel";
    panel.innerHTML = text.textContent;
    text.replaceWith(panel);
  }
}

function filter() {
  const chosen = new FormData(form);
  const search = chosen.get("search").trim().toLowerCase();
  const facets = FACETS.filter((name) => chosen.get(name));
  let shown = 0;
  for (const item of list.children) {
    const fits =
      facets.every((name) => item.dataset[name].split("|").includes(chosen.get(name))) &&
      (!search || item.dataset.name.toLowerCase().includes(search));
    item.hidden = !fits;
    shown += fits;
  }
  document.getElementById("count").textContent = `${shown} of ${list.children.length} tests`;
  document.getElementById("none").hidden = shown > 0;
}

// The address says what is shown, so that it can be sent to somebody.
function remember() {
  const state = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (value) state.set(name, value);
  }
  if (at) state.set("test", at);
  history.replaceState(null, "", `#${state}`);
}

// At first, a browser may have kept what was chosen before the page was loaded again.
function recall(changed) {
  const state = new URLSearchParams(location.hash.slice(1));
  for (const name of ["search", ...FACETS]) {
    if (changed || state.has(name)) form.elements[name].value = state.get(name) ?? "";
  }
  filter();
  at = state.get("test") || "";
  const item = at && [...list.children].find((one) => one.dataset.name === at);
  if (item) {
    item.hidden = false;
    item.firstElementChild.open = true;
    item.scrollIntoView();
    item.querySelector("summary").focus({ preventScroll: true });
  }
}

if (list) {
  form.hidden = false; // without a script it could do nothing
  // "toggle" does not bubble, so it is caught on its way down.
  list.addEventListener("toggle", (event) => event.target.open && fill(event.target), true);
  list.addEventListener("click", (event) => {
    const row = event.target.closest("#tests > div > details > summary")?.parentElement;
    if (row) {
      at = row.open ? "" : row.parentElement.dataset.name; // as it is before the click counts
      remember();
    }
  });
  form.addEventListener("input", () => { filter(); remember(); });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => { filter(); remember(); }));
  document.getElementById("open").addEventListener("click", () => {
    const rows = list.querySelectorAll(":scope > div:not([hidden]) > details");
    [...rows].slice(0, MOST_AT_ONCE).forEach((row) => (row.open = true));
  });
  document.getElementById("close").addEventListener("click", () => {
    list.querySelectorAll(":scope > div > details[open]").forEach((row) => (row.open = false));
  });
  // Nobody can open a row on paper, so those that failed are open there.
  let forPaper = [];
  addEventListener("beforeprint", () => {
    const rows = list.querySelectorAll(
      ':scope > div:not([hidden]):is([data-outcome="failed"], [data-outcome="error"]) > details:not([open])',
    );
    forPaper = [...rows].slice(0, MOST_AT_ONCE);
    for (const row of forPaper) {
      fill(row); // "toggle" would come too late
      row.open = true;
    }
  });
  addEventListener("afterprint", () => forPaper.splice(0).forEach((row) => (row.open = false)));
  addEventListener("hashchange", recall);
  recall();
}
