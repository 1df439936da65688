"""ffmpeg as a process of its own: found, kept on a leash, listened to, and killed when nobody wants its work any more."""

import contextlib
import importlib.util
import os
import resource
import select
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import IO

from django.conf import settings

from core.supervisor import die_with_parent

NICE = 10
LISTEN_SECONDS = 2
LOOK_SECONDS = 60
TOO_LONG = "took too long"
SILENT_SECONDS = 120  # it tells of itself every second; one that says nothing for so long hangs
Heard = Callable[[float], None]


@dataclass(frozen=True)
class Outcome:
    """ffmpeg's last words, and how many seconds of output it made."""

    words: str
    seconds: float


class ToolFailed(Exception):
    """ffmpeg gave up; the message holds its last lines, for whoever finds the sentence for the author."""


@cache
def ffmpeg() -> str:
    """Where ffmpeg is: the media extra's, else the system's; empty where there is none."""
    if importlib.util.find_spec("imageio_ffmpeg"):
        import imageio_ffmpeg  # noqa: PLC0415  (an extra: the web image has none)

        with contextlib.suppress(RuntimeError):
            return str(imageio_ffmpeg.get_ffmpeg_exe())
    return shutil.which("ffmpeg") or ""


def available() -> bool:
    """Can films be made on this machine?"""
    return bool(ffmpeg())


def _on_a_leash() -> None:
    """Behind everybody else, bounded in memory, and gone when the worker is killed."""
    os.nice(NICE)
    most = settings.MEDIA_TOOL_MEMORY_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    die_with_parent()


def look_at(given: Sequence[str]) -> str:
    """What ffmpeg says of the file before it does anything with it; that it took too long when it came to no end."""
    with tempfile.TemporaryFile() as said:
        with _started(list(given), said) as process:
            try:
                process.wait(timeout=LOOK_SECONDS)
            except subprocess.TimeoutExpired:
                return TOO_LONG
        return _tail(said, 200)


def run(arguments: Sequence[str], *, heard: Heard, seconds: float) -> Outcome:
    """Run ffmpeg to its end. ``heard(done)`` is told every two seconds how many seconds of output there are, and may
    raise to stop it. Raises ``ToolFailed`` when it fails, is silent or runs over ``seconds``.
    """
    with tempfile.TemporaryFile() as said:
        with _started(["-y", "-progress", "pipe:1", "-stats_period", "1", *arguments], said) as process:
            done = _listen(process, heard, seconds)
        words = _tail(said, 40)
    if process.returncode:
        raise ToolFailed(words or f"ended with {process.returncode}")
    return Outcome(words, done)


@contextlib.contextmanager
def _started(arguments: Sequence[str], said: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    shy = ["-hide_banner", "-nostdin", "-nostats", "-loglevel", "info"]
    process = subprocess.Popen(
        [ffmpeg(), *shy, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=said,
        preexec_fn=_on_a_leash,  # noqa: PLW1509  (system calls only)
        env={"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8"},
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def _listen(process: subprocess.Popen[bytes], heard: Heard, seconds: float) -> float:
    """Until it ends; gives the seconds of output."""
    began = last = told = time.monotonic()
    pipe = process.stdout
    assert pipe is not None  # noqa: S101
    os.set_blocking(pipe.fileno(), False)
    rest, done = b"", 0.0
    while True:
        ready, _w, _x = select.select([pipe], [], [], LISTEN_SECONDS)
        now = time.monotonic()
        if ready:
            part = pipe.read()
            if part == b"":
                break
            last = now
            *lines, rest = (rest + (part or b"")).split(b"\n")
            done = max([done, *(_seconds(line) for line in lines)])
        if now - told >= LISTEN_SECONDS:
            told = now
            heard(done)
        if now - began > seconds or now - last > SILENT_SECONDS:
            raise ToolFailed(TOO_LONG)
    try:
        process.wait(timeout=LOOK_SECONDS)
    except subprocess.TimeoutExpired as problem:
        raise ToolFailed(TOO_LONG) from problem
    return done


def _seconds(line: bytes) -> float:
    name, _equals, value = line.partition(b"=")
    if name != b"out_time_us":
        return 0.0
    try:
        return max(0, int(value)) / 1_000_000
    except ValueError:  # N/A
        return 0.0


def _tail(said: IO[bytes], lines: int) -> str:
    said.seek(0, os.SEEK_END)
    said.seek(max(0, said.tell() - 64 * 1024))
    text = said.read().decode("utf-8", "replace")
    return "\n".join(text.strip().splitlines()[-lines:])
