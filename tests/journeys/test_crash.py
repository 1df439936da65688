"""What dies in between is made good: no certificate is lost, and none is made twice."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from core.embedded import start_broker
from core.management.commands.run_demo import worker_command
from tests.journeys import steps
from tests.plugins.site import ROOT, Site, start_site, stop_site

# Long enough that a heartbeat every ten seconds is not missed, short enough to see the worker's death soon.
QUICK = {"SWEEP_SECONDS": "2", "CLAIM_LEASE_SECONDS": "3", "HEARTBEAT_MAX_AGE_SECONDS": "12"}


@pytest.fixture
def fragile(tmp_path: Path) -> Iterator[Site]:
    """A site of its own, whose parts may be killed. Its broker is the test's, to be known to a second worker."""
    broker = start_broker(folder=tmp_path, log=tmp_path / "broker.log")
    site, process = start_site(tmp_path / "fragile", extra={**QUICK, "REDIS_URL": broker.url})
    yield site
    stop_site(process)
    broker.process.kill()
    broker.process.wait()


def papers(site: Site) -> list[Path]:
    return sorted((site.var / "media").glob("certificates/**/*.pdf"))


def test_a_killed_worker_is_said_and_what_it_owed_is_made_once(browser: Browser, fragile: Site):
    site = fragile
    before = steps.until(lambda: papers(site))  # of the one person of the demo who has finished
    page, person = steps.visit_as_newcomer(browser, site, "Xenia Petrou")
    os.kill(site.pid("worker"), signal.SIGKILL)
    page.goto(steps.lesson_url(steps.lessons()[0].uid))
    steps.finish_course(page)
    page.goto(f"/courses/{steps.COURSE}/")
    expect(page.get_by_role("heading", name="You have finished this course")).to_be_visible()

    status, parts = steps.until(lambda: (seen := site.health())[0] == 503 and seen)
    assert status == 503
    assert [name for name, part in parts.items() if not part["ok"]] == ["worker"]
    assert papers(site) == before
    assert not steps.mails_to(site, person, "Well done")

    site.manage("run_certificates")
    assert len(papers(site)) == len(before) + 1
    site.manage("run_certificates")
    worker = subprocess.Popen(
        worker_command(), env=site.env, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT
    )
    try:
        steps.until(lambda: site.health()[0] == 200)
        steps.until(lambda: steps.mails_to(site, person, "Well done"))
        page.goto("/me/certificates/")
        page.get_by_role("link", name=steps.TITLE).click()
        expect(page.get_by_role("link", name="Download PDF")).to_be_visible()
        page.wait_for_timeout(5_000)  # two more sweeps find nothing to do
        assert len(papers(site)) == len(before) + 1
        assert len(steps.mails_to(site, person, "Well done")) == 1
    finally:
        worker.terminate()
        worker.wait(timeout=30)
