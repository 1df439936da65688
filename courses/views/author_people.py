"""Author pages: who works on a course, and its upkeep."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from core.errors import DomainError
from courses.access import draft_for, may_author, may_edit
from courses.access_studio import people_door
from courses.forms_people import AddPersonForm, LookForm, ReviewByForm, RoleForm
from courses.models import Course, CourseEditor
from courses.selectors import people as selectors
from courses.services import peopling, upkeep
from courses.views.author import author_page
from courses.views.doors import course_door

PAGE = 25
SEARCH_FROM = 8  # fewer people than this are found by looking
UNDO_SECONDS = 3600
SALT = "courses.people"


@require_http_methods(["GET", "POST"])
@login_required
@course_door
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """Everybody who works on the course; whoever may arrange them adds somebody here."""
    if request.method == "GET":
        return _page(request, people_door(request.user, slug))
    course = people_door(request.user, slug, manage=True)
    form = AddPersonForm(request.POST)
    if not form.is_valid():
        return _page(request, course, form=form, status=422)
    person = selectors.person_called(form.cleaned_data["email"], user=request.user, course=course)
    if person is None:
        form.add_error(
            "email",
            _("Nobody whom you can add has this address. Check it, or ask them to join your library first."),
        )
        return _page(request, course, form=form, status=422)
    try:
        peopling.add_person(course=course, person=person, role=form.cleaned_data["role"], actor=request.user)
    except DomainError as problem:
        form.add_error("email", problem.message)
        return _page(request, course, form=form, status=problem.status)
    messages.success(request, _("%(name)s is on the course now, and is told so.") % {"name": person})
    return redirect("courses:author_people", slug)


def _page(request: HttpRequest, course: Course, *, status: int = 200, **forms: Any) -> HttpResponse:
    words = " ".join(request.GET.get("q", "").split())[:100]
    mine = CourseEditor.objects.filter(course=course, person=request.user).first()
    manages = Course.objects.manageable_by(request.user).filter(pk=course.pk).exists()
    edits = may_edit(request.user, course)
    everybody = CourseEditor.objects.filter(course=course).count()
    context = {
        "page": Paginator(selectors.people_of(course, words=words), PAGE).get_page(request.GET.get("page")),
        "everybody": everybody,
        "search_from": SEARCH_FROM,
        "words": words,
        "query": urlencode({"q": words}) + "&" if words else "",
        "mine": mine,
        "manages": manages,
        "outside": mine is None and not request.user.is_superuser,
        "removed": _removed(request, course) if manages else None,
        "undo": request.GET.get("removed", ""),
        "roles": RoleForm().fields["role"].choices,
        "refused": forms.get("refused"),
        "form": forms.get("form") or AddPersonForm(),
        "keeps_up": manages or edits,
        "day_form": forms.get("day_form") or ReviewByForm(initial={"review_by": course.review_by}),
        "look_form": forms.get("look_form") or LookForm(),
        "looks": course.looks.select_related("looked_by")[:5],
    }
    return author_page(request, "people", course, context, status=status)


def _removed(request: HttpRequest, course: Course) -> User | None:
    """Whom the address says was just taken off, while that can be undone."""
    undone = _undo(request.GET.get("removed", ""), course)
    return undone[0] if undone else None


def _undo(token: str, course: Course) -> tuple[User, str] | None:
    try:
        pk, person, role = signing.loads(token, salt=SALT, max_age=UNDO_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    found = User.objects.active().filter(pk=person).first() if pk == course.pk else None
    if found is None or CourseEditor.objects.filter(course=course, person=found).exists():
        return None
    return found, role


def _editor(course: Course, key: str) -> CourseEditor:
    return get_object_or_404(CourseEditor.objects.select_related("person", "course"), course=course, person__uuid=key)


def _refused(request: HttpRequest, course: Course, editor: CourseEditor, problem: DomainError) -> HttpResponse:
    """The page with the reason beside the person, and at the top: they may stand on another page of the list."""
    return _page(request, course, refused=(editor, problem.message), status=problem.status)


@require_POST
@login_required
@course_door
def role(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """An editor becomes a reviewer, or the other way round."""
    course = people_door(request.user, slug, manage=True)
    editor = _editor(course, key)
    try:
        editor = peopling.change_role(editor=editor, role=request.POST.get("role", ""), actor=request.user)
    except DomainError as problem:
        return _refused(request, course, editor, problem)
    else:
        words = {"name": editor.person, "role": editor.get_role_display()}
        messages.success(request, _("%(name)s: %(role)s.") % words)
    return redirect("courses:author_people", slug)


@require_POST
@login_required
@course_door
def remove(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Take somebody off the course; the page that follows offers to undo it."""
    course = people_door(request.user, slug, manage=True)
    editor = _editor(course, key)
    try:
        peopling.take_off(editor=editor, actor=request.user)
    except DomainError as problem:
        return _refused(request, course, editor, problem)
    if editor.person_id == request.user.pk and not request.user.is_superuser:
        return _gone(request, course)
    token = signing.dumps([course.pk, editor.person_id, editor.role], salt=SALT)
    return redirect(f"{reverse('courses:author_people', args=[slug])}?{urlencode({'removed': token})}")


