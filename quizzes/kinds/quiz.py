"""The lesson kind ``quiz``: graded questions, passed at the mark of the rule."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence, Set
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from courses import markup
from courses.registry import OPENS_AFTER, Content, LessonFacts, Parts, PlayerLesson, Resolved, Told, Verdict
from quizzes.access import PASS_MARK
from quizzes.asking import ALWAYS, GRACE, NAMES, PENALTY, TRIES_MOST, Settings
from quizzes.behaviours import behaviours
from quizzes.kinds import actions, telling
from quizzes.kinds.schema import lists_schema, settings_schema
from quizzes.registry import types
from quizzes.rendering import question_html, used_media
from quizzes.services.filing import file_questions
from quizzes.services.resolving import resolve, resolve_all
from quizzes.types.base import UID_PATTERN, lean, tidy, words

UNMET = {
    "best": gettext_lazy("Pass the quiz with %(mark)d%% or more; your best so far is %(best)d%%."),
    "last": gettext_lazy("Pass the quiz with %(mark)d%% or more; your last attempt has %(best)d%%."),
    "average": gettext_lazy("Pass the quiz with %(mark)d%% or more on average; you have %(best)d%% so far."),
    "first": gettext_lazy("Pass the quiz with %(mark)d%% or more; your first attempt counts, and it has %(best)d%%."),
}


class QuizKind:
    name = "quiz"
    label = gettext_lazy("Quiz")
    icon = "quiz"
    template = "quizzes/lesson.html"
    author_page = "quizzes_author:quiz"
    file_suffix = ".yaml"
    rule_schema = {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "pass_mark": {"type": "integer", "minimum": 1, "maximum": 100},
            "attempts": {"type": "integer", "minimum": 1, "maximum": 1000},
            "counts": {"enum": ["best", "last", "average", "first"]},
            "cool_down": {"type": "integer", "minimum": 1, "maximum": 8760},
            "credits": {
                "type": "array",
                "minItems": 1,
                "maxItems": 200,
                "items": {"type": "string", "pattern": UID_PATTERN},
                "uniqueItems": True,
            },
            "opens_after": OPENS_AFTER,
        },
    }

    @property
    def content_schema(self) -> dict[str, Any]:
        return {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "intro": {"type": "string", "maxLength": 8000},
                **settings_schema(),
                **lists_schema(),
            },
        }

    def blank(self, language: str) -> Content:
        return {"questions": []}

    def faults(self, content: Content) -> list[tuple[str, str]]:
        return [*setting_faults(content), *self._question_faults(content), *pool_faults(content)]

    def rule_faults(self, rule: Mapping[str, Any], content: Content, uids: Set[str]) -> list[tuple[str, str]]:
        """What does not go together: an exam has to end, and credits go to lessons that are there."""
        found = []
        if content.get("behaviour") == "exam" and not rule.get("attempts") and not content.get("closes_on"):
            message = _("An exam shows nothing before it is closed: limit the attempts, or name its last day.")
            found.append(("behaviour", message))
        for number, uid in enumerate(rule.get("credits", ())):
            if uid not in uids:
                message = _("no lesson of this course has the uid “%(uid)s”") % {"uid": uid}
                found.append((f"rule.credits.{number}", message))
        return found

    def _question_faults(self, content: Content) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        seen: set[str] = set()
        behaviour = behaviours[content.get("behaviour", "deferred")]
        for number, question in enumerate(content.get("questions", ())):
            where = f"questions.{number}"
            if question["uid"] in seen:
                taken = _("The uid “%(uid)s” is taken; give each question its own.") % {"uid": question["uid"]}
                found.append((f"{where}.uid", taken))
            seen.add(question["uid"])
            refused = behaviour.refuses(types[question["type"]])
            if refused:
                found.append((f"{where}.type", refused))
            found += [(f"{where}.{path}", text) for path, text in types[question["type"]].faults(question)]
        return found

    def warnings(self, content: Content) -> list[tuple[str, str]]:
        """Options without a reply."""
        return [
            (f"questions.{number}.{path}", text)
            for number, question in enumerate(content.get("questions", ()))
            for path, text in types[question["type"]].warnings(question)
        ]

    def uids(self, content: Content) -> list[tuple[str, str]]:
        return [
            (f"questions.{number}.uid", question["uid"]) for number, question in enumerate(content.get("questions", ()))
        ]

    def lessons(self, content: Content) -> list[tuple[str, str]]:
        """Where a wrong answer sends back to."""
        return [
            (f"questions.{number}.back_to", question["back_to"])
            for number, question in enumerate(content.get("questions", ()))
            if question.get("back_to")
        ]

    def snapshot(self, content: Content, media: Mapping[str, str]) -> dict[str, Any]:
        questions = [types[question["type"]].snapshot(question) for question in content.get("questions", ())]
        source = {
            "intro": tidy(content.get("intro", "")),
            "shuffle": content.get("shuffle", True),
            "questions": questions,
            **said_settings(content),
        }
        if content.get("pools"):
            source["pools"] = [{"draw": each["draw"], "of": sorted(each["of"])} for each in content["pools"]]
        names = {*markup.used_media(source["intro"]), *(name for each in questions for name in used_media(each))}
        used = {name: media[name] for name in sorted(names) if name in media}
        return source | ({"media": used} if used else {})

    def render(self, source: Mapping[str, Any]) -> dict[str, Any]:
        media = source.get("media", {})
        return {
            "intro": markup.render(source["intro"], media=media),
            "questions": asked_count(source),
            "settings": {name: source[name] for name in NAMES if name in source},
            "items": {question["uid"]: question_html(question, media) for question in source["questions"]},
        }

    def resolve(self, content: Content, *, course: Any, language: str) -> Resolved:
        """The quiz with the questions that it takes from banks."""
        return resolve(content, course=course, language=language)

    def resolve_all(self, contents: Sequence[tuple[Content, str]], *, course: Any) -> list[Resolved]:
        return resolve_all(contents, course=course)

    def tell(self, source: Mapping[str, Any]) -> list[Told]:
        return telling.quiz_told(source)

    def tell_rule(self, rule: Mapping[str, Any], titles: Mapping[str, str]) -> list[str]:
        return telling.quiz_rule(rule, titles)

    def published(self, parts: Parts, course: Any) -> None:
        file_questions(parts=parts, course=course)

    def verdict(self, rule: Mapping[str, Any], facts: LessonFacts) -> Verdict:
        """Passed by what counts of the attempts. A pre-test is done when it was taken, or left out."""
        if facts.credited:
            return Verdict(done=True)
        if rule.get("credits"):
            taken = facts.done or facts.attempts > 0
            return Verdict(done=taken, unmet=() if taken else (_("Take the pre-test, or skip it."),))
        mark, counts = rule.get("pass_mark", PASS_MARK), rule.get("counts", "best")
        score = facts.score(counts)
        if score is not None and score >= mark:
            return Verdict(done=True)
        if score is None or facts.silent:
            return Verdict(done=False, unmet=(_("Pass the quiz with %(mark)d%% or more.") % {"mark": mark},))
        return Verdict(done=False, unmet=(UNMET[counts] % {"mark": mark, "best": score},))

    def summary(self, source: Mapping[str, Any]) -> str:
        count = asked_count(source)
        return ngettext("Quiz, %(count)d question", "Quiz, %(count)d questions", count) % {"count": count}

    def search_text(self, source: Mapping[str, Any]) -> str:
        """The introduction and the stems; options would give answers away."""
        stems = [words(question["stem"], question.get("format", "md")) for question in source["questions"]]
        return " ".join(filter(None, [words(source["intro"]), *stems]))

    def context(self, request: HttpRequest, player: PlayerLesson) -> dict[str, Any]:
        return actions.start_card(request, player)

    def actions(self) -> Mapping[str, Callable[[HttpRequest, PlayerLesson], HttpResponse]]:
        return {"start": actions.start, "skip": actions.skip}


def setting_faults(content: Content) -> list[tuple[str, str]]:
    """What is wrong with how a quiz asks."""
    found = []
    if not any(content.get(name) for name in ("questions", "picks", "draws")):
        found.append(("questions", _("The quiz asks nothing; give it a question.")))
    try:
        dt.date.fromisoformat(content.get("closes_on", "2000-01-01"))
    except ValueError:
        found.append(("closes_on", _("There is no such day. Write it as 2026-12-31.")))
    return found


def pool_faults(content: Content) -> list[tuple[str, str]]:
    """What is wrong with the pools: each draws no more than it has, of questions that stand in no other."""
    found = []
    known, pooled = {question["uid"] for question in content.get("questions", ())}, set()
    for number, pool in enumerate(content.get("pools", ())):
        where = f"pools.{number}"
        if pool["draw"] > len(pool["of"]):
            message = _("%(draw)d questions cannot be drawn from %(size)d.")
            found.append((f"{where}.draw", message % {"draw": pool["draw"], "size": len(pool["of"])}))
        for uid in pool["of"]:
            if uid not in known:
                found.append((f"{where}.of", _("No question has the uid “%(uid)s”.") % {"uid": uid}))
            elif uid in pooled:
                found.append(
                    (f"{where}.of", _("The question “%(uid)s” stands in another pool already.") % {"uid": uid})
                )
            pooled.add(uid)
    return found


def said_settings(content: Content) -> dict[str, Any]:
    """The settings that say something: what is as it is without them is left out, so that hashes stay."""
    asking = Settings.read(content)
    said: dict[str, Any] = {}
    if asking.behaviour != "deferred":
        said["behaviour"] = asking.behaviour
    if asking.behaviour == "tries":
        tries = lean(content.get("tries", {}), {"most": TRIES_MOST, "penalty": PENALTY})
        said |= {"tries": tries} if tries else {}
    if asking.time_limit is not None:
        said["time_limit"] = asking.time_limit
        said |= {"grace": asking.grace} if asking.grace != GRACE else {}
    if content.get("closes_on"):
        said["closes_on"] = content["closes_on"]
    review = {name: when for name, when in asking.review.items() if when != ALWAYS}
    if review:
        said["review"] = review
    for name in ("blind", "shuffle_questions"):
        if content.get(name):
            said[name] = True
    return said


def asked_count(source: Mapping[str, Any]) -> int:
    """How many questions an attempt has: those that are always asked, and those that are drawn."""
    pools = source.get("pools", ())
    return len(source["questions"]) - sum(len(pool["of"]) - pool["draw"] for pool in pools)
