// The rich text editor over a lesson's field. The field stays the source of truth: what is written here is written there.
import { ask, askCheck, practiceYaml, urlOf } from "./richtext-dialogs.js";
import { Editor, extensions, htmlOf, noteHtml, noteSource } from "./richtext-schema.js";

const COMMANDS = {
  h2: (chain) => chain.toggleHeading({ level: 2 }),
  h3: (chain) => chain.toggleHeading({ level: 3 }),
  bold: (chain) => chain.toggleBold(),
  italic: (chain) => chain.toggleItalic(),
  ul: (chain) => chain.toggleBulletList(),
  ol: (chain) => chain.toggleOrderedList(),
  quote: (chain) => chain.toggleBlockquote(),
  table: (chain) => chain.insertTable({ rows: 3, cols: 2, withHeaderRow: true }),
  rowAfter: (chain) => chain.addRowAfter(),
  columnAfter: (chain) => chain.addColumnAfter(),
  rowGone: (chain) => chain.deleteRow(),
  columnGone: (chain) => chain.deleteColumn(),
  tableHead: (chain) => chain.toggleHeaderRow(),
  tableGone: (chain) => chain.deleteTable(),
};
const ACTIVE = {
  h2: ["heading", { level: 2 }],
  h3: ["heading", { level: 3 }],
  bold: ["bold"],
  italic: ["italic"],
  ul: ["bulletList"],
  ol: ["orderedList"],
  quote: ["blockquote"],
};

