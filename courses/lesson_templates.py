"""What a new text lesson may begin with: four shapes that work, in the author's language and in either format."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from courses import converting

BLOCKS = ("check", "practice")
CHECK = _(
    """```check
uid: {uid}
type: single
stem: One question that only somebody can answer who has understood it?
options:
  - id: a
    text: The right answer
    right: true
    feedback: Yes. Say why.
  - id: b
    text: What people often think
    right: false
    feedback: Say what leads people there, and what is true.
```"""
)


@dataclass(frozen=True)
class LessonTemplate:
    """``label`` and ``about`` for the one who chooses; ``markdown`` ends in a check question where there is to be one."""

    key: str
    label: str | Promise
    about: str | Promise
    markdown: str | Promise
    asks: bool = True

    def body(self, form: str = "md") -> str:
        """The text in the format ``form``. Its check question gets a name of its own each time."""
        text = f"{str(self.markdown).strip()}\n"
        if self.asks:
            text += f"\n{str(CHECK).strip().replace('{uid}', f'{self.key}-{secrets.token_hex(3)}')}\n"
        return converting.converted(text, "md", form, BLOCKS)


TEMPLATES: Sequence[LessonTemplate] = (
    LessonTemplate(
        "concept",
        _("Concept"),
        _("One idea: what it is, an example, what it is not, and why it matters."),
        _(
            """Say in one or two sentences what it is, in words that a new colleague knows.

## An example

Tell of one real case, with names and numbers.

## What it is not

Say what it is often taken for, and how to tell them apart.

:::note Why it matters
Say what goes wrong at the desk for whoever does not know it.
:::

## In your own words

Sum it up in one sentence that people can carry to the desk."""
        ),
    ),
    LessonTemplate(
        "how-to",
        _("How-to"),
        _("A task step by step, with what you need and what can go wrong."),
        _(
            """Say what will be done at the end, and about how long it takes.

## What you need

- The first thing
- The second thing

## Step by step

1. Do one thing. Say what you see then.
2. Do the next thing.
3. Do the last thing.

:::warn What often goes wrong
Say how one notices, and what to do then.
:::

:::try Do it once
Name a case that people can try at once, where nothing can break.
:::"""
        ),
    ),
    LessonTemplate(
        "case",
        _("Case"),
        _("A story from the desk that asks for a decision, then shows what comes of it."),
        _(
            """## What happened

Tell the case as it came in: who asked, for what, by when.

## What you know

| Fact | Where it stands |
| --- | --- |
| The first fact | On the request |
| The second fact | In the reply |

## What would you do?

Give people a moment before they read on.

:::details What was done, and why
Tell the decision, its reason, and how it ended.
:::

## What to take along

- One rule that holds in other cases, too"""
        ),
    ),
    LessonTemplate(
        "myth-and-fact",
        _("Myth and fact"),
        _("What people believe, what is true, and how you know."),
        _(
            """Say where these beliefs come from; nobody needs to feel caught.

## “The first thing that people say”

:::note What is true
Say it in one sentence, then give the source.
:::

## “The second thing that people say”

:::note What is true
Say it in one sentence, then give the source.
:::

## When in doubt

Say whom to ask, and where it is written down."""
        ),
    ),
)


def template_of(key: str) -> LessonTemplate | None:
    """The template called ``key``; None when there is none."""
    return next((each for each in TEMPLATES if each.key == key), None)
