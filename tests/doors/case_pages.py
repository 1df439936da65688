"""The author's pages of practice: drafts of lessons and shared cases, in the letters of ``matrix``."""

from typing import Any

from courses.models import Course
from quizzes.models import SharedCase
from tests.doors.rows import Arguments, Row, only
from tests.doors.world import World
from tests.factories.practice import LESSON, publish_practice, share


def drafted(world: World) -> Course:
    """A practice lesson of the instructor in a course that only the library finds."""
    found = Course.objects.filter(slug="drafted-practice").first()
    return found or publish_practice(
        slug="drafted-practice",
        owner=world.people["instructor"],
        organisation=world.team.organisation,
        audience="organisation",
    )


def lesson(world: World) -> dict[str, Any]:
    return {"slug": drafted(world).slug, "uid": LESSON}


def case(world: World) -> dict[str, Any]:
    return lesson(world) | {"case": "case-1"}


def lent(audience: str) -> Arguments:
    """A case of the instructor that is shared with ``audience``."""

    def found(world: World) -> dict[str, Any]:
        known = SharedCase.objects.filter(audience=audience).first()
        return {"pk": (known or share(drafted(world), uid=f"lent-{audience}", audience=audience)).pk}

    return found


def with_a_lent_case(world: World) -> dict[str, Any]:
    lent("organisation")(world)
    return {}


CASE_ROWS = [
    Row("quizzes_author:practice", "lnffofo", lesson),
    Row("quizzes_author:practice", "lnffofo", lesson, method="post"),
    Row("quizzes_author:practice_change", "lnffofo", lesson, method="post"),
    Row("quizzes_author:case_new", "lnffofo", lesson),
    Row("quizzes_author:case_new", "lnffofo", lesson, method="post"),
    Row("quizzes_author:case_new_look", "lnffofo", lesson, method="post"),
    Row("quizzes_author:case", "lnffofo", case),
    Row("quizzes_author:case", "lnffofo", case, method="post"),
    Row("quizzes_author:case_text", "lnffofo", case),
    Row("quizzes_author:case_text", "lnffofo", case, method="post"),
    Row("quizzes_author:case_look", "lnffofo", case, method="post"),
    Row("quizzes_author:case_play", "lnffofo", case, method="post"),
    Row("quizzes_author:case_share", "lnffofo", case),
    Row("quizzes_author:case_share", "lnffofo", case, method="post"),
    Row("quizzes_author:cases", "loffOfO", with_a_lent_case, shows="Errands of lent-organisation"),
    Row("quizzes_author:shared_case", "lnffofo", lent("organisation")),
    Row("quizzes_author:shared_case", "loffofo", lent("public")),
    Row("quizzes_author:shared_case", "lnffnfn", only(pk=lambda world: 0)),
    Row("quizzes_author:case_take", "lnffofo", lent("organisation"), method="post"),
    Row("quizzes_author:shared_case_play", "lnffofo", lent("organisation"), method="post"),
    Row("quizzes_author:case_withdraw", "lnffofo", lent("organisation"), method="post"),
    Row("quizzes_author:case_withdraw", "lfffofo", lent("public"), method="post"),
]
