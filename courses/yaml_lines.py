"""YAML as plain values with the line of each, for faults that say where.

A strict part of YAML 1.1: no anchors, aliases or tags; ``true``/``false`` are the only booleans (so ``no`` is a word);
numbers are whole and decimal; dates stay text. ``plain_yaml`` is for the few lines above a text: all of YAML's plain
values, and nothing that grows when it is read.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml
from django.utils.translation import gettext as _

Path = tuple[str | int, ...]
DEEPEST = 20


class _Loader(yaml.SafeLoader):
    """SafeLoader whose plain words mean less than YAML 1.1 would have them mean."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}


_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"true\Z|false\Z"), list("tf"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"-?(?:0|[1-9][0-9]{0,15})\Z"), list("-0123456789"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"(?:~|null|)\Z"), ["~", "n", ""])


PLAIN_TAGS = ("null", "bool", "int", "float", "str", "seq", "map")


class _PlainLoader(yaml.SafeLoader):
    """SafeLoader for what JSON can hold. An alias is refused: a few lines of them unfold to more than memory holds."""

    yaml_implicit_resolvers = {
        letter: [(tag, pattern) for tag, pattern in rules if tag.rpartition(":")[2] in PLAIN_TAGS]
        for letter, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    yaml_constructors = {
        tag: construct
        for tag, construct in yaml.SafeLoader.yaml_constructors.items()
        if tag is None or tag.rpartition(":")[2] in PLAIN_TAGS
    }

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()
            raise yaml.composer.ComposerError(None, None, "aliases are not used here", event.start_mark)
        return super().compose_node(parent, index)


def plain_yaml(text: str) -> Any:
    """The value that ``text`` says. Raises ``yaml.YAMLError`` for whatever cannot be read."""
    try:
        return yaml.load(text, Loader=_PlainLoader)  # noqa: S506  (the loader knows plain values alone)
    except (RecursionError, ValueError) as problem:
        raise yaml.YAMLError(str(problem)) from problem


@dataclass
class Document:
    """``value`` with the line (from 1) of every path in it; ``faults`` as ``(line, sentence)``."""

    value: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    faults: list[tuple[int, str]] = field(default_factory=list)

    def line_of(self, path: str | Sequence[str | int]) -> int:
        """The line of ``path`` (dotted text or parts), or of the nearest thing around it that exists."""
        parts = tuple(_part(each) for each in path.split(".") if each) if isinstance(path, str) else tuple(path)
        while parts and parts not in self.lines:
            parts = parts[:-1]
        return self.lines.get(parts, 1)


def _part(text: str) -> str | int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else text


def load_yaml(text: str, *, first_line: int = 1) -> Document:
    """Read one document. Never raises: what cannot be read is in ``faults``."""
    document = Document()
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        document.faults.append(((mark.line if mark else 0) + first_line, _sentence(problem)))
    except yaml.YAMLError as problem:
        document.faults.append((first_line, _("this is not YAML: %(problem)s") % {"problem": problem}))
    except RecursionError:
        document.faults.append((first_line, _("lists or maps lie too deep in each other")))
    else:
        if node is not None:
            seen: set[int] = set()
            document.value = _construct(node, (), document, first_line, seen)
    return document


def _sentence(problem: yaml.MarkedYAMLError) -> str:
    what = problem.problem or problem.context or ""
    if "'\\t'" in what:
        return _("a tab stands where YAML wants spaces")
    if "mapping values are not allowed" in what:
        return _("a colon within a text; put the text in quotes")
    if "undefined alias" in what:
        return _("anchors and aliases (& and *) are not used here; put the text in quotes")
    return _("this is not YAML: %(problem)s") % {"problem": what}


def _construct(node: yaml.Node, path: Path, document: Document, first_line: int, seen: set[int]) -> Any:
    line = node.start_mark.line + first_line
    document.lines.setdefault(path, line)
    if id(node) in seen:
        document.faults.append((line, _("anchors and aliases (& and *) are not used here; write it out")))
        return None
    seen.add(id(node))
    if len(path) > DEEPEST:
        document.faults.append((line, _("lists or maps lie too deep in each other")))
        return None
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, document, first_line, seen)
    if isinstance(node, yaml.SequenceNode):
        return [_construct(each, (*path, index), document, first_line, seen) for index, each in enumerate(node.value)]
    return _scalar(node, document, line)


def _mapping(node: yaml.MappingNode, path: Path, document: Document, first_line: int, seen: set[int]) -> Any:
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + first_line
        if not isinstance(key_node, yaml.ScalarNode):
            document.faults.append((line, _("a name must be a plain word")))
            continue
        key = str(key_node.value)
        if key in result:
            document.faults.append((line, _("“%(key)s” stands here twice; keep one") % {"key": key}))
        document.lines[(*path, key)] = line
        result[key] = _construct(value_node, (*path, key), document, first_line, seen)
    return result


def _scalar(node: yaml.Node, document: Document, line: int) -> Any:
    text, tag = str(node.value), node.tag.rpartition(":")[2]
    if "\x00" in text:
        document.faults.append((line, _("there is a NUL character in the text; take it out")))
    if tag == "bool":
        return text == "true"
    if tag == "int":
        return int(text)
    if tag == "null":
        return None
    if tag != "str":
        document.faults.append((line, _("tags like !!%(tag)s are not used here") % {"tag": tag}))
    return text
