"""Writing the draft of a practice lesson: its settings and its cases."""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import User
from core import clock
from core.errors import Conflict, InvalidInput
from courses import checks, shapes
from courses.models import Course, Lesson, LessonText
from courses.registry import kinds
from courses.services.editing import SomebodyWasFaster
from quizzes.engines.registry import Engine, Fault, engines
from quizzes.engines.scoring import key_faults
from quizzes.models import SharedCase
from quizzes.services.quiz_drafting import Change
from quizzes.soundness import schema_faults
from quizzes.types.base import lean, tidied

Case = dict[str, Any]
UID_MAX = 40
CASES_MOST = 100
SETTINGS = ("engine", "intro", "generated", "level", "mode", "seeds", "side", "back_to")


class CaseChanged(Conflict):
    """The case was saved or removed by somebody else in between; ``theirs`` is the case now, None when it is gone."""

    def __init__(self, theirs: Case | None) -> None:
        if theirs is None:
            message = _("Somebody else took this case out while you were writing. Saving again puts yours in.")
        else:
            message = _("Somebody else saved this case while you were writing. Both texts are below.")
        super().__init__(message)
        self.theirs = theirs


def digest(case: Mapping[str, Any] | None) -> str:
    """What a form holds to know whether its case is still the same; empty for none."""
    if case is None:
        return ""
    return hashlib.sha256(json.dumps(case, sort_keys=True).encode()).hexdigest()[:24]


def case_of(content: Mapping[str, Any], uid: str) -> Case | None:
    """The case ``uid`` of a lesson's content."""
    return next((each for each in content.get("cases", ()) if each.get("uid") == uid), None)


def new_uid(title: str, cases: Sequence[Mapping[str, Any]]) -> str:
    """A uid for a case called ``title`` that none of ``cases`` has."""
    taken = {str(each.get("uid")) for each in cases}
    stem = slugify(title)[: UID_MAX - 4].strip("-") or "case"
    names = [stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3))]
    return next(each for each in names if each not in taken)


def shape_faults(engine: Engine, case: Mapping[str, Any]) -> list[Fault]:
    """What keeps ``case`` from being shown at all."""
    return schema_faults(engine.case_schema, case) or engine.faults(case)


def case_faults(engine: Engine, case: Mapping[str, Any]) -> list[Fault]:
    """Everything that is wrong with ``case``: its shape, its sense, then whether its key can be reached."""
    return shape_faults(engine, case) or key_faults(engine, case)


def _linked(course: Course, engine: Engine, case: Case) -> list[Fault]:
    """References of a sound ``case`` that lead nowhere in ``course``."""
    uids = set(course.lessons.values_list("uid", flat=True))
    content = {"engine": engine.name, "cases": [case]}
    found = checks.text_faults("practice", content, uids=uids, media=set())
    return [(path.removeprefix("cases.0."), sentence) for path, sentence in found]


def _origin_kept(case: Case, before: Case) -> list[Fault]:
    """Let ``case`` go on saying what it was made of; a fault where the credit no longer names whom that is from, for on
    these terms it was lent. One query, none for one's own."""
    if "forked_from" not in before:
        return []
    case["forked_from"] = before["forked_from"]
    name = SharedCase.objects.filter(uid=before["forked_from"]).values_list("credit", flat=True).first()
    if not name or name not in before.get("credit", "") or name in case.get("credit", ""):
        return []
    return [("credit", _("This case was made of one by %(name)s: the name has to stay here.") % {"name": name})]


@transaction.atomic
def save_case(*, course: Course, text: LessonText, was: str, seen: str, case: Case, actor: User) -> Case:
    """Save ``case`` in place of the one called ``was``, or as a new one at the end when that is empty.

    ``seen`` is the ``digest`` of the case as the form knew it. Raises ``InvalidInput`` with a sentence for each path that
    is wrong, ``CaseChanged`` when somebody saved first. The same values save nothing. What a case was made of stays said.
    Locks the course row.
    """
    Course.objects.select_for_update().get(pk=course.pk)
    current = LessonText.objects.get(pk=text.pk)
    cases = list(current.content.get("cases", ()))
    case = lean(tidied(case))
    case.setdefault("uid", was or new_uid(case.get("title", ""), cases))
    engine = engines[current.content["engine"]]
    theirs = case_of(current.content, was) if was else None
    lost = _origin_kept(case, theirs) if theirs else []
    found = case_faults(engine, case) or [*_linked(course, engine, case), *lost]
    if case["uid"] != was and case_of(current.content, case["uid"]):
        found = [*found, ("uid", _("Another case of this lesson has this uid."))]
    if len(cases) >= CASES_MOST and not was:
        found = [*found, ("", _("A lesson holds %(n)d cases at most.") % {"n": CASES_MOST})]
    if found:
        raise InvalidInput(_("The case was not saved."), fields=gathered(found))
    if digest(theirs) != seen:
        raise CaseChanged(theirs)
    if theirs is None or case != lean(tidied(theirs)):
        put = [case if each is theirs else each for each in cases] if theirs else [*cases, case]
        _save(current, {**current.content, "cases": put}, actor)
    return case