@require_POST
@login_required
@course_door
def put_back(request: HttpRequest, slug: str) -> HttpResponse:
    """Undo ``remove``, for an hour. A former owner comes back as an editor: ownership is handed over alone."""
    course = people_door(request.user, slug, manage=True)
    undone = _undo(request.POST.get("removed", ""), course)
    if undone is None:
        messages.error(request, _("This can no longer be undone. Add the person again."))
        return redirect("courses:author_people", slug)
    person, before = undone
    given = before if before in peopling.GIVEN else CourseEditor.Role.EDITOR
    try:
        peopling.add_person(course=course, person=person, role=given, actor=request.user)
    except DomainError as problem:
        messages.error(request, problem.message)
    else:
        messages.success(request, _("%(name)s is back.") % {"name": person})
    return redirect("courses:author_people", slug)


@require_http_methods(["GET", "POST"])
@login_required
@course_door
def hand_over(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Ask, then make somebody of the course its owner."""
    course = people_door(request.user, slug, manage=True)
    to = _editor(course, key)
    problem, status = "", 200
    if request.method == "POST":
        try:
            peopling.hand_over(course=course, to=to, actor=request.user)
        except DomainError as refusal:
            problem, status = refusal.message, refusal.status
        else:
            messages.success(request, _("%(name)s owns the course now.") % {"name": to.person})
            return redirect("courses:author_people", slug)
    context = {"to": to, "problem": problem, "owners": selectors.owner_names(course), **_outside(request, course)}
    return author_page(request, "handover", course, {**context, "tab": "people"}, status=status)


def _outside(request: HttpRequest, course: Course) -> dict[str, bool]:
    """A manager who does not work on the course sees none of its other pages."""
    works = CourseEditor.objects.filter(course=course, person=request.user).exists()
    return {"outside": not works and not request.user.is_superuser}


@require_http_methods(["GET", "POST"])
@login_required
@course_door
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask, then stop working on the course."""
    course = draft_for(request.user, slug)
    editor = get_object_or_404(
        CourseEditor.objects.select_related("person", "course"), course=course, person=request.user
    )
    problem, status = "", 200
    if request.method == "POST":
        try:
            peopling.take_off(editor=editor, actor=request.user)
        except DomainError as refusal:
            problem, status = refusal.message, refusal.status
        else:
            return _gone(request, course)
    return author_page(request, "leave", course, {"problem": problem, "tab": "people"}, status=status)


def _gone(request: HttpRequest, course: Course) -> HttpResponse:
    messages.success(request, _("You no longer work on %(code)s.") % {"code": course.code})
    return redirect("courses:author" if _has_a_list(request.user) else "core:home")


def _has_a_list(user: User) -> bool:
    """Does ``user`` still have a list of own courses to come back to? Asked anew: something has just changed."""
    return may_author(User.objects.get(pk=user.pk))


def _upkeep_door(user: User, slug: str) -> Course:
    """Editors keep a course up, and so do those who arrange its people."""
    if Course.objects.manageable_by(user).filter(slug=slug).exists():
        return people_door(user, slug)
    return draft_for(user, slug, edit=True)


@require_POST
@login_required
@course_door
def review_by(request: HttpRequest, slug: str) -> HttpResponse:
    """Set the day by which the course is looked at again, or take it away."""
    course = _upkeep_door(request.user, slug)
    form = ReviewByForm(request.POST)
    if not form.is_valid():
        return _page(request, course, day_form=form, status=422)
    try:
        upkeep.set_review_by(course=course, day=form.cleaned_data["review_by"], actor=request.user)
    except DomainError as problem:
        form.add_error("review_by", problem.message)
        return _page(request, course, day_form=form, status=problem.status)
    messages.success(request, _("The day is kept."))
    return redirect(f"{reverse('courses:author_people', args=[slug])}#upkeep")


@require_POST
@login_required
@course_door
def looked(request: HttpRequest, slug: str) -> HttpResponse:
    """'I have looked at it': the day moves on, and the note is kept."""
    course = _upkeep_door(request.user, slug)
    form = LookForm(request.POST)
    if not form.is_valid():
        return _page(request, course, look_form=form, status=422)
    upkeep.look_through(course=course, actor=request.user, **form.cleaned_data)
    messages.success(request, _("Thank you. It is noted who looked, and when."))
    return redirect(f"{reverse('courses:author_people', args=[slug])}#upkeep")
