// What a page asked for by htmx and did not get is said, whatever asked: a search while one types, a filter, the next page,
// a step that is sent. Answers that a page shows itself (its "htmx:beforeSwap" says that they are no error) are not lost.
const pattern = document.getElementById("failed");
const box = pattern?.content.firstElementChild.cloneNode(true);
const lost = new Set(); // what asked in vain and has not asked again since
let out = false;

// Fetched only then: no page waits for what may never be needed.
const renewToken = () => import("./token.js").then((token) => token.renewToken(), () => false);

/** Where it is seen and reached: nothing is behind an open dialog. */
const place = () => document.querySelector("dialog[open]") ?? document.body;

/** Is this answer the sign-in page, however that came to be? It is never a piece of another page. */
const isSignIn = (xhr) => new URL(xhr.responseURL || "/", window.location).pathname === box.dataset.login;

function hide() {
  lost.clear();
  out = false;
  box.remove();
}

/** Say ``words``; ``login`` is where to sign in. What is said already is not said again. */
function say(words, login) {
  const [line, link] = [box.querySelector("p"), box.querySelector("a")];
  if (box.isConnected && line.textContent === words) return;
  line.textContent = words;
  link.hidden = !login;
  if (login) link.href = login;
  place().append(box); // an alert: heard when it comes
}

function failed({ detail }) {
  const { elt, requestConfig, xhr } = detail;
  const sent = requestConfig.verb !== "get";
  const saved = document.getElementById("saved");
  if (sent && saved?.dataset.lost) saved.textContent = saved.dataset.lost; // the line of a page that saves by itself
  lost.add(elt);
  const login = xhr.status === 401 ? xhr.getResponseHeader("X-Sign-In") : isSignIn(xhr) && xhr.responseURL;
  out = Boolean(login);
  if (sent && xhr.status === 403) renewToken(); // signed in again on another tab: the next press has the new token
  const why = out ? "out" : xhr.status ? "failed" : "away";
  say(box.dataset[sent ? `${why}Sent` : why], login);
}

function answered({ detail }) {
  if (!detail.successful || !lost.delete(detail.elt)) return;
  for (const each of lost) if (!each.isConnected) lost.delete(each);
  if (!lost.size) hide();
}

if (box) {
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) document.addEventListener(name, failed);
  document.addEventListener("htmx:afterRequest", answered);
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (!isSignIn(detail.xhr)) return;
    detail.shouldSwap = false;
    detail.isError = true;
  });
  // Back to a page that is no longer kept, and that cannot be fetched as a piece: the browser asks for it as a whole.
  document.addEventListener("htmx:historyCacheMissLoadError", () => window.location.reload());
  window.addEventListener("focus", async () => {
    if (out && (await renewToken())) hide();
  });
  box.querySelector("button").addEventListener("click", hide);
}
