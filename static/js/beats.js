// Sends watched stretches and keeps on this device what could not be sent yet: offline, or because the page went away.
// One entry a playing session, under the reader's own name, so nobody sends what somebody else watched here.
import { union } from "./intervals.js";

const PREFIX = "lendcraft-beat:";

const token = () => JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "";

// crypto.randomUUID is missing where a library runs without https.
export const freshId = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

function store(action) {
  try {
    return action(window.localStorage);
  } catch {
    return null; // storage is switched off or full: beats are sent, only not kept
  }
}

const keyOf = (reader, session) => `${PREFIX}${reader}:${session}`;

function read(key) {
  try {
    return JSON.parse(store((storage) => storage.getItem(key)) || "null");
  } catch {
    return null;
  }
}

export function keep(reader, beat) {
  store((storage) => storage.setItem(keyOf(reader, beat.session), JSON.stringify(beat)));
}

export function kept(reader) {
  const keys = store((storage) => Object.keys(storage)) || [];
  return keys.filter((key) => key.startsWith(`${PREFIX}${reader}:`)).map(read).filter(Boolean);
}

function forget(reader, sent) {
  const key = keyOf(reader, sent.session);
  const now = read(key);
  if (now && now.seq <= sent.seq) store((storage) => storage.removeItem(key));
}

// True when the server has it, or will never take it; false when it is worth trying again.
export async function send(reader, beat) {
  const { session, seq, spans, position_ms } = beat;
  try {
    const answer = await fetch(beat.url, {
      method: "POST",
      keepalive: true,
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token() },
      body: JSON.stringify({ session, seq, spans, position_ms }),
    });
    const final = answer.ok || [400, 404, 410, 422].includes(answer.status);
    if (final) forget(reader, beat);
    return final;
  } catch {
    return false;
  }
}

// The page is going away: no answer will be seen, so the entry stays and the next page sends it again, which is harmless.
export function sendLast(beat) {
  const { session, seq, spans, position_ms } = beat;
  const form = new FormData();
  form.set("csrfmiddlewaretoken", token());
  form.set("beat", JSON.stringify({ session, seq, spans, position_ms }));
  navigator.sendBeacon(beat.url, form);
}

export async function sendKept(reader, except = "") {
  for (const beat of kept(reader)) {
    if (beat.session !== except && !(await send(reader, beat))) return;
  }
}

// The growing account of one playing session.
export class Session {
  constructor(reader, url) {
    this.reader = reader;
    this.waiting = { url, session: freshId(), seq: 0, spans: [], position_ms: 0 };
    this.dirty = false;
    this.sending = Promise.resolve(true);
  }

  get id() {
    return this.waiting.session;
  }

  add(spans, position) {
    if (spans.length === 0 && Math.round(position) === this.waiting.position_ms) return;
    this.waiting.seq += 1;
    this.waiting.spans = union([...this.waiting.spans, ...spans]);
    this.waiting.position_ms = Math.round(position);
    this.dirty = true;
    keep(this.reader, this.waiting);
  }

  // The whole account each time: it is short, a repetition is harmless, and what was refused once (the server allows no
  // more film than the clock does) is asked for again.
  async flush() {
    if (!this.dirty) return this.sending; // a film that ends is paused first: that beat may be on its way
    this.dirty = false;
    this.sending = send(this.reader, structuredClone(this.waiting));
    const arrived = await this.sending;
    if (!arrived) this.dirty = true;
    return arrived;
  }

  last() {
    if (this.dirty) sendLast(this.waiting);
  }
}
