"""Questions that a draft quiz takes from banks, looked up when the course is published (D25).

``picks`` name questions one by one, ``draws`` describe from which a number is drawn at random. What is published holds
the questions themselves: all in ``questions``, and for each draw a pool of their uids.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from courses.canonical import canonical
from courses.models import Course
from courses.registry import Resolved
from quizzes.models import Bank, Question, QuestionFile

MOST_QUESTIONS = 200  # as many as a quiz may hold

Content = dict[str, Any]
Faults = list[tuple[str, str]]


class Found:
    """Questions gathered for one quiz: contents by uid, in the order in which they came."""

    def __init__(self, inline: Iterable[Content]) -> None:
        self.contents: dict[str, Content] = {each["uid"]: each for each in inline if "uid" in each}
        self.versions: list[int] = []
        self.faults: Faults = []

    def add(self, question: Question, where: str) -> bool:
        """Take ``question``; one that is there already stays as it is. A namesake that says something else is a fault."""
        content = question.ready.content if question.ready else None
        known = self.contents.get(question.uid)
        if content is None or (known is not None and known != content):
            self.faults.append((where, _not_taken(question, content)))
            return False
        if known is None:
            self.contents[question.uid] = content
            self.versions.append(question.ready_id or 0)
        return known is None


def _not_taken(question: Question, content: Content | None) -> str:
    if content is None:
        return _("“%(uid)s” has no ready version yet; mark it as ready in the bank.") % {"uid": question.uid}
    return _("Another question of this quiz has the uid “%(uid)s”; one of them needs another.") % {"uid": question.uid}


class Shelf:
    """What the drafts of one course name in banks, looked up together: banks, picked questions, what draws fit, files.

    A number of queries that depends on how many different draws there are, not on the contents.
    """

    def __init__(self, course: Course, contents: Sequence[Mapping[str, Any]]) -> None:
        named = [each for content in contents for each in (*content.get("picks", ()), *content.get("draws", ()))]
        slugs = {each["bank"] for each in named}
        found = Bank.objects.usable_by(course).filter(slug__in=slugs) if slugs else Bank.objects.none()
        self.banks = {bank.slug: bank for bank in found}
        uids = {pick["uid"] for content in contents for pick in content.get("picks", ())}
        wanted = Question.objects.in_use().filter(bank__in=self.banks.values(), uid__in=uids).select_related("ready")
        self.questions = {(each.bank_id, each.uid): each for each in wanted} if uids else {}
        self._fitting: dict[str, list[Question]] = {}

    def fitting(self, bank: Bank, draw: Mapping[str, Any], language: str) -> list[Question]:
        described = {name: value for name, value in draw.items() if name != "draw"}
        key = canonical([bank.pk, described, language])
        if key not in self._fitting:
            self._fitting[key] = fitting(bank, draw, language)
        return self._fitting[key]


def resolve(content: Mapping[str, Any], *, course: Course, language: str) -> Resolved:
    """Draft ``content`` with its picks and draws looked up in the banks that ``course`` may use.

    A number of queries that depends on how many banks are named, not on their size.
    """
    return resolve_all([(content, language)], course=course)[0]


def resolve_all(contents: Sequence[tuple[Mapping[str, Any], str]], *, course: Course) -> list[Resolved]:
    """As ``resolve`` for many contents, each with its language: three queries, and one for each different draw."""
    shelf = Shelf(course, [content for content, _language in contents])
    gathered = [_gather(content, language, shelf) for content, language in contents]
    files = _files([version for _whole, found in gathered if found for version in found.versions])
    return [
        Resolved(whole, _brought(found.versions, files), found.faults) if found else Resolved(whole)
        for whole, found in gathered
    ]


def _gather(content: Mapping[str, Any], language: str, shelf: Shelf) -> tuple[Content, Found | None]:
    """The content with every question in it, and what was found for it; None when it names nothing elsewhere."""
    picks, draws = content.get("picks", ()), content.get("draws", ())
    if not picks and not draws:
        return dict(content), None
    found = Found(content.get("questions", ()))
    _pick(picks, shelf, found)
    pools = [*content.get("pools", ()), *_draw(draws, shelf, found, language)]
    whole = {key: value for key, value in content.items() if key not in ("picks", "draws")}
    whole |= {"questions": list(found.contents.values())} | ({"pools": pools} if pools else {})
    return whole, found


def _pick(picks: Sequence[Content], shelf: Shelf, found: Found) -> None:
    for number, pick in enumerate(picks):
        where = f"picks.{number}"
        bank = shelf.banks.get(pick["bank"])
        question = shelf.questions.get((bank.pk, pick["uid"])) if bank else None
        if bank is None:
            found.faults.append((where, _no_bank(pick["bank"])))
        elif question is None:
            sentence = _("The bank “%(bank)s” has no question “%(uid)s” in use.")
            found.faults.append((where, sentence % {"bank": bank.title, "uid": pick["uid"]}))
        else:
            found.add(question, where)


def _draw(draws: Sequence[Content], shelf: Shelf, found: Found, language: str) -> list[Content]:
    """The pools, each with as many questions as there is room for: a large bank does not make a quiz too long."""
    pools = []
    for number, draw in enumerate(draws):
        where = f"draws.{number}"
        bank = shelf.banks.get(draw["bank"])
        if bank is None:
            found.faults.append((where, _no_bank(draw["bank"])))
            continue
        room = max(draw["draw"], (MOST_QUESTIONS - len(found.contents)) // (len(draws) - number))
        fit = shelf.fitting(bank, draw, language)
        fresh = by_lot([each.uid for each in fit if each.uid not in found.contents], room)
        there = {each.uid for each in fit if each.uid in found.contents}
        uids = [each.uid for each in fit if each.uid in fresh | there and found.add(each, where)]
        if len(uids) < draw["draw"]:
            sentence = _("%(fit)d questions of “%(bank)s” fit; %(draw)d are to be drawn.")
            found.faults.append((where, sentence % {"fit": len(uids), "bank": bank.title, "draw": draw["draw"]}))
        pools.append({"draw": draw["draw"], "of": sorted(uids)})
    return pools


def fitting(bank: Bank, draw: Mapping[str, Any], language: str) -> list[Question]:
    """The ready questions of ``bank`` that ``draw`` describes, by uid; of more than a quiz holds as many of them, by lot.

    One query; three where there are more.
    """
    rows = described(bank, draw, language)
    found = list(rows.select_related("ready").order_by("uid")[: MOST_QUESTIONS + 1])
    if len(found) <= MOST_QUESTIONS:
        return found
    chosen = by_lot(rows.values_list("uid", flat=True), MOST_QUESTIONS)
    return list(bank.questions.filter(uid__in=chosen).select_related("ready").order_by("uid"))


def by_lot(uids: Iterable[str], most: int) -> set[str]:
    """At most ``most`` of ``uids``, without regard to what they are called; the same ones at every publishing."""
    return set(sorted(uids, key=lambda each: hashlib.sha256(each.encode()).digest())[:most])


def described(bank: Bank, draw: Mapping[str, Any], language: str) -> QuerySet[Question]:
    """The ready questions of ``bank`` that ``draw`` describes."""
    rows = Question.objects.in_use().filter(bank=bank, ready__isnull=False, language__in=("", language))
    if draw.get("topic"):
        rows = rows.filter(topic=draw["topic"])
    if draw.get("difficulty"):
        rows = rows.filter(difficulty=draw["difficulty"])
    for tag in draw.get("tags", ()):
        rows = rows.filter(tags__name=tag)
    return rows


def _no_bank(slug: str) -> str:
    return _("There is no bank “%(slug)s” that this course may use.") % {"slug": slug}


def _files(versions: Sequence[int]) -> dict[int, dict[str, str]]:
    """By version, the sha256 of each of its files."""
    found: dict[int, dict[str, str]] = {}
    rows = QuestionFile.objects.filter(version__in=versions) if versions else QuestionFile.objects.none()
    for version, name, sha in rows.values_list("version_id", "name", "media__sha256"):
        found.setdefault(version, {})[name] = sha
    return found


def _brought(versions: Sequence[int], files: Mapping[int, Mapping[str, str]]) -> dict[str, str]:
    return {name: sha for version in versions for name, sha in files.get(version, {}).items()}
