"""The catalogue: courses a person may be shown, their facets, and where the person stands in each."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from core.compiled import Compiled
from core.templatetags.shell import minutes_long
from courses.models import Course, EditionText, Level, Topic
from courses.models.course import CLOTH
from courses.search_index import by_pieces, by_words, words_of
from courses.selectors.searching import visible_documents
from courses.standing import CourseStanding, standing

PAGE = 20
MAX_SHOWN = 500
MAX_HITS = 1000

TIMES = {"short": _("Under 1 hour"), "medium": _("1 to 2 hours"), "long": _("Over 2 hours")}
SORTS = {"first": _("Good first courses"), "new": _("Newest edition"), "short": _("Shortest")}
BEST_MATCH = "match"

LEVEL_RANK = Case(
    *(When(edition__course__level=level, then=rank) for rank, level in enumerate(Level.values)),
    default=len(Level.values),
    output_field=IntegerField(),
)
LENGTH = Case(
    When(minutes__lt=60, then=Value("short")), When(minutes__lte=120, then=Value("medium")), default=Value("long")
)
ORDERS: dict[str, tuple[Any, ...]] = {
    "first": (LEVEL_RANK, "edition__course__code", "edition__course_id"),
    "new": ("-edition__published_at", "edition__course_id"),
    "short": ("minutes", "edition__course_id"),
}


@dataclass(frozen=True)
class Filters:
    """What was asked for. ``hits`` are the ids of courses that match the words, best first; None = no words."""

    topics: frozenset[str] = frozenset()
    levels: frozenset[str] = frozenset()
    times: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    sort: str = "first"
    shown: int = PAGE
    hits: Sequence[int] | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """A course as lists show it, in words. ``foreign`` is the language when it is not the reader's."""

    course_id: int
    edition_id: int
    slug: str
    url: str
    code: str
    cloth: str
    title: str
    summary: str
    lessons: str
    length: str
    level: str
    language: str
    foreign: str
    standing: CourseStanding | None


@dataclass(frozen=True)
class Catalogue:
    """``total`` courses match; ``everything`` counts those before any facet. ``counts`` by facet and value."""

    cards: tuple[Card, ...]
    total: int
    everything: int
    counts: dict[str, Counter[str]] = field(default_factory=dict)


def listed_texts(user: User, language: str) -> QuerySet[EditionText]:
    """One row for each course listed for ``user``: its current edition in ``language``, else in its first."""
    preferred = Case(When(language=language, then=0), default=1, output_field=IntegerField())
    best = EditionText.objects.filter(edition=OuterRef("edition")).order_by(preferred, "pk").values("pk")[:1]
    return EditionText.objects.filter(
        edition__course__current_edition=F("edition"),
        edition__course__in=Course.objects.listed_for(user).values("pk"),
        pk=Subquery(best),
    )


def matching(user: User, words: str, *, language: str) -> list[int]:
    """Ids of the courses that have ``words`` in themselves or in a lesson, best first: one query, two for word pieces."""
    wanted = words_of(words)
    if not wanted:
        return []
    documents = visible_documents(user)
    rows = by_words(documents, wanted, vendor=connection.vendor, language=language)
    found = list(rows.values_list("course_id", flat=True)[:MAX_HITS])
    if not found:
        rows = by_pieces(documents, wanted, vendor=connection.vendor)
        found = list(rows.values_list("course_id", flat=True)[:MAX_HITS])
    return list(dict.fromkeys(found))


def catalogue(user: User, filters: Filters, *, language: str) -> Catalogue:
    """The courses asked for, with facet counts: two queries, and the standing's own."""
    if filters.hits is None:
        shape = (user.is_authenticated, filters, language)
        groups = PLAIN_GROUPS.rows(*shape, reader=user.pk or 0)
        found = PLAIN_CARDS.rows(*shape, reader=user.pk or 0)
    else:
        base = listed_texts(user, language).filter(edition__course__in=filters.hits)
        groups, found = list(_groups(base)), list(_shown(base, filters))
    counts, total, everything = _facets(groups, filters)
    return Catalogue(_cards(user, found, language=language), total, everything, counts)


def _plain(signed_in: bool, reader: int, language: str) -> QuerySet[EditionText]:
    """What is listed for a reader of whom only the id is known."""
    user: Any = User(pk=reader) if signed_in else AnonymousUser()
    return listed_texts(user, language)


