"""What a new lesson may begin with is sound from the first moment, in either format."""

import pytest

from courses import checks
from courses.kinds import prose
from courses.lesson_templates import TEMPLATES, template_of
from tests.factories.courses import publish_course


@pytest.mark.parametrize("form", ["md", "html"])
@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.key)
def test_a_template_is_a_sound_lesson_with_a_question(template, form):
    content = {"body": template.body(form), "source_format": form}
    assert checks.text_faults("text", content, uids=set(), media=set()) == []
    assert prose.body_warnings(content) == []
    rendered = prose.render_body({**content, "media": {}})
    assert [each["block"] for each in rendered["segments"] if "block" in each] == ["check"]
    html = " ".join(each.get("html", "") for each in rendered["segments"])
    assert "callout" in html or "<details" in html
    assert "<h2" in html


def test_two_lessons_of_one_template_can_stand_in_one_course(db):
    template = template_of("case")
    bodies = [template.body(), template.body("html")]
    publish_course(
        lessons=[
            ("text", "one", {"body": bodies[0]}),
            ("text", "two", {"body": bodies[1], "source_format": "html"}),
        ]
    )
    assert template_of("none") is None
