// The sum of the levels chosen so far; without this file it stands on the page after saving.
import { touched } from "./touched.js";

const form = document.querySelector("[data-marking]");
const line = form?.querySelector("[data-words]");

function tell() {
  const chosen = [...form.querySelectorAll("[data-points]:checked")];
  const sum = chosen.reduce((points, input) => points + Number(input.dataset.points), 0);
  line.textContent = line.dataset.words.replace("%n", sum);
}

form?.addEventListener("change", tell);
if (form && touched(form)) tell(); // chosen before this ran