def _shown(rows: QuerySet[EditionText], filters: Filters) -> QuerySet[EditionText, Any]:
    narrowed = _narrowed(rows, filters).order_by(*_order(filters))
    return narrowed[: min(filters.shown, MAX_SHOWN)].values_list(*CARD)


def _groups(rows: QuerySet[EditionText]) -> QuerySet[EditionText, Any]:
    """How many courses share what the facets look at."""
    return (
        rows.annotate(length=LENGTH)
        .order_by()
        .values_list("edition__course__topic", "edition__course__level", "length", "edition__languages")
        .annotate(number=Count("pk"))
    )


PLAIN_CARDS = Compiled(
    lambda known, filters, spoken, *, reader: _shown(_plain(known, reader, spoken), filters), "reader"
)
PLAIN_GROUPS = Compiled(lambda known, _filters, spoken, *, reader: _groups(_plain(known, reader, spoken)), "reader")


def first_courses(user: User, *, language: str, limit: int) -> tuple[tuple[Card, ...], int]:
    """Good first courses, and how many there are in all."""
    rows = listed_texts(user, language)
    return cards_of(user, rows.order_by(*ORDERS["first"])[:limit], language=language), rows.count()


def cards_of(user: User, rows: QuerySet[EditionText], *, language: str) -> tuple[Card, ...]:
    """Texts of current editions as cards, with the person's standing: one query, and the standing's own."""
    return _cards(user, list(rows.values_list(*CARD)), language=language)


def _cards(user: User, found: Sequence[tuple[Any, ...]], *, language: str) -> tuple[Card, ...]:
    known: dict[int, CourseStanding] = {}
    if user.is_authenticated:
        known = standing().for_courses(user, [row[0] for row in found])
    levels = {value: str(label) for value, label in Level.choices}
    return tuple(
        Card(
            course_id=course_id,
            edition_id=edition_id,
            slug=slug,
            url=reverse("courses:course", args=[slug]),
            code=code,
            cloth=CLOTH[Topic(topic)],
            title=title,
            summary=summary,
            lessons=ngettext("%(n)d lesson", "%(n)d lessons", count) % {"n": count},
            length=minutes_long(minutes),
            level=levels.get(level, level),
            language=spoken,
            foreign=spoken if spoken != language else "",
            standing=known.get(course_id),
        )
        for course_id, edition_id, slug, code, topic, level, title, summary, minutes, count, spoken in found
    )


CARD = (
    "edition__course_id",
    "edition_id",
    "edition__course__slug",
    "edition__course__code",
    "edition__course__topic",
    "edition__course__level",
    "title",
    "summary",
    "minutes",
    "lesson_count",
    "language",
)


def _narrowed(rows: QuerySet[EditionText], filters: Filters) -> QuerySet[EditionText]:
    if filters.topics:
        rows = rows.filter(edition__course__topic__in=filters.topics)
    if filters.levels:
        rows = rows.filter(edition__course__level__in=filters.levels)
    if filters.times:
        rows = rows.alias(length=LENGTH).filter(length__in=filters.times)
    if filters.languages:
        spoken = EditionText.objects.filter(edition=OuterRef("edition"), language__in=filters.languages)
        rows = rows.filter(Exists(spoken))
    return rows


def _order(filters: Filters) -> tuple[Any, ...]:
    if filters.sort == BEST_MATCH and filters.hits:
        places = [When(edition__course_id=pk, then=place) for place, pk in enumerate(filters.hits)]
        return (Case(*places, default=len(places), output_field=IntegerField()), "edition__course_id")
    return ORDERS.get(filters.sort, ORDERS["first"])


def _facets(groups: Sequence[tuple[Any, ...]], filters: Filters) -> tuple[dict[str, Counter[str]], int, int]:
    """Each facet counts what the *other* facets leave, so a choice never hides its neighbours."""
    chosen = {
        "topic": filters.topics,
        "level": filters.levels,
        "time": filters.times,
        "language": filters.languages,
    }
    counts: dict[str, Counter[str]] = {name: Counter() for name in chosen}
    total = everything = 0
    for topic, level, length, languages, number in groups:
        values = {"topic": {topic}, "level": {level}, "time": {length}, "language": set(languages or ())}
        refused = {name for name, wanted in chosen.items() if wanted and not wanted & values[name]}
        everything += number
        total += 0 if refused else number
        for name, own in values.items():
            if not refused - {name}:
                counts[name].update(dict.fromkeys(own, number))
    return counts, total, everything
