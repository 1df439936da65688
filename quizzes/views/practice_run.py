"""A run of practice: the desk with what can be done now, a move, the debrief, the replay."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from core.errors import Conflict, DomainError
from core.http import render_page
from courses import markup
from courses.models import Edition
from quizzes.access import run_for
from quizzes.engines.base import FormEngine
from quizzes.engines.registry import Action, Engine, Move, engines
from quizzes.models import PracticeRun
from quizzes.selectors.authors_desk import AuthorsDesk, authors_desk
from quizzes.selectors.debrief import debrief_of, place_of, replay_of
from quizzes.selectors.moves import END, HINT, KEEP, UNDO
from quizzes.services import practising
from quizzes.services.practising import engine_of, next_hint
from quizzes.views.saving import whole

VERB_MAX = 40
WITH_FORM = {HINT: practising.hint, END: practising.end}
LEAVE = "leave"  # keep what is filled in, and go back to where the run belongs
FILLED = "filled"  # stands in the form in which work is filled in, and nowhere else


@require_GET
@never_cache
@login_required
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """The desk. A run that is over shows its debrief."""
    found = run_for(request.user, pk)
    if found.finished_at is not None:
        return redirect("quizzes:practice_debrief", pk)
    return desk(request, found)


def desk(
    request: HttpRequest, found: PracticeRun, *, problem: DomainError | None = None, status: int = 200
) -> HttpResponse:
    """The page of an open run; ``problem`` is what was wrong with the move that was just tried."""
    try:
        engine = engine_of(found)
    except Conflict as changed:
        context = {"run": found, "problem": changed, "back": back_to(found)}
        return render(request, "quizzes/practice/changed.html", context, status=changed.status)
    context = desk_context(found, engine, problem=problem, posted=request.POST)
    if not request.htmx:  # the piece that is put in stands in a page that says it
        context["language"] = place_of(found).language
    return render_page(request, "quizzes/practice/run.html", "desk", context, status=status)


def desk_context(
    found: PracticeRun, engine: Engine, *, problem: DomainError | None = None, posted: QueryDict | None = None
) -> dict[str, Any]:
    """What ``quizzes/practice/run.html`` needs."""
    actions = engine.actions(found.case, found.state)
    fields = problem.fields if problem else {}
    is_form = isinstance(engine, FormEngine)
    return {
        **scene_context(found, engine, found.state),
        "problem": problem,
        "problem_fields": fields,
        "groups": groups_of(actions, posted if problem else None, fields),
        "is_form": is_form,
        "verbs": {action.verb: action for action in actions},
        "reply": engine.reply(found.case, found.state) if found.mode == "coach" else None,
        "hints": hints_of(found, engine),
        "may_undo": found.mode == "coach" and engine.takes_back and found.turn > len(found.hinted),
        "back": back_to(found),
    }


def scene_context(found: PracticeRun, engine: Engine, state: dict[str, Any]) -> dict[str, Any]:
    """What an engine's own template needs to draw ``state``."""
    return {
        "run": found,
        "engine": engine,
        "case": {
            "title": found.case["title"],
            "brief_html": markup.render(found.case.get("brief", "")),
            "level": found.case.get("level", ""),
            "credit": found.case.get("credit", ""),
        },
        "scene": engine.show(found.case, state),
        "marks": engine.marks(found.case, state) if isinstance(engine, FormEngine) else {},
        "state_over": engine.over(found.case, state),
    }


def groups_of(actions: Sequence[Action], posted: QueryDict | None, errors: Mapping[str, str]) -> list[dict[str, Any]]:
    """Actions under their headings, in order; controls with what was typed and what is wrong with it."""
    grouped: dict[str, list[dict[str, Any]]] = defaultdict(list)
    tried = posted.get("verb", "") if posted else ""
    for action in actions:
        mine = posted if posted is not None and action.verb == tried else None
        controls = [_control(each, mine, errors if mine is not None else {}) for each in action.controls]
        grouped[action.group].append({"action": action, "controls": controls, "tried": mine is not None})
    return [
        {"label": label, "actions": rows, "simple": any(not row["controls"] for row in rows)}
        for label, rows in grouped.items()
    ]


def _control(control: Any, posted: QueryDict | None, errors: Mapping[str, str]) -> dict[str, Any]:
    value = control.value
    if posted is not None:
        value = posted.getlist(control.name) if control.kind == "checks" else posted.get(control.name, "")
    chosen = value if isinstance(value, list) else [value]
    options = [{"value": key, "label": label, "chosen": key in chosen} for key, label in control.choices]
    return {"control": control, "value": value or "", "options": options, "error": errors.get(control.name, "")}


def hints_of(found: PracticeRun, engine: Engine) -> dict[str, Any]:
    """The hints that were taken, and whether there is a further one."""
    if found.mode != "coach":
        return {"taken": [], "left": 0}
    offered = engine.hints(found.case, found.state)
    taken = [offered[key] for key in found.hinted if key in offered]
    left = len(offered) - len(taken) if next_hint(found, engine) else 0
    return {"taken": taken, "left": left, "number": len(found.hinted) + 1, "all": len(found.hinted) + left}


