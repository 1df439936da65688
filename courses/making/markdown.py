"""Markdown files that become lessons: their head, their title, their pictures, and where one lesson ends."""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

import yaml
from django.utils.translation import gettext as _

from courses import bodies
from courses.markup import MARKDOWN
from courses.services.arriving import safe_name
from courses.yaml_lines import plain_yaml

FENCE = "---"
TARGET = re.compile(r"(!?\[[^\]\n]*\]\()(<[^>\n]*>|[^)\s]+)")
ELSEWHERE = re.compile(r"(?:[a-z][a-z0-9+.-]*:|#|/)", re.IGNORECASE)


@dataclass
class Read:
    """What was read so far: lessons, files (new name to the name they were kept under), sentences for the author."""

    lessons: list[dict[str, Any]] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    changed: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def read_markdown(read: Read, text: str, *, name: str, files: Mapping[str, str]) -> None:
    """Add the lessons of one Markdown file; ``files`` are what came with it, kept name to its path."""
    meta, body = _head(text)
    if extra := sorted(set(meta) - {"title", "minutes", "kind"}):
        sentence = _("%(file)s: the lines %(names)s at its top have no place here.")
        read.left.append(sentence % {"file": name, "names": ", ".join(extra)})
    body = _with_pictures(read, body, name=name, files=files)
    lines = body.split("\n")
    cuts = _first_level(body)
    title = str(meta.get("title") or "")[:200]
    above = "\n".join(lines[: cuts[0][0]] if cuts else lines).strip()
    if above or not cuts:
        read.lessons.append(_lesson(title or _named(name), above))
    for place, (_start, end, heading) in enumerate(cuts):
        until = cuts[place + 1][0] if place + 1 < len(cuts) else len(lines)
        read.lessons.append(_lesson(heading or title or _named(name), "\n".join(lines[end:until]).strip()))


def _named(name: str) -> str:
    return PurePosixPath(name).stem.replace("-", " ").replace("_", " ")[:200]


def _lesson(title: str, body: str) -> dict[str, Any]:
    return {"title": title[:200], "body": f"{body}\n" if body else "", "form": bodies.MARKDOWN}


def _head(text: str) -> tuple[dict[str, Any], str]:
    lines = text.split("\n")
    if lines[0].strip() != FENCE or FENCE not in (line.strip() for line in lines[1:]):
        return {}, text
    end = next(place for place, line in enumerate(lines[1:], 1) if line.strip() == FENCE)
    try:
        meta = plain_yaml("\n".join(lines[1:end])) or {}
    except yaml.YAMLError:
        return {}, text
    if not isinstance(meta, dict):
        return {}, text
    return {str(key): value for key, value in meta.items()}, "\n".join(lines[end + 1 :])


def _first_level(body: str) -> list[tuple[int, int, str]]:
    """First and last line and the words of each heading of the first level."""
    tokens = MARKDOWN.parse(body, {})
    found = []
    for place, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h1" and token.level == 0 and token.map:
            words = " ".join(tokens[place + 1].content.split())
            found.append((token.map[0], token.map[1], re.sub(r"[*_`]", "", words)))
    return found


def _with_pictures(read: Read, body: str, *, name: str, files: Mapping[str, str]) -> str:
    """Pictures of the archive under names of the course; those that did not come along are told."""
    by_path = {path: kept for kept, path in files.items()}
    known = {kept: new for new, kept in read.files.items()}
    missing: list[str] = []

    def put(match: re.Match[str]) -> str:
        target = match[2].strip("<>")
        if ELSEWHERE.match(target):
            return match[0]
        path = posixpath.normpath(posixpath.join(posixpath.dirname(name), target))
        kept = by_path.get(path)
        if kept is None:
            missing.append(target)
            return match[0]
        if kept not in known:
            known[kept] = _free(safe_name(PurePosixPath(path).name), read.files)
            read.files[known[kept]] = kept
        return f"{match[1]}media/{known[kept]}"

    changed = TARGET.sub(put, body)
    for target in missing[:20]:
        read.left.append(_("%(file)s: “%(target)s” did not come along.") % {"file": name, "target": target[:100]})
    return changed


def _free(name: str, taken: Mapping[str, str]) -> str:
    stem, _dot, ending = name.rpartition(".")
    found, number = name, 1
    while found in taken:
        number += 1
        found = f"{stem}-{number}.{ending}"
    return found
