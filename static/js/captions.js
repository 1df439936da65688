/* The caption and chapter pages are plain forms. This adds timing: keys with Alt, buttons that take the time from the
   video, the caption that is said now, and what is wrong with a row while it is typed. Parting, joining, adding and
   deleting are the server's; only the form is drawn anew, so the video stays where it is. */
import { inField, touched } from "./touched.js";

const FORM = "[data-captions], [data-chapters]";
const ROW = "[data-cue], [data-chapter]";
const BACK = 2;
const LINE = 42;
const SPEED = 20;

const media = document.querySelector("[data-timing-player] :is(video, audio)");
const keys = document.querySelector("[data-timing-keys]");
const keysOn = document.querySelector("[data-keys-on]");
const follow = document.querySelector("[data-follow-video]");
const shown = document.querySelector("[data-now-shown]");
let form = document.querySelector(FORM);
let changed = false;
let last = null; // the row that had the focus last

const kept = {
  get: (name) => { try { return localStorage.getItem(name); } catch { return null; } },
  set: (name, value) => { try { localStorage.setItem(name, value); } catch { /* storage is switched off */ } },
};

const say = (words) => {
  const live = document.querySelector("#live");
  if (live) live.textContent = words;
};

// Milliseconds of "1:02.5", "12,4" or "1:02:03"; null when it is no time.
export function readTime(text) {
  const found = /^(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,5})(?:[.,](\d{1,3}))?$/.exec(text.trim());
  if (!found) return null;
  const [, hours, minutes, seconds, part] = found;
  if ((minutes && Number(seconds) > 59) || (hours && Number(minutes) > 59)) return null;
  return ((Number(hours || 0) * 60 + Number(minutes || 0)) * 60 + Number(seconds)) * 1000 + Number((part || "").padEnd(3, "0"));
}

export function showTime(ms) {
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(ms / 3600000);
  const minutes = Math.floor(ms / 60000) % 60;
  const rest = `${two(Math.floor(ms / 1000) % 60)}.${String(ms % 1000).padStart(3, "0")}`;
  return hours ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}

const rows = () => [...form.querySelectorAll(ROW)];
const field = (row, name) => row.querySelector(`[data-${name}]`);
const timeOf = (row, name) => readTime(field(row, name)?.value ?? "");
const here = () => document.activeElement?.closest(ROW) ?? (last?.isConnected ? last : rows().find((row) => "now" in row.dataset) ?? rows()[0]);

function unsaved() {
  changed = true;
  const note = form.querySelector("[data-unsaved]");
  if (note) note.hidden = false;
}

// What is wrong with a row; the grave ones first.
function faultsOf(row) {
  const start = timeOf(row, "start");
  const end = timeOf(row, "end");
  const lines = field(row, "words").value.split("\n").map((line) => line.trim()).filter(Boolean);
  if (!lines.length) return [];
  if (start === null || end === null) return [["times", true]];
  const found = [];
  if (end <= start) found.push(["backwards", true]);
  const before = row.previousElementSibling;
  const above = before && timeOf(before, "end");
  if (above && start < above && start >= (timeOf(before, "start") ?? 0)) found.push(["overlap", false]);
  if (lines.some((line) => line.length > LINE)) found.push(["long-line", false]);
  if (lines.length > 2) found.push(["many-lines", false]);
  const letters = lines.join("").length;
  if (end > start && letters * 1000 / (end - start) > SPEED + 1) found.push(["fast", false]);
  return found;
}

function message(words, grave) {
  const line = document.createElement("p");
  line.className = "field__msg";
  line.dataset.tone = grave ? "bad" : "warn";
  line.innerHTML = `<svg class="icon" aria-hidden="true"><use href="#i-${grave ? "warn" : "info"}"/></svg>`;
  line.append(Object.assign(document.createElement("span"), { textContent: words }));
  return line;
}

function check(row) {
  const place = row?.querySelector("[data-said-here]");
  const said = form.querySelector("[data-said]");
  if (!place || !said) return;
  const found = faultsOf(row);
  const name = (key) => key.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
  place.replaceChildren(...found.map(([key, grave]) => message(said.dataset[name(key)], grave)));
  const words = field(row, "words");
  if (found.some(([, grave]) => grave)) words.setAttribute("aria-invalid", "true");
  else words.removeAttribute("aria-invalid");
}

function set(row, name) {
  const place = row && field(row, name);
  if (!place || place.readOnly || !media) return;
  place.value = showTime(Math.round(media.currentTime * 1000));
  unsaved();
  check(row);
  check(row.nextElementSibling);
  mark();
  say(place.value);
}

const seek = (seconds) => { if (media) media.currentTime = Math.max(0, seconds); };
const toggle = () => { if (!media) return; if (media.paused) media.play().catch(() => {}); else media.pause(); };

function go(row) {
  const start = row && timeOf(row, "start");
  if (start !== null && row) seek(start / 1000);
}

function step(by) {
  const list = rows();
  const next = list[Math.max(0, Math.min(list.length - 1, list.indexOf(here()) + by))];
  focusOn(next);
}

