"""What text and video lessons share: a body of Markdown (or HTML) with blocks in it."""

from collections.abc import Mapping
from operator import itemgetter
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses import markup, shapes
from courses.registry import OPENS_AFTER, Content, blocks
from courses.yaml_lines import load_yaml

BODY_SCHEMA: dict[str, Any] = {
    "body": {"type": "string", "maxLength": 200_000, "description": "the text of the lesson in Markdown"},
    "source_format": {"enum": ["md", "html"], "description": "md or html"},
}
RULE_SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"opens_after": OPENS_AFTER},
}


def body_faults(content: Content) -> list[tuple[str, str]]:
    """What is wrong in the body: ``("body:<line>", sentence)`` each, lines from 1 within the body."""
    if content.get("source_format") == "html":
        return []
    body = str(content.get("body", ""))
    found = [
        (line, _("raw HTML “%(tag)s” is not allowed; write it in Markdown") % {"tag": tag})
        for tag, line in markup.raw_html(body)
    ]
    found += [(line, _("“#” is the page’s own heading; start at “##”")) for line in markup.top_headings(body)]
    for fence in markup.fences(body, list(blocks)):
        found += _fence_faults(fence)
    return [(f"body:{line + 1}", sentence) for line, sentence in sorted(found, key=itemgetter(0))]


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


def body_uids(content: Content) -> list[tuple[str, str]]:
    """The names of the blocks in a sound body, each with its line."""
    if content.get("source_format") == "html":
        return []
    found = []
    for fence in markup.fences(str(content.get("body", "")), list(blocks)):
        document = load_yaml(fence.text)
        line = fence.line + document.line_of("uid") + 1
        found.append((f"body:{line}", blocks[fence.name].uid(document.value)))
    return [(path, uid) for path, uid in found if uid]


def body_source(content: Content, media: Mapping[str, str], *names: str) -> dict[str, Any]:
    """Body, format and the sha256 of every file the body uses, and of ``names``."""
    body = markup.normalise(str(content.get("body", "")))
    used = {*markup.used_media(body), *names} if content.get("source_format", "md") == "md" else set(names)
    return {
        "body": body,
        "source_format": content.get("source_format", "md"),
        "media": {name: media[name] for name in sorted(used) if name in media},
    }


def render_body(source: Mapping[str, Any]) -> dict[str, Any]:
    """``segments`` and ``headings`` of the body; a block carries its own source and rendering."""
    if source["source_format"] == "html":
        return {"segments": [{"html": markup.sanitise(source["body"])}], "headings": []}
    segments, headings = markup.render_segments(source["body"], media=source["media"], names=list(blocks))
    counts: dict[str, int] = {}
    for segment in segments:
        if name := segment.get("block"):
            counts[name] = counts.get(name, 0) + 1
            block = blocks[name]
            segment["id"] = f"{name}-{counts[name]}"
            segment["source"] = block.snapshot(load_yaml(segment.pop("text")).value)
            segment["rendered"] = block.render(segment["source"])
    return {"segments": segments, "headings": headings}


def count_blocks(source: Mapping[str, Any]) -> int:
    return len(markup.fences(source["body"], list(blocks))) if source["source_format"] == "md" else 0


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
