"""A deck as a video, slide by slide: each slide's clip is made once and kept, and joining clips encodes no picture again.

A clip is the standing picture as H.264 (no sound), the sound as samples, and its cues. Sound is encoded when clips are
joined, so that loudness is even and cue times stay exact: an encoder's padding would add up otherwise.
"""

import json
import wave
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from courses.decks.kept import Kept, digest
from courses.narration.captions import Cue, bridged, cues, phrases, webvtt
from courses.narration.film import COLOURS, EXACT, PICTURE, RATE, SOUND, ffmpeg
from courses.narration.pronounce import Pronunciations, used_in
from courses.narration.voice import FRAME, speak_paragraphs
from courses.narration.voices import Voice

CLIP_ENGINE = 1  # raise it when a clip would come out differently
SAMPLE_RATE = 48_000
RECORDING_SECONDS_MAX = 20 * 60
AUDIBLE = 30  # of 32767; below it is silence
PICTURE_FILE, SOUND_FILE, CUES_FILE = "picture.mp4", "sound.pcm", "clip.json"


@dataclass(frozen=True)
class ClipPlan:
    """All that goes into one clip. ``page`` is a PNG of 1280 by 720; ``recording`` a sound file, else None.

    ``paragraphs`` are spoken, or only captioned over a recording; without either it is silent for ``seconds``.
    """

    page: Path
    paragraphs: tuple[str, ...] = ()
    recording: Path | None = None
    recording_sha: str = ""
    seconds: float = 0
    pause_ms: int = 0
    opens_chapter: bool = True
    heading: str = ""


@dataclass(frozen=True)
class Clip:
    """One slide as it was made: where, how long in seconds, and its cues from its own beginning."""

    folder: Path
    seconds: float
    cues: tuple[Cue, ...]


