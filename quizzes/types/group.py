"""Sorting into groups: each item belongs to one group."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.editor import Editor, Field, Rows
from quizzes.registry import Content, Fault
from quizzes.types.assigning import AssigningType
from quizzes.types.base import ID, LINE, MARKDOWN, repeated, rows_schema, schema_of, token
from quizzes.types.choices import SHUFFLE

WORDS = {"type": "string", "minLength": 1, "maxLength": LINE}


class Grouping(AssigningType):
    """An answer is ``{item id: group id}``.

    Items have names of their own in forms: authors write them group by group, and shuffling hides it.
    """

    name = "group"
    label = gettext_lazy("Sorting into groups")
    icon = "shelf"
    template = "quizzes/types/group.html"
    lists = ("items", "groups")
    content_schema = schema_of(
        {
            "groups": rows_schema({"text": WORDS}, required=["text"], least=2, most=8),
            "items": rows_schema(
                {"text": WORDS, "group": ID, "feedback": MARKDOWN}, required=["text", "group"], least=2, most=30
            ),
        },
        required=["groups", "items"],
    )
    editor = Editor(
        fields=(SHUFFLE,),
        rows=(
            Rows(
                name="groups",
                label=gettext_lazy("Groups"),
                fields=(Field("text", gettext_lazy("Name of the group"), "markdown", required=True),),
                least=2,
                most=8,
                add=gettext_lazy("Add a group"),
            ),
            Rows(
                name="items",
                label=gettext_lazy("Items"),
                fields=(
                    Field("text", gettext_lazy("Item"), "markdown", required=True),
                    Field("group", gettext_lazy("Its group"), "choice", required=True, of="groups"),
                    Field("feedback", gettext_lazy("Why it belongs there"), "markdown"),
                ),
                least=2,
                most=30,
                add=gettext_lazy("Add an item"),
            ),
        ),
    )

    def own_texts(self, content: Content) -> dict[str, str]:
        found = {f"group:{row['id']}": row["text"] for row in content["groups"]}
        for item in content["items"]:
            found[f"item:{item['id']}"] = item["text"]
            found[f"feedback:{item['id']}"] = item.get("feedback", "")
        return found

    def faults(self, content: Content) -> list[Fault]:
        groups = {row["id"] for row in content["groups"]}
        lost = [
            (f"items.{number}.group", _("There is no group “%(id)s”.") % {"id": item["group"]})
            for number, item in enumerate(content["items"])
            if item["group"] not in groups
        ]
        return repeated(content["groups"], "groups") + repeated(content["items"], "items") + lost

    def warnings(self, content: Content) -> list[Fault]:
        return [
            (f"items.{number}.feedback", _("This item has no reply of its own."))
            for number, item in enumerate(content["items"])
            if not item.get("feedback")
        ]

    def parts(self, content: Content) -> Mapping[str, str]:
        return {item["id"]: item["text"] for item in content["items"]}

    def choices(self, content: Content) -> Mapping[str, str]:
        return {row["id"]: row["text"] for row in content["groups"]}

    def wanted(self, content: Content) -> Mapping[str, str]:
        return {item["id"]: item["group"] for item in content["items"]}

    def name_of(self, content: Content, part: str) -> str:
        return token(content, part)

    def choice_key(self, choice: str) -> str:
        return f"group:{choice}"

    def part_key(self, part: str) -> str:
        return f"item:{part}"
