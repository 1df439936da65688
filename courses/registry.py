"""Lesson kinds and blocks are plug-ins: one class, one registration, nothing else is touched (D5).

``courses`` registers ``text`` and ``video``; ``quizzes`` registers ``quiz`` and the block ``check``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.http import HttpRequest, HttpResponse

Content = dict[str, Any]

# What every kind's rule may say; a kind adds its own properties beside it.
OPENS_AFTER: Mapping[str, Any] = {
    "type": "array",
    "items": {"type": "string"},
    "uniqueItems": True,
    "description": "uids of the lessons that open this one",
}


@dataclass(frozen=True)
class LessonFacts:
    """What the ledger knows about one learner and one lesson, folded from events of the required ``rev`` on.

    Every field is a union or a maximum, so the order of events does not matter (D7).
    ``watched_ms`` is the length of the union of watched stretches; ``best_percent`` the best graded attempt.
    """

    opened: bool = False
    done: bool = False
    transcript_read: bool = False
    watched_ms: int = 0
    duration_ms: int = 0
    best_percent: int | None = None
    passed: bool = False
    attempts: int = 0
    credited: bool = False


@dataclass(frozen=True)
class Verdict:
    """Is the lesson done; if not, each unmet rule as a sentence for the learner."""

    done: bool
    unmet: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlayerLesson:
    """What a kind gets to show or to do: a lesson of an edition for one reader.

    ``enrolment`` is None for a visitor, for a preview, and before the first ``/do/`` POST.
    ``rendered`` has its tokens resolved. ``source`` is the decoded part. ``outline`` is the ``courses.selectors.Outline``
    of the edition, ``standing`` the reader's ``CourseStanding``; ``token`` opens a preview. ``language_missing``: shown
    in the course's first language because the reader's own is not there.
    """

    course: Any
    edition: Any
    lesson: Any
    title: str
    minutes: int
    language: str
    part: Any
    source: Mapping[str, Any]
    rendered: Mapping[str, Any]
    enrolment: Any = None
    facts: LessonFacts = field(default_factory=LessonFacts)
    preview: bool = False
    outline: Any = None
    standing: Any = None
    token: str = ""
    language_missing: bool = False


class LessonKind(Protocol):
    """What a kind gives. ``name`` is stored in rows; ``verdict`` is pure and never writes progress."""

    name: str
    label: Any
    icon: str
    content_schema: Mapping[str, Any]
    rule_schema: Mapping[str, Any]
    template: str
    file_suffix: str  # ".md" or ".yaml": how a lesson of this kind stands in a course folder

    def faults(self, content: Content) -> list[tuple[str, str]]:
        """What the schema cannot say: ``(dotted path, sentence)`` each; empty when the content is sound."""

    def warnings(self, content: Content) -> list[tuple[str, str]]:
        """What an author should know of sound ``content`` and may leave: ``(dotted path, sentence)`` each."""

    def uids(self, content: Content) -> list[tuple[str, str]]:
        """Names within sound ``content`` that must be unique in the course: ``(dotted path, name)`` each."""

    def lessons(self, content: Content) -> list[tuple[str, str]]:
        """Lessons that sound ``content`` names outside of its Markdown: ``(dotted path, uid)`` each."""

    def snapshot(self, content: Content, media: Mapping[str, str]) -> dict[str, Any]:
        """The canonical source for the edition. ``media`` maps names in ``media/`` to sha256. No floats.

        The files it uses stand in ``source["media"]`` (name: sha256; left out or empty if there are none). Without that entry the
        source is valid content again and gives the same snapshot: export writes it back into the folder. Publishing
        adds ``kind`` and ``language`` to it.
        """

    def render(self, source: Mapping[str, Any]) -> dict[str, Any]:
        """Sanitised HTML and whatever else the template needs, tokens unresolved."""

    def published(self, part: Any, source: Mapping[str, Any], course: Any) -> None:
        """Hook after an edition (a preview too) of ``course`` took ``part`` in, written anew or found there.

        Called in the publishing transaction, once for each lesson text; safe to call again.
        ``quizzes`` files its question versions here.
        """

    def verdict(self, rule: Mapping[str, Any], facts: LessonFacts) -> Verdict: ...

    def summary(self, source: Mapping[str, Any]) -> str:
        """A few words for outlines: 'Video, with 2 check questions'."""

    def search_text(self, source: Mapping[str, Any]) -> str: ...

    def context(self, request: HttpRequest, player: PlayerLesson) -> dict[str, Any]:
        """Extra template context in a bounded number of queries."""

    def actions(self) -> Mapping[str, Callable[[HttpRequest, PlayerLesson], HttpResponse]]:
        """Own POSTs by verb: ``/courses/<slug>/<lesson>/do/<verb>/``."""


class Block(Protocol):
    """A fenced block inside text or video lessons, ungraded; never decides completion."""

    name: str
    content_schema: Mapping[str, Any]

    def faults(self, content: Content) -> list[tuple[str, str]]:
        """What the schema cannot say: ``(dotted path, sentence)`` each."""

    def uid(self, content: Content) -> str:
        """The name of sound ``content``, unique in the course; empty when it has none."""

    def snapshot(self, content: Content) -> dict[str, Any]: ...

    def render(self, source: Mapping[str, Any]) -> dict[str, Any]: ...

    template: str

    def do(self, request: HttpRequest, player: PlayerLesson, source: Mapping[str, Any]) -> dict[str, Any]:
        """Answer a POST statelessly: the context with which ``template`` shows the block again."""


kinds: dict[str, LessonKind] = {}
blocks: dict[str, Block] = {}


def register_kind(kind: LessonKind) -> None:
    """Add ``kind`` under its name. Raises ``ValueError`` when another class holds the name."""
    if type(kinds.get(kind.name, kind)) is not type(kind):
        raise ValueError(f"lesson kind {kind.name!r} is taken")
    kinds[kind.name] = kind


def register_block(block: Block) -> None:
    """Add ``block`` under its name. Raises ``ValueError`` when another class holds the name."""
    if type(blocks.get(block.name, block)) is not type(block):
        raise ValueError(f"block {block.name!r} is taken")
    blocks[block.name] = block
