"""Putting blocks (check questions, practice cards) into a lesson's text of either format, and taking them out."""

import re
from collections.abc import Sequence

from courses import bodies, converting, markup, markup_html
from courses.html_tree import Element


def block_source(form: str, name: str, yaml: str) -> str:
    """A block as it stands in a text of format ``form``."""
    text = yaml.strip("\n") + "\n"
    if form == bodies.HTML:
        return converting.write(_element(name, text)) + "\n"
    longest = max((len(each) for each in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{name}\n{text}{fence}\n"


def _element(name: str, yaml: str) -> Element:
    return Element("pre", {"data-block": name}, [yaml])


def block_at(body: str, form: str, name: str, number: int) -> str | None:
    """The YAML of the block ``number`` (from 0) of those called ``name``; None when there is none."""
    found = [fence for fence in bodies.fences(body, form, [name]) if not fence.nested]
    return found[number].text if 0 <= number < len(found) else None


def put_block(body: str, form: str, name: str, yaml: str, *, number: int | None = None) -> str:
    """``body`` with a new block at its end, or with the block ``number`` of that name written anew.

    Raises ``LookupError`` when there is no such block.
    """
    if number is None:
        end = "" if not body.strip() or form == bodies.HTML else "\n"
        return markup.normalise(f"{markup.normalise(body)}{end}{block_source(form, name, yaml)}")
    return _replaced(body, form, name, number, block_source(form, name, yaml), yaml)


def drop_block(body: str, form: str, name: str, number: int) -> str:
    """``body`` without the block ``number`` of that name. Raises ``LookupError`` when there is no such block."""
    return _replaced(body, form, name, number, "", None)


def _replaced(body: str, form: str, name: str, number: int, source: str, yaml: str | None) -> str:
    if form == bodies.HTML:
        return _replaced_in_html(body, name, number, yaml)
    lines = markup.normalise(body).split("\n")
    start, end = _places(body, [name])[number]
    before, after = lines[:start], lines[end:]
    if not source:
        while before and after and not before[-1].strip() and not after[0].strip():
            after = after[1:]
    return markup.normalise(
        "\n".join([*before, *source.rstrip("\n").split("\n"), *after] if source else [*before, *after])
    )


def _places(body: str, names: Sequence[str]) -> list[tuple[int, int]]:
    """First line and the line after the last of each block, from 0."""
    tokens = markup.MARKDOWN.parse(markup.normalise(body))
    found = [token.map for token in tokens if not token.level and markup.fence_name(token, names) and token.map]
    return [(start, end) for start, end in found]


def _replaced_in_html(body: str, name: str, number: int, yaml: str | None) -> str:
    root = markup_html.read(body)
    places = [
        at
        for at, child in enumerate(root.children)
        if isinstance(child, Element) and child.tag == "pre" and child.get("data-block") == name
    ]
    at = places[number]
    root.children[at : at + 1] = [] if yaml is None else [_element(name, yaml.strip("\n") + "\n")]
    return converting.laid_out("".join(map(converting.write, root.children)))