@dataclass(frozen=True)
class Studio:
    """What all clips of a deck share: where they are kept, who speaks at which pace, and the pronunciation list."""

    kept: Kept
    voice: Voice | None
    words_a_minute: int
    pronunciations: Pronunciations

    def key(self, plan: ClipPlan) -> str:
        """The digest of all that goes into the clip, and of nothing else."""
        spoken = "\n\n".join(plan.paragraphs)
        parts: dict[str, Any] = {
            "engine": CLIP_ENGINE,
            "page": digest({"png": plan.page.read_bytes().hex()}),
            "words": plan.paragraphs,
            "pause": plan.pause_ms,
        }
        if plan.recording:
            parts["recording"] = plan.recording_sha
        elif spoken and self.voice:
            said = used_in(spoken, self._listed)
            parts["voice"] = [self.voice.name, self.words_a_minute]
            parts["said"] = {word: [entry.phonemes, entry.spoken] for word, entry in said.items()}
        else:
            parts["seconds"] = plan.seconds
        return digest(parts)

    @property
    def _listed(self) -> Pronunciations:
        return self.pronunciations if self.voice and self.voice.listed else {}

    def has(self, plan: ClipPlan) -> bool:
        """Whether the clip is there already."""
        return self.kept.get(self.key(plan)) is not None

    def clip(self, plan: ClipPlan) -> Clip:
        """The clip, made if it is not there. Raises ``FilmError`` when ffmpeg refuses a recording or a picture."""
        return _read(self.kept.make(self.key(plan), lambda folder: self._make(plan, folder)))

    def _make(self, plan: ClipPlan, folder: Path) -> None:
        samples, shown = self._sound(plan, folder)
        frame = round(FRAME * SAMPLE_RATE)
        wanted = samples + round(plan.pause_ms * SAMPLE_RATE / 1000)
        wanted = max(-(-wanted // frame) * frame, frame)
        with (folder / SOUND_FILE).open("r+b") as file:
            file.truncate(wanted * 2)  # what is added is silence
        seconds = wanted / SAMPLE_RATE
        _stand(plan.page, folder / PICTURE_FILE, frames=round(seconds * RATE))
        rows = [[cue.start, cue.end, cue.text] for cue in shown]
        (folder / CUES_FILE).write_text(json.dumps({"seconds": seconds, "cues": rows}), "utf-8")

    def _sound(self, plan: ClipPlan, folder: Path) -> tuple[int, list[Cue]]:
        """Write the sound; gives its length in samples, and the cues."""
        target = folder / SOUND_FILE
        if plan.recording:
            _decode(plan.recording, target)
            samples = target.stat().st_size // 2
            return samples, _shared_out(plan.paragraphs, samples / SAMPLE_RATE)
        if plan.paragraphs and self.voice:
            return self._speak(plan.paragraphs, folder, target)
        target.write_bytes(b"")
        return round(plan.seconds * SAMPLE_RATE), []

    def _speak(self, paragraphs: Sequence[str], folder: Path, target: Path) -> tuple[int, list[Cue]]:
        voice = self.voice
        if voice is None:
            raise ValueError("there is no voice")
        speak = voice.speak(self.words_a_minute)
        sound, spans = speak_paragraphs(
            paragraphs, speak=speak, pronunciations=self._listed, rate=voice.rate, pauses=voice.pauses
        )
        spoken = folder / "voice.wav"
        write_wave(spoken, sound, voice.rate)
        _decode(spoken, target)
        spoken.unlink()
        shown = [cue for text, start, end in spans for cue in cues(text, start / voice.rate, end / voice.rate)]
        return round(len(sound) / voice.rate * SAMPLE_RATE), shown


def _read(folder: Path) -> Clip:
    data = json.loads((folder / CUES_FILE).read_text("utf-8"))
    return Clip(folder, data["seconds"], tuple(Cue(*row) for row in data["cues"]))


def write_wave(path: Path, samples: np.ndarray, rate: int) -> None:
    """Samples from -1 to 1 as a mono WAV file."""
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())


def _decode(source: Path, target: Path) -> None:
    """Any sound file as bare samples; only local files are opened, whatever it says."""
    sound = ["-vn", "-ac", "1", "-ar", str(SAMPLE_RATE), "-t", str(RECORDING_SECONDS_MAX), "-f", "s16le"]
    ffmpeg(["-protocol_whitelist", "file", "-i", str(source), *sound, str(target)])


def _stand(page: Path, target: Path, *, frames: int) -> None:
    """The picture standing for so many frames. No frame refers to a later one, so that clips can be joined anywhere."""
    look = "scale=1280:720:out_color_matrix=bt709:out_range=tv,format=yuv420p"
    picture = [*PICTURE, "-bf", "0", *COLOURS, "-g", str(RATE * 8), "-frames:v", str(frames)]
    source = ["-loop", "1", "-framerate", str(RATE), "-i", str(page)]
    ffmpeg([*source, "-an", "-vf", look, *picture, *EXACT, "-video_track_timescale", "10240", str(target)])


def _shared_out(paragraphs: Sequence[str], seconds: float) -> list[Cue]:
    """Cues over a recording: nobody knows when each word is said, so the time is shared out by length."""
    spoken = [phrase.text for phrase in phrases(paragraphs)]
    total = sum(map(len, spoken)) or 1
    shown: list[Cue] = []
    at = 0.0
    for text in spoken:
        until = at + seconds * len(text) / total
        shown += cues(text, at, until)
        at = until
    return shown


# ---- joining


@dataclass(frozen=True)
class Film:
    """A whole video on disk, with its captions and chapters as WebVTT."""

    path: Path
    seconds: float
    captions: str
    chapters: str


def join(clips: Sequence[Clip], plans: Sequence[ClipPlan], folder: Path, *, beat: Callable[[], None]) -> Film:
    """Join clips in ``folder``. Pictures are copied, sound is made even and encoded once. ``beat`` is called between steps.

    Raises ``FilmError`` when ffmpeg fails.
    """
    listed = "\n".join(f"file '{clip.folder / PICTURE_FILE}'" for clip in clips)
    (folder / "clips.txt").write_text(f"ffconcat version 1.0\n{listed}\n", "utf-8")
    loudest = _write_sound(clips, folder / SOUND_FILE)
    beat()
    target = folder / "film.mp4"
    pictures = ["-f", "concat", "-safe", "0", "-i", str(folder / "clips.txt")]
    sound = ["-f", "s16le", "-ar", str(SAMPLE_RATE), "-ac", "1", "-i", str(folder / SOUND_FILE)]
    seconds = sum(clip.seconds for clip in clips)
    ending = ["-t", f"{seconds:.3f}", "-movflags", "+faststart"]
    coded = SOUND if loudest > AUDIBLE else SOUND[2:]  # silence has no loudness that could be made even
    ffmpeg([*pictures, *sound, "-map", "0:v", "-map", "1:a", "-c:v", "copy", *coded, *EXACT, *ending, str(target)])
    (folder / SOUND_FILE).unlink()
    beat()
    return Film(
        target,
        seconds,
        webvtt(bridged(_placed(clips))),
        webvtt(_chapters(clips, plans), wrapped=False),
    )


def _write_sound(clips: Iterable[Clip], target: Path) -> int:
    """All sound, one after the other; gives the loudest sample (of 32767)."""
    loudest = 0
    with target.open("wb") as out:
        for clip in clips:
            with (clip.folder / SOUND_FILE).open("rb") as sound:
                while part := sound.read(1 << 20):
                    out.write(part)
                    loudest = max(loudest, int(np.abs(np.frombuffer(part, "<i2").astype(np.int32)).max()))
    return loudest


def _placed(clips: Iterable[Clip]) -> list[Cue]:
    shown: list[Cue] = []
    at = 0.0
    for clip in clips:
        shown += [Cue(round(at + cue.start, 3), round(at + cue.end, 3), cue.text) for cue in clip.cues]
        at += clip.seconds
    return shown


def _chapters(clips: Iterable[Clip], plans: Iterable[ClipPlan]) -> list[Cue]:
    marks: list[Cue] = []
    at = 0.0
    for clip, plan in zip(clips, plans, strict=True):
        until = round(at + clip.seconds, 3)
        if marks and not (plan.opens_chapter and plan.heading):
            marks[-1] = Cue(marks[-1].start, until, marks[-1].text)
        else:
            marks.append(Cue(round(at, 3), until, plan.heading or "–"))
        at += clip.seconds
    return marks
