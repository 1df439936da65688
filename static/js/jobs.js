// The list of jobs is fetched again while something is under way; whoever had the focus in a row keeps a place in it.
let row = "";

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id !== "jobs") return;
  row = event.detail.target.contains(document.activeElement) ? document.activeElement.closest("li")?.id ?? "" : "";
});

document.addEventListener("htmx:afterSettle", () => {
  if (row && (document.activeElement === document.body || !document.activeElement)) document.getElementById(row)?.focus();
  row = "";
});
