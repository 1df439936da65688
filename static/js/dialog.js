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
