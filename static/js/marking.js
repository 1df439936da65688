// The sum of the levels chosen so far; without this file it stands on the page after saving.
const form = document.querySelector("[data-marking]");
const line = form?.querySelector("[data-words]");
form?.addEventListener("change", () => {
  const chosen = [...form.querySelectorAll("[data-points]:checked")];
  const sum = chosen.reduce((points, input) => points + Number(input.dataset.points), 0);
  line.textContent = line.dataset.words.replace("%n", sum);
});
