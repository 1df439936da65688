// Text that the server does not have yet: kept in this browser, by person, text and page, until it is saved.
const PREFIX = "lesson:kept:";
const memory = new Map(); // when the browser keeps no storage for us

const fresh = () => [...crypto.getRandomValues(new Uint8Array(10))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** This page's name: another for each load, so that what an earlier load kept is never written over. */
export const client = fresh();

// Held as long as this page lives: whoever else looks for kept text leaves that of living pages alone.
navigator.locks?.request(PREFIX + client, () => new Promise(() => {}));

async function living() {
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  return new Set(held.map((lock) => lock.name));
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return memory.get(key) ?? null;
  }
}

/** The shelf of one person and text. */
export function shelf(person, text) {
  const prefix = `${PREFIX}${person}:${text}:`;
  const own = prefix + client;
  return {
    own,
    keep(values) {
      const entry = { ...values, at: new Date().toISOString() };
      memory.set(own, entry);
      try {
        localStorage.setItem(own, JSON.stringify(entry));
      } catch {
        // Storage is full or closed: the memory of this page has it.
      }
    },
    drop(key = own) {
      memory.delete(key);
      try {
        localStorage.removeItem(key);
      } catch {
        // Nothing was kept.
      }
    },
    /** What earlier pages kept and never saved, the newest first: ``{key, values}`` each. */
    async left() {
      const alive = await living();
      let keys = [];
      try {
        keys = Object.keys(localStorage).filter((key) => key.startsWith(prefix) && key !== own);
      } catch {
        return [];
      }
      const dead = keys.filter((key) => !alive.has(PREFIX + key.slice(prefix.length)));
      const found = dead.map((key) => ({ key, values: read(key) })).filter(({ values }) => values?.at);
      return found.sort((one, other) => other.values.at.localeCompare(one.values.at));
    },
  };
}
