// The transcript beside a video: lines become buttons that seek, the spoken line is marked, words can be looked for.

function button(line) {
  const made = document.createElement("button");
  made.type = "button";
  made.append(...line.childNodes);
  line.replaceChildren(made);
  return made;
}

export class Transcript {
  constructor(panel, seek) {
    this.panel = panel;
    this.list = panel.querySelector(".transcript");
    this.lines = [...this.list.children].map((line) => ({
      line,
      button: button(line),
      from: Number(line.dataset.from),
      to: Number(line.dataset.to),
      text: line.textContent.toLocaleLowerCase(),
    }));
    this.follow = panel.querySelector("[data-follow]");
    this.field = panel.querySelector("[data-find]");
    this.found = panel.querySelector("[data-found]");
    for (const each of this.lines) each.button.addEventListener("click", () => seek(each.from));
    this.field.addEventListener("input", () => this.find());
    this.field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      const first = this.lines.find((each) => !each.line.hidden);
      if (first && this.field.value.trim()) seek(first.from);
    });
    for (const tool of panel.querySelectorAll("[data-with-script]")) tool.hidden = false;
  }

  // Mark the line spoken at `position` (ms) and, if wished, keep it in view without moving the page.
  mark(position) {
    const spoken = this.lines.findLast((each) => each.from <= position);
    if (spoken === this.spoken) return;
    this.spoken?.button.removeAttribute("aria-current");
    this.spoken = spoken;
    if (!spoken) return;
    spoken.button.setAttribute("aria-current", "true");
    const box = this.list.parentElement;
    if (!this.follow.checked || box.contains(document.activeElement)) return;
    const top = spoken.line.offsetTop - box.offsetTop;
    if (top < box.scrollTop || top + spoken.line.offsetHeight > box.scrollTop + box.clientHeight) {
      box.scrollTop = top - box.clientHeight / 3;
    }
  }

  find() {
    const words = this.field.value.trim().toLocaleLowerCase();
    let number = 0;
    for (const each of this.lines) {
      each.line.hidden = words !== "" && !each.text.includes(words);
      if (!each.line.hidden) number += 1;
    }
    const { none, one, many } = this.found.dataset;
    this.found.textContent = words === "" ? "" : number === 0 ? none : number === 1 ? one : many.replace("0", number);
  }
}
