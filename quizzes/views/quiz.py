"""The page on which an author puts a quiz together: how it asks, its questions, what it takes from banks."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import DomainError, InvalidInput
from courses.access import draft_for
from courses.models import Course, LessonText
from courses.services.editing import SomebodyWasFaster
from courses.views.author import author_page
from courses.views.doors import course_door
from quizzes.behaviours import behaviours
from quizzes.forms.quiz import DrawForm, SettingsForm, initial_of
from quizzes.models import Bank, Question
from quizzes.registry import types
from quizzes.services import quiz_drafting
from quizzes.services.resolving import MOST_QUESTIONS, described
from quizzes.types.base import words

PAGE = 25
UNDO_AGE = 3600  # seconds in which a question that was taken out can be put back
SALT = "quizzes.quiz-draft"


def _text_for(course: Course, uid: str, language: str) -> LessonText:
    rows = LessonText.objects.select_related("lesson", "changed_by").filter(lesson__course=course, lesson__kind="quiz")
    text = get_object_or_404(rows, lesson__uid=uid, language=language or course.first_language)
    text.lesson.course = course
    return text


@require_http_methods(["GET", "POST"])
@login_required
@course_door
def quiz(request: HttpRequest, slug: str, uid: str) -> HttpResponse:
    """Settings and questions of a quiz's draft; a POST saves the settings."""
    course = draft_for(request.user, slug, edit=request.method == "POST")
    text = _text_for(course, uid, request.GET.get("language", ""))
    lessons = _lessons(course, uid)
    if request.method == "GET":
        initial = initial_of(text.content, text.lesson.rule, text.lesson.version)
        return _page(request, course, text, SettingsForm(initial=initial, lessons=lessons))
    form = SettingsForm(request.POST, lessons=lessons)
    if not form.is_valid():
        return _page(request, course, text, form, status=422)
    try:
        quiz_drafting.save_settings(
            course=course,
            text=text,
            version=form.cleaned_data["version"],
            rule=form.rule(),
            settings=form.settings(),
            actor=request.user,
        )
    except InvalidInput as problem:
        _tell(form, problem, text.content)
        return _page(request, course, text, form, status=problem.status)
    except SomebodyWasFaster:
        form.add_error(None, _("Somebody else saved this quiz while you were writing. Load the page again to see it."))
        return _page(request, course, text, form, status=409)
    messages.success(request, _("Saved. Learners see it when the next edition is published."))
    return redirect(request.get_full_path())


def _tell(form: SettingsForm, problem: InvalidInput, content: Mapping[str, Any]) -> None:
    """Each fault beside the field it is about; what is about a question stands at the behaviour that does not fit it."""
    for path, sentence in problem.fields.items():
        head, _dot, rest = path.partition(".")
        name = {"tries": f"tries_{rest or 'most'}", "review": f"review_{rest}"}.get(head, head)
        if head == "questions":
            number = int(rest.split(".")[0]) if rest.split(".")[0].isdecimal() else 0
            said = _("Question %(number)d: %(reason)s") % {"number": number + 1, "reason": sentence}
            form.add_error("behaviour", said)
        else:
            form.add_error(name if name in form.fields else None, sentence)


def _lessons(course: Course, uid: str) -> list[tuple[str, str]]:
    rows = LessonText.objects.filter(lesson__course=course, language=course.first_language).exclude(lesson__uid=uid)
    return list(rows.order_by("lesson__module__position", "lesson__position").values_list("lesson__uid", "title"))


def _page(
    request: HttpRequest,
    course: Course,
    text: LessonText,
    form: SettingsForm,
    *,
    status: int = 200,
    draw_form: DrawForm | None = None,
) -> HttpResponse:
    content = text.content
    questions = list(content.get("questions", ()))
    rows = _in_bank(course, text.language, [each.get("uid", "") for each in questions])
    context = {
        "text": text,
        "form": form,
        "here": reverse("quizzes_author:quiz", args=[course.slug, text.lesson.uid]),
        "languages": list(
            text.lesson.texts.filter(language__in=course.languages).order_by("pk").values_list("language", flat=True)
        ),
        "questions": [_row(each, rows) for each in questions],
        "picks": _picks(course, content.get("picks", ())),
        "draws": _draws(course, content.get("draws", ()), text.language),
        "pools": content.get("pools", ()),
        "draw_form": draw_form or DrawForm(course=course),
        "found": _found(request, course, content),
        "found_query": _query(request),
        "words": request.GET.get("q", "")[:100],
        "bank": request.GET.get("bank", ""),
        "banks": Bank.objects.usable_by(course).distinct(),
        "behaviours": behaviours.values(),
        "unfit": _unfit(questions),
    }
    return author_page(request, "outline", course, context, status=status, template="quizzes/author/quiz.html")


def _query(request: HttpRequest) -> str:
    rest = request.GET.copy()
    rest.pop("page", None)
    return f"{rest.urlencode()}&" if rest else ""


def _in_bank(course: Course, language: str, uids: list[str]) -> dict[str, int]:
    """Where each question can be changed: the bank's form has it in its own language only."""
    rows = Question.objects.filter(bank__course=course, uid__in=uids, language__in=("", language))
    return dict(rows.values_list("uid", "pk"))


def _row(question: Mapping[str, Any], keys: Mapping[str, int]) -> dict[str, Any]:
    kind = types.get(question.get("type", ""))
    return {
        "uid": question.get("uid", ""),
        "words": words(question.get("stem", ""), question.get("format", "md")),
        "label": kind.label if kind else question.get("type", ""),
        "points": question.get("points", 1),
        "key": keys.get(question.get("uid", "")),
    }


