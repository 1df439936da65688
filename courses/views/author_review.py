"""Author pages: a review of the draft by colleagues."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from core import clock
from core.errors import DomainError
from courses.access import draft_for, may_edit
from courses.access_studio import review_for
from courses.forms import RemarkForm
from courses.forms_reviewing import AgainForm, AskForm, VerdictForm
from courses.models import Course, Review
from courses.selectors import people as people_selectors
from courses.selectors import reviewing as selectors
from courses.services import approving, reviewing
from courses.views.author import author_page
from courses.views.doors import course_door

PAGE = 10


@require_http_methods(["GET", "POST"])
@login_required
@course_door
def review(request: HttpRequest, slug: str) -> HttpResponse:
    """The open review; without one, the form that asks for it, and the reviews there were."""
    course = draft_for(request.user, slug, edit=request.method == "POST")
    if request.method == "GET":
        standing = course.reviews.open().values_list("pk", flat=True).first()
        if standing:
            return redirect("courses:author_review_one", slug, standing)
        return _ask_page(request, course, _ask_form(request, course))
    form = _ask_form(request, course)
    people = _asked(form, request, course) if form.is_valid() else None
    if people is None:
        return _ask_page(request, course, form, status=422)
    try:
        asked = reviewing.ask(course=course, reviewers=people, note=form.cleaned_data["note"], actor=request.user)
    except DomainError as problem:
        whom = "people" if "people" in form.fields else "emails"
        form.add_error(whom if "people" in problem.fields else None, problem.message)
        return _ask_page(request, course, form, status=problem.status)
    messages.success(request, _("Your reviewers are told. The draft is frozen for them; you may write on."))
    return redirect("courses:author_review_one", slug, asked.pk)


def _ask_form(request: HttpRequest, course: Course) -> AskForm:
    required = list(selectors.required_by(course).exclude(pk=request.user.pk))
    colleagues = people_selectors.colleagues(request.user, course)
    known = required + [person for person in colleagues if person not in required]
    initial = {"people": [str(person.uuid) for person in required]}
    return AskForm(request.POST if request.method == "POST" else None, known=known, initial=initial)


def _asked(form: AskForm, request: HttpRequest, course: Course) -> list[User] | None:
    """The people chosen; None with a word in the form when an address is nobody's whom one may ask."""
    wanted = form.cleaned_data["emails"]
    found = people_selectors.people_called(wanted, user=request.user, course=course)
    unknown = [address for address in wanted if address not in found]
    if unknown:
        sentence = _("Nobody whom you can ask has this address: %(addresses)s")
        form.add_error("emails", sentence % {"addresses": ", ".join(unknown)})
        return None
    return [*form.chosen(), *found.values()]


def _ask_page(request: HttpRequest, course: Course, form: AskForm, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "page": Paginator(selectors.past_reviews(course), PAGE).get_page(request.GET.get("page")),
    }
    return author_page(request, "review", course, context, status=status)


