"""A file of questions is read by a job, looked at, taken by another job, and taken back."""

import dataclasses
import json
from collections.abc import Callable
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.files import File
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from core.errors import Conflict, InvalidInput
from courses.models import CourseEditor, LessonText
from quizzes import jobs_exchange
from quizzes.models import Bank, ImportItem, Question, QuestionImport, QuestionVersion
from quizzes.services import arranging, banking, importing, taking
from tests.factories.courses import publish_course
from tests.factories.quizzes import publish_quiz

pytestmark = pytest.mark.django_db

GOOD = "::Due date:: When is it due? {=Friday#Right. ~Monday#Too soon.}\n\n::Sum:: 2 and 2? {#4}\n"
BROKEN = "\n::Nothing:: No key {~a ~b}\n"
UNDONE, TAKEN, READ = QuestionImport.State.UNDONE, QuestionImport.State.TAKEN, QuestionImport.State.READ


def bank() -> Bank:
    return Bank.objects.create(slug="the-bank", title="The bank", audience=Bank.Audience.PUBLIC)


def begun(text: str = GOOD, **more: object) -> QuestionImport:
    into = Bank.objects.first() or bank()
    return importing.begin(bank=into, file=File(BytesIO(text.encode())), name="week.gift", by=None, **more)


def read(text: str = GOOD, **more: object) -> QuestionImport:
    source = begun(text, **more)
    assert jobs_exchange.go_on(source.pk)
    source.refresh_from_db()
    return source


def taken(source: QuestionImport) -> QuestionImport:
    importing.want(source)
    assert jobs_exchange.go_on(source.pk)
    source.refresh_from_db()
    return source


def test_good_questions_of_a_bad_file_become_drafts_and_the_bad_one_keeps_its_line_and_reason():
    source = taken(read(GOOD + BROKEN))
    assert (source.state, source.read, source.refused, source.taken) == (TAKEN, 3, 1, 2)
    refused = source.items.get(question=None)
    assert refused.line == 5
    assert refused.reason
    assert list(Question.objects.values_list("name", "type").order_by("name")) == [
        ("Due date", "single"),
        ("Sum", "num"),
    ]
    assert set(QuestionVersion.objects.values_list("state", flat=True)) == {"draft"}
    assert not source.file


def test_strict_takes_all_or_nothing():
    source = read(GOOD + BROKEN, strict=True)
    with pytest.raises(Conflict):
        importing.want(source)
    assert not Question.objects.exists()
    assert taken(read(GOOD, strict=True)).taken == 2


