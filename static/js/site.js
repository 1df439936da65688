// Letter keys, busy state and the account menu: everything here only smooths what works without it.
import "./failed.js";

const typing = (target) => target.closest("input, textarea, select, [contenteditable]");
let afterG = false;

document.addEventListener("keydown", (event) => {
  const open = event.key === "Escape" && document.querySelector("details.account[open]");
  if (open) {
    if (open.contains(document.activeElement)) open.querySelector("summary").focus();
    open.removeAttribute("open");
  }
  if (!document.body.hasAttribute("data-letter-keys")) return;
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const places = { h: "/home/", c: "/courses/", r: "/review/" };
  if (afterG && places[event.key]) window.location.assign(places[event.key]);
  else if (event.key === "?") window.location.assign("/help/keys/");
  else if (event.key === "/") {
    event.preventDefault();
    const field = document.querySelector("main input[type=search]");
    if (field) field.focus();
    else document.querySelector("[data-key='/']")?.click();
  }
  afterG = event.key === "g";
});

document.addEventListener("click", (event) => {
  const menu = document.querySelector("details.account[open]");
  if (menu && !menu.contains(event.target)) menu.removeAttribute("open");
});

document.addEventListener("htmx:beforeRequest", (event) => event.detail.target?.setAttribute("aria-busy", "true"));
document.addEventListener("htmx:afterRequest", (event) => event.detail.target?.removeAttribute("aria-busy"));

// A search asks while it is typed into. Leaving its field asks nothing new: a list drawn anew would take the focus from
// whoever has gone on into it.
document.addEventListener("htmx:confirm", (event) => {
  const by = event.detail.triggeringEvent;
  if (by?.type === "change" && by.target.type === "search") event.preventDefault();
});

// The button that was pressed belongs to what is sent. htmx knows it by its click, which may have come before htmx.
document.addEventListener("htmx:configRequest", ({ detail }) => {
  const { name, value } = detail.triggeringEvent?.submitter ?? {};
  if (name && !detail.formData.has(name)) detail.formData.append(name, value);
});

// The same form with the same words, pressed again before its answer came: what it makes would be made twice. On the
// window, so that it hears last: a page that holds a form back, to save something first, sends it once more itself.
const PATIENCE_MS = 5000;
let sent = new WeakMap();
window.addEventListener("pageshow", () => {
  sent = new WeakMap();
});
window.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  const data = new FormData(form, event.submitter);
  data.delete("csrfmiddlewaretoken"); // another each time it is fetched
  const says = new URLSearchParams(data).toString();
  const before = sent.get(form);
  if (before?.says === says && Date.now() - before.at < PATIENCE_MS) event.preventDefault();
  else sent.set(form, { says, at: Date.now() });
});

// A page that answers a guarded form tells whether its words are to be kept any longer.
const answers = () => {
  try {
    return sessionStorage.getItem("form:sent");
  } catch {
    return null;
  }
};

// Pressed before the guard is there: it waits for it, or who was signed out would lose what the form holds.
let held = null;
function hold(event) {
  if (!event.target.closest("[data-guard-words]")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  held = event;
}
if (document.querySelector("[data-guard-words]") || answers()) {
  document.addEventListener("submit", hold, true);
  const enough = new Promise((go) => setTimeout(go, PATIENCE_MS)); // a guard that never comes holds no form for good
  Promise.race([import("./guarded.js").catch(() => {}), enough]).then(() => {
    document.removeEventListener("submit", hold, true);
    if (held?.target.isConnected) held.target.requestSubmit(held.submitter);
  });
}

const summary = document.querySelector(".errors[tabindex]");
// Who was quicker than this script is in a field already, and stays there.
if (summary && !typing(document.activeElement ?? document.body)) summary.focus();
for (const link of document.querySelectorAll(".subnav [aria-current], .tabs [aria-current]")) {
  const bar = link.closest(".subnav .wrap, .tabs");
  const [shown, place] = [bar.getBoundingClientRect(), link.getBoundingClientRect()];
  bar.scrollLeft += place.left + place.width / 2 - shown.left - shown.width / 2;
}
