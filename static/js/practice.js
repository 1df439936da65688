// A practice desk: what is filled in is saved as it is typed, and after each step the reply has the focus.
// Everything works without this file too: then the buttons save.
import { renewToken } from "./token.js";
import { touched } from "./touched.js";

const TYPING_MS = 800; // a pause in typing after which the words are sent

let timer = 0;
let saving = null; // the request on its way; a step waits for it, so that it is counted after it
let unsure = null; // what was sent last and got no answer: the server may have it or not

function tell(form, state) {
  const line = form.querySelector("[data-practice-state]");
  if (!line) return;
  line.hidden = false;
  line.dataset.tone = { saved: "ok", saving: "" }[state] ?? "warn";
  line.querySelector("span").textContent = line.dataset[state] ?? state;
}

function post(form, data, keepalive = false) {
  const headers = { Accept: "application/json" };
  return fetch(form.action, { method: "POST", body: data, headers, keepalive, credentials: "same-origin" });
}

/** Send ``data``; what to say of it. The server numbers the turns; the form learns its new one. */
async function send(form, data) {
  unsure = data;
  let answer = await post(form, data);
  if (answer.status === 403 && (await renewToken())) {
    // Signed in again on another tab: the page's token was an old one.
    data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    answer = await post(form, data);
  }
  if (!answer.headers.get("Content-Type")?.startsWith("application/json")) unsure = null; // a page: signed out, say
  const { turn, words } = await answer.json();
  unsure = null;
  if (answer.ok) form.elements.turn.value = turn;
  return answer.ok ? "saved" : words;
}

/** What the form says now, to be kept. */
function filled(form) {
  const data = new FormData(form);
  data.set("verb", "keep");
  return data;
}

/** Send what the form says now. What got no answer goes first, in the same words: if it had arrived, it changes nothing. */
async function keep(form) {
  tell(form, "saving");
  try {
    if (unsure) await send(form, unsure);
    tell(form, await send(form, filled(form)));
  } catch {
    tell(form, "offline");
  }
}

function soon(form, wait) {
  clearTimeout(timer);
  timer = setTimeout(() => {
    timer = 0;
    const mine = (saving ?? Promise.resolve()).then(() => keep(form));
    saving = mine;
    mine.finally(() => {
      if (saving === mine) saving = null;
    });
  }, wait);
}

const desk = () => document.querySelector("[data-practice-form]");
document.addEventListener("input", ({ target }) => target.form === desk() && target.form && soon(target.form, TYPING_MS));
document.addEventListener("change", ({ target }) => target.form === desk() && target.form && soon(target.form, 0));
window.addEventListener("online", () => unsure && desk() && soon(desk(), 0));
// Whoever goes in the middle of a word takes it along; whoever goes while the server cannot be reached is asked.
window.addEventListener("pagehide", () => (timer || saving) && desk() && post(desk(), filled(desk()), true));
window.addEventListener("beforeunload", (event) => unsure && !saving && event.preventDefault());

// Pressed while something is being saved: the step follows when that is done, or it would show an earlier turn.
document.addEventListener(
  "submit",
  (event) => {
    if (!event.target.matches("[data-practice-form]")) return;
    clearTimeout(timer);
    timer = 0;
    if (!saving && !unsure) {
      // Who leaves needs no piece of this page: the browser sends the form.
      if (event.submitter?.value === "leave") event.stopImmediatePropagation();
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    const { target, submitter } = event;
    // Without a connection the step waits for another press; the line beside the buttons says so.
    (saving ?? keep(target)).then(() => unsure || setTimeout(() => target.requestSubmit(submitter)));
  },
  true,
);

if (desk() && touched(desk())) soon(desk(), 0);

// Replies by htmx: a refusal (409) shows where it stands, too, and the reply has the focus.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target?.id !== "desk" || event.detail.xhr.status !== 409) return;
  event.detail.shouldSwap = true;
  event.detail.isError = false;
});
document.addEventListener("htmx:afterSettle", (event) => {
  const desk = document.querySelector("[data-practice]");
  if (!desk || event.detail.target?.id !== "desk") return;
  (desk.querySelector("[data-focus]") ?? desk).focus();
});

// A replay shows what was filled in. It belongs to no form, so nothing in it could be sent; this says so at once. Not a
// disabled fieldset: regions that scroll must keep taking the focus.
for (const control of document.querySelectorAll("[data-practice-still] :is(input, select, textarea, button)")) {
  control.disabled = true;
}
