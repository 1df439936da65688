"""QTI 1.2 as Common Cartridge has it: choices, true or false, words to fill in, patterns, essays.

Read after the "Common Cartridge" profile of IMS Question & Test Interoperability 1.2.1 and what learning platforms
write: conditions that look at single answers and set or add to the score.
"""

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, BinaryIO
from urllib.parse import unquote

from django.utils.translation import gettext as _

from quizzes.exchange.html import Text, media_name
from quizzes.exchange.moodle_cloze import has_accents
from quizzes.exchange.moodle_kinds import standard_rubric
from quizzes.exchange.moodle_source import Refused, joined
from quizzes.exchange.numbers import near, number, part_id, points, share
from quizzes.exchange.proving import Uids, outcome
from quizzes.exchange.qti_item import no_file
from quizzes.exchange.values import Item, Meta, Refusal, Where
from quizzes.exchange.xml import Node, pieces

Content = dict[str, Any]
Fetch = Callable[[str], bytes | None]
ROOT = frozenset({"questestinterop"})
FILE_BASE = re.compile(r"\$IMS-CC-FILEBASE\$/?(?:\.\./)*")
_ADDRESS = re.compile(r"""(\b(?:src|href)\s*=\s*)(["'])([^"']*)\2""", re.IGNORECASE)
_WORTH = ("cc_weighting", "points_possible", "qmd_weighting")


@dataclass
class Condition:
    """What one answer earns: ``several`` are those of which all must be chosen, ``like`` a part of the typed words."""

    answers: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    like: list[str] = field(default_factory=list)
    worth: Decimal | None = None
    case: bool = False
    replies: list[str] = field(default_factory=list)
    together: bool = False
    other: bool = False


def read_items(
    file: BinaryIO, *, path: str = "", fetch: Fetch = no_file, uids: Uids | None = None
) -> Iterator[Item | Refusal]:
    """Each ``<item>`` of the file. Raises ``Unreadable``."""
    known = uids or Uids()
    for number_, node in enumerate(pieces(file, root=ROOT, named={"item"}), start=1):
        where = Where(line=node.line, path=path, number=number_)
        meta = Meta(name=node.get("title"))
        old = OldItem(node, path, fetch)
        try:
            content = old.content()
        except Refused as problem:
            yield Refusal(where, meta.name or node.get("ident"), str(problem))
            continue
        yield outcome(content, uids=known, meta=meta, files=old.files, where=where, warnings=old.warnings)


