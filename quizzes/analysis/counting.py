"""From the groups that the database added up to the figures that are kept."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from quizzes.analysis.measures import Sums, scale_of
from quizzes.analysis.reading import THIRDS, Group
from quizzes.analysis.scope import Asked
from quizzes.models import QuestionVersion
from quizzes.registry import QuestionType, types
from quizzes.types.base import words
from quizzes.types.choices import option_id

MOST_TYPED, MOST_OTHERS = 10, 40
KEPT = 500  # answers told apart while counting; they come the frequent ones first, so those shown are among them
NAME_MAX = 160
PART = re.compile(r"[=:]")


@dataclass
class Choice:
    """An answer, or a part of one, and how many of each third (best first) gave it."""

    label: str
    right: bool
    thirds: list[int] = field(default_factory=lambda: [0] * THIRDS)

    @property
    def total(self) -> int:
        return sum(self.thirds)


@dataclass
class Item:
    """What was counted of one question version; ``key`` says what is right."""

    version: QuestionVersion
    key: QuestionVersion
    sums: Sums = field(default_factory=Sums)
    omitted: int = 0
    thirds: list[int] = field(default_factory=lambda: [0] * THIRDS)
    choices: dict[str, Choice] = field(default_factory=dict)
    other: list[int] = field(default_factory=lambda: [0] * THIRDS)
    typed: bool = False

    def __post_init__(self) -> None:
        self.choices = written_options(self.version, self.key)

    def add(self, group: Group) -> None:
        self.sums += group.sums
        self.thirds[group.third] += group.sums.n
        answer = json.loads(group.answer) if group.answer else None
        kind = types.get(self.version.type)
        said = kind.responses(self.version.content, answer) if kind else []
        if answer in (None, "", [], {}) or not (said or kind is None or kind.manual):
            self.omitted += group.sums.n
        for key, label in said:
            self._count(key, label, answer, group)

    def _count(self, key: str, label: str, answer: Any, group: Group) -> None:
        if key not in self.choices:
            if len(self.choices) >= KEPT:
                self.other[group.third] += group.sums.n
                return
            self.typed = self.typed or isinstance(answer, str)
            self.choices[key] = Choice(label, is_right(self.key, key, label, answer, group.sums))
        self.choices[key].thirds[group.third] += group.sums.n

    def responses(self) -> list[dict[str, Any]]:
        """What was answered: options as written, everything else the most frequent first; the rest as one line."""
        rows = list(self.choices.items())
        if "options" not in self.version.content:
            most = MOST_TYPED if self.typed else MOST_OTHERS
            rows.sort(key=lambda each: (-each[1].total, each[0]))
            for _key, choice in rows[most:]:
                self.other = [one + two for one, two in zip(self.other, choice.thirds, strict=True)]
            rows = rows[:most]
        return [
            {"key": key, "label": choice.label[:NAME_MAX], "right": choice.right, "thirds": choice.thirds}
            for key, choice in rows
        ]


def written_options(version: QuestionVersion, key: QuestionVersion) -> dict[str, Choice]:
    """The options of a choice question, so that one that nobody chose is counted, too."""
    kind, options = types.get(version.type), version.content.get("options", ())
    if kind is None or not options:
        return {}
    right = {option_id(each) for each in key.content["options"] if each["right"]}
    labels = kind.responses(version.content, [option_id(each) for each in options])
    return {name: Choice(label, name in right) for name, label in labels}


def is_right(version: QuestionVersion, key: str, label: str, answer: Any, sums: Sums) -> bool:
    """Is this part of ``answer`` right, by the key of ``version``? A typed answer is when it always earned everything."""
    kind: QuestionType = types[version.type]
    if isinstance(answer, str):
        return sums.full == sums.n
    parts = kind.grade(version.content, answer).parts
    return parts.get(PART.split(key)[0]) == 1 or label in kind.right(version.content)


def count(groups: Iterable[Group], asked: Mapping[int, Asked]) -> list[Item]:
    """Add up ``groups``, which come version by version. What is held grows with the questions, not with the attempts."""
    items = []
    for version, rows in groupby(groups, key=lambda group: group.version):
        item = Item(asked[version].version, asked[version].key)
        for group in rows:
            item.add(group)
        items.append(item)
    return items


def figures_of(*, items: Iterable[Item], asked: Mapping[int, Asked], attempts: int) -> dict[str, Any]:
    """The figures as ``Analysis.figures`` keeps them: shares between 0 and 1, times in milliseconds, counts whole."""
    rows = sorted(items, key=lambda each: (asked[each.version.pk].number, -each.version.number))
    same = bool(rows) and all(each.sums.n == attempts for each in rows)
    return {
        "questions": [_question(each, asked[each.version.pk].number) for each in rows],
        "same_questions": same,
        **(_scale(rows) if same else {}),
    }


def _scale(items: list[Item]) -> dict[str, Any]:
    scale = scale_of([(points_of(each.version), each.sums) for each in items])
    return {
        "mean": round(scale.mean, 6),
        "sd": round(scale.sd, 6),
        "most": scale.most,
        "alpha": rounded(scale.alpha),
        "sem": rounded(scale.sem),
        "kr20": all(each.sums.scored_only_0_or_1 for each in items),
    }


def points_of(version: QuestionVersion) -> int:
    return int(version.content.get("points", 1))


def rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)


def _question(item: Item, number: int) -> dict[str, Any]:
    version, content = item.version, item.version.content
    return {
        "version": version.pk,
        "of": version.number,
        "question": version.question_id,
        "uid": version.question.uid,
        "number": number,
        "type": version.type,
        "name": (version.question.name or words(content["stem"], content.get("format", "md")))[:NAME_MAX],
        "language": version.language,
        "n": item.sums.n,
        "full": item.sums.full,
        "facility": round(item.sums.facility, 6),
        "discrimination": rounded(item.sums.discrimination),
        "omitted": item.omitted,
        "ms": item.sums.mean_ms,
        "thirds": item.thirds,
        "responses": item.responses(),
        "other": item.other,
    }
