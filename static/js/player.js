// Every lesson page: says that the lesson was opened, sends what an earlier page could not, keys for previous and next.
import { freshId, sendKept } from "./beats.js";

const lesson = document.querySelector("[data-lesson]");
const typing = (target) => target.closest("input, textarea, select, [contenteditable]");

// A key for each lesson and tab: reloading does not count as opening it again.
function openedKey(url) {
  const name = `lendcraft-opened:${url}`;
  try {
    const known = sessionStorage.getItem(name);
    if (known) return null;
    const fresh = freshId();
    sessionStorage.setItem(name, fresh);
    return fresh;
  } catch {
    return freshId();
  }
}

if (lesson?.dataset.reader) {
  const url = `${lesson.dataset.lesson}do/opened/`;
  const key = openedKey(url);
  const headers = JSON.parse(document.body.getAttribute("hx-headers") || "{}");
  if (key) fetch(url, { method: "POST", keepalive: true, headers, body: new URLSearchParams({ key }) }).catch(() => {});
  sendKept(lesson.dataset.reader);
  // A page with a video sends its own account when the connection is back.
  if (!document.querySelector("[data-video]")) window.addEventListener("online", () => sendKept(lesson.dataset.reader));
}

document.addEventListener("keydown", (event) => {
  if (!document.body.hasAttribute("data-letter-keys") || typing(event.target)) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "n" || event.key === "p") document.querySelector(`[data-lesson-key="${event.key}"]`)?.click();
});

// A check question was answered in place: the reply takes the focus.
document.addEventListener("htmx:afterSwap", (event) => {
  const reply = document.getElementById(event.detail.target.id)?.querySelector("[tabindex='-1']");
  reply?.focus();
});
