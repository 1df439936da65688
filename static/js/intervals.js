// Which stretches of a video were really watched. Pure: no page, no clock of its own, so it can be tested anywhere.

// Merge stretches [from, to] in milliseconds into a sorted list without overlaps.
export function union(spans) {
  const sorted = spans.filter(([from, to]) => to > from).sort((a, b) => a[0] - b[0]);
  const merged = [];
  for (const [from, to] of sorted) {
    const last = merged[merged.length - 1];
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

export function covered(spans) {
  return union(spans).reduce((sum, [from, to]) => sum + to - from, 0);
}

// What was played between two looks at the player, or null. Playing for `elapsed` ms at `rate` cannot get further than
// that (with some slack for coarse timers): whatever is longer was a jump, and a jump earns nothing.
export function stretch(from, to, elapsed, rate) {
  const furthest = elapsed * rate * 1.25 + 400;
  return to > from && to - from <= furthest ? [Math.round(from), Math.round(to)] : null;
}

// Collects stretches while the video plays. All times in milliseconds.
export class Watcher {
  constructor() {
    this.spans = [];
    this.last = null;
  }

  // The player shows `position` at the moment `now`; called often while it plays.
  tick(position, now, rate = 1) {
    if (this.last) {
      const seen = stretch(this.last.position, position, now - this.last.now, rate);
      if (seen) this.spans = union([...this.spans, seen]);
    }
    this.last = { position, now };
  }

  // Paused, seeking, ended: the next tick starts afresh.
  halt() {
    this.last = null;
  }

  // The stretches since the last call.
  take() {
    const taken = this.spans;
    this.spans = [];
    return taken;
  }
}
