"""A question of a Moodle XML file while it is read: its texts with their files, and what cannot be kept."""

import base64
import binascii
import re
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import unquote

from django.utils.translation import gettext as _

from quizzes.exchange.html import Text, TextFormat, media_name, to_html
from quizzes.exchange.numbers import number
from quizzes.exchange.xml import Node

FORMATS: dict[str, TextFormat] = {
    "html": "html",
    "moodle_auto_format": "moodle",
    "plain_text": "plain",
    "markdown": "markdown",
    "wiki_like": "plain",
}
_PLUGIN_FILE = re.compile(r"@@PLUGINFILE@@/([^\s\"'<>()?#]*)(?:\?[^\s\"'<>()]*)?")


class Refused(ValueError):
    """This question cannot be taken; its text says why."""


@dataclass
class Source:
    """``form`` is the text format of the question, which holds wherever none is named."""

    node: Node
    form: TextFormat = "html"
    files: dict[str, bytes] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        stem = self.node.find("questiontext")
        self.form = self._form(stem) if stem else "html"

    def warn(self, sentence: str) -> None:
        self.warnings.append(sentence)

    def _form(self, node: Node) -> TextFormat:
        said = node.get("format")
        if said and said not in FORMATS:
            self.warn(_("The text format “%(format)s” is not known here; it is read as HTML.") % {"format": said})
        return FORMATS.get(said, "html") if said else self.form

    def text(self, *path: str) -> Text:
        """The text at ``path`` below the question; empty when there is none."""
        node = self.node.find(*path)
        return self.text_of(node) if node else Text("", self.form)

    def text_of(self, node: Node) -> Text:
        """The text in ``node``, with its pictures in ``media/``."""
        names = self._take_files(node)
        inner = node.find("text")
        words = inner.whole() if inner else node.text

        def local(found: re.Match[str]) -> str:
            name = unquote(found[1]).rpartition("/")[2]
            return f"media/{names.get(name) or media_name(name)}"

        return Text(_PLUGIN_FILE.sub(local, words).strip(), self._form(node))

    def _take_files(self, node: Node) -> dict[str, str]:
        """The names under which the files of ``node`` are kept, by the names they have there."""
        return {each.get("name"): self.keep(each) for each in node.all("file")}

    def keep(self, node: Node) -> str:
        """Keep the file in ``node`` and give its name in ``media/``; other bytes of the same name get another."""
        if node.get("encoding", "base64") != "base64":
            raise Refused(_("The file “%(name)s” is not written as base64.") % {"name": node.get("name")[:80]})
        try:
            data = base64.b64decode("".join(node.text.split()), validate=True)
        except (binascii.Error, ValueError) as problem:
            raise Refused(_("The file “%(name)s” is damaged.") % {"name": node.get("name")[:80]}) from problem
        name = wanted = media_name(node.get("name"))
        count = 1
        while self.files.get(name, data) != data:
            count += 1
            stem, dot, suffix = wanted.rpartition(".")
            name = f"{stem}-{count}.{suffix}" if dot else f"{wanted}-{count}"
        self.files[name] = data
        return name

    def flag(self, name: str, *, default: bool) -> bool:
        """``true``, ``1`` or an element without text is yes."""
        node = self.node.find(name)
        return default if node is None else node.whole().strip().lower() not in ("false", "0")

    def number(self, *path: str) -> Decimal | None:
        return number(self.node.words(*path)) if self.node.words(*path) else None

    def credit(self, node: Node) -> Decimal:
        """The percentage that the answer ``node`` earns."""
        said = node.get("fraction") or "0"
        value = number(said)
        if value is None:
            raise Refused(_("The credit “%(credit)s” of an answer is no number.") % {"credit": said[:20]})
        return value

    def feedback(self, node: Node) -> dict[str, Text]:
        """The reply of an answer, where there is one."""
        found = node.find("feedback")
        text = self.text_of(found) if found else Text("")
        return {"feedback": text} if text.text else {}


def joined(one: Text | None, other: Text) -> Text:
    """Two texts as two paragraphs of one."""
    if one is None or not one.text:
        return other
    if one.format != other.format:
        return Text(f"{to_html(one)}\n\n{to_html(other)}", "html")
    return Text(f"{one.text}\n\n{other.text}", one.format)
