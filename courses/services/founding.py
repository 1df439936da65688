"""A course from its first day to its archive: begin one in the browser, change what it says of itself, put it away."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from core import clock, kept_pages
from core.errors import Conflict, InvalidInput
from courses.models import Course, CourseEditor, CourseSlug, CourseText, ModuleText
from courses.services import outline_parts
from courses.services.outline_places import locked, tidy_title

SLUG_MAX = 80
TRIES = 5  # how often somebody else may take an address between our looking and our writing before we give up
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class DetailsChanged(Conflict):
    """Somebody else saved the course's details in between; ``current`` is the row as it is now."""

    def __init__(self, current: Course) -> None:
        super().__init__(_("Somebody else changed these details while you were writing. Both are below."))
        self.current = current


@transaction.atomic
def begin_course(
    *,
    actor: User,
    organisation: Organisation | None,
    title: str,
    code: str,
    topic: str,
    level: str,
    language: str,
    audience: str,
    summary: str = "",
) -> Course:
    """A draft with one empty part, owned by ``actor``, in ``organisation`` (none: the commons). Nobody else sees it.

    Its address is made of the title, and numbered when another course has or had that one.
    """
    title = tidy_title(title)
    course = _begun(
        title,
        Course(code=code, organisation=organisation, audience=audience, topic=topic, level=level, languages=[language]),
    )
    CourseText.objects.create(course=course, language=language, title=title, summary=summary)
    CourseEditor.objects.create(course=course, person=actor, role=CourseEditor.Role.OWNER)
    outline_parts.add_part(course=course, title=_("The first part"))
    return course


def _begun(title: str, course: Course) -> Course:
    """``course`` at the first free address. Two that begin at once find the same one free; the later takes the next.

    Raises ``InvalidInput`` by field when somebody else was faster again and again.
    """
    for _attempt in range(TRIES):
        course.slug = _free_slug(title)
        try:
            with transaction.atomic():
                course.save(force_insert=True)
        except IntegrityError:
            course.pk = None
        else:
            return course
    sentence = _("Somebody else is beginning courses with this title just now. Try again, or choose another title.")
    raise InvalidInput(sentence, fields={"title": sentence})


def _free_slug(title: str) -> str:
    base = re.sub(r"[^a-z0-9]+", "-", slugify(title))[: SLUG_MAX - 5].strip("-") or "course"
    number, slug = 1, base
    while _taken(slug):
        number += 1
        slug = f"{base}-{number}"
    return slug


def _taken(slug: str, *, besides: int = 0) -> bool:
    """Has another course than the one with the key ``besides`` this address, or had it?"""
    now = Course.objects.filter(slug=slug).exclude(pk=besides)
    return now.exists() or CourseSlug.objects.filter(slug=slug).exclude(course=besides).exists()


@dataclass(frozen=True)
class Facts:
    """What a course says of itself in no language."""

    slug: str
    code: str
    audience: str
    topic: str
    level: str
    licence: str
    competencies: Sequence[str] = ()
    credits: Sequence[str] = ()
    legal: bool = False
    checked_on: dt.date | None = None
    certificate_valid_days: int | None = None


@dataclass(frozen=True)
class Words:
    """What a course says of itself in one language; ``parts`` are titles by uid, of those that are to be called so."""

    title: str
    summary: str
    for_whom: str = ""
    objectives: Sequence[str] = ()
    parts: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def edit_details(*, course: Course, version: int, facts: Facts, language: str, words: Words) -> Course:
    """Save a course's details, in ``language`` those that are words. The same values save nothing.

    A new address leaves the old one behind, which redirects for ever. Takes the lock of the course row. Raises
    ``DetailsChanged`` when the course's version is not ``version``, ``InvalidInput`` for an address that is none or
    belongs to another course, or a language that the course has not.
    """
    course = locked(course)
    if course.version != version:
        raise DetailsChanged(course)
    if language not in course.languages:
        raise InvalidInput(_("The course has no such language; add it first."))
    _check_slug(course, facts.slug)
    changed = _set_words(course, language, words)
    changed = _name_parts(course, language, words.parts) or changed
    old = course.slug
    values = {**vars(facts), "competencies": list(facts.competencies), "credits": list(facts.credits)}
    for name, value in values.items():
        if getattr(course, name) != value:
            setattr(course, name, value)
            changed = True
    if changed:
        course.version += 1
        _save_at(course)
    if old != course.slug:
        CourseSlug.objects.filter(slug=course.slug).delete()
        CourseSlug.objects.get_or_create(slug=old, defaults={"course": course})
    return course