def gathered(found: Sequence[Fault]) -> dict[str, str]:
    """Faults by path, those of one path in one text."""
    by_path: dict[str, list[str]] = {}
    for path, sentence in found:
        by_path.setdefault(path, []).append(sentence)
    return {path: " ".join(dict.fromkeys(said)) for path, said in by_path.items()}


def _save(text: LessonText, content: Mapping[str, Any], actor: User) -> None:
    LessonText.objects.filter(pk=text.pk).update(
        content=content, version=text.version + 1, changed_at=clock.now(), changed_by=actor
    )


def duplicate(index: int) -> Change:
    """A copy of the case at ``index``, right after it, under a uid and a title of its own."""

    def act(content: dict[str, Any]) -> dict[str, Any]:
        cases = list(content.get("cases", ()))
        if not 0 <= index < len(cases) < CASES_MOST:
            return content
        title = _("%(title)s (copy)") % {"title": cases[index]["title"][:100]}
        copied = {**cases[index], "uid": new_uid(title, cases), "title": title}
        return {**content, "cases": [*cases[: index + 1], copied, *cases[index + 1 :]]}

    return act


def put_back(index: int, case: Case) -> Change:
    """A case that was taken out where it stood; under another uid when its own is taken by now."""

    def act(content: dict[str, Any]) -> dict[str, Any]:
        cases = list(content.get("cases", ()))
        if case in cases:
            return content
        put = case if case_of(content, case["uid"]) is None else {**case, "uid": new_uid(case["title"], cases)}
        return {**content, "cases": [*cases[:index], put, *cases[index:]]}

    return act


@transaction.atomic
def save_settings(
    *, course: Course, lesson: Lesson, version: int, rule: Mapping[str, Any], settings: Mapping[str, Any], actor: User
) -> None:
    """Save how the lesson is passed (``rule``) and how it offers its worlds, in every language.

    ``version`` is the lesson's, as the form knew it. Raises ``InvalidInput`` with a message for each field that is wrong,
    ``SomebodyWasFaster`` when somebody saved first. The engine changes only as long as there is no case.
    """
    course = Course.objects.select_for_update().get(pk=course.pk)
    kind: Any = kinds["practice"]
    whole = {**{key: value for key, value in lesson.rule.items() if key == "opens_after"}, **rule}
    texts = list(LessonText.objects.filter(lesson=lesson))
    uids = set(course.lessons.values_list("uid", flat=True))
    said = {key: value for key, value in settings.items() if value not in ("", None, False, {})}
    broken = {shapes.dotted(steps): sentence for steps, sentence in shapes.problems(kind.rule_schema, whole)}
    for text in texts:
        content = {**said, "cases": text.content.get("cases", [])}
        if content["cases"] and said.get("engine") != text.content.get("engine"):
            broken["engine"] = _("There are cases already; they belong to their engine.")
        shape = shapes.problems(kind.content_schema, content)
        broken |= {shapes.dotted(steps): sentence for steps, sentence in shape}
        if not broken:
            broken |= dict(kind.rule_faults(whole, content, uids))
            lost = _("No lesson of this course has the uid “%(uid)s”.")
            broken |= {path: lost % {"uid": uid} for path, uid in kind.lessons(said) if uid not in uids}
    if broken:
        raise InvalidInput(_("The settings were not saved."), fields=broken)
    if not Lesson.objects.filter(pk=lesson.pk, version=version).update(rule=whole, version=version + 1):
        raise SomebodyWasFaster(texts[0])
    for text in texts:
        kept = {key: value for key, value in text.content.items() if key not in SETTINGS}
        _save(text, {**said, **kept}, actor)


def fresh_name() -> str:
    """A uid for a shared case: the same wherever it goes, and nobody's guess."""
    return f"shared-{secrets.token_hex(8)}"
