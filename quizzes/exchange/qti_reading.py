"""QTI 2.0 to 3.0 items as questions."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from quizzes.exchange.labels import unlabelled
from quizzes.exchange.moodle_source import Refused
from quizzes.exchange.proving import Uids, outcome
from quizzes.exchange.qti_gaps import INLINE, cloze, gap_match
from quizzes.exchange.qti_item import QtiItem, no_file
from quizzes.exchange.qti_kinds import READERS
from quizzes.exchange.qti_names import normalised
from quizzes.exchange.values import Item, Meta, Refusal, Where
from quizzes.exchange.xml import Node

ITEMS = frozenset({"assessmentItem", "qti-assessment-item"})
TESTS = frozenset({"assessmentTest", "qti-assessment-test"})


def read_item(
    node: Node,
    *,
    where: Where,
    uids: Uids,
    fetch: Callable[[str], bytes | None] = no_file,
    topic: str = "",
    tags: Sequence[str] = (),
) -> Item | Refusal:
    """The question in an ``assessmentItem``. ``where.path`` is its place in the package from which ``fetch`` reads."""
    item = QtiItem(normalised(node), where.path, fetch)
    meta = Meta(name=item.node.get("title"), topic=topic)
    try:
        meta, known = unlabelled(tags, meta)
        meta = replace(meta, topic=known.get("topic", topic), name=known.get("name", meta.name))
        content = _content(item, known)
    except Refused as problem:
        return Refusal(where, meta.name or item.node.get("identifier"), str(problem))
    return outcome(content, uids=uids, meta=meta, files=item.files, where=where, warnings=item.warnings)


def _content(item: QtiItem, known: dict[str, Any]) -> dict[str, Any]:
    node = item.node
    if node.get("adaptive") == "true":
        raise Refused(_("It is adaptive: it goes on by rules of its own."))
    if node.find("templateProcessing"):
        raise Refused(_("Its values are made by rules of its own (templateProcessing)."))
    if node.find("templateDeclaration"):
        item.warn(_("It declares variables that it does not show; they are left out."))
    own = _answered(item)
    content = {"uid": node.get("identifier"), "stem": item.stem(), **own, "general_feedback": item.general()}
    item.lose_rest()
    said: dict[str, Any] = {key: known[key] for key in ("facts", "back_to", "keep") if key in known}
    if known.get("shuffle") == "0":
        said["shuffle"] = False
    if "accents" in known and own["type"] == "text":
        said["accents"] = known["accents"] == "1"
    return content | said


def _answered(item: QtiItem) -> dict[str, Any]:
    """What is answered in the body."""
    kinds = {each.tag for each in item.interactions}
    if not kinds:
        raise Refused(_("There is nothing to answer in it."))
    if kinds <= INLINE and not item.entry:
        return cloze(item)
    if len(item.interactions) > 1:
        raise Refused(_("It asks for several answers, which are not gaps of a text."))
    only = item.interactions[0]
    if only.tag == "gapMatchInteraction":
        return gap_match(item, only)
    if only.tag not in READERS:
        raise Refused(_("“%(kind)s” is no kind known here.") % {"kind": only.tag})
    return READERS[only.tag](item, only)
