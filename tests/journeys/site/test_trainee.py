"""A trainee: from the catalogue through every lesson to a certificate that anybody can check."""

import re
from pathlib import Path

import pypdfium2
import zxingcpp
from playwright.sync_api import Browser, Page, expect

from tests.journeys import steps
from tests.plugins.site import Site


def test_from_the_catalogue_to_a_certificate_that_anybody_can_check(browser: Browser, site: Site, tmp_path: Path):
    page, trainee = steps.visit_as_newcomer(browser, site, "Priya Raman")
    steps.start_course(page)

    for lesson in steps.lessons():
        if lesson.kind == "quiz":
            break
        expect(page.get_by_role("heading", level=1)).to_have_text(lesson.title)
        for check in lesson.questions:
            answer_check(page, check)
        steps.do_lesson(page, lesson)

    steps.take_quiz(page, right=False)
    expect(page.get_by_text("Not yet", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("ideas to revisit")
    page.goto(f"/courses/{steps.COURSE}/")
    expect(page.get_by_text("13 of 14 lessons done")).to_be_visible()

    page.get_by_role("link", name="Continue").click()
    steps.take_quiz(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Ten of ten. You passed, Priya.")
    page.get_by_role("link", name="Back to the course").last.click()
    expect(page.get_by_role("heading", name="You have finished this course")).to_be_visible()

    open_certificate(page)
    expect(page.get_by_role("article", name="Certificate")).to_contain_text(trainee.name)
    pdf = download_pdf(page, tmp_path)

    address = code_in(pdf)
    stranger = steps.visit(browser, site)
    stranger.goto(address)
    verdict = stranger.get_by_role("main")
    expect(verdict.get_by_role("heading", name="Valid", exact=True)).to_be_visible()
    expect(verdict).to_contain_text(trainee.name)
    expect(verdict).to_contain_text(steps.TITLE)
    expect(verdict).not_to_contain_text("100%")

    mail = steps.until(lambda: steps.mails_to(site, trainee, "well done"))
    assert len(mail) == 1
    certificate = page.url
    assert certificate in steps.links_in(mail[0])


def answer_check(page: Page, question: dict) -> None:
    """Answer the check question of a lesson; the reply comes where the question stands."""
    form = page.locator("form.form:has(input[name=block])", has_text=question["stem"][:30])
    wanted = [steps.letters(each["text"]) for each in question["options"] if each["right"]]
    labels = form.locator("label.choice")
    for at, text in enumerate(labels.all_inner_texts()):
        if steps.letters(text) in wanted:
            labels.nth(at).locator("input").check()
    form.get_by_role("button", name="Check").click()
    expect(form.get_by_role("heading", name="That is right")).to_be_visible()


def open_certificate(page: Page) -> None:
    """The worker makes the certificate; the course page says so until it is there."""

    def look() -> bool:
        page.reload()
        return page.get_by_role("link", name="See certificate").is_visible()

    steps.until(look)
    page.get_by_role("link", name="See certificate").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Well done, Priya")

    def ready() -> bool:
        page.reload()
        return page.get_by_role("link", name="Download PDF").is_visible()

    steps.until(ready)


def download_pdf(page: Page, folder: Path) -> Path:
    address = page.get_by_role("link", name="Download PDF").get_attribute("href")
    answer = page.request.get(address)
    assert answer.headers["content-type"] == "application/pdf"
    path = folder / "certificate.pdf"
    path.write_bytes(answer.body())
    return path


def code_in(pdf: Path) -> str:
    """The address in the QR code of the only page of ``pdf``."""
    document = pypdfium2.PdfDocument(pdf)
    assert len(document) == 1
    picture = document[0].render(scale=2, grayscale=True)
    codes = zxingcpp.read_barcodes(memoryview(bytes(picture.buffer)).cast("B", [picture.height, picture.stride]))
    assert [re.search(r"/verify/[^/]+/$", code.text) is not None for code in codes] == [True]
    return codes[0].text
