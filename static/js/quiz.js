// Answers are saved as they are given; what cannot be sent waits (quiz-queue.js).
// Everything works without this file too: then the buttons save.
import { stopwatch, tell } from "./quiz-clock.js";
import { anyWaiting, enqueue, flush, me, nextSeq, onlyHere, waiting, waitingAt } from "./quiz-queue.js";
import { renewToken } from "./token.js";

const RETRY_MS = 5000;
const TYPING_MS = 600; // a pause in typing after which the words are sent
const ANSWER = /^(answer(\..+)?|certainty)$/;
const ICONS = { saved: "check", saving: "clock" };

/** What the controls say now, as form fields in one string. */
function given(form) {
  return new URLSearchParams([...new FormData(form)].filter(([name]) => ANSWER.test(name))).toString();
}

/** What the server knew when it made the page, in the same manner. */
function served(form) {
  const controls = [...form.elements].filter((control) => ANSWER.test(control.name) && !control.matches(":disabled"));
  const fields = controls.flatMap((control) => {
    if (["radio", "checkbox"].includes(control.type)) return control.defaultChecked ? [[control.name, control.value]] : [];
    if (!control.options) return [[control.name, control.defaultValue]];
    const chosen = [...control.options].find((option) => option.defaultSelected) ?? control.options[0];
    return [[control.name, chosen?.value ?? ""]];
  });
  return new URLSearchParams(fields).toString();
}

/** Set the controls as ``data`` says; the inverse of ``given``. */
function restore(form, data) {
  const fields = new URLSearchParams(data);
  const left = new Map([...fields.keys()].map((name) => [name, fields.getAll(name)]));
  for (const control of form.elements) {
    if (!ANSWER.test(control.name)) continue;
    const values = left.get(control.name) ?? [];
    if (["radio", "checkbox"].includes(control.type)) control.checked = values.includes(control.value);
    else control.value = values.shift() ?? "";
  }
  shown(form);
}

/** Tell scripts that draw over the controls that these have changed by other hands. */
const shown = (form) => document.dispatchEvent(new CustomEvent("quiz:shown", { detail: { form } }));

/** Put the question as ``html``, a whole page, shows it in the place of the one that stands. */
function swap(form, html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const now = fresh.querySelector("[data-quiz]");
  if (!now) return false;
  const { name, value } = document.activeElement ?? {};
  for (const part of ["[data-quiz-part]", ".ticks", "[data-quiz-all]"]) {
    document.querySelector(part).replaceWith(fresh.querySelector(part));
  }
  Object.assign(form.dataset, { seq: now.dataset.seq, client: now.dataset.client });
  form.elements.shown.value = now.elements.shown.value;
  const same = [...form.elements].find((each) => each.name === name && each.value === value);
  if (name && document.activeElement === document.body) (same ?? form.querySelector("h1"))?.focus();
  shown(form);
  return true;
}

