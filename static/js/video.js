// Our controls on the native player, the transcript beside it, and the account of what was really watched.
import { Session, kept } from "./beats.js";
import { Watcher, covered } from "./intervals.js";
import { Transcript } from "./transcript.js";

const SPEEDS = [1, 1.25, 1.5, 1.75, 2, 0.5, 0.75];
const BEAT_MS = 10000;
const SLOW_MS = 4000;

const root = document.querySelector("[data-video]");
const video = root?.querySelector("video, audio");
const lesson = document.querySelector("[data-lesson]");

function remembered(name, fallback) {
  try {
    return localStorage.getItem(name) ?? fallback;
  } catch {
    return fallback;
  }
}

function remember(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // storage is switched off: the choice holds for this page
  }
}

function clock(seconds) {
  const whole = Math.floor(seconds || 0);
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

class Controls {
  constructor() {
    const part = (name) => root.querySelector(`[data-${name}]`);
    this.bar = part("bar");
    this.play = part("play");
    this.seek = part("seek");
    this.time = part("time");
    this.captions = part("captions");
    this.choice = part("track");
    this.track = video.textTracks[0];
    this.speed = part("speed");
    this.full = part("full");
    this.cue = part("cue");
    this.small = part("small-picture");
    this.length = Number(root.dataset.duration) / 1000;
    video.controls = false;
    this.bar.hidden = false;
    const chapters = part("chapters");
    if (chapters) chapters.hidden = false;
    this.listen();
    this.showCaptions(remembered("lendcraft-captions", "on") === "on");
    if (this.choice) this.speak(remembered("lendcraft-caption-language", this.choice.value));
    this.setSpeed(Number(remembered("lendcraft-speed", "1")));
    if (this.small && remembered("lendcraft-small", "off") === "on") this.showSmall(true);
    this.show();
  }

  listen() {
    this.play.addEventListener("click", () => this.toggle());
    video.addEventListener("click", () => this.toggle());
    this.seek.addEventListener("input", () => this.go(Number(this.seek.value)));
    this.captions?.addEventListener("click", () => this.showCaptions(!this.captionsOn));
    this.speed.addEventListener("click", () => {
      this.setSpeed(SPEEDS[(SPEEDS.indexOf(video.playbackRate) + 1) % SPEEDS.length]);
    });
    this.full?.addEventListener("click", () => this.toggleFull());
    this.small?.addEventListener("click", () => this.showSmall(!this.isSmall));
    this.offerSmall();
    for (const name of ["play", "pause", "ended", "timeupdate", "seeked", "loadedmetadata"]) {
      video.addEventListener(name, () => this.show());
    }
    for (const mark of root.querySelectorAll("[data-chapter]")) {
      mark.addEventListener("click", () => this.go(Number(mark.dataset.chapter) / 1000, true));
    }
    for (const track of video.textTracks) track.addEventListener("cuechange", () => this.showCue());
    this.choice?.addEventListener("change", () => {
      this.speak(this.choice.value);
      this.showCaptions(true);
    });
    document.addEventListener("keydown", (event) => this.key(event));
  }

  toggle() {
    if (video.paused) video.play().catch(() => {});
    else video.pause();
  }

  go(seconds, play = false) {
    video.currentTime = Math.min(Math.max(seconds, 0), this.length || video.duration || 0);
    if (play && video.paused) this.toggle();
  }

  // The captions in another language; one that is not there changes nothing.
  speak(language) {
    const found = [...video.textTracks].find((track) => track.language === language);
    if (!found) return;
    this.track.mode = "disabled";
    this.track = found;
    this.track.mode = "hidden";
    this.choice.value = language;
    this.cue.lang = language;
    remember("lendcraft-caption-language", language);
    this.showCue();
  }

  showCaptions(on) {
    this.captionsOn = on;
    if (this.track) this.track.mode = "hidden"; // read for our own line, which large type can grow
    this.captions?.setAttribute("aria-pressed", String(on));
    remember("lendcraft-captions", on ? "on" : "off");
    this.showCue();
  }

  showCue() {
    const active = [...(this.track?.activeCues ?? [])];
    const line = document.createElement("span");
    line.textContent = active.map((cue) => cue.getCueAsHTML().textContent).join("\n");
    this.cue.hidden = !this.captionsOn || line.textContent === "";
    this.cue.replaceChildren(line);
  }

  setSpeed(rate) {
    video.playbackRate = SPEEDS.includes(rate) ? rate : 1;
    video.defaultPlaybackRate = video.playbackRate;
    this.speed.firstChild.textContent = `${video.playbackRate}×`;
    remember("lendcraft-speed", String(video.playbackRate));
  }

  // The other size of the same film, at the same place.
  showSmall(on) {
    const at = video.currentTime;
    const playing = !video.paused;
    this.isSmall = on;
    this.small.setAttribute("aria-pressed", String(on));
    remember("lendcraft-small", on ? "on" : "off");
    video.src = on ? video.dataset.small : video.dataset.large;
    if (at > 0) video.addEventListener("loadedmetadata", () => (video.currentTime = at), { once: true });
    video.playbackRate = video.defaultPlaybackRate;
    if (playing) video.play().catch(() => {});
  }

  // A picture that keeps one waiting: say once that there is a smaller one.
  offerSmall() {
    const offer = document.querySelector("[data-slow]");
    if (!this.small || !offer) return;
    let since = 0;
    video.addEventListener("waiting", () => {
      since = performance.now();
      setTimeout(() => {
        if (since && !this.isSmall) offer.hidden = false;
      }, SLOW_MS);
    });
    video.addEventListener("playing", () => {
      since = 0;
    });
    offer.querySelector("[data-slow-use]").addEventListener("click", () => {
      this.showSmall(true);
      offer.hidden = true;
      this.play.focus();
    });
  }

  toggleFull() {
    if (document.fullscreenElement) document.exitFullscreen();
    else if (root.requestFullscreen) root.requestFullscreen();
    else video.webkitEnterFullscreen?.();
  }

  show() {
    const name = video.paused ? "play" : "pause";
    this.play.querySelector("use").setAttribute("href", `#i-${name}`);
    this.play.setAttribute("aria-label", this.play.dataset[name === "play" ? "wordPlay" : "wordPause"]);
    if (document.activeElement !== this.seek || !video.seeking) this.seek.value = String(video.currentTime);
    this.seek.setAttribute("aria-valuetext", `${clock(video.currentTime)} / ${clock(this.length)}`);
    this.time.textContent = `${clock(video.currentTime)} / ${clock(this.length)}`;
  }

  key(event) {
    const at = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey || at.closest("input, textarea, select, [contenteditable]")) return;
    if (event.key === " " && !at.closest("button, a, summary")) this.toggle();
    else if (event.key === "ArrowLeft") this.go(video.currentTime - 5);
    else if (event.key === "ArrowRight") this.go(video.currentTime + 5);
    else if (event.key === "c" && document.body.hasAttribute("data-letter-keys")) this.showCaptions(!this.captionsOn);
    else return;
    event.preventDefault();
  }
}

