// Slides to video: what is typed is saved by itself a moment later; what cannot be sent is kept on this device and offered
// when the slide is opened again. Without this file the same form has a button.
import { clock } from "./clock.js";
import { shelf } from "./kept-text.js";
import { renewToken } from "./token.js";
import { inField, touched } from "./touched.js";

const form = document.getElementById("slide-form");
const live = document.getElementById("live");
const FIELDS = ["heading", "items", "described", "words"];
const WAIT_MS = 900;
const MOST_MS = 30000;
let timer = 0;
let wait = WAIT_MS;
let sending = false;
let again = false;
let dirty = false;

const kept = form?.dataset.keeps ? shelf(form.dataset.person, form.dataset.keeps) : null;
const values = () => Object.fromEntries(FIELDS.map((name) => [name, form.elements[name].value]));
const same = (one, other) => FIELDS.every((name) => one[name].trimEnd() === other[name].trimEnd());
const keep = (more = {}) => kept?.keep({ ...values(), version: form.elements.version.value, ...more });

const place = (id, html) => {
  const old = document.getElementById(id);
  if (old) old.outerHTML = html;
};

function say(words) {
  const line = document.querySelector("#saved span");
  if (line && words) line.textContent = words;
  if (live && words) live.textContent = words;
}

function mark(errors) {
  for (const old of form.querySelectorAll("[data-said-here]")) old.remove();
  for (const field of form.elements) {
    if (!field.name || !field.removeAttribute || field.type === "hidden") continue;
    const words = errors[field.name];
    if (!words) {
      if (field.dataset.marked) field.removeAttribute("aria-invalid");
      continue;
    }
    const message = document.createElement("p");
    message.className = "field__msg";
    message.dataset.tone = "bad";
    message.dataset.saidHere = "";
    message.id = `said-${field.name}`;
    message.textContent = words;
    field.after(message);
    field.dataset.marked = "1";
    field.setAttribute("aria-invalid", "true");
  }
}

function put(answer) {
  form.elements.version.value = answer.version;
  place("saved", answer.saved);
  place("about", answer.about);
  for (const [id, html] of Object.entries(answer.pieces)) document.getElementById(id).innerHTML = html;
  const page = document.getElementById("slide-page");
  if (page.getAttribute("src") !== answer.page) page.src = answer.page;
  document.getElementById("listening")?.replaceChildren();
}

async function save() {
  if (sending) {
    again = true;
    return;
  }
  sending = true;
  again = false;
  dirty = false;
  try {
    const body = new FormData(form);
    body.delete("picture");
    body.delete("recording");
    const response = await fetch(form.action, {
      method: "POST",
      body,
      headers: { Accept: "application/json" },
      credentials: "same-origin",
    });
    // The page to sign in on answers in JSON, too.
    if (response.redirected || !response.headers.get("Content-Type")?.startsWith("application/json")) {
      await refused(response);
      return;
    }
    const answer = await response.json();
    wait = WAIT_MS;
    if (response.status === 409) {
      keep({ sent: true });
      form.submit(); // the page shows both
      return;
    }
    mark(answer.errors ?? {});
    if (response.ok) {
      put(answer);
      if (dirty) keep();
      else kept?.drop();
    } else {
      dirty = true;
      say(form.dataset.wordWrong);
    }
  } catch {
    unsaved(form.dataset.wordFailed);
  } finally {
    sending = false;
    if (again) later();
  }
}

/** It is tried again, less and less often. */
function unsaved(words) {
  dirty = true;
  again = true;
  wait = Math.min(wait * 2, MOST_MS);
  say(words);
}

/** Something came instead of an answer: the page to sign in on, or one that says no. */
async function refused(response) {
  const words = form.dataset;
  await response.body?.cancel(); // what nobody reads would hold its connection
  const out = response.redirected || (response.status === 403 && !(await renewToken()));
  if (out) unsaved(words.wordSignedOut);
  else unsaved(response.status === 404 ? words.wordGone : words.wordFailed);
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(save, wait);
}

