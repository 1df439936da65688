"""Questions arranged in their banks, many at once: in or out of use, where they stand, what they are found by.

None of it touches a version. What each gives back is what it takes to undo it.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction

from core import clock
from courses.models import Course, LessonText
from quizzes.models import Bank, Question, QuestionTag
from quizzes.selectors_bank import drafts_that_pick


@transaction.atomic
def retire(questions: Iterable[Question]) -> list[int]:
    """Take them out of use: no quiz takes them any more, published ones still ask them. Keys of those that changed."""
    return _retired([each.pk for each in questions], None, clock.now())


@transaction.atomic
def bring_back(questions: Iterable[Question]) -> list[int]:
    """Put retired questions into use again. Keys of those that changed."""
    return _retired([each.pk for each in questions], clock.now(), None)


def _retired(pks: Sequence[int], was: dt.datetime | None, will: dt.datetime | None) -> list[int]:
    rows = Question.objects.filter(pk__in=pks, retired_at__isnull=was is None)
    found = list(rows.values_list("pk", flat=True))
    Question.objects.filter(pk__in=found).update(retired_at=will, changed_at=clock.now())
    return found


@transaction.atomic
def move(questions: Iterable[Question], bank: Bank) -> tuple[list[tuple[int, int]], list[Question]]:
    """Put them into ``bank``; drafts that pick one by name go on asking it.

    Gives ``(key, bank it came from)`` of those moved, and those whose uid is taken there.
    """
    going = [each for each in questions if each.bank_id != bank.pk]
    taken = set(bank.questions.filter(uid__in=[each.uid for each in going]).values_list("uid", flat=True))
    moved, left = [], []
    for each in going:
        if each.uid in taken:
            left.append(each)
        else:
            taken.add(each.uid)
            moved.append((each.pk, each.bank_id))
    keys = {pk for pk, _bank in moved}
    Question.objects.filter(pk__in=keys).update(bank=bank, changed_at=clock.now())
    _follow([each for each in going if each.pk in keys], bank)
    return moved, left


def _follow(moved: Sequence[Question], bank: Bank) -> None:
    """Have drafts pick ``moved`` from ``bank``. Locks their courses, as everybody does who writes a quiz's draft."""
    slugs = dict(Bank.objects.filter(pk__in={each.bank_id for each in moved}).values_list("pk", "slug"))
    gone = {(slugs[each.bank_id], each.uid) for each in moved}
    found = [
        (pk, course)
        for pk, course, picks in drafts_that_pick().values_list("pk", "lesson__course", "content__picks")
        if any((pick["bank"], pick["uid"]) in gone for pick in picks)
    ]
    list(Course.objects.select_for_update().filter(pk__in={course for _pk, course in found}).order_by("pk"))
    texts = list(LessonText.everything.filter(pk__in=[pk for pk, _course in found]))
    for text in texts:
        picks = [
            {**pick, "bank": bank.slug} if (pick["bank"], pick["uid"]) in gone else pick
            for pick in text.content.get("picks", ())
        ]
        text.content, text.version, text.changed_at = {**text.content, "picks": picks}, text.version + 1, clock.now()
    LessonText.everything.bulk_update(texts, ["content", "version", "changed_at"])


@transaction.atomic
def tag(questions: Iterable[Question], names: Sequence[str]) -> list[tuple[int, str]]:
    """Put the words ``names`` on each; gives ``(key, word)`` of those that are new."""
    pks = [each.pk for each in questions]
    known = set(QuestionTag.objects.filter(question__in=pks, name__in=names).values_list("question_id", "name"))
    new = [(pk, name) for pk in pks for name in names if (pk, name) not in known]
    QuestionTag.objects.bulk_create([QuestionTag(question_id=pk, name=name) for pk, name in new], ignore_conflicts=True)
    Question.objects.filter(pk__in={pk for pk, _name in new}).update(changed_at=clock.now())
    return new


@transaction.atomic
def untag(pairs: Iterable[tuple[int, str]]) -> None:
    """Take words away again: ``(key of the question, word)``."""
    by_name: dict[str, list[int]] = {}
    for pk, name in pairs:
        by_name.setdefault(name, []).append(pk)
    for name, pks in by_name.items():
        QuestionTag.objects.filter(question__in=pks, name=name).delete()


@transaction.atomic
def set_detail(questions: Iterable[Question], field: str, value: str) -> list[tuple[int, str]]:
    """Give each the ``topic`` or the ``difficulty``; gives ``(key, what it was)`` of those that changed."""
    before = [(each.pk, str(getattr(each, field))) for each in questions if getattr(each, field) != value]
    Question.objects.filter(pk__in=[pk for pk, _was in before]).update(**{field: value, "changed_at": clock.now()})
    return before


@transaction.atomic
def put_back(field: str, before: Iterable[tuple[int, Any]]) -> None:
    """Give each question the value of ``field`` (topic, difficulty, bank_id) that it had: ``(key, value)``."""
    by_value: dict[Any, list[int]] = {}
    for pk, value in before:
        by_value.setdefault(value, []).append(pk)
    for value, pks in by_value.items():
        Question.objects.filter(pk__in=pks).update(**{field: value, "changed_at": clock.now()})