// Where the reader stopped: the server's word, or what this device could not send yet.
function startAt(reader, url) {
  const waiting = kept(reader).filter((beat) => beat.url === url);
  const ms = waiting.length ? waiting[waiting.length - 1].position_ms : Number(root.dataset.start);
  const set = () => {
    if (ms > 0 && ms < Number(root.dataset.duration) - 3000) video.currentTime = ms / 1000;
  };
  if (video.readyState >= 1) set();
  else video.addEventListener("loadedmetadata", set, { once: true });
}

// Enough was watched: show the lesson as done, as the server sees it.
async function refresh() {
  const answer = await fetch(window.location.href, { headers: { "X-Requested-With": "fetch" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of ["lesson-meta", "lesson-outline"]) {
    const fresh = page.getElementById(id);
    if (fresh) document.getElementById(id)?.replaceWith(document.adoptNode(fresh));
  }
}

function account(reader, url) {
  const watcher = new Watcher();
  const session = new Session(reader, url);
  let shown = false;
  session.waiting.position_ms = Number(root.dataset.start);
  const note = document.querySelector("[data-saving]");
  const position = () => video.currentTime * 1000;
  const look = () => {
    if (!video.paused && !video.seeking) watcher.tick(position(), performance.now(), video.playbackRate);
  };
  const settle = () => session.add(watcher.take(), position());
  const flush = async () => {
    settle();
    const arrived = await session.flush();
    if (note) note.textContent = arrived ? note.dataset.saved : note.dataset.offline;
    const enough = covered(session.waiting.spans) >= Number(root.dataset.duration) * 0.9 || video.ended;
    if (arrived && enough && !shown) {
      shown = true;
      refresh().catch(() => {});
    }
  };
  const stop = () => {
    look();
    watcher.halt();
    settle();
  };
  video.addEventListener("playing", look);
  video.addEventListener("timeupdate", () => {
    look();
    settle();
  });
  video.addEventListener("seeking", () => watcher.halt());
  video.addEventListener("waiting", () => watcher.halt());
  video.addEventListener("ratechange", () => watcher.halt());
  for (const name of ["pause", "ended"]) {
    video.addEventListener(name, () => {
      stop();
      flush();
    });
  }
  video.addEventListener("seeked", () => {
    if (video.paused) flush();
  });
  setInterval(() => {
    if (!video.paused || session.dirty) flush();
  }, BEAT_MS);
  window.addEventListener("online", flush);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") flush();
  });
  window.addEventListener("pagehide", () => {
    stop();
    session.last();
  });
}

function fail() {
  const panel = document.querySelector("[data-transcript]");
  const said = document.querySelector("[data-video-failed]");
  if (!said.hidden) return;
  said.hidden = false;
  root.hidden = true;
  root.before(said, panel ?? "");
  panel?.querySelector(".transcript-box")?.classList.remove("transcript-box");
  const follow = panel?.querySelector("[data-follow]")?.closest("label");
  if (follow) follow.hidden = true;
}

if (video) {
  const controls = new Controls();
  const panel = document.querySelector("[data-transcript]");
  const transcript = panel && new Transcript(panel, (ms) => controls.go(ms / 1000, true));
  video.addEventListener("timeupdate", () => transcript?.mark(video.currentTime * 1000));
  video.addEventListener("seeked", () => transcript?.mark(video.currentTime * 1000));
  video.addEventListener("error", fail);
  if (video.error) fail();
  const { reader } = lesson.dataset;
  const url = `${lesson.dataset.lesson}do/beat/`;
  if (reader) account(reader, url);
  startAt(reader || "visitor", url);
}
