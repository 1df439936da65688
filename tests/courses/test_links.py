"""Outside links are asked for by a job: what is public, what is not, what each answer means, how often."""

import datetime as dt
import http.server
import socket
import threading

import pytest

from core import clock
from courses import jobs_links, link_asking
from courses.link_asking import Answer, is_public
from courses.models import LessonText, LinkCheck
from courses.services import linking
from tests.factories.courses import draft_course

PAGES = {"/here": 200, "/gone": 404, "/shy": 403, "/ill": 503, "/only-get": 405}


class Site(http.server.BaseHTTPRequestHandler):
    asked: list[tuple[str, str]] = []

    def do_HEAD(self):
        self.answer()

    def do_GET(self):
        self.answer(got=True)

    def answer(self, *, got=False):
        Site.asked.append((self.command, self.path))
        path, _mark, to = self.path.partition("?to=")
        status = 200 if got and path == "/only-get" else PAGES.get(path, 302)
        self.send_response(status)
        if status == 302:
            self.send_header("Location", to or self.path)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *given):
        pass


@pytest.fixture
def site():
    """A site on this machine, reached under an invented name by a resolver of ours."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    Site.asked.clear()
    yield server.server_port
    server.shutdown()
    server.server_close()


NAMES = {
    "library.example.org": ["127.0.0.1"],
    "inside.example.org": ["10.0.0.7"],
    "both.example.org": ["127.0.0.1", "10.0.0.7"],
}


def resolve(host, port):
    if host not in NAMES:
        raise socket.gaierror("no such name")
    return NAMES[host]


def ask(path: str, port: int, host: str = "library.example.org") -> Answer:
    return link_asking.ask(
        f"http://{host}:{port}{path}", resolve=resolve, allow=lambda at, _port: at == "127.0.0.1", seconds=5
    )


@pytest.mark.parametrize(
    ("path", "ok", "said"),
    [
        ("/here", True, "status-200"),
        ("/gone", False, "status-404"),
        ("/shy", True, "status-403"),
        ("/ill", False, "status-503"),
        ("/only-get", True, "status-200"),
        ("/moved?to=/here", True, "status-200"),
        ("/moved?to=/gone", False, "status-404"),
        ("/round", False, "circles"),
        ("/moved?to=ftp://library.example.org/", False, "odd"),
        ("/moved?to=http://inside.example.org/", False, "closed"),
        ("/moved?to=http://nobody.example.org/", False, "unknown"),
        ("/ünlaut?q=ä b", False, "circles"),
    ],
)
def test_what_becomes_of_asking(site, path, ok, said):
    assert ask(path, site) == Answer(ok, said)


def test_a_page_is_got_only_where_its_head_is_not_given(site):
    ask("/here", site)
    assert Site.asked == [("HEAD", "/here")]
    ask("/only-get", site)
    assert Site.asked[1:] == [("HEAD", "/only-get"), ("GET", "/only-get")]


@pytest.mark.parametrize("host", ["inside.example.org", "both.example.org"])
def test_nothing_within_a_network_is_asked(site, host):
    assert ask("/here", site, host) == Answer(ok=False, said="closed")
    assert Site.asked == []


def test_this_machine_is_no_public_address(site):
    assert link_asking.ask(f"http://127.0.0.1:{site}/here") == Answer(ok=False, said="closed")
    assert Site.asked == []


@pytest.mark.parametrize(
    "url", ["http://", "http://[::1", "http://a:b/", "javascript:alert(1)", "http://x@library.example.org/"]
)
def test_what_is_no_address_is_not_asked(url):
    assert link_asking.ask(url, resolve=resolve, allow=lambda at, port: True) == Answer(ok=False, said="odd")


V4 = ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1"]
V6 = ["::1", "fe80::1%eth0", "fc00::1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "2002:0a00:0001::1", "64:ff9b::a00:1"]


@pytest.mark.parametrize("address", [*V4, *V6])
def test_addresses_of_networks_are_refused(address):
    assert not is_public(address, 80)


def test_public_addresses_are_asked_on_the_ports_of_the_web():
    assert is_public("93.184.216.34", 443)
    assert is_public("2606:2800:220:1:248:1893:25c8:1946", 80)
    assert not is_public("93.184.216.34", 22)


def lesson_with(*urls, slug="linked"):
    return draft_course(slug=slug, lessons=[("text", "one", {"body": "".join(f"[A rule]({url})\n\n" for url in urls)})])


@pytest.fixture
def answers(monkeypatch):
    """What asking says, by address, and what was asked."""
    said: dict[str, Answer] = {}
    asked = []
    monkeypatch.setattr(link_asking, "ask", lambda url: asked.append(url) or said.get(url, Answer(True, "status-200")))
    return said, asked


@pytest.mark.django_db
def test_a_link_is_asked_for_once_a_week_and_a_failing_one_each_day(answers, monkeypatch):
    said, asked = answers
    said["https://example.org/b"] = Answer(ok=False, said="status-404")
    lesson_with("https://example.org/a#part", "https://example.net/x", "https://example.org/b")
    now = clock.now()
    assert jobs_links.check_links() == 3
    assert set(LinkCheck.objects.values_list("url", "ok")) == {
        ("https://example.org/a", True),
        ("https://example.net/x", True),
        ("https://example.org/b", False),
    }
    assert jobs_links.check_links() == 0
    for days, count in ((2, 1), (8, 3)):
        asked.clear()
        monkeypatch.setattr(clock, "now", lambda days=days: now + dt.timedelta(days=days))
        assert jobs_links.check_links() == count == len(asked)


@pytest.mark.django_db
def test_one_site_is_not_asked_more_often_than_it_likes(answers, monkeypatch):
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    lesson_with(*(f"https://busy.example.org/{n}" for n in range(9)), "https://quiet.example.org/")
    assert jobs_links.check_links() == linking.PER_HOST_A_MINUTE + 1
    monkeypatch.setattr(clock, "now", lambda: now + dt.timedelta(minutes=1))
    assert jobs_links.check_links() == 9 - linking.PER_HOST_A_MINUTE


@pytest.mark.django_db
def test_two_workers_do_not_ask_for_the_same_link(answers):
    lesson_with("https://example.com/one")
    linking.note_links()
    first, second = linking.due_links(limit=5), linking.due_links(limit=5)
    assert linking.claim_link(link=first[0])
    assert not linking.claim_link(link=second[0])


@pytest.mark.django_db
def test_what_nobody_links_to_any_more_is_forgotten(answers):
    lesson_with("https://example.org/old")
    jobs_links.gather_links()
    assert LinkCheck.objects.get().ok is None, "not asked yet"
    LessonText.objects.update(content={"body": "Nothing.\n"})
    jobs_links.gather_links()
    assert not LinkCheck.objects.exists()


@pytest.mark.django_db
def test_nothing_is_asked_where_it_is_switched_off(answers, settings):
    settings.CHECK_LINKS = False
    lesson_with("https://example.org/a")
    assert jobs_links.check_links() == 0
    assert answers[1] == []
