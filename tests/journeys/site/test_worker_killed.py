"""What dies in between is made good: no certificate is lost, and none is made twice."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.journeys import steps
from tests.plugins.site import SWEEP_SECONDS, Site


def papers(site: Site) -> list[Path]:
    return sorted((site.var / "media").glob("certificates/**/*.pdf"))


def test_a_killed_worker_is_said_and_what_it_owed_is_made_once(
    browser: Browser, site: Site, another_worker: Callable[[], None]
):
    site.manage("run_certificates")  # whatever was owed before
    before = papers(site)
    assert before  # of the one person of the demo who has finished
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
    another_worker()
    steps.until(lambda: site.health()[0] == 200)
    steps.until(lambda: steps.mails_to(site, person, "Well done"))
    page.goto("/me/certificates/")
    page.get_by_role("link", name=steps.TITLE).click()
    expect(page.get_by_role("link", name="Download PDF")).to_be_visible()
    page.wait_for_timeout(2_000 * SWEEP_SECONDS)  # two more sweeps find nothing to do
    assert len(papers(site)) == len(before) + 1
    assert len(steps.mails_to(site, person, "Well done")) == 1
