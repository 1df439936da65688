// A long form is sent only when somebody is there to take it. Who was signed out meanwhile, or has no connection, stays on
// the page with what was typed and is told so; the same button works again afterwards.
import { DRAWN, leaving } from "./kept-form.js";
import { renewToken } from "./token.js";

const asking = new WeakSet();
const going = new WeakSet();
const said = new WeakMap(); // a button need not stand inside its form

function tell(root, button) {
  const live = document.getElementById("live");
  const line = said.get(root) ?? document.createElement("p");
  said.set(root, line);
  line.className = "field__msg";
  line.dataset.tone = "bad";
  line.dataset.guardSaid = "";
  line.textContent = root.dataset.guardWords;
  button?.after(line);
  if (live) live.textContent = line.textContent;
}

// Before the form's own script: what acts on a row alone is drawn without leaving the page, and needs no guard. Whatever else
// then sends a form of htmx hears of it the second time.
document.addEventListener(
  "submit",
  async (event) => {
    const form = event.target;
    const root = form.closest("[data-guard-words]");
    if (!root) return;
    const button = event.submitter;
    const ofRow = form.matches(DRAWN) && button?.value.includes(":") && !form.dataset.plain;
    if (form.method !== "post" || going.has(form) || ofRow) return;
    event.preventDefault();
    event.stopPropagation();
    if (asking.has(form)) return; // pressed twice
    asking.add(form);
    const there = await renewToken();
    asking.delete(form);
    if (!there) {
      tell(root, button);
      return;
    }
    said.get(root)?.remove();
    going.add(form);
    leaving(form);
    form.requestSubmit(button);
    going.delete(form);
  },
  true,
);
document.body.dataset.guarded = ""; // from now on
