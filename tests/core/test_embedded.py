"""The embedded broker keeps what was queued through a kill; the supervisor says deaths and leaves nothing behind."""

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import redis

from core import embedded
from core.supervisor import Supervisor


def until(holds: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.05)
    return False


def alive(pid: int) -> bool:
    """Whether the process still runs; one that only waits to be collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def folders(tmp_path):
    for name in ("queue", "log", "run"):
        (tmp_path / name).mkdir()
    return tmp_path


def start(folders) -> embedded.Broker:
    return embedded.start_broker(folder=folders / "queue", log=folders / "log" / "broker.log")


def end(broker: embedded.Broker, number: signal.Signals) -> None:
    broker.process.send_signal(number)
    broker.process.wait(10)


def test_what_was_queued_outlives_a_killed_broker(folders):
    broker = start(folders)
    with redis.Redis.from_url(broker.url) as client:
        client.lpush("celery", "task")
        assert until(lambda: client.info("persistence")["aof_pending_bio_fsync"] == 0)
    end(broker, signal.SIGKILL)
    broker = start(folders)
    with redis.Redis.from_url(broker.url) as client:
        assert client.lrange("celery", 0, -1) == [b"task"]
    end(broker, signal.SIGTERM)


def test_the_broker_answers_only_to_its_password(folders):
    broker = start(folders)
    address = broker.url.partition("@")[2]
    with redis.Redis.from_url(f"redis://{address}") as stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()
    end(broker, signal.SIGTERM)


def test_a_machine_without_the_binary_is_told_what_to_set(monkeypatch):
    monkeypatch.setattr(embedded.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(embedded.NoBroker, match="Set REDIS_URL"):
        embedded.binary()


@pytest.fixture
def supervisor(folders):
    said: list[str] = []
    supervisor = Supervisor(logs=folders / "log", pids=folders / "run", say=said.append)
    supervisor.said = said
    yield supervisor
    supervisor.stop()


def script(supervisor: Supervisor, name: str, program: str, **options):
    return supervisor.start(name, [sys.executable, "-u", "-c", program], env=dict(os.environ), **options)


def test_a_child_that_dies_is_said_with_its_last_words(supervisor):
    script(supervisor, "web", "print('the disk is full'); raise SystemExit(3)")
    assert supervisor.watch(vital="web") == 1
    assert "The web ended (exit code 3)" in supervisor.said[0]
    assert "the disk is full" in supervisor.said[1]


def test_the_rest_goes_on_when_a_child_dies_that_is_not_vital(supervisor):
    script(supervisor, "worker", "raise SystemExit(1)")
    web = script(supervisor, "web", "import time; time.sleep(1.5)")
    assert supervisor.watch(vital="web") == 1
    assert [line for line in supervisor.said if "worker ended" in line]
    assert web.process.returncode == 0


def test_stopping_leaves_no_process_behind(supervisor, folders):
    stubborn = (
        "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); "
        "print(child.pid, flush=True); time.sleep(60)"
    )
    child = script(supervisor, "worker", stubborn, patience=0.5)
    assert until(lambda: child.log.read_text().strip().isdigit())
    grandchild = int(child.log.read_text())
    supervisor.stop()
    assert not alive(child.process.pid)
    assert until(lambda: not alive(grandchild))
    assert list((folders / "run").iterdir()) == []
