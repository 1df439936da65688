// A lesson's text is saved while it is typed. What cannot be sent is kept on this device and sent again; what others
// saved meanwhile comes in, and where both changed the same the page asks. Without this file the button saves.
import { clock } from "./clock.js";
import { client, shelf } from "./kept-text.js";
import { renewToken, setToken } from "./token.js";

const PAUSE_MS = 800; // after this long without typing
const LONGEST_MS = 10_000; // and at least this often while somebody types
const RETRY_MS = 10_000;
const PRESENT_MS = 30_000;
const TIMEOUT_MS = 20_000;
const KEEPALIVE_MAX = 60_000; // browsers carry no more than 64 KiB past the end of a page
const FIELDS = ["title", "minutes", "body"];

const form = document.querySelector("[data-lesson-editor]");
const state = document.querySelector("[data-lesson-state]");
const live = document.getElementById("live");
const words = form?.dataset ?? {};

const plain = (value) => String(value ?? "").replace(/\r\n?/g, "\n").replace(/^\n+|\n+$/g, "").trimEnd();
const same = (one, other) => Boolean(one && other) && FIELDS.every((name) => plain(one[name]) === plain(other[name]));
const values = () => Object.fromEntries(FIELDS.map((name) => [name, form.elements[name].value]));
const announce = (text) => {
  if (live && text) live.textContent = text;
};

/** Say how it stands, in words; ``loud`` also to those who do not see the line. */
function say(text, tone = "", loud = false) {
  if (state.textContent !== text) state.textContent = text;
  if (tone) state.dataset.tone = tone;
  else delete state.dataset.tone;
  if (loud) announce(text);
}

/** Put ``value`` into a field, the caret where it was in the words around it. Editors over the field hear of it. */
function put(name, value) {
  const field = form.elements[name];
  const old = field.value;
  if (plain(old) === plain(value)) return;
  const here = document.activeElement === field && field.selectionStart !== null ? [field.selectionStart, field.selectionEnd] : null;
  field.value = value;
  if (here) {
    let head = 0;
    while (head < old.length && head < value.length && old[head] === value[head]) head += 1;
    const moved = (at) => Math.max(0, Math.min(value.length, at <= head ? at : at + value.length - old.length));
    field.setSelectionRange(moved(here[0]), moved(here[1]));
  }
  field.dispatchEvent(new CustomEvent("lesson:replaced", { bubbles: true }));
}

function checkRow(text, tone, icon) {
  const item = document.createElement("li");
  item.innerHTML = `<span class="status" data-tone="${tone}"><svg class="icon" aria-hidden="true"><use href="#i-${icon}"/></svg><span></span></span>`;
  item.querySelector("span > span").textContent = text;
  return item;
}

/** A hint with the button that leaves it, as the page itself shows one. */
function hintRow(hint) {
  const row = document.querySelector("template[data-hint]").content.querySelector("li").cloneNode(true);
  for (const each of row.querySelectorAll("[data-hint-words]")) each.textContent = hint.sentence;
  row.querySelector("button").value += hint.mark;
  return row;
}

/** The lesson check as the server tells it after a save: what forbids publishing, what may be left, how long it takes. */
function showCheck({ faults, advice, estimate }) {
  const list = document.querySelector("[data-faults]");
  if (!list || !faults) return;
  const rows = faults.map((text) => checkRow(text, "warn", "warn"));
  list.replaceChildren(...(rows.length ? rows : [checkRow(list.dataset.sound, "ok", "check-circle")]));
  // The server does not look up while somebody types which hints were left; the page knows.
  const left = (document.querySelector("[data-hints-left]")?.dataset.hintsLeft ?? "").split(" ");
  const hints = (advice ?? []).filter((hint) => !left.includes(hint.mark));
  document.querySelector("[data-advice]")?.replaceChildren(...hints.map(hintRow));
  if (estimate != null) document.dispatchEvent(new CustomEvent("lesson:estimate", { detail: estimate }));
}

/** Mark what the server refused, each beside its field; nothing given takes the marks away. */
function mark(fields = {}) {
  for (const name of FIELDS) {
    const control = form.elements[name];
    const box = control.closest(".field");
    box?.querySelector("[data-said]")?.remove();
    control.removeAttribute("aria-invalid");
    if (!fields[name]) {
      box?.removeAttribute("data-state");
      continue;
    }
    box?.setAttribute("data-state", "bad");
    control.setAttribute("aria-invalid", "true");
    const message = document.createElement("p");
    message.className = "field__msg";
    message.dataset.said = "";
    message.textContent = fields[name];
    box?.append(message);
  }
}

