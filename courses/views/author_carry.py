"""Author pages: where a lesson goes, to another part or to another course, or a copy of it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from courses.access import draft_for
from courses.forms_outline import CarryForm
from courses.models import Course, Lesson
from courses.selectors import drafting
from courses.services import outline_copies, outlining
from courses.services.carrying import Carried, carry_lesson, pointing_at
from courses.services.outline_places import text_of
from courses.views.author import author_page
from courses.views.doors import course_door
from courses.views.outline_acts import keep_said, made_said, moved_said

END = 10**6


@require_http_methods(["GET", "POST"])
@login_required
@course_door
def carry(request: HttpRequest, slug: str, uid: str) -> HttpResponse:
    """Choose a part of this course or of another one that one may change; ``do`` says whether a copy goes."""
    course = draft_for(request.user, slug, edit=True)
    lesson = Lesson.objects.filter(course=course, uid=uid).select_related("module").first()
    if lesson is None:
        raise Http404
    places = drafting.places_for(request.user, language=get_language() or "en")
    places.sort(key=lambda place: place[0].pk != course.pk)
    form = CarryForm(request.POST or None, places=places, initial={"to": f"{slug}:{lesson.module.uid}"})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _carried(request, course, lesson, form, copy=request.POST.get("do") == "copy")
            except DomainError as problem:
                form.add_error("to", str(problem))
                status = problem.status
    text = text_of(lesson, course.first_language)
    context = {
        "form": form,
        "lesson": lesson,
        "lesson_title": text.title if text else uid,
        "pointing": list(pointing_at(course, uid)),
    }
    return author_page(request, "carry", course, context, status=status)


def _carried(request: HttpRequest, course: Course, lesson: Lesson, form: CarryForm, *, copy: bool) -> HttpResponse:
    target, part = form.place()
    if target.pk != course.pk:
        carried = carry_lesson(course=course, uid=lesson.uid, target=target, part=part, copy=copy, actor=request.user)
        _tell(request, course, lesson.uid, carried, copy=copy)
        return redirect("courses:author_course", target.slug)
    if copy:
        placed = outline_copies.duplicate_lesson(course=course, uid=lesson.uid, part=part, actor=request.user)
        keep_said(request, course, made_said(placed))
        return redirect("courses:author_course", course.slug)
    placed = outlining.place_lesson(course=course, uid=lesson.uid, part=part, index=END)
    keep_said(request, course, moved_said(placed))
    return redirect("courses:author_course", course.slug)


def _tell(request: HttpRequest, course: Course, uid: str, carried: Carried, *, copy: bool) -> None:
    placed = carried.placed
    words = {"title": placed.title, "part": placed.part_number, "course": course.code}
    if copy:
        messages.success(request, _("“%(title)s” is copied to Part %(part)d of this course.") % words)
    else:
        sentence = _("“%(title)s” is in Part %(part)d of this course now. In %(course)s it is archived.")
        messages.success(request, sentence % words)
    if placed.lesson.uid != uid:
        said = _("Its address here is “%(uid)s”, since “%(was)s” was taken.")
        messages.info(request, said % {"uid": placed.lesson.uid, "was": uid})
    if carried.files:
        files = ", ".join(carried.files.values())
        said = ngettext("This file came along: %(files)s", "These files came along: %(files)s", len(carried.files))
        messages.info(request, said % {"files": files})
    if carried.questions:
        said = ngettext(
            "The name of a question was taken, so it is called %(names)s here.",
            "The names of questions were taken, so they are called %(names)s here.",
            len(carried.questions),
        )
        messages.info(request, said % {"names": ", ".join(carried.questions.values())})
    if carried.pointing:
        titles = ", ".join(f"“{title}”" for title in carried.pointing)
        said = _("In %(course)s these lessons still point at it: %(titles)s")
        messages.warning(request, said % {"course": course.code, "titles": titles})