/** The source that stands for what is written: one block of the top level a line, as the server lays it out. */
function source(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const caption of page.querySelectorAll("caption")) caption.removeAttribute("contenteditable");
  const lines = [...page.body.children].filter((each) => each.tagName !== "P" || each.childNodes.length);
  return lines.map((each) => each.outerHTML.replace(/^<pre( data-block="[^"]*")>\n?/, "<pre$1>\n") + "\n").join("");
}

export function richEditor({ area, words, checkUrl, token, say }) {
  let written = area.value;
  const act = (verb, at) => (verb === "edit" ? edit(at) : remove(at));
  const place = document.createElement("div");
  area.before(place);
  area.hidden = true;
  const label = document.querySelector(`label[for="${area.id}"]`);
  if (label) label.id ||= `${area.id}-label`;
  const described = area.getAttribute("aria-describedby");
  const editor = new Editor({
    element: place,
    injectCSS: false,
    content: area.value,
    extensions: extensions({ urlOf, words, act, shortcuts: { "Mod-k": () => { link(); return true; }, Enter: () => opens(), F2: () => opens() } }),
    editorProps: {
      attributes: {
        class: "richtext prose",
        role: "textbox",
        "aria-multiline": "true",
        ...(label ? { "aria-labelledby": label.id } : { "aria-label": words.name }),
        ...(described && { "aria-describedby": described }),
        ...(area.lang && { lang: area.lang }),
        ...(area.dir && { dir: area.dir }),
      },
    },
    onSelectionUpdate({ editor: { state } }) {
      // What a note between authors may quote.
      area.dataset.chosen = state.doc.textBetween(state.selection.from, state.selection.to, " ");
    },
    onUpdate() {
      written = source(editor.getHTML());
      area.value = written;
      area.dispatchEvent(new Event("input", { bubbles: true }));
    },
  });
  area.focus = () => editor.commands.focus();
  label?.addEventListener("click", () => editor.commands.focus());
  document.addEventListener("click", (event) => {
    if (event.target.closest?.(`a[href="#${area.id}"]`)) {
      event.preventDefault();
      editor.commands.focus();
    }
  });
  // Others' changes, kept text and the like come into the field; the editor follows.
  const follow = () => {
    if (area.value === written) return;
    written = area.value;
    const { from, to } = editor.state.selection;
    editor.commands.setContent(written, { emitUpdate: false });
    const end = editor.state.doc.content.size;
    editor.commands.setTextSelection({ from: Math.min(from, end), to: Math.min(to, end) });
  };
  area.addEventListener("lesson:replaced", follow);
  area.addEventListener("change", follow);

  const chosen = () => editor.state.selection.node;
  // At once: what is typed next belongs into the text.
  const again = () => {
    editor.view.focus();
    return editor.chain();
  };

  function opens() {
    const node = chosen();
    if (!node || !["lessonBlock", "figure", "footnote"].includes(node.type.name)) return false;
    edit(editor.state.selection.from);
    return true;
  }

  async function edit(at) {
    const node = editor.state.doc.nodeAt(at);
    editor.commands.setNodeSelection(at);
    if (node?.type.name === "figure") return picture(node.attrs);
    if (node?.type.name === "footnote") return footnote(node.attrs.note);
    if (node?.attrs.name === "check") return check(node.attrs.yaml);
    if (node) return practice(node.attrs.yaml);
  }

  function remove(at) {
    again().setNodeSelection(at).deleteSelection().run();
    say(words.gone);
  }

  /** Put a node where the caret is, or in place of the one that is chosen. */
  const put = (type, attrs) => {
    const { state } = editor;
    const old = chosen();
    if (old?.type.name === type) again().updateAttributes(type, attrs).run();
    else if (editor.schema.nodes[type].isInline) again().insertContentAt(state.selection.to, { type, attrs }).run();
    else again().insertContent([{ type, attrs }, ...(atEnd() ? [{ type: "paragraph" }] : [])]).run();
  };
  const atEnd = () => editor.state.selection.$to.after(1) >= editor.state.doc.content.size;

  async function link() {
    const { from, to, empty } = editor.state.selection;
    const there = editor.isActive("link");
    if (there) editor.commands.extendMarkRange("link");
    const range = editor.state.selection;
    const href = editor.getAttributes("link").href ?? "";
    const wordsThere = editor.state.doc.textBetween(there ? range.from : from, there ? range.to : to, " ");
    const kind = href.startsWith("media/") ? "file" : href && !href.startsWith("lesson:") ? "address" : "lesson";
    const answer = await ask("link", { to: kind, ...(href && { [kind]: href }), words: wordsThere, there });
    if (!answer) return again().run();
    if (answer.unset) return again().unsetLink().run();
    const target = answer[answer.to];
    const content = { type: "text", text: answer.words, marks: [{ type: "link", attrs: { href: target } }] };
    if (answer.words === wordsThere && (!empty || there)) return again().setMark("link", { href: target }).run();
    return again().insertContent(content).unsetMark("link").run();
  }

  async function picture(attrs = {}) {
    const answer = await ask("picture", { ...attrs, there: Boolean(attrs.src) });
    if (!answer) return again().run();
    put("figure", { src: answer.src, alt: answer.alt?.trim() ?? "", decorative: answer.decorative ?? "", caption: answer.caption?.trim() ?? "" });
  }

  async function callout() {
    const there = editor.isActive("callout");
    const answer = await ask("callout", there ? { ...editor.getAttributes("callout"), there } : {});
    if (!answer) return again().run();
    if (answer.unset) return again().lift("callout").run();
    if (there) return again().updateAttributes("callout", answer).run();
    return again().wrapIn("callout", answer).run();
  }

  async function footnote(note = "") {
    const answer = await ask("footnote", { note: noteSource(note) });
    if (!answer) return again().run();
    put("footnote", { note: noteHtml(answer.note) });
  }

  async function caption() {
    const answer = await ask("caption", { caption: noteSource(editor.getAttributes("table").caption ?? "") });
    if (!answer) return again().run();
    again().updateAttributes("table", { caption: noteHtml(answer.caption) }).run();
  }

  async function word() {
    const answer = await ask("word");
    if (answer) again().insertContent(`{{local.${answer.key}}}`).run();
    else again().run();
  }

  async function check(yaml = "") {
    let answer;
    try {
      answer = await askCheck(checkUrl, token, yaml);
    } catch {
      say(words.noForm);
    }
    if (!answer) return again().run();
    put("lessonBlock", { name: "check", yaml: answer.yaml });
  }

  async function practice(yaml = "") {
    const lesson = /^lesson:\s*(\S+)/m.exec(yaml)?.[1] ?? "";
    const text = /^text:\s*(.*)$/m.exec(yaml)?.[1] ?? "";
    const answer = await ask("practice", { lesson, text: text.startsWith('"') ? JSON.parse(text) : text });
    if (!answer) return again().run();
    put("lessonBlock", { name: "practice", yaml: practiceYaml(answer) });
  }

  const asked = { link, caption, picture: () => picture(chosen()?.type.name === "figure" ? chosen().attrs : {}), callout, footnote: () => footnote(chosen()?.attrs.note), word, check: () => check(), practice: () => practice() };

  /** What the text would be with the words of ``text`` after the block that the caret is in. */
  function withPlain(text) {
    const { schema, state } = editor;
    const { $to } = state.selection;
    const words = text.split("\n").map((line) => schema.nodes.paragraph.create(null, line ? schema.text(line) : null));
    const { doc } = state.tr.insert($to.depth ? $to.after(1) : state.doc.content.size, words);
    return source(htmlOf(doc.content, schema));
  }

  return {
    withPlain,
    act(name) {
      if (COMMANDS[name]) COMMANDS[name](again()).run();
      else asked[name]?.();
    },
    isActive: (name) => (ACTIVE[name] ? editor.isActive(...ACTIVE[name]) : false),
    inTable: () => editor.isActive("table"),
    onChange: (handler) => editor.on("transaction", handler),
    focus: () => editor.commands.focus(),
    insert: (html) => again().insertContent(html).run(),
    insertPlain: (text) => again().insertContent(text.split("\n").map((line) => ({ type: "paragraph", content: line ? [{ type: "text", text: line }] : [] }))).run(),
    place: editor.view.dom,
    isOwn: (html) => html.includes("data-pm-slice"),
  };
}
