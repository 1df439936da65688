// What a rich text may hold, for the editor: the vocabulary of the lesson's HTML source, and how each piece looks here.
import * as t from "../django_prose_editor/editor.js";

const { Mark, Node } = t;
const KINDS = ["note", "warn", "try", "details"];
const icon = (name) => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
};
const make = (tag, className, ...children) => {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
};
const quiet = (words, act) => {
  const button = make("button", "btn btn--sm", words);
  button.type = "button";
  button.addEventListener("click", act);
  return button;
};

// Footnotes: their words are HTML of a few tags, written in the dialog with a few signs.
const NOTE_TAGS = new Set(["EM", "STRONG", "CODE", "A"]);

function noteInto(target, source) {
  for (const child of source.childNodes) {
    if (child.nodeType === 3) target.append(child.data);
    else if (child.nodeType === 1 && NOTE_TAGS.has(child.tagName)) {
      const kept = document.createElement(child.tagName);
      if (child.tagName === "A") kept.setAttribute("href", child.getAttribute("href") ?? "");
      noteInto(kept, child);
      target.append(kept);
    } else noteInto(target, child);
  }
  return target;
}
const parsed = (html) => new DOMParser().parseFromString(html, "text/html").body;
export const noteWords = (html) => noteInto(make("span"), parsed(html)).textContent;

/** A note as its author writes it: links as [words](address), emphasis as *words*. */
export function noteSource(html) {
  const say = (node) => {
    if (node.nodeType === 3) return node.data;
    const inner = [...node.childNodes].map(say).join("");
    if (node.tagName === "A") return `[${inner}](${node.getAttribute("href")})`;
    if (node.tagName === "EM") return `*${inner}*`;
    if (node.tagName === "STRONG") return `**${inner}**`;
    return node.tagName === "CODE" ? `\`${inner}\`` : inner;
  };
  return say(noteInto(make("span"), parsed(html)));
}

