"""Banks, and the words of the questions in them: written, made ready, taken back (D14).

A question has ready versions, which never change, and at most one draft. Whoever saves says which version they had
before their eyes (``seen``); another one by now means that somebody was faster.
"""

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from core import clock
from core.errors import Conflict, InvalidInput
from courses.models import Course, CourseMedia, LessonText, MediaFile
from quizzes.models import Bank, Question, QuestionFile, QuestionTag, QuestionVersion
from quizzes.registry import Content, types
from quizzes.rendering import used_media
from quizzes.services.filing import describe, fingerprint_of, keep_files, question_hash, words_of
from quizzes.soundness import faults_of, shape_faults

UID_MAX = 32
TAGS_MOST = 20
TAKEN_SLUGS = {"new"}  # an address of the bank pages
Files = Mapping[str, int]


@dataclass(frozen=True)
class Details:
    """What a bank keeps beside a question's words. None of it is part of a version."""

    name: str = ""
    topic: str = ""
    difficulty: str = ""
    language: str = ""
    author: str = ""
    licence: str = ""
    review_by: dt.date | None = None
    tags: tuple[str, ...] = ()

    @classmethod
    def of(cls, question: Question) -> "Details":
        """As ``question`` has them. One query, for the tags."""
        return cls(
            **{name: getattr(question, name) for name in ROW_DETAILS},
            tags=tuple(question.tags.values_list("name", flat=True)),
        )


ROW_DETAILS = ("name", "topic", "difficulty", "language", "author", "licence", "review_by")


class SomebodyWasFaster(Conflict):
    """The question was saved, frozen or taken back by somebody else; ``question`` is the row as it stands now."""

    def __init__(self, question: Question) -> None:
        super().__init__(_("Somebody else changed this question while you were writing. Both texts are below."))
        self.question = question


def standing_of(question: Question) -> str:
    """What an author has before their eyes: the version that is open and how often it was saved."""
    current = question.draft or question.ready
    return f"{current.pk}.{current.revision}" if current else ""


# Banks


@transaction.atomic
def create_bank(*, organisation: Organisation, title: str, audience: str) -> Bank:
    """A bank of ``organisation``. Its slug is made from the title and stays; of two of one title the later gets more."""
    bank = Bank(slug=slugify(title)[:80] or "bank", title=title, organisation=organisation, audience=audience)
    if bank.slug in TAKEN_SLUGS or Bank.objects.filter(slug=bank.slug).exists():
        bank.slug = _longer(bank.slug)
    try:
        with transaction.atomic():
            bank.save()
    except IntegrityError:  # the same title at the same moment
        bank.slug = _longer(bank.slug)
        bank.save()
    return bank


def _longer(slug: str) -> str:
    return f"{slug}-{secrets.token_hex(3)}"


@transaction.atomic
def change_bank(*, bank: Bank, title: str, audience: str) -> Bank:
    """Another name or audience. Raises ``InvalidInput`` when there is no library to share with."""
    if bank.organisation_id is None and audience in (Bank.Audience.ORGANISATION, Bank.Audience.SHARED):
        said = _("This bank belongs to no library; choose another audience.")
        raise InvalidInput(said, fields={"audience": said})
    bank.title, bank.audience = title, audience
    bank.save(update_fields=["title", "audience"])
    return bank


# Writing


@transaction.atomic
def create_question(*, bank: Bank, content: Content, details: Details, files: Files, actor: User | None) -> Question:
    """A question whose first version is a draft. Raises ``InvalidInput`` when the content has not the shape of its type."""
    sound = _shaped({"uid": "new", **content})
    bank = Bank.objects.select_for_update().get(pk=bank.pk)  # two savers never find the same uid free
    if "uid" not in content:
        sound["uid"] = _free_uid(bank, details.name or words_of(sound))
    elif bank.questions.filter(uid=sound["uid"]).exists():
        raise InvalidInput(_("The bank has a question “%(uid)s” already.") % {"uid": sound["uid"]})
    question = Question(bank=bank, uid=sound["uid"], type=sound["type"], created_by=actor)
    _set_details(question, details)
    question.save()
    _set_tags(question, details.tags)
    _write_draft(question, sound, files, "", actor)
    return question


@transaction.atomic
def save_draft(
    *, question: Question, seen: str, content: Content, details: Details, files: Files, note: str, actor: User | None
) -> Question:
    """Save ``content`` as the draft of ``question``, which begins with the first saving; the same words save nothing.

    Raises ``InvalidInput`` with each fault of its shape by path, ``SomebodyWasFaster`` when another save came first.
    """
    question = _locked(question, seen)
    sound = _shaped({**content, "uid": question.uid})
    _set_details(question, details)
    _set_tags(question, details.tags)
    current = question.draft or question.ready
    same = current is not None and current.content == sound and _files_of_row(current, sound) == _used(files, sound)
    if question.draft is not None and question.draft.language != question.language:
        same = False  # a ready version keeps the language that it was frozen in
    if not same:
        _write_draft(question, sound, files, note, actor)
    question.words = words_of(sound, question.name)
    question.changed_at = clock.now()
    question.save()
    return question


