"""XML read with suspicion, and written.

Nothing but the file itself is ever looked at: a document type, an entity or anything outside is refused. Depth, parts
and length of each piece are bounded. A file is gone through once before anything is taken from it, so that a file
that breaks off gives no question at all; the second time it is read piece by piece, in flat memory.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException, DTDForbidden
from defusedxml.ElementTree import DefusedXMLParser
from django.conf import settings
from django.utils.html import escape
from django.utils.translation import gettext as _

from quizzes.exchange.values import Unreadable

MAX_DEPTH = 100
MAX_PARTS = 20_000  # elements of one piece, which is a question
MAX_CHARACTERS = 64 * 1024 * 1024  # of one piece: pictures stand in it as base64
MAX_TAG_BYTES = 1024 * 1024  # expat goes back to the start of a tag that is not whole: long ones cost its square
CHUNK = 1 << 16

_BROKEN_OFF = frozenset({3, 5, 6, 20})  # expat: no element, unclosed token, partial character, unclosed CDATA
_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}"
EMPTY = frozenset({"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
# XML 1.0, section 2.2: every other character cannot stand in a file, not even as a reference.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(slots=True)
class Node:
    """An element. ``tag`` and the names of ``attributes`` come without prefix; ``line`` counts from 1."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    line: int = 0
    space: str = ""
    text: str = ""
    tail: str = ""
    children: list["Node"] = field(default_factory=list)

    def get(self, name: str, default: str = "") -> str:
        return self.attributes.get(name, default).strip()

    def all(self, tag: str) -> list["Node"]:
        """The children called ``tag``."""
        return [each for each in self.children if each.tag == tag]

    def find(self, *path: str) -> "Node | None":
        """The first element reached by going down ``path``."""
        here: Node | None = self
        for tag in path:
            here = next((each for each in here.children if each.tag == tag), None) if here else None
        return here

    def words(self, *path: str) -> str:
        """All text within the element reached by ``path``, stripped; empty when there is none."""
        found = self.find(*path)
        return found.whole().strip() if found else ""

    def whole(self) -> str:
        """All text within, whatever marks it."""
        return self.text + "".join(each.whole() + each.tail for each in self.children)

    def walk(self) -> Iterator["Node"]:
        """This element and all within, in written order."""
        yield self
        for each in self.children:
            yield from each.walk()


class _Guard:
    """Goes through a file and raises ``Unreadable`` as soon as it is more than a file of questions can be."""

    def __init__(self, root: Collection[str], pieces: Collection[str]) -> None:
        self.root, self.pieces = root, pieces
        self.depth = self.inside = self.parts = self.characters = 0
        self.line: Callable[[], int] = lambda: 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        local = tag.rpartition("}")[2]
        if not self.depth and local not in self.root:
            raise Unreadable(_("The file is XML, but of another kind: it begins with <%(tag)s>.") % {"tag": local[:60]})
        self.depth += 1
        if not self.inside and local in self.pieces:
            self.inside, self.parts, self.characters = self.depth, 0, 0
        self.parts += 1
        self.characters += sum(map(len, attributes.values()))
        if self.depth > MAX_DEPTH:
            raise Unreadable(_("Line %(line)d: the elements are nested too deeply.") % {"line": self.line()})
        if self.inside and self.parts > MAX_PARTS:
            raise Unreadable(_("Line %(line)d: one question has too many parts.") % {"line": self.line()})

    def data(self, text: str) -> None:
        self.characters += len(text)
        if self.inside and self.characters > MAX_CHARACTERS:
            raise Unreadable(_("Line %(line)d: one question is too long.") % {"line": self.line()})

    def end(self, tag: str) -> None:
        if self.inside == self.depth:
            self.inside = 0
        self.depth -= 1


class _Builder(_Guard):
    """Builds the wanted pieces only; ``take`` hands over those that are whole."""

    def __init__(self, root: Collection[str], pieces: Collection[str]) -> None:
        super().__init__(root, pieces)
        self.open: list[Node] = []
        self.done: list[Node] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        super().start(tag, attributes)
        if not self.inside:
            return
        space, _brace, local = tag.lstrip("{").rpartition("}")
        node = Node(local, _plain(attributes), self.line(), space)
        if self.open:
            self.open[-1].children.append(node)
        self.open.append(node)

    def data(self, text: str) -> None:
        super().data(text)
        if not self.open:
            return
        here = self.open[-1]
        if here.children:
            here.children[-1].tail += text
        else:
            here.text += text

    def end(self, tag: str) -> None:
        super().end(tag)
        if self.open:
            node = self.open.pop()
            if not self.open:
                self.done.append(node)

    def take(self) -> list[Node]:
        done, self.done = self.done, []
        return done


def _plain(attributes: Mapping[str, str]) -> dict[str, str]:
    """Attributes without prefix. Of those of a namespace only XML's own ``lang`` says anything here."""
    own = {name: value for name, value in attributes.items() if not name.startswith("{")}
    language = attributes.get(f"{_XML_SPACE}lang")
    return {"lang": language, **own} if language else own


