"""Author pages: a draft, or an older edition again, becomes the next edition, now or at a moment."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.selectors import zone_of
from core.errors import DomainError
from courses.access import draft_for
from courses.composing import Composition, compose
from courses.forms_publishing import NowOrLaterForm, PublishForm
from courses.models import Course, Edition
from courses.selectors import authoring, drafting
from courses.services import approving, comparing, editions, planning
from courses.services.demanding import next_number
from courses.services.effects import Effect, effects_of
from courses.services.outline_check import check_known
from courses.services.publishing import DraftMoved
from courses.services.publishing import publish as publish_edition
from courses.views.author import author_page
from courses.views.checklist import checklist_of
from courses.views.doors import course_door


@dataclass(frozen=True)
class Offer:
    """What may be published now: ``composition`` is None while the draft has faults; ``blocks`` says what else forbids it."""

    composition: Composition | None
    standing: comparing.Standing | None
    effects: dict[str, Effect]
    blocks: list[str]


@require_http_methods(["GET", "POST"])
@login_required
@course_door
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """The draft becomes the next edition."""
    course = draft_for(request.user, slug, edit=True)
    standing = comparing.standing_of(course)
    effects = effects_of(course, standing.composition) if standing.composition else {}
    return _page(
        request, course, None, Offer(standing.composition, standing, effects, _blocks(request, course, standing))
    )


def _blocks(request: HttpRequest, course: Course, standing: comparing.Standing) -> list[str]:
    """What the library asks for before the draft is published; lessons that are not ready stand in the checklist."""
    if standing.composition is None or request.user.is_superuser:
        return []
    return approving.refusals(course=course, hash=standing.composition.hash, actor=request.user)


@require_http_methods(["GET", "POST"])
@login_required
@course_door
def again(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """An older edition becomes the next one; asked first, since learners move."""
    course = draft_for(request.user, slug, edit=True)
    source = course.editions.published().filter(number=number).exclude(pk=course.current_edition_id).first()
    if source is None:
        raise Http404
    composition = compose(editions.load(source), media=editions.media_of(source))
    return _page(request, course, source, Offer(composition, None, effects_of(course, composition), []))


def _page(request: HttpRequest, course: Course, source: Edition | None, offer: Offer) -> HttpResponse:
    form: PublishForm = (
        PublishForm(request.POST or None, initial=_again(source))
        if source
        else NowOrLaterForm(request.POST or None, zone=zone_of(request.user))
    )
    status = 200
    if request.method == "POST":
        status = 422
        valid = form.is_valid()
        if _moved(request, offer):
            form.add_error(None, str(DraftMoved()))
            status = DraftMoved.status
        elif valid:
            effect = offer.effects.get(form.cleaned_data["kind"])
            if effect is not None and effect.costs and not request.POST.get("sure"):
                return _ask(request, course, source, form, effect)
            try:
                return _do(request, course, source, form, effect)
            except DomainError as problem:
                _refused(form, problem)
                status = problem.status
    context = {
        "form": form,
        "source": source,
        "offer": offer,
        "choices": _choices(form, offer.effects),
        "standing": offer.standing,
        **_checklist(course, offer),
        "number": next_number(course),
        "plan": authoring.waiting_plan(course),
    }
    return author_page(request, "publish", course, context, status=status)


def _moved(request: HttpRequest, offer: Offer) -> bool:
    """Is what would be published now another draft than the one that its author has looked at?"""
    seen = request.POST.get("seen", "")
    return bool(seen and offer.composition and offer.composition.hash != seen)


def _checklist(course: Course, offer: Offer) -> dict[str, Any]:
    """For ``before_publishing.html``; an older edition that is published again needs none."""
    if offer.standing is None:
        return {}
    checked = check_known(course, offer.standing.spec, offer.standing.faults)
    return {
        "checked": checked,
        "checklist": checklist_of(course, drafting.draft_outline(course), checked, offer.blocks),
    }


def _again(source: Edition) -> dict[str, str]:
    return {"note": _("Edition %(n)d again.") % {"n": source.number}}


def _refused(form: PublishForm, problem: DomainError) -> None:
    fields = {name: text for name, text in problem.fields.items() if name in form.fields}
    for name, text in fields.items():
        form.add_error(name, text)
    if not fields:
        form.add_error(None, str(problem))


def _choices(form: PublishForm, effects: dict[str, Effect]) -> list[tuple[Any, Effect | None]]:
    """The kinds to choose from, each with what it would do."""
    return [(choice, effects.get(str(choice.data["value"]))) for choice in form["kind"]]


def _ask(
    request: HttpRequest, course: Course, source: Edition | None, form: PublishForm, effect: Effect
) -> HttpResponse:
    later = isinstance(form, NowOrLaterForm) and form.later
    context = {
        "form": form,
        "source": source,
        "effect": effect,
        "seen": request.POST.get("seen", ""),
        "number": next_number(course),
        "due_at": form.cleaned_data["due_at"] if later else None,
    }
    template = "courses/author/publish_sure.html"
    return author_page(request, "publish", course, context, template=template)


def _do(
    request: HttpRequest, course: Course, source: Edition | None, form: PublishForm, effect: Effect | None
) -> HttpResponse:
    given = {name: form.cleaned_data[name] for name in ("kind", "note")} | {"seen": request.POST.get("seen", "")}
    if isinstance(form, NowOrLaterForm) and form.later:
        planning.plan(course=course, due_at=form.cleaned_data["due_at"], actor=request.user, **given)
        messages.success(request, _("Planned. It goes live by itself; until then you may change it or take it back."))
        return redirect("courses:author_editions", course.slug)
    edition = publish_edition(course=course, actor=request.user, source_edition=source, **given)
    said = [_("Edition %(number)d is published.") % {"number": edition.number}]
    if effect is not None and effect.learners:
        said.append("; ".join(effect.sentences) + ".")
    messages.success(request, " ".join(said))
    return redirect("courses:author_editions", course.slug)
