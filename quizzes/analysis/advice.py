"""What the figures mean, in plain words; and what they do not say when there are too few attempts.

Where a question stops telling people apart follows the usual rule of thumb for item discrimination (R. L. Ebel and
D. A. Frisbie, Essentials of Educational Measurement, 1991): 0.40 and above is very good, below 0.20 wants a look, and a
negative value says that something is wrong. The borders here are kinder, for quizzes of a few questions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

Figures = Mapping[str, Any]

FEW, SMALL = 10, 30  # below FEW only counts; below SMALL nothing is judged
AGAINST, APART, WELL = -0.05, 0.1, 0.4
EASY, HARD = 0.95, 0.25
MANY_OMIT = 0.1
STRONG_SHARE = 0.2  # of the best third, for a wrong answer to be asked about
DASH = "–"
MINUS = "−"


@dataclass(frozen=True)
class Reading:
    """How a question does: ``tone`` is ``ok``, ``warn`` or ``bad`` (empty: not judged), ``rank`` orders by attention."""

    code: str
    label: Any
    tone: str
    icon: str
    rank: int


AGAINST_REST = Reading("against", gettext_lazy("Works against the rest"), "bad", "warn", 4)
VERY_HARD = Reading("hard", gettext_lazy("Very hard"), "warn", "info", 3)
TOO_EASY = Reading("easy", gettext_lazy("Too easy: tells nobody apart"), "warn", "info", 2)
NOBODY_APART = Reading("apart", gettext_lazy("Tells nobody apart"), "warn", "info", 2)
WORKS = Reading("works", gettext_lazy("Works"), "ok", "check-circle", 0)
WORKS_WELL = Reading("well", gettext_lazy("Works well"), "ok", "check-circle", 0)
NOT_JUDGED = Reading("few", gettext_lazy("Too few attempts to judge"), "", "clock", 0)


def reading_of(question: Figures) -> Reading:
    """How ``question`` does, of ``SMALL`` attempts or more; fewer are not judged."""
    if question["n"] < SMALL:
        return NOT_JUDGED
    facility, apart = question["facility"], question["discrimination"]
    if apart is not None and apart < AGAINST:
        return AGAINST_REST
    if facility < HARD:
        return VERY_HARD
    if apart is None or apart < APART:
        return TOO_EASY if facility >= EASY else NOBODY_APART if apart is not None else _unspread(facility)
    return WORKS_WELL if apart >= WELL else WORKS


def _unspread(facility: float) -> Reading:
    """Without any spread, in this question or in all others, there is nothing to compare."""
    return NOBODY_APART if 0 < facility < 1 else TOO_EASY


def attention(figures: Figures) -> int:
    """How much a quiz wants a look: the greatest rank of its questions."""
    return max((reading_of(each).rank for each in figures["questions"]), default=0)


def by_attention(questions: Sequence[Figures]) -> list[Figures]:
    """Those that want a look first."""
    return sorted(questions, key=lambda each: (-reading_of(each).rank, each["discrimination"] or 0))


# --- one question


def strong_choices(question: Figures) -> list[tuple[int, Figures]]:
    """Wrong answers that the best third gives more often than the lowest, with their number among the answers."""
    best = question["thirds"][0]
    return [
        (number, each)
        for number, each in enumerate(question["responses"], start=1)
        if not each["right"] and each["thirds"][0] > each["thirds"][-1] and each["thirds"][0] >= STRONG_SHARE * best
    ]


def wrong_most(question: Figures) -> tuple[int, Figures] | None:
    """The wrong answer that most people gave, and its number; None when nobody gave one."""
    wrong = [
        each for each in enumerate(question["responses"], start=1) if not each[1]["right"] and sum(each[1]["thirds"])
    ]
    return max(wrong, key=lambda each: sum(each[1]["thirds"]), default=None)


def notes_on(question: Figures) -> list[str]:
    """What an author may do about ``question``, a sentence each; empty below ``SMALL`` attempts."""
    if question["n"] < SMALL:
        return []
    return [*_about(reading_of(question)), *_strong(question), *_unchosen(question), *_omitted(question)]


def _about(reading: Reading) -> list[str]:
    said = {
        "against": _(
            "People with a good total get it wrong more often than others. Look at the key first, then at the wording."
        ),
        "hard": _("Fewer than one in four get it right. Is it taught in the lesson, and is the wording clear?"),
        "easy": _("Nearly everybody gets it right. That is fine for a reminder; as a test it says nothing."),
        "apart": _("People who know the subject do no better here than others. Is the wording clear?"),
    }
    return [said[reading.code]] if reading.code in said else []


def _strong(question: Figures) -> list[str]:
    return [
        _("“%(answer)s” is chosen by strong learners: is it also right?") % {"answer": each["label"]}
        for _number, each in strong_choices(question)
    ]


def _unchosen(question: Figures) -> list[str]:
    nobody = [each["label"] for each in question["responses"] if not sum(each["thirds"])]
    return [
        _("Nobody chooses “%(answer)s”: leave it out, or write one that tempts.") % {"answer": label}
        for label in nobody
    ]


def _omitted(question: Figures) -> list[str]:
    if question["omitted"] < MANY_OMIT * question["n"]:
        return []
    share = {"share": percent(question["omitted"] / question["n"])}
    return [_("Many leave it out (%(share)s): is it too long, or near the end of the time?") % share]


def thirds_in_words(question: Figures) -> str:
    """Who picked what, in a sentence: the most telling wrong answer beside the right one, best third against lowest."""
    right = next((each for each in question["responses"] if each["right"]), None)
    strong = [each for _number, each in strong_choices(question)]
    wrong = max(strong, key=lambda each: each["thirds"][0], default=None)
    if question["n"] < SMALL or right is None:
        return ""
    best, lowest = question["thirds"][0], question["thirds"][-1]
    said = _(
        "In the best third, %(right)d of %(best)d gave the answer marked right; in the lowest, %(low)d of %(lowest)d."
    )
    said %= {"right": right["thirds"][0], "best": best, "low": right["thirds"][-1], "lowest": lowest}
    if wrong is None:
        return said
    return (
        said
        + " "
        + _("“%(answer)s” was given by %(best)d of the best third and by %(low)d of the lowest.")
        % {
            "answer": wrong["label"],
            "best": wrong["thirds"][0],
            "low": wrong["thirds"][-1],
        }
    )


# --- the quiz


def finding(figures: Figures) -> str:
    """The finding first: the one thing to know about this quiz."""
    n = figures["attempts"]
    if not n:
        return _("Nobody has handed in this quiz yet, so there is nothing to say.")
    if n < SMALL:
        return _small(n)
    worst = by_attention([each for each in figures["questions"] if each["n"] >= SMALL])
    if not worst:
        return _("No question was asked in %(n)d attempts yet, so none is judged.") % {"n": SMALL}
    reading = reading_of(worst[0])
    said = _sentence(reading, worst[0], len(figures["questions"]))
    others = sum(reading_of(each).rank > 0 for each in worst[1:])
    if not others:
        return said
    more = ngettext("%(n)d other question wants a look.", "%(n)d other questions want a look.", others)
    return f"{said} {more % {'n': others}}"


def _small(n: int) -> str:
    said = ngettext("%(n)d attempt so far.", "%(n)d attempts so far.", n) % {"n": n}
    if n < FEW:
        return said + " " + _("That is too few for percentages: the table counts people.")
    return (
        said
        + " "
        + _(
            "Whether a question tells people apart and how reliable the quiz is needs %(least)d; until then it is not shown."
        )
        % {"least": SMALL}
    )


def _sentence(reading: Reading, question: Figures, questions: int) -> str:
    words = {"n": question["number"], "share": percent(question["facility"])}
    match reading.code:
        case "against":
            said = (
                _("Question %(n)d works against the others: people with a good total get it wrong more often.") % words
            )
            return f"{said} {_key(question)}".strip()
        case "hard":
            return _("Question %(n)d is very hard: the average on it is %(share)s.") % words
        case "easy":
            return _("Question %(n)d is too easy to tell anybody apart: the average on it is %(share)s.") % words
        case "apart":
            return _("Question %(n)d tells nobody apart: good learners do no better on it than others.") % words
    return ngettext("The one question works.", "Every one of the %(n)d questions tells people apart.", questions) % {
        "n": questions
    }


def _key(question: Figures) -> str:
    if not strong_choices(question):
        return ""
    _number, wrong = max(strong_choices(question), key=lambda each: each[1]["thirds"][0])
    return _("They mostly say “%(answer)s”. Its key looks wrong.") % {"answer": wrong["label"]}


def no_reliability(figures: Figures) -> str:
    """Why reliability is not shown; empty when it is."""
    if figures["attempts"] < SMALL:
        return _("Reliability needs %(least)d attempts.") % {"least": SMALL}
    if not figures["same_questions"]:
        return _(
            "No reliability: the attempts were not all asked the same questions (random draws, another language or a "
            "corrected question). Choose one edition."
        )
    if figures["alpha"] is None:
        if len(figures["questions"]) < 2:
            return _("No reliability: it needs two questions or more.")
        return _("No reliability: everybody has the same total.")
    return ""


# --- figures as they are written


def percent(share: float) -> str:
    """A share of 1 as whole percent."""
    return f"{round(100 * share)}%"


def of_people(part: int, n: int) -> str:
    """Whole percent; of fewer than ``FEW`` people the people themselves: 4 of 6."""
    if not n:
        return DASH
    return percent(part / n) if n >= FEW else _("%(part)d of %(n)d") % {"part": part, "n": n}


def facility(question: Figures) -> str:
    """How right the answers are on average; of few attempts, how many are quite right."""
    if question["n"] < FEW:
        return of_people(question["full"], question["n"])
    return percent(question["facility"])


def correlation(value: float | None, n: int) -> str:
    """Two places with a true minus sign; a dash below ``SMALL`` attempts."""
    if value is None or n < SMALL:
        return DASH
    return f"{value:.2f}".replace("-0.00", "0.00").replace("-", MINUS)


def wrong_in_words(question: Figures) -> str:
    """The wrong answer given most, and by how many."""
    found = wrong_most(question)
    if found is None:
        return DASH
    number, each = found
    return f"{_label(question, number, each)}, {of_people(sum(each['thirds']), question['n'])}"


def _label(question: Figures, number: int, each: Figures) -> str:
    if question["type"] in ("single", "multi"):
        return _("Answer %(n)d") % {"n": number}
    return str(each["label"])


def spent(ms: int | None) -> str:
    """A time in seconds or minutes; a dash when it is not known."""
    if ms is None:
        return DASH
    seconds = round(ms / 1000)
    return _("%(n)d s") % {"n": seconds} if seconds < 120 else _("%(n)d min") % {"n": round(seconds / 60)}
