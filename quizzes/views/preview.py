"""Author pages: a question as a learner meets it, under every behaviour. Nothing is kept: the form carries the tries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from courses import markup
from courses.models import MediaFile
from courses.selectors import words_for
from quizzes.asking import Settings
from quizzes.bank_access import may_write, question_for, version_for
from quizzes.behaviours import CERTAINTY, Behaviour, behaviours
from quizzes.models import Question, QuestionVersion
from quizzes.registry import Mark, types
from quizzes.rendering import question_html
from quizzes.selectors.showing import EVERYTHING, NOTHING, Shown, show_question
from quizzes.services.banking import files_of
from quizzes.soundness import faults_of
from quizzes.types.base import clamp, number_of

SEED_MOST = 2_000_000_000
SETTINGS = Settings()
LEVELS = {1: gettext_lazy("Not sure"), 2: gettext_lazy("Fairly sure"), 3: gettext_lazy("Very sure")}


@dataclass(frozen=True)
class Trial:
    """How a preview stands after its form was sent. ``earned`` is what the question counts, of 1."""

    answer: Any = None
    mark: Mark | None = None
    tries: Sequence[Decimal] = ()
    over: bool = False
    missing: bool = False
    certainty: int | None = None
    earned: Decimal | None = None

    @property
    def again(self) -> bool:
        """It was checked, and may be answered once more."""
        return self.mark is not None and not self.over


@require_http_methods(["GET", "POST"])
@login_required
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft (else the ready version, else the one that is named) as in an attempt; answer it and see what follows."""
    question = question_for(request.user, pk)
    version = _version(request, question)
    behaviour = behaviours.get(request.GET.get("behaviour", ""), behaviours["deferred"])
    seed = _seed(request.GET.get("seed", "1"))
    kind = types[version.type]
    faults = faults_of(version.content, set(files_of(version)))
    refusal = behaviour.refuses(kind)
    context: dict[str, Any] = {
        "question_row": question,
        "bank": question.bank,
        "tab": "preview",
        "version": version,
        "behaviour": behaviour,
        "behaviours": [(each, each.refuses(kind)) for each in behaviours.values()],
        "seed": seed,
        "other_seed": seed % SEED_MOST + 1,
        "kind": kind,
        "faults": faults,
        "refusal": refusal,
        "penalty": SETTINGS.penalty,
        "may_edit": may_write(request.user, question.bank),
    }
    if not faults and not refusal:
        trial = _trial(request.POST, version.content, behaviour, seed) if request.method == "POST" else Trial()
        context |= _shown(request, question, version, behaviour, seed, trial)
    return render(request, "quizzes/author/preview.html", context)


def _version(request: HttpRequest, question: Question) -> QuestionVersion:
    number = request.GET.get("version", "")
    if number.isdecimal() and len(number) < 10:
        return version_for(question, int(number))
    current = question.draft or question.ready
    if current is None:
        raise Http404
    current.question = question
    return current


def _seed(text: str) -> int:
    return min(int(text), SEED_MOST) if text.isdecimal() and len(text) < 12 else 1


def _trial(data: QueryDict, content: Mapping[str, Any], behaviour: Behaviour, seed: int) -> Trial:
    """What the sent form means under ``behaviour``. Nothing it says is believed further than this page."""
    kind = types[content["type"]]
    answer = kind.parse(content, data, "answer")
    before = [clamp(number_of(each) or Decimal(0)) for each in data.getlist("was")[: SETTINGS.tries - 1]]
    if answer is None and behaviour.checks:
        return Trial(missing=True, tries=before)
    mark = kind.grade(content, answer, seed)
    tries = [*before, mark.fraction]
    said = data.get("certainty", "")
    certainty = int(said) if said in ("1", "2", "3") else None
    over = not behaviour.checks or behaviour.closed(len(tries), max(tries), SETTINGS)
    earned = None if kind.manual else behaviour.earned(tries, certainty, SETTINGS)
    return Trial(answer, mark, tries, over, certainty=certainty, earned=earned if over else None)


def _shown(
    request: HttpRequest, question: Question, version: QuestionVersion, behaviour: Behaviour, seed: int, trial: Trial
) -> dict[str, Any]:
    """What the page needs: the question, the verdict so far, the hint that the last wrong try earned."""
    content, kind = version.content, types[version.type]
    html = _html(request, question, version)
    hidden = behaviour.name == "exam" and "closed" not in request.POST
    seen = trial.over and trial.mark is not None and not kind.manual and not hidden
    shown: Shown = show_question(
        content, html, trial.answer, trial.mark if seen else None, seed=seed, may=EVERYTHING if seen else NOTHING
    )
    points = int(content.get("points", 1))
    return {
        "question": shown,
        "trial": trial,
        "hidden": hidden and trial.over,
        "carried": kind.fields(content, trial.answer) if hidden and trial.over else [],
        "marked_by_hand": kind.manual and trial.over,
        "hint": kind.fill(content, html, seed).get(f"hint:{len(trial.tries) - 1}", "") if trial.again else "",
        "tries_left": behaviour.tries(SETTINGS) - len(trial.tries) if behaviour.checks else None,
        "levels": _levels(trial) if behaviour.certainty else [],
        "points": points,
        "earned": _plain(trial.earned * points) if trial.earned is not None else None,
        "right": kind.right(content, seed) if seen else [],
    }


def _levels(trial: Trial) -> list[dict[str, Any]]:
    return [
        {
            "value": value,
            "label": LEVELS[value],
            "right": f"+{right}",
            "wrong": f"−{-wrong}" if wrong else "0",
            "chosen": trial.certainty == value,
        }
        for value, (right, wrong) in CERTAINTY.items()
    ]


def _plain(value: Decimal) -> str:
    """At most two places, none that say nothing."""
    return f"{value.quantize(Decimal('0.01')).normalize():f}"


def _html(request: HttpRequest, question: Question, version: QuestionVersion) -> dict[str, str]:
    """The texts with the addresses of the author's files, and the words of their library. At most three queries."""
    files = files_of(version)
    shas = dict(MediaFile.objects.filter(pk__in=files.values()).values_list("pk", "sha256")) if files else {}
    media = {name: shas[pk] for name, pk in files.items()}
    slug = question.bank.course.slug if question.bank.course else ""
    at = f"{reverse('quizzes_author:question', args=[question.pk])}media"
    words = words_for(request.user)
    html = question_html(version.content, media)
    return {key: markup.resolve(text, course_slug=slug, words=words, media_root=at) for key, text in html.items()}