def _picks(course: Course, picks: Any) -> list[dict[str, Any]]:
    wanted = Question.objects.filter(bank__in=Bank.objects.usable_by(course), uid__in=[each["uid"] for each in picks])
    known = {(each.bank.slug, each.uid): each for each in wanted.select_related("bank")} if picks else {}
    return [{"pick": each, "question": known.get((each["bank"], each["uid"]))} for each in picks]


def _draws(course: Course, draws: Any, language: str) -> list[dict[str, Any]]:
    banks = {each.slug: each for each in Bank.objects.usable_by(course).filter(slug__in=[d["bank"] for d in draws])}
    return [
        {
            "draw": each,
            "difficulty": dict(Question.Difficulty.choices).get(each.get("difficulty", ""), ""),
            "bank": banks.get(each["bank"]),
            "fit": described(banks[each["bank"]], each, language).count() if each["bank"] in banks else 0,
            "most": MOST_QUESTIONS,
        }
        for each in draws
    ]


def _found(request: HttpRequest, course: Course, content: Mapping[str, Any]) -> Any:
    """Questions of usable banks for the words asked for; nothing before somebody asks."""
    if "q" not in request.GET:
        return None
    rows = Question.objects.in_use().filter(bank__in=Bank.objects.usable_by(course), ready__isnull=False)
    if request.GET.get("bank"):
        rows = rows.filter(bank__slug=request.GET["bank"])
    for word in request.GET["q"][:100].split()[:10]:
        rows = rows.filter(words__icontains=word)
    taken = {(each["bank"], each["uid"]) for each in content.get("picks", ())}
    page = Paginator(rows.select_related("bank").order_by("words", "pk"), PAGE).get_page(request.GET.get("page"))
    for each in page.object_list:
        each.label = types[each.type].label if each.type in types else each.type
        each.picked = (each.bank.slug, each.uid) in taken
    return page


def _unfit(questions: list[Mapping[str, Any]]) -> list[tuple[Any, str]]:
    """Which behaviours do not go with the kinds of question in this quiz, and why."""
    used = [types[name] for name in sorted({each.get("type", "") for each in questions}) if name in types]
    return [(each.label, reason) for each in behaviours.values() for kind in used if (reason := each.refuses(kind))]


@require_POST
@login_required
@course_door
def change(request: HttpRequest, slug: str, uid: str) -> HttpResponse:
    """Move, take out, put back, pick or draw; ``act`` says what."""
    course = draft_for(request.user, slug, edit=True)
    text = _text_for(course, uid, request.POST.get("language", ""))
    here = reverse("quizzes_author:quiz", args=[slug, uid]) + f"?language={text.language}"
    act, undo = _act(request, course, text)
    if isinstance(act, DrawForm):
        initial = initial_of(text.content, text.lesson.rule, text.lesson.version)
        form = SettingsForm(initial=initial, lessons=_lessons(course, uid))
        return _page(request, course, text, form, status=422, draw_form=act)
    if act is None:
        messages.info(request, _("Nothing was chosen."))
        return redirect(here)
    version = request.POST.get("version", "")
    try:
        quiz_drafting.change(
            course=course,
            text=text,
            version=int(version) if version.isdecimal() and len(version) < 10 else 0,
            act=act,
            actor=request.user,
        )
    except DomainError as problem:
        messages.error(request, str(problem))
        return redirect(here)
    if undo:
        return render(request, "quizzes/author/quiz_removed.html", _removed(course, text, here, undo))
    return redirect(f"{here}#questions")


def _removed(course: Course, text: LessonText, here: str, undo: dict[str, Any]) -> dict[str, Any]:
    text.refresh_from_db(fields=["version"])
    return {"course": course, "text": text, "here": here, "undo": signing.dumps(undo, salt=SALT, compress=True)}


def _act(request: HttpRequest, course: Course, text: LessonText) -> tuple[Any, dict[str, Any] | None]:
    """The change that the form asks for, and what would undo it."""
    verb, _colon, rest = request.POST.get("act", "").partition(":")
    name, _colon, number = rest.partition(":")
    if verb == "pick":
        return _picked(request, course), None
    if verb == "draw":
        form = DrawForm(request.POST, course=course)
        return (quiz_drafting.draw(form.row()) if form.is_valid() else form), None
    if verb == "restore":
        return _restored(request), None
    if name not in ("questions", "picks", "draws") or not number.isdecimal() or len(number) > 4:
        return None, None
    index = int(number)
    if verb in ("up", "down"):
        return quiz_drafting.move(name, index, -1 if verb == "up" else 1), None
    rows = text.content.get(name, ())
    if verb == "remove" and index < len(rows):
        return quiz_drafting.remove(name, index), {"name": name, "index": index, "row": rows[index]}
    return None, None


def _picked(request: HttpRequest, course: Course) -> Any:
    keys = [int(each) for each in request.POST.getlist("question") if each.isdecimal() and len(each) < 19]
    rows = Question.objects.filter(pk__in=keys[:PAGE], bank__in=Bank.objects.usable_by(course)).select_related("bank")
    questions = list(rows.order_by("words", "pk").distinct())
    return quiz_drafting.pick(questions) if questions else None


def _restored(request: HttpRequest) -> Any:
    try:
        undo = signing.loads(request.POST.get("undo", ""), salt=SALT, max_age=UNDO_AGE)
    except signing.BadSignature:
        return None
    return quiz_drafting.put(undo["name"], undo["index"], undo["row"])
