// What is typed into a long form stays on this device until the server has it: a browser that closed, or an answer that was no
// page, loses nothing. When the form is opened again it is offered back.
import { clock } from "./clock.js";
import { shelf } from "./kept-text.js";
import { touched } from "./touched.js";

/** Forms whose rows the server draws anew: what is kept may have other rows than the page. */
export const DRAWN = "[data-question-editor], [data-captions], [data-chapters]";
const SENT = "form:sent";
const PAUSE_MS = 400;
const SAME_MS = 3000; // a page that began this soon after a form was sent is the answer to it
const waiting = new Map();

const rootOf = (form) => form.closest("[data-guard-person]");
const now = () => performance.timeOrigin + performance.now();
const plain = (pairs) => JSON.stringify(pairs.map(([name, value]) => [name, value.replace(/\r\n?/g, "\n").trim()]));

/** Which text a form is about: its address, the lesson and language it belongs to, and which form of that address it is. */
function subject(form) {
  const at = new URL(form.getAttribute("action") || location.href, location.href);
  const hidden = (name) => form.querySelector(`input[type=hidden][name=${name}]`)?.value;
  const about = [hidden("lesson"), hidden("language") ?? at.searchParams.get("language"), at.searchParams.get("at")];
  const which = form.matches(DRAWN) ? "" : (form.querySelector("textarea")?.name ?? "");
  return ["form", at.pathname, ...about, which].join("|");
}

const shelfOf = (form) => shelf(rootOf(form).dataset.guardPerson, subject(form));

/** What a form says: in the fields that one sees, and in the others, which tell what it was typed on. */
function read(form) {
  const seen = new Set([...form.elements].filter((each) => each.type !== "hidden").map((each) => each.name));
  const pairs = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken");
  return { said: pairs.filter(([name]) => seen.has(name)), beside: pairs.filter(([name]) => !seen.has(name)) };
}

const heard = (form) => form?.method === "post" && rootOf(form) && !form.hasAttribute("hx-post") && !form.querySelector("[type=password]");

function keep(form) {
  clearTimeout(waiting.get(form));
  waiting.delete(form);
  if (form.isConnected) shelfOf(form).keep(read(form));
}

function typed(form) {
  clearTimeout(waiting.get(form));
  waiting.set(form, setTimeout(() => keep(form), PAUSE_MS));
}

function note(key) {
  try {
    sessionStorage.setItem(SENT, JSON.stringify({ key, at: now() }));
  } catch {
    // Without storage nothing is kept either.
  }
}

/** The form is on its way. */
export function leaving(form) {
  if (!heard(form)) return;
  if (touched(form)) keep(form);
  note(shelfOf(form).own);
}

/** The key of what the page before this one sent, if this is the answer and not that it was saved; then it is kept no more. */
function answered() {
  try {
    const { key, at } = JSON.parse(sessionStorage.getItem(SENT)) ?? {};
    sessionStorage.removeItem(SENT);
    const [{ redirectCount }] = performance.getEntriesByType("navigation");
    if (!key || Math.abs(performance.timeOrigin - at) > SAME_MS) return "";
    // Who is led to the page to sign in, or told why not, was not heard.
    const refused = !document.querySelector("details.account") || document.querySelector(".messages [data-tone=bad]");
    if (redirectCount === 0 || refused) return key;
    localStorage.removeItem(key);
    return "";
  } catch {
    return "";
  }
}

const fieldsOf = (form) => [...form.elements].filter((each) => each.name && !each.disabled && each.matches("input, textarea, select"));
const isBox = (field) => ["checkbox", "radio", "file"].includes(field.type) || field.multiple;

/** Does the form have a field for each value of ``pairs``, and no others? What is ticked or chosen may be none or many. */
function fits(form, pairs) {
  const boxes = new Set(fieldsOf(form).filter(isBox).map((each) => each.name));
  const singles = (names) => names.filter((name) => !boxes.has(name) && name !== "csrfmiddlewaretoken").sort().join(" ");
  return singles(fieldsOf(form).map((each) => each.name)) === singles(pairs.map(([name]) => name));
}

