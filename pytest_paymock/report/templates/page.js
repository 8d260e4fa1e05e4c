"use strict";

// What a row shows lies beside it as text, escaped by those who wrote it, and becomes elements when
// the row is opened for the first time.
// The rows are no <li>: to hide one of thousands, a browser would count all of them anew.
const MOST_AT_ONCE = 200;
const list = document.getElementById("tests");
const form = document.getElementById("filters");

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
  const facets = ["outcome", "endpoints", "faults", "clients"].filter((name) => chosen.get(name));
  let shown = 0;
  for (const item of list.children) {
    const fits =
      facets.every((name) => item.dataset[name].split("|").includes(chosen.get(name))) &&
      (!search || item.querySelector(".name").textContent.toLowerCase().includes(search));
    item.hidden = !fits;
    shown += fits;
  }
  document.getElementById("count").textContent = `${shown} of ${list.children.length} tests`;
}

if (list) {
  // "toggle" does not bubble, so it is caught on its way down.
  list.addEventListener("toggle", (event) => event.target.open && fill(event.target), true);
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(filter));
  document.getElementById("open").addEventListener("click", () => {
    const rows = list.querySelectorAll(":scope > div:not([hidden]) > details");
    [...rows].slice(0, MOST_AT_ONCE).forEach((row) => (row.open = true));
  });
  document.getElementById("close").addEventListener("click", () => {
    list.querySelectorAll(":scope > div > details[open]").forEach((row) => (row.open = false));
  });
  filter(); // a browser may have kept what was chosen before the page was loaded again
}
