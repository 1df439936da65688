"""Markdown files and their pictures out of a .zip; run in the limited process only."""

import re
from pathlib import Path, PurePosixPath
from typing import Any

from courses.sandbox import zips
from courses.sandbox.errors import TaskRefused

PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg")
TEXT_MAX = 1 << 20


def run(source: Path, out: Path, *, texts_max: int) -> dict[str, Any]:
    """``texts`` by path in order, ``files`` (kept name to path in the archive), and what was ``left``."""
    texts: list[dict[str, str]] = []
    files: dict[str, str] = {}
    left: list[str] = []
    with zips.opened(source, otherwise="unreadable") as archive:
        for member in sorted(zips.members(archive), key=lambda each: each.filename):
            path = PurePosixPath(member.filename)
            if path.parts[0] == "__MACOSX" or any(part.startswith(".") for part in path.parts):
                continue
            if path.suffix.lower() in (".md", ".markdown") and member.file_size <= TEXT_MAX:
                texts.append({"path": str(path), "text": _text(zips.read(archive, member))})
            elif path.suffix.lower() in PICTURES:
                name = f"file-{len(files) + 1:04}{path.suffix.lower()}"
                (out / name).write_bytes(zips.read(archive, member))
                files[name] = str(path)
            else:
                left.append(str(path)[:200])
    if not texts:
        raise TaskRefused("empty")
    if len(texts) > texts_max:
        raise TaskRefused("size")
    return {"texts": texts, "files": files, "left": left[:200]}


def _text(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise TaskRefused("unreadable") from problem
    return re.sub(r"\r\n?", "\n", text).replace("\x00", "")