@dataclass
class OldItem:
    """An ``<item>`` while it is read."""

    node: Node
    path: str
    fetch: Fetch
    files: dict[str, bytes] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def content(self) -> Content:
        """The content. Raises ``Refused``."""
        shown = self.node.find("presentation") or Node("presentation")
        responses = [each for each in shown.walk() if each.tag.startswith("response_") and each.tag != "response_label"]
        if not responses:
            raise Refused(_("There is nothing to answer in it."))
        if len(responses) > 1:
            raise Refused(_("It asks for several answers at once."))
        conditions = [_condition(each) for each in self._rules()]
        kinds = {"response_lid": self._choice, "response_str": self._typed}
        if responses[0].tag not in kinds:
            raise Refused(_("“%(kind)s” is no kind known here.") % {"kind": responses[0].tag})
        own = kinds[responses[0].tag](responses[0], conditions)
        stem = self._material(shown, stop=responses[0])
        return {"uid": self.node.get("ident"), "stem": stem, **own, **self._points(), **self._general(conditions)}

    def _rules(self) -> list[Node]:
        rules = self.node.find("resprocessing")
        return rules.all("respcondition") if rules else []

    def _points(self) -> Content:
        said = {
            each.words("fieldlabel"): each.words("fieldentry")
            for each in self.node.walk()
            if each.tag == "qtimetadatafield"
        }
        worth = next((said[name] for name in _WORTH if said.get(name)), "")
        found = points(number(worth)) if worth else 1
        if found is None:
            self.warnings.append(
                _("It is worth %(points)s points; points here are whole, 1 to 100. It counts 1.") % {"points": worth}
            )
        return {"points": found or 1}

    # texts

    def _material(self, node: Node, stop: Node | None = None) -> Text:
        """The texts and pictures of the first level of ``node``, before ``stop``."""
        whole: Text | None = None
        for each in node.walk():
            if each is stop:
                break
            if each.tag in ("mattext", "matimage"):
                whole = joined(whole, self._part(each))
        return whole or Text("")

    def _part(self, node: Node) -> Text:
        if node.tag == "matimage":
            return Text(f'<img src="{self._local(node.get("uri"))}" alt="">', "html")
        if node.get("texttype", "text/plain") == "text/plain":
            return Text(node.whole().strip(), "moodle")
        local = _ADDRESS.sub(lambda found: f"{found[1]}{found[2]}{self._local(found[3])}{found[2]}", node.whole())
        return Text(local.strip(), "html")

    def _local(self, address: str) -> str:
        plain = unquote(address.strip())
        if "://" in plain or plain.startswith(("#", "mailto:", "data:", "/")) or not plain:
            return address
        based = FILE_BASE.sub("", plain.partition("?")[0])
        places = [posixpath.join("web_resources", based), based] if based != plain.partition("?")[0] else []
        places.append(posixpath.join(posixpath.dirname(self.path), based))
        name = media_name(posixpath.basename(based))
        for place in places:
            if (data := self.fetch(posixpath.normpath(place))) is not None:
                self.files[name] = data
                return f"media/{name}"
        return f"media/{name}"

    def _replies(self, idents: list[str]) -> Content:
        whole: Text | None = None
        for each in self.node.all("itemfeedback"):
            if each.get("ident") in idents:
                whole = joined(whole, self._material(each))
        return {"feedback": whole} if whole and whole.text else {}

    def _general(self, conditions: list[Condition]) -> Content:
        """What everybody is told: the reply of the rule for any other answer that sets no score."""
        idents = [name for each in conditions if each.other and each.worth is None for name in each.replies]
        reply = self._replies(idents)
        return {"general_feedback": reply["feedback"]} if reply else {}

    # kinds

    def _choice(self, node: Node, conditions: list[Condition]) -> Content:
        labels = [each for each in node.walk() if each.tag == "response_label"]
        ids = [each.get("ident") for each in labels]
        render = node.find("render_choice")
        several = node.get("rcardinality", "Single").lower() == "multiple"
        made = self._several(ids, conditions) if several else self._one(ids, conditions)
        options = []
        for at, (label, said) in enumerate(zip(labels, made["options"], strict=True)):
            replies = [name for each in conditions if each.answers == [ids[at]] for name in each.replies]
            options.append({"id": part_id(at), "text": self._material(label), **said, **self._replies(replies)})
        fixed = {} if render and render.get("shuffle").lower() == "yes" else {"shuffle": False}
        words = [each["text"].text.strip().lower() for each in options]
        if not several and sorted(words) == ["false", "true"]:
            truth = [{**each, "id": word} for each, word in zip(options, words, strict=True)]
            return {"type": "tf", "options": sorted(truth, key=lambda each: each["id"] == "false")}
        return {**made, "options": options, **fixed}

    def _one(self, ids: list[str], conditions: list[Condition]) -> Content:
        worths = _worths(ids, conditions)
        best = max(worths.values(), default=Decimal(0))
        if best <= 0:
            raise Refused(_("No answer earns anything; one must be right."))
        right = next(each for each in ids if worths[each] == best)
        if list(worths.values()).count(best) > 1:
            self.warnings.append(
                _("Several answers earn everything: the first is the right one, the others earn 100 percent.")
            )
        options = [
            {
                "right": each == right,
                **({"share": share(worths[each] / best)} if each != right and worths[each] > 0 else {}),
            }
            for each in ids
        ]
        return {"type": "single", "options": options}

    def _several(self, ids: list[str], conditions: list[Condition]) -> Content:
        whole = [each for each in conditions if each.together and (each.worth or 0) > 0]
        if len(whole) == 1:
            rights = set(whole[0].answers)
            return {"type": "multi", "credit": "all", "options": [{"right": each in rights} for each in ids]}
        worths = _worths(ids, conditions)
        total = sum(worth for worth in worths.values() if worth > 0)
        if whole or total <= 0:
            raise Refused(_("Its choices are scored in a way that is not known here."))
        percents = [worths[each] / total * 100 for each in ids]
        rights_count = sum(each > 0 for each in percents)
        if all(near(abs(each), Decimal(100) / rights_count) for each in percents):
            return {"type": "multi", "options": [{"right": each > 0} for each in percents]}
        options = [{"right": each > 0, **({"share": share(each / 100)} if each else {})} for each in percents]
        return {"type": "multi", "credit": "shares", "options": options}

    def _typed(self, node: Node, conditions: list[Condition]) -> Content:
        scored = [each for each in conditions if (each.worth or 0) > 0]
        if any(each.refused for each in scored):
            raise Refused(_("Its words are scored in a way that is not known here."))
        if not scored:
            return self._essay(conditions)
        best = max(each.worth or Decimal(0) for each in scored)
        answers: list[Content] = []
        for each in scored:
            for words, match in [
                *((word, "exact") for word in each.answers),
                *((word, "wildcard") for word in each.like),
            ]:
                text = words if match == "exact" else "*{}*".format(words.replace("*", "\\*"))
                worth = share((each.worth or Decimal(0)) / best)
                replies = self._replies(each.replies)
                answers.append({"id": part_id(len(answers)), "text": text, "match": match, "share": worth, **replies})
        return {
            "type": "text",
            "answers": answers,
            "case": any(each.case for each in scored),
            "accents": has_accents(answers),
        }

    def _essay(self, conditions: list[Condition]) -> Content:
        if any(each.answers or each.like for each in conditions):
            raise Refused(_("No answer earns anything; one must be right."))
        worth = self._points()["points"]
        return {"type": "essay", "rubric": standard_rubric(worth)}


