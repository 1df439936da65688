"""Live through `make demo` as a stranger would: start, look, kill the worker, stop, start again.

    python scripts/smoke_demo.py CHECKOUT HOME

CHECKOUT is a fresh clone, HOME an empty folder, PORT the port. Needs nothing but Python's standard library.
"""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

PORT = os.environ.get("PORT", "8117")
SITE = f"http://127.0.0.1:{PORT}"
PAGES = ["/", "/courses/", "/courses/ill-borrowing-101/", "/help/", "/accounts/login/", "/static/css/components.css"]
OWN_SETTINGS = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DJANGO_SETTINGS_MODULE", "VIRTUAL_ENV", "MAKEFLAGS")
LIMIT = 300  # seconds, for whatever is waited for; what is measured is printed, and a busy machine is not a fault


class Failed(Exception):
    """The demo did not do what it must."""


class Demo:
    """One `make demo`, in a session of its own as in a terminal."""

    def __init__(self, checkout: Path, home: Path) -> None:
        self.checkout, self.log = checkout, home.parent / f"demo-{time.monotonic_ns()}.log"
        env = {key: value for key, value in os.environ.items() if key not in OWN_SETTINGS}
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                ["make", "demo"],
                cwd=checkout,
                env={**env, "HOME": str(home), "PORT": PORT},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def pid(self, name: str) -> int:
        return int((self.checkout / "var/run" / f"{name}.pid").read_text())

    def wait_until_it_runs(self) -> float:
        started = time.monotonic()
        marker = b"Lendcraft runs at"
        until(lambda: marker in self.log.read_bytes() or self.process.poll() is not None, "make demo did not start")
        if self.process.poll() is not None:
            raise Failed("make demo ended by itself")
        took = time.monotonic() - started
        until(lambda: fetch("/health/ready")[0] == 200, "not ready")
        return took

    def press_ctrl_c(self) -> None:
        """As a terminal does it: to the whole foreground group."""
        pids = [self.pid(name) for name in ("web", "broker")]
        os.killpg(self.process.pid, signal.SIGINT)
        self.process.wait(LIMIT)
        until(lambda: not any(alive(pid) for pid in pids) and fetch("/health/live")[0] == 0, "something still runs")

    def end(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(LIMIT)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def fetch(path: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(SITE + path, timeout=60) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as problem:
        return problem.code, problem.read()
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return 0, b""


def missing() -> list[str]:
    """What the site says it lacks."""
    status, body = fetch("/health/ready")
    return [name for name, part in json.loads(body)["parts"].items() if not part["ok"]] if status == 503 else []


def until(holds: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + LIMIT
    while not holds():
        if time.monotonic() > deadline:
            raise Failed(otherwise)
        time.sleep(0.1)


def pages_answer() -> None:
    for path in PAGES:
        status, body = fetch(path)
        if status != 200 or len(body) < 200:
            raise Failed(f"{path} answers {status} with {len(body)} bytes")
    print(f"ok    {len(PAGES)} pages answer")


def worker_is_missed(demo: Demo) -> None:
    os.kill(demo.pid("worker"), signal.SIGKILL)
    killed = time.monotonic()
    until(lambda: "worker" in missing(), "/health/ready does not miss the worker")
    until(lambda: missing() == ["worker"], "with the worker gone, more than the worker is not ready")
    if fetch("/courses/")[0] != 200:
        raise Failed("with the worker gone, pages do not answer")
    print(f"ok    worker killed; /health/ready says so after {time.monotonic() - killed:.0f} s, pages go on")


def live_through(checkout: Path, home: Path) -> None:
    demo = Demo(checkout, home)
    try:
        print(f"ok    cold start in {demo.wait_until_it_runs():.1f} s", flush=True)
        pages_answer()
        worker_is_missed(demo)
        demo.press_ctrl_c()
        print("ok    Ctrl-C stops all of it", flush=True)

        kept = (checkout / "var/db.sqlite3").stat().st_ino
        demo = Demo(checkout, home)
        print(f"ok    second start in {demo.wait_until_it_runs():.1f} s", flush=True)
        pages_answer()
        if (checkout / "var/db.sqlite3").stat().st_ino != kept:
            raise Failed("the data was not kept")
        demo.press_ctrl_c()
    except (Failed, subprocess.TimeoutExpired, OSError) as problem:
        print(demo.log.read_text(errors="replace")[-6000:])
        raise Failed(str(problem)) from problem
    finally:
        demo.end()


def main() -> int:
    try:
        live_through(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve())
    except Failed as problem:
        print(f"demo: {problem}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
