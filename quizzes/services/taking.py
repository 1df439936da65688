"""Questions of a file become questions of a bank."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from accounts.models import User
from core import clock
from courses.models import CourseMedia, MediaFile
from quizzes.models import Bank, ImportItem, Question, QuestionFile, QuestionImport, QuestionTag, QuestionVersion
from quizzes.rendering import used_media
from quizzes.selectors_bank import drafts_that_pick
from quizzes.services.filing import fingerprint_of, question_hash, words_of

# Formats that write a question's uid down: there the same uid means the same question, elsewhere it was made up from
# its name.
KEEP_UIDS = {"yaml", "csv"}
UID_MAX = 40
NAMELESS = "nameless"  # of an item: its uid was made up, also where the format has a place for it
THERE = "there"  # of an item: its question was in the bank already, so undoing leaves it alone


@dataclass
class Taken:
    """An item on its way: the question it becomes or changes, and the version it adds."""

    item: ImportItem
    question: Question
    version: QuestionVersion


def take_items(source: QuestionImport, items: Sequence[ImportItem], uids: set[str]) -> int:
    """Make a question in the bank of ``source`` of each of ``items``; returns how many were made or changed.

    ``uids`` are those of the bank; new ones are added. An item that says what the bank says already is linked to it. All
    in one transaction with a bounded number of statements, so that a killed worker leaves whole items only.
    """
    with transaction.atomic():
        shelf = _shelf(source, items)
        made = [_take(source, item, shelf, uids) for item in items]
        new = [each for each in made if each is not None]
        _save(new, source.by)
        for item in items:
            item.question = item.question or next((each.question for each in new if each.item is item), None)
        ImportItem.objects.bulk_update(items, ["question", "meta", "warnings"])
    return len(new)


@dataclass(frozen=True)
class Shelf:
    """What the bank has of what comes in: questions by uid, the ready versions of each by what they say, and the names
    of the files that its course holds."""

    questions: Mapping[str, Question]
    ready: Mapping[tuple[int, str], QuestionVersion]
    files: frozenset[str]


def _shelf(source: QuestionImport, items: Sequence[ImportItem]) -> Shelf:
    """At most three queries, whatever the number of ``items``."""
    held = CourseMedia.objects.filter(course__bank=source.bank_id)
    files = frozenset(held.values_list("name", flat=True)) if source.as_ready and source.bank.course_id else frozenset()
    if source.format not in KEEP_UIDS:
        return Shelf({}, {}, files)
    wanted = [_content(item)["uid"] for item in items]
    rows = Question.objects.filter(bank=source.bank, uid__in=wanted).select_related("ready", "draft")
    questions = {each.uid: each for each in rows.annotate(last=Max("versions__number"))}
    said = QuestionVersion.objects.filter(
        question__in=[each.pk for each in questions.values()],
        state=QuestionVersion.State.READY,
        hash__in=[question_hash(_content(item), item.files) for item in items],
    )
    return Shelf(questions, {(each.question_id, each.hash): each for each in said} if questions else {}, files)


def _content(item: ImportItem) -> dict[str, Any]:
    content: dict[str, Any] = item.content or {}
    return content


def _take(source: QuestionImport, item: ImportItem, shelf: Shelf, uids: set[str]) -> Taken | None:
    content = _content(item)
    question = None if item.meta.get(NAMELESS) else shelf.questions.get(content["uid"])
    if question is None:
        content = {**content, "uid": free_uid(content["uid"], uids)}
        uids.add(content["uid"])
        question = _question(source, content, item.meta)
    elif any(each and each.content == content for each in (question.ready, question.draft)):
        _leave(item, question, _("The bank has it already, word for word."))
        return None
    elif question.draft is not None:
        _leave(item, question, _("The bank’s question has a draft that somebody is writing; it stays as it is."))
        return None
    ready = source.as_ready and _whole(item, content, shelf)
    found = question_hash(content, item.files)
    before = shelf.ready.get((question.pk, found)) if ready else None
    return Taken(item, question, before or _version(source, question, content, found, ready=ready))


def _leave(item: ImportItem, question: Question, why: str) -> None:
    """The bank's ``question`` stays as it is."""
    item.question = question
    item.meta = {**item.meta, THERE: True}
    item.warnings = [*item.warnings, why]


def _whole(item: ImportItem, content: Mapping[str, Any], shelf: Shelf) -> bool:
    """Is every file there that it shows? Without them it is not ready, and its draft says so."""
    missing = [name for name in used_media(content) if name not in item.files and name not in shelf.files]
    if missing:
        said = _("It stays a draft: “%(name)s”, which it shows, is not there.") % {"name": missing[0]}
        item.warnings = [*item.warnings, said]
    return not missing


def _version(
    source: QuestionImport, question: Question, content: dict[str, Any], found: str, *, ready: bool
) -> QuestionVersion:
    return QuestionVersion(
        question=question,
        number=(getattr(question, "last", None) or 0) + 1,
        state=QuestionVersion.State.READY if ready else QuestionVersion.State.DRAFT,
        hash=found,
        type=content["type"],
        language=question.language,
        content=content,
        note=_("From %(file)s") % {"file": source.filename[:150]},
        created_by=source.by,
    )


def free_uid(uid: str, taken: set[str]) -> str:
    """``uid``, or the next of ``uid-2``, ``uid-3`` … that is not ``taken``."""
    number, found = 1, uid[:UID_MAX]
    while found in taken:
        number += 1
        ending = f"-{number}"
        found = uid[: UID_MAX - len(ending)] + ending
    return found


