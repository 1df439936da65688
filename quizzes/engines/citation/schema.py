"""The shape of a case of citation, and the form in which authors edit it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy

from quizzes.editor import Editor, Field, Rows
from quizzes.engines.base import LINE, LONGEST, case_schema
from quizzes.engines.citation.cases import CHANGED, NOT_VERIFIABLE, VERIFIED
from quizzes.engines.citation.records import CATALOGUES, FIELDS, GENRES, MORE
from quizzes.types.base import ID, TEXT, rows_schema

ROW = {"type": "string", "maxLength": LINE}
LONG = {"type": "string", "minLength": 1, "maxLength": LONGEST}
SHARE = {"type": "integer", "minimum": 0, "maximum": 99}
RECORDS = rows_schema(
    {"genre": {"enum": list(GENRES)}, "free_online": {"type": "boolean"}, **dict.fromkeys((*FIELDS, *MORE), ROW)},
    required=["genre", "title"],
    least=1,
    most=60,
)
GIVEN = rows_schema(
    {
        "id": {"enum": list(FIELDS)},
        "given": ROW,
        "graded": {"type": "boolean"},
        "key": ROW,
        "close": ROW,
        "feedback": {"type": "string", "maxLength": LONGEST},
    },
    required=[],
    least=1,
    most=len(FIELDS),
)
NEAR = rows_schema(
    {"share": SHARE, "feedback": {"type": "string", "maxLength": LONGEST}}, required=[], least=0, most=10
)
NOTE = rows_schema(
    {"label": ROW, "phrases": LONG, "feedback": {"type": "string", "maxLength": LONGEST}},
    required=["label", "phrases"],
    least=1,
    most=5,
)
SCHEMA = case_schema(
    {
        "catalogue": {"enum": list(CATALOGUES)},
        "records": RECORDS,
        "citation": {"type": "string", "minLength": 1, "maxLength": LONGEST},
        "source": {"type": "string", "maxLength": TEXT},
        "target": ID,
        "verdict": {"enum": [VERIFIED, CHANGED, NOT_VERIFIABLE]},
        "genre": {"enum": list(GENRES)},
        "fields": GIVEN,
        "near": NEAR,
        "generated_source": {"type": "boolean"},
        "note": NOTE,
        "note_sample": {"type": "string", "minLength": 1, "maxLength": LONGEST},
    },
    required=["citation", "verdict", "fields", "note", "note_sample"],
)


def _options(labels: Mapping[str, Any], chosen: Sequence[str]) -> tuple[tuple[str, Any], ...]:
    return (("", gettext_lazy("None")), *((name, labels.get(name, name)) for name in chosen))


VERDICT_CHOICES = (
    (VERIFIED, gettext_lazy("Verified as it stands")),
    (CHANGED, gettext_lazy("Verified, with changes")),
    (NOT_VERIFIABLE, gettext_lazy("Could not be verified")),
)
FEEDBACK = Field("feedback", gettext_lazy("What to say to it"))
EDITOR = Editor(
    fields=(
        Field("citation", gettext_lazy("The citation, as it came in"), required=True),
        Field("source", gettext_lazy("Where it comes from")),
        Field("catalogue", gettext_lazy("Catalogue"), "choice", choices=_options({}, CATALOGUES)),
        Field("target", gettext_lazy("Record behind it"), help=gettext_lazy("Its id; empty when there is none.")),
        Field("verdict", gettext_lazy("Right verdict"), "choice", choices=VERDICT_CHOICES, required=True),
        Field(
            "genre",
            gettext_lazy("Kind that it claims to be"),
            "choice",
            help=gettext_lazy("Only where there is no record."),
            choices=_options(GENRES, tuple(GENRES)),
        ),
        Field("generated_source", gettext_lazy("Its only source is a generated text"), "flag", default=False),
        Field("note_sample", gettext_lazy("A note that says it all"), required=True),
    ),
    rows=(
        Rows(
            name="fields",
            label=gettext_lazy("Fields"),
            fields=(
                Field("given", gettext_lazy("What the citation says")),
                Field("graded", gettext_lazy("Counts"), "flag", default=False),
                Field("key", gettext_lazy("Right value"), help=gettext_lazy("Empty: as the record has it.")),
                Field("close", gettext_lazy("Worth half"), help=gettext_lazy("Several are separated by semicolons.")),
                FEEDBACK,
            ),
            least=1,
            most=len(FIELDS),
            add=gettext_lazy("Add a field"),
            named=True,
        ),
        Rows(
            name="near",
            label=gettext_lazy("Near matches"),
            fields=(Field("share", gettext_lazy("Credit in percent"), "whole", default=0), FEEDBACK),
            least=0,
            most=10,
            add=gettext_lazy("Add a near match"),
            named=True,
        ),
        Rows(
            name="note",
            label=gettext_lazy("What the note has to say"),
            fields=(
                Field("label", gettext_lazy("In words"), required=True),
                Field(
                    "phrases",
                    gettext_lazy("Key words"),
                    help=gettext_lazy("Separated by semicolons; one is enough. A star stands for anything."),
                    required=True,
                ),
                FEEDBACK,
            ),
            least=1,
            most=5,
            add=gettext_lazy("Add a point"),
        ),
        Rows(
            name="records",
            label=gettext_lazy("Records of its own"),
            fields=(
                Field("genre", gettext_lazy("Kind"), "choice", choices=tuple(GENRES.items()), required=True),
                *(Field(name, label) for name, label in {**FIELDS, **MORE}.items()),
                Field("free_online", gettext_lazy("Free in a repository"), "flag", default=False),
            ),
            least=0,
            most=60,
            add=gettext_lazy("Add a record"),
            named=True,
        ),
    ),
)
