"""What text and video lessons share: a body of Markdown (or HTML) with blocks in it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from operator import itemgetter
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses import bodies, converting, markup, shapes
from courses.registry import OPENS_AFTER, Block, Content, LeadingBlock, TellingBlock, Told, blocks
from courses.yaml_lines import Document, load_yaml

BODY_SCHEMA: dict[str, Any] = {
    "body": {"type": "string", "maxLength": 200_000, "description": "the text of the lesson"},
    "source_format": {"enum": ["md", "html"], "description": "md or html"},
}
RULE_SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"opens_after": OPENS_AFTER},
}


def body_faults(content: Content) -> list[tuple[str, str]]:
    """What is wrong in the body: ``("body:<line>", sentence)`` each, lines from 1 within the body."""
    body, form = str(content.get("body", "")), bodies.format_of(content)
    found = bodies.faults(body, form)
    for fence in bodies.fences(body, form, list(blocks)):
        found += _fence_faults(fence)
    return [(f"body:{line + 1}", sentence) for line, sentence in sorted(found, key=itemgetter(0))]


def body_warnings(content: Content) -> list[tuple[str, str]]:
    """What an author should know of a sound body, as ``body_faults`` tells it."""
    found = bodies.warnings(str(content.get("body", "")), bodies.format_of(content))
    return [(f"body:{line + 1}", sentence) for line, sentence in found]


def _fence_faults(fence: markup.Fence) -> list[tuple[int, str]]:
    if fence.nested:
        return [(fence.line, _("a “%(name)s” block stands outside of lists and call-outs") % {"name": fence.name})]
    document = load_yaml(fence.text)
    if document.faults:
        return [(fence.line + line, sentence) for line, sentence in document.faults]
    block = blocks[fence.name]
    broken = [(shapes.dotted(steps), text) for steps, text in shapes.problems(block.content_schema, document.value)]
    faults = broken or block.faults(document.value)
    return [(fence.line + document.line_of(path), sentence) for path, sentence in faults]


def _sound_blocks(content: Mapping[str, Any]) -> Iterator[tuple[Block, Any, int, Document]]:
    """The blocks of a sound body: each with its content, the line before it (from 0) and its YAML."""
    for fence in bodies.fences(str(content.get("body", "")), bodies.format_of(content), list(blocks)):
        document = load_yaml(fence.text)
        yield blocks[fence.name], document.value, fence.line, document


def body_uids(content: Content) -> list[tuple[str, str]]:
    """The names of the blocks in a sound body, each with its line."""
    found = [
        (f"body:{line + document.line_of('uid') + 1}", block.uid(value))
        for block, value, line, document in _sound_blocks(content)
    ]
    return [(path, uid) for path, uid in found if uid]


def body_lessons(content: Content) -> list[tuple[str, str]]:
    """The lessons that blocks of a sound body lead to, each with its line."""
    return [
        (f"body:{line + document.line_of(path) + 1}", uid)
        for block, value, line, document in _sound_blocks(content)
        if isinstance(block, LeadingBlock)
        for path, uid in block.lessons(value)
    ]


def body_source(content: Content, media: Mapping[str, str], *names: str) -> dict[str, Any]:
    """Body, format and the sha256 of every file the body uses, and of ``names``."""
    body = markup.normalise(str(content.get("body", "")))
    used = {*bodies.used_media(body, bodies.format_of(content)), *names}
    return {
        "body": body,
        "source_format": content.get("source_format", "md"),
        "media": {name: media[name] for name in sorted(used) if name in media},
    }


def render_body(source: Mapping[str, Any]) -> dict[str, Any]:
    """``segments`` and ``headings`` of the body; a block carries its own source and rendering."""
    form = bodies.format_of(source)
    segments, headings = bodies.render_segments(source["body"], form, media=source["media"], names=list(blocks))
    counts: dict[str, int] = {}
    for segment in segments:
        if name := segment.get("block"):
            counts[name] = counts.get(name, 0) + 1
            block = blocks[name]
            segment["id"] = f"{name}-{counts[name]}"
            segment["source"] = block.snapshot(load_yaml(segment.pop("text")).value)
            segment["rendered"] = block.render(segment["source"])
    return {"segments": segments, "headings": headings}


def count_checks(source: Mapping[str, Any]) -> int:
    """How many blocks of the body ask something."""
    found = bodies.fences(source["body"], bodies.format_of(source), list(blocks))
    return sum(not isinstance(blocks[fence.name], LeadingBlock) for fence in found)


def with_checks(label: str, count: int) -> str:
    """``label``, and how many check questions come with it."""
    if not count:
        return label
    checks = ngettext("%(count)d check question", "%(count)d check questions", count) % {"count": count}
    return _("%(kind)s, with %(checks)s") % {"kind": label, "checks": checks}


def body_text(source: Mapping[str, Any]) -> str:
    """The words of the body, without its blocks."""
    rendered = render_body(source)
    return " ".join(markup.plain(segment["html"]) for segment in rendered["segments"] if "html" in segment)


def body_told(source: Mapping[str, Any]) -> list[Told]:
    """The text as Markdown, without its blocks, and each block that can say what it holds."""
    body, names = source["body"], list(blocks)
    if bodies.format_of(source) == bodies.HTML:
        body = converting.to_markdown(body, names)
    lines, found = body.split("\n"), []
    for number, fence in enumerate(markup.fences(body, names), start=1):
        block, document = blocks[fence.name], load_yaml(fence.text)
        if fence.nested or document.faults or not isinstance(block, TellingBlock):
            continue
        told = block.tell(block.snapshot(document.value))
        found.append(replace(told, key=f"{fence.name}:{told.key or number}"))
        for line in range(fence.line, min(fence.line + fence.text.count("\n") + 2, len(lines))):
            lines[line] = ""
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return [Told("", "", {_("Text"): text}), *found]
