// Answers are saved as they are given. What cannot be sent waits in localStorage, survives a reload and is sent later.
// Everything works without this file too: then the buttons save.
const QUEUE = "quiz:queue:";
const RETRY_MS = 5000;
const TIMEOUT_MS = 8000;

const memory = new Map(); // when the browser keeps no storage for us
const store = {
  get(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return memory.get(key) ?? null;
    }
  },
  set(key, value) {
    memory.set(key, value);
    try {
      localStorage.setItem(key, JSON.stringify(value));
    } catch {
      // The memory of this page has it.
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
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(QUEUE));
    } catch {
      return [...memory.keys()].filter((key) => key.startsWith(QUEUE));
    }
  },
};

function clientId() {
  let id = store.get("quiz:client");
  if (!/^[a-z0-9]{1,40}$/.test(id ?? "")) {
    id = [...crypto.getRandomValues(new Uint8Array(10))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    store.set("quiz:client", id);
  }
  return id;
}

const me = clientId();
const csrf = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";

/** The next number of this attempt: one more than the greatest that this browser has seen. */
function nextSeq(attempt, seen) {
  const key = `quiz:seq:${attempt}`;
  const seq = Math.max(Number(store.get(key)) || 0, seen) + 1;
  store.set(key, seq);
  return seq;
}

function enqueue(attempt, position, entry) {
  store.set(QUEUE + attempt, { ...store.get(QUEUE + attempt), [position]: entry });
}

/** Forget a queued answer, unless a newer one took its place meanwhile. */
function dequeue(key, position, seq) {
  const queue = store.get(key) ?? {};
  if (queue[position]?.seq === seq) delete queue[position];
  if (Object.keys(queue).length) store.set(key, queue);
  else store.remove(key);
}

async function post(entry, position) {
  const body = JSON.stringify({ position: Number(position), answer: entry.answer, client_id: me, seq: entry.seq });
  const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrf() };
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  return fetch(entry.url, { method: "POST", body, headers, signal, keepalive: true, credentials: "same-origin" });
}

/** Send one answer. Returns saved, kept (try again later), refused or finished, with what the server said. */
async function send(key, position, entry) {
  let response;
  try {
    response = await post(entry, position);
  } catch {
    return { outcome: "kept", offline: true };
  }
  if (response.ok) {
    dequeue(key, position, entry.seq);
    return { outcome: "saved", standing: await response.json() };
  }
  if (response.status === 409) {
    store.remove(key);
    return { outcome: "finished" };
  }
  if ([400, 404, 422].includes(response.status)) {
    dequeue(key, position, entry.seq);
    return { outcome: "refused" };
  }
  return { outcome: "kept", offline: false };
}

/** Send everything that waits, of every attempt, in turn. ``onSent`` hears of each. Returns the answers sent. */
async function sendAll(onSent = () => {}) {
  let sent = 0;
  for (const key of store.queues()) {
    for (const [position, entry] of Object.entries(store.get(key) ?? {})) {
      const told = await send(key, position, entry);
      if (told.outcome === "saved") sent += 1;
      onSent(key, position, entry, told);
      if (told.offline) return sent;
    }
  }
  return sent;
}

let running = null;
/** One sender at a time: a call while one runs starts another run after it. */
function flush(onSent) {
  running = (running ?? Promise.resolve()).then(() => sendAll(onSent));
  return running;
}

const waiting = (attempt) => Object.keys(store.get(QUEUE + attempt) ?? {}).length;

function questionPage(form) {
  const { attempt, position, save } = form.dataset;
  const line = document.querySelector("[data-quiz-state]");
  const words = line.querySelector("[data-quiz-words]");
  const inputs = [...form.querySelectorAll("input[name=answer]")];
  let seen = Number(form.dataset.seq);
  let timer = 0;

  function say(state) {
    line.hidden = false;
    line.dataset.tone = { saved: "ok", saving: "" }[state] ?? "warn";
    line.querySelector("use").setAttribute("href", state === "saved" ? "#i-check" : state === "saving" ? "#i-clock" : "#i-warn");
    words.textContent = line.dataset[state];
  }

  function current() {
    const chosen = inputs.filter((input) => input.checked).map((input) => input.value);
    if (inputs[0]?.type === "checkbox") return chosen.length ? chosen : null;
    return chosen[0] ?? null;
  }

  function show(answer) {
    const chosen = new Set([answer].flat());
    for (const input of inputs) input.checked = chosen.has(input.value);
  }

  function onSent(key, at, entry, told) {
    if (key !== QUEUE + attempt || at !== position) return;
    if (told.outcome === "saved") {
      seen = Math.max(seen, told.standing.seq);
      if (told.standing.other_device && store.get(QUEUE + attempt)?.[position] === undefined) {
        show(told.standing.answer);
        say("other");
        return;
      }
    }
    if (store.get(QUEUE + attempt)?.[position] === undefined || told.outcome !== "saved") say(told.outcome);
  }

  async function trySend() {
    clearTimeout(timer);
    await flush(onSent);
    if (waiting(attempt)) timer = setTimeout(trySend, RETRY_MS);
  }

  function changed() {
    const seq = nextSeq(attempt, seen);
    enqueue(attempt, position, { answer: current(), seq, url: save });
    form.elements.client_id.value = me;
    form.elements.seq.value = seq;
    say("saving");
    trySend();
  }

  async function go(url, otherwise) {
    if (waiting(attempt)) await trySend();
    if (!waiting(attempt)) window.location.assign(url);
    else if (navigator.onLine) otherwise();
    else say("offline");
  }

  const kept = store.get(QUEUE + attempt)?.[position];
  if (kept) {
    show(kept.answer);
    form.elements.client_id.value = me;
    form.elements.seq.value = kept.seq;
    say("kept");
  } else if (form.dataset.client && form.dataset.client !== me) {
    say("other");
  } else if (form.dataset.client) {
    say("saved");
  }
  if (store.queues().length) trySend();

  form.addEventListener("change", (event) => {
    if (event.target.name === "answer") changed();
  });
  let plain = false;
  form.addEventListener("submit", (event) => {
    if (plain) return;
    event.preventDefault();
    const wanted = event.submitter?.dataset.quizGo ?? "next";
    const url = { next: form.dataset.next, previous: form.dataset.previous }[wanted] ?? wanted;
    go(url, () => {
      plain = true;
      form.requestSubmit(event.submitter);
    });
  });
  const leave = document.querySelector("[data-quiz-leave]");
  leave.hidden = false;
  leave.addEventListener("click", (event) => {
    event.preventDefault();
    go(leave.href, () => window.location.assign(leave.href));
  });
  window.addEventListener("online", trySend);
}

/** The look back counts answers, so it is loaded again when some were sent only now; the start card just sends. */
function reviewPage(page) {
  const { attempt } = page.dataset;
  const notice = page.querySelector("[data-quiz-pending]");
  const form = page.querySelector("[data-quiz-hand-in]");

  async function trySend() {
    const sent = await flush();
    if (!attempt) return;
    if (sent) window.location.reload();
    notice.hidden = !waiting(attempt);
  }

  trySend();
  window.addEventListener("online", trySend);
  form?.addEventListener("submit", async (event) => {
    if (!waiting(attempt)) return;
    event.preventDefault();
    await flush();
    notice.hidden = !waiting(attempt);
    if (!waiting(attempt)) form.submit();
  });
}

const form = document.querySelector("[data-quiz]");
const page = document.querySelector("[data-quiz-review]");
if (form) questionPage(form);
if (page) reviewPage(page);
