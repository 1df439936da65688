// A long form is sent only when somebody is there to take it. Who was signed out meanwhile, or has no connection, stays on
// the page with what was typed and is told so; the same button works again afterwards.
import { renewToken } from "./token.js";

const asking = new WeakSet();
const going = new WeakSet();

function tell(root, button) {
  const live = document.getElementById("live");
  const line = root.querySelector("[data-guard-said]") ?? document.createElement("p");
  line.className = "field__msg";
  line.dataset.tone = "bad";
  line.dataset.guardSaid = "";
  line.textContent = root.dataset.guardWords;
  button?.after(line);
  if (live) live.textContent = line.textContent;
}

// Before the form's own script: what acts on a row alone is drawn without leaving the page, and needs no guard.
document.addEventListener(
  "submit",
  async (event) => {
    const form = event.target;
    const root = form.closest("[data-guard-words]");
    if (!root) return;
    const button = event.submitter;
    const ofRow = button?.value.includes(":") && !form.dataset.plain;
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
    root.querySelector("[data-guard-said]")?.remove();
    going.add(form);
    form.requestSubmit(button);
    going.delete(form);
  },
  true,
);
