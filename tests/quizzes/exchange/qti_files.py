"""QTI as tests write it: items, packages, and what is read from them."""

import io
import zipfile

from quizzes.exchange.qti import read
from quizzes.exchange.values import Item, Refusal

MATCH = '<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/>'
MAP = MATCH.replace("match_correct", "map_response.xml")


def item_xml(declared: str, body: str, rules: str = "", after: str = "", **attributes: str) -> bytes:
    said = {"identifier": "q1", "title": "Q", "adaptive": "false", **attributes}
    head = " ".join(f'{name}="{value}"' for name, value in said.items())
    return (
        f'<?xml version="1.0"?>\n<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" {head}>'
        f'{declared}<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>'
        f"<itemBody>{body}</itemBody>{rules}{after}</assessmentItem>"
    ).encode()


def declare(cardinality: str, correct: str = "", mapping: str = "", base: str = "identifier") -> str:
    values = "".join(f"<value>{each}</value>" for each in correct.split(",") if each)
    return (
        f'<responseDeclaration identifier="RESPONSE" cardinality="{cardinality}" baseType="{base}">'
        f"<correctResponse>{values}</correctResponse>{mapping}</responseDeclaration>"
    )


def mapping(top: str = "", **worths: str) -> str:
    entries = "".join(f'<mapEntry mapKey="{key}" mappedValue="{worth}"/>' for key, worth in worths.items())
    bound = f'upperBound="{top}"' if top else ""
    return f'<mapping defaultValue="0" {bound}>{entries}</mapping>'


def choices(names: str, *, several: bool = False, shuffle: str = "true") -> str:
    options = "".join(f'<simpleChoice identifier="{each}">Option <b>{each}</b></simpleChoice>' for each in names)
    return (
        f'<choiceInteraction responseIdentifier="RESPONSE" shuffle="{shuffle}" maxChoices="{0 if several else 1}">'
        f"<prompt>Which?</prompt>{options}</choiceInteraction>"
    )


def all_of(data: bytes, name: str = "q.xml") -> list[Item | Refusal]:
    return list(read(io.BytesIO(data), name=name))


def one(data: bytes) -> Item:
    [found] = all_of(data)
    assert isinstance(found, Item), found
    return found


def reason(data: bytes) -> str:
    [found] = all_of(data)
    assert isinstance(found, Refusal), found
    return found.reason


def zipped(files: dict[str, bytes], *, compressed: bool = True) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED) as package:
        for name, data in files.items():
            package.writestr(name, data)
    return out.getvalue()


def manifest(*hrefs: str, kind: str = "imsqti_item_xmlv2p1") -> bytes:
    resources = "".join(
        f'<resource identifier="R{at}" type="{kind}" href="{href}"><file href="{href}"/></resource>'
        for at, href in enumerate(hrefs)
    )
    return f'<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"><resources>{resources}</resources></manifest>'.encode()


GOOD = item_xml(declare("single", "A"), f'<p><img src="../img/my%20map.png" alt="map"/></p>{choices("AB")}', MATCH)
