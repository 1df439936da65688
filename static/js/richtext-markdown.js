// The toolbar over a lesson written in Markdown: the same buttons, which write its signs.
import { ask, askCheck, practiceYaml } from "./richtext-dialogs.js";

export function markdownEditor({ area, words, checkUrl, token, say }) {
  /** Put ``text`` in place of what is chosen, so that undo knows of it; then choose ``[from, to]`` within it. */
  function type(text, from = text.length, to = from) {
    area.focus();
    const start = area.selectionStart;
    if (!document.execCommand("insertText", false, text)) {
      area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }
    area.setSelectionRange(start + from, start + to);
  }
  const chosen = () => area.value.slice(area.selectionStart, area.selectionEnd);

  function around(sign) {
    const text = chosen();
    type(`${sign}${text}${sign}`, sign.length, sign.length + text.length);
  }

  function lines(mark) {
    const { value, selectionStart, selectionEnd } = area;
    const start = value.lastIndexOf("\n", selectionStart - 1) + 1;
    const next = value.indexOf("\n", selectionEnd);
    area.setSelectionRange(start, next < 0 ? value.length : next);
    const old = chosen().split("\n");
    const bare = old.map((line) => line.replace(/^(#{2,4} |- |\d+\. |> )/, ""));
    const marked = bare.map((line, at) => (typeof mark === "function" ? mark(at) : mark) + line);
    type((old.join("\n") === marked.join("\n") ? bare : marked).join("\n"));
  }

  /** A block of its own, with a blank line around it. */
  function block(text, from, to) {
    const before = area.value.slice(0, area.selectionStart);
    const after = area.value.slice(area.selectionEnd);
    const lead = !before || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
    const tail = after.startsWith("\n\n") ? "" : after.startsWith("\n") ? "\n" : "\n\n";
    type(lead + text + tail, ...(from === undefined ? [] : [lead.length + from, lead.length + to]));
  }

  const fence = (name, yaml) => {
    const longest = Math.max(2, ...(yaml.match(/`+/g) ?? []).map((each) => each.length));
    const signs = "`".repeat(longest + 1);
    return `${signs}${name}\n${yaml.trimEnd()}\n${signs}`;
  };
  const asks = {
    async link() {
      const answer = await ask("link", { to: "lesson", words: chosen() });
      if (answer) type(`[${answer.words}](${answer[answer.to]})`);
    },
    async picture() {
      const answer = await ask("picture");
      if (answer) block(`![${answer.decorative ? "" : answer.alt.replace(/\s+/g, " ").trim()}](${answer.src})`);
    },
    async callout() {
      const inside = chosen();
      const answer = await ask("callout");
      const head = answer && `:::${answer.kind}${answer.title ? ` ${answer.title}` : ""}\n`;
      if (answer) block(`${head}${inside}\n:::`, head.length, head.length + inside.length);
    },
    async footnote() {
      const answer = await ask("footnote");
      if (!answer) return;
      const taken = [...area.value.matchAll(/\[\^(\d+)\]/g)].map((found) => Number(found[1]));
      const number = Math.max(0, ...taken) + 1;
      type(`[^${number}]`);
      const here = area.selectionStart;
      area.setSelectionRange(area.value.length, area.value.length);
      type(`${area.value.endsWith("\n") ? "" : "\n"}\n[^${number}]: ${answer.note.replace(/\s+/g, " ").trim()}\n`);
      area.setSelectionRange(here, here);
    },
    async word() {
      const answer = await ask("word");
      if (answer) type(`{{local.${answer.key}}}`);
    },
    async check() {
      try {
        const answer = await askCheck(checkUrl, token);
        if (answer) block(fence("check", answer.yaml));
      } catch {
        say(words.noForm);
      }
    },
    async practice() {
      const answer = await ask("practice");
      if (answer) block(fence("practice", practiceYaml(answer)));
    },
  };
  const writes = {
    h2: () => lines("## "),
    h3: () => lines("### "),
    bold: () => around("**"),
    italic: () => around("*"),
    ul: () => lines("- "),
    ol: () => lines((at) => `${at + 1}. `),
    quote: () => lines("> "),
    table: () => block("|  |  |\n| --- | --- |\n|  |  |", 2, 2),
  };
  area.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    const name = { b: "bold", i: "italic", k: "link" }[event.key.toLowerCase()];
    if (!name) return;
    event.preventDefault();
    act(name);
  });

  function act(name) {
    if (writes[name]) writes[name]();
    else asks[name]?.().finally(() => area.focus());
  }
  return {
    act,
    isActive: () => false,
    inTable: () => false,
    onChange: () => {},
    focus: () => area.focus(),
    insert: (text) => type(text.replace(/\n$/, "")),
    insertPlain: (text) => type(text),
    withPlain: (text) => `${area.value.slice(0, area.selectionEnd)}${text}${area.value.slice(area.selectionEnd)}`,
    place: area,
    isOwn: () => false,
  };
}
