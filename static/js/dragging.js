// Putting in order, sorting into groups, matching. The lists in the form are the truth and work without this file;
// here they are set by dragging, buttons and keys, and then say ``change`` as if a person had set them.
import { follow } from "./follow.js";

const say = (text) => {
  const live = document.querySelector("#live");
  if (live) live.textContent = text;
};
const fill = (pattern, values) => pattern.replace(/\[(\w+)\]/g, (whole, key) => values[key] ?? whole);
const wordsOf = (part) => part.innerText.trim() || part.querySelector("img")?.alt || "";
const named = (part) => wordsOf(part.querySelector(".part__text [id], .part__text[id]"));
const listOf = (part) => part.querySelector("select");
const changed = (control) => control.dispatchEvent(new Event("change", { bubbles: true }));

/** What only makes sense with a script. */
function reveal(field) {
  for (const each of field.querySelectorAll("[data-scripted]")) each.hidden = false;
}

/** A mouse takes a card anywhere, a finger by its grip: elsewhere it scrolls the page. */
function takes(event) {
  if (event.button !== 0 || event.target.closest("select, button, a, input, textarea")) return false;
  return event.pointerType === "mouse" || event.target.closest("[data-grip]") !== null;
}

/** Mark one of ``places`` (or none) as the one under the pointer. */
function point(places, chosen) {
  for (const each of places) each.toggleAttribute("data-over", each === chosen);
}

const under = (event, wanted, field) => {
  const found = document.elementFromPoint(event.clientX, event.clientY)?.closest(wanted);
  return found && field.contains(found) ? found : null;
};

function order(field) {
  const list = field.querySelector("[data-rows]");
  const rows = () => [...list.children];
  let mine = false;

  function read() {
    const place = (row) => Number(listOf(row).value) || Number.MAX_SAFE_INTEGER;
    if (rows().some((row) => listOf(row).value)) list.append(...rows().sort((one, other) => place(one) - place(other)));
  }

  /** Move ``row`` to the place ``at``, counted from 0, and number all places anew. */
  function put(row, at, focus) {
    const before = rows().indexOf(row);
    const others = rows().filter((each) => each !== row);
    const to = Math.min(Math.max(at, 0), others.length);
    if (to !== before) list.insertBefore(row, others[to] ?? null);
    rows().forEach((each, index) => {
      listOf(each).value = String(index + 1);
    });
    focus?.focus();
    const pattern = to === before ? field.dataset.undone : field.dataset.said;
    say(fill(pattern, { item: named(row), place: to + 1, total: others.length + 1 }));
  }

  function move(row, at, focus) {
    put(row, at, focus);
    mine = true;
    changed(listOf(row));
    mine = false;
  }

  field.addEventListener("change", (event) => {
    if (mine || !event.target.matches("select")) return;
    const row = event.target.closest("[data-part]");
    put(row, event.target.value ? Number(event.target.value) - 1 : rows().indexOf(row), event.target);
  });
  field.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    if (!button) return;
    const row = button.closest("[data-part]");
    move(row, rows().indexOf(row) + Number(button.dataset.step), button);
  });
  field.addEventListener("keydown", (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const row = event.target.closest("[data-part]");
    if (!event.altKey || !step || !row) return;
    event.preventDefault();
    move(row, rows().indexOf(row) + step, event.target);
  });
  field.addEventListener("pointerdown", (event) => {
    const row = event.target.closest("[data-part]");
    if (!row || !takes(event)) return;
    let at = rows().indexOf(row);
    follow(event, row, {
      over({ clientY }) {
        const others = rows().filter((each) => each !== row);
        const middle = (each) => each.getBoundingClientRect().top + each.offsetHeight / 2;
        at = others.filter((each) => middle(each) < clientY).length;
        for (const each of others) each.toggleAttribute("data-before", each === others[at]);
        for (const each of others) each.toggleAttribute("data-after", at === others.length && each === others.at(-1));
      },
      drop: () => move(row, at, listOf(row)),
      away() {
        for (const each of rows()) {
          each.removeAttribute("data-before");
          each.removeAttribute("data-after");
        }
      },
    });
  });
  return read;
}

/** Tell what ``select`` says now. */
function tell(field, select) {
  const chosen = select.value ? select.selectedOptions[0].text : "";
  const item = named(select.closest("[data-part]"));
  say(fill(chosen ? field.dataset.said : field.dataset.undone, { item, choice: chosen }));
}

function group(field) {
  const boxes = [...field.querySelectorAll("[data-box]")];
  const inside = (box) => (box.matches("ul") ? box : box.querySelector("ul"));

  function place(part) {
    const select = listOf(part);
    const focused = document.activeElement === select;
    const box = boxes.find((each) => each.dataset.box === select.value);
    if (part.parentElement !== inside(box)) inside(box).append(part);
    if (focused) select.focus();
  }

  const read = () => [...field.querySelectorAll("[data-part]")].forEach(place);

  field.addEventListener("change", (event) => {
    if (!event.target.matches("select")) return;
    place(event.target.closest("[data-part]"));
    tell(field, event.target);
  });
  field.addEventListener("keydown", (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const part = event.target.closest("[data-part]");
    if (!event.altKey || !step || !part) return;
    event.preventDefault();
    const select = listOf(part);
    const to = Math.min(Math.max(select.selectedIndex + step, 0), select.options.length - 1);
    if (to === select.selectedIndex) return;
    select.selectedIndex = to;
    changed(select);
  });
  field.addEventListener("pointerdown", (event) => {
    const part = event.target.closest("[data-part]");
    if (!part || !takes(event)) return;
    let box = null;
    follow(event, part, {
      over(moved) {
        box = under(moved, "[data-box]", field);
        point(boxes, box);
      },
      drop() {
        if (!box || box.dataset.box === listOf(part).value) return;
        listOf(part).value = box.dataset.box;
        changed(listOf(part));
      },
      away: () => point(boxes, null),
    });
  });
  return read;
}

function match(field) {
  const parts = [...field.querySelectorAll("[data-part]")];

  field.addEventListener("change", (event) => {
    if (event.target.matches("select")) tell(field, event.target);
  });
  field.addEventListener("pointerdown", (event) => {
    const chip = event.target.closest("[data-chip]");
    if (!chip || !takes(event)) return;
    let part = null;
    follow(event, chip, {
      over(moved) {
        part = under(moved, "[data-part]", field);
        point(parts, part);
      },
      drop() {
        if (!part || listOf(part).value === chip.dataset.chip) return;
        listOf(part).value = chip.dataset.chip;
        changed(listOf(part));
      },
      away: () => point(parts, null),
    });
  });
  return () => {};
}

const kinds = { order, group, match };
const known = new WeakMap(); // what reads a question again whose lists somebody else has set

/** Every question in the document: new ones get their dragging, known ones are shown as their lists say. */
function enhance() {
  for (const [kind, make] of Object.entries(kinds)) {
    for (const field of document.querySelectorAll(`[data-${kind}]`)) {
      if (!field.querySelector("select") || field.matches(":disabled")) continue; // what was handed in is only read
      if (!known.has(field)) {
        known.set(field, make(field));
        reveal(field);
        field.dataset.grabs = "";
        field.addEventListener("dragstart", (event) => event.preventDefault());
      }
      known.get(field)();
    }
  }
}

enhance();
document.addEventListener("quiz:shown", enhance);
document.addEventListener("htmx:afterSettle", enhance);
