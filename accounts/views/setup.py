"""First run (D20): the first administrator, while there is none."""

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import setup_code
from accounts.forms import SetupForm
from accounts.services import setting_up
from core.errors import DomainError


@never_cache
@require_http_methods(["GET", "POST"])
def setup(request: HttpRequest) -> HttpResponse:
    """Make the first administrator and library, with the code from the log; 404 once there is an administrator."""
    if setting_up.is_set_up():
        raise Http404
    if request.method == "GET":
        setup_code.tell()
        return render(request, "accounts/setup.html", {"form": SetupForm()})
    form = SetupForm(request.POST)
    form.full_clean()
    if not form.has_error("code") and not setup_code.is_right(form.cleaned_data["code"]):
        form.add_error("code", setup_code.REFUSAL)
    if form.is_valid():
        facts = {name: value for name, value in form.cleaned_data.items() if name != "code"}
        try:
            person = setting_up.set_up(**facts)
        except DomainError as problem:
            form.add_error(next(iter(problem.fields), None), problem.message)
        else:
            setup_code.forget()
            login(request, person, backend="accounts.backends.PasswordBackend")
            return redirect("accounts:organisation")
    return render(request, "accounts/setup.html", {"form": form}, status=422)
