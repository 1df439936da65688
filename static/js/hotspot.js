// Pointing in a picture by pointer or keyboard. The list under it does the same without this file.
const SVG = "http://www.w3.org/2000/svg";
const STEP = 5;

const say = (text) => {
  const live = document.querySelector("#live");
  if (live) live.textContent = text;
};
const fill = (pattern, values) => pattern.replace(/\[(\w+)\]/g, (whole, key) => values[key] ?? whole);
const changed = (control) => control.dispatchEvent(new Event("change", { bubbles: true }));
const between = (value, most) => Math.min(Math.max(Math.round(value), 0), most);

function hotspot(field) {
  const spot = field.querySelector("[data-spot]");
  const over = spot.querySelector("svg");
  const truth = field.querySelector("[data-typed] input");
  const undo = field.querySelector("[data-undo]");
  const several = field.hasAttribute("data-several");
  const width = Number(field.dataset.width);
  const height = Number(field.dataset.height);
  const radius = Math.max(width, height) / 60 + 2;
  const marker = { x: between(width / 2, width), y: between(height / 2, height), shown: false };

  const points = () => [...truth.value.matchAll(/(\d+),(\d+)/g)].map(([, x, y]) => ({ x: Number(x), y: Number(y) }));

  function shape(name, values, kind) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(values)) made.setAttribute(key, value);
    made.setAttribute("class", kind);
    return made;
  }

  function draw() {
    const drawn = points().map(({ x, y }) => shape("circle", { cx: x, cy: y, r: radius }, "spot__point"));
    if (marker.shown) {
      const { x, y } = marker;
      const path = `M${x - 2 * radius} ${y}H${x + 2 * radius}M${x} ${y - 2 * radius}V${y + 2 * radius}`;
      drawn.push(shape("path", { d: path }, "spot__halo"), shape("path", { d: path }, "spot__marker"));
    }
    over.replaceChildren(...drawn);
  }

  function keep(found) {
    truth.value = found.map(({ x, y }) => `${x},${y}`).join(" ");
    draw();
    changed(truth);
  }

  /** One answer at a time: a point takes the place of what was chosen in the list. */
  function set(x, y) {
    const found = several ? points() : [];
    if (!several) for (const each of field.querySelectorAll("input[type=radio]")) each.checked = false;
    if (found.some((each) => each.x === x && each.y === y)) return;
    keep([...found, { x, y }]);
    say(fill(field.dataset.said, { n: points().length, x, y }));
  }

  function takeBack() {
    if (!points().length) return;
    keep(points().slice(0, -1));
    say(fill(field.dataset.undone, { n: points().length }));
  }

  function step(event, across, down) {
    const by = event.shiftKey ? 1 : STEP;
    marker.x = between(marker.x + across * by, width);
    marker.y = between(marker.y + down * by, height);
    marker.shown = true;
    draw();
    say(fill(field.dataset.at, marker));
  }

  const keys = {
    ArrowLeft: (event) => step(event, -1, 0),
    ArrowRight: (event) => step(event, 1, 0),
    ArrowUp: (event) => step(event, 0, -1),
    ArrowDown: (event) => step(event, 0, 1),
    Enter: () => set(marker.x, marker.y),
    " ": () => set(marker.x, marker.y),
    Delete: takeBack,
    Backspace: takeBack,
  };

  if (field.matches(":disabled")) return draw; // what was handed in is only read
  for (const each of field.querySelectorAll("[data-scripted]")) each.hidden = false;
  field.querySelector("[data-typed]").hidden = true;
  spot.tabIndex = 0;
  spot.setAttribute("role", "application");
  spot.setAttribute("aria-label", `${spot.dataset.label}: ${spot.querySelector("img")?.alt ?? ""}`);
  spot.setAttribute("aria-describedby", spot.dataset.how);
  spot.dataset.points = "";

  spot.addEventListener("click", (event) => {
    const box = over.getBoundingClientRect();
    marker.x = between(((event.clientX - box.left) / box.width) * width, width);
    marker.y = between(((event.clientY - box.top) / box.height) * height, height);
    marker.shown = false;
    set(marker.x, marker.y);
  });
  spot.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key](event);
  });
  for (const [name, shown] of [["focus", true], ["blur", false]]) {
    spot.addEventListener(name, () => {
      marker.shown = shown && spot.matches(":focus-visible");
      draw();
    });
  }
  undo.addEventListener("click", takeBack);
  field.addEventListener("change", (event) => {
    if (event.target.type === "radio" && points().length) {
      truth.value = "";
      draw();
    }
  });
  return draw;
}

const known = new WeakMap(); // what draws a question again whose points somebody else has set

/** Every picture in the document: new ones can be pointed in, known ones are drawn anew. */
function enhance() {
  for (const field of document.querySelectorAll("[data-hotspot]")) {
    if (!field.querySelector("[data-typed]")) continue;
    if (!known.has(field)) known.set(field, hotspot(field));
    known.get(field)();
  }
}

enhance();
document.addEventListener("quiz:shown", enhance);
document.addEventListener("htmx:afterSettle", enhance);
