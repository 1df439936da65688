"""Author pages: one lesson's text in the browser, and how it looks to learners. The script's part is ``author_saving``."""

from collections.abc import Mapping
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import InvalidInput
from courses import bodies, merging
from courses.access import draft_for, may_edit
from courses.forms import LessonForm, RemarkForm
from courses.models import Course, LessonText
from courses.registry import kinds
from courses.selectors import writing
from courses.selectors.languages import language_name
from courses.services import advising, editing
from courses.services.editing import BothChanged, Saved, SomebodyWasFaster
from courses.services.looking import look_at
from courses.views.author import author_page
from courses.views.doors import course_door
from courses.views.player import answer_check, show_lesson

REMARKS_SHOWN = 5


def text_for(course: Course, uid: str, language: str) -> LessonText:
    """The lesson's text in ``language`` (empty: the first).

    Raises ``Http404`` when its kind has no text to write, or the course does not speak the language (any more).
    """
    if language and language not in course.languages:
        raise Http404
    rows = LessonText.objects.select_related("lesson", "changed_by").filter(lesson__archived_at=None)
    text = get_object_or_404(rows, lesson__course=course, lesson__uid=uid, language=language or course.first_language)
    writable_or_404(text)
    text.lesson.course = course
    return text


def writable_or_404(text: LessonText) -> None:
    kind = kinds.get(text.lesson.kind)
    if kind is None or "body" not in kind.content_schema["properties"]:
        raise Http404


def form_of(data: QueryDict, text: LessonText) -> LessonForm:
    return LessonForm(data, source_format=text.content.get("source_format", "md"), language=text.language)


def _as_saved(text: LessonText) -> LessonForm:
    initial = {"title": text.title, "minutes": text.minutes, "version": text.version}
    initial |= {"body": text.content.get("body", ""), "format": bodies.format_of(text.content)}
    return LessonForm(initial=initial, source_format=text.content.get("source_format", "md"), language=text.language)


def choices_of(data: QueryDict) -> dict[str, merging.Choice]:
    """What was chosen where both had changed the same: ``keep-<key>`` each."""
    given = {name.removeprefix("keep-"): value for name, value in data.items() if name.startswith("keep-")}
    return {key: choice for choice in merging.CHOICES for key, value in given.items() if value == choice}


@require_http_methods(["GET", "POST"])
@login_required
@course_door
@csp_update({"frame-src": [SELF]})
def lesson(request: HttpRequest, slug: str, uid: str) -> HttpResponse:
    """Read the lesson's source; owners and editors save it."""
    course = draft_for(request.user, slug, edit=request.method == "POST")
    text = text_for(course, uid, request.GET.get("language", ""))
    if request.method == "GET":
        return _page(request, course, text, _as_saved(text))
    form = form_of(request.POST, text)
    if not form.is_valid():
        return _page(request, course, text, form, status=422)
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
        return _page(request, course, text, form, {"clash": clash_of(problem)}, status=problem.status)
    except SomebodyWasFaster as problem:
        return _page(request, course, text, form, {"busy": problem}, status=problem.status)
    except InvalidInput as problem:
        for name, sentence in problem.fields.items():
            form.add_error(name, sentence)
        more = {} if problem.fields else {"busy": problem}
        return _page(request, course, text, form, more, status=problem.status)
    if told := turned(saved, form.cleaned_data["format"]):
        messages.info(request, told)
    _say(request, saved)
    return redirect(request.get_full_path())


def _say(request: HttpRequest, saved: Saved) -> None:
    if told := taken_in(saved):
        messages.info(request, told)
    if saved.wrote:
        messages.success(request, _("Saved. Learners see it when the next edition is published."))
    elif not saved.taken:
        messages.info(request, _("Nothing has changed."))


def taken_in(saved: Saved) -> str:
    """What of others a save took in, in words; empty when there was nothing."""
    if not saved.taken:
        return ""
    if not saved.by:
        sentence = ngettext(
            "%(count)d change from another window was taken in.",
            "%(count)d changes from another window were taken in.",
            saved.taken,
        )
        return sentence % {"count": saved.taken}
    sentence = ngettext(
        "%(count)d change by %(name)s was taken in.", "%(count)d changes by %(name)s were taken in.", saved.taken
    )
    return sentence % {"count": saved.taken, "name": ", ".join(saved.by)}


def turned(saved: Saved, form: str) -> str:
    """That the lesson is in another format by now than what was typed; empty when it is not."""
    now = bodies.format_of(saved.text.content)
    if form in ("", now):
        return ""
    if now == bodies.HTML:
        return _("The lesson was turned into rich text meanwhile. What you typed was turned, too, and stands in it.")
    return _("The lesson was turned into Markdown meanwhile. What you typed was turned, too, and stands in it.")


