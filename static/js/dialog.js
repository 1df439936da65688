// A link with data-dialog loads its page's form into <dialog id="dialog">; without scripts it is a page of its own.
const dialog = document.getElementById("dialog");

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target !== dialog) return;
  if (!dialog.open) {
    // A visitor of the form by this link comes back to the link.
    dialog.showModal();
  }
  dialog.querySelector(".errors[tabindex]")?.focus();
});

// What was ticked while the list was on its way stays ticked in the new list.
let ticked = new Map();
const boxes = (list) => [...list.querySelectorAll("input[type=checkbox]")];
document.addEventListener("htmx:beforeSwap", (event) => {
  const list = event.detail.target;
  if (list.id === "picks") ticked = new Map(boxes(list).map((box) => [box.value, box.checked]));
});
document.addEventListener("htmx:afterSwap", (event) => {
  const list = event.detail.target;
  if (list.id !== "picks") return;
  for (const box of boxes(document.getElementById("picks"))) box.checked = ticked.get(box.value) ?? box.checked;
});

dialog?.addEventListener("click", (event) => {
  if (!event.target.closest("[data-close]")) return;
  event.preventDefault();
  dialog.close();
});

// Nothing typed is thrown away unasked, neither by Esc nor by a button.
const written = () => [...dialog.querySelectorAll("textarea")].some((field) => field.value !== field.defaultValue);
dialog?.addEventListener("cancel", (event) => {
  if (written() && !window.confirm(dialog.querySelector("form")?.dataset.ask ?? "")) event.preventDefault();
});
dialog?.addEventListener("close", () => dialog.replaceChildren());
