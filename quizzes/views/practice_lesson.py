"""The page on which an author puts a practice lesson together: its cases, and how it offers them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import DomainError, InvalidInput
from courses.access import draft_for
from courses.models import Course, LessonText, Level
from courses.services.editing import SomebodyWasFaster
from courses.views.author import author_page
from courses.views.doors import course_door
from quizzes.case_access import practice_text
from quizzes.engines.registry import engines
from quizzes.forms.practice_author import PracticeSettingsForm, settings_of
from quizzes.models import SharedCase
from quizzes.services import case_drafting, quiz_drafting
from quizzes.views.saving import whole

UNDO_AGE = 3600  # seconds in which a case that was taken out can be put back
SALT = "quizzes.practice-draft"
WORDS_MAX = 100
SORTS = {"": lambda row: row["index"], "title": lambda row: row["title"].casefold(), "level": lambda row: row["rank"]}


@require_http_methods(["GET", "POST"])
@login_required
@course_door
def practice(request: HttpRequest, slug: str, uid: str) -> HttpResponse:
    """Cases and settings of a practice lesson's draft; a POST saves the settings."""
    course = draft_for(request.user, slug, edit=request.method == "POST")
    text = practice_text(course, uid, request.GET.get("language", ""))
    if request.method == "GET":
        initial = settings_of(text.content, text.lesson.rule, text.lesson.version)
        return _page(request, course, text, PracticeSettingsForm(initial=initial))
    form = PracticeSettingsForm(request.POST)
    if not form.is_valid():
        return _page(request, course, text, form, status=422)
    try:
        case_drafting.save_settings(
            course=course,
            lesson=text.lesson,
            version=form.cleaned_data["version"],
            rule=form.rule(),
            settings=form.settings(),
            actor=request.user,
        )
    except InvalidInput as problem:
        _tell(form, problem)
        return _page(request, course, text, form, status=problem.status)
    except SomebodyWasFaster as problem:
        return _conflict(request, course, text, problem)
    messages.success(request, _("Saved. Learners see it when the next edition is published."))
    return redirect(request.get_full_path())


def _tell(form: PracticeSettingsForm, problem: InvalidInput) -> None:
    """Each fault beside the field that it is about."""
    for path, sentence in problem.fields.items():
        name = path.removeprefix("rule.").partition(".")[0]
        form.add_error(name if name in form.fields else None, sentence)


def _conflict(request: HttpRequest, course: Course, text: LessonText, problem: SomebodyWasFaster) -> HttpResponse:
    """Both settings; saving again puts these in place of the others, knowingly."""
    text.lesson.refresh_from_db(fields=["rule", "version"])
    data = request.POST.copy()
    data["version"] = str(text.lesson.version)
    form = PracticeSettingsForm(data)
    theirs = settings_of(problem.current.content, text.lesson.rule, text.lesson.version)
    shown = [
        (str(form.fields[name].label), value)
        for name, value in theirs.items()
        if name in form.fields and name != "version"
    ]
    return _page(request, course, text, form, status=problem.status, more={"theirs": shown})


def _page(
    request: HttpRequest,
    course: Course,
    text: LessonText,
    form: PracticeSettingsForm,
    *,
    status: int = 200,
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    words = " ".join(request.GET.get("q", "").split())[:WORDS_MAX]
    sort = request.GET.get("sort", "") if request.GET.get("sort") in SORTS else ""
    cases: Sequence[Mapping[str, Any]] = text.content.get("cases", ())
    engine = engines.get(text.content.get("engine", ""))
    context = {
        "text": text,
        "form": form,
        "engine": engine,
        "here": reverse("quizzes_author:practice", args=[course.slug, text.lesson.uid]),
        "languages": list(
            text.lesson.texts.filter(language__in=course.languages).order_by("pk").values_list("language", flat=True)
        ),
        "rows": _rows(course, text, cases, words, sort),
        "total": len(cases),
        "words": words,
        "sort": sort,
        "movable": not words and not sort,
        **(more or {}),
    }
    return author_page(request, "outline", course, context, status=status, template="quizzes/author/practice.html")


def _rows(
    course: Course, text: LessonText, cases: Sequence[Mapping[str, Any]], words: str, sort: str
) -> list[dict[str, Any]]:
    """The cases that have all of ``words`` in title or situation, in the order asked for. One query."""
    offered = SharedCase.objects.offered().filter(course=course, lesson_uid=text.lesson.uid, language=text.language)
    shared = dict(offered.values_list("case_uid", "pk"))
    rows = [
        {
            "index": index,
            "uid": case.get("uid", ""),
            "title": str(case.get("title", "")),
            "level": Level(case.get("level", "working")).label,
            "rank": Level.values.index(case.get("level", "working")),
            "minutes": case.get("minutes"),
            "credit": case.get("credit", ""),
            "shared": shared.get(case.get("uid", "")),
        }
        for index, case in enumerate(cases)
        if _has(case, words)
    ]
    return sorted(rows, key=SORTS[sort])


def _has(case: Mapping[str, Any], words: str) -> bool:
    said = f"{case.get('title', '')} {case.get('brief', '')}".casefold()
    return all(word in said for word in words.casefold().split())


@require_POST
@login_required
@course_door
def change(request: HttpRequest, slug: str, uid: str) -> HttpResponse:
    """Move, duplicate, take out or put back a case; ``act`` says what."""
    course = draft_for(request.user, slug, edit=True)
    text = practice_text(course, uid, request.POST.get("language", ""))
    here = f"{reverse('quizzes_author:practice', args=[slug, uid])}?language={text.language}"
    act, undo = _act(request, text)
    if act is None:
        messages.info(request, _("Nothing was changed."))
        return redirect(f"{here}#cases")
    version = whole(request.POST, "version") or 0
    try:
        quiz_drafting.change(course=course, text=text, version=version, act=act, actor=request.user)
    except DomainError as problem:
        messages.error(request, str(problem))
        return redirect(f"{here}#cases")
    if undo:
        text.refresh_from_db(fields=["version"])
        sealed = signing.dumps(undo, salt=SALT, compress=True)
        context = {"course": course, "text": text, "here": here, "undo": sealed, "case": undo["row"]}
        return render(request, "quizzes/author/case_removed.html", context)
    return redirect(f"{here}#cases")


def _act(request: HttpRequest, text: LessonText) -> tuple[Any, dict[str, Any] | None]:
    """The change that the form asks for, and what would undo it."""
    verb, _colon, number = request.POST.get("act", "").partition(":")
    if verb == "restore":
        return _restored(request), None
    cases = text.content.get("cases", ())
    if not number.isdecimal() or len(number) > 3 or int(number) >= len(cases):
        return None, None
    index = int(number)
    if verb in ("up", "down"):
        return quiz_drafting.move("cases", index, -1 if verb == "up" else 1), None
    if verb == "duplicate":
        return case_drafting.duplicate(index), None
    if verb == "remove":
        return quiz_drafting.remove("cases", index), {"index": index, "row": cases[index]}
    return None, None


def _restored(request: HttpRequest) -> Any:
    try:
        undo = signing.loads(request.POST.get("undo", ""), salt=SALT, max_age=UNDO_AGE)
    except signing.BadSignature:
        return None
    return case_drafting.put_back(undo["index"], undo["row"])
