"""Questions and their versions, filed when a quiz is published (D9)."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Max

from courses import markup
from courses.canonical import canonical, digest
from courses.models import Course, EditionPart
from quizzes.models import PartQuestion, Question, QuestionVersion
from quizzes.registry import types

Content = Mapping[str, Any]


def question_hash(content: Content, media: Mapping[str, str]) -> str:
    """The identity of a question's wording: SHA-256 over its canonical JSON and the files it shows."""
    used = markup.used_media(*types[content["type"]].texts(content).values())
    return digest(canonical({"content": dict(content), "media": {name: media[name] for name in used if name in media}}))


def file_questions(*, part: EditionPart, source: Content, course: Course) -> None:
    """File the questions of ``part`` for ``course``: a version for every wording that is new, and the order asked.

    Runs in the publishing transaction, whose lock on the course row keeps version numbers apart. A second call
    changes nothing. A bounded number of statements, whatever the number of questions.
    """
    if PartQuestion.objects.filter(part=part, course=course).exists():
        return
    contents: Sequence[Content] = source["questions"]
    hashes = {each["uid"]: question_hash(each, source.get("media", {})) for each in contents}
    Question.objects.bulk_create([Question(course=course, uid=uid) for uid in hashes], ignore_conflicts=True)
    questions = {each.uid: each for each in Question.objects.filter(course=course, uid__in=hashes)}
    _add_versions(contents, hashes, questions)
    filed = QuestionVersion.objects.filter(question__in=questions.values(), hash__in=hashes.values())
    versions = {(version.question_id, version.hash): version for version in filed}
    PartQuestion.objects.bulk_create(
        [
            PartQuestion(part=part, course=course, position=position, version=versions[questions[uid].pk, hashes[uid]])
            for position, uid in enumerate(hashes, start=1)
        ],
        ignore_conflicts=True,
    )


def _add_versions(contents: Sequence[Content], hashes: Mapping[str, str], questions: Mapping[str, Question]) -> None:
    rows = QuestionVersion.objects.filter(question__in=questions.values())
    known = set(rows.filter(hash__in=hashes.values()).values_list("question_id", "hash"))
    latest = dict(rows.values_list("question_id").annotate(Max("number")))
    QuestionVersion.objects.bulk_create(
        [
            QuestionVersion(
                question=questions[each["uid"]],
                number=latest.get(questions[each["uid"]].pk, 0) + 1,
                hash=hashes[each["uid"]],
                type=each["type"],
                content=dict(each),
            )
            for each in contents
            if (questions[each["uid"]].pk, hashes[each["uid"]]) not in known
        ],
        ignore_conflicts=True,
    )
