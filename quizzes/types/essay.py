"""Free text: written by the learner, marked by a person along a rubric."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.errors import InvalidInput
from quizzes.editor import Editor, Field, Rows
from quizzes.registry import Content, Fault, Mark
from quizzes.types.base import LINE, MARKDOWN, BaseType, lean, repeated, rows_schema, schema_of
from quizzes.types.typed import kept_text, no_answer, typed, verdict

LONGEST = 20_000
COUNT = {"type": "integer", "minimum": 1, "maximum": 5000}
LEVELS = rows_schema(
    {
        "text": {"type": "string", "minLength": 1, "maxLength": LINE},
        "points": {"type": "integer", "minimum": 0, "maximum": 100},
    },
    required=["text", "points"],
    least=1,
    most=10,
)
RUBRIC = rows_schema(
    {"text": {"type": "string", "minLength": 1, "maxLength": LINE}, "levels": LEVELS},
    required=["text", "levels"],
    least=1,
    most=20,
)


def rubric_most(content: Content) -> int:
    """The points of the best level of each criterion, together."""
    return sum(max(level["points"] for level in each["levels"]) for each in content["rubric"])


def rubric_fraction(content: Content, chosen: Mapping[str, str]) -> Decimal:
    """The share of all points that the levels in ``chosen`` (criterion id -> level id) earn, 0 to 1.

    Raises ``InvalidInput`` when a criterion is missing or unknown, or a level is not one of its criterion.
    """
    unknown = set(chosen) - {each["id"] for each in content["rubric"]}
    if unknown:
        raise _refused(str(min(unknown)), _("There is no such criterion."))
    earned = sum(_points(each, chosen.get(each["id"])) for each in content["rubric"])
    return Decimal(earned) / (rubric_most(content) or 1)


def _points(criterion: Content, level: Any) -> int:
    points = next((int(each["points"]) for each in criterion["levels"] if each["id"] == level), None)
    if points is None:
        raise _refused(criterion["id"], _("Choose a level for each criterion."))
    return points


def _refused(criterion: str, message: str) -> InvalidInput:
    return InvalidInput(message, fields={criterion: message})


def count_words(text: str) -> int:
    """Words are what stands between spaces."""
    return len(text.split())


def length_note(content: Content, answer: Any) -> str:
    """What the writer should know of the length of ``answer``; empty when it is as asked. It refuses nothing."""
    if not isinstance(answer, str):
        return ""
    number = count_words(answer)
    least, most = content.get("words_min"), content.get("words_max")
    said = ngettext("It has %(number)d word", "It has %(number)d words", number) % {"number": number}
    if least and number < least:
        return _("%(said)s; at least %(least)d are asked for.") % {"said": said, "least": least}
    if most and number > most:
        return _("%(said)s; at most %(most)d are asked for.") % {"said": said, "most": most}
    return ""


class Essay(BaseType):
    """An answer is a text of up to 20,000 characters, or None for none. It earns nothing until a person marks it."""

    name = "essay"
    label = gettext_lazy("Free text")
    manual = True
    template = "quizzes/types/essay.html"
    content_schema = schema_of(
        {
            "rubric": RUBRIC,
            "words_min": COUNT,
            "words_max": COUNT,
            "template": {"type": "string", "maxLength": 4000},
            "notes": MARKDOWN,
        },
        required=["rubric"],
    )
    editor = Editor(
        fields=(
            Field("words_min", gettext_lazy("Words at least"), "whole"),
            Field("words_max", gettext_lazy("Words at most"), "whole"),
            Field("template", gettext_lazy("Text to begin with"), "markdown"),
            Field(
                "notes",
                gettext_lazy("Notes for whoever marks it"),
                "markdown",
                help=gettext_lazy("Learners never see them."),
            ),
        ),
        rows=(
            Rows(
                name="rubric",
                label=gettext_lazy("Criteria"),
                fields=(Field("text", gettext_lazy("Criterion"), "markdown", required=True),),
                least=1,
                most=20,
                add=gettext_lazy("Add a criterion"),
                inner=Rows(
                    name="levels",
                    label=gettext_lazy("Levels"),
                    fields=(
                        Field("text", gettext_lazy("Level"), "markdown", required=True),
                        Field("points", gettext_lazy("Points"), "whole", required=True, default=0),
                    ),
                    least=1,
                    most=10,
                    add=gettext_lazy("Add a level"),
                ),
            ),
        ),
    )

    def snapshot(self, content: Content) -> dict[str, Any]:
        said = super().snapshot(content)
        said["rubric"] = [
            {**lean(each), "levels": [lean(level) for level in each["levels"]]} for each in content["rubric"]
        ]
        return said

    def own_texts(self, content: Content) -> dict[str, str]:
        found = {"notes": content.get("notes", "")}
        for each in content["rubric"]:
            found[f"rubric:{each['id']}"] = each["text"]
            found |= {f"level:{each['id']}:{level['id']}": level["text"] for level in each["levels"]}
        return found

    def faults(self, content: Content) -> list[Fault]:
        found = repeated(content["rubric"], "rubric")
        for number, each in enumerate(content["rubric"]):
            found += repeated(each["levels"], f"rubric.{number}.levels")
            if not any(level["points"] for level in each["levels"]):
                found.append((f"rubric.{number}.levels", _("No level earns a point; at least one must.")))
        least, most = content.get("words_min"), content.get("words_max")
        if least and most and least > most:
            found.append(("words_max", _("This is below the least number of words.")))
        return found

    def parse(self, content: Content, data: Any, prefix: str) -> str | None:
        """The text; what still stands as the template was is no answer."""
        text = typed(data.get(prefix, ""))
        return text if text and text != typed(content.get("template", "")) else None

    def clean(self, content: Content, answer: Any) -> str | None:
        return kept_text(answer, LONGEST)

    def show(
        self, content: Content, html: Mapping[str, str], seed: int, answer: Any, mark: Mark | None = None
    ) -> dict[str, Any]:
        """The text and the criteria by which it is marked; those are no secret. ``notes`` are not among it."""
        return {
            "value": answer if isinstance(answer, str) else content.get("template", "") if mark is None else "",
            "longest": LONGEST,
            "words_min": content.get("words_min"),
            "words_max": content.get("words_max"),
            "words": count_words(answer) if isinstance(answer, str) else 0,
            "note": length_note(content, answer),
            "rubric": [_criterion(each, html) for each in content["rubric"]],
            "most": rubric_most(content),
            "marked": mark is not None,
            "verdict": verdict(mark.fraction) if mark and not mark.message else "",
            "message": mark.message if mark else "",
        }

    def grade(self, content: Content, answer: Any, seed: int = 0) -> Mark:
        """Nothing yet: a person marks it. Whoever does, does so with ``rubric_fraction``."""
        if missing := no_answer(answer):
            return Mark(Decimal(0), {}, missing)
        if not isinstance(answer, str):
            return Mark(Decimal(0), {}, _("Write your answer as text."))
        note = length_note(content, answer)
        return Mark(Decimal(0), {}, " ".join(filter(None, [_("A person marks this answer."), note])))

    def said(self, content: Content, answer: Any, seed: int = 0) -> list[str]:
        return [answer] if isinstance(answer, str) and answer else []

    def responses(self, content: Content, answer: Any, seed: int = 0) -> list[tuple[str, str]]:
        """Texts are not counted: no two are alike."""
        return []


def _criterion(criterion: Content, html: Mapping[str, str]) -> dict[str, Any]:
    key = criterion["id"]
    levels = [
        {"id": each["id"], "html": html.get(f"level:{key}:{each['id']}", ""), "points": each["points"]}
        for each in criterion["levels"]
    ]
    return {"id": key, "html": html.get(f"rubric:{key}", ""), "levels": levels}
