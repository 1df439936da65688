"""Files of strangers in the limited process: what it gives, what it refuses, and how it ends what runs away."""

import struct
import textwrap
import uuid
from pathlib import Path

import pytest

from courses.sandbox import running
from courses.sandbox.running import Limits, Refused, run_limited
from tests.courses.office import PIXEL, docx, packed, paragraph, pdf, picture


@pytest.fixture
def out(tmp_path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@pytest.fixture
def task():
    """A task of one's own making in the package, for as long as the test runs."""
    made: list[Path] = []

    def make(body: str) -> str:
        path = Path(running.__file__).with_name(f"zz_test_{uuid.uuid4().hex}.py")
        path.write_text("def run(source, out):\n" + textwrap.indent(textwrap.dedent(body), "    "), "utf-8")
        made.append(path)
        return path.stem

    yield make
    for path in made:
        path.unlink()


def told(task, source, out, **more) -> str:
    with pytest.raises(Refused) as caught:
        run_limited(task, source, out, **more)
    return caught.value.key


def test_it_knows_nothing_of_us(task, out, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "not for parsers")
    name = task("import os\nreturn {'keys': sorted(os.environ), 'here': os.getcwd()}")
    assert run_limited(name, out, out) == {"keys": ["HOME", "LANG", "TMPDIR"], "here": str(out)}


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ("while True: pass", "time"),
        ("import time\ntime.sleep(60)", "time"),
        ("kept = bytearray(1 << 30)\nreturn {}", "memory"),
        ("(out / 'much').write_bytes(bytes(3 << 20))\nreturn {}", "size"),
        ("return {'n': [open('/dev/null') for each in range(200)] and 1}", "unreadable"),
        ("import os\nos.abort()", "unreadable"),
        ("def deep(): deep()\ndeep()", "memory"),
        ("return ['no', 'object']", "unreadable"),
    ],
)
def test_whatever_runs_away_is_ended_with_a_reason(task, out, body, key):
    limits = Limits(seconds=4, cpu_seconds=2, memory_mb=400, file_mb=1)
    assert told(task(body), out, out, limits=limits) == key


@pytest.mark.parametrize(
    "body",
    [
        "import socket\nsocket.socket()",
        "import socket\nsocket.create_connection(('127.0.0.1', 9))",
        "import subprocess\nsubprocess.run(['/bin/true'])",
        "import os\nos.fork()",
        "import os\nos.system('true')",
        "open('/tmp/zz-outside', 'w')",
        "import os\nos.symlink('/tmp', 'there')\nopen('there/zz-outside', 'w')",
        "import ctypes\nif ctypes.CDLL(None).socket(2, 1, 0) < 0: raise OSError",
    ],
)
def test_it_has_no_network_no_other_process_and_no_other_folder(task, out, body):
    assert told(task(body), out, out) == "unreadable"
    assert not Path("/tmp/zz-outside").exists()


def test_a_word_document_becomes_lessons(tmp_path, out):
    source = tmp_path / "notes.docx"
    source.write_bytes(
        docx(
            paragraph("Theses", style="Heading1"),
            paragraph("Ask the school &amp; wait."),
            paragraph("Where", style="Heading2"),
            picture("A shelf"),
            paragraph("Proceedings", style="Heading1"),
            picture(),
            more={"word/comments.xml": "<x/>", "word/vbaProject.bin": b"macro"},
        )
    )
    found = run_limited("word", source, out, options={"split": True})
    first, second = found["lessons"]
    assert first["title"] == "Theses"
    assert first["html"] == (
        '<p>Ask the school &amp; wait.</p><h2>Where</h2><p><img alt="A shelf" src="media/picture-001.png" /></p>'
    )
    assert (second["title"], second["html"]) == ("Proceedings", '<p><img src="media/picture-002.png" /></p>')
    assert found["left"] == {"comments": 1, "macros": 1}
    assert (out / "picture-001.png").read_bytes() == PIXEL
    whole = run_limited("word", source, out, options={"split": False})
    assert [lesson["title"] for lesson in whole["lessons"]] == [""]
    assert "<h3>Where</h3>" in whole["lessons"][0]["html"]


BOMB = packed({"[Content_Types].xml": "<x/>", "word/document.xml": bytes(30 << 20)})
ENTITY = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"no archive", "not-docx"),
        (packed({"a.txt": "a"}), "not-docx"),
        (docx(paragraph("&amp;e;"), head=ENTITY), "entities"),
        (docx(paragraph("x"), more={"word/other.xml": ENTITY.encode("utf-16")}), "entities"),
        (docx(paragraph("x"), more={"../escape.xml": "<x/>"}), "escape"),
        (docx(paragraph("x"), more={"/etc/escape.xml": "<x/>"}), "escape"),
        (BOMB, "bomb"),
        (docx(), "empty"),
        (docx(paragraph("x"))[:-30], "not-docx"),
    ],
)
def test_a_hostile_document_is_refused(tmp_path, out, content, key):
    source = tmp_path / "notes.docx"
    source.write_bytes(content)
    assert told("word", source, out, options={"split": True}) == key


def test_pages_of_a_pdf_become_pictures(tmp_path, out):
    source = tmp_path / "slides.pdf"
    source.write_bytes(pdf("= Theses\nAsk the school.", "= Proceedings"))
    found = run_limited("pdf", source, out, options={"pages_max": 5})
    assert [page["words"].split()[0] for page in found["pages"]] == ["Theses", "Proceedings"]
    head = (out / "page-001.png").read_bytes()
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", head[16:24]) == (1280, 720)
    assert told("pdf", source, out, options={"pages_max": 1}) == "pages"
    source.write_bytes(b"%PDF-1.7 nothing")
    assert told("pdf", source, out, options={"pages_max": 5}) == "not-pdf"
    source.write_bytes(b"<html>")
    assert told("pdf", source, out, options={"pages_max": 5}) == "not-pdf"


def test_markdown_files_come_out_of_an_archive(tmp_path, out):
    source = tmp_path / "notes.zip"
    source.write_bytes(
        packed({"n/b.md": "Two", "n/a.md": "One\r\n", "n/p.png": PIXEL, "n/x.exe": "x", "__MACOSX/a.md": "no"})
    )
    found = run_limited("markdown_zip", source, out, options={"texts_max": 5})
    assert [(each["path"], each["text"]) for each in found["texts"]] == [("n/a.md", "One\n"), ("n/b.md", "Two")]
    assert (list(found["files"].values()), found["left"]) == (["n/p.png"], ["n/x.exe"])
    source.write_bytes(packed({"../a.md": "out"}))
    assert told("markdown_zip", source, out, options={"texts_max": 5}) == "escape"


@pytest.mark.parametrize("key", sorted(running.SENTENCES))
def test_each_reason_is_a_sentence(key):
    assert str(Refused(key)).endswith(".")
