"""How ffmpeg is asked: what a file is, its loudness, pieces of its picture in two sizes, and all of it in one MP4."""

import json
import math
import re
from dataclasses import dataclass
from fractions import Fraction

from courses.making.containers import container

SEGMENT_SECONDS = 60  # what a killed worker loses at most
RATE_MOST, RATE_LEAST = 30, 5
BIG, SMALL = (1920, 1080), (640, 360)
POSTER = (1280, 720)
LOUDNESS = "loudnorm=I=-16:TP=-1.5:LRA=11"
SILENCE_LUFS = -69
DEMUXERS = {
    "mp4": "mov",
    "mov": "mov",
    "m4a": "mov",
    "matroska": "matroska",
    "avi": "avi",
    "wav": "wav",
    "mp3": "mp3",
    "ogg": "ogg",
    "flac": "flac",
    "aac": "aac",
}
LENGTH = re.compile(r"Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)")
STREAM = re.compile(r"Stream #0:\d+.*?: (Video|Audio): (.*)")
SIZE = re.compile(r"\b(\d{2,5})x(\d{2,5})\b")
RATE = re.compile(r"([\d.]+) fps")
FILM_RATES = {24: Fraction(24000, 1001), 30: Fraction(30000, 1001)}
THREADS = ["-threads", "2"]
PLAIN = ["-map_metadata", "-1", "-map_chapters", "-1", "-sn", "-dn"]
TIMESCALE = ["-video_track_timescale", "120000"]


@dataclass(frozen=True)
class Facts:
    """What ffmpeg sees in a file. ``seconds`` is 0 where the file does not say; ``rate`` is the one to make."""

    seconds: float
    picture: bool
    sound: bool
    rate: Fraction = Fraction(25)

    @property
    def frames_of_a_segment(self) -> int:
        return round(SEGMENT_SECONDS * self.rate)

    def segments(self) -> list[float]:
        """Where each piece of the picture begins, in seconds; each has a whole number of frames."""
        length = float(self.frames_of_a_segment / self.rate)
        return [number * length for number in range(max(1, math.ceil(self.seconds / length - 0.001)))]


def facts_of(words: str, *, seconds: float = 0) -> Facts:
    """Read what ffmpeg said of a file; ``seconds`` where they are known better."""
    found = LENGTH.search(words)
    if found and not seconds:
        hours, minutes, rest = found.groups()
        seconds = int(hours) * 3600 + int(minutes) * 60 + float(rest)
    streams = [(sort, about) for sort, about in STREAM.findall(words) if "attached pic" not in about]
    pictures = [about for sort, about in streams if sort == "Video" and SIZE.search(about)]
    sounds = [about for sort, about in streams if sort == "Audio"]
    return Facts(
        seconds=seconds,
        picture=bool(pictures),
        sound=bool(sounds),
        rate=_rate(pictures[0]) if pictures else Fraction(25),
    )


def _rate(about: str) -> Fraction:
    """The film's own rate between 5 and 30 pictures a second: what is quicker is halved until it fits."""
    found = RATE.search(about)
    rate = float(found[1]) if found else 25.0
    while rate > RATE_MOST + 0.01:
        rate /= 2
    whole = round(rate)
    if whole in FILM_RATES and abs(rate - float(FILM_RATES[whole])) < 0.01:
        return FILM_RATES[whole]
    return Fraction(max(RATE_LEAST, whole))


def source(path: str, head: bytes, *, start: float = 0) -> list[str]:
    """The file as input: read by the demuxer of what it is, so that nothing in it makes ffmpeg open other files."""
    demuxer = DEMUXERS.get(container(head)) or ("mpeg" if head.startswith(b"\x00\x00\x01") else "mpegts")
    begin = ["-ss", f"{start:.6f}"] if start else []
    return [*begin, "-f", demuxer, "-protocol_whitelist", "file", "-i", path]


def measure(given: list[str]) -> list[str]:
    """How loud it is."""
    return [*given, *PLAIN, "-vn", "-map", "0:a:0", "-af", f"{LOUDNESS}:print_format=json", "-f", "null", "-"]


