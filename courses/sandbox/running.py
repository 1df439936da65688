"""Files of strangers are parsed in a process of their own, with limits on time, memory, size, and no network.

``run_limited`` starts ``child.py`` with an empty environment. Whatever becomes of it, the caller gets a plain value or
``Refused`` with a sentence for the author.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput

CHILD = Path(__file__).with_name("child.py")
RESULT = "result.json"
RESULT_MAX = 32 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds by the clock and of the processor, megabytes of memory and of any one file that it writes."""

    seconds: int = 60
    cpu_seconds: int = 40
    memory_mb: int = 1024
    file_mb: int = 64
    open_files: int = 64


class Refused(InvalidInput):
    """The file was not read; the message says why, and what to do."""

    def __init__(self, key: str) -> None:
        super().__init__(SENTENCES.get(key, SENTENCES["unreadable"]))
        self.key = key


SENTENCES: dict[str, str | Promise] = {
    "unreadable": _("The file cannot be read. Open it in its own program, save it again, and try once more."),
    "time": _("Reading the file takes too long, so it was stopped. Split it into smaller files."),
    "memory": _("Reading the file needs too much memory, so it was stopped. Split it or make its pictures smaller."),
    "size": _("The file unpacks to more than is taken. Make its pictures smaller or split it."),
    "not-docx": _("This is no Word document (.docx), whatever its name says. Save it as .docx in Word."),
    "not-pdf": _("This is no PDF, whatever its name says. Export it again as PDF."),
    "entities": _(
        "The document holds definitions that could reach out of it (a DOCTYPE). Save it again as .docx in Word."
    ),
    "escape": _("A name in the file leads out of it. Pack it again."),
    "bomb": _("The file unpacks to very many times its size, so it was not opened."),
    "locked": _("The file is protected with a password. Save it without one."),
    "empty": _("There is nothing in the file that could be taken."),
    "pages": _("The PDF has too many pages. Split it."),
    "drawing": _("The drawing on the slide cannot be made. Compare its lines with the manual."),
}


def run_limited(
    task: str, source: Path, out: Path, *, options: Mapping[str, Any] | None = None, limits: Limits | None = None
) -> dict[str, Any]:
    """What ``courses.sandbox.<task>.run(source, out, **options)`` gives; files it makes are below the folder ``out``.

    Raises ``Refused`` when the task refuses the file, dies, or goes over a limit. Everything in ``out`` is the
    caller's to delete.
    """
    limits = limits or Limits()
    order = {"task": task, "source": str(source), "out": str(out), "options": dict(options or {}), **asdict(limits)}
    process = subprocess.Popen(
        [sys.executable, "-I", "-B", str(CHILD), json.dumps(order)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=out,
        env={"LANG": "C.UTF-8", "HOME": str(out), "TMPDIR": str(out)},
        start_new_session=True,
        close_fds=True,
    )
    try:
        code = process.wait(timeout=limits.seconds)
    except subprocess.TimeoutExpired:
        raise Refused("time") from None
    finally:
        _kill(process)
    return _outcome(code, out / RESULT)


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """End the child and whatever it may have started; a child that is over already is fine."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _outcome(code: int, path: Path) -> dict[str, Any]:
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        raise Refused("time" if code == -signal.SIGXCPU else "memory")
    if code or not path.is_file() or path.is_symlink() or path.stat().st_size > RESULT_MAX:
        raise Refused(_reason(path) if code == 4 else {3: "memory", 5: "size"}.get(code, "unreadable"))
    try:
        found = json.loads(path.read_text("utf-8"))
    except ValueError:
        raise Refused("unreadable") from None
    if not isinstance(found, dict):
        raise Refused("unreadable")
    return found


def _reason(path: Path) -> str:
    try:
        return str(json.loads(path.read_text("utf-8"))["refused"])
    except (OSError, ValueError, KeyError, TypeError):
        return "unreadable"