/** Put ``pairs`` into the fields. */
function fill(form, pairs) {
  const rest = new Map();
  for (const [name, value] of pairs) rest.set(name, [...(rest.get(name) ?? []), value]);
  const values = (name) => rest.get(name) ?? [];
  for (const field of fieldsOf(form)) {
    if (field.type === "file" || field.name === "csrfmiddlewaretoken") continue;
    if (field.multiple && field.options) for (const each of field.options) each.selected = values(field.name).includes(each.value);
    else if (isBox(field)) field.checked = values(field.name).includes(field.value);
    else field.value = rest.get(field.name)?.shift() ?? field.value;
    if (field.type !== "hidden") field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

/** Let the server draw the form as it was: rows were added, or taken away. */
function draw(form, pairs, key) {
  const own = document.createElement("form");
  Object.assign(own, { method: "post", action: form.getAttribute("action") || location.href, hidden: true });
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  for (const [name, value] of [...pairs, ["csrfmiddlewaretoken", token], ["act", ":"]]) {
    own.append(Object.assign(document.createElement("textarea"), { name, value }));
  }
  document.body.append(own);
  note(key);
  own.submit();
}

function button(words, look, act) {
  const made = Object.assign(document.createElement("button"), { type: "button", className: `btn btn--sm ${look}`, textContent: words });
  made.addEventListener("click", act);
  return made;
}

/** Ask beside the form whether ``left`` is wanted. */
function offer(form, { key, values: left }) {
  const words = rootOf(form).dataset;
  const box = document.createElement("div");
  const text = (name, said) => Object.assign(document.createElement(name), { textContent: said });
  const close = (done) => {
    if (done) shelfOf(form).drop(key);
    box.remove();
    form.querySelector("textarea, input:not([type=hidden])")?.focus();
  };
  const take = () => {
    const pairs = [...left.said, ...left.beside];
    const whole = fits(form, pairs);
    if (!whole && form.matches(DRAWN)) return draw(form, pairs, key);
    fill(form, pairs);
    keep(form);
    close(whole); // what found no place stays kept
  };
  const acts = Object.assign(document.createElement("div"), { className: "cluster" });
  acts.append(button(words.guardTake, "btn--primary", take), button(words.guardDrop, "", () => close(true)));
  const inside = Object.assign(document.createElement("div"), { className: "stack" });
  const heading = words.guardLeft.replace("00:00", clock(left.at, words.guardZone));
  inside.append(Object.assign(text("p", heading), { className: "strong" }), Object.assign(text("p", words.guardHint), { className: "small" }), acts);
  for (const each of [acts, inside]) each.dataset.gap = "2";
  Object.assign(box, { className: "callout", innerHTML: '<svg class="icon" aria-hidden="true"><use href="#i-warn"/></svg>' });
  Object.assign(box.dataset, { tone: "warn", keptForm: "" });
  box.append(inside);
  form.before(box);
  form.closest("details")?.setAttribute("open", "");
  const live = document.getElementById("live");
  if (live) live.textContent = heading;
}

async function look(form) {
  const kept = shelfOf(form);
  const here = plain(read(form).said);
  if (here === "[]") return; // somebody who only reads
  if (touched(form)) typed(form); // before this ran
  const others = [];
  for (const each of await kept.left()) {
    const same = plain(each.values.said ?? []) === here;
    const unsaved = each.key === answer ? same || form.matches(DRAWN) : same && touched(form);
    // The page shows it, but the server may not have it: a refused form, or fields that the browser filled again.
    if (unsaved) keep(form);
    if (same || unsaved) kept.drop(each.key);
    else others.push(each);
  }
  if (others.length) offer(form, others[0]);
}

const answer = answered();
for (const form of document.querySelectorAll("form")) if (heard(form)) look(form);
for (const kind of ["input", "change", "form:drawn"]) {
  document.addEventListener(kind, ({ target }) => {
    const form = target.form ?? target;
    if (target.type !== "file" && form.matches?.("form") && heard(form) && !form.closest("dialog")) typed(form);
  });
}
const all = () => [...waiting.keys()].forEach(keep);
window.addEventListener("pagehide", all);
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && all());
