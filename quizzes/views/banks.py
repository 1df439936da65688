"""Author pages: the banks one may read, and the form of one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import InvalidInput
from quizzes.bank_access import bank_for, libraries_of, refuse_others
from quizzes.forms.bank import BankForm, refused
from quizzes.models import Bank
from quizzes.selectors_bank import banks_with_counts
from quizzes.services import banking

PAGE = 25
WORDS_MAX = 100


@require_safe
@login_required
def banks(request: HttpRequest) -> HttpResponse:
    """Banks of one's courses, of one's library, and those that others share."""
    refuse_others(request.user)
    words = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:WORDS_MAX]
    rows = banks_with_counts(request.user).filter(title__icontains=words)
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "words": words,
        "query": f"{urlencode({'q': words})}&" if words else "",
        "may_create": libraries_of(request.user).exists(),
    }
    return render(request, "quizzes/author/banks.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """A bank of one's library."""
    refuse_others(request.user)
    libraries = libraries_of(request.user)
    if not libraries.exists():
        raise PermissionDenied
    form = BankForm(request.POST or None, libraries=libraries, initial={"audience": Bank.Audience.ORGANISATION})
    if request.method == "POST" and form.is_valid():
        bank = banking.create_bank(**form.cleaned_data)
        messages.success(request, _("The bank is there. Write its first question."))
        return redirect("quizzes_author:bank", bank.slug)
    return _form(request, form, None)


@require_http_methods(["GET", "POST"])
@login_required
def bank(request: HttpRequest, slug: str) -> HttpResponse:
    """A bank's name and who may use it."""
    row = bank_for(request.user, slug, edit=True)
    initial = {"title": row.title, "audience": row.audience}
    form = BankForm(request.POST or None, bank=row, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            banking.change_bank(bank=row, **form.cleaned_data)
        except InvalidInput as problem:
            refused(problem, form)
        else:
            messages.success(request, _("Saved."))
            return redirect("quizzes_author:bank", row.slug)
    return _form(request, form, row)


def _form(request: HttpRequest, form: BankForm, row: Bank | None) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "quizzes/author/bank_form.html", {"form": form, "bank": row}, status=status)
