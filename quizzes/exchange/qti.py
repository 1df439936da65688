"""QTI: items, tests and content packages of versions 2.0 to 3.0, and 1.2 as Common Cartridge has it.

One reader takes all of them; there are two writers, of packages in 2.2 and in 3.0. IMS/1EdTech Question & Test
Interoperability: https://www.imsglobal.org/question/ and https://www.imsglobal.org/spec/qti/v3p0.
"""

import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator
from functools import partial
from typing import BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.exchange import qti12
from quizzes.exchange.labels import labels, unlike
from quizzes.exchange.moodle_cloze import has_accents
from quizzes.exchange.moodle_source import Refused
from quizzes.exchange.moodlexml_writing import strings
from quizzes.exchange.proving import Uids, label
from quizzes.exchange.qti_composing import Composer
from quizzes.exchange.qti_html import as_html
from quizzes.exchange.qti_names import QTI3, QTI22, Dialect
from quizzes.exchange.qti_packages import MANIFEST, OLD, read_package, read_test_alone
from quizzes.exchange.qti_reading import ITEMS, TESTS, read_item
from quizzes.exchange.qti_writing import WRITERS
from quizzes.exchange.registry import HEAD, Format
from quizzes.exchange.values import Exported, Item, Refusal, Unreadable, Where
from quizzes.exchange.writing import Cannot, check_with_files
from quizzes.exchange.xml import element, root_of, text, tree, unwritable

ZIP = b"PK\x03\x04"


def read(file: BinaryIO, *, name: str) -> Iterator[Item | Refusal]:
    """Each question of a package, a bare item or a file of QTI 1.2. Raises ``Unreadable``."""
    start = file.tell()
    head = file.read(HEAD)
    file.seek(start)
    if head.startswith(b"PK"):
        yield from read_package(file)
        return
    root, _space = root_of(head)
    if root == "manifest":
        raise Unreadable(_("This is the manifest of a package alone; import the whole .zip file."))
    if root in OLD:
        yield from qti12.read_items(file)
        return
    node = tree(file, root=ITEMS | TESTS)
    if node.tag in TESTS:
        yield from read_test_alone(node)
    else:
        yield read_item(node, where=Where(line=node.line, number=1), uids=Uids())


def write(dialect: Dialect, questions: Iterable[Exported], out: BinaryIO) -> list[Refusal]:
    """A package with an item for each question; what QTI cannot hold is given back. Markdown goes out as HTML."""
    refused: list[Refusal] = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        writer = _Package(dialect, package)
        for number, each in enumerate(questions, start=1):
            try:
                writer.add(each, number)
            except (Cannot, Refused) as problem:
                refused.append(Refusal(Where(number=number), label(each.content, each.meta), str(problem)))
        package.writestr(MANIFEST, writer.manifest())
    return refused


class _Package:
    def __init__(self, dialect: Dialect, package: zipfile.ZipFile) -> None:
        self.dialect, self.package = dialect, package
        self.resources: list[str] = []
        self.media: set[str] = set()

    def add(self, exported: Exported, number: int) -> None:
        """Write one item, when it comes back as it is. Raises ``Cannot``."""
        _check(exported)
        content = as_html(exported.content)
        places = {
            name: f"media/{hashlib.sha256(data).hexdigest()[:12]}/{name}" for name, data in exported.files.items()
        }
        address = partial(_address, places)
        title = exported.meta.name or label(exported.content)
        item = Composer(self.dialect, content, address).item(WRITERS.get(content["type"]), title)
        said = labels(exported.content, exported.meta, _extra(exported))
        path = f"items/q{number:05}.xml"
        files = {place: exported.files[name] for name, place in places.items()}
        node = tree(io.BytesIO(item.encode()), root=ITEMS)
        back = read_item(node, where=Where(path=path), uids=Uids(), fetch=files.get, tags=said)
        check_with_files(Exported(content, exported.meta, exported.files), [back])
        self.package.writestr(path, item)
        used = [place for place in files if f"../{place}" in item]
        for place in used:
            self._media(place, files[place])
        self.resources.append(self._resource(f"q{number:05}", path, said, used))

    def _media(self, place: str, data: bytes) -> None:
        if place not in self.media:
            self.media.add(place)
            self.package.writestr(place, data)

    def _resource(self, name: str, path: str, said: list[str], used: list[str]) -> str:
        keywords = (element("imsmd:keyword", element("imsmd:string", text(each))) for each in said)
        lom = element("imsmd:lom", element("imsmd:general", *keywords)) if said else ""
        return element(
            "resource",
            element("metadata", lom) if lom else "",
            *(element("file", href=each) for each in (path, *used)),
            identifier=name,
            type=self.dialect.item_type,
            href=path,
        )

    def manifest(self) -> str:
        head = element("schema", "QTI Package" if self.dialect.kebab else "QTIv2.2 Package")
        whole = element(
            "manifest",
            element("metadata", head, element("schemaversion", f"{self.dialect.schema_version}")),
            element("organizations"),
            element("resources", *self.resources),
            xmlns=self.dialect.package_space,
            xmlns__imsmd="http://ltsc.ieee.org/xsd/LOM",
            identifier="MANIFEST",
        )
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{whole}\n'


def _address(places: dict[str, str], name: str) -> str:
    """Where a file lies, seen from an item. A file that does not come along keeps its name."""
    return f"../{places[name]}" if name in places else f"media/{name}"


def _extra(exported: Exported) -> dict[str, str]:
    content, meta = exported.content, exported.meta
    said = {"topic": meta.topic} if meta.topic else {}
    said |= {} if meta.name else {"name": ""}
    if content["type"] == "text" and content.get("accents") and not has_accents(content["answers"]):
        said["accents"] = "1"
    if content["type"] not in ("single", "multi", "match", "group", "order") and not content.get("shuffle", True):
        said["shuffle"] = "0"
    return said


def _check(exported: Exported) -> None:
    for each in strings([exported.content, vars(exported.meta)]):
        if unwritable(each):
            raise Cannot(_("It holds a character that XML cannot (%(sign)s).") % {"sign": unwritable(each)})
    if unlike(exported.meta):
        raise Cannot(_("It has a tag that begins with “lendcraft:”."))


FORMAT = Format(
    name="qti",
    label=gettext_lazy("QTI 2.2 package"),
    suffixes=(".zip", ".imscc", ".xml", ".qti"),
    content_type="application/zip",
    read=read,
    write=partial(write, QTI22),
    fits=lambda head: (
        head.startswith(ZIP) or root_of(head)[0] in {"assessmentItem", "assessmentTest", "manifest", *OLD}
    ),
    holds_files=True,
)
FORMAT3 = Format(
    name="qti3",
    label=gettext_lazy("QTI 3.0 package"),
    suffixes=(".zip", ".xml"),
    content_type="application/zip",
    read=read,
    write=partial(write, QTI3),
    fits=lambda head: root_of(head)[0] in {"qti-assessment-item", "qti-assessment-test"},
    holds_files=True,
)
