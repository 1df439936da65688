// The dialogs of the editor: each asks for something and gives it as a map of values, or null when it is left.

const dialogs = new Map();

/** Take the dialogs out of their template, once, to where a form may stand. */
export function place(template) {
  for (const dialog of template.content.cloneNode(true).querySelectorAll("dialog")) {
    dialogs.set(dialog.dataset.ask, dialog);
    document.body.append(dialog);
    dialog.querySelector("[data-leave]")?.addEventListener("click", () => dialog.close());
  }
  const link = dialogs.get("link");
  link.addEventListener("change", () => showWhen(link));
  const picture = dialogs.get("picture").querySelector("form");
  picture.elements.decorative.addEventListener("change", () => decorate(picture));
}

/** Only the field that belongs to the chosen place is shown and asked for. */
function showWhen(dialog) {
  const chosen = dialog.querySelector("[name=to]:checked").value;
  for (const box of dialog.querySelectorAll("[data-when]")) {
    box.hidden = box.dataset.when !== chosen;
    for (const control of box.querySelectorAll("select, input")) control.disabled = box.hidden;
  }
}

function decorate(form) {
  form.elements.alt.required = !form.elements.decorative.checked;
}

export const dialogOf = (name) => dialogs.get(name);

/** Open the dialog ``name`` filled with ``values``. The answer: its values, ``{unset: true}``, or null. */
export function ask(name, values = {}) {
  const dialog = dialogs.get(name);
  const form = dialog.querySelector("form");
  form.reset();
  for (const [key, value] of Object.entries(values)) {
    const control = form.elements[key];
    if (!control) continue;
    if (control.type === "checkbox") control.checked = Boolean(value);
    else control.value = value ?? "";
  }
  const unset = dialog.querySelector("[data-unset]");
  if (unset) unset.hidden = !values.there;
  if (name === "link") showWhen(dialog);
  if (name === "picture") decorate(form);
  return new Promise((resolve) => {
    const watch = new AbortController();
    const on = (target, type, handler) => target?.addEventListener(type, handler, { signal: watch.signal });
    const leave = (answer) => {
      watch.abort();
      dialog.close();
      resolve(answer); // at once: the dialog's own "close" comes later, and what is typed until then would be lost
    };
    on(form, "submit", (event) => {
      event.preventDefault();
      leave(Object.fromEntries(new FormData(form)));
    });
    on(unset, "click", () => leave({ unset: true }));
    on(dialog, "close", () => dialog.open || leave(null)); // opened again: it is the one of before that closes
    dialog.showModal();
  });
}

/** Upload a picture as soon as it is chosen; then it is one of the course's. */
export function uploads(url, token) {
  const dialog = dialogs.get("picture");
  const file = dialog.querySelector("input[type=file]");
  const said = dialog.querySelector("[role=status]");
  const choice = dialog.querySelector("[name=src]");
  dialog.addEventListener("close", () => { said.textContent = ""; file.value = ""; });
  file.addEventListener("change", async () => {
    if (!file.files.length) return;
    const data = new FormData();
    data.set("csrfmiddlewaretoken", token());
    data.set("picture", file.files[0]);
    const answer = await fetch(url, { method: "POST", body: data }).catch(() => null);
    const told = answer?.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : {};
    if (!told.name) {
      said.textContent = told.said || answer?.statusText || "?";
      said.dataset.tone = "bad";
      return;
    }
    const option = new Option(told.name, `media/${told.name}`, false, true);
    option.dataset.url = told.url;
    for (const each of [...choice.options]) if (each.value === option.value) each.remove();
    choice.append(option);
    choice.value = option.value;
    said.textContent = told.name;
    delete said.dataset.tone;
    dialog.querySelector("[name=alt]").focus();
  });
}

/** The card that leads to practice, as it is written. */
export const practiceYaml = ({ lesson, text }) => `${lesson ? `lesson: ${lesson}\n` : ""}text: ${JSON.stringify(text)}\n`;

/** Where the file behind ``src`` is shown from; empty when it is no file of this course. */
export function urlOf(src) {
  const option = [...dialogs.get("picture").querySelectorAll("option")].find((each) => each.value === src);
  return option?.dataset.url ?? "";
}

/** The form of a check question, from the server. ``yaml`` is the question as it is, empty for a new one. */
export async function askCheck(url, token, yaml = "") {
  const dialog = dialogs.get("check");
  const body = dialog.querySelector("[data-check-body]");
  const send = async (address, data) => {
    data.set("give", "1");
    data.set("csrfmiddlewaretoken", token());
    return fetch(address, { method: "POST", body: data });
  };
  const draw = async (answer) => {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const drawn = page.querySelector("[data-check]");
    if (!drawn) throw new Error("no form in the answer");
    body.replaceChildren(document.importNode(drawn, true));
    const focus = body.querySelector("[data-check-form]").dataset.focus;
    const place = body.querySelector(".errors[tabindex]") || (focus && document.getElementById(focus));
    const field = place?.matches("[data-row]") ? place.querySelector("textarea, input:not([type=hidden], [type=checkbox])") : place;
    (field || body.querySelector("textarea"))?.focus();
  };
  const first = new FormData();
  first.set("act", "open");
  first.set("was", yaml);
  const opened = await send(url, first);
  if (!opened.ok) throw new Error("no form");
  return new Promise((resolve, reject) => {
    let answer = null;
    const stop = new AbortController();
    const on = (type, handler) => body.addEventListener(type, handler, { signal: stop.signal });
    on("click", async (event) => {
      const leave = event.target.closest("[data-check-leave]");
      const kind = event.target.closest("[data-check-kind]");
      if (leave || kind) event.preventDefault();
      if (leave) dialog.close();
      if (!kind) return;
      const data = new FormData(body.querySelector("form"));
      data.set("act", "open");
      data.set("kind", new URL(kind.href).searchParams.get("kind"));
      await draw(await send(url, data));
    });
    on("submit", async (event) => {
      event.preventDefault();
      const data = new FormData(event.target, event.submitter);
      const sent = await send(url, data);
      if (sent.headers.get("Content-Type")?.startsWith("application/json")) {
        answer = await sent.json();
        dialog.close();
      } else await draw(sent);
    });
    dialog.addEventListener("close", () => {
      stop.abort();
      body.replaceChildren();
      resolve(answer);
    }, { once: true });
    dialog.showModal();
    draw(opened).catch((problem) => { dialog.close(); reject(problem); });
  });
}
