"""'Why is it not complete?': the rules still unmet, the same for learner and supervisor."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from courses.registry import kinds
from progress.models import CourseState


@dataclass(frozen=True)
class Missing:
    """A lesson that still misses something. ``state``: ``started``, ``new`` or ``locked`` (``opens_after`` others)."""

    uid: str
    number: int
    kind: str
    title: str
    state: str
    why: tuple[str, ...]
    opens_after: tuple[str, ...] = ()


def missing_in(state: CourseState) -> tuple[Missing, ...]:
    """What is missing in a course, in outline order; no query."""
    titles = {entry["uid"]: entry["title"] for entry in state.unmet}
    rows = []
    for entry in state.unmet:
        after = tuple(titles[uid] for uid in entry.get("after", ()) if uid in titles)
        kind = kinds.get(entry["kind"])
        rows.append(
            Missing(
                uid=entry["uid"],
                number=entry["number"],
                kind=str(kind.label) if kind else _("Lesson"),
                title=entry["title"],
                state="locked" if after else entry["state"],
                why=tuple(entry["why"]),
                opens_after=after,
            )
        )
    return tuple(rows)
