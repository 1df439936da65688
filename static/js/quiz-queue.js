// Answers that the server does not have yet. They wait in localStorage, survive a reload and are sent again. Each says
// whose it is: while somebody else is signed in, the server has it wait.
import { renewToken } from "./token.js";

const QUEUE = "quiz:waiting:";
const TIMEOUT_MS = 8000;

const memory = new Map(); // what the browser's storage does not take: it is full, or refuses us
export const store = {
  get(key) {
    if (memory.has(key)) return memory.get(key);
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  },
  set(key, value) {
    try {
      localStorage.setItem(key, JSON.stringify(value));
      memory.delete(key);
    } catch {
      memory.set(key, value);
    }
  },
  remove(key) {
    memory.delete(key);
    try {
      localStorage.removeItem(key);
    } catch {
      // Nothing was kept.
    }
  },
  queues() {
    let stored = [];
    try {
      stored = Object.keys(localStorage);
    } catch {
      // Nothing is kept.
    }
    return [...new Set([...stored, ...memory.keys()])].filter((key) => key.startsWith(QUEUE));
  },
};

/** Does an answer wait that this page alone knows of? */
export const onlyHere = () => [...memory.keys()].some((key) => key.startsWith(QUEUE));

function clientId() {
  let id = store.get("quiz:client");
  if (!/^[a-z0-9]{1,40}$/.test(id ?? "")) {
    id = [...crypto.getRandomValues(new Uint8Array(10))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    store.set("quiz:client", id);
  }
  return id;
}

/** This browser's name in every answer that it sends. */
export const me = clientId();

const person = document.querySelector("[data-person]")?.dataset.person ?? "";

/** The next number of this attempt: one more than the greatest that this browser has seen. */
export function nextSeq(attempt, seen) {
  const key = `quiz:seq:${attempt}`;
  const seq = Math.max(Number(store.get(key)) || 0, seen) + 1;
  store.set(key, seq);
  return seq;
}

/** Let an answer wait: ``entry`` is {url, data, seq, ms}, ``data`` the form fields as a URL-encoded string. */
export function enqueue(attempt, position, entry) {
  store.set(QUEUE + attempt, { ...store.get(QUEUE + attempt), [position]: { ...entry, person } });
}

/** The answer to a question that still waits, if one does. */
export const waitingAt = (attempt, position) => store.get(QUEUE + attempt)?.[position];

/** How many answers of an attempt wait. */
export const waiting = (attempt) => Object.keys(store.get(QUEUE + attempt) ?? {}).length;

/** Does anything wait, of whichever attempt? */
export const anyWaiting = () => store.queues().length > 0;

/** Forget a queued answer, unless a newer one took its place meanwhile. */
function dequeue(key, position, seq) {
  const queue = store.get(key) ?? {};
  if (queue[position]?.seq === seq) delete queue[position];
  if (Object.keys(queue).length) store.set(key, queue);
  else store.remove(key);
}

function post(attempt, entry) {
  const body = new URLSearchParams(entry.data);
  for (const [name, value] of Object.entries({ attempt, client_id: me, seq: entry.seq, ms: entry.ms, person: entry.person ?? "" })) body.set(name, value);
  const headers = { "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "" };
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  return fetch(entry.url, { method: "POST", body, headers, signal, keepalive: true, credentials: "same-origin" });
}

const OUTCOMES = { 400: "refused", 401: "kept", 404: "refused", 409: "late", 422: "refused" };

/** Send one answer. Returns its outcome (saved, kept for later, refused, or too late) and what the server said. */
async function send(key, position, entry) {
  let response, said;
  try {
    response = await post(key.slice(QUEUE.length), entry);
    // Signed in again on another tab: this page's token is an old one.
    if (response.status === 403 && (await renewToken())) {
      response = await post(key.slice(QUEUE.length), entry);
    }
    said = response.headers.get("Content-Type")?.startsWith("application/json") ? await response.json() : {};
  } catch {
    return { outcome: "kept", offline: true };
  }
  const outcome = response.ok && said.seq ? "saved" : (OUTCOMES[response.status] ?? "kept");
  if (outcome !== "kept") dequeue(key, position, entry.seq);
  return { outcome, ...said };
}

/** Send everything that waits, of every attempt, in turn. ``onSent`` hears of each. Returns how many were saved. */
async function sendAll(onSent) {
  let sent = 0;
  for (const key of store.queues()) {
    for (const [position, entry] of Object.entries(store.get(key) ?? {})) {
      const told = await send(key, position, entry);
      if (told.outcome === "saved") sent += 1;
      onSent(key.slice(QUEUE.length), position, told);
      if (told.offline) return sent;
    }
  }
  return sent;
}

let running = null;
/** One sender at a time: a call while one runs starts another run after it. */
export function flush(onSent = () => {}) {
  running = (running ?? Promise.resolve()).then(() => sendAll(onSent));
  return running;
}
