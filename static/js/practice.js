// A practice desk: what is filled in is saved as it is typed, and after each step the reply has the focus.
// Everything works without this file too: then the buttons save.
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

/** Send ``data``; what to say of it. The server numbers the turns; the form learns its new one. */
async function send(form, data) {
  unsure = data;
  const headers = { Accept: "application/json" };
  const answer = await fetch(form.action, { method: "POST", body: data, headers, credentials: "same-origin" });
  if (!answer.headers.get("Content-Type")?.startsWith("application/json")) unsure = null; // a page: signed out, say
  const { turn, words } = await answer.json();
  unsure = null;
  if (answer.ok) form.elements.turn.value = turn;
  return answer.ok ? "saved" : words;
}

/** Send what the form says now. What got no answer goes first, in the same words: if it had arrived, it changes nothing. */
async function keep(form) {
  tell(form, "saving");
  try {
    if (unsure) await send(form, unsure);
    const data = new FormData(form);
    data.set("verb", "keep");
    tell(form, await send(form, data));
  } catch {
    tell(form, "offline");
  }
}

function soon(event) {
  const form = event.target.closest?.("[data-practice-form]");
  if (!form) return;
  clearTimeout(timer);
  const wait = event.type === "input" ? TYPING_MS : 0;
  timer = setTimeout(() => {
    timer = 0;
    const mine = (saving ?? Promise.resolve()).then(() => keep(form));
    saving = mine;
    mine.finally(() => {
      if (saving === mine) saving = null;
    });
  }, wait);
}

document.addEventListener("input", soon);
document.addEventListener("change", soon);

// Pressed while something is being saved: the step follows when that is done, or it would show an earlier turn.
document.addEventListener(
  "submit",
  (event) => {
    if (!event.target.matches("[data-practice-form]")) return;
    clearTimeout(timer);
    if (!saving && !unsure) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { target, submitter } = event;
    // Without a connection the step waits for another press; the line beside the buttons says so.
    (saving ?? keep(target)).then(() => unsure || setTimeout(() => target.requestSubmit(submitter)));
  },
  true,
);

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
