// What htmx alone does not do. Every page works without this file; it saves keystrokes and says when the line is cut.
"use strict";

// The server did not answer, or failed: say so, nothing typed is lost.
for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.addEventListener(name, (event) => {
    const status = event.detail.xhr ? event.detail.xhr.status : 0;
    if (status === 401) { window.location.assign("/login"); return; }
    if (status >= 400 && status < 500) return; // the answer itself says what is wrong
    if (event.detail.requestConfig.verb === "get" && !event.detail.requestConfig.triggeringEvent) return;
    document.getElementById("broken").classList.add("shown");
  });
}
document.addEventListener("htmx:afterOnLoad", () => document.getElementById("broken")?.classList.remove("shown"));

// Arrow keys walk through a list of links (data-walk); only while the focus is in it.
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const open of document.querySelectorAll("details.act[open]")) {
      open.open = false;
      open.querySelector("summary").focus();
    }
  }
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const list = event.target.closest("[data-walk]");
  if (!list || event.target.matches("input:not([type=checkbox]), select, textarea")) return;
  const links = [...list.querySelectorAll("a.open")];
  const row = event.target.closest("tr");
  const here = links.findIndex((link) => row && row.contains(link));
  const next = links[here + (event.key === "ArrowDown" ? 1 : -1)];
  if (next) { event.preventDefault(); next.focus(); next.click(); }
});

// A form in place closes when one clicks beside it.
document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll("details.act[open]")) {
    if (!open.contains(event.target)) open.open = false;
  }
});
// Its first field has the focus when it opens.
document.addEventListener("toggle", (event) => {
  if (event.target.matches("details.act[open], details.choice[open]") && event.target.contains(document.activeElement)) {
    event.target.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  }
}, true);

// Tick all, and how many are ticked.
function countTicks(form) {
  const boxes = [...form.querySelectorAll("input[name=task]")];
  const ticked = boxes.filter((box) => box.checked).length;
  const number = form.querySelector("[data-ticked]");
  if (number) number.textContent = ticked ? `(${ticked})` : "";
  const all = form.querySelector("[data-tick-all]");
  if (all) { all.checked = ticked > 0 && ticked === boxes.length; all.indeterminate = ticked > 0 && ticked < boxes.length; }
}
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-ticks]");
  if (!form) return;
  if (event.target.matches("[data-tick-all]")) {
    for (const box of form.querySelectorAll("input[name=task]")) box.checked = event.target.checked;
  }
  countTicks(form);
});

// The row whose task is shown stands out.
document.addEventListener("htmx:beforeRequest", (event) => {
  const link = event.target.closest && event.target.closest("a.open");
  if (!link) return;
  for (const row of link.closest("tbody").rows) row.classList.toggle("chosen", row.contains(link));
  for (const other of link.closest("tbody").querySelectorAll("a.open")) other.removeAttribute("aria-current");
  link.setAttribute("aria-current", "true");
});

// On a small screen the task takes the list's place.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id !== "task") return;
  const desk = document.querySelector(".desk");
  desk.classList.add("opened");
  if (getComputedStyle(desk.querySelector(".list")).display === "none") window.scrollTo(0, 0);
});

// A date that is typed is the way that is meant (data-chooses names the radio button).
document.addEventListener("input", (event) => {
  const button = event.target.dataset.chooses && document.getElementById(event.target.dataset.chooses);
  if (button) button.checked = true;
});

// On a small screen the chosen tab is in sight.
function showChosenTab() {
  const chosen = document.querySelector(".tabs a[aria-current]");
  const hidden = chosen && chosen.offsetLeft + chosen.offsetWidth > chosen.parentElement.offsetLeft + chosen.parentElement.clientWidth;
  if (hidden) chosen.parentElement.scrollLeft = chosen.offsetLeft - chosen.parentElement.offsetLeft - 24;
}
document.addEventListener("DOMContentLoaded", showChosenTab);
document.addEventListener("htmx:afterSettle", showChosenTab);

// Instants of the wall clock, as the reader's own clock shows them.
function showLocalTimes() {
  const format = new Intl.DateTimeFormat(document.documentElement.lang === "fr" ? "fr-FR" : "en-GB", { dateStyle: "short", timeStyle: "short" });
  for (const time of document.querySelectorAll("time[data-local]")) time.textContent = format.format(new Date(time.dateTime));
}
document.addEventListener("DOMContentLoaded", showLocalTimes);
document.addEventListener("htmx:afterSwap", showLocalTimes);
