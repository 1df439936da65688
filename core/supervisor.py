"""Several processes run as one: started in order, watched, and stopped in the reverse order.

A process that dies is said, not restarted: here a dead worker must be seen, also by ``/health/ready``. In production
the container engine or the service manager does this work.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    name: str
    process: subprocess.Popen[bytes]
    log: Path
    patience: float = 10
    reported: bool = False


@dataclass
class Supervisor:
    """Children write to ``logs`` and leave their process ids in ``pids``; ``say`` tells a person what happens."""

    logs: Path
    pids: Path
    say: Callable[[str], None] = print
    children: list[Child] = field(default_factory=list)

    def start(
        self, name: str, command: list[str], *, env: Mapping[str, str], patience: float = 10, **options: Any
    ) -> Child:
        """Start ``command``; at the end it gets ``patience`` seconds to finish. ``options`` are those of ``Popen``."""
        log = self.logs / f"{name}.log"
        with log.open("ab") as output:
            process = subprocess.Popen(
                command,
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                # A session of its own: Ctrl-C reaches only the supervisor, which stops all in order.
                start_new_session=True,
                preexec_fn=die_with_parent,  # noqa: PLW1509  (no threads run here; it only makes one system call)
                **options,
            )
        return self.adopt(Child(name, process, log, patience))

    def adopt(self, child: Child) -> Child:
        """Watch and stop a process that was started elsewhere."""
        self.children.append(child)
        (self.pids / f"{child.name}.pid").write_text(f"{child.process.pid}\n", encoding="ascii")
        return child

    def watch(self, *, vital: str) -> int:
        """Say which child ends; return 1 when ``vital`` did, else go on until a signal interrupts."""
        while True:
            for child in self.children:
                code = child.process.poll()
                if code is None or child.reported:
                    continue
                child.reported = True
                end_group(child.process.pid, signal.SIGKILL)
                self.say(f"The {child.name} ended ({ending(code)}). Its last lines, from {child.log}:")
                self.say(last_lines(child.log))
                if child.name == vital:
                    return 1
                self.say("The rest goes on, and /health/ready says what is missing. Stop and start again to mend it.")
            time.sleep(0.5)

    def stop(self) -> None:
        """Ask each child to end, last started first; after its patience its whole process group is killed."""
        for child in reversed(self.children):
            if child.process.poll() is None:
                child.process.terminate()
                try:
                    child.process.wait(child.patience)
                except subprocess.TimeoutExpired:
                    self.say(f"The {child.name} did not end in {child.patience:.0f} s and is killed.")
            end_group(child.process.pid, signal.SIGKILL)
            child.process.wait()
            (self.pids / f"{child.name}.pid").unlink(missing_ok=True)
        self.children.clear()


def die_with_parent() -> None:
    """On Linux, have the kernel end this process when its parent is killed, so that nothing is left behind."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def end_group(leader: int, number: signal.Signals) -> None:
    """Signal every process that is left of the group that ``leader`` led."""
    try:
        os.killpg(leader, number)
    except ProcessLookupError:
        return


def ending(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def last_lines(log: Path, count: int = 8) -> str:
    return "\n".join("    " + line for line in log.read_text(errors="replace").splitlines()[-count:])