def _locked(question: Question, seen: str) -> Question:
    """The row as it stands now, held against other savers. Raises ``SomebodyWasFaster`` when ``seen`` is old."""
    # The lock has to be a statement of its own: the versions are read after the wait, else they are those from before it.
    list(Question.objects.select_for_update().filter(pk=question.pk).values_list("pk"))
    row = Question.objects.select_related("bank", "ready", "draft").get(pk=question.pk)
    if standing_of(row) != seen:
        raise SomebodyWasFaster(row)
    return row


def _shaped(content: Content) -> dict[str, Any]:
    broken = shape_faults(content)
    if broken:
        raise InvalidInput(_("The question was not saved."), fields=dict(broken))
    return types[content["type"]].snapshot(content)


def _write_draft(question: Question, content: dict[str, Any], files: Files, note: str, actor: User | None) -> None:
    draft = question.draft or QuestionVersion(question=question, number=_last(question) + 1, revision=0)
    draft.state = QuestionVersion.State.DRAFT
    draft.type, draft.content, draft.language = content["type"], content, question.language
    draft.hash = question_hash(content, _shas(files))
    draft.note, draft.created_by, draft.created_at = note[:200], actor, clock.now()
    draft.revision += 1
    draft.save()
    QuestionFile.objects.filter(version=draft).delete()
    keep_files(draft, _used(files, content))
    question.draft, question.type = draft, draft.type
    question.words, question.fingerprint = words_of(content, question.name), fingerprint_of(content)
    question.changed_at = clock.now()
    question.save()


def _last(question: Question) -> int:
    return question.versions.aggregate(last=Max("number"))["last"] or 0


def _used(files: Files, content: Content) -> dict[str, int]:
    return {name: files[name] for name in used_media(content) if name in files}


def _files_of_row(version: QuestionVersion, content: Content) -> dict[str, int]:
    return _used(files_of(version), content)


def _shas(files: Files) -> dict[str, str]:
    shas = dict(MediaFile.objects.filter(pk__in=files.values()).values_list("pk", "sha256"))
    return {name: shas[pk] for name, pk in files.items() if pk in shas}


def files_of(version: QuestionVersion) -> dict[str, int]:
    """Keys of the media files of ``version`` by name: its own, else those that its bank's course holds. Two queries."""
    wanted = used_media(version.content)
    if not wanted:
        return {}
    own = dict(QuestionFile.objects.filter(version=version).values_list("name", "media"))
    held = CourseMedia.objects.filter(course__bank=version.question.bank_id, name__in=wanted)
    return dict(held.values_list("name", "media")) | own


def _set_details(question: Question, details: Details) -> None:
    for name in ROW_DETAILS:
        setattr(question, name, getattr(details, name))


def _set_tags(question: Question, tags: Sequence[str]) -> None:
    question.tags.exclude(name__in=tags).delete()
    QuestionTag.objects.bulk_create([QuestionTag(question=question, name=name) for name in tags], ignore_conflicts=True)


def _free_uid(bank: Bank, said: str) -> str:
    """A uid of the first words of ``said`` that the bank has not yet."""
    base = slugify(said).replace("_", "-")[:UID_MAX].strip("-") or "question"
    taken = set(bank.questions.filter(uid__startswith=base).values_list("uid", flat=True))
    if base not in taken:
        return base
    return next(each for each in (f"{base}-{number}" for number in range(2, len(taken) + 3)) if each not in taken)


# From draft to ready and back


@transaction.atomic
def make_ready(*, question: Question, seen: str, actor: User | None) -> Question:
    """Freeze the draft: quizzes take it from now on, and the drafts of the bank's course say the same at once.

    Raises ``InvalidInput`` with every fault by path, ``SomebodyWasFaster``, ``Conflict`` when there is no draft.
    """
    course = _locked_course(question.bank.course_id)
    row = _locked(question, seen)
    if row.draft is None:
        raise Conflict(_("There is no draft; the question is ready as it stands."))
    return _make_ready(row, row.draft, course, actor)


def _make_ready(question: Question, draft: QuestionVersion, course: Course | None, actor: User | None) -> Question:
    """Freeze ``draft``, which ``question`` has, under the lock of ``course``."""
    draft.question = question
    files = files_of(draft)
    faults = faults_of(draft.content, set(files))
    if faults:
        raise InvalidInput(_("The question is not ready yet."), fields=dict(faults))
    version = _freeze(draft, files)
    question.draft = None
    question.changed_at = clock.now()
    question.save(update_fields=["draft", "changed_at"])
    version.question = question
    describe([version])
    if course is not None:
        write_through(version=version, course=course, files=files, actor=actor)
    return question


