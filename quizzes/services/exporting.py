"""Questions on their way out, in any of the formats."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from django.core.files.storage import default_storage
from django.db.models import QuerySet

from quizzes.exchange.registry import formats
from quizzes.exchange.values import Exported, Meta, Refusal, Where
from quizzes.models import Question, QuestionFile, QuestionVersion

BATCH = 200


@dataclass(frozen=True)
class Outcome:
    """How many questions were written, and what the format could not hold."""

    written: int
    refused: Sequence[Refusal]


def export(questions: QuerySet[Question], *, format: str, out: BinaryIO) -> Outcome:  # noqa: A002  (the field's word)
    """Write ``questions`` (their ready version, else their draft) into ``out``; flat in memory where the format allows."""
    counted = _Counted(exported(questions))
    refused = formats[format].write(counted, out)
    return Outcome(counted.count - len(refused), refused)


class _Counted:
    def __init__(self, items: Iterable[Exported]) -> None:
        self.items, self.count = items, 0

    def __iter__(self) -> Iterator[Exported]:
        for each in self.items:
            self.count += 1
            yield each


def exported(questions: QuerySet[Question]) -> Iterator[Exported]:
    """``questions`` with their files, in batches of a bounded number of queries each."""
    rows = questions.select_related("ready", "draft").prefetch_related("tags").order_by("uid", "pk")
    found = rows.iterator(chunk_size=BATCH)
    while batch := list(islice(found, BATCH)):
        versions = {each.pk: each.ready or each.draft for each in batch}
        files = _files([version for version in versions.values() if version])
        for question in batch:
            version = versions[question.pk]
            if version is not None:
                yield Exported(version.content, _meta(question), files.get(version.pk, {}))


def _files(versions: Sequence[QuestionVersion]) -> dict[int, dict[str, bytes]]:
    found: dict[int, dict[str, bytes]] = {}
    for row in QuestionFile.objects.filter(version__in=versions).select_related("media"):
        with default_storage.open(row.media.path) as file:
            found.setdefault(row.version_id, {})[row.name] = file.read()
    return found


def _meta(question: Question) -> Meta:
    return Meta(
        name=question.name,
        topic=question.topic,
        difficulty=question.difficulty,
        tags=tuple(tag.name for tag in question.tags.all()),
        language=question.language,
        author=question.author,
        licence=question.licence,
        review_by=question.review_by.isoformat() if question.review_by else "",
    )


def in_words(refusal: Refusal) -> dict[str, str]:
    """A refusal for a report."""
    where = refusal.where if isinstance(refusal.where, Where) else Where()
    return {"name": refusal.name, "where": str(where), "reason": refusal.reason}
