"""The lesson kind ``practice``: hands-on work in authored cases and in worlds made from a seed."""

from collections.abc import Callable, Mapping, Sequence, Set
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from courses import markup, shapes
from courses.registry import OPENS_AFTER, Content, LessonFacts, Parts, PlayerLesson, Told, Verdict
from quizzes.access import PASS_MARK
from quizzes.engines.base import LEVELS, REF_PATTERN
from quizzes.engines.registry import engines
from quizzes.engines.scoring import key_faults
from quizzes.kinds import practice_actions, telling
from quizzes.practice_settings import MODES, SEEDS, longest_row
from quizzes.services.filing_cases import file_cases
from quizzes.types.base import lean, tidied, tidy

DEFAULTS: Mapping[str, Any] = {"generated": False, "level": "working", "mode": "coach", "seeds": "attempt", "side": ""}
CASES_MOST = 100


class PracticeKind:
    name = "practice"
    label = gettext_lazy("Practice")
    icon = "tool"
    template = "quizzes/practice/lesson.html"
    author_page = "quizzes_author:practice"
    file_suffix = ".yaml"
    rule_schema = {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "pass_mark": {"type": "integer", "minimum": 1, "maximum": 100},
            "in_a_row": {"type": "integer", "minimum": 2, "maximum": 10},
            "opens_after": OPENS_AFTER,
        },
    }

    @property
    def content_schema(self) -> dict[str, Any]:
        """The frame; what a case says is the schema of its engine, asked in ``faults``."""
        return {
            "type": "object",
            "additionalProperties": False,
            "required": ["engine"],
            "properties": {
                "engine": {"enum": sorted(engines)},
                "intro": {"type": "string", "maxLength": 8000},
                "generated": {"type": "boolean"},
                "level": {"enum": list(LEVELS)},
                "mode": {"enum": list(MODES)},
                "seeds": {"enum": list(SEEDS)},
                "side": {"type": "string", "maxLength": 20},
                "back_to": {"type": "object", "additionalProperties": {"type": "string", "pattern": REF_PATTERN}},
                "cases": {"type": "array", "maxItems": CASES_MOST, "items": {"type": "object"}},
            },
        }

    def blank(self, language: str) -> Content:
        return {"cases": []}

    def starts(self) -> Sequence[tuple[str, Any]]:
        return sorted(((name, each.label) for name, each in engines.items()), key=lambda each: str(each[1]))

    def blank_of(self, start: str, language: str) -> Content:
        return {"engine": start, "cases": []} if start in engines else self.blank(language)

    def faults(self, content: Content) -> list[tuple[str, str]]:
        found = []
        if not content.get("cases") and not content.get("generated"):
            message = _("There is nothing to practise: write a case, or say generated: true.")
            found.append(("cases", message))
        sides = [each.name for each in engines[content["engine"]].sides]
        if content.get("side") and content["side"] not in sides:
            message = _("This practice has no such side; it has: %(sides)s.")
            found.append(("side", message % {"sides": ", ".join(sides) or _("none")}))
        seen: set[str] = set()
        for number, case in enumerate(content.get("cases", ())):
            where = f"cases.{number}"
            uid = str(case.get("uid", ""))
            if uid in seen:
                message = _("The uid “%(uid)s” is taken; give each case its own.") % {"uid": uid}
                found.append((f"{where}.uid", message))
            seen.add(uid)
            found += [(f"{where}.{path}" if path else where, text) for path, text in case_faults(content, case)]
        return found

    def rule_faults(self, rule: Mapping[str, Any], content: Content, uids: Set[str]) -> list[tuple[str, str]]:
        """As many worlds in a row have to be there, and lessons to go back to."""
        row, cases = rule.get("in_a_row", 0), len(content.get("cases", ()))
        if not content.get("generated") and row > cases:
            message = _("%(row)d different worlds in a row cannot be passed: there are %(cases)d. Say generated: true.")
            return [("rule.in_a_row", message % {"row": row, "cases": cases})]
        return []

    def warnings(self, content: Content) -> list[tuple[str, str]]:
        return []

    def uids(self, content: Content) -> list[tuple[str, str]]:
        return []

    def lessons(self, content: Content) -> list[tuple[str, str]]:
        """Where mistakes send back to, as far as it is this course."""
        said = [("back_to", content.get("back_to", {}))]
        said += [
            (f"cases.{number}.back_to", case.get("back_to", {})) for number, case in enumerate(content.get("cases", ()))
        ]
        return [(f"{where}.{key}", ref) for where, refs in said for key, ref in refs.items() if "/" not in ref]

    def snapshot(self, content: Content, media: Mapping[str, str]) -> dict[str, Any]:
        kept = lean({name: content[name] for name in (*DEFAULTS, "back_to") if name in content}, DEFAULTS)
        cases = [tidied(case) for case in content.get("cases", ())]
        intro = tidy(content.get("intro", ""))
        return {"engine": content["engine"], **kept, **({"intro": intro} if intro else {}), "cases": cases}

    def render(self, source: Mapping[str, Any]) -> dict[str, Any]:
        return {"intro": markup.render(source.get("intro", ""))}

    def tell(self, source: Mapping[str, Any]) -> list[Told]:
        return telling.practice_told(source)

    def tell_rule(self, rule: Mapping[str, Any], titles: Mapping[str, str]) -> list[str]:
        return telling.practice_rule(rule, titles)

    def published(self, parts: Parts, course: Any) -> None:
        file_cases(parts=parts, course=course)

    def verdict(self, rule: Mapping[str, Any], facts: LessonFacts) -> Verdict:
        """Passed once, or in several different worlds in a row (the same again sends no score then)."""
        if facts.credited:
            return Verdict(done=True)
        mark, row = rule.get("pass_mark", PASS_MARK), rule.get("in_a_row", 1)
        longest = longest_row(list(facts.standing_scores.values()), mark)
        if longest >= row:
            return Verdict(done=True)
        if row > 1:
            text = _(
                "Pass %(row)d different worlds in a row with %(mark)d%% or more; your longest row so far is %(n)d."
            )
            return Verdict(done=False, unmet=(text % {"row": row, "mark": mark, "n": longest},))
        if facts.best_percent is None:
            return Verdict(done=False, unmet=(_("Pass the practice with %(mark)d%% or more.") % {"mark": mark},))
        text = _("Pass the practice with %(mark)d%% or more; your best so far is %(best)d%%.")
        return Verdict(done=False, unmet=(text % {"mark": mark, "best": facts.best_percent},))

    def summary(self, source: Mapping[str, Any]) -> str:
        count = len(source.get("cases", ()))
        label = engines[source["engine"]].label
        if source.get("generated"):
            return _("Practice: %(what)s, new every time") % {"what": label}
        text = ngettext("Practice: %(what)s, %(count)d case", "Practice: %(what)s, %(count)d cases", count)
        return text % {"what": label, "count": count}

    def search_text(self, source: Mapping[str, Any]) -> str:
        """Introduction, titles and situations; what comes after would give the key away."""
        said = [source.get("intro", "")]
        said += [f"{case['title']} {case.get('brief', '')}" for case in source.get("cases", ())]
        return " ".join(filter(None, (markup.plain(markup.render(text)) for text in said)))

    def context(self, request: HttpRequest, player: PlayerLesson) -> dict[str, Any]:
        return practice_actions.card(request, player)

    def actions(self) -> Mapping[str, Callable[[HttpRequest, PlayerLesson], HttpResponse]]:
        return {"start": practice_actions.start}


def case_faults(content: Content, case: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What is wrong with a case of ``content``: first its shape, then its sense, then whether its key can be reached."""
    engine = engines[content["engine"]]
    broken = shapes.problems(engine.case_schema, case)
    if broken:
        return [(shapes.dotted(steps), sentence) for steps, sentence in broken]
    return engine.faults(case) or key_faults(engine, case)
