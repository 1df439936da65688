// A card follows the pointer, for whatever can be dragged.
const EDGE = 60;
const SCROLL = 14;

/**
 * Let ``card`` follow the pointer of ``start``. ``over(event)`` hears where it is, ``drop()`` that it was let go;
 * ``away()`` comes after either, and alone when Esc or the system ends it; after Esc comes ``leave()``, if there is one.
 */
export function follow(start, card, { over, drop, away, leave }) {
  const from = window.scrollY;
  const bottom = document.documentElement.scrollHeight - window.innerHeight; // a card held low makes the page no longer
  const watch = new AbortController();
  const options = { signal: watch.signal };
  let last = start;

  function show() {
    const down = last.clientY - start.clientY + window.scrollY - from;
    card.style.translate = `${last.clientX - start.clientX}px ${down}px`;
    over(last);
  }
  function scroll() {
    if (watch.signal.aborted) return;
    const lower = last.clientY > window.innerHeight - EDGE && window.scrollY < bottom;
    const by = last.clientY < EDGE ? -SCROLL : lower ? SCROLL : 0;
    if (by && card.hasAttribute("data-lifted")) {
      window.scrollBy({ top: by, behavior: "instant" });
      show();
    }
    requestAnimationFrame(scroll);
  }
  function stop() {
    watch.abort();
    card.style.translate = "";
    card.removeAttribute("data-lifted");
    away();
  }

  start.preventDefault();
  card.setPointerCapture(start.pointerId);
  requestAnimationFrame(scroll);
  card.addEventListener("pointermove", (event) => {
    last = event;
    card.dataset.lifted = "";
    show();
  }, options);
  card.addEventListener("pointerup", () => {
    const lifted = card.hasAttribute("data-lifted");
    stop();
    if (lifted) drop();
  }, options);
  card.addEventListener("pointercancel", stop, options);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    stop();
    leave?.();
  }, options);
}
