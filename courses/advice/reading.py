"""A text is read once, and all rules look at that."""

import json
from collections.abc import Iterable
from dataclasses import replace

from courses import bodies, checks, html_tree, markup, shapes
from courses.advice.registry import Around, Finding, TextRead, View, around_rules, text_rules
from courses.canonical import digest
from courses.html_tree import Element
from courses.registry import Content, LeadingBlock, blocks, kinds

READ_ATTRIBUTES = {**markup.ATTRIBUTES, "a": {"href"}, "img": {"src", "alt"}}
SCHEMES = {"http", "https", "mailto", "media", "lesson"}


def view_of(kind: str, language: str, content: Content, *, sound: bool = True) -> View:
    """``content`` as rules see it. Its shape must be right."""
    body, form, names = str(content.get("body", "")), bodies.format_of(content), list(blocks)
    segments, _headings = bodies.render_segments(body, form, media={}, names=names)
    html = "".join(segment.get("html", "") for segment in segments)
    root = html_tree.tree(html, tags=set(markup.TAGS), attributes=READ_ATTRIBUTES, schemes=SCHEMES)
    asked = [segment["block"] for segment in segments if "block" in segment]
    asks = sum(not isinstance(blocks[name], LeadingBlock) for name in asked)
    return View(kind, language, content, root, asks, sound)


def read_text(kind: str, language: str, content: Content, *, sound: bool | None = None) -> TextRead:
    """What the rules say of ``content`` by itself; nothing while its shape is wrong, which is told as a fault.

    ``sound``: it has no fault, if that is known.
    """
    if kind not in kinds or shapes.problems(kinds[kind].content_schema, content):
        return TextRead()
    if sound is None:
        sound = not checks.content_faults(kind, content)
    view = view_of(kind, language, content, sound=sound)
    found = [finding for rule in text_rules.values() for finding in rule(view)]
    return TextRead(view.words, view.asks, tuple(found), outside_links(view.root))


def outside_links(root: Element) -> tuple[str, ...]:
    """Addresses elsewhere that ``root`` links to, each once, in order."""
    addresses = (each.get("href").partition("#")[0] for each in root.walk() if each.tag == "a")
    return tuple(dict.fromkeys(each for each in addresses if each.startswith(("http://", "https://"))))


def findings_of(around: Around) -> list[Finding]:
    """Everything the rules say of one text where it stands, each sentence once, and marked."""
    found = [*around.read.findings, *(each for rule in around_rules.values() for each in rule(around))]
    return marked({finding.sentence: finding for finding in found}.values(), around.content)


def marked(findings: Iterable[Finding], content: Content) -> list[Finding]:
    """``findings`` on ``content``, each with its mark; several of one rule on the same have one each."""
    whole = ""
    seen: dict[tuple[str, str], int] = {}
    found = []
    for each in findings:
        if not each.about and not whole:
            whole = digest(json.dumps(content, sort_keys=True, default=str))
        about = each.about or whole
        count = seen[each.rule, about] = seen.get((each.rule, about), 0) + 1
        found.append(replace(each, mark=digest(f"{each.rule}\n{count}\n{about}")))
    return found