@require_GET
@login_required
@course_door
def one(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One review: who says what, and each lesson as its reader sees it, with the place to comment."""
    return show(request, review_for(request.user, slug, pk))


def show(
    request: HttpRequest, review: Review, *, lesson_uid: str | None = None, status: int = 200, **forms: Any
) -> HttpResponse:
    """The page of ``review`` at one lesson (the address says which); ``forms`` came back with something to mend."""
    course, edition = review.course, review.edition
    lessons = selectors.lessons_of(review)
    wanted = request.GET.get("lesson", "") if lesson_uid is None else lesson_uid
    chosen = next((each for each in lessons if each.uid == wanted), None)
    verdicts = list(selectors.verdicts_of(review))
    mine = next((each for each in verdicts if each.person_id == request.user.pk), None)
    still_open = review.closed_at is None
    context = {
        "review": review,
        "verdicts": verdicts,
        "lessons": lessons,
        "lesson": chosen,
        "threads": selectors.threads_of(review, request.user, lesson=chosen.uid if chosen else ""),
        "readable": still_open or (edition.expires_at and edition.expires_at > clock.now()),
        "live": course.current_edition is not None and course.current_edition.hash == edition.hash,
        "moved_on": reviewing.draft_has_moved_on(review),
        "asked_still": approving.refusals(course=course, hash=edition.hash, actor=request.user),
        "mine": mine if still_open and review.asked_by_id != request.user.pk else None,
        "verdict_form": forms.get("verdict_form") or VerdictForm(initial=_said(mine)),
        "again_form": AgainForm(),
        "form": RemarkForm(),
        "here": f"{_address(review, chosen.uid if chosen else '')}#comments",
        **forms,
    }
    return author_page(request, "review_one", course, context, status=status)


def _said(mine: Any) -> dict[str, str]:
    return {"verdict": mine.verdict, "words": mine.words} if mine else {}


def _edited(request: HttpRequest, slug: str, pk: int) -> Review:
    """A review of a draft that the person may change."""
    found = review_for(request.user, slug, pk)
    if not may_edit(request.user, found.course):
        raise PermissionDenied
    return found


@require_POST
@login_required
@course_door
def verdict(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A reviewer approves, or asks for changes."""
    found = review_for(request.user, slug, pk)
    form = VerdictForm(request.POST)
    if not form.is_valid():
        return show(request, found, verdict_form=form, status=422)
    try:
        reviewing.give_verdict(review=found, person=request.user, **form.cleaned_data)
    except DomainError as problem:
        form.add_error(next((name for name in problem.fields if name in form.fields), None), problem.message)
        return show(request, found, verdict_form=form, status=problem.status)
    messages.success(request, _("Thank you. Whoever asked you is told."))
    return redirect("courses:author_review_one", slug, pk)


@require_POST
@login_required
@course_door
def comment(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Say something about a lesson of the frozen draft, or about the course as a whole."""
    found = review_for(request.user, slug, pk)
    form = RemarkForm(request.POST)
    uid = _uid(found, request.POST.get("lesson", ""))
    if not form.is_valid():
        return show(request, found, lesson_uid=uid, form=form, status=422)
    try:
        said = reviewing.comment(review=found, author=request.user, lesson_uid=uid, **form.cleaned_data)
    except DomainError as problem:
        form.add_error(next((name for name in problem.fields if name in form.fields), None), problem.message)
        return show(request, found, lesson_uid=uid, form=form, status=problem.status)
    messages.success(request, _("Your comment is kept, and the people who write the course are told."))
    return redirect(f"{_address(found, uid)}#remark-{said.pk}")


def _uid(review: Review, wanted: str) -> str:
    """The lesson of the frozen draft that is meant; empty for the course as a whole."""
    return wanted if wanted and review.edition.lessons.filter(uid=wanted).exists() else ""


def _address(review: Review, uid: str) -> str:
    page = reverse("courses:author_review_one", args=[review.course.slug, review.pk])
    return f"{page}?lesson={uid}" if uid else page


@require_POST
@login_required
@course_door
def again(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask the same people to look at the draft as it is now."""
    found = _edited(request, slug, pk)
    form = AgainForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    try:
        newer = reviewing.ask_again(review=found, note=note, actor=request.user)
    except DomainError as problem:
        messages.error(request, problem.message)
        return redirect("courses:author_review_one", slug, pk)
    messages.success(request, _("Your reviewers are told that there is something new to look at."))
    return redirect("courses:author_review_one", slug, newer.pk)


@require_POST
@login_required
@course_door
def close(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Wait for nobody any more."""
    found = _edited(request, slug, pk)
    try:
        reviewing.close(review=found, actor=request.user)
    except DomainError as problem:
        messages.error(request, problem.message)
    else:
        messages.success(request, _("The review is closed. What was said stays."))
    return redirect("courses:author_review", slug)
