"""Content packages: a manifest, the items it names, and the tests that put them in order."""

import io
import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO
from urllib.parse import unquote

from django.utils.translation import gettext as _

from quizzes.exchange import qti12
from quizzes.exchange.numbers import number
from quizzes.exchange.proving import Uids
from quizzes.exchange.qti_archive import Archive
from quizzes.exchange.qti_names import normalised
from quizzes.exchange.qti_reading import ITEMS, TESTS, read_item
from quizzes.exchange.registry import HEAD
from quizzes.exchange.values import Item, Refusal, Unreadable, Where
from quizzes.exchange.xml import Node, pieces, root_of, tree

MANIFEST = "imsmanifest.xml"
OLD = frozenset({"questestinterop"})


@dataclass
class Test:
    """What a test says of its items: the topic of each by its path, and what is wrong with the test itself."""

    topics: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)


def test_of(node: Node, path: str) -> Test:
    """The references in an ``assessmentTest`` that lies at ``path``."""
    test = Test()
    _section(normalised(node), path, (), test)
    return test


def _section(node: Node, path: str, titles: tuple[str, ...], test: Test) -> None:
    for each in node.children:
        if each.tag in ("testPart", "assessmentSection"):
            title = (*titles, each.get("title").replace("/", "-")) if each.get("title") else titles
            _check_selection(each, path, test)
            _section(each, path, title, test)
        elif each.tag == "assessmentItemRef":
            place = _place(path, each.get("href"))
            test.topics.setdefault(place, "/".join(titles))
            test.lines.setdefault(place, each.line)


def _check_selection(section: Node, path: str, test: Test) -> None:
    """A section that draws fewer items than it requires contradicts itself."""
    drawn = section.find("selection")
    asked = number(drawn.get("select")) if drawn else None
    parts = [each for each in section.children if each.tag in ("assessmentItemRef", "assessmentSection")]
    required = sum(each.get("required") == "true" for each in parts)
    again = drawn is not None and drawn.get("withReplacement") == "true"
    sentence = ""
    if asked is not None and asked < required:
        sentence = _("It draws %(select)s of its questions, but requires %(required)d of them.")
    elif asked is not None and asked > len(parts) and not again:
        sentence = _("It draws %(select)s questions, but has %(there)d.")
    if sentence:
        said = sentence % {"select": asked, "required": required, "there": len(parts)}
        where = Where(line=section.line, path=path)
        test.refusals.append(Refusal(where, section.get("title") or section.get("identifier"), said))


def read_test_alone(node: Node) -> Iterator[Refusal]:
    """A test without its items: each that it names is missing."""
    test = test_of(node, "")
    yield from test.refusals
    for path, line in test.lines.items():
        yield Refusal(
            Where(line=line), path, _("The file “%(path)s” is missing; import the whole package.") % {"path": path}
        )
    if not test.lines:
        raise Unreadable(_("This is a test without any question."))


def read_package(file: BinaryIO) -> Iterator[Item | Refusal]:
    """Each question of the package, in the order of its manifest. Raises ``Unreadable`` when it cannot be opened."""
    archive = Archive(file)
    resources = _resources(archive)
    tests = [test for path in resources if (test := _test(archive, path))]
    topics: dict[str, str] = {}
    for each in tests:
        yield from each.refusals
        topics = {**each.topics, **topics}
        yield from _missing(each, archive, resources)
    uids, number = Uids(), 0
    for path, tags in resources.items():
        for found in _questions(archive, path, tags, topics, uids):
            number += 1
            yield found
    if not number and not tests:
        raise Unreadable(_("There are no questions in this package."))


def _missing(test: Test, archive: Archive, resources: Mapping[str, list[str]]) -> Iterator[Refusal]:
    for path in test.topics:
        if path not in archive.names and path not in resources:
            yield Refusal(Where(path=path), path, _("A test names this file, and it is not in the package."))


def _resources(archive: Archive) -> dict[str, list[str]]:
    """Paths of what may be questions, with the keywords beside them. Without a manifest: every XML file."""
    manifest = next((each for each in archive.names if posixpath.basename(each) == MANIFEST), None)
    if manifest is None:
        return {each: [] for each in archive.names if each.endswith((".xml", ".qti"))}
    data = archive.read(manifest) or b""
    found: dict[str, list[str]] = {}
    for each in pieces(io.BytesIO(data), root={"manifest"}, named={"resource"}):
        if not each.get("type").lower().startswith(("imsqti_", "imsqti/")):
            continue
        first = each.find("file")
        href = each.get("href") or (first.get("href") if first else "")
        if href:
            keywords = [node.whole().strip() for node in each.walk() if node.tag == "keyword"]
            found.setdefault(_place(manifest, href), [word for word in keywords if word])
    return found


def _place(base: str, href: str) -> str:
    """The path that ``href`` in the file ``base`` leads to."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), unquote(href.strip())))


def _test(archive: Archive, path: str) -> Test | None:
    try:
        if root_of(archive.read(path, HEAD) or b"")[0] not in TESTS:
            return None
        return test_of(tree(io.BytesIO(archive.read(path) or b""), root=TESTS), path)
    except Unreadable:
        return None  # told when its turn comes


def _questions(
    archive: Archive, path: str, tags: list[str], topics: Mapping[str, str], uids: Uids
) -> Iterator[Item | Refusal]:
    """What one file of the package holds. A file that cannot be read is refused, the others are not."""
    try:
        data = archive.read(path)
        root = root_of((data or b"")[:HEAD])[0]
        if data is None:
            yield Refusal(Where(path=path), path, _("The manifest names this file, and it is not in the package."))
        elif root in TESTS:
            tree(io.BytesIO(data), root=TESTS)
        elif root in OLD:
            yield from qti12.read_items(io.BytesIO(data), path=path, fetch=archive.read, uids=uids)
        else:
            node = tree(io.BytesIO(data), root=ITEMS)
            where = Where(line=node.line, path=path)
            topic = topics.get(path, "")
            yield read_item(node, where=where, uids=uids, fetch=archive.read, topic=topic, tags=tags)
    except Unreadable as problem:
        yield Refusal(Where(path=path), path, problem.message)
