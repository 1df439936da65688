"""Text and video, and a new kind that touches nothing else."""

import pytest
from django.urls import reverse

from courses import checks, registry
from courses.folder.faults import FolderFaults
from courses.folder.reading import read
from courses.folder.tree import scan
from courses.folder.writing import write
from courses.kinds.text import TextKind
from courses.kinds.video import VideoKind
from courses.registry import LessonFacts
from courses.services import drafts, editions
from courses.services.importing import import_folder
from courses.services.publishing import publish
from tests.courses.folders import COURSE, write_sample
from tests.factories.courses import course_spec, publish_course

CHECK = """Before.

```check
uid: C-1
type: single
stem: Which?
options:
  - {id: a, text: This, right: true, feedback: Yes.}
  - {id: b, text: That, right: false, feedback: No.}
```

After.
"""


@pytest.mark.parametrize(
    ("facts", "done"),
    [
        (LessonFacts(), False),
        (LessonFacts(opened=True), False),
        (LessonFacts(done=True), True),
        (LessonFacts(credited=True), True),
    ],
)
def test_a_text_is_done_when_the_learner_says_so(facts, done):
    verdict = TextKind().verdict({}, facts)
    assert verdict.done is done
    assert bool(verdict.unmet) is not done


@pytest.mark.parametrize(
    ("facts", "done"),
    [
        (LessonFacts(opened=True), False),
        (LessonFacts(watched_ms=899, duration_ms=1000), False),
        (LessonFacts(watched_ms=900, duration_ms=1000), True),
        (LessonFacts(watched_ms=5000, duration_ms=0), False),
        (LessonFacts(transcript_read=True), True),
        (LessonFacts(done=True), False),
        (LessonFacts(credited=True), True),
    ],
)
def test_a_video_is_done_when_watched_or_read(facts, done):
    assert VideoKind().verdict({}, facts).done is done


def test_an_unfinished_video_says_how_much_was_watched():
    (sentence,) = VideoKind().verdict({}, LessonFacts(watched_ms=456, duration_ms=1000)).unmet
    assert sentence == "Watch 90 % of the video, or read its transcript; you have watched 45 % so far."


@pytest.mark.django_db
def test_checks_stand_in_the_text_as_segments():
    course = publish_course(lessons=[("text", "one", {"body": CHECK})])
    part = course.current_edition.lessons.get().texts.get().part
    before, check, after = part.rendered["segments"]
    assert (before["html"], after["html"]) == ("<p>Before.</p>\n", "<p>After.</p>\n")
    assert (check["block"], check["id"], check["source"]["uid"]) == ("check", "check-1", "C-1")
    assert course.current_edition.texts.get().part.rendered["summaries"]["one"] == "Text, with 1 check question"


@pytest.mark.parametrize(
    ("body", "line", "said"),
    [
        (CHECK.replace("type: single", "type: dance"), 5, "“type” is “dance”"),
        (CHECK.replace("stem: Which?", "stem: A: B"), 6, "a colon within a text"),
        (CHECK.replace("right: true", "right: false"), 3, ""),
        ("- item\n\n  ```check\n  uid: a\n  ```\n", 3, "stands outside of lists"),
    ],
)
def test_a_fault_in_a_check_is_told_with_the_line_of_the_lesson(body, line, said):
    faults = TextKind().faults({"body": body, "source_format": "md"})
    assert faults
    assert any(path == f"body:{line}" or not said for path, _sentence in faults), faults
    assert any(said in sentence for _path, sentence in faults), faults


def test_two_questions_of_one_course_cannot_share_a_name():
    spec = course_spec(slug="names", lessons=[("text", "one", {"body": CHECK}), ("text", "two", {"body": CHECK})])
    (fault,) = checks.faults(spec, set())
    assert (fault.place.uid, fault.place.path) == ("two", "body:4")
    assert "“C-1” is taken by one in the lesson “one”" in fault.sentence


@pytest.mark.django_db
def test_an_html_lesson_stays_html_and_is_sanitised():
    body = '<h2>Hi</h2>\n<p onclick="x()">There <script>alert(1)</script></p>\n'
    course = publish_course(lessons=[("text", "one", {"body": body, "source_format": "html"})])
    part = course.current_edition.lessons.get().texts.get().part
    assert part.rendered["segments"] == [{"html": '<h2 id="s-hi">Hi</h2>\n<p>There </p>\n'}]
    assert editions.load(course.current_edition).lessons[0].texts["en"].content["body"] == body


@pytest.mark.django_db
def test_an_html_lesson_comes_back_from_its_folder(tmp_path):
    course = publish_course(lessons=[("text", "one", {"body": "<p>Hi</p>\n", "source_format": "html"})])
    write(drafts.load(course), tmp_path)
    assert "source_format: html" in (tmp_path / "lessons" / "one.md").read_text()
    assert read(scan(tmp_path)).spec == drafts.load(course)


