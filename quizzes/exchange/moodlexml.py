"""Moodle XML: questions with their pictures, categories and tags.

Read after what Moodle itself writes and takes (its documentation, "Moodle XML format"). What a question has and we do
not is said in a warning; a question that would not be the same is refused.
"""

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.exchange.html import Text
from quizzes.exchange.labels import unlabelled
from quizzes.exchange.moodle_kinds import READERS
from quizzes.exchange.moodle_numbers import rename_variables
from quizzes.exchange.moodle_source import Refused, Source
from quizzes.exchange.moodlexml_writing import write_with
from quizzes.exchange.numbers import points
from quizzes.exchange.proving import Uids, outcome
from quizzes.exchange.registry import Format
from quizzes.exchange.values import Exported, Item, Meta, Refusal, Where, topic_of
from quizzes.exchange.xml import Node, pieces, root_of

REASONS = {
    "description": gettext_lazy("It is a text without a question; put it into a lesson."),
    "random": gettext_lazy("It draws a question by chance; a quiz here draws from a bank itself."),
    "randomsamatch": gettext_lazy("It is made of other questions by chance, which is not known here."),
    "calculatedmulti": gettext_lazy("Its choices are calculated, which is not known here."),
    "ddmarker": gettext_lazy("Several markers are put on a picture, with no words for the places; write it as areas."),
    "ddimageortext": gettext_lazy("Words are put on a picture, with no words for the places; write it as matching."),
}


def read(file: BinaryIO, *, name: str) -> Iterator[Item | Refusal]:
    """Each question of the file. A category is the topic of those that follow it. Raises ``Unreadable``."""
    uids, topic, number = Uids(), "", 0
    for node in pieces(file, root={"quiz"}, named={"question"}):
        if node.get("type") == "category":
            topic = topic_of(node.words("category"))
            continue
        number += 1
        yield _question(node, Where(line=node.line, number=number), topic, uids)


def _question(node: Node, where: Where, topic: str, uids: Uids) -> Item | Refusal:
    meta = Meta(name=node.words("name"), topic=topic)
    kind = node.get("type")
    try:
        if kind not in READERS:
            raise Refused(str(REASONS.get(kind) or _("“%(kind)s” is no kind known here.") % {"kind": kind[:60]}))
        return _taken(Source(node), kind, meta, where, uids)
    except Refused as problem:
        return Refusal(where, meta.name or node.words("questiontext")[:80], str(problem))


def _taken(source: Source, kind: str, meta: Meta, where: Where, uids: Uids) -> Item | Refusal:
    tags = source.node.find("tags")
    meta, known = unlabelled([each.words("text") for each in tags.all("tag")] if tags else [], meta)
    if kind.startswith("calculated"):
        rename_variables(source)
    common = _common(source)
    own = READERS[kind](source)
    content: dict[str, Any] = {**common, **own, **_worth(source, own), **_known(known, own)}
    return outcome(content, uids=uids, meta=meta, files=source.files, where=where, warnings=source.warnings)


def _common(source: Source) -> dict[str, Any]:
    """What all kinds have."""
    hints = [source.text_of(each.find("hintcontent") or each) for each in source.node.all("hint")]
    shown = source.flag("shuffleanswers", default=source.node.get("type") not in ("multichoice", "multichoiceset"))
    return {
        "uid": source.node.words("idnumber"),
        "stem": _stem(source),
        "general_feedback": source.text("generalfeedback"),
        "hints": [each for each in hints if each.text],
        "shuffle": shown,
    }


def _stem(source: Source) -> Text:
    stem = source.text("questiontext")
    old = source.node.find("image_base64")
    if old is None:
        return stem
    # Before Moodle 2 a question had one picture, beside its text.
    old.attributes |= {"name": source.node.words("image"), "encoding": "base64"}
    picture = f'<p><img src="media/{source.keep(old)}" alt=""></p>'
    return Text(f"{stem.text}\n{picture}", "html")


def _worth(source: Source, own: dict[str, Any]) -> dict[str, Any]:
    """The points. Moodle adds up the gaps of a text, whatever else the file says; ours keeps what it wrote itself."""
    worth = source.number("defaultgrade")
    whole = points(worth)
    if worth is None:
        return {}
    if whole is None:
        source.warn(
            _("It is worth %(points)s points; points here are whole, 1 to 100. It counts 1.") % {"points": worth}
        )
        return {"points": 1}
    return {"points": whole}


def _known(known: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """What labels bring back that is part of a question here."""
    said: dict[str, Any] = {key: known[key] for key in ("facts", "back_to", "keep") if key in known}
    if "accents" in known and own["type"] == "text":
        said["accents"] = known["accents"] == "1"
    return said


def write(questions: Iterable[Exported], out: BinaryIO) -> list[Refusal]:
    """Write the questions; give back those that the format cannot hold."""
    return write_with(read, questions, out)


def _fits(head: bytes) -> bool:
    return root_of(head)[0] == "quiz"


FORMAT = Format(
    name="moodlexml",
    label=gettext_lazy("Moodle XML"),
    suffixes=(".xml",),
    content_type="application/xml",
    read=read,
    write=write,
    fits=_fits,
    holds_files=True,
)
