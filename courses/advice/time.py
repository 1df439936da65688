"""How long a lesson takes, as stated and as it can be guessed."""

import math
from collections.abc import Iterator

from django.utils.translation import gettext as _

from courses.advice.registry import MINUTES, Around, Finding

WORDS_A_MINUTE = 200
MINUTES_MAX = 10
UNASKED_WORDS = 800
TOO_LITTLE, TOO_MUCH = 3, 5


def estimate(words: int, film_ms: int | None) -> int | None:
    """Minutes for ``words`` read at 200 a minute and for what plays; None when there is nothing to go by."""
    if film_ms is None or not (words or film_ms):
        return None
    return max(1, math.ceil(words / WORDS_A_MINUTE + film_ms / 60_000 - 0.25))


def estimate_of(around: Around) -> int | None:
    """As ``estimate`` for a lesson of words; how long questions take nobody knows from their text."""
    if "body" not in around.content:
        return None
    return estimate(around.read.words, around.film_ms)


def minutes(around: Around) -> Iterator[Finding]:
    """Long lessons, and minutes that are far from what reading and playing take."""
    about = estimate_of(around)
    lengths = f"{around.minutes}, {about}"
    if around.minutes > MINUTES_MAX:
        sentence = _("The lesson says %(minutes)d minutes; over %(limit)d, two lessons are easier to come back to.")
        yield Finding(
            "long", sentence % {"minutes": around.minutes, "limit": MINUTES_MAX}, MINUTES, str(around.minutes)
        )
    elif about is not None and about > MINUTES_MAX:
        sentence = _(
            "The lesson takes about %(minutes)d minutes; over %(limit)d, two lessons are easier to come back to."
        )
        yield Finding("long", sentence % {"minutes": about, "limit": MINUTES_MAX}, MINUTES, lengths)
    if about is not None and _far_apart(around.minutes, about):
        sentence = _("It says %(said)d min, and takes about %(about)d min to read and play.")
        yield Finding("minutes", sentence % {"said": around.minutes, "about": about}, MINUTES, lengths)


def _far_apart(said: int, about: int) -> bool:
    # Time to think is not in the guess, so that more may be said than is read.
    return (about - said >= TOO_LITTLE and about >= 1.5 * said) or (said - about >= TOO_MUCH and said >= 3 * about)


def unasked(around: Around) -> Iterator[Finding]:
    """A long text that asks nothing."""
    if around.read.words > UNASKED_WORDS and not around.read.asks:
        sentence = _("%(words)d words without a check question; one or two help readers to notice what they missed.")
        yield Finding("unasked", sentence % {"words": around.read.words})