def pieces(file: BinaryIO, *, root: Collection[str], named: Collection[str]) -> Iterator[Node]:
    """Each element called one of ``named``, whole, as it is met in the XML ``file`` whose root is one of ``root``.

    Raises ``Unreadable`` before the first one when the file is not sound XML from its beginning to its end.
    """
    start = file.tell()
    for _nothing in _run(file, _Guard(root, named)):
        pass
    file.seek(start)
    builder = _Builder(root, named)
    for _chunk in _run(file, builder):
        yield from builder.take()


def tree(file: BinaryIO, *, root: Collection[str]) -> Node:
    """The whole of a small XML ``file`` whose root is one of ``root``. Raises ``Unreadable``."""
    builder = _Builder(root, root)
    for _chunk in _run(file, builder):
        pass
    return builder.take()[0]


def root_of(head: bytes) -> tuple[str, str]:
    """Name and namespace of the root in the first bytes of a file; empty when they are no XML."""
    found = re.search(
        rb"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)((?:\s[^<>]*)?)/?>", re.sub(rb"<!--.*?-->|<\?.*?\?>", b"", head)
    )
    if not found or head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] != b"<":
        return "", ""
    space = re.search(rb"""xmlns(?::[\w.-]+)?\s*=\s*["']([^"']*)""", found[2])
    return found[1].decode("ascii"), space[1].decode("utf-8", "replace") if space else ""


def _run(file: BinaryIO, target: _Guard) -> Iterator[None]:
    """Feed ``file`` to ``target`` and stop after each chunk."""
    parser = DefusedXMLParser(target=target, forbid_dtd=True)
    expat: Any = parser.parser
    target.line = lambda: expat.CurrentLineNumber
    fed = 0
    try:
        while chunk := file.read(CHUNK):
            fed += len(chunk)
            parser.feed(chunk)
            if fed > settings.IMPORT_MAX_FILE_BYTES or fed - max(0, expat.CurrentByteIndex) > MAX_TAG_BYTES:
                raise Unreadable(_("The file, or a tag in it, is too long."))
            yield
        parser.close()
        yield
    except DTDForbidden as problem:
        sentence = _("The file brings a document type of its own (<!DOCTYPE …>), which is not read; take it out.")
        raise Unreadable(sentence) from problem
    except DefusedXmlException as problem:
        sentence = _("The file declares entities or points to other files, which is not read; take that out.")
        raise Unreadable(sentence) from problem
    except (ParseError, LookupError, ValueError) as problem:
        raise Unreadable(_unsound(problem, fed)) from problem


def _unsound(problem: Exception, fed: int) -> str:
    if not fed:
        return _("The file is empty.")
    if not isinstance(problem, ParseError):
        return _("The file cannot be read: its text is in an encoding that is not known here.")
    line, _column = problem.position
    if problem.code in _BROKEN_OFF:
        return _("Line %(line)d: the file breaks off before its end.") % {"line": line}
    said = str(problem).partition(":")[0]
    return _("Line %(line)d: the file is not sound XML (%(problem)s).") % {"line": line, "problem": said}


def inner_html(node: Node, render: Callable[[Node], str | None] = lambda node: None) -> str:
    """What stands within ``node`` as HTML. ``render`` may give other HTML for an element; None keeps it as it is."""
    return escape(node.text) + "".join(outer_html(each, render) + escape(each.tail) for each in node.children)


def outer_html(node: Node, render: Callable[[Node], str | None] = lambda node: None) -> str:
    """``node`` itself as HTML."""
    other = render(node)
    if other is not None:
        return other
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in node.attributes.items())
    if node.tag in EMPTY:
        return f"<{node.tag}{attributes}>"
    return f"<{node.tag}{attributes}>{inner_html(node, render)}</{node.tag}>"


def unwritable(text: str) -> str:
    """The first character of ``text`` that XML cannot hold, as ``U+000B``; empty when there is none."""
    found = _NO_XML.search(text)
    return f"U+{ord(found[0]):04X}" if found else ""


def element(tag: str, *inside: str, **attributes: Any) -> str:
    """An element as XML text. ``inside`` is XML already (``text`` makes it of words); None leaves an attribute out.

    A trailing underscore of an attribute's name falls away: ``for_`` is ``for``.
    """
    said = "".join(
        f' {name.rstrip("_").replace("__", ":")}="{_attribute(str(value))}"'
        for name, value in attributes.items()
        if value is not None
    )
    content = "".join(inside)
    return f"<{tag}{said}>{content}</{tag}>" if content else f"<{tag}{said}/>"


def text(words: str) -> str:
    """``words`` as they stand within an element."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _attribute(words: str) -> str:
    # A parser turns line ends and tabs of an attribute into spaces unless they are written as references.
    safe = text(words).replace('"', "&quot;")
    return safe.replace("\t", "&#9;").replace("\n", "&#10;").replace("\r", "&#13;")