function focusOn(row) {
  const place = row && (field(row, "words") ?? row.querySelector("[name=title]"));
  if (!place) return;
  place.focus();
  row.scrollIntoView({ block: "nearest" });
}

// The caption that is said now stands out, and over the video stands what is typed, not what is saved.
function mark() {
  if (!media) return;
  const at = media.currentTime * 1000;
  const list = rows();
  const found = list.find((row, place) => {
    const start = timeOf(row, "start");
    const end = field(row, "end") ? timeOf(row, "end") : timeOf(list[place + 1] ?? row, "start");
    return start !== null && start <= at && (end === null || at < end || (!field(row, "end") && place === list.length - 1));
  });
  for (const row of list) {
    if (row === found || !("now" in row.dataset)) continue;
    delete row.dataset.now;
    row.removeAttribute("aria-current");
  }
  if (found && !("now" in found.dataset)) {
    found.dataset.now = "";
    found.setAttribute("aria-current", "true");
    if (follow?.checked && !media.paused && !form.contains(document.activeElement)) found.scrollIntoView({ block: "nearest" });
  }
  if (!shown) return;
  const words = found && field(found, "words") ? field(found, "words").value.replace(/<[^>]*>/g, "") : "";
  shown.hidden = !words;
  shown.replaceChildren(Object.assign(document.createElement("span"), { textContent: words }));
}

const byKey = {
  KeyK: () => toggle(),
  KeyJ: () => seek((media?.currentTime ?? 0) - BACK),
  KeyI: () => set(here(), "start"),
  KeyO: () => set(here(), "end"),
  KeyG: () => go(here()),
  ArrowDown: () => step(1),
  ArrowUp: () => step(-1),
  Enter: () => here()?.querySelector("[name=act][value^='split:']")?.click(),
};

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.code === "KeyS") {
    const save = form.querySelector("[data-save]");
    if (!save) return;
    event.preventDefault();
    save.click();
    return;
  }
  if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || (keysOn && !keysOn.checked)) return;
  const act = byKey[event.code];
  if (!act) return;
  event.preventDefault();
  act();
});

async function redraw(button) {
  const at = form.querySelector("[data-at]");
  const words = document.activeElement?.matches("[data-words]") ? document.activeElement : null;
  if (at) at.value = words && button.value.startsWith("split:") ? String(words.selectionStart) : "";
  const data = new FormData(form);
  data.set("act", button.value);
  form.setAttribute("aria-busy", "true");
  form.inert = true; // what is typed now would be missing in the form that comes
  const answer = await fetch(window.location.href, { method: "POST", body: new URLSearchParams(data) });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const drawn = page.querySelector(FORM);
  if (!drawn) throw new Error("no form in the answer");
  const box = form.querySelector("details[open]") && drawn.querySelector("details");
  if (box) box.open = true;
  form.replaceWith(document.importNode(drawn, true));
  start();
  form.dispatchEvent(new CustomEvent("form:drawn", { bubbles: true }));
  const list = rows();
  if (form.dataset.focus) focusOn(list[Number(form.dataset.focus) - 1]);
  else (form.querySelector("[aria-invalid=true]") ?? form.querySelector(`[name=act][value="${button.value}"]`))?.focus();
  unsaved();
}

function start() {
  form = document.querySelector(FORM);
  if (media) for (const each of form.querySelectorAll("[data-with-timing]")) each.hidden = false;
  form.addEventListener("focusin", (event) => { last = event.target.closest(ROW) ?? last; });
  form.addEventListener("input", (event) => {
    const row = event.target.closest(ROW);
    if (!row) return;
    unsaved();
    check(row);
    check(row.nextElementSibling);
    mark();
  });
  form.addEventListener("click", (event) => {
    const row = event.target.closest(ROW);
    if (event.target.closest("[data-set-start]")) set(row, "start");
    else if (event.target.closest("[data-set-end]")) set(row, "end");
  });
  // A button takes the focus when it is pressed: where the cursor stood is noted before.
  form.addEventListener("submit", (event) => {
    const verb = event.submitter?.name === "act" ? event.submitter.value : "save";
    const ofRows = verb.includes(":") || verb === "shift" || verb === "add";
    if (!ofRows || form.dataset.plain) {
      changed = false;
      return;
    }
    event.preventDefault();
    redraw(event.submitter).catch(() => {
      form.removeAttribute("aria-busy");
      form.inert = false;
      form.dataset.plain = "yes"; // the browser sends it as any form
      event.submitter.click();
    });
  });
  mark();
}

if (form) {
  start();
  if (form.dataset.focus && !inField()) focusOn(rows()[Number(form.dataset.focus) - 1]);
  if (touched(form)) unsaved(); // typed before this ran
  if (keys && media) keys.hidden = false;
  const list = document.querySelector("[data-keys-list]");
  if (list && matchMedia("(min-width: 58rem)").matches) list.open = true;
  if (keysOn) {
    keysOn.checked = kept.get("lendcraft-caption-keys") !== "off";
    keysOn.addEventListener("change", () => kept.set("lendcraft-caption-keys", keysOn.checked ? "on" : "off"));
  }
  for (const name of ["timeupdate", "seeked", "play", "pause"]) media?.addEventListener(name, mark);
  addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
}
