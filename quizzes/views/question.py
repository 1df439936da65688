"""Author pages: one question. The form holds everything, so it works without script: its buttons redraw it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import DomainError, InvalidInput
from courses.models import Course
from courses.views.media import served
from quizzes.bank_access import bank_for, file_for, may_write, question_for, refuse_others
from quizzes.forms.bank import DetailsForm, refused
from quizzes.forms.question import read
from quizzes.forms.question_drawing import control_id, draw
from quizzes.forms.question_rows import act, blank, without_blanks
from quizzes.models import Bank, Question, QuestionVersion
from quizzes.registry import Content, Fault, QuestionType, types
from quizzes.selectors_bank import (
    Firsts,
    courses_that_asked,
    editable_banks,
    filters_for,
    firsts_of,
    is_due,
    lessons_for,
    uses_of,
)
from quizzes.services import arranging, banking
from quizzes.services.filing import make_course_banks
from quizzes.services.question_files import seal, size_of, take_upload, unseal
from quizzes.soundness import faults_of, shape_faults, warnings_of
from quizzes.views.question_for_quiz import into_quiz, onward, quiz_asked


@dataclass
class Sheet:
    """An editor page: what stands in the form, what is wrong with it, and what it belongs to."""

    kind: QuestionType
    bank: Bank
    content: dict[str, Any]
    form: DetailsForm
    files: dict[str, int]
    seen: str = ""
    question: Question | None = None
    faults: Sequence[Fault] = ()
    may_edit: bool = True
    focus: str = ""
    problem: str = ""
    theirs: QuestionVersion | None = None
    status: int = 200
    more: dict[str, Any] = field(default_factory=dict)


# A new question


@require_safe
@login_required
def choose(request: HttpRequest) -> HttpResponse:
    """What kinds of questions there are, and what each is for."""
    banks, quiz = list(_own_banks(request)), quiz_asked(request)
    bank = quiz.lesson.course.bank.slug if quiz else request.GET.get("bank", "")
    context = {
        "kinds": sorted(types.values(), key=lambda each: str(each.label)),
        "banks": banks,
        "query": urlencode({"bank": bank, "quiz": request.GET.get("quiz", "")}),
        "quiz": quiz,
    }
    return render(request, "quizzes/author/choose.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """A question of one kind, in a bank of one's own."""
    banks = _own_banks(request)
    if kind not in types:
        raise Http404
    bank = _wanted_bank(request, banks)
    if bank is None:
        return redirect("quizzes_author:question_choose")  # which says how to get one
    if request.method == "GET":
        form = DetailsForm(initial=_initial_of_new(request, bank), banks=banks, topics=_topics(request, bank))
        return _page(request, Sheet(types[kind], bank, blank(types[kind]), form, {}))
    form = DetailsForm(request.POST, request.FILES, banks=banks, topics=_topics(request, bank))
    sheet = _read(request, Sheet(types[kind], bank, {}, form, {}), {})
    return _answer(request, sheet, _create)


def _own_banks(request: HttpRequest) -> QuerySet[Bank]:
    """The banks in which this person may write; each of their courses gets its own now, if it has none."""
    refuse_others(request.user)
    make_course_banks(Course.objects.editable_by(request.user).filter(bank=None))
    return editable_banks(request.user)


def _wanted_bank(request: HttpRequest, banks: QuerySet[Bank]) -> Bank | None:
    """The bank that was asked for; else the first in which this person may write."""
    slug, key = request.GET.get("bank", ""), request.POST.get("bank", "")
    if key.isdecimal() and len(key) < 19:
        return banks.filter(pk=key).first() or banks.first()
    return (bank_for(request.user, slug, edit=True) if slug else None) or banks.first()


def _initial_of_new(request: HttpRequest, bank: Bank) -> dict[str, Any]:
    quiz = quiz_asked(request)
    language = quiz.language if quiz else bank.course.first_language if bank.course else ""
    return {"bank": bank.pk, "language": language, "licence": bank.course.licence if bank.course else ""}


def _topics(request: HttpRequest, bank: Bank) -> Sequence[str]:
    return filters_for(request.user, bank.slug).topics


def _create(sheet: Sheet, actor: Any, ready: bool) -> Question:
    write = banking.create_ready if ready else banking.create_question
    return write(
        bank=sheet.form.cleaned_data["bank"],
        content=sheet.content,
        details=sheet.form.details,
        files=sheet.files,
        actor=actor,
    )


# A question that is there


