// Files in pieces. The server says which byte comes next, so a dropped connection, a reload or a killed server costs at
// most the piece that was on its way. Without this file the form on the same page sends a file whole.
import { renewToken } from "./token.js";

const HEAD = 1024 * 1024;
const WAIT_MOST_MS = 30000;

const token = () => JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "";

function remembered(key) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

function remember(key, value) {
  try {
    if (value) localStorage.setItem(key, JSON.stringify(value));
    else localStorage.removeItem(key);
  } catch {
    // storage is switched off: the upload still goes on as long as the page stands
  }
}

function inWords(bytes) {
  const units = ["B", "KB", "MB", "GB"];
  let size = bytes;
  let unit = 0;
  while (size >= 1000 && unit < 3) {
    size /= 1000;
    unit += 1;
  }
  return `${size >= 10 || unit === 0 ? Math.round(size) : size.toFixed(1)} ${units[unit]}`;
}

// The same file again: its name, size, date and first megabyte. Plain http has no digests; there a sum has to do.
async function fingerprint(file) {
  const head = new Uint8Array(await file.slice(0, HEAD).arrayBuffer());
  const words = new TextEncoder().encode(`${file.name}|${file.size}|${file.lastModified}|`);
  const all = new Uint8Array(words.length + head.length);
  all.set(words);
  all.set(head, words.length);
  if (crypto.subtle) {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", all));
    return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }
  let sum = 2166136261;
  for (const byte of all) sum = Math.imul(sum ^ byte, 16777619) >>> 0;
  return `plain-${sum.toString(16)}-${file.size}`;
}

// An answer that ends it, in the server's words.
class Refused extends Error {
  constructor(words, status) {
    super(words);
    this.status = status;
  }
}

async function ask(url, options) {
  const send = () => fetch(url, { ...options, headers: { ...options.headers, "X-CSRFToken": token() } });
  let response = await send();
  if (response.status === 403 && (await renewToken())) response = await send(); // signed in again on another tab
  if (response.status >= 500 || response.status === 429) throw new Error(String(response.status));
  let answer = {};
  try {
    answer = await response.json();
  } catch {
    throw new Refused("", response.status); // a proxy's page, or a form's refusal
  }
  if (!response.ok && !(response.status === 409 && "offset" in answer)) throw new Refused(answer.words, response.status);
  return { ...answer, ok: response.ok };
}

class Upload {
  constructor(root) {
    this.root = root;
    this.part = (name) => root.querySelector(`[data-${name}]`);
    const about = root.dataset;
    this.key = ["lendcraft-upload", about.begin, about.purpose, about.name, about.lesson, about.language].join("|");
    this.paused = false;
    this.turn = 0;
    root.hidden = false;
    const plain = document.querySelector("[data-plain]");
    if (plain) plain.hidden = true;
    this.part("file").addEventListener("change", () => this.choose());
    this.part("pause").addEventListener("click", () => (this.paused ? this.goOn() : this.pause()));
    this.part("cancel").addEventListener("click", () => this.giveUp());
    window.addEventListener("online", () => this.wake?.());
    this.recall();
  }

  word(name, values = {}) {
    const text = this.root.dataset[`word${name}`] ?? "";
    return text.replace(/\{(\w+)\}/g, (_all, key) => values[key] ?? "");
  }

  say(text) {
    this.part("said").textContent = text;
  }

  show() {
    const percent = Math.floor((100 * this.offset) / this.file.size);
    this.part("meter").hidden = false;
    this.part("bar").value = percent;
    this.part("percent").textContent = this.word("Percent", { size: inWords(this.file.size) }).replace("0", String(percent));
  }

  // After a reload: what was begun here, and how far the server has it.
  async recall() {
    const kept = remembered(this.key);
    if (!kept) return;
    try {
      const standing = await ask(kept.urls.upload, {});
      if (standing.state !== "open") throw new Refused("", 409);
      const percent = Math.floor((100 * standing.offset) / standing.size);
      if (!this.file) this.say(this.word("Kept", { name: kept.name, percent }));
    } catch (problem) {
      if (problem instanceof Refused && problem.status !== 401) remember(this.key, null);
    }
  }

  async choose() {
    const [file] = this.part("file").files;
    if (!file) return;
    this.turn += 1;
    const turn = this.turn;
    this.stop?.abort();
    this.file = file;
    this.paused = false;
    this.part("next").hidden = true;
    this.root.removeAttribute("data-state");
    this.say(this.word("Starting"));
    try {
      this.mark = await fingerprint(file);
    } catch {
      this.say(this.word("Failed")); // the file was moved or changed under us
      return;
    }
    if (turn === this.turn) await this.run(turn);
  }

