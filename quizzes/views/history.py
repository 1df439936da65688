"""Author pages: the versions of a question, where it is asked, and what authors say to each other about it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quizzes.bank_access import may_write, question_for, version_for
from quizzes.forms.bank import CommentForm
from quizzes.models import Question
from quizzes.selectors_bank import comments_of, draft_uses_of, uses_of, versions_of
from quizzes.services import banking, commenting
from quizzes.words_compared import compare


@require_safe
@login_required
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed it when and why; two versions word by word; the lessons that ask it."""
    question = question_for(request.user, pk)
    versions = list(versions_of(question))
    numbers = [each.number for each in versions]
    newer = _number(request, "b", numbers, numbers[0] if numbers else 0)
    older = _number(request, "a", numbers, next((each for each in numbers if each < newer), newer))
    context = {
        "question": question,
        "bank": question.bank,
        "tab": "history",
        "versions": versions,
        "older": older,
        "newer": newer,
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
        commenting.comment(question=question, author=request.user, text=form.cleaned_data["text"])
        return redirect("quizzes_author:question_comments", question.pk)
    context = {
        "question": question,
        "bank": question.bank,
        "tab": "comments",
        "comments": list(comments_of(question)),
        "form": form,
        "may_edit": may_write(request.user, question.bank),
    }
    return render(request, "quizzes/author/comments.html", context, status=422 if form.errors else 200)


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
    return redirect("quizzes_author:question_comments", question.pk)