def _worths(ids: list[str], conditions: list[Condition]) -> dict[str, Decimal]:
    worths = dict.fromkeys(ids, Decimal(0))
    for each in conditions:
        if each.worth is None or each.other:
            continue
        if each.together or each.refused or each.like:
            raise Refused(_("Its choices are scored in a way that is not known here."))
        for answer in each.answers:
            if answer in worths:
                worths[answer] += each.worth
    return worths


def _condition(node: Node) -> Condition:
    """One ``respcondition``. Raises ``Refused`` for tests that are not of single answers."""
    found = Condition(replies=[each.get("linkrefid") for each in node.all("displayfeedback")])
    for each in node.all("setvar"):
        value = number(each.whole())
        if value is None or each.get("action", "Set").lower() not in ("set", "add", "subtract"):
            raise Refused(_("Its score is worked out in a way that is not known here."))
        minus = each.get("action").lower() == "subtract"
        found.worth = (found.worth or Decimal(0)) + (-value if minus else value)
    for each in (node.find("conditionvar") or Node("")).children:
        _test(each, found, within="")
    return found


def _test(node: Node, found: Condition, *, within: str) -> None:
    if node.tag in ("varequal", "varsubstring"):
        words = node.whole().strip()
        kept = found.refused if within == "not" else found.answers if node.tag == "varequal" else found.like
        kept.append(words)
        found.case = found.case or node.get("case").lower() == "yes"
    elif node.tag in ("and", "or", "not") and within != "not":
        found.together = found.together or node.tag == "and"
        for each in node.children:
            _test(each, found, within=node.tag)
    elif node.tag in ("other", "unanswered"):
        found.other = True
    else:
        raise Refused(_("It tests answers in a way that is not known here (%(test)s).") % {"test": node.tag})