export function noteHtml(source) {
  const safe = make("span", "", source.replace(/\s+/g, " ").trim()).innerHTML;
  return safe
    .replace(/`([^`]+)`/g, "<code>$1</code>")
    .replace(/\[([^\]]+)\]\(([^)\s"]+)\)/g, '<a href="$2">$1</a>')
    .replace(/\*\*([^*]+)\*\*/g, "<strong>$1</strong>")
    .replace(/\*([^*]+)\*/g, "<em>$1</em>");
}

const Footnote = Node.create({
  name: "footnote",
  group: "inline",
  inline: true,
  atom: true,
  selectable: true,
  addAttributes: () => ({ note: { default: "", rendered: false } }),
  parseHTML: () => [{ tag: "span.footnote", priority: 80, getAttrs: (element) => ({ note: noteInto(make("span"), element).innerHTML }) }],
  renderHTML: ({ node }) => noteInto(make("span", "footnote"), parsed(node.attrs.note)),
});

const Link = Mark.create({
  name: "link",
  inclusive: false,
  addAttributes: () => ({ href: { default: null } }),
  parseHTML: () => [{ tag: "a[href]" }],
  renderHTML: ({ mark }) => ["a", { href: mark.attrs.href }, 0],
});

const Callout = Node.create({
  name: "callout",
  group: "block",
  content: "block+",
  defining: true,
  addAttributes: () => ({ kind: { default: "note", rendered: false }, title: { default: "", rendered: false } }),
  parseHTML: () => [{
    tag: "aside",
    getAttrs: (element) => ({
      kind: KINDS.find((kind) => element.classList.contains(kind)) ?? "note",
      title: element.dataset.title ?? "",
    }),
  }],
  renderHTML: ({ node: { attrs } }) => ["aside", { class: `callout ${attrs.kind}`, ...(attrs.title && { "data-title": attrs.title }) }, 0],
});

const Figure = (urlOf, words) => Node.create({
  name: "figure",
  group: "block",
  atom: true,
  draggable: true,
  addAttributes: () => Object.fromEntries(
    ["src", "alt", "decorative", "caption"].map((name) => [name, { default: "", rendered: false }]),
  ),
  parseHTML: () => {
    const read = (image, caption = "") => image && {
      src: image.getAttribute("src") ?? "",
      alt: image.getAttribute("alt") ?? "",
      decorative: image.hasAttribute("data-decorative") ? "1" : "",
      caption,
    };
    return [
      { tag: "figure", getAttrs: (element) => read(element.querySelector("img"), element.querySelector("figcaption")?.textContent.trim()) || false },
      { tag: "img[src]", getAttrs: (element) => read(element) },
    ];
  },
  renderHTML: ({ node: { attrs } }) => {
    const image = { src: attrs.src, alt: attrs.decorative ? "" : attrs.alt, ...(attrs.decorative && { "data-decorative": "" }) };
    return ["figure", ["img", image], ...(attrs.caption ? [["figcaption", attrs.caption]] : [])];
  },
  addNodeView: () => ({ node: { attrs } }) => {
    const image = make("img");
    image.alt = attrs.alt;
    image.src = urlOf(attrs.src);
    const said = make("figcaption", "small muted", attrs.decorative ? words.decorative : attrs.alt);
    return { dom: make("figure", "", image, said, ...(attrs.caption ? [make("figcaption", "small", attrs.caption)] : [])) };
  },
});

/** The question of a check as its YAML says it. */
export function stemOf(yaml) {
  const found = /^(?:stem|text):[ \t]*(.*(?:\n[ \t]+.*)*)/m.exec(yaml);
  return (found?.[1] ?? "").replace(/^[|>][-+]?\s*/, "").replace(/\s+/g, " ").trim().replace(/^(['"])(.*)\1$/, "$2");
}

const Block = (words, act) => Node.create({
  name: "lessonBlock",
  group: "block",
  atom: true,
  draggable: true,
  priority: 200,
  addAttributes: () => ({ name: { default: "check", rendered: false }, yaml: { default: "", rendered: false } }),
  parseHTML: () => [{
    tag: "pre[data-block]",
    priority: 90,
    getAttrs: (element) => ({ name: element.dataset.block, yaml: element.textContent }),
  }],
  renderHTML: ({ node: { attrs } }) => ["pre", { "data-block": attrs.name }, `\n${attrs.yaml.replace(/^\n/, "")}`],
  addNodeView: () => ({ node, getPos }) => {
    const check = node.attrs.name === "check";
    const edit = quiet(words.edit, () => act("edit", getPos()));
    const remove = quiet(words.remove, () => act("remove", getPos()));
    const stem = stemOf(node.attrs.yaml);
    for (const button of [edit, remove]) button.setAttribute("aria-label", `${button.textContent}: ${stem}`);
    const title = make("strong", "", check ? words.checkLabel : words.practiceLabel);
    const body = make("div", "", title, make("p", "", stem), make("div", "cluster mt-2", edit, remove));
    const dom = make("div", "callout callout--plain", icon(check ? "quiz" : "tool"), body);
    dom.contentEditable = "false";
    return { dom, stopEvent: (event) => Boolean(event.target.closest?.("button")), ignoreMutation: () => true };
  },
});

// Tags without a button keep their words and their meaning.
const marks = ["kbd", "mark", "abbr", "q", "cite", "dfn", "small", "samp", "var", "del", "ins"].map((tag) => Mark.create({
  name: tag,
  addAttributes: () => (tag === "abbr" ? { title: { default: null } } : {}),
  parseHTML: () => [{ tag }],
  renderHTML: ({ HTMLAttributes }) => [tag, HTMLAttributes, 0],
}));
const Phrase = Mark.create({
  name: "phrase",
  addAttributes: () => ({ lang: { default: null }, dir: { default: null } }),
  parseHTML: () => [{ tag: "span[lang], span[dir]" }],
  renderHTML: ({ HTMLAttributes }) => ["span", HTMLAttributes, 0],
});
const terms = [["dl", "block", "(dt|dd)+"], ["dt", "", "inline*"], ["dd", "", "block+"]].map(([name, group, content]) => Node.create({
  name,
  group,
  content,
  parseHTML: () => [{ tag: name }],
  renderHTML: () => [name, 0],
}));
const Spoken = t.Extension.create({
  name: "spoken",
  addGlobalAttributes: () => [{
    types: ["paragraph", "heading", "listItem", "blockquote", "callout", "bulletList", "orderedList", "table", "tableCell", "tableHeader"],
    attributes: { lang: { default: null }, dir: { default: null } },
  }, {
    types: ["tableCell", "tableHeader"],
    attributes: {
      num: {
        default: null,
        parseHTML: (element) => (element.classList.contains("num") ? "num" : null),
        renderHTML: ({ num }) => (num ? { class: "num" } : {}),
      },
      colspan: { default: 1, parseHTML: (element) => Number(element.getAttribute("colspan")) || 1, renderHTML: ({ colspan }) => (colspan > 1 ? { colspan } : {}) },
      rowspan: { default: 1, parseHTML: (element) => Number(element.getAttribute("rowspan")) || 1, renderHTML: ({ rowspan }) => (rowspan > 1 ? { rowspan } : {}) },
      colwidth: { default: null, rendered: false },
    },
  }],
});
// Nothing of the library's around or in the table: it would write style attributes, which the page's policy forbids.
// The caption is no row, so it is kept beside the rows, its words as a footnote's.
const Table = t.Table.extend({
  addNodeView: () => null,
  addKeyboardShortcuts: () => ({}),
  addAttributes: () => ({
    caption: {
      default: "",
      rendered: false,
      parseHTML: (element) => noteInto(make("span"), element.querySelector(":scope > caption") ?? make("span")).innerHTML.trim(),
    },
  }),
  parseHTML: () => [{ tag: "table" }, { tag: "caption", ignore: true }],
  renderHTML: ({ node: { attrs }, HTMLAttributes }) => {
    const caption = noteInto(make("caption"), parsed(attrs.caption));
    caption.contentEditable = "false";
    return ["table", HTMLAttributes, ...(attrs.caption ? [caption] : []), ["tbody", 0]];
  },
});
// Tab leaves the editor wherever the caret stands; brackets move an entry in and out.
const ListItem = t.ListItem.extend({
  addKeyboardShortcuts() {
    return {
      Enter: () => this.editor.commands.splitListItem(this.name),
      "Mod-]": () => this.editor.commands.sinkListItem(this.name),
      "Mod-[": () => this.editor.commands.liftListItem(this.name),
    };
  },
});

export function extensions({ urlOf, words, act, shortcuts }) {
  return [
    t.Document, t.Text, t.Paragraph, t.HardBreak, t.Bold, t.Italic, t.Underline, t.Strike, t.Code, t.Subscript, t.Superscript,
    t.Heading.configure({ levels: [2, 3, 4] }), t.BulletList, t.OrderedList, ListItem, t.Blockquote, t.HorizontalRule, t.CodeBlock,
    Table.configure({ resizable: false }), t.TableRow, t.TableHeader, t.TableCell, t.History, t.Dropcursor, t.Gapcursor,
    Footnote, Link, Callout, Figure(urlOf, words), Block(words, act), ...marks, Phrase, ...terms, Spoken,
    t.Extension.create({ name: "ours", priority: 1000, addKeyboardShortcuts: () => shortcuts }),
  ];
}

export const { Editor, getHTMLFromFragment: htmlOf } = t;
