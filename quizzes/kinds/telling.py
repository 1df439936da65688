"""What quizzes, practice lessons and check questions say, in words, so that two versions can be read side by side."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from courses.registry import Told
from quizzes.access import PASS_MARK
from quizzes.asking import REVIEWED, Settings
from quizzes.behaviours import behaviours
from quizzes.engines.registry import engines
from quizzes.forms.practice_author import MODES, SEED_CHOICES
from quizzes.forms.quiz import COUNTS, REVIEW_LABELS, WHEN
from quizzes.registry import types
from quizzes.types.base import words
from quizzes.words_compared import flat

Content = Mapping[str, Any]
SHORT = 80
YES_NO = {True: gettext_lazy("yes"), False: gettext_lazy("no")}


def question_told(content: Content, label: str) -> Told:
    """A question with every value it has; ``label`` is a sentence with ``%(stem)s``."""
    stem = words(content["stem"], content.get("format", "md"))
    short = stem if len(stem) <= SHORT else f"{stem[:SHORT].rstrip()} …"
    kind = types.get(content["type"])
    places = {_("Type"): str(kind.label) if kind else content["type"], **flat(content)}
    return Told(str(content["uid"]), label % {"stem": short}, places)


def quiz_told(source: Content) -> list[Told]:
    """How a quiz asks, and each of its questions."""
    questions = [question_told(each, _("Question “%(stem)s”")) for each in source["questions"]]
    return [Told("", "", _asking(source)), *questions]


def _asking(source: Content) -> dict[str, str]:
    asking = Settings.read(source)
    behaviour = behaviours.get(asking.behaviour)
    when = {name: str(label) for name, label in WHEN}
    places = {
        _("Introduction"): source.get("intro", ""),
        _("Feedback"): str(behaviour.label) if behaviour else asking.behaviour,
        _("Time limit in minutes"): str(asking.time_limit or ""),
        _("Last day"): str(asking.closes_on or ""),
        _("Answers in another order each time"): str(YES_NO[asking.shuffle]),
        _("Questions in another order each time"): str(YES_NO[asking.shuffle_questions]),
        _("Marked without names"): str(YES_NO[asking.blind]),
        _("Drawn"): "; ".join(
            _("%(draw)d of %(of)s") % {"draw": pool["draw"], "of": ", ".join(pool["of"])}
            for pool in source.get("pools", ())
        ),
    }
    if asking.behaviour == "tries":
        places[_("Tries for each question")] = str(asking.tries)
        places[_("Less for each wrong try, in percent")] = str(asking.penalty)
    return places | {str(REVIEW_LABELS[name]): when.get(asking.when(name), asking.when(name)) for name in REVIEWED}


def quiz_rule(rule: Content, titles: Mapping[str, str]) -> list[str]:
    """What a quiz asks before it counts as done."""
    credited = [titles.get(uid, uid) for uid in rule.get("credits", ())]
    if credited:
        named = ", ".join(f"“{title}”" for title in credited)
        said = [_("A pre-test: what is right credits %(titles)s.") % {"titles": named}]
    else:
        said = [_("Passed with %(mark)d%% or more.") % {"mark": rule.get("pass_mark", PASS_MARK)}]
    if rule.get("attempts"):
        sentence = ngettext("%(n)d attempt.", "%(n)d attempts.", rule["attempts"])
        said.append(sentence % {"n": rule["attempts"]})
    if rule.get("counts", "best") != "best":
        counts = dict(COUNTS)[rule["counts"]]
        said.append(_("Of the attempts counts: %(which)s.") % {"which": counts})
    if rule.get("cool_down"):
        sentence = ngettext("%(n)d hour between attempts.", "%(n)d hours between attempts.", rule["cool_down"])
        said.append(sentence % {"n": rule["cool_down"]})
    return said


def practice_told(source: Content) -> list[Told]:
    """How practice is given, and each of its cases."""
    engine = engines.get(source["engine"])
    modes, seeds = dict(MODES), dict(SEED_CHOICES)
    sides = {each.name: each.label for each in engine.sides} if engine else {}
    places = {
        _("What is practised"): str(engine.label) if engine else source["engine"],
        _("Introduction"): source.get("intro", ""),
        _("How it is looked at"): str(modes[source.get("mode", "coach")]),
        _("Go on with new worlds"): str(YES_NO[bool(source.get("generated"))]),
        _("Level of new worlds"): source.get("level", "working"),
        _("Which new worlds"): str(seeds[source.get("seeds", "attempt")]),
        _("Side of the desk"): str(sides.get(source.get("side", ""), "")),
        _("Lessons that explain"): ", ".join(f"{key}: {uid}" for key, uid in source.get("back_to", {}).items()),
    }
    cases = [
        Told(str(case["uid"]), _("Case “%(title)s”") % {"title": case.get("title", case["uid"])}, flat(case))
        for case in source.get("cases", ())
    ]
    return [Told("", "", places), *cases]


def practice_rule(rule: Content, titles: Mapping[str, str]) -> list[str]:
    """What practice asks before it counts as done."""
    mark, row = rule.get("pass_mark", PASS_MARK), rule.get("in_a_row", 1)
    if row > 1:
        return [_("Passed with %(mark)d%% or more, %(row)d different worlds in a row.") % {"mark": mark, "row": row}]
    return [_("Passed with %(mark)d%% or more.") % {"mark": mark}]
