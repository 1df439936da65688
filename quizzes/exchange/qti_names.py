"""The names of QTI 2 and QTI 3: ``choiceInteraction`` there, ``qti-choice-interaction`` here. We speak the older."""

import re
from dataclasses import dataclass
from typing import Any

from quizzes.exchange.xml import Node, element

_CAMEL = re.compile(r"(?<=[a-z0-9])([A-Z])")
_KEBAB = re.compile(r"-([a-z0-9])")
_PREFIX = "qti-"


def normalised(node: Node) -> Node:
    """``node`` with the names of QTI 2 throughout; HTML keeps its own."""
    for each in node.walk():
        if each.tag.startswith(_PREFIX):
            each.tag = _KEBAB.sub(lambda found: found[1].upper(), each.tag.removeprefix(_PREFIX))
            each.attributes = {
                name if name.startswith("data-") else _KEBAB.sub(lambda found: found[1].upper(), name): value
                for name, value in each.attributes.items()
            }
    return node


@dataclass(frozen=True)
class Dialect:
    """How one version of QTI is written."""

    name: str
    item_space: str
    item_schema: str
    item_type: str
    package_space: str
    schema_version: str
    templates: str
    kebab: bool = False

    def element(self, tag: str, *inside: str, **attributes: Any) -> str:
        """An element of QTI under the names of this version."""
        if not self.kebab:
            return element(tag, *inside, **attributes)
        names = {_kebab(name): value for name, value in attributes.items()}
        return element(_PREFIX + _kebab(tag), *inside, **names)

    def template(self, name: str) -> str:
        """The address of a standard rule of scoring."""
        return f"{self.templates}{name}{'.xml' if self.kebab else ''}"


def _kebab(name: str) -> str:
    return name if name.startswith("xmlns") else _CAMEL.sub(r"-\1", name).lower()


QTI22 = Dialect(
    name="qti",
    item_space="http://www.imsglobal.org/xsd/imsqti_v2p2",
    item_schema="http://www.imsglobal.org/xsd/qti/qtiv2p2/imsqti_v2p2.xsd",
    item_type="imsqti_item_xmlv2p2",
    package_space="http://www.imsglobal.org/xsd/imscp_v1p1",
    schema_version="2.2",
    templates="http://www.imsglobal.org/question/qti_v2p2/rptemplates/",
)
QTI3 = Dialect(
    name="qti3",
    item_space="http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
    item_schema="https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_asiv3p0_v1p0.xsd",
    item_type="imsqti_item_xmlv3p0",
    package_space="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
    schema_version="3.0.0",
    templates="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/",
    kebab=True,
)
