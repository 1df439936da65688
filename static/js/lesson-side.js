// Beside a lesson's text: how learners see it, drawn anew after each save, and notes that quote the words chosen.
const section = document.querySelector("[data-look]");
const frame = section?.querySelector("iframe");

if (frame) {
  section.hidden = false;
  frame.src = frame.dataset.src;
  for (const button of section.querySelectorAll("[data-look-width]")) {
    button.addEventListener("click", () => {
      frame.dataset.width = button.dataset.lookWidth;
      for (const each of section.querySelectorAll("[data-look-width]")) each.setAttribute("aria-pressed", String(each === button));
    });
  }
  let top = 0;
  frame.addEventListener("load", () => frame.contentWindow?.scrollTo(0, top));
  document.addEventListener("lesson:saved", () => {
    top = frame.contentWindow?.scrollY ?? 0;
    frame.contentWindow?.location.replace(frame.dataset.src);
  });
}

const body = document.querySelector("#lesson-form textarea[name=body]");
const quote = document.getElementById("remark_quote");
quote?.closest("details")?.addEventListener("toggle", (event) => {
  const chosen = (body?.dataset.chosen ?? body?.value.slice(body.selectionStart, body.selectionEnd))?.trim();
  if (event.target.open && chosen && !quote.value) quote.value = chosen.slice(0, quote.maxLength);
});

// The minutes that reading and playing take, offered beside those that learners are told.
const about = document.querySelector("[data-estimate]");
const minutes = document.getElementById("id_minutes");
const take = about?.querySelector("[data-estimate-take]");

function offerMinutes(guess) {
  about.dataset.estimate = guess;
  about.hidden = !guess;
  const words = about.querySelector("[data-estimate-words]");
  words.textContent = words.dataset.estimateWords.replace("00", guess);
  if (take && document.activeElement !== take) take.hidden = !guess || minutes.value === String(guess);
}

if (about && minutes) {
  document.addEventListener("lesson:estimate", (event) => offerMinutes(event.detail));
  minutes.addEventListener("input", () => offerMinutes(about.dataset.estimate));
  take?.addEventListener("click", () => {
    minutes.value = about.dataset.estimate;
    minutes.focus();
    minutes.dispatchEvent(new Event("input", { bubbles: true }));
  });
  offerMinutes(about.dataset.estimate);
}
