"""Packages of QTI: items come with their pictures, and an archive that means harm is refused whole."""

import io
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest

from quizzes.exchange import qti_archive
from quizzes.exchange.qti import FORMAT, FORMAT3, read
from quizzes.exchange.registry import guess
from quizzes.exchange.values import Item, Refusal, Unreadable
from tests.quizzes.exchange.qti_files import GOOD, all_of, manifest, zipped
from tests.support import peak_memory

CARTRIDGE = Path(__file__).parents[2] / "fixtures" / "common-cartridge" / "cc-1.1-sample"


def test_a_public_cartridge_holds_no_quiz_that_can_be_read():
    found = all_of(zipped({str(each.relative_to(CARTRIDGE)): each.read_bytes() for each in files_of(CARTRIDGE)}))
    assert [each.where.path for each in found] == ["l0002/studymate.qti", "l0003/quiz_1.qti"]
    assert all(isinstance(each, Refusal) and "it begins with <html>" in each.reason for each in found)


def files_of(folder: Path) -> list[Path]:
    return sorted(each for each in folder.rglob("*") if each.is_file())


def test_a_package_gives_its_items_with_their_pictures_and_the_reason_for_each_other():
    test = (
        b'<assessmentTest xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="T" title="T"><testPart identifier="P">'
        b'<assessmentSection identifier="S" title="Lending"><assessmentItemRef identifier="A" href="items/a.xml"/>'
        b'<assessmentItemRef identifier="L" href="items/lost.xml"/></assessmentSection></testPart></assessmentTest>'
    )
    found = all_of(
        zipped(
            {
                "pack/imsmanifest.xml": manifest("items/a.xml", "items/b.xml", "items/gone.xml")
                .replace(b"</resources>", b'<resource type="imsqti_test_xmlv2p1" href="test.xml"/></resources>'),
                "pack/items/a.xml": GOOD,
                "pack/items/b.xml": GOOD[:-9],
                "pack/test.xml": test,
                "pack/img/my map.png": b"\x89PNG\r\n\x1a\n",
            }
        ),
        "p.zip",
    )  # fmt: skip
    [lost, taken, broken, gone] = found
    assert isinstance(taken, Item)
    assert dict(taken.files) == {"my-map.png": b"\x89PNG\r\n\x1a\n"}
    assert taken.content["stem"].startswith('<p><img src="media/my-map.png" alt="map"></p>')
    assert (taken.meta.topic, taken.where.path) == ("Lending", "pack/items/a.xml")
    assert [(each.where.path, each.reason) for each in (lost, broken, gone) if isinstance(each, Refusal)] == [
        ("pack/items/lost.xml", "A test names this file, and it is not in the package."),
        ("pack/items/b.xml", "Line 2: the file breaks off before its end."),
        ("pack/items/gone.xml", "The manifest names this file, and it is not in the package."),
    ]


def test_a_package_without_questions_is_refused():
    with pytest.raises(Unreadable, match="no questions"):
        all_of(zipped({"imsmanifest.xml": manifest()}), "p.zip")


def test_a_package_without_a_manifest_is_searched():
    [found] = all_of(zipped({"a.xml": GOOD}), "p.zip")
    assert isinstance(found, Item)


def link() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        info = zipfile.ZipInfo("items/a.xml")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        package.writestr(info, "/etc/passwd")
    return out.getvalue()


def lying() -> bytes:
    """An archive that says of a file that it is smaller than it is."""
    data = bytearray(zipped({"a.xml": GOOD + b" " * 5000}))
    size = (len(GOOD) + 5000).to_bytes(4, "little")
    return bytes(data.replace(size, (100).to_bytes(4, "little")))


def cut() -> bytes:
    data = zipped({"a.xml": GOOD})
    return data[: len(data) // 2]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (zipped({"../evil.xml": GOOD}), "leads out"),
        (zipped({"/evil.xml": GOOD}), "leads out"),
        (zipped({"a\\..\\evil.xml": GOOD}), "leads out"),
        (link(), "link"),
        (zipped({"a.xml": b"0" * 5_000_000}), "unpacks to more than"),
        (cut(), "sound .zip"),
        (b"PK\x03\x04 nothing of the kind", "sound .zip"),
    ],
    ids=["up", "root", "backslash", "link", "bomb", "cut", "junk"],
)
def test_an_archive_that_means_harm_is_refused_whole(data: bytes, said: str):
    with pytest.raises(Unreadable, match=said):
        all_of(data, "p.zip")


def test_an_archive_that_lies_of_its_sizes_gives_nothing():
    [found] = all_of(lying(), "p.zip")
    assert isinstance(found, Refusal)


def test_an_archive_with_too_many_or_too_large_files_is_refused(monkeypatch: pytest.MonkeyPatch, settings: Any):
    data = zipped({f"{at}.xml": GOOD for at in range(5)})
    monkeypatch.setattr(qti_archive, "MOST_FILES", 4)
    with pytest.raises(Unreadable, match="more than 4 files"):
        all_of(data, "p.zip")
    monkeypatch.setattr(qti_archive, "MOST_FILES", 5)
    settings.IMPORT_MAX_BYTES = 3 * len(GOOD)
    with pytest.raises(Unreadable, match="too large"):
        all_of(data, "p.zip")
    settings.IMPORT_MAX_BYTES = 500 * len(GOOD)
    monkeypatch.setattr(qti_archive, "MOST_BYTES", 10)
    with pytest.raises(Unreadable, match="the file is too large"):
        all_of(data, "p.zip")


def test_many_items_take_the_memory_of_few(monkeypatch: pytest.MonkeyPatch):
    # Proving keeps nothing of a question; without it the test is done while one waits.
    monkeypatch.setattr("quizzes.exchange.qti_reading.outcome", lambda content, **rest: content)

    names = [f"i{at}.xml" for at in range(1500)]
    body = GOOD.replace(b"Option", b"Option " * 1500)
    data = io.BytesIO(zipped({"imsmanifest.xml": manifest(*names), **dict.fromkeys(names, body)}))

    def look() -> None:
        assert sum(1 for _each in read(data, name="p.zip")) == 1500

    # The table of an archive's files is held, which is some kilobytes each; what is in them is not: that is 30 MB.
    assert len(body) > 20_000
    assert peak_memory(look) < 1500 * 4_000


def test_the_format_is_known_by_its_first_bytes():
    assert guess("a.zip", zipped({"a.xml": GOOD})[:100]) is FORMAT
    assert guess("a.xml", GOOD) is FORMAT
    assert guess("a.xml", b"<qti-assessment-item/>") is FORMAT3
    assert guess("a.xml", b"<?xml version='1.0'?><quiz/>") is not FORMAT


def test_a_name_that_names_nothing_is_refused_in_words():
    with pytest.raises(Unreadable, match="leads out"):
        all_of(zipped({".": b"<a/>"}), "p.zip")
