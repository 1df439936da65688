"""A whole site as its users meet it: real web, worker, scheduler and broker, the starter course, the demo people."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from core.embedded import free_port, start_broker
from core.management.commands.run_demo import worker_command

ROOT = Path(__file__).resolve().parent.parent.parent
PASSWORD = "lendcraft-demo"
# The shell is the same engine without a browser's own windows, which cost more than the pages in them.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser")
SWEEP_SECONDS = 5
# A worker's death is soon seen, and a heartbeat every ten seconds is not missed.
QUICK = {"SWEEP_SECONDS": str(SWEEP_SECONDS), "HEARTBEAT_MAX_AGE_SECONDS": "15"}
START_SECONDS = 300  # a limit, not a wait: the first start fills the demo, and a machine may be busy to the end


@dataclass(frozen=True)
class Site:
    """A running demo: its address, its folder of data, and the environment its commands need."""

    url: str
    var: Path
    env: dict[str, str]

    def manage(self, *arguments: str) -> str:
        """Run one management command against this site's data; what it printed."""
        ended = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            timeout=START_SECONDS,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr[-2000:]
        return ended.stdout

    def counts(self, *arguments: str) -> dict[str, int]:
        """The JSON line with which a periodic command ends."""
        return json.loads(self.manage(*arguments).strip().splitlines()[-1])

    def mails(self) -> list[EmailMessage]:
        """Every mail that the site has sent, oldest first."""
        files = sorted((self.var / "mail").glob("*.log"), key=lambda path: path.stat().st_mtime_ns)
        chunks = [
            chunk for path in files for chunk in re.split(rb"\n-{79}\n", path.read_bytes()) if chunk.strip(b"-\n ")
        ]
        return [message_from_bytes(chunk.lstrip(b"\n"), policy=policy.default) for chunk in chunks]

    def pid(self, name: str) -> int:
        """The process id of ``web``, ``worker`` or ``broker``."""
        return int((self.var / "run" / f"{name}.pid").read_text())

    def health(self) -> tuple[int, dict[str, dict[str, bool]]]:
        """Status and parts of the readiness page; 0 while nothing answers."""
        try:
            with urllib.request.urlopen(f"{self.url}/health/ready", timeout=10) as answer:
                return answer.status, json.load(answer)["parts"]
        except urllib.error.HTTPError as answer:
            return answer.code, json.load(answer)["parts"]
        except OSError:
            return 0, {}


def _database_for_site(url: str, name: str) -> str:
    """A fresh PostgreSQL database beside the one at ``url``."""
    with psycopg.connect(url, autocommit=True) as link:
        link.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        link.execute(f'CREATE DATABASE "{name}"')
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def start_site(var: Path, *, extra: dict[str, str] | None = None) -> tuple[Site, subprocess.Popen[str]]:
    """Start ``run_demo`` with its data in ``var`` and wait until every part of it is ready."""
    port = free_port()
    env = {**os.environ, "VAR_DIR": str(var), "LOG_LEVEL": "WARNING"}
    env.pop("DJANGO_SETTINGS_MODULE", None)
    if database := env.get("DATABASE_URL"):
        env["DATABASE_URL"] = _database_for_site(database, f"lendcraft_site_{port}")
    # Not the tests' own Redis database: they empty their cache, and this site keeps its queue there.
    env.pop("REDIS_URL", None)
    env |= {"LENDCRAFT_DEMO": "1", "SITE_URL": f"http://127.0.0.1:{port}", **(extra or {})}
    var.mkdir(parents=True, exist_ok=True)
    with (var / "run_demo.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "run_demo", "--port", str(port)],
            cwd=ROOT,
            env=env,
            stdout=log,
            stderr=subprocess.STDOUT,
            text=True,
        )
    site = Site(url=f"http://127.0.0.1:{port}", var=var, env={**env, "EMAIL_URL": f"filemail:///{var / 'mail'}"})
    deadline = time.monotonic() + START_SECONDS
    while True:
        if site.health()[0] == 200:
            return site, process
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            pytest.fail("The demo did not start:\n" + (var / "run_demo.log").read_text()[-3000:])
        time.sleep(0.3)


def stop_site(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=START_SECONDS)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One running demo for all journeys; each journey brings people of its own where it changes them.

    Its broker is the tests', to be known to a second worker.
    """
    folder = tmp_path_factory.mktemp("site")
    broker = start_broker(folder=folder, log=folder / "broker.log")
    running, process = start_site(folder / "var", extra={**QUICK, "REDIS_URL": broker.url})
    yield running
    stop_site(process)
    broker.process.kill()
    broker.process.wait()


@pytest.fixture(scope="session")
def another_worker(site: Site) -> Iterator[Callable[[], None]]:
    """Starts a worker in the place of the site's own; it stays for whatever journey comes after."""
    started: list[subprocess.Popen[bytes]] = []

    def start() -> None:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.STDOUT}
        started.append(subprocess.Popen(worker_command(), env=site.env, cwd=ROOT, **quiet))

    yield start
    for worker in started:
        worker.terminate()
        worker.wait(timeout=START_SECONDS)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Debian's Chromium, its shell where there is one; skips the journey where there is neither."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip("needs Chromium: apt install chromium-headless-shell, or set CHROMIUM to its path")
    return path


@pytest.fixture(scope="session")
def browser_type_launch_args(chromium: str) -> dict[str, object]:
    flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--no-first-run"]
    flags += ["--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required"]
    return {"executable_path": chromium, "headless": True, "args": flags}