function questionPage(form) {
  const { attempt, position, save } = form.dataset;
  const line = document.querySelector("[data-quiz-state]");
  const time = stopwatch(Number(form.dataset.ms) || 0);
  let seen = Number(form.dataset.seq);
  let last = served(form); // not what was chosen or typed before this script ran: that is still to be saved
  let timer = 0;
  let typing = false; // words were typed and a pause is waited for

  function say(state, words) {
    line.hidden = false;
    line.dataset.tone = { saved: "ok", saving: "" }[state] ?? "warn";
    line.querySelector("use").setAttribute("href", `#i-${ICONS[state] ?? "warn"}`);
    line.querySelector("[data-quiz-words]").textContent = words || line.dataset[state];
  }

  /** Another device's answer stands: show the question as it is now. */
  async function showOther(words) {
    const response = await fetch(window.location.href, { credentials: "same-origin" }).catch(() => null);
    if (waitingAt(attempt, position) || !response?.ok || !swap(form, await response.text())) return;
    last = given(form);
    seen = Math.max(seen, Number(form.dataset.seq));
    say("other", words);
  }

  function onSent(of, at, told) {
    if (of !== attempt || at !== position) return;
    if (told.outcome === "saved") seen = Math.max(seen, told.seq);
    if (told.outcome === "saved" && waitingAt(attempt, position)) return; // a newer answer is on its way
    if (told.outcome === "saved" && told.other_device) showOther(told.words);
    else say(told.outcome, told.words);
  }

  async function trySend() {
    clearTimeout(timer);
    typing = false;
    await flush(onSent);
    if (waiting(attempt)) timer = setTimeout(trySend, RETRY_MS);
  }

  function number(seq) {
    form.elements.client_id.value = me;
    form.elements.seq.value = seq;
    form.elements.ms.value = time();
  }

  /** Keep what the controls say now, and send it after ``pause``. */
  function changed(pause) {
    const data = given(form);
    if (data === last && pause) return;
    if (data !== last) {
      last = data;
      const seq = nextSeq(attempt, seen);
      enqueue(attempt, position, { url: save, data, seq, ms: time() });
      number(seq);
      say("saving");
    }
    if (!waitingAt(attempt, position)) return;
    clearTimeout(timer);
    typing = pause > 0;
    if (typing) timer = setTimeout(trySend, pause);
    else trySend();
  }

  async function go(url, otherwise) {
    changed(0);
    if (waiting(attempt)) await trySend();
    if (!waiting(attempt)) window.location.assign(url);
    else if (navigator.onLine) otherwise();
    else say("offline");
  }

  const judge = (url) => {
    const body = new URLSearchParams(new FormData(form));
    return fetch(url, { method: "POST", body, credentials: "same-origin" }).catch(() => null);
  };

  /** Have the answer judged, and show what came of it without loading the page again. */
  async function check(url) {
    changed(0);
    if (waiting(attempt)) await trySend();
    let response = await judge(url);
    if (response?.status === 403 && (await renewToken())) response = await judge(url);
    if (!response) return say("offline");
    const away = response.redirected ? response.url : window.location.href; // the address itself has no page to show
    if (!swap(form, await response.text())) return window.location.assign(away);
    last = given(form);
    line.hidden = true;
    form.querySelector("#feedback, [role=alert]")?.focus();
  }

  async function timeIsUp() {
    changed(0);
    await flush(onSent);
    if (navigator.onLine) document.getElementById("quiz-end").submit();
    else window.addEventListener("online", timeIsUp, { once: true });
  }

  const kept = waitingAt(attempt, position);
  if (given(form) !== last) {
    changed(0);
  } else if (kept) {
    restore(form, kept.data);
    last = given(form);
    number(kept.seq);
    say("kept");
  } else if (form.dataset.client) {
    say(form.dataset.client === me ? "saved" : "other");
  }
  if (anyWaiting()) trySend();

  const typed = (target) => target.matches("textarea, input:not([type=radio], [type=checkbox])");
  form.addEventListener("input", (event) => ANSWER.test(event.target.name) && typed(event.target) && changed(TYPING_MS));
  form.addEventListener("change", (event) => ANSWER.test(event.target.name) && changed(0));
  window.addEventListener("pagehide", () => typing && changed(0));
  window.addEventListener("beforeunload", (event) => onlyHere() && event.preventDefault());
  window.addEventListener("online", trySend);

  let plain = false;
  form.addEventListener("submit", (event) => {
    if (plain) return;
    event.preventDefault();
    const { quizGo, quizCheck } = event.submitter?.dataset ?? {};
    if (quizCheck !== undefined) {
      check(event.submitter.formAction);
      return;
    }
    const url = { next: form.dataset.next, previous: form.dataset.previous }[quizGo ?? "next"] ?? quizGo;
    go(url, () => {
      plain = true;
      form.requestSubmit(event.submitter);
    });
  });
  const leave = document.querySelector("[data-quiz-leave]");
  leave.hidden = false;
  leave.addEventListener("click", (event) => {
    event.preventDefault();
    go(leave.href, () => window.location.assign(leave.href));
  });
  return timeIsUp;
}

/** The look back counts answers, so it is loaded again when some were sent only now; the start card just sends. */
function reviewPage(page) {
  const { attempt } = page.dataset;
  const notice = page.querySelector("[data-quiz-pending]");
  const form = page.querySelector("[data-quiz-hand-in]");

  async function trySend() {
    const sent = await flush();
    if (!attempt) return;
    if (sent) window.location.reload();
    notice.hidden = !waiting(attempt);
  }

  async function handIn() {
    await flush();
    notice.hidden = !waiting(attempt);
    if (!waiting(attempt)) form.submit();
  }

  async function timeIsUp() {
    await flush();
    notice.hidden = !waiting(attempt);
    if (navigator.onLine) document.getElementById("quiz-end").submit();
    else window.addEventListener("online", timeIsUp, { once: true });
  }

  trySend();
  window.addEventListener("online", trySend);
  form?.addEventListener("submit", (event) => {
    if (!waiting(attempt)) return;
    event.preventDefault();
    handIn();
  });
  return timeIsUp;
}

const form = document.querySelector("[data-quiz]");
const page = document.querySelector("[data-quiz-review]");
const clock = document.querySelector("[data-quiz-clock]");
let onEnd = () => {};
if (form) onEnd = questionPage(form);
if (page) onEnd = reviewPage(page);
if (clock) tell(clock, onEnd);