def _save_at(course: Course) -> None:
    """Save the row; whoever took its address since we looked keeps it."""
    try:
        with transaction.atomic():
            course.save()
            kept_pages.throw_away()
    except IntegrityError as problem:
        sentence = _("Another course has or had this address.")
        raise InvalidInput(sentence, fields={"slug": sentence}) from problem


def _check_slug(course: Course, slug: str) -> None:
    if not SLUG.fullmatch(slug) or len(slug) > SLUG_MAX:
        sentence = _("Use small letters, digits and single hyphens.")
        raise InvalidInput(sentence, fields={"slug": sentence})
    if slug != course.slug and _taken(slug, besides=course.pk):
        sentence = _("Another course has or had this address.")
        raise InvalidInput(sentence, fields={"slug": sentence})


def _set_words(course: Course, language: str, words: Words) -> bool:
    values = {
        "title": tidy_title(words.title),
        "summary": words.summary,
        "for_whom": words.for_whom,
        "objectives": list(words.objectives),
    }
    text = CourseText.objects.filter(course=course, language=language).first()
    if text and all(getattr(text, name) == value for name, value in values.items()):
        return False
    CourseText.objects.update_or_create(course=course, language=language, defaults=values)
    return True


def _name_parts(course: Course, language: str, titles: Mapping[str, str]) -> bool:
    """Call the parts so in ``language``, which is not the first; an empty title takes theirs away."""
    if language == course.first_language:
        return False
    changed = False
    for part in course.modules.filter(uid__in=titles).prefetch_related("texts"):
        title = " ".join(titles[part.uid].split())
        held = next((text for text in part.texts.all() if text.language == language), None)
        if title == (held.title if held else ""):
            continue
        changed = True
        if title:
            ModuleText.objects.update_or_create(module=part, language=language, defaults={"title": title})
        else:
            ModuleText.objects.filter(module=part, language=language).delete()
    return changed


@transaction.atomic
def add_language(*, course: Course, language: str, at: int | None = None) -> Course:
    """One more language, after the others or at the place ``at``, never the first: that one stays what readers get where
    a translation is missing. What was written in it before it was taken out is there again.

    A second call changes nothing.
    """
    course = locked(course)
    if language not in course.languages:
        place = len(course.languages) if at is None else max(1, at)
        course.languages = [*course.languages[:place], language, *course.languages[place:]]
        _save_languages(course)
    return course


@transaction.atomic
def remove_language(*, course: Course, language: str) -> int:
    """Take ``language`` out of the draft; gives the place that it had. Editions keep it.

    Nothing is deleted: what is written in it rests, and is there again when the language is added. A second call changes
    nothing. Raises ``InvalidInput`` for the first language, since readers get that where a translation is missing.
    """
    course = locked(course)
    if language == course.first_language:
        raise InvalidInput(_("This is the course’s first language, which readers get where a translation is missing."))
    if language not in course.languages:
        return len(course.languages)
    place: int = course.languages.index(language)
    course.languages = [each for each in course.languages if each != language]
    _save_languages(course)
    return place


def _save_languages(course: Course) -> None:
    course.version += 1
    course.save(update_fields=["languages", "version"])


@transaction.atomic
def archive_course(*, course: Course, archived: bool) -> Course:
    """Put a course away, or take it out again. The catalogue hides an archived one and nobody begins it any more;
    whoever is enrolled reads on. A second call changes nothing."""
    course = locked(course)
    if bool(course.archived_at) != archived:
        course.archived_at = clock.now() if archived else None
        course.save(update_fields=["archived_at"])
        kept_pages.throw_away()
    return course
