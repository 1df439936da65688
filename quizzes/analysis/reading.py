"""What the database adds up: one grouped statement over the marks, and one for the times."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

from quizzes.analysis.measures import Sums
from quizzes.models import Result

CHUNK = 500
THIRDS = 3

LONGEST = 600_000  # ms: a page left open over night counts as ten minutes

# Totals are whole numbers of 0.00001 points, so that equal totals are equal; where the border between two thirds runs
# through equal totals, the older result is in the better third. Grouping by what an answer is worth as well leaves only
# the totals to be added up: the rest is multiplication. Answers that people mark are not read, only whether there is one.
GROUPED = """
WITH scope(result_id) AS ({scope}),
total AS (
    SELECT mark.result_id,
           CAST(SUM({points} * CAST(ROUND(mark.fraction * 100000) AS bigint)) AS double precision) / 100000 AS earned,
           CAST(SUM({points}) AS double precision) AS most
      FROM scope JOIN quizzes_slotmark mark ON mark.result_id = scope.result_id {slots}
     GROUP BY mark.result_id
),
placed AS (
    SELECT result_id, most, earned, NTILE(3) OVER (ORDER BY earned / most DESC, result_id) AS third FROM total
)
SELECT slot.version_id, placed.third, CAST({answer} AS text), CAST(mark.fraction AS double precision), placed.most,
       COUNT(*), SUM(placed.earned), SUM(placed.earned * placed.earned),
       COUNT(mark.ms), SUM(CASE WHEN mark.ms > {longest} THEN {longest} ELSE mark.ms END)
  FROM placed JOIN quizzes_slotmark mark ON mark.result_id = placed.result_id {slots_again}
 GROUP BY slot.version_id, placed.third, {answer}, mark.fraction, placed.most
 ORDER BY 1, 6 DESC, 3, 2, 4, 5
"""
SLOTS = "JOIN quizzes_slot slot ON slot.id = mark.slot_id"


@dataclass(frozen=True)
class Group:
    """Attempts of one third (0 is the best) that gave the same ``answer`` (JSON text) to one version."""

    version: int
    third: int
    answer: str | None
    sums: Sums


def groups(results: QuerySet[Result], *, points: Mapping[int, int], manual: Sequence[int]) -> Iterator[Group]:
    """The marks of ``results`` by version, third of the total and answer; versions one after another, frequent answers
    first. Streamed: what is held does not grow with the number of attempts.

    ``points`` names the versions that count more than 1 point, ``manual`` those whose answers are not read.
    """
    scope, parameters = results.order_by().values("pk").query.sql_with_params()
    statement = GROUPED.format(
        scope=scope,
        points=_points(points),
        answer=_answer(manual),
        slots=SLOTS if points else "",
        slots_again=SLOTS,
        longest=LONGEST,
    )
    with closing(connection.chunked_cursor()) as cursor:
        cursor.execute(statement, parameters)
        while rows := cursor.fetchmany(CHUNK):
            for version, third, answer, x, most, *sums in rows:
                yield Group(version, third - 1, answer, sums_of(x, points.get(version, 1), most, *sums))


def sums_of(
    x: float, points: int, most: float, n: int, total: float, total2: float, timed: int, ms: int | None
) -> Sums:
    """The sums of ``n`` attempts that earned the share ``x`` of a question's ``points``, of ``most`` in all.

    ``total`` and ``total2`` add up the attempts' points and their squares.
    """
    own, others = points * x, most - points or 1.0
    rest = (total - n * own) / others
    rest2 = (total2 - 2 * own * total + n * own * own) / others**2
    return Sums(n, n * x, n * x * x, rest, rest2, x * rest, own * total, n if x == 1 else 0, timed, int(ms or 0))


def _points(points: Mapping[int, int]) -> str:
    cases = " ".join(f"WHEN {int(version)} THEN {int(many)}" for version, many in points.items())
    return f"CASE slot.version_id {cases} ELSE 1 END" if cases else "1"


def _answer(manual: Sequence[int]) -> str:
    if not manual:
        return "mark.answer"
    unread = f"slot.version_id IN ({', '.join(str(int(version)) for version in manual)})"
    text = "CAST(mark.answer AS text)"
    return f"CASE WHEN {unread} AND {text} NOT IN ('null', '\"\"') THEN '0' ELSE {text} END"