function post(url, data) {
  const body = new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value, ...data }).toString();
  const headers = { Accept: "application/json", "Content-Type": "application/x-www-form-urlencoded" };
  // What is short enough arrives even when the page is left meanwhile.
  const keepalive = body.length < KEEPALIVE_MAX;
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  return fetch(url, { method: "POST", body, credentials: "same-origin", headers, keepalive, signal });
}

async function answerOf(response) {
  const json = response.headers.get("Content-Type")?.startsWith("application/json");
  return json ? response.json() : {};
}

function editor() {
  const kept = shelf(words.person, words.lessonEditor);
  const given = (name) => form.elements[name].defaultValue;
  form.elements.version.value = given("version");
  // What the server has, as far as we know: what the page brought, not what was typed into it before this ran.
  let base = Object.fromEntries([...FIELDS, "version"].map((name) => [name, given(name)]));
  const refused = "refusedPage" in words; // the page came back with what was typed and is not saved
  if (refused) base.body = null;
  let unmerged = null; // what we sent last, while others' changes in the answer are not in the fields yet
  let turned = null; // what the server took from us last, since the lesson is in another format than this page writes
  let offered = null; // text of an earlier page that waits for a word
  let pasting = null; // the text with what the server still cleans
  let clash = null; // the panel that waits for a choice
  let sending = false;
  let since = 0; // when the oldest unsaved key was pressed
  let timer = 0;
  let renewed = 0; // when the token was fetched last
  let seq = 0;

  const clean = () => same(values(), base) && !unmerged;
  const keep = () => {
    const pasted = pasting && { body: pasting() };
    kept.keep({ ...values(), ...pasted, version: base.version, base: unmerged ?? turned, format: words.format });
  };
  const drop = () => (pasting ? keep() : kept.drop());

  function later(ms) {
    clearTimeout(timer);
    timer = setTimeout(send, ms);
  }

  function typed() {
    since ||= Date.now();
    keep();
    if (clash) return;
    if (state.dataset.tone !== "warn") say(words.unsaved, "unsaved");
    later(Math.max(0, Math.min(PAUSE_MS, since + LONGEST_MS - Date.now())));
  }

  /** The server has ``sent`` (with others' changes in ``told``): take them in, unless somebody went on typing. */
  function arrived(sent, told) {
    base = { title: told.title, minutes: String(told.minutes), body: told.body, version: told.version };
    form.elements.version.value = told.version;
    unmerged = null;
    const news = [told.taken, !turned && told.turned].filter(Boolean).join(". ");
    turned = told.turned ? sent : null;
    if (turned) base = { ...sent, version: told.version };
    else if (!same(sent, base)) {
      if (same(values(), sent)) for (const name of FIELDS) put(name, base[name]);
      else unmerged = sent;
    }
    mark();
    showCheck(told);
    document.dispatchEvent(new CustomEvent("lesson:saved", { detail: { version: told.version } }));
    if (clean()) {
      since = 0;
      drop();
      const saved = words.saved.replace("00:00", clock(told.saved_at, words.zone));
      say([saved, told.taken, told.turned].filter(Boolean).join(". "));
    } else {
      since = Date.now();
      keep();
      later(PAUSE_MS);
    }
    announce(news);
  }

  function ask(told) {
    const place = document.querySelector("[data-clash]");
    place.innerHTML = told.panel;
    clash = place.querySelector("[data-clash-form]");
    clash.addEventListener("submit", choose);
    setToken(document);
    keep();
    say(words.clashed, "warn");
    announce(told.words);
  }

  /** The choice is made: save what was typed when both had changed the same, with the choices. */
  async function choose(event) {
    event.preventDefault();
    const data = Object.fromEntries(new FormData(clash));
    const panel = clash;
    const told = await exchange(data);
    if (!told || clash !== panel) return;
    clash = null;
    panel.remove();
    if (data.format !== words.format) return location.reload(); // it was about kept text in the format of before
    arrived({ title: data.title, minutes: data.minutes, body: data.body }, told);
    form.elements.body.focus();
  }

  /** Send ``data``; what came of it if it was saved, else nothing (and the page says why). */
  async function exchange(data) {
    let response, told;
    try {
      response = await post(words.save, { ...data, client, seq: (seq += 1) });
      told = await answerOf(response);
    } catch {
      say(words.offline, "warn", state.dataset.tone !== "warn");
      later(RETRY_MS);
      return null;
    }
    if (response.ok && told.version) return told;
    const loud = state.dataset.tone !== "warn";
    if (response.status === 409 && told.panel) ask(told);
    else if (response.status === 422) {
      mark(told.fields);
      say(`${words.refused} ${told.words ?? ""}`, "warn", loud);
    } else {
      say(told.words || words.other, "warn", loud);
      // At once with a new token, but only once in a while: who may not write here any more is refused again.
      const first = Date.now() - renewed > RETRY_MS;
      const again = first && [401, 403].includes(response.status) && (await renewToken());
      if (again) renewed = Date.now();
      later(again ? 0 : RETRY_MS);
    }
    return null;
  }

  const writtenOn = (text) => text && { base_title: text.title, base_minutes: text.minutes, base_body: text.body };

  let refreshed = false;
  async function send() {
    clearTimeout(timer);
    if (sending || clash) return;
    if (clean() && !refreshed) {
      since = 0;
      drop();
      return;
    }
    refreshed = false;
    sending = true;
    const sent = values();
    if (state.dataset.tone !== "warn") say(words.saving, "unsaved");
    const told = await exchange({ ...sent, version: base.version, format: words.format, ...writtenOn(unmerged ?? turned) });
    sending = false;
    if (told) arrived(sent, told);
  }

  /** Others saved while nothing was typed here: what they wrote comes in. */
  function refresh(version) {
    if (Number(version) <= Number(base.version) || sending || clash || !clean()) return;
    refreshed = true;
    send();
  }

  async function offer() {
    const box = document.querySelector("[data-kept]");
    const waiting = (await kept.left()).filter(({ key, values: left }) => {
      if (same(left, values())) kept.drop(key);
      return !same(left, values());
    });
    if (!waiting.length) return;
    const { key, values: left } = waiting[0];
    const heading = box.querySelector("[data-kept-words]");
    heading.textContent = heading.dataset.words.replace("00:00", clock(left.at, words.zone));
    box.hidden = false;
    announce(heading.textContent);
    const close = () => {
      kept.drop(key);
      offered = null;
      if (box.contains(document.activeElement)) form.elements.body.focus();
      box.hidden = true;
    };
    // What the earlier page sent with its last breath may have arrived after all.
    offered = { checked: () => same(left, base) && close() };
    box.querySelector("[data-kept-take]").onclick = async () => {
      if (left.format && left.format !== words.format) {
        // Written in the format that the lesson had then: the server turns it and brings it in.
        const fields = { title: left.title, minutes: left.minutes, body: left.body };
        const told = await exchange({ ...fields, version: left.version, format: left.format, ...writtenOn(left.base) });
        if (told || clash) kept.drop(key);
        if (told) location.reload();
        return;
      }
      for (const name of FIELDS) put(name, left[name]);
      base = { ...base, version: left.version };
      unmerged = left.base ?? null;
      if (!unmerged) base.body = null; // what stood there at that version is not known here: the server knows
      typed();
      close();
      later(0);
    };
    box.querySelector("[data-kept-drop]").onclick = close;
    box.querySelector("[data-kept-look]").onclick = async (event) => {
      const response = await post(words.difference, { body: left.body }).catch(() => null);
      if (!response?.ok) return;
      event.target.setAttribute("aria-expanded", "true");
      const place = box.querySelector("[data-kept-difference]");
      place.innerHTML = await response.text();
      place.querySelector("[tabindex]")?.focus();
    };
  }

  document.addEventListener("input", (event) => {
    if (event.target.form === form && FIELDS.includes(event.target.name)) typed();
  });
  form.addEventListener("lesson:pasting", ({ detail }) => {
    pasting = detail;
    if (pasting || !clean()) keep();
    else kept.drop();
  });
  form.addEventListener("submit", (event) => {
    if (event.submitter?.hasAttribute("formaction")) return;
    event.preventDefault();
    if (clean()) say(state.textContent, "", true);
    else send();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    send();
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && since && send());
  window.addEventListener("pagehide", () => since && keep());
  window.addEventListener("online", () => since && send());
  offer();
  if (!clean()) typed();
  return { refresh };
}

/** Who else is here: asked at most twice a minute, said once when it changes. */
function attendance({ refresh }) {
  const line = document.querySelector("[data-lesson-present]");
  const names = document.querySelector("[data-lesson-others]");
  let said = null;
  async function here() {
    const response = await post(words.present, { client }).catch(() => null);
    if (!response?.ok) return;
    const told = await response.json();
    if (told.words !== said) {
      line.hidden = !told.words;
      names.textContent = told.words;
      if (said !== null || told.words) announce(told.words);
      said = told.words;
    }
    refresh(told.version);
  }
  here();
  setInterval(here, PRESENT_MS);
  window.addEventListener("pagehide", () => {
    const data = new FormData();
    data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    data.set("client", client);
    data.set("gone", "1");
    navigator.sendBeacon(words.present, data);
  });
}

if (form) attendance(editor());