@require_http_methods(["GET", "POST"])
@login_required
def question(request: HttpRequest, pk: int) -> HttpResponse:
    """Read it; whoever may write in its bank saves a draft, or makes it ready."""
    row = question_for(request.user, pk, edit=request.method == "POST")
    current = row.draft or row.ready
    if current is None:
        raise Http404
    current.question = row
    kind, topics = types[current.type], _topics(request, row.bank)
    sheet = Sheet(kind, row.bank, dict(current.content), DetailsForm(topics=topics), banking.files_of(current))
    sheet.question, sheet.seen = row, banking.standing_of(row)
    if request.method == "GET":
        sheet.may_edit = may_write(request.user, row.bank)
        sheet.form = DetailsForm(initial=_initial_of(row), topics=topics)
        sheet.faults = faults_of(current.content, set(sheet.files)) if row.draft else ()
        return _page(request, sheet)
    sheet.form = DetailsForm(request.POST, request.FILES, topics=topics)
    return _answer(request, _read(request, sheet, current.content), _save)


def _initial_of(row: Question) -> dict[str, Any]:
    details = banking.Details.of(row)
    given = {name: getattr(details, name) for name in banking.ROW_DETAILS}
    return given | {"tags": ", ".join(details.tags), "note": row.draft.note if row.draft else ""}


def _save(sheet: Sheet, actor: Any, ready: bool) -> Question:
    if sheet.question is None:
        raise Http404
    save = banking.save_ready if ready else banking.save_draft
    return save(
        question=sheet.question,
        seen=sheet.seen,
        content=sheet.content,
        details=sheet.form.details,
        files=sheet.files,
        note=sheet.form.cleaned_data["note"],
        actor=actor,
    )


# What both do


def _read(request: HttpRequest, sheet: Sheet, base: Content) -> Sheet:
    """Put what was sent into ``sheet``: the content, the files that the form carries, the files that came with it."""
    sheet.content = read(sheet.kind, request.POST, base)
    sheet.files = sheet.files | unseal(request.POST.get("files", ""))
    sheet.seen = request.POST.get("seen", "")
    if not sheet.form.is_valid():
        sheet.status = 422
    _take_files(request, sheet)
    return sheet


def _take_files(request: HttpRequest, sheet: Sheet) -> None:
    """Store what was uploaded. A picture for a field of its own is put into it, with its size."""
    for each in sheet.kind.editor.fields:
        upload = request.FILES.get(f"{each.name}.upload") if each.kind == "media" else None
        if upload is None:
            continue
        try:
            name, _media = _take(sheet, upload)
        except InvalidInput as problem:
            sheet.faults, sheet.status = [*sheet.faults, (each.name, problem.message)], 422
            continue
        sheet.content[each.name] = f"media/{name}"
        upload.seek(0)
        size = size_of(upload.file)
        if size and {"width", "height"} <= {each.name for each in sheet.kind.editor.fields}:
            sheet.content["width"], sheet.content["height"] = size
    upload = sheet.form.cleaned_data.get("upload")
    if upload is not None:
        try:
            _take(sheet, upload)
        except InvalidInput as problem:
            refused(problem, sheet.form)
            sheet.status = 422


def _take(sheet: Sheet, upload: Any) -> tuple[str, Any]:
    name, media = take_upload(upload, bank=sheet.bank, held=sheet.files)
    sheet.files[name] = media.pk
    return name, media


Write = Callable[[Sheet, Any, bool], Question]


def _answer(request: HttpRequest, sheet: Sheet, write: Write) -> HttpResponse:
    """Redraw after a button of a list or with what is wrong; save otherwise, and go on where the button says."""
    wanted = request.POST.get("act", "save")
    if ":" in wanted or wanted == "upload":
        place = act(sheet.kind, sheet.content, wanted)
        sheet.focus = control_id(place) if place else ""
        return _page(request, sheet)
    sheet.content = without_blanks(sheet.kind, sheet.content)
    if sheet.status != 200:
        sheet.faults = [*sheet.faults, *shape_faults({"uid": "new", **sheet.content})]
        return _page(request, sheet)
    try:
        saved = write(sheet, request.user, wanted == "ready")
    except banking.SomebodyWasFaster as problem:
        return _conflict(request, sheet, problem)
    except DomainError as problem:
        sheet.faults, sheet.problem, sheet.status = list(problem.fields.items()), problem.message, problem.status
        return _page(request, sheet)
    quiz = quiz_asked(request)
    if quiz and saved.ready_id and not saved.draft_id:
        return into_quiz(request, quiz, saved)
    _say(request, saved)
    if wanted == "another":
        return onward(request, reverse("quizzes_author:question_new", args=[sheet.kind.name]), bank=saved.bank.slug)
    return onward(request, reverse("quizzes_author:question", args=[saved.pk]))


