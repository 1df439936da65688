/* The question form and the bank's list work as plain forms; this makes them pleasant. Buttons of a list redraw only the
   form, the focus goes where the act happened, Alt with an arrow key moves a row, and unsaved words are not lost unasked. */
import { inField, touched } from "./touched.js";

const FORM = "[data-question-editor]";
let changed = false;

const say = (words) => {
  const live = document.querySelector("#live");
  if (live) live.textContent = words;
};

const focusOn = (id) => {
  const place = id && document.getElementById(id);
  if (!place) return;
  const field = place.querySelector("textarea, input:not([type=hidden], [type=checkbox]), select");
  (field || place).focus();
  place.scrollIntoView({ block: "nearest" });
};

const redraw = async (form, act) => {
  const data = new FormData(form);
  data.set("act", act);
  form.setAttribute("aria-busy", "true");
  form.inert = true; // what is typed now would be missing in the form that comes
  const answer = await fetch(form.action || location.href, { method: "POST", body: data });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const drawn = page.querySelector(FORM);
  if (!drawn) throw new Error("no form in the answer");
  form.replaceWith(document.importNode(drawn, true));
  const here = document.querySelector(FORM);
  start(here);
  here.dispatchEvent(new CustomEvent("form:drawn", { bubbles: true }));
  focusOn(here.dataset.focus);
  const place = here.dataset.focus && document.getElementById(here.dataset.focus);
  const name = place && place.querySelector(".strong");
  if (name) say(name.textContent.trim());
};

const press = (form, button) => {
  redraw(form, button.value).catch(() => {
    form.removeAttribute("aria-busy");
    form.inert = false;
    form.dataset.plain = "yes"; // the browser sends it as any form
    button.click();
  });
};

const move = (event) => {
  if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
  const row = event.target.closest("[data-row]");
  const verb = event.key === "ArrowUp" ? "up" : "down";
  const button = row && row.querySelector(`:scope > .split [name=act][value^="${verb}:"]`);
  if (!button) return;
  event.preventDefault();
  button.click();
};

function start(form) {
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    const ofList = button && button.name === "act" && button.value.includes(":");
    if (!ofList || form.dataset.plain) {
      changed = false;
      return;
    }
    event.preventDefault();
    changed = true;
    press(form, button);
  });
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("keydown", move);
}

const form = document.querySelector(FORM);
if (form) {
  start(form);
  if (!inField()) focusOn(form.dataset.focus);
  changed = touched(form); // typed before this ran
  addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
}

const bank = document.querySelector("[data-bank]");
if (bank) {
  const line = bank.querySelector("[data-chosen]");
  const count = () => {
    const chosen = bank.querySelectorAll("[name=question]:checked").length;
    line.hidden = !chosen;
    line.querySelector("[data-chosen-count]").textContent = chosen;
  };
  bank.addEventListener("change", count);
  count();
}
