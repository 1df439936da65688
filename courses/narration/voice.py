"""The narration as sound: each phrase spoken by itself and joined with known silences, so that cue times are exact."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from hibari import SAMPLE_RATE, Hibari

from courses.narration.captions import Cue, cues, phrases
from courses.narration.pronounce import Pronunciations, for_voice
from courses.narration.script import Script

LEAD = 0.4  # seconds of silence before a slide's first word
TAIL = 0.5  # and after its last pause
EDGE = 0.02  # kept around a phrase when its own silence is cut away
FRAME = 0.1  # slides change on whole frames of this length
QUIET = 0.012  # below this share of full scale is silence

Samples = np.ndarray
Speak = Callable[[str], Samples]


@dataclass(frozen=True, slots=True)
class Narration:
    """The sound of a whole video, the length of each slide in seconds, and its captions."""

    samples: Samples
    rate: int
    slides: tuple[float, ...]
    cues: tuple[Cue, ...]

    @property
    def seconds(self) -> float:
        """How long it all lasts."""
        return sum(self.slides)


@cache
def _engine() -> Hibari:
    return Hibari()


def hibari_voice(*, seed: int, speed: float = 0.86) -> Speak:
    """The bundled English voice, loaded once. The same seed and text give the same samples."""
    engine = _engine()
    return lambda text: engine(text, seed=seed, speed=speed)


def narrate(script: Script, *, speak: Speak, pronunciations: Pronunciations, rate: int = SAMPLE_RATE) -> Narration:
    """Speak every slide and note when each phrase begins and ends."""
    sound: list[Samples] = []
    lengths: list[float] = []
    shown: list[Cue] = []
    at = 0
    for slide in script.slides:
        pieces, spans = speak_paragraphs(slide.narration, speak=speak, pronunciations=pronunciations, rate=rate)
        for text, start, end in spans:
            shown += cues(text, (at + start) / rate, (at + end) / rate)
        sound.append(pieces)
        lengths.append(len(pieces) / rate)
        at += len(pieces)
    return Narration(np.concatenate(sound), rate, tuple(lengths), tuple(shown))


def speak_paragraphs(
    paragraphs: Sequence[str], *, speak: Speak, pronunciations: Pronunciations, rate: int, pauses: float = 1.0
) -> tuple[Samples, list[tuple[str, int, int]]]:
    """The sound of one slide, whole frames long, and each phrase with the samples at which it begins and ends.

    ``pauses`` is what the silences between phrases are multiplied by.
    """
    sound = [_silence(LEAD, rate)]
    spans: list[tuple[str, int, int]] = []
    at = len(sound[0])
    for phrase in phrases(paragraphs):
        spoken = trim(speak(for_voice(phrase.text, pronunciations)), rate=rate)
        spans.append((phrase.text, at, at + len(spoken)))
        sound += [spoken, _silence(phrase.pause * pauses, rate)]
        at += len(spoken) + len(sound[-1])
    frame = round(FRAME * rate)
    sound.append(np.zeros(-(at + round(TAIL * rate)) % frame + round(TAIL * rate), dtype=np.float32))
    return np.concatenate(sound), spans


def trim(samples: Samples, *, rate: int) -> Samples:
    """Cut the silence off both ends, all but a breath."""
    loud = np.flatnonzero(np.abs(samples) > QUIET * max(float(np.abs(samples).max(initial=0)), 0.05))
    if not len(loud):
        return samples
    edge = round(EDGE * rate)
    return samples[max(loud[0] - edge, 0) : loud[-1] + edge].astype(np.float32)


def _silence(seconds: float, rate: int) -> Samples:
    return np.zeros(round(seconds * rate), dtype=np.float32)
