"""``manage.py run_demo``: the whole site on one machine, nothing else installed (``make demo``)."""

import contextlib
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.embedded import NoBroker, start_broker
from core.supervisor import Child, Supervisor

WAIT_FOR_READY = 60
STOPS = (signal.SIGINT, signal.SIGTERM)


class Command(BaseCommand):
    help = "Run web, worker with scheduler, and broker on this machine; Ctrl-C stops all of them."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=os.environ.get("PORT", "8000"), help="default: $PORT or 8000")

    def handle(self, *args: Any, **options: Any) -> None:
        port = options["port"]
        var = Path(settings.VAR_DIR)
        folders = {name: var / name for name in ("log", "run", "queue", "mail", "media", "static")}
        for folder in folders.values():
            folder.mkdir(parents=True, exist_ok=True)
        for number in STOPS:  # SIGINT too: a shell starts background jobs with it ignored
            signal.signal(number, _interrupt)
        with alone(folders["run"] / "demo.lock"):
            refuse_taken(port)
            supervisor = Supervisor(logs=folders["log"], pids=folders["run"], say=self.say)
            try:
                sys.exit(self.run(supervisor, port=port, folders=folders))
            except KeyboardInterrupt:
                self.say("\nStopping ...")
            finally:
                for number in STOPS:  # a second Ctrl-C must not leave half of it running
                    signal.signal(number, signal.SIG_IGN)
                supervisor.stop()
        self.say("Stopped. The data stays in " + str(var))

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def run(self, supervisor: Supervisor, *, port: int, folders: dict[str, Path]) -> int:
        env = demo_environment(port=port, mail=folders["mail"])
        if not env.get("REDIS_URL"):
            env["REDIS_URL"] = self.start_broker(supervisor, folder=folders["queue"])
        self.say("Preparing the database, the starter course and the demo people ...")
        prepare = [sys.executable, "manage.py", "prepare_demo"]
        if subprocess.run(prepare, env=env, cwd=settings.BASE_DIR, check=False).returncode:
            raise CommandError("The site could not be prepared; the reason stands above.")
        supervisor.start("worker", worker_command(), env=env)
        supervisor.start("media", media_worker_command(), env=env)
        supervisor.start("web", web_command(port), env=env)
        self.wait_until_ready(port)
        self.say(f"Mail lands in {folders['mail']}, logs in {folders['log']}.")
        self.say(f"Lendcraft runs at http://127.0.0.1:{port}/ - Ctrl-C stops it.")
        return supervisor.watch(vital="web")

    def start_broker(self, supervisor: Supervisor, *, folder: Path) -> str:
        log = supervisor.logs / "broker.log"
        try:
            broker = start_broker(folder=folder, log=log)
        except NoBroker as problem:
            raise CommandError(str(problem)) from problem
        supervisor.adopt(Child("broker", broker.process, log))
        return broker.url

    def wait_until_ready(self, port: int) -> None:
        deadline = time.monotonic() + WAIT_FOR_READY
        while time.monotonic() < deadline:
            with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=5)
                return
            time.sleep(0.2)
        self.say(f"Not everything is ready yet: see http://127.0.0.1:{port}/health/ready and the logs.")


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@contextlib.contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold ``path`` locked, so that two demos never share one folder of data."""
    with path.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as problem:
            raise CommandError("A demo already runs on this data. Stop it, or name another VAR_DIR.") from problem
        yield


def refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as problem:
            raise CommandError(f"Port {port} is taken. Choose another: PORT=8001 make demo") from problem


def demo_environment(*, port: int, mail: Path) -> dict[str, str]:
    """The environment of the children: what the caller set, and the demo's own values where nothing was set."""
    own = {
        "SITE_URL": f"http://127.0.0.1:{port}",
        "EMAIL_URL": f"filemail:///{mail}",
        "PYTHONUNBUFFERED": "1",
    }
    return {**own, **os.environ, "LENDCRAFT_DEMO": "1", "DJANGO_SETTINGS_MODULE": "config.settings"}


def web_command(port: int) -> list[str]:
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi"),
        *("--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--blocking-threads", "4"),
        *("--no-ws", "--working-dir", str(settings.BASE_DIR)),
        "config.wsgi:application",
    ]


def worker_command() -> list[str]:
    return [
        *(sys.executable, "-m", "celery", "--app", "config.celery:app", "--workdir", str(settings.BASE_DIR)),
        *("worker", "--beat", "--loglevel", "INFO", "--concurrency", "2", "--queues", "celery"),
        *("--without-gossip", "--without-mingle"),
    ]


def media_worker_command() -> list[str]:
    """One process for the slow work on media, so that mail and certificates never wait for a film."""
    return [
        *(sys.executable, "-m", "celery", "--app", "config.celery:app", "--workdir", str(settings.BASE_DIR)),
        *("worker", "--hostname", "media@%h", "--loglevel", "INFO", "--pool", "solo", "--queues", "media"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
    ]
