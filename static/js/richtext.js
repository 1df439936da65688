// Writing a lesson's text: a rich text editor or a toolbar for Markdown over the plain field, which works without either.
import { dialogOf, place, uploads } from "./richtext-dialogs.js";

const LONGEST = 900_000; // a pasted document beyond this comes in as its plain words

async function start(box) {
  const area = box.querySelector("textarea");
  const toolbar = box.querySelector("[data-toolbar]");
  const words = box.dataset;
  const token = () => area.form.querySelector("[name=csrfmiddlewaretoken]").value;
  const live = document.getElementById("live");
  const say = (text) => { if (live && text) live.textContent = text; };
  place(box.querySelector("[data-dialogs]"));
  uploads(words.picture, token);
  const given = { area, words, checkUrl: words.check, token, say };
  const rich = words.writing === "html";
  for (const each of dialogOf("picture").querySelectorAll("[data-rich]")) each.hidden = !rich;
  const editor = rich
    ? (await import("./richtext-editor.js")).richEditor(given)
    : (await import("./richtext-markdown.js")).markdownEditor(given);
  box.querySelector("[data-no-script]")?.remove();
  const hint = document.getElementById(`${area.id}_helptext`);
  if (rich && hint) hint.textContent = words.hint;
  (rich ? editor.place.parentElement : area).before(toolbar);
  bar(toolbar, editor);
  editor.place.addEventListener("paste", (event) => paste(event, { area, editor, url: words.paste, token, say, words }), true);
  box.dataset.ready = "";
}

/** One stop of the keyboard: arrows, Home and End go along the buttons; what holds where the caret stands is pressed. */
function bar(toolbar, editor) {
  const tools = toolbar.querySelector("[data-table-tools]");
  const buttons = () => [...toolbar.querySelectorAll("button")].filter((button) => button.offsetParent);
  const stop = (button) => {
    for (const each of toolbar.querySelectorAll("button")) each.tabIndex = each === button ? 0 : -1;
  };
  toolbar.hidden = false;
  editor.place.id ||= "richtext";
  toolbar.setAttribute("aria-controls", editor.place.id);
  stop(toolbar.querySelector("button"));
  toolbar.addEventListener("keydown", (event) => {
    const all = buttons();
    const at = all.indexOf(document.activeElement);
    const rtl = getComputedStyle(toolbar).direction === "rtl";
    const step = { ArrowRight: rtl ? -1 : 1, ArrowLeft: rtl ? 1 : -1 }[event.key];
    const to = { Home: 0, End: all.length - 1 }[event.key] ?? (step && (at + step + all.length) % all.length);
    if (event.key === "Escape") editor.focus();
    if (to === undefined || at < 0) return;
    event.preventDefault();
    stop(all[to]);
    all[to].focus();
  });
  toolbar.addEventListener("focusin", (event) => event.target.matches("button") && stop(event.target));
  toolbar.addEventListener("mousedown", (event) => event.preventDefault()); // the caret stays where it is
  toolbar.addEventListener("click", (event) => {
    const button = event.target.closest("[data-act]");
    if (button) editor.act(button.dataset.act);
  });
  editor.place.addEventListener("keydown", (event) => {
    if (event.key !== "F10" || !event.altKey) return;
    event.preventDefault();
    buttons().find((button) => button.tabIndex === 0)?.focus();
  });
  const show = () => {
    for (const button of toolbar.querySelectorAll("[aria-pressed]")) {
      button.setAttribute("aria-pressed", String(editor.isActive(button.dataset.act)));
    }
    const inTable = editor.inTable();
    if (tools.hidden === inTable) tools.hidden = !inTable;
    if (!buttons().some((button) => button.tabIndex === 0)) stop(toolbar.querySelector("button"));
  };
  editor.onChange(show);
  show();
}

const pending = []; // what the server cleans now

/** What waits for the server belongs to what is typed already: whoever keeps that is told what the text would be with it. */
function hold(area, editor) {
  const withPending = pending.length ? () => editor.withPlain(pending.join("\n")) : null;
  area.dispatchEvent(new CustomEvent("lesson:pasting", { bubbles: true, detail: withPending }));
}

/** What is pasted is cleaned by the server; without it the plain words come in. */
async function paste(event, { area, editor, url, token, say, words }) {
  const html = event.clipboardData.getData("text/html");
  const text = event.clipboardData.getData("text/plain");
  const plainField = editor.place.tagName === "TEXTAREA";
  if (editor.isOwn(html) || (!html && (plainField || !text.includes("\n")))) return;
  if (!html && !text) return;
  event.preventDefault();
  event.stopPropagation();
  const body = new URLSearchParams({ csrfmiddlewaretoken: token(), html: html.length > LONGEST ? "" : html, text });
  pending.push(text);
  hold(area, editor);
  const told = await cleaned(url, body);
  pending.splice(pending.indexOf(text), 1);
  if (told) {
    editor.insert(told.text);
    say(told.said);
  } else {
    editor.insertPlain(text);
    say(words.noServer);
  }
  hold(area, editor);
}

async function cleaned(url, body) {
  try {
    const answer = await fetch(url, { method: "POST", body });
    return answer.ok && answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : null;
  } catch {
    return null;
  }
}

for (const box of document.querySelectorAll("[data-writing]:not([data-ready])")) start(box);
