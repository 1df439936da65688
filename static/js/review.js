// Space shows the other side, 1 to 4 rate, U takes back; the time a card took goes with its rating.
const timing = (name) => `review-${name}`;
const front = document.querySelector("[data-review-front]");
if (front) sessionStorage.setItem(timing(front.dataset.reviewFront), Date.now());

const form = document.querySelector("[data-review]");
form?.addEventListener("submit", () => {
  const began = Number(sessionStorage.getItem(timing(form.dataset.review)));
  if (began) form.elements.ms.value = Date.now() - began;
});

document.addEventListener("keydown", (event) => {
  if (!document.body.hasAttribute("data-letter-keys") || event.repeat) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  if (event.key === " " && event.target.closest("a, button, summary")) return;
  const control = document.querySelector(`[data-review-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!control) return;
  event.preventDefault();
  control.click();
});
