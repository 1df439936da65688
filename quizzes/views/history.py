"""Author pages: the versions of a question, where it is asked, and what authors say to each other about it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quizzes.bank_access import may_write, question_for, version_for
from quizzes.forms.bank import CommentForm
from quizzes.models import Question, QuestionComment
from quizzes.selectors_bank import comments_of, draft_uses_of, uses_of, versions_of
from quizzes.services import banking, commenting
from quizzes.words_compared import compare

PAGE = 25


@require_safe
@login_required
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed it when and why; two versions word by word, also of different pages; the lessons that ask it."""
    question = question_for(request.user, pk)
    versions = versions_of(question)
    numbers = list(versions.values_list("number", flat=True))
    page = Paginator(versions, PAGE).get_page(request.GET.get("page"))
    newer = _number(request, "b", numbers, numbers[0] if numbers else 0)
    older = _number(request, "a", numbers, next((each for each in numbers if each < newer), newer))
    context = {
        "question": question,
        "bank": question.bank,
        "tab": "history",
        "page": page,
        "many": len(numbers) > 1,
        "shown": [each.number for each in page],
        "older": older,
        "newer": newer,
        "query": f"a={older}&b={newer}&",
        "changes": _changes(question, older, newer),
        "uses": uses_of([question.pk]).get(question.pk, []),
        "drafts": draft_uses_of(question, request.user),
        "may_edit": may_write(request.user, question.bank),
        "seen": banking.standing_of(question),
    }
    return render(request, "quizzes/author/history.html", context)


def _number(request: HttpRequest, name: str, known: list[int], default: int) -> int:
    given = request.GET.get(name, "")
    number = int(given) if given.isdecimal() and len(given) < 10 else default
    return number if number in known else default


def _changes(question: Question, older: int, newer: int) -> list[Any]:
    if older == newer:
        return []
    before, after = version_for(question, older), version_for(question, newer)
    return [each for each in compare(before.content, after.content) if each.changed]


@require_POST
@login_required
def restore(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """What a version said becomes the draft."""
    question = question_for(request.user, pk, edit=True)
    version = version_for(question, number)
    try:
        banking.restore(question=question, version=version, seen=request.POST.get("seen", ""), actor=request.user)
    except banking.SomebodyWasFaster:
        messages.error(request, _("Somebody else changed this question meanwhile. Look at it, then try again."))
        return redirect("quizzes_author:question_history", question.pk)
    messages.success(request, _("The draft says what version %(number)d said.") % {"number": number})
    return redirect("quizzes_author:question", question.pk)


@require_http_methods(["GET", "POST"])
@login_required
def comments(request: HttpRequest, pk: int) -> HttpResponse:
    """What authors say about it; whoever may read the question may say something."""
    question = question_for(request.user, pk)
    form = CommentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = commenting.comment(question=question, author=request.user, text=form.cleaned_data["text"])
        return redirect(_place_of(question, row))
    page = Paginator(comments_of(question), PAGE).get_page(request.GET.get("page"))
    context = {
        "question": question,
        "bank": question.bank,
        "tab": "comments",
        "page": page,
        "form": form,
        "may_edit": may_write(request.user, question.bank),
    }
    return render(request, "quizzes/author/comments.html", context, status=422 if form.errors else 200)


def _place_of(question: Question, comment: QuestionComment) -> str:
    """Where the newest comment stands: last of those that are open, with which the list begins."""
    open_ones = question.comments.filter(settled_at=None).count()
    address = reverse("quizzes_author:question_comments", args=[question.pk])
    return f"{address}?page={(open_ones - 1) // PAGE + 1}#c{comment.pk}"


@require_POST
@login_required
def settle(request: HttpRequest, pk: int, comment: int, verb: str) -> HttpResponse:
    """Settle a comment or open it again: its author may, and whoever may write the question."""
    question = question_for(request.user, pk)
    row = get_object_or_404(question.comments, pk=comment)
    if row.author_id != request.user.pk and not may_write(request.user, question.bank):
        raise PermissionDenied
    if verb == "settle":
        commenting.settle(comment=row, actor=request.user)
    elif verb == "reopen":
        commenting.reopen(comment=row)
    else:
        raise Http404
    number = request.POST.get("page", "")
    address = reverse("quizzes_author:question_comments", args=[question.pk])
    return redirect(f"{address}?page={number}" if number.isdecimal() else address)
