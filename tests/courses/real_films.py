"""Real films, made by ffmpeg in a second: a test picture and a tone."""

import subprocess
from pathlib import Path

from courses.making import tools


def make(path: Path, *, seconds: int = 2, size: str = "320x180", rate: str = "25", sound: bool = True, more=()) -> Path:
    """A film (or with ``size=""`` a recording) of that length at ``path``."""
    given = ["-f", "lavfi", "-i", f"testsrc=size={size}:rate={rate}:duration={seconds}"] if size else []
    if sound:
        given += ["-f", "lavfi", "-i", f"sine=frequency=330:duration={seconds}"]
    ending = ["-pix_fmt", "yuv420p", *more] if size else list(more)
    subprocess.run([tools.ffmpeg(), "-loglevel", "error", "-y", *given, *ending, str(path)], check=True)
    return path


def said_of(path: Path) -> str:
    return tools.look_at(["-i", str(path)])
