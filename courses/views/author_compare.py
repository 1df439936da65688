"""Author pages: two versions of a course side by side."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core.errors import DomainError
from core.templatetags.shell import short_date
from courses.access import draft_for
from courses.models import Course, Edition
from courses.services.comparing import Side, side_of_draft, side_of_edition
from courses.services.differing import compare as compare_sides
from courses.views.author import author_page
from courses.views.doors import course_door

DRAFT = "draft"
CHOICES_MOST = 200


@dataclass(frozen=True)
class Version:
    """One that can be chosen: ``name`` stands in the address; without an edition it is the draft."""

    name: str
    label: str
    pk: int = 0
    number: int | None = None

    def side(self, course: Course) -> Side:
        if not self.pk:
            return side_of_draft(course)
        edition = Edition.objects.select_related("course").filter(pk=self.pk, course=course).first()
        if edition is None:
            raise Http404
        return side_of_edition(edition)


@require_GET
@login_required
@course_door
def compare(request: HttpRequest, slug: str) -> HttpResponse:
    """What one version says other than another: the draft, an edition, or (``p`` and its key) one that is planned.

    Without a choice: the draft beside the edition that is live.
    """
    course = draft_for(request.user, slug)
    versions = _versions(course)
    after = _chosen(request.GET.get("to"), course, versions) or versions[0]
    before = _chosen(request.GET.get("from"), course, versions) or _before(after, versions)
    context = {"versions": versions, "before": before, "after": after}
    if before is not None:
        try:
            context["comparison"] = compare_sides(before.side(course), after.side(course))
        except DomainError as problem:
            context["refused"] = str(problem)
    return author_page(request, "editions", course, context, template="courses/author/compare.html")


def _versions(course: Course) -> list[Version]:
    """The draft and every edition, newest first."""
    rows = course.editions.published().order_by("-number").values_list("pk", "number")[:CHOICES_MOST]
    return [
        Version(DRAFT, _("The draft")),
        *(Version(str(number), _("Edition %(n)d") % {"n": number}, pk, number) for pk, number in rows),
    ]


def _chosen(name: str | None, course: Course, versions: list[Version]) -> Version | None:
    """The version called ``name``. Raises ``Http404`` when there is none of that name."""
    if not name:
        return None
    found = next((each for each in versions if each.name == name), None)
    if found is not None:
        return found
    if not (name.startswith("p") and name[1:].isascii() and name[1:].isdigit() and len(name) < 12):
        raise Http404
    edition = course.editions.filter(pk=int(name[1:]), number=None).first()
    if edition is None:
        raise Http404
    return Version(name, _("The draft as of %(day)s") % {"day": short_date(edition.published_at)}, edition.pk)


def _before(after: Version, versions: list[Version]) -> Version | None:
    """The edition before ``after``: the one published last, when that is the draft."""
    return next(
        (each for each in versions if each.number and (after.number is None or each.number < after.number)), None
    )
