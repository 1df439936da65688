"""Pictures and sound become an MP4 that plays everywhere, and a poster. ffmpeg runs as a process, never linked."""

import subprocess
import tempfile
import wave
from collections.abc import Sequence
from pathlib import Path

import imageio_ffmpeg
import numpy as np

from courses.narration.voice import Narration

RATE = 10  # frames a second: slides stand still, so this is about seeking, not about motion
EXACT = ["-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact", "-map_metadata", "-1"]
# One thread, since several cut the picture differently on another machine; and no limit to the wait for the slower of
# picture and sound, since past it ffmpeg writes whatever is ready.
EXACT += ["-threads", "1", "-max_interleave_delta", "0"]
COLOURS = ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv"]
PICTURE = ["-c:v", "libx264", "-preset", "slow", "-tune", "stillimage", "-crf", "25"]
SOUND = ["-af", "loudnorm=I=-17:TP=-2:LRA=7", "-ar", "48000", "-ac", "1", "-c:a", "aac", "-b:a", "56k"]


class FilmError(RuntimeError):
    """ffmpeg refused; the message holds its last lines."""


def make_film(pages: Sequence[bytes], narration: Narration) -> bytes:
    """An MP4 (H.264, AAC mono, ready to stream) in which each page stands as long as its slide is spoken.

    Raises FilmError when ffmpeg fails, ValueError when pages and slides do not match.
    """
    if len(pages) != len(narration.slides):
        raise ValueError(f"{len(pages)} pages for {len(narration.slides)} slides")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        _write_wave(folder / "voice.wav", narration)
        (folder / "slides.txt").write_text(_list_of_pages(folder, pages, narration.slides), "utf-8")
        target = folder / "film.mp4"
        sources = ["-f", "concat", "-safe", "0", "-i", str(folder / "slides.txt"), "-i", str(folder / "voice.wav")]
        look = f"fps={RATE},scale=out_color_matrix=bt709:out_range=tv,format=yuv420p"
        picture = ["-vf", look, *PICTURE, *COLOURS, "-g", str(RATE * 8)]
        length = ["-t", f"{narration.seconds:.3f}", "-movflags", "+faststart"]
        ffmpeg([*sources, *picture, *SOUND, *EXACT, *length, str(target)])
        return target.read_bytes()


def make_poster(page: bytes) -> bytes:
    """A JPEG of one page."""
    with tempfile.TemporaryDirectory() as place:
        source, target = Path(place) / "page.png", Path(place) / "poster.jpg"
        source.write_bytes(page)
        ffmpeg(["-i", str(source), *EXACT, "-frames:v", "1", "-q:v", "4", str(target)])
        return target.read_bytes()


def _list_of_pages(folder: Path, pages: Sequence[bytes], lengths: Sequence[float]) -> str:
    lines = ["ffconcat version 1.0"]
    for number, (page, seconds) in enumerate(zip(pages, lengths, strict=True)):
        (folder / f"{number:03}.png").write_bytes(page)
        lines += [f"file {number:03}.png", f"duration {seconds:.3f}"]
    return "\n".join([*lines, lines[-2]]) + "\n"  # the last page is named twice, or its duration is ignored


def _write_wave(path: Path, narration: Narration) -> None:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(narration.rate)
        out.writeframes((np.clip(narration.samples, -1, 1) * 32767).astype("<i2").tobytes())


def ffmpeg(arguments: Sequence[str]) -> None:
    """Run ffmpeg; raises ``FilmError`` with its last lines when it fails or takes ten minutes."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-loglevel", "error", "-nostdin", "-y", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode:
        raise FilmError("\n".join(done.stderr.strip().splitlines()[-5:]))
