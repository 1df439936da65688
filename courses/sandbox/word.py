"""A Word document as plain HTML, lesson by lesson, with its pictures; run in the limited process only."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import mammoth

from courses.sandbox import zips
from courses.sandbox.errors import TaskRefused

MAIN = "word/document.xml"
PICTURES = {"image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/webp": ".webp"}
# Title stands for a first-level heading, quotes stay quotes; what else Word names becomes a paragraph.
STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
u => em
strike => del
"""
HEADING = re.compile(r"<h1>(.*?)</h1>", re.DOTALL)
NOTE = re.compile(r'<li id="(fn-(?:foot|end)note-\d+)">(.*?)</li>', re.DOTALL)
NOTE_MARK = re.compile(r'<sup><a href="#(fn-(?:foot|end)note-\d+)"[^>]*>.*?</a></sup>')
BACK = re.compile(r'<a href="#fn-(?:foot|end)note-ref-\d+">.*?</a>')
ANCHOR = re.compile(r'<a id="(?!fn-)[^"]*"></a>')
EMPTY = re.compile(r"<p>(?:\s|<br ?/>)*</p>")


def run(source: Path, out: Path, *, split: bool) -> dict[str, Any]:
    """``lessons`` with title and html, ``pictures`` by kept name, and what was changed or left, as keys with a count."""
    with zips.opened(source, otherwise="not-docx") as archive:
        names = _checked(archive)
    pictures: list[dict[str, Any]] = []
    left = _left(names)
    with source.open("rb") as file:
        found = mammoth.convert_to_html(
            file,
            style_map=STYLES,
            id_prefix="fn-",
            convert_image=_picture(out, pictures, left),
            external_file_access=False,
        )
    for message in found.messages:
        _count(left, "style" if "style" in message.message.lower() else "other")
    html = EMPTY.sub("", ANCHOR.sub("", found.value))
    lessons = _lessons(html, split=split)
    if not lessons:
        raise TaskRefused("empty")
    return {"lessons": lessons, "pictures": pictures, "left": left}


def _checked(archive: Any) -> list[str]:
    members = zips.members(archive)
    names = [each.filename for each in members]
    if MAIN not in names or "[Content_Types].xml" not in names:
        raise TaskRefused("not-docx")
    for each in members:
        if each.filename.endswith((".xml", ".rels")):
            content = zips.read(archive, each)
            plain = content.replace(b"\x00", b"").upper()  # also as UTF-16
            if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
                raise TaskRefused("entities")
    return names


def _left(names: list[str]) -> dict[str, int]:
    left: dict[str, int] = {}
    for name in names:
        for start, key in (
            ("word/header", "headers"),
            ("word/footer", "headers"),
            ("word/comments.xml", "comments"),
            ("word/vbaProject", "macros"),
            ("word/embeddings/", "objects"),
            ("word/charts/chart", "charts"),
            ("word/diagrams/data", "charts"),
        ):
            if name.startswith(start):
                _count(left, key)
    return left


def _count(left: dict[str, int], key: str) -> None:
    left[key] = left.get(key, 0) + 1


def _picture(out: Path, pictures: list[dict[str, Any]], left: dict[str, int]) -> Any:
    def convert(image: Any) -> list[Any]:
        suffix = PICTURES.get(image.content_type)
        if suffix is None:
            _count(left, "pictures")
            return []
        name = f"picture-{len(pictures) + 1:03}{suffix}"
        with image.open() as file:
            (out / name).write_bytes(file.read())
        alt = (image.alt_text or "").strip()
        pictures.append({"name": name, "alt": alt})
        attributes = {"src": f"media/{name}", **({"alt": alt} if alt else {})}
        return [mammoth.html.element("img", attributes)]

    return convert


def _lessons(html: str, *, split: bool) -> list[dict[str, str]]:
    """Cut at first-level headings if asked, or when the only one opens the document; else those become second-level."""
    body = _noted(html)
    headings = list(HEADING.finditer(body))
    opens = len(headings) == 1 and not body[: headings[0].start()].strip()
    if not headings or not (split or opens):
        return [_lesson("", _lowered(body))] if body.strip() else []
    lessons = [_lesson("", body[: headings[0].start()])] if body[: headings[0].start()].strip() else []
    for place, heading in enumerate(headings):
        until = headings[place + 1].start() if place + 1 < len(headings) else len(body)
        lessons.append(_lesson(_plain(heading[1]), body[heading.end() : until]))
    return lessons


def _noted(html: str) -> str:
    """Each note where its mark is, as a lesson holds it, and not at the end."""
    notes = {match[1]: BACK.sub("", match[2]) for match in NOTE.finditer(html)}
    body = NOTE.sub("", html).rstrip().removesuffix("<ol></ol>")

    def put(match: re.Match[str]) -> str:
        words = re.sub(r"</?(?:p|ul|ol|li|table|tr|td|th)[^>]*>", " ", notes.get(match[1], ""))
        return f'<span class="footnote">{" ".join(words.split())}</span>'

    return NOTE_MARK.sub(put, body)


def _lesson(title: str, html: str) -> dict[str, str]:
    return {"title": title[:200], "html": re.sub(r"<(/?)h[56]>", r"<\1h4>", html.strip())}


def _lowered(html: str) -> str:
    return re.sub(r"<(/?)h([1-5])>", lambda match: f"<{match[1]}h{int(match[2]) + 1}>", html)


def _plain(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", "", html)).split())
