"""What a conversation is made of: its schema, its words, and the form in which authors fill it in."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from quizzes.editor import Editor, Field, Rows
from quizzes.engines.base import LINE, TEXT, case_schema
from quizzes.types.base import ID, rows_schema

WORDS = {"type": "string", "minLength": 1, "maxLength": 1000}
CHANNELS: Mapping[str, tuple[Any, str]] = {
    "desk": (gettext_lazy("At the desk"), "user"),
    "phone": (gettext_lazy("On the phone"), "phone"),
    "email": (gettext_lazy("By email"), "mail"),
    "chat": (gettext_lazy("In the chat"), "chat"),
}
FLAGS: Mapping[str, Any] = {
    "confidentiality": gettext_lazy("tells what is confidential"),
    "legal_advice": gettext_lazy("gives legal advice"),
    "threat": gettext_lazy("threatens"),
    "blame_partner": gettext_lazy("blames a partner"),
    "promise_unsure": gettext_lazy("promises what is not in your hands"),
}
ENDS: Mapping[str, tuple[Any, str]] = {
    "resolved": (gettext_lazy("Resolved"), "ok"),
    "partial": (gettext_lazy("Half resolved"), "warn"),
    "escalated": (gettext_lazy("Handed on"), "info"),
    "breakdown": (gettext_lazy("Broken off"), "bad"),
}
SCORE = r"^[0-3]( [0-3]){3}$"

CHOICES = rows_schema(
    {
        "text": WORDS,
        "score": {"type": "string", "pattern": SCORE},
        "mood": {"type": "integer", "minimum": -3, "maximum": 3},
        "flag": {"enum": list(FLAGS)},
        "to": ID,
        "why": WORDS,
    },
    required=["text", "score", "to", "why"],
    least=3,
    most=4,
)
END = {
    "type": {"enum": list(ENDS)},
    "says": WORDS,
    "min_mood": {"type": "integer", "minimum": 1, "maximum": 10},
    "below": ID,
}
ENDINGS = rows_schema(END, required=["type", "says"], least=1, most=8)

SCHEMA = case_schema(
    {
        "channel": {"enum": list(CHANNELS)},
        "person": {"type": "string", "minLength": 1, "maxLength": 80},
        "need": {"type": "string", "minLength": 1, "maxLength": LINE},
        "mood": {"type": "integer", "minimum": 0, "maximum": 10},
        "known": {"type": "string", "maxLength": TEXT},  # one fact a line: what you know and may use
        "secret": {"type": "string", "maxLength": TEXT},  # one fact a line: what you know and may not tell
        "nodes": rows_schema({"says": WORDS, "choices": CHOICES}, required=["says", "choices"], least=2, most=12),
        "ends": ENDINGS,
    },
    required=["channel", "person", "need", "mood", "nodes", "ends"],
)

_LINES = Rows(
    name="choices",
    label=gettext_lazy("Lines to choose from"),
    fields=(
        Field("text", gettext_lazy("What you could say"), "markdown", required=True),
        Field(
            "score",
            gettext_lazy("Points for empathy, accuracy, policy, next step"),
            required=True,
            help=gettext_lazy("Four numbers from 0 to 3, for example: 3 2 3 1. One line must be best."),
        ),
        Field("mood", gettext_lazy("What it does to the mood"), "whole", help=gettext_lazy("From -3 to 3.")),
        Field(
            "flag",
            gettext_lazy("What is wrong with it"),
            "choice",
            choices=[("", gettext_lazy("Nothing")), *FLAGS.items()],
        ),
        Field("to", gettext_lazy("Leads to"), required=True, help=gettext_lazy("The name of a turn or of an ending.")),
        Field("why", gettext_lazy("Why it is good or not"), "markdown", required=True),
    ),
    least=3,
    most=4,
    add=gettext_lazy("Add a line"),
)
EDITOR = Editor(
    fields=(
        Field(
            "channel",
            gettext_lazy("Where you talk"),
            "choice",
            choices=[(name, label) for name, (label, _icon) in CHANNELS.items()],
            required=True,
            default="desk",
        ),
        Field("person", gettext_lazy("Who it is"), required=True, help=gettext_lazy("An invented name.")),
        Field("need", gettext_lazy("What the person needs"), required=True),
        Field(
            "mood",
            gettext_lazy("Mood at the beginning"),
            "whole",
            required=True,
            default=5,
            help=gettext_lazy("From 0, furious, to 10, glad."),
        ),
        Field("known", gettext_lazy("What you know"), "markdown", help=gettext_lazy("One fact a line.")),
        Field(
            "secret", gettext_lazy("What you know and may not tell"), "markdown", help=gettext_lazy("One fact a line.")
        ),
    ),
    rows=(
        Rows(
            name="nodes",
            label=gettext_lazy("Turns"),
            fields=(Field("says", gettext_lazy("What the person says"), "markdown", required=True),),
            least=2,
            most=12,
            add=gettext_lazy("Add a turn"),
            inner=_LINES,
            named=True,
        ),
        Rows(
            name="ends",
            label=gettext_lazy("Endings"),
            fields=(
                Field(
                    "type",
                    gettext_lazy("How it ends"),
                    "choice",
                    choices=[(name, label) for name, (label, _tone) in ENDS.items()],
                    required=True,
                    default="resolved",
                ),
                Field("says", gettext_lazy("What happens then"), "markdown", required=True),
                Field("min_mood", gettext_lazy("Mood it needs"), "whole", help=gettext_lazy("From 1 to 10, or empty.")),
                Field("below", gettext_lazy("Ending in a worse mood"), help=gettext_lazy("The name of an ending.")),
            ),
            least=1,
            most=8,
            add=gettext_lazy("Add an ending"),
            named=True,
        ),
    ),
)
