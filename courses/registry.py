"""Lesson kinds and blocks are plug-ins: one class, one registration, nothing else is touched (D5).

``courses`` registers ``text`` and ``video``; ``quizzes`` registers ``quiz`` and the block ``check``.
"""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field, fields
from typing import Any, Protocol, runtime_checkable

from django.http import HttpRequest, HttpResponse

Content = dict[str, Any]
Parts = Sequence[tuple[Any, Mapping[str, Any]]]  # parts of an edition (as ``EditionPart``) with their sources

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
    ``watched_ms`` is the length of the union of watched stretches. ``scores`` are whole percents by attempt and
    grading: ``{"2:1": 70}`` is the first grading of the second attempt; the newest grading of an attempt stands.
    ``silent``: the learner may not see them yet, so no sentence names one.
    """

    opened: bool = False
    done: bool = False
    transcript_read: bool = False
    watched_ms: int = 0
    duration_ms: int = 0
    scores: Mapping[str, int] = field(default_factory=dict)
    attempts: int = 0
    credited: bool = False
    silent: bool = False

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "LessonFacts":
        """Facts as they were kept as JSON; those that this version does not know are left out."""
        names = {each.name for each in fields(cls)}
        known = {name: value for name, value in kept.items() if name in names}
        if "scores" not in known and kept.get("best_percent") is not None:  # kept before attempts had scores each
            known["scores"] = {f"{kept.get('attempts') or 1}:1": kept["best_percent"]}
        return cls(**known)

    @property
    def standing_scores(self) -> dict[int, int]:
        """Percent by number of the attempt, each by its newest grading, in order."""
        numbered = sorted((*map(int, key.split(":")), percent) for key, percent in self.scores.items())
        return {attempt: percent for attempt, _grading, percent in numbered}

    @property
    def best_percent(self) -> int | None:
        """The best attempt."""
        return self.score("best")

    def score(self, counts: str = "best") -> int | None:
        """What counts of the graded attempts: the ``best``, ``last``, ``average`` (halves up) or ``first`` one."""
        percents = list(self.standing_scores.values())
        if not percents:
            return None
        return {
            "best": max(percents),
            "last": percents[-1],
            "first": percents[0],
            "average": (2 * sum(percents) + len(percents)) // (2 * len(percents)),
        }[counts]


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

    def published(self, parts: Parts, course: Any) -> None:
        """Hook after an edition (a preview too) of ``course`` took ``parts`` in, written anew or found there.

        Called in the publishing transaction, once with all parts of the kind, in the order of the course; safe to call
        again. A bounded number of statements is expected. ``quizzes`` files its question versions here.
        """

    def verdict(self, rule: Mapping[str, Any], facts: LessonFacts) -> Verdict: ...

    def summary(self, source: Mapping[str, Any]) -> str:
        """A few words for outlines: 'Video, with 2 check questions'."""

    def search_text(self, source: Mapping[str, Any]) -> str: ...

    def context(self, request: HttpRequest, player: PlayerLesson) -> dict[str, Any]:
        """Extra template context in a bounded number of queries."""

    def actions(self) -> Mapping[str, Callable[[HttpRequest, PlayerLesson], HttpResponse]]:
        """Own POSTs by verb: ``/courses/<slug>/<lesson>/do/<verb>/``."""


@runtime_checkable
class WritableKind(Protocol):
    """A kind whose lessons are written in the browser. ``author_page`` is the route, called with slug and uid."""

    author_page: str


@runtime_checkable
class StartingKind(Protocol):
    """A kind whose lessons can be begun in the browser, from nothing."""

    def blank(self, language: str) -> Content:
        """The content of a lesson of this kind that nobody has written yet. It may be unsound: that blocks publishing."""


@runtime_checkable
class ChoosingKind(Protocol):
    """A starting kind that has to know first what the lesson is about: a practice lesson its engine."""

    def starts(self) -> Sequence[tuple[str, Any]]:
        """What an author may choose from: ``(name, label)`` each."""

    def blank_of(self, start: str, language: str) -> Content:
        """As ``blank``, for one of the names in ``starts``."""


@dataclass(frozen=True)
class Resolved:
    """A lesson's content with nothing left that stands elsewhere; ``media`` are the files it brings, name to sha256."""

    content: Content
    media: Mapping[str, str] = field(default_factory=dict)
    faults: Sequence[tuple[str, str]] = ()


@runtime_checkable
class ResolvingKind(Protocol):
    """A kind whose drafts may name what stands elsewhere (a quiz: questions of a bank). Publishing looks it up."""

    def resolve(self, content: Content, *, course: Any, language: str) -> Resolved:
        """What ``content`` is at this moment for ``course``; what cannot be found is a fault ``(dotted path, sentence)``."""

    def resolve_all(self, contents: Sequence[tuple[Content, str]], *, course: Any) -> list[Resolved]:
        """As ``resolve`` for many contents, each with its language, in a number of queries that they do not drive up."""


@runtime_checkable
class RulingKind(Protocol):
    """A kind whose rule and content have to go together."""

    def rule_faults(self, rule: Mapping[str, Any], content: Content, uids: Set[str]) -> list[tuple[str, str]]:
        """What of the lesson's ``rule`` does not go with its sound ``content`` or with the lessons there are (``uids``):
        ``(dotted path, sentence)`` each, paths of the rule beginning with ``rule.``."""


@runtime_checkable
class UnreadyKind(Protocol):
    """A kind whose sound drafts may lack what learners need: they are kept and imported, and not published."""

    def unready(self, content: Content) -> list[tuple[str, str]]:
        """What keeps sound ``content`` from being published, and what to do: ``(dotted path, sentence)`` each."""


@dataclass(frozen=True)
class Told:
    """A thing that a lesson says, for comparing versions. ``key`` names it in every version; its text is by place, both in words.

    ``label`` is empty for what is simply the lesson's own.
    """

    key: str
    label: str
    places: Mapping[str, str]


@runtime_checkable
class TellingKind(Protocol):
    """A kind that says in words what its lessons say and ask, so that two versions can be read side by side."""

    def tell(self, source: Mapping[str, Any]) -> list[Told]:
        """Everything a part's ``source`` says, in order."""

    def tell_rule(self, rule: Mapping[str, Any], titles: Mapping[str, str]) -> list[str]:
        """What ``rule`` asks, as sentences, but for when the lesson opens; ``titles`` of the lessons by uid."""


@runtime_checkable
class TellingBlock(Protocol):
    """A block that says in words what it holds."""

    def tell(self, source: Mapping[str, Any]) -> Told:
        """What ``source`` says; its key is unique within the lesson, or empty."""


class Block(Protocol):
    """A block inside text or video lessons, ungraded; never decides completion.

    In Markdown it is fenced, in rich text ``<pre data-block="name">``; YAML is in it.
    """

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
        """Answer a POST, keeping no answer: the context with which ``template`` shows the block again."""


@runtime_checkable
class LeadingBlock(Protocol):
    """A block that asks nothing and leads to lessons of the course: a card in the text, not a question."""

    def lessons(self, content: Content) -> list[tuple[str, str]]:
        """The lessons that sound ``content`` names: ``(dotted path, uid)`` each."""


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