def clash_of(problem: BothChanged) -> dict[str, Any]:
    """For the template ``lesson_clash.html``: what both changed, and what was typed."""
    labels = {"title": _("Lesson title"), "minutes": _("Minutes shown to learners"), "body": ""}
    rows = [
        {"clash": clash, "label": labels[name], "both": name == "body", "number": 0}
        for name, merge in problem.weaving.fields.items()
        for clash in merge.clashes
    ]
    for number, row in enumerate(rows, start=1):
        row["number"] = number
    return {
        "rows": rows,
        "typed": problem.typed,
        "theirs": problem.current,
        "taken": problem.weaving.taken,
    }


def _page(
    request: HttpRequest,
    course: Course,
    text: LessonText,
    form: LessonForm,
    more: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    written = dict(LessonText.everything.filter(lesson=text.lesson_id).values_list("language", "archived_at"))
    spoken = {code for code, archived_at in written.items() if archived_at is None}
    remarks = writing.remarks_of(course, request.user, lesson_uid=text.lesson.uid)
    changes = may_edit(request.user, course)
    if not changes:
        form.only_to_read()
    context = {
        "form": form,
        "may_edit": changes,
        "text": text,
        "kind": kinds[text.lesson.kind],
        "languages": [(code, language_name(code)) for code in course.languages if code in spoken],
        "missing": [(code, language_name(code), code in written) for code in course.languages if code not in spoken],
        "faults": editing.faults_of(text, body=str(form["body"].value() or "")),
        **hint_context(text, body=str(form["body"].value() or "")),
        "just_left": request.GET.get("left", ""),
        "others": writing.others_at(text, request.user),
        "remarks": remarks[:REMARKS_SHOWN],
        "remark_count": remarks.count(),
        "remark_form": RemarkForm(auto_id="remark_%s"),
        "query": f"?language={text.language}" if text.language != course.first_language else "",
        **(more or {}),
    }
    return author_page(request, "lesson", course, context, status=status)


def hint_context(text: LessonText, *, body: str | None = None) -> dict[str, Any]:
    """For the template ``lesson_hints.html``: advice, and what of it somebody left, each with the word that shows it again."""
    advice = advising.advise_on(text, body=body)
    return {"advice": advice, "left": [(each.sentence, f"{text.lesson.uid}:{each.mark}") for each in advice.left]}


@require_http_methods(["GET", "POST"])
@login_required
@course_door
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})
def look(request: HttpRequest, slug: str, uid: str) -> HttpResponse:
    """The draft of the lesson (with what is being typed, if that is sent) by the learner's own template.

    Its check questions are answered here, from the draft: the lesson that learners read may not have them.
    """
    course = draft_for(request.user, slug)
    text = text_for(course, uid, request.GET.get("language", ""))
    if request.POST.get("block"):
        return answer_check(request, look_at(text=text, user=request.user), looking=True)
    body = request.POST.get("body", "")[: editing.BODY_MAX] if request.method == "POST" else None
    return show_lesson(request, look_at(text=text, user=request.user, body=body), looking=True)


@require_POST
@login_required
@course_door
def add_language(request: HttpRequest, slug: str, uid: str) -> HttpResponse:
    """Begin this lesson in another language of the course, as a copy of the first one's text or as it was before."""
    course = draft_for(request.user, slug, edit=True)
    text = text_for(course, uid, "")
    try:
        added = editing.add_language(lesson=text.lesson, language=request.POST.get("language", ""), actor=request.user)
    except InvalidInput as problem:
        return _page(request, course, text, _as_saved(text), {"no_language": problem}, status=problem.status)
    if added.archived_at:
        messages.success(request, _("What was written here is back, with its history."))
    else:
        messages.success(
            request, _("The text of the first language stands here to begin with. Put your own in its place.")
        )
    return redirect(f"{request.path.removesuffix('language/')}?language={added.language}")


@require_POST
@login_required
@course_door
def ready(request: HttpRequest, slug: str, uid: str) -> HttpResponse:
    """Its author says that the lesson is ready to be published, or not yet."""
    course = draft_for(request.user, slug, edit=True)
    found = course.lessons.filter(uid=uid).first()
    if found is None:
        raise Http404
    editing.say_ready(lesson=found, ready=request.POST.get("ready") == "1")
    said = _("Marked as ready.") if found.ready else _("Marked as not ready yet.")
    messages.success(request, said)
    language = request.GET.get("language", "")
    return redirect(f"{request.path.removesuffix('ready/')}{f'?language={language}' if language else ''}")


@require_POST
@login_required
@course_door
def difference(request: HttpRequest, slug: str, uid: str) -> HttpResponse:
    """What is typed against what is saved, in words: a piece for the page's script."""
    course = draft_for(request.user, slug)
    text = text_for(course, uid, request.GET.get("language", ""))
    context = {"pieces": writing.difference(text, request.POST.get("body", "")[: editing.BODY_MAX])}
    return render(request, "courses/author/lesson_pieces.html", context)
