"""Author pages: a new course, what a course says of itself, its languages, its archive."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import is_instructor, organisation_of
from core.errors import InvalidInput
from courses.access import draft_for
from courses.forms import UploadForm
from courses.forms_details import CourseForm, DetailsForm, LanguageForm
from courses.models import Course, CourseText
from courses.selectors.languages import language_name, part_titles, resting_languages
from courses.services import founding
from courses.services.founding import DetailsChanged, Facts
from courses.views.author import author_page, course_from_upload
from courses.views.doors import course_door


@require_http_methods(["GET", "POST"])
@login_required
def create(request: HttpRequest) -> HttpResponse:
    """A new course: from a title, or from an uploaded course folder."""
    if not is_instructor(request.user):
        raise PermissionDenied
    if request.FILES or "upload" in request.POST:
        return course_from_upload(request)
    organisation = organisation_of(request.user)
    language = get_language() or "en"
    initial = {"language": language} if organisation else {"language": language, "audience": "public"}
    form = CourseForm(request.POST or None, inside=organisation is not None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            course = founding.begin_course(actor=request.user, organisation=organisation, **form.cleaned_data)
        except InvalidInput as problem:
            for name, sentence in (problem.fields or {"": problem.message}).items():
                form.add_error(name or None, sentence)
        else:
            first = course.modules.get()
            return redirect(f"{reverse('courses:author_course', args=[course.slug])}?add={first.uid}")
    status = 422 if request.method == "POST" else 200
    return render(request, "courses/author/create.html", {"course_form": form, "form": UploadForm()}, status=status)


@require_http_methods(["GET", "POST"])
@login_required
@course_door
def details(request: HttpRequest, slug: str) -> HttpResponse:
    """What the course says of itself; ``language`` chooses in which one."""
    course = draft_for(request.user, slug, edit=request.method == "POST")
    language = request.GET.get("language", "")
    language = language if language in course.languages else course.first_language
    inside = course.organisation_id is not None
    if request.method == "GET":
        form = DetailsForm(initial=_initial(course, language), inside=inside, parts=_parts(course, language))
        return _page(request, course, form, language)
    form = DetailsForm(request.POST, inside=inside, parts=_parts(course, language))
    if not form.is_valid():
        return _page(request, course, form, language, status=422)
    version = form.cleaned_data["version"]
    try:
        saved = founding.edit_details(
            course=course, version=version, facts=form.facts(), language=language, words=form.words()
        )
    except DetailsChanged as problem:
        return _conflict(request, problem, language)
    except InvalidInput as problem:
        for name, sentence in (problem.fields or {"": str(problem)}).items():
            form.add_error(name or None, sentence)
        return _page(request, course, form, language, status=problem.status)
    if saved.version == version:
        messages.info(request, _("Nothing has changed."))
    else:
        messages.success(request, _("Saved. Learners see it when the next edition is published."))
    back = reverse("courses:author_details", args=[saved.slug])
    return redirect(f"{back}?language={language}" if language != saved.first_language else back)


def page_of_refused_language(request: HttpRequest, course: Course, form: LanguageForm) -> HttpResponse:
    """The details in the first language, with the reason beside the list of languages."""
    language = course.first_language
    inside = course.organisation_id is not None
    kept = DetailsForm(initial=_initial(course, language), inside=inside)
    return _page(request, course, kept, language, more={"language_form": form}, status=422)


def _initial(course: Course, language: str) -> dict[str, Any]:
    text = CourseText.objects.filter(course=course, language=language).first()
    words = {name: getattr(text, name) for name in DetailsForm.WORDS} if text else {}
    facts = {name: getattr(course, name) for name in Facts.__dataclass_fields__}
    titles = {f"{DetailsForm.PART}{uid}": title for uid, _first, title in part_titles(course, language)}
    return {**facts, **words, **titles, "version": course.version}


def _parts(course: Course, language: str) -> list[tuple[str, str]]:
    """The parts whose titles are asked for; those of the first language stand in the outline."""
    if language == course.first_language:
        return []
    return [(uid, first) for uid, first, _title in part_titles(course, language)]


def _conflict(request: HttpRequest, problem: DetailsChanged, language: str) -> HttpResponse:
    """Both; saving again puts one's own in place of the other's, knowingly."""
    data = request.POST.copy()
    data["version"] = str(problem.current.version)
    inside = problem.current.organisation_id is not None
    parts = _parts(problem.current, language)
    form = DetailsForm(data, inside=inside, parts=parts)
    shown = DetailsForm(initial=_initial(problem.current, language), inside=inside, parts=parts)
    theirs = [
        (shown[name].label, shown[name].value())
        for name in form.fields
        if name != "version" and str(shown[name].value() or "") != str(form[name].value() or "")
    ]
    more = {"problem": problem, "theirs": theirs}
    return _page(request, problem.current, form, language, more=more, status=problem.status)


def _page(
    request: HttpRequest,
    course: Course,
    form: DetailsForm,
    language: str,
    *,
    more: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "language": language,
        "languages": [(code, language_name(code)) for code in course.languages],
        "language_form": LanguageForm(held=course.languages),
        "words": [form[name] for name in DetailsForm.WORDS],
        "parts": [form[name] for name in form.fields if name.startswith(DetailsForm.PART)],
        "facts": [form[name] for name in form.fields if name in Facts.__dataclass_fields__],
        "resting": [(code, language_name(code), count) for code, count in resting_languages(course)],
        "removed": request.GET.get("removed", ""),
        "removed_at": request.GET.get("at", ""),
        "may_archive": Course.objects.manageable_by(request.user).filter(pk=course.pk).exists(),
        **(more or {}),
    }
    return author_page(request, "details", course, context, status=status)


@require_http_methods(["GET", "POST"])
@login_required
@course_door
def archive(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask, then put the whole course away; ``do=restore`` takes it out again. Only for who arranges its people."""
    course = draft_for(request.user, slug, edit=True)
    if not Course.objects.manageable_by(request.user).filter(pk=course.pk).exists():
        raise PermissionDenied
    if request.method == "GET":
        learners = course.enrolments.live().opened().count()
        return author_page(request, "archive", course, {"learners": learners})
    restored = request.POST.get("do") == "restore"
    founding.archive_course(course=course, archived=not restored)
    if restored:
        messages.success(request, _("The course is back. Whoever may read it finds it in the catalogue again."))
    else:
        messages.success(
            request, _("The course is archived. You find it among your archived courses and can restore it.")
        )
    return redirect("courses:author_details", slug)
