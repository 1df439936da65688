"""Cases of practice lessons, filed for the gallery when a course is published."""

from courses import markup
from courses.models import Course
from courses.registry import Parts
from quizzes.engines.registry import engines
from quizzes.models import PracticeCase


def file_cases(*, parts: Parts, course: Course) -> None:
    """File the cases of ``parts`` for ``course``; those that are there already stay. One statement; none without cases."""
    rows = [
        PracticeCase(
            part=part,
            course=course,
            uid=case["uid"],
            engine=source["engine"],
            title=case["title"],
            level=case.get("level", "working"),
            minutes=case.get("minutes", engines[source["engine"]].minutes),
            position=position,
            words=f"{case['title']} {markup.plain(markup.render(case.get('brief', '')))}",
        )
        for part, source in parts
        for position, case in enumerate(source.get("cases", ()), start=1)
    ]
    if rows:
        PracticeCase.objects.bulk_create(rows, ignore_conflicts=True)
