"""Author pages: preview, publish, editions, publish one of them again."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import DomainError
from courses.access import draft_for
from courses.forms import PublishForm
from courses.models import Course, Edition
from courses.selectors import authoring
from courses.services.comparing import standing_of
from courses.services.publishing import publish as publish_edition
from courses.services.publishing import publish_preview
from courses.views.author import author_page
from courses.views.doors import course_door

PAGE = 50


@require_POST
@login_required
@course_door
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """See the draft as a learner would."""
    course = draft_for(request.user, slug)
    try:
        edition = publish_preview(course=course, actor=request.user)
    except DomainError as problem:
        messages.error(request, str(problem))
        return redirect("courses:author_course", slug)
    return redirect(f"{reverse('courses:course', args=[slug])}?preview={edition.token}")


@require_http_methods(["GET", "POST"])
@login_required
@course_door
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """The draft becomes the next edition."""
    course = draft_for(request.user, slug, edit=True)
    return _publish(request, course, None)


@require_http_methods(["GET", "POST"])
@login_required
@course_door
def again(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """An older edition becomes the next one; asked first, since learners move."""
    course = draft_for(request.user, slug, edit=True)
    source = course.editions.published().filter(number=number).exclude(pk=course.current_edition_id).first()
    if source is None:
        raise Http404
    return _publish(request, course, source)


def _publish(request: HttpRequest, course: Course, source: Edition | None) -> HttpResponse:
    form = PublishForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                edition = publish_edition(course=course, actor=request.user, source_edition=source, **form.cleaned_data)
            except DomainError as problem:
                form.add_error(None, str(problem))
                status = problem.status
            else:
                messages.success(request, _("Edition %(number)d is published.") % {"number": edition.number})
                return redirect("courses:author_editions", course.slug)
    context = {
        "form": form,
        "source": source,
        "standing": None if source else standing_of(course),
        "learners": course.enrolments.live().opened().count(),
    }
    return author_page(request, "publish", course, context, status=status)


@require_GET
@login_required
@course_door
def editions(request: HttpRequest, slug: str) -> HttpResponse:
    """What was published, when, by whom, and who reads it."""
    course = draft_for(request.user, slug)
    page = Paginator(authoring.editions_of(course), PAGE).get_page(request.GET.get("page"))
    return author_page(request, "editions", course, {"page": page})