class Postcard:
    """A lesson kind that a third app might bring: this module and one registration, nothing else."""

    name = "postcard"
    label = "Postcard"
    icon = "mail"
    template = "courses/kinds/text.html"
    file_suffix = ".yaml"
    rule_schema = {"type": "object", "additionalProperties": False, "properties": {"stamps": {"type": "integer"}}}
    content_schema = {
        "type": "object",
        "additionalProperties": False,
        "required": ["greeting"],
        "properties": {
            "greeting": {"type": "string", "description": "a greeting"},
            "reply_to": {"type": "string", "description": "the uid of a lesson"},
        },
    }

    def __init__(self):
        self.heard = []

    def faults(self, content):
        return [("greeting", "say it warmly")] if content["greeting"] == "Regards" else []

    def warnings(self, content):
        return [("greeting", "a name would be kind")] if "," not in content["greeting"] else []

    def uids(self, content):
        return []

    def lessons(self, content):
        return [("reply_to", content["reply_to"])] if "reply_to" in content else []

    def snapshot(self, content, media):
        return {"greeting": content["greeting"]}

    def render(self, source):
        return {"segments": [{"html": f"<p>{source['greeting']}</p>"}], "headings": []}

    def published(self, parts, course):
        self.heard += [(part.hash, source["greeting"], course.slug) for part, source in parts]

    def verdict(self, rule, facts):
        return registry.Verdict(done=facts.done)

    def summary(self, source):
        return "Postcard"

    def search_text(self, source):
        return source["greeting"]

    def context(self, request, player):
        return {}

    def actions(self):
        return {}


@pytest.fixture
def postcard(monkeypatch):
    kind = Postcard()
    monkeypatch.setitem(registry.kinds, "postcard", kind)
    return kind


@pytest.mark.django_db
def test_a_new_kind_goes_from_folder_to_page_and_back(postcard, tmp_path, client):
    lesson = "kind: postcard\ntitle: From the coast\nminutes: 1\nrule: {stamps: 2}\ngreeting: Warm wishes\n"
    outline = COURSE.replace("[hello, film]", "[hello, film, card]")
    root = write_sample(tmp_path / "in", **{"course.yaml": outline, "lessons/card.yaml": lesson})
    course = import_folder(path=root, actor=None).course
    edition = publish(course=course, kind="minor", note="", actor=None)
    assert postcard.heard == [(edition.lessons.get(uid="card").texts.get().part_id, "Warm wishes", "sample")]
    assert "Warm wishes" in client.get(reverse("courses:lesson", args=["sample", "card"])).content.decode()
    write(editions.load(edition), tmp_path / "out")
    assert (tmp_path / "out" / "lessons" / "card.yaml").read_text() == lesson.replace(
        "{stamps: 2}", "\n  stamps: 2"
    ).replace("rule: \n", "rule:\n")


@pytest.mark.django_db
def test_a_new_kinds_faults_are_told_like_all_others(postcard, tmp_path):
    lesson = "kind: postcard\ntitle: From the coast\nminutes: 1\ngreeting: Regards\n"
    outline = COURSE.replace("[hello, film]", "[hello, film, card]")
    root = write_sample(tmp_path, **{"course.yaml": outline, "lessons/card.yaml": lesson})
    with pytest.raises(Exception, match="lessons/card.yaml:4: say it warmly"):
        import_folder(path=root, actor=None)


def test_a_name_belongs_to_one_kind(postcard):
    class Other(Postcard):
        pass

    registry.register_kind(postcard)
    with pytest.raises(ValueError, match="taken"):
        registry.register_kind(Other())


def card_in(folder, greeting):
    lesson = f"kind: postcard\ntitle: From the coast\nminutes: 1\n{greeting}"
    return write_sample(
        folder, **{"course.yaml": COURSE.replace("[hello, film]", "[hello, film, card]"), "lessons/card.yaml": lesson}
    )


@pytest.mark.django_db
def test_a_lesson_that_a_kind_names_must_exist(postcard, tmp_path):
    nowhere = card_in(tmp_path / "nowhere", "greeting: Hi, all\nreply_to: the-moon\n")
    with pytest.raises(FolderFaults, match="lessons/card.yaml:5: no lesson of this course has the uid “the-moon”"):
        import_folder(path=nowhere, actor=None)
    assert import_folder(path=card_in(tmp_path / "here", "greeting: Hi, all\nreply_to: hello\n"), actor=None).changed


@pytest.mark.django_db
def test_what_a_kind_has_to_say_stands_among_the_notes_of_an_import(postcard, tmp_path):
    result = import_folder(path=card_in(tmp_path, "greeting: Warm wishes\n"), actor=None)
    assert [str(each) for each in result.warnings] == ["lessons/card.yaml:4: a name would be kind"]