def count(given: list[str]) -> list[str]:
    """How long it is, by going through all of it without decoding."""
    return [*given, "-map", "0:v:0?", "-map", "0:a:0?", "-c", "copy", "-f", "null", "-"]


def loudness(words: str) -> dict[str, str]:
    """What ``measure`` said; empty when there is nothing to hear, which no gain makes louder."""
    start, end = words.rfind("{"), words.rfind("}")
    if not 0 <= start < end:
        return {}
    given = json.loads(words[start : end + 1])
    try:
        if float(given["input_i"]) < SILENCE_LUFS:
            return {}
    except (KeyError, ValueError):
        return {}
    return {key: str(value) for key, value in given.items()}


def sound(given: list[str], loud: dict[str, str], target: str) -> list[str]:
    """All of the sound as AAC, as loud as every other lesson; silence stands for what is missing at its start."""
    level = "anull"
    if loud:
        level = (
            f"{LOUDNESS}:measured_I={loud['input_i']}:measured_TP={loud['input_tp']}:measured_LRA={loud['input_lra']}"
            f":measured_thresh={loud['input_thresh']}:offset={loud['target_offset']}:linear=true"
        )
    encoder = ["-c:a", "aac", "-b:a", "128k", "-ar", "48000", "-ac", "2"]
    heard = ["-map", "0:a:0", "-af", f"{level},aresample=48000:async=1:first_pts=0"]
    return [*given, *PLAIN, "-vn", *heard, *encoder, *THREADS, "-movflags", "+faststart", "-f", "ipod", target]


def _within(box: tuple[int, int]) -> str:
    """Square pixels, even sides, and no side larger than the box (lying or standing), never enlarged."""
    long, short = box
    scale = f"min(1,min({long}/max(iw*sar,ih),{short}/min(iw*sar,ih)))"
    return f"scale='trunc(iw*sar*{scale}/2)*2':'trunc(ih*{scale}/2)*2',setsar=1"


def segment(given: list[str], facts: Facts, big: str, small: str) -> list[str]:
    """One piece of the picture in both sizes from one decoding."""
    graph = (
        f"[0:v:0]fps={facts.rate}:start_time=0,split=2[a][b];"
        f"[a]{_within(BIG)},format=yuv420p[big];[b]{_within(SMALL)},format=yuv420p[small]"
    )
    shared = ["-an", *PLAIN, "-c:v", "libx264", "-preset", "veryfast", "-g", str(round(facts.rate * 2)), *THREADS]
    shared += ["-frames:v", str(facts.frames_of_a_segment), *TIMESCALE, "-f", "mp4"]
    return [
        *(*given, "-filter_complex", graph),
        *("-map", "[big]", *shared, "-crf", "23", big),
        *("-map", "[small]", *shared, "-crf", "26", "-maxrate", "500k", "-bufsize", "1000k", small),
    ]


def listing(names: list[str]) -> str:
    """The pieces for ffmpeg's concat."""
    return "\n".join(["ffconcat version 1.0", *(f"file {name}" for name in names)]) + "\n"


def join(pieces: str, heard: str, target: str) -> list[str]:
    """Pieces and sound in one file that plays while it loads. ``heard`` is empty for a silent film."""
    given = ["-f", "concat", "-safe", "0", "-i", pieces]
    streams = ["-map", "0:v:0"]
    if heard:
        given += ["-i", heard]
        streams += ["-map", "1:a:0"]
    return [*given, *streams, *PLAIN, "-c", "copy", *TIMESCALE, "-movflags", "+faststart", "-f", "mp4", target]


def still(film: str, at: float, target: str) -> list[str]:
    """One picture of the film."""
    look = ["-frames:v", "1", "-vf", _within(POSTER), "-q:v", "4", *PLAIN, "-an", "-f", "image2", "-update", "1"]
    return ["-ss", f"{at:.3f}", "-protocol_whitelist", "file", "-i", film, *look, target]