def _question(source: QuestionImport, content: Mapping[str, Any], meta: Mapping[str, Any]) -> Question:
    difficulty = str(meta.get("difficulty", ""))
    return Question(
        bank=source.bank,
        uid=content["uid"],
        name=str(meta.get("name", ""))[:200],
        type=content["type"],
        words=words_of(content, str(meta.get("name", ""))),
        fingerprint=fingerprint_of(content),
        topic=str(meta.get("topic", ""))[:100],
        difficulty=difficulty if difficulty in Question.Difficulty.values else "",
        language=(str(meta.get("language", "")) or source.language)[:12],
        author=str(meta.get("author", ""))[:120],
        licence=str(meta.get("licence", ""))[:40],
        review_by=_date(meta.get("review_by")),
        created_by=source.by,
    )


def _date(text: Any) -> Any:
    try:
        return parse_date(str(text)) if text else None
    except ValueError:
        return None


def _save(taken: Sequence[Taken], by: User | None) -> None:
    """Write new questions, their versions, tags and files; then say on each question which version is which."""
    made = [each.question for each in taken if each.question.pk is None]
    Question.objects.bulk_create(made)
    for each in taken:
        each.version.question = each.question
    fresh = [each for each in taken if each.version.pk is None]
    QuestionVersion.objects.bulk_create([each.version for each in fresh])
    now = clock.now()
    for each in taken:
        _describe(each.question, each.version)
        each.question.changed_at = now
    for question in made:
        question.changed_at = question.created_at  # nobody has worked on it: ``undo`` goes by that
    Question.objects.bulk_update([each.question for each in taken], [*DESCRIBED, "changed_at"])
    QuestionTag.objects.bulk_create(
        [
            QuestionTag(question=each.question, name=str(name)[:60])
            for each in taken
            for name in dict.fromkeys(each.item.meta.get("tags", ()))
            if str(name).strip()
        ],
        ignore_conflicts=True,
    )
    shas = {sha for each in taken for sha in each.item.files.values()}
    media = MediaFile.objects.in_bulk(shas, field_name="sha256") if shas else {}
    QuestionFile.objects.bulk_create(
        [
            QuestionFile(version=each.version, media=media[sha], name=name)
            for each in fresh
            for name, sha in each.item.files.items()
        ]
    )


DESCRIBED = ("ready", "draft", "type", "words", "fingerprint")


def _describe(question: Question, version: QuestionVersion) -> None:
    """Say on the question what its newest version says: lists, search and the finder of duplicates go by it."""
    setattr(question, version.state, version)
    question.type = version.type
    question.words = words_of(version.content, question.name)
    question.fingerprint = fingerprint_of(version.content)


def undo(source: QuestionImport) -> tuple[int, int]:
    """Take back what ``source`` brought, as far as nobody has done anything with it: ``(gone, kept)``.

    Kept is what was changed, marked as ready, tagged, moved or retired since, asked by a quiz (a draft, too) or commented.
    """
    with transaction.atomic():
        if not QuestionImport.objects.filter(pk=source.pk, state=QuestionImport.State.TAKEN).update(
            state=QuestionImport.State.UNDONE
        ):
            return 0, 0
        brought = Question.objects.filter(
            pk__in=source.items.exclude(question=None).exclude(meta__has_key=THERE).values("question"),
            created_at__gte=source.created_at,
        )
        untouched = (
            brought.filter(
                bank=source.bank_id,
                changed_at=F("created_at"),
                comments=None,
                versions__part_uses=None,
                versions__slots=None,
            )
            .exclude(versions__number__gt=1)
            .exclude(uid__in=_picked(source.bank))
        )
        gone = list(untouched.values_list("pk", flat=True).distinct())
        kept = brought.exclude(pk__in=gone).count()
        Question.objects.filter(pk__in=gone).update(ready=None, draft=None)
        QuestionVersion.objects.filter(question__in=gone).delete()
        Question.objects.filter(pk__in=gone).delete()
    return len(gone), kept


def _picked(bank: Bank) -> set[str]:
    """The uids of ``bank`` that a quiz's draft asks by name."""
    picks = (pick for each in drafts_that_pick().values_list("content__picks", flat=True) for pick in each)
    return {pick["uid"] for pick in picks if pick["bank"] == bank.slug}


def uids_of(bank: Bank) -> set[str]:
    """Every uid of ``bank``."""
    return set(Question.objects.filter(bank=bank).values_list("uid", flat=True))


MEDIA = re.compile(r"media/([A-Za-z0-9][A-Za-z0-9._-]{0,149})")
PREFIX = 8  # letters of the digest that make a file's name its own


def own_name(name: str, sha: str) -> str:
    """``name`` made unlike any other file's: it begins with its digest."""
    start = f"{sha[:PREFIX]}-"
    return name if name.startswith(start) else f"{start}{name}"[:150]


def renamed(value: Any, names: Mapping[str, str]) -> Any:
    """``value`` with ``media/<old>`` as ``media/<new>`` in all its texts."""
    if isinstance(value, str):
        return MEDIA.sub(lambda match: f"media/{names.get(match[1], match[1])}", value)
    if isinstance(value, list):
        return [renamed(each, names) for each in value]
    if isinstance(value, dict):
        return {key: renamed(each, names) for key, each in value.items()}
    return value