@transaction.atomic
def create_ready(*, bank: Bank, content: Content, details: Details, files: Files, actor: User | None) -> Question:
    """A question whose first version is ready. Raises ``InvalidInput`` with every fault; then there is no question."""
    course = _locked_course(bank.course_id)
    made = create_question(bank=bank, content=content, details=details, files=files, actor=actor)
    return _make_ready(made, made.draft, course, actor) if made.draft else made


@transaction.atomic
def save_ready(
    *, question: Question, seen: str, content: Content, details: Details, files: Files, note: str, actor: User | None
) -> Question:
    """Save and freeze in one step, or neither. Words that are ready already stay as they are."""
    course = _locked_course(question.bank.course_id)
    saved = save_draft(
        question=question, seen=seen, content=content, details=details, files=files, note=note, actor=actor
    )
    return _make_ready(saved, saved.draft, course, actor) if saved.draft else saved


def _locked_course(pk: int | None) -> Course | None:
    return Course.objects.select_for_update().get(pk=pk) if pk else None


def _freeze(draft: QuestionVersion, files: Files) -> QuestionVersion:
    """The draft as a ready version; when an earlier one says the same, that one stands again."""
    hashed = question_hash(draft.content, _shas(files))
    known = QuestionVersion.objects.filter(
        question=draft.question_id, state=QuestionVersion.State.READY, hash=hashed
    ).first()
    if known is not None:
        Question.objects.filter(pk=draft.question_id).update(draft=None)
        draft.delete()
        return known
    draft.hash, draft.state = hashed, QuestionVersion.State.READY
    last = _last(draft.question)
    draft.number = draft.number if draft.number == last else last + 1  # publishing may have filed one meanwhile
    draft.save()
    keep_files(draft, files)
    return draft


def write_through(*, version: QuestionVersion, course: Course, files: Files, actor: User | None) -> int:
    """Say what ``version`` says in every quiz of the draft of ``course`` that holds the question; gives how many changed.

    The caller holds the lock of the course row. Raises ``Conflict`` when the course has another file of the same name.
    """
    uid = version.question.uid
    texts = LessonText.objects.filter(lesson__course=course, lesson__kind="quiz")
    changed = []
    for text in texts.filter(language=version.language or course.first_language):
        questions = text.content.get("questions", [])
        renewed = [version.content if each.get("uid") == uid else each for each in questions]
        if renewed != questions:
            text.content = {**text.content, "questions": renewed}
            text.version, text.changed_at, text.changed_by = text.version + 1, clock.now(), actor
            changed.append(text)
    if changed:
        _lend_files(course, files)
        LessonText.objects.bulk_update(changed, ["content", "version", "changed_at", "changed_by"])
    return len(changed)


def _lend_files(course: Course, files: Files) -> None:
    """Hold ``files`` in the draft of ``course``, too."""
    held = dict(CourseMedia.objects.filter(course=course, name__in=files).values_list("name", "media"))
    for name, media in files.items():
        if held.get(name, media) != media:
            raise Conflict(
                _("The course has another file called “%(name)s”; give yours another name.") % {"name": name}
            )
    CourseMedia.objects.bulk_create(
        [CourseMedia(course=course, media_id=media, name=name) for name, media in files.items() if name not in held]
    )


@transaction.atomic
def discard_draft(*, question: Question, seen: str) -> Question | None:
    """Throw the draft away; the ready version stands. A question that never was ready goes with it (None)."""
    question = _locked(question, seen)
    draft = question.draft
    if draft is None:
        raise Conflict(_("There is no draft to throw away."))
    question.draft = None
    question.save(update_fields=["draft"])
    draft.delete()
    if question.ready is None:
        question.delete()
        return None
    question.ready.question = question
    describe([question.ready])
    return question


@transaction.atomic
def restore(*, question: Question, version: QuestionVersion, seen: str, actor: User | None) -> Question:
    """What ``version`` said becomes the draft, in place of the one there is."""
    question = _locked(question, seen)
    version.question = question
    note = _("As in version %(number)d") % {"number": version.number}
    _write_draft(question, version.content, files_of(version), note, actor)
    return question


@transaction.atomic
def duplicate(*, question: Question, bank: Bank, actor: User | None) -> Question:
    """A copy of ``question`` as a new draft in ``bank``, with its details, tags and files."""
    version = question.draft or question.ready
    if version is None:
        raise Conflict(_("There is nothing to copy yet."))
    version.question = question
    files = files_of(version)
    details = Details.of(question)
    content = {key: value for key, value in version.content.items() if key != "uid"}
    return create_question(
        bank=bank, content=content | {"uid": _free_uid(bank, question.uid)}, details=details, files=files, actor=actor
    )
