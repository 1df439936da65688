// The running count of the copyright desk: said in words as boxes are ticked. Without this file the line stays empty.
function tell() {
  const table = document.querySelector("[data-copyright-count]");
  const line = document.querySelector("[data-copyright-words]");
  if (!table || !line) return;
  const count = table.querySelectorAll("input:checked").length;
  const words = table.dataset.words.replace("%n", count).replace("%m", count + 1);
  if (line.textContent !== words) line.textContent = words;
}

// The desk is swapped as a whole after each step, so the page listens, not the table.
document.addEventListener("change", (event) => {
  if (event.target.closest("[data-copyright-count]")) tell();
});
document.addEventListener("htmx:afterSettle", tell);
tell();
