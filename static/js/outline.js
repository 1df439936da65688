// The outline of a draft: drag by the handle, Alt and an arrow, focus that stays, and what became of the last change.
// Every change is a form that works without this file.
import { follow } from "./follow.js";

const board = () => document.getElementById("outline");
const say = (text) => {
  document.getElementById("live").textContent = text;
};
const fill = (pattern, item) => pattern.replace("[item]", item);

function send(values) {
  const form = document.getElementById("acts");
  window.htmx.ajax("POST", form.action, { source: form, target: "#outline", swap: "outerHTML", values });
}

/** Which of ``others`` the pointer is above the middle of: the place, from 0, where the card would go. */
function placeAt(others, y) {
  return others.filter((each) => each.getBoundingClientRect().top + each.offsetHeight / 2 < y).length;
}

/** A line before the row at ``at``, or at the end of ``list``. */
function showLine(list, others, at) {
  let line = board().querySelector(".dropline");
  if (!line) {
    line = document.createElement(list.matches("ol") ? "li" : "div");
    line.className = "dropline";
    line.setAttribute("aria-hidden", "true");
  }
  if (others[at]) others[at].before(line);
  else if (others.length) others.at(-1).after(line);
  else list.prepend(line);
}

function dragRow(event, row) {
  let list = row.parentElement;
  let at = -1;
  const home = board();
  say(fill(home.dataset.moving, row.dataset.name));
  follow(event, row, {
    over({ clientX, clientY }) {
      const part = document.elementFromPoint(clientX, clientY)?.closest("[data-part]");
      list = part?.querySelector("[data-rows]") ?? list;
      const others = [...list.querySelectorAll("[data-row]")].filter((each) => each !== row);
      at = placeAt(others, clientY);
      showLine(list, others, at);
    },
    drop: () => send({ act: `lesson-place:${row.dataset.row}`, part: list.closest("[data-part]").dataset.part, index: at }),
    away: () => home.querySelector(".dropline")?.remove(),
    leave: () => say(fill(home.dataset.left, row.dataset.name)),
  });
}

function dragPart(event, part) {
  const home = board();
  const others = [...home.querySelectorAll("[data-part]")].filter((each) => each !== part);
  let at = -1;
  say(fill(home.dataset.moving, part.dataset.name));
  follow(event, part, {
    over({ clientY }) {
      at = placeAt(others, clientY);
      showLine(part.parentElement, others, at);
    },
    drop: () => send({ act: `part-place:${part.dataset.part}`, index: at }),
    away: () => home.querySelector(".dropline")?.remove(),
    leave: () => say(fill(home.dataset.left, part.dataset.name)),
  });
}

document.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest("#outline [data-grip]");
  if (!grip || event.button !== 0) return;
  const row = grip.closest("[data-row]");
  if (row) dragRow(event, row);
  else dragPart(event, grip.closest("[data-part]"));
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const menu = document.activeElement?.closest("details.build__more[open]");
    if (menu) {
      menu.removeAttribute("open");
      menu.querySelector("summary").focus();
      return;
    }
    document.activeElement?.closest(".build__form")?.querySelector("[data-back]")?.click();
    return;
  }
  const step = { ArrowUp: "-1", ArrowDown: "1" }[event.key];
  if (!event.altKey || !step || event.target.closest("input, textarea, select")) return;
  const row = event.target.closest("#outline [data-row], #outline [data-head]");
  const button = row?.querySelector(`[data-step="${step}"]`);
  if (!button) return;
  event.preventDefault();
  if (!button.disabled) button.click();
});

// One menu at a time, and none once the focus or the pointer is elsewhere.
const closeOthers = (kept) => {
  for (const menu of document.querySelectorAll("details.build__more[open]")) if (menu !== kept) menu.removeAttribute("open");
};
document.addEventListener("click", (event) => closeOthers(event.target.closest("details.build__more")));
document.addEventListener("focusin", (event) => closeOthers(event.target.closest("details.build__more")));

// Focus and what was saved

let back = "";
document.addEventListener("click", (event) => {
  back = event.target.closest("[data-back]")?.dataset.back ?? "";
});

/** Focus ``id``; a button that cannot be pressed any more gives it to its neighbour, then to the row's own link. */
function focusOn(id) {
  const wanted = document.getElementById(id);
  if (!wanted) return;
  if (!wanted.disabled) {
    wanted.focus();
    return;
  }
  const row = wanted.closest("[data-row], [data-head]");
  (row.querySelector("[data-step]:not([disabled])") ?? row.querySelector("a, summary")).focus();
}

function reveal() {
  for (const grip of board()?.querySelectorAll("[data-grip]") ?? []) grip.hidden = false;
}

document.addEventListener("htmx:beforeSwap", (event) => {
  // Somebody was faster, or it is gone: the answer shows the outline as it is now.
  if (event.detail.target?.id === "outline" && [404, 409].includes(event.detail.xhr.status)) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id !== "outline") return;
  reveal();
  const problem = document.getElementById("problem");
  const field = board().querySelector(".field[data-state=bad] :is(input, select), .build__form [autofocus]");
  if (problem) problem.focus();
  else if (field) field.focus();
  else focusOn(board().dataset.focus ?? back);
  back = "";
});

const saved = document.getElementById("saved");
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.requestConfig.verb === "post" && saved) saved.textContent = saved.dataset.saving;
});

reveal();