def back_to(found: PracticeRun) -> str:
    """Where the run belongs: its lesson (in the preview in which it was begun), the author's case, or its engine in the
    gallery."""
    if found.lesson_uid and found.course is not None:
        url = reverse("courses:lesson", args=[found.course.slug, found.lesson_uid])
        return url if found.enrolment_id else f"{url}?preview={_token(found)}"
    if mine := authors_desk(found):
        return _address_of(mine)
    return reverse("quizzes:practice_engine", args=[found.engine])


def _token(found: PracticeRun) -> str:
    """What opens the preview in which a run was begun; whoever began it held it."""
    edition = found.subject_key.split(":")[1]
    return Edition.objects.filter(pk=edition).values_list("token", flat=True).first() or ""


def _address_of(mine: AuthorsDesk) -> str:
    """Where an author began to play a case: a shared one, or one of a lesson's draft."""
    if mine.shared:
        return reverse("quizzes_author:shared_case", args=[mine.case])
    if mine.text is None:
        return reverse("quizzes_author:cases")
    lesson = mine.text.lesson
    url = reverse("quizzes_author:case", args=[lesson.course.slug, lesson.uid, mine.case])
    return f"{url}?language={mine.text.language}"


@require_POST
@login_required
def do(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a move. The form says its verb and the turn that its page shows; world and state are the server's."""
    found = run_for(request.user, pk)
    asked, turn = request.POST.get("verb", "")[:VERB_MAX], whole(request.POST, "turn") or 0
    verb = KEEP if asked == LEAVE else asked
    by_script = request.headers.get("Accept") == "application/json"
    try:
        if verb == UNDO:
            practising.undo(run=found, turn=turn)
        elif verb in WITH_FORM:
            WITH_FORM[verb](run=found, turn=turn, filled=_filled(request, found))
        else:
            move = engine_of(found).parse(found.case, found.state, verb, request.POST)
            practising.act(run=found, turn=turn, move=move)
    except DomainError as problem:
        if by_script:
            return JsonResponse({"words": str(problem)}, status=problem.status)
        return _refused(request, found, problem)
    if by_script:
        return JsonResponse({"turn": found.turn, "words": _("Saved")})
    return _to(request, back_to(found)) if asked == LEAVE else _went_on(request, found, verb)


def _filled(request: HttpRequest, found: PracticeRun) -> Move | None:
    """What stands in the form whose button was pressed; None where the button stands in no such form."""
    engine = engines.get(found.engine)
    if not isinstance(engine, FormEngine) or engine.version != found.engine_version or FILLED not in request.POST:
        return None
    return engine.parse(found.case, found.state, KEEP, request.POST)


def _refused(request: HttpRequest, found: PracticeRun, problem: DomainError) -> HttpResponse:
    if found.finished_at is not None:
        messages.warning(request, str(problem))
        return _to(request, reverse("quizzes:practice_debrief", args=[found.pk]))
    return desk(request, found, problem=problem, status=problem.status)


def _went_on(request: HttpRequest, found: PracticeRun, verb: str) -> HttpResponse:
    if found.finished_at is not None:
        return _to(request, reverse("quizzes:practice_debrief", args=[found.pk]))
    if request.htmx:
        return desk(request, found)
    if verb == KEEP:
        messages.success(request, _("Saved. You can go on whenever you like."))
    return redirect(reverse("quizzes:practice_run", args=[found.pk]) + "#desk")


def _to(request: HttpRequest, url: str) -> HttpResponse:
    """A redirect of the whole page, for htmx too."""
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return redirect(url)


@require_GET
@never_cache
@login_required
def debrief(request: HttpRequest, pk: int) -> HttpResponse:
    """What came of a run: the score, each decision with its reason and the lesson that explains it, both paths."""
    found = run_for(request.user, pk)
    if found.finished_at is None:
        return redirect("quizzes:practice_run", pk)
    return render(request, "quizzes/practice/debrief.html", {"debrief": debrief_of(found), "back": back_to(found)})


@require_GET
@never_cache
@login_required
def replay(request: HttpRequest, pk: int) -> HttpResponse:
    """The run once more, step by step; nothing can be done in it."""
    found = run_for(request.user, pk)
    if found.finished_at is None:
        return redirect("quizzes:practice_run", pk)
    try:
        engine = engine_of(found)
    except Conflict as changed:
        messages.info(request, str(changed))
        return redirect("quizzes:practice_debrief", pk)
    shown = replay_of(found, engine, step=whole(request.GET, "step") or 0)
    context = {
        **scene_context(found, engine, shown.state),
        "shown": shown,
        "is_form": isinstance(engine, FormEngine),
        "back": back_to(found),
        "language": place_of(found).language,
    }
    return render(request, "quizzes/practice/replay.html", context)


@require_POST
@login_required
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """The same world once more."""
    found = run_for(request.user, pk)
    try:
        begun = practising.again(run=found)
    except DomainError as problem:
        messages.error(request, str(problem))
        return redirect("quizzes:practice_debrief", pk)
    return redirect("quizzes:practice_run", begun.pk)
