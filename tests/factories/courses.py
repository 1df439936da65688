"""Courses for tests: rows by factory-boy, and ``publish_course`` for a whole published course by the real services."""

from collections.abc import Iterable
from typing import Any

import factory
from factory.django import DjangoModelFactory

from courses.models import Course, CourseEditor, CourseText, Edition, Enrolment, Lesson, LessonText, Module, ModuleText
from courses.services import drafts
from courses.services.publishing import publish
from courses.spec import CourseSpec, CourseTextSpec, LessonSpec, LessonTextSpec, ModuleSpec
from tests.factories.accounts import UserFactory

ONE_TEXT = (("text", "first-lesson", {}),)


class CourseFactory(DjangoModelFactory):
    """A draft without lessons, public, not published."""

    class Meta:
        model = Course
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda number: f"course-{number}")
    code = factory.Sequence(lambda number: f"BOR {100 + number}")
    audience = "public"
    topic = "borrowing"
    languages = ["en"]

    @factory.post_generation
    def texts(self, create: bool, given: Any, **kwargs: Any) -> None:
        if create:
            CourseText.objects.create(
                course=self, language="en", title=f"Course {self.code}", summary="What it is about."
            )


class ModuleFactory(DjangoModelFactory):
    class Meta:
        model = Module
        skip_postgeneration_save = True

    course = factory.SubFactory(CourseFactory)
    uid = factory.Sequence(lambda number: f"part-{number}")
    position = factory.Sequence(int)

    @factory.post_generation
    def texts(self, create: bool, given: Any, **kwargs: Any) -> None:
        if create:
            ModuleText.objects.create(module=self, language="en", title=f"Part {self.uid}")


class LessonFactory(DjangoModelFactory):
    """A text lesson of a draft, with its English text."""

    class Meta:
        model = Lesson
        skip_postgeneration_save = True

    module = factory.SubFactory(ModuleFactory)
    course = factory.SelfAttribute("module.course")
    uid = factory.Sequence(lambda number: f"lesson-{number}")
    position = factory.Sequence(int)
    kind = "text"

    @factory.post_generation
    def texts(self, create: bool, given: Any, **kwargs: Any) -> None:
        if create:
            content = {"body": f"Words of {self.uid}.\n", "source_format": "md"}
            LessonText.objects.create(
                lesson=self, language="en", title=f"Lesson {self.uid}", minutes=5, content=content
            )


class EnrolmentFactory(DjangoModelFactory):
    """Enrolled, not opened. ``opened=True`` pins the course's current edition."""

    class Meta:
        model = Enrolment

    class Params:
        opened = factory.Trait(
            edition=factory.SelfAttribute("course.current_edition"),
            opened_at=factory.LazyAttribute(lambda row: row.edition.published_at),
        )

    learner = factory.SubFactory(UserFactory)
    course = factory.LazyFunction(lambda: publish_course())


def text_content(uid: str, body: str = "") -> dict[str, Any]:
    """The content of a text lesson."""
    return {"body": body or f"## Heading\n\nWords of {uid}.\n", "source_format": "md"}


def lesson_spec(kind: str, uid: str, given: dict[str, Any], *, module: str = "part-one") -> LessonSpec:
    """A lesson: ``given`` may hold title, minutes, rule, facts, body, and whatever the kind's content wants."""
    content = dict(given)
    title = content.pop("title", f"Lesson {uid}")
    minutes = content.pop("minutes", 5)
    rule = content.pop("rule", {})
    facts = tuple(content.pop("facts", ()))
    if kind in ("text", "video"):
        content = {**text_content(uid), **content}
    texts = {"en": LessonTextSpec(title=title, minutes=minutes, content=content)}
    return LessonSpec(uid=uid, module=module, kind=kind, rule=rule, facts=facts, texts=texts)


def course_spec(
    *, slug: str, lessons: Iterable[tuple[str, str, dict[str, Any]]] = ONE_TEXT, title: str = "", **kw: Any
) -> CourseSpec:
    """A course of one part with ``lessons`` as ``(kind, uid, content and more)``; ``kw`` are fields of the spec."""
    values: dict[str, Any] = {
        "code": slug.upper()[:20],
        "languages": ("en",),
        "audience": "public",
        "topic": "borrowing",
        "level": "basic",
        "licence": "CC-BY-4.0",
        "texts": {"en": CourseTextSpec(title=title or f"Course {slug}", summary="What it is about.")},
        "modules": (ModuleSpec(uid="part-one", titles={"en": "Part one"}),),
        "lessons": tuple(lesson_spec(kind, uid, content) for kind, uid, content in lessons),
    }
    return CourseSpec(slug=slug, **{**values, **kw})


_numbers = iter(range(1, 10**9))


def draft_course(
    *, slug: str = "", owner: Any = None, organisation: Any = None, media: Any = None, **kw: Any
) -> Course:
    """A draft as an import would leave it; ``owner`` is the person who owns it."""
    spec = course_spec(slug=slug or f"published-{next(_numbers)}", **kw)
    course, _new = Course.objects.get_or_create(
        slug=spec.slug, defaults={"organisation": organisation, "audience": spec.audience, "topic": spec.topic}
    )
    drafts.save(course=course, spec=spec, media=media or {}, actor=owner)
    if owner:
        CourseEditor.objects.get_or_create(course=course, person=owner, defaults={"role": CourseEditor.Role.OWNER})
    return course


def publish_course(
    *, slug: str = "", kind: str = "minor", note: str = "First edition", owner: Any = None, **kw: Any
) -> Course:
    """A published course by the real services; called again with the same slug it publishes the next edition.

    ``lessons=[("text", "uid", {"body": "…"}), ("quiz", "uid", {…})]``, ``audience``, ``organisation``, ``title`` and any
    field of ``CourseSpec`` may be given. The edition is ``course.current_edition``.
    """
    course = draft_course(slug=slug, owner=owner, **kw)
    edition: Edition = publish(course=course, kind=kind, note=note, actor=owner)
    course.refresh_from_db()
    assert course.current_edition_id == edition.pk
    return course
