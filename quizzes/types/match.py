"""Matching: each left side belongs to one right side; some right sides may belong to none."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.editor import Editor, Field, Rows
from quizzes.registry import Content, Fault
from quizzes.types.assigning import AssigningType
from quizzes.types.base import LINE, MARKDOWN, repeated, rows_schema, schema_of, shuffled, tidy, token, wrong_shape
from quizzes.types.choices import SHUFFLE

SIDE = {"type": "string", "minLength": 1, "maxLength": LINE}


def right_sides(content: Content) -> list[tuple[str, str]]:
    """Id and text of every right side, those of pairs first; a text may be there twice."""
    pairs = [(row["id"], row["right"]) for row in content["pairs"]]
    return pairs + [(row["id"], row["text"]) for row in content.get("extras", ())]


class Matching(AssigningType):
    """An answer is ``{pair id: id of the pair or extra whose right side was chosen}``.

    Right sides that read the same are one choice, under the first id. In forms they have names of their own: the id of
    a pair beside its own left side would say what is right.
    """

    name = "match"
    label = gettext_lazy("Matching")
    icon = "link"
    template = "quizzes/types/match.html"
    lists = ("pairs", "extras")
    content_schema = schema_of(
        {
            "pairs": rows_schema(
                {"left": SIDE, "right": SIDE, "feedback": MARKDOWN}, required=["left", "right"], least=2, most=20
            ),
            "extras": rows_schema({"text": SIDE}, required=["text"], least=0, most=20),
        },
        required=["pairs"],
    )
    editor = Editor(
        fields=(SHUFFLE,),
        rows=(
            Rows(
                name="pairs",
                label=gettext_lazy("Pairs"),
                fields=(
                    Field("left", gettext_lazy("Left side"), "markdown", required=True),
                    Field("right", gettext_lazy("Its right side"), "markdown", required=True),
                    Field("feedback", gettext_lazy("Why they belong together"), "markdown"),
                ),
                least=2,
                most=20,
                add=gettext_lazy("Add a pair"),
            ),
            Rows(
                name="extras",
                label=gettext_lazy("Right sides that belong to nothing"),
                fields=(Field("text", gettext_lazy("Right side"), "markdown", required=True),),
                least=0,
                most=20,
                add=gettext_lazy("Add a right side"),
            ),
        ),
    )

    def own_texts(self, content: Content) -> dict[str, str]:
        found = {f"right:{each}": text for each, text in right_sides(content)}
        for pair in content["pairs"]:
            found[f"left:{pair['id']}"] = pair["left"]
            found[f"feedback:{pair['id']}"] = pair.get("feedback", "")
        return found

    def faults(self, content: Content) -> list[Fault]:
        extras = content.get("extras", ())
        taken = {pair["id"] for pair in content["pairs"]}
        again = [
            (f"extras.{number}.id", _("The id “%(id)s” is taken; give each its own.") % {"id": row["id"]})
            for number, row in enumerate(extras)
            if row["id"] in taken
        ]
        lefts = [{"id": tidy(pair["left"])} for pair in content["pairs"]]
        same = [
            (f"pairs.{path.split('.')[1]}.left", _("Two left sides read the same; nobody could tell them apart."))
            for path, _sentence in repeated(lefts, "pairs")
        ]
        return repeated(content["pairs"], "pairs") + repeated(extras, "extras") + again + same

    def warnings(self, content: Content) -> list[Fault]:
        found = [
            (f"pairs.{number}.feedback", _("This pair has no reply of its own."))
            for number, pair in enumerate(content["pairs"])
            if not pair.get("feedback")
        ]
        rights = {tidy(pair["right"]) for pair in content["pairs"]}
        found += [
            (f"extras.{number}.text", _("This is also the right side of a pair, so it adds no choice."))
            for number, row in enumerate(content.get("extras", ()))
            if tidy(row["text"]) in rights
        ]
        if len(self.choices(content)) == 1:
            found.append(("pairs", _("There is only one right side to choose from.")))
        return found

    def parts(self, content: Content) -> Mapping[str, str]:
        return {pair["id"]: pair["left"] for pair in content["pairs"]}

    def choices(self, content: Content) -> Mapping[str, str]:
        same = self._first(content)
        return {each: text for each, text in right_sides(content) if same[each] == each}

    def known(self, content: Content) -> Mapping[str, str]:
        same = self._first(content)
        return {token(content, each): each for each in same.values()} | same

    def parse(self, content: Content, data: QueryDict, prefix: str) -> dict[str, str] | None:
        given = {pair["id"]: data.get(f"{prefix}.{pair['id']}", "") for pair in content["pairs"]}
        named = self._names(content)
        return self._given(content, {part: choice for part, choice in given.items() if choice in named}) or None

    def heard(self, content: Content, answer: Any) -> Any:
        """Right sides by their names on pages only: the id of a pair would be right beside its own left side."""
        named = self._names(content)
        if isinstance(answer, dict) and any(not isinstance(each, str) or each not in named for each in answer.values()):
            raise wrong_shape(_("Give each part one of the choices of this question."))
        return answer

    def _names(self, content: Content) -> set[str]:
        return {self.value(content, each) for each in self.choices(content)}

    def _first(self, content: Content) -> dict[str, str]:
        """The first id with the same text, for the id of each right side."""
        first: dict[str, str] = {}
        return {each: first.setdefault(tidy(text), each) for each, text in right_sides(content)}

    def wanted(self, content: Content) -> Mapping[str, str]:
        same = self._first(content)
        return {pair["id"]: same[pair["id"]] for pair in content["pairs"]}

    def value(self, content: Content, choice: str) -> str:
        return token(content, choice)

    def choice_order(self, content: Content, seed: int) -> Sequence[str]:
        """Apart from the left sides, and always: in written order each would stand beside its own."""
        names = {f"right:{each}": each for each in self.choices(content)}
        return [names[each] for each in shuffled(names, seed or 1)]

    def choice_key(self, choice: str) -> str:
        return f"right:{choice}"

    def part_key(self, part: str) -> str:
        return f"left:{part}"