// Saves what is not saved yet; true when nothing is left to save.
async function flush() {
  clearTimeout(timer);
  while (sending) await new Promise((done) => setTimeout(done, 50));
  clearTimeout(timer);
  if (dirty) await save();
  return !dirty;
}

// What went with a button was saved, or shown beside somebody else's, if there is a newer version now.
const arrived = (left) => same(left, values()) || (left.sent && Number(left.version) < Number(form.elements.version.value));

/** Text of an earlier page that never reached the server waits for a word. */
async function offer() {
  const box = document.querySelector("[data-kept]");
  const waiting = (await kept.left()).filter(({ key, values: left }) => {
    if (arrived(left)) kept.drop(key);
    return !arrived(left);
  });
  if (!box || !waiting.length) return;
  const [{ key, values: left }] = waiting;
  const heading = box.querySelector("[data-kept-words]");
  heading.textContent = heading.dataset.words.replace("00:00", clock(left.at, form.dataset.zone));
  box.hidden = false;
  if (live) live.textContent = heading.textContent;
  const close = () => {
    kept.drop(key);
    if (box.contains(document.activeElement)) form.elements.words.focus();
    box.hidden = true;
  };
  box.querySelector("[data-kept-take]").onclick = () => {
    for (const name of FIELDS) form.elements[name].value = left[name];
    form.elements.version.value = left.version; // who saved meanwhile is seen by the server, and both are shown
    dirty = true;
    keep();
    count();
    close();
    save();
  };
  box.querySelector("[data-kept-drop]").onclick = close;
}

function count() {
  const words = form.elements.words.value.split(/\s+/).filter(Boolean).length;
  form.querySelector("[data-count]").textContent = form.dataset.wordWords.replace("{n}", words);
}

if (form && "saves" in form.dataset) {
  form.querySelector("[data-save]")?.setAttribute("hidden", "");
  form.addEventListener("input", (event) => {
    if (event.target.type === "file") return;
    dirty = true;
    keep();
    count();
    later();
  });
  form.addEventListener("change", (event) => {
    if (event.target.type === "file") {
      form.submit();
      return;
    }
    dirty = true;
    later();
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (!sending) {
      if (dirty) keep({ sent: true });
      return;
    }
    // What is on its way is saved first, or the two would be taken for two people.
    event.preventDefault();
    const go = () => (sending ? setTimeout(go, 50) : form.requestSubmit(event.submitter));
    go();
  });
  // Whoever goes elsewhere takes along what was just typed.
  document.addEventListener("submit", async (event) => {
    if (event.target === form || !(dirty || sending)) return;
    event.preventDefault();
    if (await flush()) event.target.requestSubmit(event.submitter);
  });
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[href]");
    if (!link || !(dirty || sending) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (await flush()) window.location.assign(link.href);
  });
  offer();
  if (touched(form)) {
    // Typed before this ran.
    dirty = true;
    keep();
    later();
  }
  form.elements.words.addEventListener("blur", () => {
    form.querySelector("[data-at]").value = form.elements.words.selectionStart || "";
  });
}

const page = document.getElementById("slide-page");
if (page) {
  const said = document.getElementById("slide-page-said");
  const broken = () => {
    said.hidden = !(page.complete && page.naturalWidth === 0);
  };
  page.addEventListener("error", broken);
  page.addEventListener("load", broken);
  broken();
}

if (!inField()) document.querySelector("[data-focus]")?.focus();

// The panel of the job is fetched again while it works; whoever stands in it stays in it.
let stood = "";
document.addEventListener("htmx:beforeSwap", (event) => {
  stood = event.detail.target.contains(document.activeElement) ? document.activeElement.id : "";
});
document.addEventListener("htmx:afterSettle", () => {
  if (!stood) return;
  const kept = document.getElementById(stood) ?? document.querySelector("#making button, #making video, #sl");
  kept?.focus();
  stood = "";
});
