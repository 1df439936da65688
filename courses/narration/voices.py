"""The voices that this site has: the bundled English one in two manners, and espeak-ng's languages where it is installed.

Nothing here loads an engine; ``Voice.speak`` does, so that pages can list voices without the media extra.
"""

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from courses.narration.voice import Speak

PACES = (110, 130, 150, 170, 190)  # words a minute
# Measured with the pauses that stand between sentences: words a minute and the speed that gives them.
SPEEDS = ((110, 0.6), (131, 0.7), (150, 0.78), (166, 0.86), (176, 1.0), (190, 1.2))
SPOKEN: dict[str, Promise] = {
    "de": _("German"),
    "en": _("English"),
    "es": _("Spanish"),
    "fr": _("French"),
    "it": _("Italian"),
    "nl": _("Dutch"),
    "pl": _("Polish"),
    "pt": _("Portuguese"),
}


@dataclass(frozen=True)
class Voice:
    """``language`` is its language code, ``rate`` its samples a second, ``pauses`` how long it takes between phrases."""

    name: str
    label: Any
    language: str
    rate: int
    make: "Callable[[int], Speak]"
    pauses: float = 1.0
    listed: bool = True  # whether the pronunciation list is written for it

    def speak(self, words_a_minute: int) -> "Speak":
        """What turns a phrase into samples, at about that pace. Loads the engine."""
        return self.make(words_a_minute)


def speed_of(words_a_minute: int) -> float:
    """The speed of the bundled voice that gives about this pace."""
    if words_a_minute <= SPEEDS[0][0]:
        return SPEEDS[0][1]
    for (slow, low), (fast, high) in pairwise(SPEEDS):
        if words_a_minute <= fast:
            return low + (high - low) * (words_a_minute - slow) / (fast - slow)
    return SPEEDS[-1][1]


def voices() -> dict[str, Voice]:
    """Those that a deck may have, by name; the first is what a new deck gets.

    The bundled ones are always among them: pages may be served where the media extra is not installed, since the worker
    for media has it. The job says so when it has not.
    """
    found = [*_bundled(), *_espeak()]
    return {voice.name: voice for voice in found}


def _bundled() -> list[Voice]:
    return [
        Voice("calm", _("Calm, English (United States)"), "en", 24_000, _hibari(1)),
        Voice("brisk", _("Brisk, English (United States)"), "en", 24_000, _hibari(2), pauses=0.6),
    ]


def _hibari(seed: int) -> "Callable[[int], Speak]":
    def make(words_a_minute: int) -> "Speak":
        from courses.narration.voice import hibari_voice  # noqa: PLC0415  (needs the media extra)

        return hibari_voice(seed=seed, speed=speed_of(words_a_minute))

    return make


@cache
def _espeak() -> tuple[Voice, ...]:
    program = shutil.which("espeak-ng")
    if program is None or not find_spec("numpy"):
        return ()
    return tuple(
        Voice(f"espeak-{code}", _Labelled(label), code, 22_050, _espeaking(program, code), listed=False)
        for code, label in SPOKEN.items()
    )


@dataclass(frozen=True)
class _Labelled:
    language: Promise

    def __str__(self) -> str:
        return str(_("Plain, %(language)s")) % {"language": self.language}


def _espeaking(program: str, code: str) -> "Callable[[int], Speak]":
    def make(words_a_minute: int) -> "Speak":
        import numpy as np  # noqa: PLC0415  (needs the media extra)

        def speak(text: str) -> Any:
            command = [program, "-v", code, "-s", str(words_a_minute), "--stdin", "--stdout"]
            done = subprocess.run(command, input=text.encode(), capture_output=True, timeout=120, check=True)
            # The length in the head is not true for what goes through a pipe; samples begin after 44 bytes.
            return np.frombuffer(done.stdout[44:], dtype="<i2").astype(np.float32) / 32768

        return speak

    return make