def test_a_killed_job_is_gone_on_with_by_the_sweep_and_nothing_comes_twice(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(importing, "BATCH", 1)
    source = read()
    importing.want(source)
    beats = []

    def killed() -> None:
        beats.append(1)
        raise KeyboardInterrupt

    source.refresh_from_db()
    with pytest.raises(KeyboardInterrupt):
        importing.take(source, beat=killed)
    assert Question.objects.count() == 1
    assert jobs_exchange.sweep_imports() == 1
    assert Question.objects.count() == 2
    assert jobs_exchange.sweep_imports() == 0
    assert not jobs_exchange.go_on(source.pk)


def test_two_workers_do_not_read_one_file_at_once():
    source = begun()
    QuestionImport.objects.filter(pk=source.pk).update(lease_until=importing.lease())
    assert not jobs_exchange.go_on(source.pk)


def test_undoing_keeps_what_somebody_has_worked_on():
    source = taken(read())
    Question.objects.get(name="Sum").comments.create(text="Four it is.")
    assert taking.undo(source) == (1, 1)
    assert taking.undo(source) == (0, 0)
    assert Question.objects.get().name == "Sum"
    assert QuestionImport.objects.get().state == UNDONE


@pytest.mark.parametrize("work", ["ready", "topic", "tag", "retire", "pick"])
def test_whatever_somebody_did_with_a_question_keeps_it_from_being_undone(work: str):
    source = taken(read())
    row = Question.objects.get(name="Sum")
    if work == "ready":
        banking.make_ready(question=row, seen=banking.standing_of(row), actor=None)
    elif work == "topic":
        arranging.set_detail([row], "topic", "Sums")
    elif work == "tag":
        arranging.tag([row], ["sums"])
    elif work == "retire":
        arranging.retire([row])
    else:
        text = LessonText.objects.get(lesson__course=publish_quiz(), lesson__kind="quiz")
        LessonText.objects.filter(pk=text.pk).update(
            content={**text.content, "picks": [{"bank": row.bank.slug, "uid": row.uid}]}
        )

    assert taking.undo(source) == (1, 1)
    assert Question.objects.filter(bank=source.bank).get() == row


def test_a_file_that_another_tab_has_asked_to_take_is_not_forgotten():
    source = read()
    seen_before = QuestionImport.objects.get(pk=source.pk)
    importing.want(source)
    with pytest.raises(Conflict):
        importing.throw_away(seen_before)
    assert jobs_exchange.go_on(source.pk)
    assert Question.objects.count() == 2
    left = read()
    importing.throw_away(left)
    with pytest.raises(Conflict):
        importing.throw_away(left)
    assert QuestionImport.objects.get().pk == source.pk


def test_the_sweep_leaves_a_file_that_somebody_came_back_to(monkeypatch: pytest.MonkeyPatch):
    old, taken_late = read(), read()
    monkeypatch.setattr(importing, "forgotten", lambda: [taken_late, old])
    importing.want(taken_late)
    assert jobs_exchange.sweep_imports() == 1
    assert QuestionImport.objects.get().state == TAKEN
    assert Question.objects.count() == 2


def test_the_same_name_twice_gets_a_uid_of_its_own():
    taken(read())
    taken(read())
    assert sorted(Question.objects.values_list("uid", flat=True)) == ["due-date", "due-date-2", "sum", "sum-2"]


def test_what_cannot_be_a_file_of_questions_is_refused_in_words():
    with pytest.raises(InvalidInput, match="empty"):
        begun("")
    file = File(BytesIO(b"\x00\x01\x02"))
    source = importing.begin(bank=Bank.objects.get(), file=file, name="x.xml", format="moodlexml", by=None)
    jobs_exchange.go_on(source.pk)
    source.refresh_from_db()
    assert source.state == QuestionImport.State.FAILED
    assert source.fault
    assert not ImportItem.objects.exists()


def test_the_command_prints_one_line_of_json(tmp_path: Path):
    bank()
    file = tmp_path / "week.gift"
    file.write_text(GOOD + BROKEN)
    out = StringIO()
    call_command("import_questions", str(file), bank="the-bank", ready=True, stdout=out)
    told = json.loads(out.getvalue())
    assert (told["imported"], [each["line"] for each in told["skipped"]]) == (2, [5])
    assert set(QuestionVersion.objects.values_list("state", flat=True)) == {"ready"}
    out = StringIO()
    call_command("export_questions", str(tmp_path / "back.yaml"), bank="the-bank", format="yaml", stdout=out)
    assert json.loads(out.getvalue())["exported"] == 2
    with pytest.raises(CommandError, match="no bank"):
        call_command("import_questions", str(file), bank="nowhere")


def test_an_exported_bank_comes_back_as_it_was(tmp_path: Path):
    taken(read(as_ready=True))
    call_command("export_questions", str(tmp_path / "all.yaml"), bank="the-bank", format="yaml", stdout=StringIO())
    out = StringIO()
    call_command("import_questions", str(tmp_path / "all.yaml"), bank="the-bank", stdout=out)
    assert json.loads(out.getvalue())["skipped"] == []
    assert Question.objects.count() == 2
    assert QuestionVersion.objects.count() == 2


@pytest.fixture
def hana(instructor: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(instructor)


@pytest.fixture
def own_bank(instructor: User) -> Bank:
    course = publish_course()
    CourseEditor.objects.create(course=course, person=instructor)
    return Bank.objects.create(slug="own", title="Own", course=course)


def test_an_instructor_uploads_looks_and_takes(hana: Client, own_bank: Bank):
    page = hana.get("/author/questions/import/?bank=own")
    assert page.status_code == 200
    upload = SimpleUploadedFile("week.gift", (GOOD + BROKEN).encode())
    answer = hana.post("/author/questions/import/", {"file": upload, "bank": own_bank.pk})
    assert answer.status_code == 302
    here = answer["Location"]
    assert "data-working" in hana.get(here).content.decode()
    source = QuestionImport.objects.get()
    jobs_exchange.go_on(source.pk)
    looked = hana.get(here).content.decode()
    assert "When is it due?" in looked
    assert "Take 2 questions" in looked
    assert "Right would be: 4" in looked
    assert "Your answer: not right" not in looked  # nobody was asked
    assert not Question.objects.exists()
    assert "line 5" in hana.get(f"{here}?show=refused").content.decode()
    hana.post(f"{here}take/")
    jobs_exchange.go_on(source.pk)
    assert "2 questions imported" in hana.get(here).content.decode()
    assert "Nothing" in b"".join(hana.get(f"{here}report.csv").streaming_content).decode()
    hana.post(f"{here}undo/")
    assert not Question.objects.exists()


def test_what_another_tab_took_is_not_forgotten_and_the_list_says_so(hana: Client, own_bank: Bank):
    source = read()
    importing.want(source)
    answer = hana.post(f"/author/questions/import/{source.pk}/forget/", follow=True)
    assert "nothing to forget any more" in answer.content.decode()
    assert QuestionImport.objects.get().state == QuestionImport.State.WANTED


def test_bad_uploads_are_told_beside_the_field(hana: Client, own_bank: Bank):
    answer = hana.post("/author/questions/import/", {"bank": own_bank.pk})
    assert answer.status_code == 422
    odd = SimpleUploadedFile("odd.bin", b"\x00\x01\x02\x03")
    answer = hana.post("/author/questions/import/", {"file": odd, "bank": own_bank.pk})
    assert answer.status_code == 422
    assert "Choose its format" in answer.content.decode()


def test_chosen_questions_are_exported_and_what_a_format_cannot_hold_is_said_first(hana: Client, own_bank: Bank):
    taken(read("::Plain:: Which? {=A ~B}\n\n::Sum:: 2 and 2? {#4}\n"))
    Question.objects.update(bank=own_bank)
    keys = [str(each.pk) for each in Question.objects.all()]
    said = hana.post("/author/questions/export/", {"question": keys, "format": "aiken"}).content.decode()
    assert "cannot hold 1 question" in said
    file = hana.post("/author/questions/export/", {"question": keys, "format": "aiken", "anyway": "1"})
    assert b"ANSWER:" in b"".join(file.streaming_content)


YAML = """format: lendcraft-questions/1
questions:
- uid: due
  type: single
  stem: "{stem}"
  options:
  - {{id: a, text: Friday, right: true}}
  - {{id: b, text: Monday, right: false}}
"""


def dated(stem: str, **more: object) -> QuestionImport:
    """A file of one question, ``due``, that was taken into the bank."""
    into = Bank.objects.first() or bank()
    text = YAML.format(stem=stem).encode()
    source = importing.begin(bank=into, file=File(BytesIO(text)), name="q.yaml", by=None, **more)
    assert jobs_exchange.go_on(source.pk)
    source.refresh_from_db()
    return taken(source)


def test_words_that_the_question_said_before_stand_again():
    for stem in ("When?", "On which day?", "When?"):
        assert dated(stem, as_ready=True).taken == 1
    question = Question.objects.get()
    assert [question.ready.number, question.versions.count()] == [1, 2]


@pytest.mark.parametrize("as_ready", [True, False])
def test_a_question_is_found_by_its_new_words(as_ready: bool):
    dated("When?", as_ready=True)
    before = Question.objects.get()
    dated("On which day?", as_ready=as_ready)
    question = Question.objects.get()
    assert question.words == "On which day?"
    assert question.fingerprint != before.fingerprint


def test_a_question_whose_picture_is_missing_is_not_taken_as_ready():
    item = dated("![A shelf](media/shelf.png) When?", as_ready=True).items.get()
    assert (item.question.ready, item.question.draft.number) == (None, 1)
    assert "It stays a draft: “shelf.png”, which it shows, is not there." in item.warnings


def test_a_question_of_nothing_but_spaces_is_refused_alone():
    into, text = bank(), YAML.format(stem="When?") + YAML.format(stem="  ").partition("questions:\n")[2]
    source = importing.begin(bank=into, file=File(BytesIO(text.encode())), name="q.yaml", by=None)
    jobs_exchange.go_on(source.pk)
    source.refresh_from_db()

    assert (source.state, source.read, source.refused) == (READ, 2, 1)
    assert "“stem” is empty" in source.items.exclude(reason="").get().reason


def test_undoing_leaves_alone_what_the_bank_had_already():
    """Two people upload the same file; the second one's question is the first one's."""
    into = bank()
    text = YAML.format(stem="When?").encode()
    second = importing.begin(bank=into, file=File(BytesIO(text)), name="q.yaml", by=None)
    jobs_exchange.go_on(second.pk)
    dated("When?")
    second.refresh_from_db()
    assert taken(second).taken == 1
    assert taking.undo(second) == (0, 0)
    assert Question.objects.count() == 1


def test_a_file_over_which_its_reader_stumbles_says_so_and_is_not_read_for_ever(monkeypatch: pytest.MonkeyPatch):
    def stumbling(file: object, *, name: str) -> object:
        raise IndexError("tuple index out of range")

    monkeypatch.setitem(importing.formats, "gift", dataclasses.replace(importing.formats["gift"], read=stumbling))
    source = read()
    assert source.state == QuestionImport.State.FAILED
    assert source.fault == "Something in this file cannot be read here, and we have noted it. None of it was taken."
    assert jobs_exchange.sweep_imports() == 0


def test_one_import_that_fails_does_not_keep_the_others_waiting(monkeypatch: pytest.MonkeyPatch):
    for source in [read(), read("::Three:: 1 and 2? {#3}\n")]:
        importing.want(source)
    real = taking.free_uid
    monkeypatch.setattr(taking, "free_uid", lambda uid, taken: real(uid, taken) if uid == "three" else 1 // 0)
    assert jobs_exchange.sweep_imports() == 1
    assert Question.objects.get().name == "Three"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("q.csv", "type,stem,right,answer_1,answer_2\nsingle,Due?,1,Today,Tomorrow\n"),
        ("q.yaml", YAML.format(stem="A") + YAML.format(stem="B").partition("questions:\n")[2].replace("Friday", "Now")),
    ],
)
def test_a_uid_that_was_made_up_is_no_question_that_the_bank_has(name: str, text: str):
    """The cells have no uid, or the uid stands twice: what it became must not take another question's place."""
    dated("When?", as_ready=True)
    [first] = Question.objects.all()
    Question.objects.filter(pk=first.pk).update(uid="due-2" if name == "q.yaml" else "due")
    source = importing.begin(bank=first.bank, file=File(BytesIO(text.encode())), name=name, by=None, as_ready=True)
    jobs_exchange.go_on(source.pk)
    source.refresh_from_db()
    taken(source)
    first.refresh_from_db()
    assert (first.versions.count(), first.words) == (1, "When?")
    assert Question.objects.count() == 1 + source.read