  async run(turn) {
    this.stop = new AbortController();
    let wait = 1000;
    let begun = false;
    while (turn === this.turn && !this.paused) {
      try {
        if (!begun) await this.begin();
        begun = true;
        await this.send(turn, () => {
          wait = 1000;
        });
        return;
      } catch (problem) {
        if (turn !== this.turn || this.paused) return;
        if (problem instanceof Refused) {
          this.refused(problem);
          return;
        }
        this.say(this.word("Dropped"));
        await this.sleep(wait);
        wait = Math.min(wait * 2, WAIT_MOST_MS);
        begun &&= this.offset === this.file.size; // what is whole is only to be finished; else ask where it stands
      }
    }
  }

  sleep(ms) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms * (0.75 + Math.random() / 2));
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async begin() {
    const { purpose, lesson, language, begin } = this.root.dataset;
    const body = new URLSearchParams({ purpose, lesson, language, name: this.root.dataset.name || this.file.name, size: this.file.size, fingerprint: this.mark });
    const standing = await ask(begin, { method: "POST", body, signal: this.stop.signal });
    this.urls = standing.urls;
    this.piece = standing.piece_bytes;
    this.offset = standing.offset;
    const kept = remembered(this.key);
    const other = kept && kept.fingerprint !== this.mark;
    remember(this.key, { name: this.file.name, urls: standing.urls, fingerprint: this.mark });
    this.acts(true);
    const name = { name: this.file.name };
    if (other) this.say(this.word("Other", { name: kept.name }));
    else this.say(this.word(this.offset ? "GoingOn" : "Sending", name));
    this.show();
  }

  async send(turn, arrived) {
    while (this.offset < this.file.size) {
      const body = this.file.slice(this.offset, this.offset + this.piece);
      const headers = { "Content-Type": "application/octet-stream", "Upload-Offset": String(this.offset) };
      const answer = await ask(this.urls.upload_piece, { method: "PUT", body, headers, signal: this.stop.signal });
      if (turn !== this.turn || this.paused) return;
      const stuck = !answer.ok && answer.offset === this.offset;
      this.offset = answer.offset;
      this.show();
      if (stuck) throw new Error("another piece is being written");
      arrived();
    }
    this.say(this.word("Finishing"));
    const answer = await ask(this.urls.upload_finish, { method: "POST", signal: this.stop.signal });
    if (!answer.ok) {
      this.offset = answer.offset;
      throw new Error("parts are missing");
    }
    this.finished(answer);
  }

  finished(answer) {
    remember(this.key, null);
    this.acts(false);
    this.part("meter").hidden = true;
    this.say(answer.words);
    this.part("next").hidden = false;
    this.part("next-link").href = answer.url;
    this.part("file").value = "";
    this.root.dispatchEvent(new CustomEvent("upload-finished", { bubbles: true, detail: answer }));
  }

  refused(problem) {
    this.root.dataset.state = "bad";
    this.say(problem.message || this.word("Failed"));
    if (problem.status === 401 && this.urls) {
      this.paused = true;
      this.part("pause-word").textContent = this.word("GoOn");
      return;
    }
    this.acts(false);
    this.part("meter").hidden = true;
    this.part("file").value = "";
    if (problem.status !== 401) remember(this.key, null);
  }

  acts(shown) {
    const acts = this.part("acts");
    if (!shown && acts.contains(document.activeElement)) this.part("file").focus();
    acts.hidden = !shown;
    this.part("pause-word").textContent = this.word("Pause");
  }

  pause() {
    this.paused = true;
    this.stop.abort();
    this.wake?.();
    this.part("pause-word").textContent = this.word("GoOn");
    this.say(this.word("Paused"));
  }

  goOn() {
    this.paused = false;
    this.turn += 1;
    this.part("pause-word").textContent = this.word("Pause");
    this.root.removeAttribute("data-state");
    this.run(this.turn);
  }

  async giveUp() {
    if (!window.confirm(this.word("Ask"))) return;
    this.turn += 1;
    this.stop.abort();
    this.wake?.();
    remember(this.key, null);
    try {
      await ask(this.urls.upload_cancel, { method: "POST" });
    } catch {
      // it is swept in a week
    }
    this.acts(false);
    this.part("meter").hidden = true;
    this.part("file").value = "";
    this.say(this.word("GivenUp"));
  }
}

for (const root of document.querySelectorAll("[data-upload]")) new Upload(root);