def _say(request: HttpRequest, saved: Question) -> None:
    if saved.draft_id:
        messages.success(request, _("Saved as a draft. Quizzes take it once you mark it as ready."))
    else:
        messages.success(request, _("Ready. Quizzes take these words from now on; published ones keep theirs."))


def _conflict(request: HttpRequest, sheet: Sheet, problem: banking.SomebodyWasFaster) -> HttpResponse:
    """Both texts; saving again puts this one in place of the other, knowingly."""
    sheet.theirs = problem.question.draft or problem.question.ready
    sheet.seen = banking.standing_of(problem.question)
    sheet.problem, sheet.status = problem.message, problem.status
    return _page(request, sheet)


def _page(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    drawn = draw(
        sheet.kind,
        sheet.content,
        faults=sheet.faults,
        warnings=warnings_of({"uid": "new", **sheet.content}) if sheet.question else (),
        lessons=lessons_for(sheet.bank),
    )
    context = {
        "sheet": sheet,
        "page": drawn,
        "form": sheet.form,
        "question": sheet.question,
        "bank": sheet.bank,
        "kind": sheet.kind,
        "files": seal(sheet.files),
        "names": sorted(sheet.files),
        "tab": "edit",
        "due": sheet.question is not None and is_due(sheet.question),
        "firsts": _firsts(sheet.question),
        "may_regrade": _may_regrade(request, sheet.question),
        "their_content": _plain(sheet.theirs.content) if sheet.theirs else (),
    }
    return render(request, "quizzes/author/question.html", context, status=sheet.status)


def _firsts(row: Question | None) -> Firsts | None:
    return firsts_of(uses_of([row.pk])).get(row.pk) if row else None


def _may_regrade(request: HttpRequest, row: Question | None) -> bool:
    return bool(row and row.ready_id) and courses_that_asked(row, request.user).exists()


def _plain(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The texts of a question, for reading beside one's own."""
    texts = types[content["type"]].texts(content)
    return [(key, text) for key, text in texts.items() if text]


@require_POST
@login_required
def do(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Retire, bring back, copy, or throw the draft away."""
    if verb not in VERBS:
        raise Http404
    row = question_for(request.user, pk, edit=verb != "copy")
    try:
        return VERBS[verb](request, row)
    except DomainError as problem:
        messages.error(request, problem.message)
        return redirect("quizzes_author:question", row.pk)


def _retire(request: HttpRequest, row: Question) -> HttpResponse:
    arranging.retire([row])
    messages.success(request, _("Retired: no quiz takes it any more. Published ones still ask it."))
    return redirect("quizzes_author:question", row.pk)


def _bring_back(request: HttpRequest, row: Question) -> HttpResponse:
    arranging.bring_back([row])
    messages.success(request, _("It is in use again."))
    return redirect("quizzes_author:question", row.pk)


def _discard(request: HttpRequest, row: Question) -> HttpResponse:
    kept = banking.discard_draft(question=row, seen=request.POST.get("seen", ""))
    if kept is None:
        messages.success(request, _("The question is gone; it was never ready."))
        return redirect(f"{reverse('quizzes_author:questions')}?bank={row.bank.slug}")
    messages.success(request, _("The draft is gone; the ready version stands."))
    return redirect("quizzes_author:question", row.pk)


def _copy(request: HttpRequest, row: Question) -> HttpResponse:
    """Into the same bank where one may write there, else into the first of one's own."""
    banks = editable_banks(request.user)
    bank = banks.filter(pk=row.bank_id).first() or banks.first()
    if bank is None:
        messages.error(request, _("Make a bank of your own first."))
        return redirect("quizzes_author:question", row.pk)
    copied = banking.duplicate(question=row, bank=bank, actor=request.user)
    messages.success(request, _("This is the copy, a draft in “%(bank)s”.") % {"bank": bank.title})
    return redirect("quizzes_author:question", copied.pk)


VERBS: Mapping[str, Callable[[HttpRequest, Question], HttpResponse]] = {
    "retire": _retire,
    "bring-back": _bring_back,
    "discard": _discard,
    "copy": _copy,
}


@require_safe
@login_required
def media(request: HttpRequest, pk: int, sha: str, name: str) -> HttpResponse:
    """A file that the question shows, for those who may read it."""
    return served(request, file_for(question_for(request.user, pk), sha), name)


def rest_of(data: QueryDict, *without: str) -> str:
    """The rest of an address without some of its values, ending in ``&``; empty when nothing is left."""
    rest = data.copy()
    for name in without:
        rest.pop(name, None)
    return f"{rest.urlencode()}&" if rest else ""
