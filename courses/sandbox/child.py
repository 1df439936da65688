"""The limited process: limits first, then no network and no other process, then the parser is loaded and run.

Started by file name with ``python -I``, so nothing of the caller's environment or folder is importable by accident.
"""

import ctypes
import json
import os
import platform
import resource
import struct
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

NO_MEMORY, REFUSED, TOO_BIG, BROKEN = 3, 4, 5, 6
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
FORBIDDEN_CALLS = {"x86_64": (41, 59, 322), "aarch64": (198, 221, 281)}  # socket, execve, execveat
FORBIDDEN_EVENTS = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system", "pty.")
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC


class Forbidden(PermissionError):
    """The parser tried what no parser needs."""


def limit(order: dict[str, Any]) -> None:
    """Set what the kernel holds this process to; nothing raises it again."""
    megabyte = 1 << 20
    for name, value in (
        (resource.RLIMIT_AS, order["memory_mb"] * megabyte),
        (resource.RLIMIT_FSIZE, order["file_mb"] * megabyte),
        (resource.RLIMIT_NOFILE, order["open_files"]),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(name, (value, value))
    resource.setrlimit(resource.RLIMIT_CPU, (order["cpu_seconds"], order["cpu_seconds"] + 2))


def leave_the_network() -> None:
    """A network of its own with nothing in it, where the kernel allows that to us; and no socket at all, by filter."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        libc.unshare(CLONE_NEWUSER | CLONE_NEWNET)
    calls = FORBIDDEN_CALLS.get(platform.machine(), ())
    if not calls:
        return
    rows = [(0x20, 0, 0, 0)]  # load the number of the call
    rows += [(0x15, len(calls) - place, 0, number) for place, number in enumerate(calls)]
    rows += [(0x06, 0, 0, 0x7FFF0000), (0x06, 0, 0, 0x00050001)]  # allow; refuse with 'not permitted'
    code = b"".join(struct.pack("HBBI", *row) for row in rows)
    buffer = ctypes.create_string_buffer(code)
    program = ctypes.create_string_buffer(struct.pack("HL", len(rows), ctypes.addressof(buffer)))
    libc.prctl(38, 1, 0, 0, 0)  # no new privileges, which the filter asks for
    libc.prctl(22, 2, program, 0, 0)


def forbid(out: Path) -> None:
    """Python's own doors: no socket, no other process, no file written outside ``out``."""
    inside = f"{out}{os.sep}"

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event.startswith(FORBIDDEN_EVENTS):
            raise Forbidden(event)
        if event == "open" and isinstance(arguments[0], (str, bytes)) and _writes(arguments[1], arguments[2]):
            path = os.path.realpath(os.fsdecode(arguments[0]))
            if not path.startswith(inside) and path != os.devnull:
                raise Forbidden(path)

    sys.addaudithook(watch)


def _writes(mode: object, flags: object) -> bool:
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    return isinstance(flags, int) and bool(flags & WRITING)


def main(order: dict[str, Any]) -> int:
    """Do the task; the exit code says how it went."""
    limit(order)
    out = Path(order["out"]).resolve()
    leave_the_network()
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    refusal = import_module("courses.sandbox.errors").TaskRefused
    result = out / "result.json"
    try:
        run = import_module(f"courses.sandbox.{order['task']}").run
        forbid(out)
        found = run(Path(order["source"]), out, **order["options"])
        result.write_text(json.dumps(found), "utf-8")
    except refusal as problem:
        result.write_text(json.dumps({"refused": problem.key}), "utf-8")
        return REFUSED
    except (MemoryError, RecursionError):
        return NO_MEMORY
    except OSError as problem:
        return TOO_BIG if problem.errno == 27 else BROKEN  # 27: larger than allowed
    except BaseException:
        return BROKEN
    return 0


if __name__ == "__main__":
    code = main(json.loads(sys.argv[1]))
    os._exit(code)
