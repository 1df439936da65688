"""What holds for every test: loopback only, a clean cache, and skips that count as failures where all must run."""

import gc
import ipaddress
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.core.cache import cache
from django.db import connection
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

HERE = Path(__file__).parent
WHOLE_SITE = "tests/journeys/site/"
REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"

# Shared fixtures, one module per theme (personas, browser, ...).
pytest_plugins = [f"tests.plugins.{path.stem}" for path in sorted((HERE / "plugins").glob("[a-z]*.py"))]


# Nothing is timed in a test (a busy machine is no fault), and the search for counter-examples has a bound that CI can pay:
# HYPOTHESIS_PROFILE=thorough looks ten times as long. CI asks the same examples each time, so that a change is judged by
# what it changes; whoever runs the tests by hand looks further with each run.
hypothesis.settings.register_profile("default", deadline=None, max_examples=40)
hypothesis.settings.register_profile("same", deadline=None, max_examples=40, derandomize=True, database=None)
hypothesis.settings.register_profile("few", parent=hypothesis.settings.get_profile("same"), max_examples=10)
hypothesis.settings.register_profile("thorough", deadline=None, max_examples=400)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "live_server"}


class OneSite(LoadScopeScheduling):
    """Tests go to whichever process is free; those below ``journeys/site`` all to one, as a site is slow to start."""

    def _split_scope(self, nodeid: str) -> str:
        return "site" if nodeid.startswith(WHOLE_SITE) else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    return OneSite(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if os.environ.get("JOURNEYS_ALL") != "1":  # ``make journeys`` walks them
        left = [item for item in items if item.get_closest_marker("thorough")]
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]
    for item in items:
        if HERE / "journeys" in item.path.parents:
            item.add_marker(pytest.mark.journey)
        elif HERE / "doors" in item.path.parents:
            item.add_marker(pytest.mark.doors)
        elif not item.get_closest_marker("django_db") and DATABASE_FIXTURES.isdisjoint(item.fixturenames):
            item.add_marker(pytest.mark.pure)


def pytest_collection_finish() -> None:
    """What is there when the first test begins stays to the end; looking through it for rubbish takes a tenth of a run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("postgres") and connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: set DATABASE_URL=postgres://...")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """With REQUIRE_ALL=1 a skipped test has failed: whoever asked for everything must get everything (D23)."""
    report = yield
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"REQUIRE_ALL=1 allows no skip: {call.excinfo and call.excinfo.value}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    report = yield
    if REQUIRE_ALL and report.outcome == "skipped":
        report.outcome = "failed"
        report.longrepr = f"REQUIRE_ALL=1 allows no skip: {report.longrepr}"
    return report


class NetworkBlocked(OSError):
    """A test tried to leave this machine."""


def _is_local(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode()
    if host in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host).partition("%")[0]).is_loopback or host in ("0.0.0.0", "::")
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def loopback_only() -> Iterator[None]:
    """No test leaves this machine, neither to look a name up nor to connect."""
    connect, connect_ex, look_up = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def refuse(address: object) -> None:
        host = address[0] if isinstance(address, tuple) else None  # a path is a socket of this machine
        if not _is_local(host):
            raise NetworkBlocked(f"tests stay on this machine, and this one asked for {host}")

    def guarded_connect(self, address):
        refuse(address)
        return connect(self, address)

    def guarded_connect_ex(self, address):
        refuse(address)
        return connect_ex(self, address)

    def guarded_look_up(host, *args, **kwargs):
        refuse((host,))
        return look_up(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        patch.setattr(socket, "getaddrinfo", guarded_look_up)
        yield


@pytest.fixture(autouse=True)
def clean_cache() -> None:
    """Rate limits and heartbeats live in the cache: one test must not see another's."""
    cache.clear()


@pytest.fixture(autouse=True)
def own_media_folder(settings, tmp_path: Path) -> None:
    """Uploads and certificates of a test land in its own folder."""
    storages = {**settings.STORAGES}
    storages["default"] = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(tmp_path / "media")},
    }
    settings.STORAGES = storages
    settings.MEDIA_ROOT = str(tmp_path / "media")
