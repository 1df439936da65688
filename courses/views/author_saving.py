"""What the lesson page's script asks: saving while somebody types, who else is there. Answers are JSON.

``save`` sends six statements at most, with those of the session and the person.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import InvalidInput
from courses.access import draft_for
from courses.models import LessonText
from courses.selectors import writing
from courses.services import advising, attending, editing
from courses.services.editing import BothChanged, Saved, SomebodyWasFaster
from courses.views.author_lesson import choices_of, clash_of, form_of, taken_in, turned, writable_or_404
from courses.views.doors import course_door


def _said(words: str, status: int, **more: Any) -> HttpResponse:
    return JsonResponse({"words": words, **more}, status=status)


def _signed_out() -> HttpResponse:
    return _said(_("You are signed out. Sign in on another tab; your text is kept on this device."), 401)


def _text_to_write(request: HttpRequest, slug: str, uid: str) -> LessonText:
    """In one statement; who may not learns why by the usual door. Raises as ``draft_for``, or ``Http404``."""
    text = writing.text_to_write(request.user, slug, uid, request.GET.get("language", ""))
    if text is None:
        draft_for(request.user, slug, edit=True)
        raise Http404
    writable_or_404(text)
    return text


@require_POST
@course_door
def save(request: HttpRequest, slug: str, uid: str) -> HttpResponse:
    """Save what is typed. ``version`` is what it was typed on; the same values twice are saved once.

    200 with the ``version`` that stands (and title, minutes and body where others' changes came in; ``turned`` says that
    the body is in another format than what was sent); 409 with a
    ``panel`` of choices where both changed the same; 422 with ``fields``; 401 when signed out.
    """
    if not request.user.is_authenticated:
        return _signed_out()
    text = _text_to_write(request, slug, uid)
    form = form_of(request.POST, text)
    if not form.is_valid():
        fields = {name: str(errors[0]) for name, errors in form.errors.items()}
        return _said(" ".join(fields.values()), 422, fields=fields)
    try:
        saved = editing.save_lesson(
            text=text,
            typed=form.typed,
            version=form.cleaned_data["version"],
            base=form.base,
            form=form.cleaned_data["format"],
            choices=choices_of(request.POST),
            actor=request.user,
        )
    except BothChanged as problem:
        context = {"clash": clash_of(problem), "text": text, "course": text.lesson.course, "form": form}
        panel = render_to_string("courses/author/lesson_clash.html", context, request)
        said = _("%(name)s changed the same words. Choose below what stays; your text is kept.")
        return _said(said % {"name": problem.current.changed_by or "–"}, problem.status, panel=panel)
    except InvalidInput as problem:
        return _said(" ".join(problem.fields.values()) or str(problem), problem.status, fields=problem.fields)
    except SomebodyWasFaster as problem:
        return _said(problem.message, problem.status)
    return JsonResponse(_saved(saved) | _turned(saved, form.cleaned_data["format"]))


def _turned(saved: Saved, form: str) -> dict[str, str]:
    """For a page that still writes in the other format: it may go on, and each save is turned."""
    told = turned(saved, form)
    return {"turned": f"{told} {_('Load the page again to go on in the new format.')}"} if told else {}


def _saved(saved: Saved) -> dict[str, Any]:
    text = saved.text
    advice = advising.advise_on(text, typing=True)
    answer: dict[str, Any] = {
        "version": text.version,
        "saved_at": text.changed_at.isoformat(),  # the browser knows its own clock; ours would ask for the zone first
        "faults": editing.faults_of(text),
        "advice": [{"sentence": each.sentence, "mark": each.mark} for each in advice.of_words],
        "estimate": advice.minutes,
    }
    if saved.taken:
        answer["taken"] = taken_in(saved)
    answer |= {"title": text.title, "minutes": text.minutes, "body": text.content.get("body", "")}
    return answer


@require_POST
@course_door
def present(request: HttpRequest, slug: str, uid: str) -> HttpResponse:
    """The page is open in the tab ``client`` (with ``gone``: is closed). Who else is there, and the version that stands."""
    if not request.user.is_authenticated:
        return _signed_out()
    text = _text_to_write(request, slug, uid)
    client = request.POST.get("client", "")
    if request.POST.get("gone"):
        attending.leave(text=text, person=request.user, client=client)
        return HttpResponse(status=204)
    attending.attend(text=text, person=request.user, client=client)
    others = writing.others_at(text, request.user)
    return JsonResponse({"others": others, "words": present_words(others), "version": text.version})


def present_words(others: list[str]) -> str:
    """'Marcus Bell is writing here': whoever else has the text open."""
    if not others:
        return ""
    if len(others) == 1:
        return _("%(name)s is writing here") % {"name": others[0]}
    return _("%(names)s and %(name)s are writing here") % {"names": ", ".join(others[:-1]), "name": others[-1]}
