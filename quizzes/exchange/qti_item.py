"""A QTI item while it is read: its declarations, its texts as HTML with their pictures, its replies."""

import posixpath
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from urllib.parse import unquote, urlsplit

from django.utils.html import escape
from django.utils.translation import gettext as _

from quizzes.exchange.html import Text, media_name
from quizzes.exchange.moodle_source import Refused, joined
from quizzes.exchange.numbers import number, points
from quizzes.exchange.qti_processing import SCORE, Processing, Scoring, processing_of
from quizzes.exchange.xml import Node, inner_html

Render = Callable[[Node], str | None]
OWN = frozenset(
    {"templateBlock", "templateInline", "printedVariable", "customInteraction", "portableCustomInteraction"}
)
HIDDEN = frozenset(
    {"rubricBlock", "prompt", "feedbackInline", "feedbackBlock", "stylesheet", "infoControl", "apipAccessibility"}
)


@dataclass(frozen=True)
class Mapping:
    """What each answer earns; ``folded`` are the keys for which capitals do not matter."""

    worths: dict[str, Decimal]
    folded: frozenset[str]
    otherwise: Decimal
    top: Decimal | None


def no_file(path: str) -> bytes | None:
    """For an item that comes alone."""
    return None


@dataclass
class QtiItem:
    """``node`` has names of QTI 2; ``path`` is its place in the package; ``fetch`` gives a file there, None: none."""

    node: Node
    path: str = ""
    fetch: Callable[[str], bytes | None] = no_file
    files: dict[str, bytes] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    used: set[tuple[str, str]] = field(default_factory=set)
    placed: set[int] = field(default_factory=set)

    def warn(self, sentence: str) -> None:
        self.warnings.append(sentence)

    @cached_property
    def body(self) -> Node:
        return self.node.find("itemBody") or Node("itemBody")

    @cached_property
    def interactions(self) -> list[Node]:
        return [each for each in self.body.walk() if each.tag.endswith("Interaction")]

    @cached_property
    def processing(self) -> Processing:
        return processing_of(self.node)

    # declarations

    def declaration(self, response: str) -> Node:
        for each in self.node.all("responseDeclaration"):
            if each.get("identifier") == response:
                return each
        raise Refused(_("The response “%(name)s” is not declared.") % {"name": response[:60]})

    def correct(self, response: str) -> list[str]:
        """The right response, as declared."""
        found = self.declaration(response).find("correctResponse")
        return [each.whole().strip() for each in found.all("value")] if found else []

    def mapping(self, response: str) -> Mapping:
        """What the declaration says that each answer earns."""
        found = self.declaration(response).find("mapping")
        if found is None:
            raise Refused(_("It scores by a mapping and has none."))
        worths, folded = {}, set()
        for each in found.all("mapEntry"):
            key = each.attributes.get("mapKey", "").strip()
            worths[key] = _number(each.get("mappedValue"))
            if each.get("caseSensitive", "true") == "false":
                folded.add(key)
        top = number(found.get("upperBound")) if found.get("upperBound") else None
        return Mapping(worths, frozenset(folded), _number(found.get("defaultValue") or "0"), top)

    def scoring(self, response: str) -> Scoring:
        """How ``response`` is scored. An item that does not say so is taken at its declaration."""
        if response in self.processing.responses:
            return self.processing.responses[response]
        declared = self.declaration(response)
        if self.processing.declared or not (declared.find("correctResponse") or declared.find("mapping")):
            raise Refused(_("It does not say which answer is right."))
        self.warn(_("It says what is right and not how that is scored; here the right answer earns everything."))
        return Scoring("map" if declared.find("mapping") else "correct")

    def points(self, most: Decimal) -> int:
        """The points of the question: as declared, else ``most``, which is what its rules can earn."""
        wanted = self._declared_most() or most
        found = points(wanted)
        if found is None:
            self.warn(
                _("It is worth %(points)s points; points here are whole, 1 to 100. It counts 1.") % {"points": wanted}
            )
        return found or 1

    def _declared_most(self) -> Decimal | None:
        for each in self.node.all("outcomeDeclaration"):
            if each.get("identifier") == "MAXSCORE" and each.words("defaultValue", "value"):
                return number(each.words("defaultValue", "value"))
        for each in self.node.all("outcomeDeclaration"):
            if each.get("identifier") == SCORE and each.get("normalMaximum"):
                return number(each.get("normalMaximum"))
        return None

    # texts

    def text(self, node: Node, render: Render = lambda node: None) -> Text:
        """What stands in ``node``; ``render`` may replace elements."""
        return Text(inner_html(node, lambda each: self._shown(each, render)).strip(), "html")

    def stem(self, render: Render = lambda node: None) -> Text:
        """The body without what is answered, and the prompt."""

        def shown(node: Node) -> str | None:
            other = "" if node is self.entry and node.tag != "textEntryInteraction" else render(node)
            if other is not None or not node.tag.endswith("Interaction"):
                return other
            prompt = node.find("prompt")
            return self.text(prompt).text if prompt else ""

        frame = self._frame()
        return self.text(frame, shown) if frame else self.text(self.body, shown)

    def _frame(self) -> Node | None:
        """A ``div`` that holds all of the text and says nothing else; what is answered may follow it."""
        others = [
            each for each in self.body.children if not each.tag.endswith("Interaction") and not self._is_entry(each)
        ]
        prompts = any(each.find("prompt") for each in self.interactions)
        if len(others) == 1 and others[0].tag == "div" and not others[0].attributes and not prompts:
            return others[0]
        return None

    def _is_entry(self, node: Node) -> bool:
        """A block at the end with nothing but a field in it."""
        inside = [each for each in node.walk() if each.tag.endswith("Interaction")]
        return len(inside) == 1 and node is self.body.children[-1] and not node.whole().strip()

    @property
    def entry(self) -> Node | None:
        """The block of the only field to type in, when it stands alone below the text."""
        last = self.body.children[-1] if self.body.children else None
        one = len(self.interactions) == 1 and self.interactions[0].tag == "textEntryInteraction"
        return last if last is not None and one and self._is_entry(last) else None

    def _shown(self, node: Node, render: Render) -> str | None:
        if node.tag in OWN:
            raise Refused(_("Parts of it are made by rules of its own (<%(tag)s>).") % {"tag": node.tag})
        if (other := render(node)) is not None:
            return other
        if node.tag in HIDDEN:
            return self._hidden(node)
        if node.tag == "object" and node.get("type").startswith("image/"):
            alt = escape(node.whole().strip() or node.get("alt"))
            return f'<img src="{escape(self.local(node.get("data")))}" alt="{alt}">'
        self._localise(node)
        return None

    def _hidden(self, node: Node) -> str:
        """What stands in the body and is not the question: notes to candidates are, replies and helps are not."""
        if node.tag == "rubricBlock" and "candidate" in node.get("view", "candidate").split():
            return self.text(node).text
        if node.tag in ("feedbackInline", "feedbackBlock", "infoControl") and id(node) not in self.placed:
            self.warn(_("What its body shows later (<%(tag)s>) is left out.") % {"tag": node.tag})
        return ""

    def _localise(self, node: Node) -> None:
        for name in {"img": ("src",), "a": ("href",), "object": ("data",)}.get(node.tag, ()):
            if node.get(name) and not node.get(name).startswith("media/"):
                node.attributes[name] = self.local(node.get(name))

    def local(self, address: str) -> str:
        """``media/<name>`` for a file of the package, which is then kept; other addresses stay."""
        parts = urlsplit(address.strip())
        if parts.scheme or parts.netloc or not parts.path:
            return address
        path = posixpath.normpath(posixpath.join(posixpath.dirname(self.path), unquote(parts.path)))
        name = wanted = media_name(posixpath.basename(path))
        data = self.fetch(path)
        if data is None:
            return f"media/{name}"
        count = 1
        while self.files.get(name, data) != data:
            count += 1
            stem, dot, suffix = wanted.rpartition(".")
            name = f"{stem}-{count}.{suffix}" if dot else f"{wanted}-{count}"
        self.files[name] = data
        return f"media/{name}"

    # replies

    @cached_property
    def modal(self) -> dict[tuple[str, str], Text]:
        """The replies beside the body, by outcome and its value."""
        found = {}
        for each in self.node.all("modalFeedback"):
            if each.get("showHide", "show") == "show":
                found[each.get("outcomeIdentifier"), each.get("identifier")] = self.text(_inside(each))
        return found

    def reply(self, keys: Iterable[tuple[str, str]], inline: Node | None = None) -> dict[str, Text]:
        """``feedback`` made of the replies ``keys`` and of what stands within ``inline``."""
        whole: Text | None = None
        for each in inline.children if inline else []:
            if each.tag in ("feedbackInline", "feedbackBlock") and each.get("showHide", "show") == "show":
                self.placed.add(id(each))
                whole = joined(whole, self.text(_inside(each)))
        for key in keys:
            if key in self.modal:
                self.used.add(key)
                whole = joined(whole, self.modal[key])
        return {"feedback": whole} if whole and whole.text else {}

    def keys_for(self, response: str, answer: str, *, right: bool) -> list[tuple[str, str]]:
        """The replies shown to whoever gives ``answer``."""
        keys = [(outcome, answer) for outcome, copied in self.processing.copies.items() if copied == response]
        scoring = self.processing.responses.get(response)
        if scoring is None:
            return keys
        for case in scoring.cases:
            if case.value == answer or (case.value is None and right):
                return keys + list(case.feedback.items())
        return keys + list(scoring.otherwise.items())

    def general(self) -> Text:
        """The reply to everybody: one whose outcome has its value from the start."""
        whole: Text | None = None
        for each in self.node.all("outcomeDeclaration"):
            key = (each.get("identifier"), each.words("defaultValue", "value"))
            if key in self.modal and key not in self.used:
                self.used.add(key)
                whole = joined(whole, self.modal[key])
        return whole or Text("", "html")

    def lose_rest(self) -> None:
        """Say of each reply that was not used that it is left out."""
        for key, text in self.modal.items():
            if key not in self.used and text.text:
                self.warn(_("The reply “%(reply)s” is left out.") % {"reply": text.text[:60]})


def _inside(feedback: Node) -> Node:
    """QTI 3 puts a body around what a reply says."""
    return feedback.find("contentBody") or feedback


def _number(text: str) -> Decimal:
    value = number(text)
    if value is None:
        raise Refused(_("“%(text)s” in its scoring is no number.") % {"text": text[:40]})
    return value
