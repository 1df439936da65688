"""Author pages: the list of questions, and what is done with many of them at once."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from quizzes.bank_access import bank_for, refuse_others
from quizzes.forms.bank import BulkForm
from quizzes.models import Bank, Question
from quizzes.registry import types
from quizzes.selectors_bank import (
    SORTS,
    STATES,
    Wanted,
    editable_banks,
    filters_for,
    firsts_of,
    is_due,
    looked_for,
    open_comments,
    questions_for,
    tags_by_question,
    uses_of,
)
from quizzes.services import arranging, duplicates
from quizzes.views.question import rest_of

PAGE = 25
MOST = 100  # chosen at once
WORDS_MAX = 100
SALT = "quizzes.bank.undo"
UNDO_LASTS = 3600


@require_safe
@login_required
def questions(request: HttpRequest) -> HttpResponse:
    """The questions that this person may read, narrowed and sorted as the address says."""
    refuse_others(request.user)
    wanted = _wanted(request)
    rows = questions_for(request.user, wanted)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    filters = filters_for(request.user, wanted.bank)
    context = {
        "page": page,
        "rows": _rows(list(page.object_list)),
        "wanted": wanted,
        "filters": filters,
        "bank": next((each for each in filters.banks if each.slug == wanted.bank), None),
        "looked": Question.objects.visible_to(request.user).in_use().filter(looked_for()).count(),
        "kinds": sorted(((name, str(kind.label)) for name, kind in types.items()), key=lambda each: each[1]),
        "difficulties": Question.Difficulty.choices,
        "editable": [each for each in filters.banks if each.mine],
        "query": rest_of(request.GET, "page"),
        "search": rest_of(request.GET, "page", "sort"),
        "undo": request.session.pop(SALT, None),
    }
    return render(request, "quizzes/author/bank.html", context)


def _wanted(request: HttpRequest) -> Wanted:
    given = {name: " ".join(request.GET.get(name, "").split())[:WORDS_MAX] for name in Wanted.__dataclass_fields__}
    given["words"] = " ".join(request.GET.get("q", "").split())[:WORDS_MAX]
    given["state"] = given["state"] if given["state"] in STATES else "use"
    given["sort"] = given["sort"] if given["sort"] in SORTS else "-changed"
    return Wanted(**{name: value.replace("\x00", "") for name, value in given.items()})


def _rows(found: list[Question]) -> list[dict[str, Any]]:
    """Each question of a page with where it is asked, its tags, and how it stands. Five queries."""
    uses, tags, comments = uses_of([each.pk for each in found]), tags_by_question(found), open_comments(found)
    firsts = firsts_of(uses)
    return [
        {
            "question": each,
            "name": each.name or each.words[:120] or each.uid,
            "kind": types[each.type].label if each.type in types else each.type,
            "uses": uses.get(each.pk, [])[:3],
            "more": max(0, len(uses.get(each.pk, [])) - 3),
            "tags": tags.get(each.pk, []),
            "comments": comments.get(each.pk, 0),
            "firsts": firsts.get(each.pk),
            "due": is_due(each),
        }
        for each in found
    ]


# Many at once


@require_POST
@login_required
def do(request: HttpRequest) -> HttpResponse:
    """Do something with the chosen questions; say what was done, and offer to take it back."""
    refuse_others(request.user)
    form = BulkForm(request.POST, banks=editable_banks(request.user), most=MOST)
    if not form.is_valid():
        for said in form.errors.values():
            messages.error(request, " ".join(map(str, said)))
        return redirect(_back(request))
    data = form.cleaned_data
    rows = list(Question.objects.editable_by(request.user).filter(pk__in=data["question"]).order_by("pk"))
    record = ACTS[data["act"]](request, rows, data) if rows else {}
    left = len(set(data["question"])) - len(rows)
    if left:
        said = ngettext(
            "%(n)d was left alone: it is not yours to change.",
            "%(n)d were left alone: they are not yours to change.",
            left,
        )
        messages.warning(request, said % {"n": left})
    if record:
        request.session[SALT] = signing.dumps(record, salt=SALT, compress=True)
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    there = request.POST.get("back", "")
    here = reverse("quizzes_author:questions")
    safe = url_has_allowed_host_and_scheme(there, allowed_hosts=None) and there.startswith(f"{here}?")
    return there if safe else here


def _tag(request: HttpRequest, rows: list[Question], data: Mapping[str, Any]) -> dict[str, Any]:
    new = arranging.tag(rows, data["tags"])
    said = ngettext("%(n)d question has new tags.", "%(n)d questions have new tags.", len({pk for pk, _name in new}))
    messages.success(request, said % {"n": len({pk for pk, _name in new})})
    return {"act": "tag", "rows": new} if new else {}


def _detail(name: str) -> Callable[[HttpRequest, list[Question], Mapping[str, Any]], dict[str, Any]]:
    def act(request: HttpRequest, rows: list[Question], data: Mapping[str, Any]) -> dict[str, Any]:
        before = arranging.set_detail(rows, name, data[name])
        said = ngettext("%(n)d question was changed.", "%(n)d questions were changed.", len(before))
        messages.success(request, said % {"n": len(before)})
        return {"act": name, "rows": before} if before else {}

    return act


def _move(request: HttpRequest, rows: list[Question], data: Mapping[str, Any]) -> dict[str, Any]:
    bank: Bank = data["bank"]
    moved, left = arranging.move(rows, bank)
    said = ngettext("%(n)d question is now in “%(bank)s”.", "%(n)d questions are now in “%(bank)s”.", len(moved))
    messages.success(request, said % {"n": len(moved), "bank": bank.title})
    if left:
        uids = ", ".join(each.uid for each in left)
        messages.warning(
            request, _("Left where they were, because that bank has the same uid: %(uids)s.") % {"uids": uids}
        )
    return {"act": "move", "rows": moved} if moved else {}


def _retire(request: HttpRequest, rows: list[Question], data: Mapping[str, Any]) -> dict[str, Any]:
    found = arranging.retire(rows)
    said = ngettext("%(n)d question is retired.", "%(n)d questions are retired.", len(found)) % {"n": len(found)}
    messages.success(request, said)
    return {"act": "retire", "rows": [[pk, ""] for pk in found]} if found else {}


def _bring_back(request: HttpRequest, rows: list[Question], data: Mapping[str, Any]) -> dict[str, Any]:
    found = arranging.bring_back(rows)
    said = ngettext("%(n)d question is in use again.", "%(n)d questions are in use again.", len(found))
    messages.success(request, said % {"n": len(found)})
    return {"act": "back", "rows": [[pk, ""] for pk in found]} if found else {}


ACTS: Mapping[str, Callable[[HttpRequest, list[Question], Mapping[str, Any]], dict[str, Any]]] = {
    "tag": _tag,
    "topic": _detail("topic"),
    "difficulty": _detail("difficulty"),
    "move": _move,
    "retire": _retire,
    "back": _bring_back,
}


@require_POST
@login_required
def undo(request: HttpRequest) -> HttpResponse:
    """Take the last act back, for as long as its record lasts and of what one may still write."""
    refuse_others(request.user)
    try:
        record = signing.loads(request.POST.get("record", ""), salt=SALT, max_age=UNDO_LASTS)
    except signing.BadSignature:
        messages.error(request, _("This is too long ago to be taken back."))
        return redirect(_back(request))
    before = {int(pk): value for pk, value in record["rows"]}
    rows = list(Question.objects.editable_by(request.user).filter(pk__in=before).order_by("pk"))
    _take_back(request, record, rows, before)
    messages.success(
        request,
        ngettext("%(n)d question is as it was.", "%(n)d questions are as they were.", len(rows)) % {"n": len(rows)},
    )
    return redirect(_back(request))


def _take_back(
    request: HttpRequest, record: Mapping[str, Any], rows: list[Question], before: Mapping[int, Any]
) -> None:
    mine = {each.pk for each in rows}
    if record["act"] == "tag":
        arranging.untag((pk, name) for pk, name in record["rows"] if pk in mine)
    elif record["act"] == "retire":
        arranging.bring_back(rows)
    elif record["act"] == "back":
        arranging.retire(rows)
    elif record["act"] == "move":
        for bank in editable_banks(request.user).filter(pk__in=set(before.values())):
            arranging.move([each for each in rows if before[each.pk] == bank.pk], bank)
    else:
        arranging.put_back(record["act"], [(pk, value) for pk, value in before.items() if pk in mine])


# Duplicates


@require_safe
@login_required
def alike(request: HttpRequest) -> HttpResponse:
    """Questions of one bank that say the same or nearly."""
    refuse_others(request.user)
    banks = list(editable_banks(request.user))
    slug = request.GET.get("bank", "")
    bank = bank_for(request.user, slug, edit=True) if slug else next(iter(banks), None)
    look = duplicates.look_through(bank) if bank else None
    page = Paginator(look.pairs if look else [], PAGE).get_page(request.GET.get("page"))
    keys = {pk for pair in page.object_list for pk in (pair.first, pair.second)}
    rows = Question.objects.select_related("ready", "draft", "bank").in_bulk(keys)
    uses = uses_of(keys)
    context = {
        "banks": banks,
        "bank": bank,
        "look": look,
        "page": page,
        "pairs": [(each, _side(rows[each.first], uses), _side(rows[each.second], uses)) for each in page.object_list],
        "query": rest_of(request.GET, "page"),
    }
    return render(request, "quizzes/author/duplicates.html", context)


def _side(question: Question, uses: Mapping[int, list[Any]]) -> dict[str, Any]:
    version = question.draft or question.ready
    kind = types.get(question.type)
    right = kind.right(version.content) if kind and version and question.draft is None else []
    return {"question": question, "uses": uses.get(question.pk, []), "right": right}


@require_POST
@login_required
def settle_alike(request: HttpRequest) -> HttpResponse:
    """Keep one of two and retire the other, or say that they differ."""
    refuse_others(request.user)
    keys = [request.POST.get(name, "") for name in ("first", "second")]
    wanted = [int(key) for key in keys if key.isdecimal() and len(key) < 19]
    found = Question.objects.editable_by(request.user).select_related("bank").in_bulk(wanted)
    if len(found) != 2:
        raise Http404
    first, second = (found[key] for key in wanted)
    kept = request.POST.get("keep", "")
    if kept in keys:
        gone = second if kept == str(first.pk) else first
        arranging.retire([gone])
        messages.success(request, _("“%(name)s” is retired; the other stays.") % {"name": gone})
    else:
        duplicates.they_differ(first=first, second=second, actor=request.user)
        messages.success(request, _("Noted: these two differ. They are not shown together again."))
    return redirect(f"{reverse('quizzes_author:duplicates')}?bank={first.bank.slug}")
