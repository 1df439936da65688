// What is left of the time, in words, by the server's clock. The server decides; this only tells, and hands in at zero.
import { store } from "./quiz-queue.js";

const MINUTE = 60_000;
const ANNOUNCED = [1, 5]; // minutes left at which it is said aloud
const HIDDEN = "quiz:clock-hidden";

/** Time on the question: what the page is looked at, in milliseconds, on top of ``before``. */
export function stopwatch(before) {
  let total = before;
  let since = document.hidden ? null : performance.now();
  document.addEventListener("visibilitychange", () => {
    if (since !== null) total += performance.now() - since;
    since = document.hidden ? null : performance.now();
  });
  return () => Math.round(total + (since === null ? 0 : performance.now() - since));
}

function wordsFor(clock, minutes) {
  if (minutes < 1) return clock.dataset.less;
  return minutes === 1 ? clock.dataset.one : clock.dataset.many.replace("%n", minutes);
}

function hideable(clock, words) {
  const button = clock.querySelector("button");
  function show(hidden) {
    words.hidden = hidden;
    button.textContent = hidden ? button.dataset.show : button.dataset.hide;
  }
  button.hidden = false;
  show(Boolean(store.get(HIDDEN)));
  button.addEventListener("click", () => {
    store.set(HIDDEN, !words.hidden);
    show(!words.hidden);
  });
}

/** Tell the time of ``clock`` (data-due and data-now as the server wrote them); ``onEnd`` is called once, at zero. */
export function tell(clock, onEnd) {
  const words = clock.querySelector("[data-clock-words]");
  const ahead = Date.parse(clock.dataset.now) - Date.now(); // how far the server's clock is ahead of the browser's
  const due = Date.parse(clock.dataset.due);
  let before = 0;

  function tick() {
    const left = due - (Date.now() + ahead);
    const said = wordsFor(clock, left < MINUTE ? 0 : Math.ceil(left / MINUTE));
    if (words.textContent !== said) words.textContent = said;
    const crossed = ANNOUNCED.find((each) => before > each * MINUTE && left <= each * MINUTE);
    if (crossed) document.getElementById("live").textContent = wordsFor(clock, crossed);
    before = left;
    if (left > 0) return;
    clearInterval(timer);
    onEnd();
  }

  const timer = setInterval(tick, 1000);
  hideable(clock, words);
  tick();
}
