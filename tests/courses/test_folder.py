"""Reading course folders: every fault at once, and nothing that leads out or is too big."""

import os
import stat
import zipfile
from pathlib import Path

import pytest

from courses.folder.faults import FolderFaults
from courses.folder.reading import ReadCourse, read
from courses.folder.tree import scan, unpack
from courses.models import Course, MediaFile
from courses.services.importing import import_folder
from tests.courses.folders import CAPTIONS, COURSE, FILM, HELLO, mp4, write_sample


def faults_of(root: Path) -> list[str]:
    with pytest.raises(FolderFaults) as caught:
        read(scan(root))
    return [str(fault) for fault in caught.value.faults]


def sample(tmp_path: Path, **changed) -> ReadCourse:
    return read(scan(write_sample(tmp_path / "course", **changed)))


def test_a_sound_folder_is_read(tmp_path):
    course = sample(tmp_path)
    assert [lesson.uid for lesson in course.spec.lessons] == ["hello", "film"]
    assert course.spec.lessons[1].rule == {"opens_after": ["hello"]}
    assert course.media["film.mp4"].probe.duration_ms == 2000
    assert course.warnings == ()


def test_every_fault_is_told_at_once_with_its_line(tmp_path):
    root = write_sample(
        tmp_path,
        **{
            "course.yaml": COURSE.replace("level: basic", "level: easy")
            .replace("lessons: [hello, film]", "lessons: [hello, film, gone]")
            .replace("slug: sample", "slug: Sample Course")
            + "colour: red\n",
            "lessons/hello.md": HELLO.replace("minutes: 5", "minutes: five").replace(
                "kind: text", "kind: text\nmood: good"
            ),
            "lessons/film.md": FILM.replace("[hello]", "[nobody]")
            + "\nSee [there](lesson:nowhere), {{local.nothing}}.\n",
            "lessons/spare.md": HELLO,
            "media/film.en.vtt": "no captions",
            "media/odd.exe": b"MZ\x00\x00",
        },
    )
    assert faults_of(root) == [
        "course.yaml:2: “slug” is “Sample Course”; it should be small letters, digits and single hyphens; it is the"
        " address of the course",
        "course.yaml:7: “level” is “easy”; it should be one of basic, working, advanced",
        "course.yaml:16: there is no file lessons/gone.md or .yaml; add it or take the uid out",
        "course.yaml:17: “colour” is not known here; known are audience, certificate_valid_days, checked_on, code,"
        " competencies, credits, format, languages, legal, level, licence, media, modules, slug, texts, topic",
        "lessons/film.md:5: opens_after names “nobody”, and no lesson has that uid",
        "lessons/film.md:11: the link goes to the lesson “nowhere”, which is not in this course",
        "lessons/film.md:11: unknown local word “nothing”; known are " + known_words(),
        "lessons/hello.md:5: “minutes” is “five”; it should be a whole number of minutes",
        "lessons/spare.md: no part of course.yaml names this lesson; add its uid there or delete the file",
        "media/film.en.vtt: the content is none that a course may hold, or not what the name says; known are "
        + known_endings(),
        "media/odd.exe: the content is none that a course may hold, or not what the name says; known are "
        + known_endings(),
    ]


def known_words() -> str:
    from courses.local_words import LOCAL_WORDS  # noqa: PLC0415  (beside the only test that lists them)

    return ", ".join(sorted(word.key for word in LOCAL_WORDS))


def known_endings() -> str:
    from courses.media_probe import ENDINGS  # noqa: PLC0415

    return " ".join(sorted(ending for endings in ENDINGS.values() for ending in endings))


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("course.yaml", None, "course.yaml: the file is missing"),
        ("course.yaml", "", "course.yaml:1: “the file” is empty; it should be a map"),
        ("course.yaml", "format: 1\n\tslug: x\n", "course.yaml:2: a tab stands where YAML wants spaces"),
        ("course.yaml", COURSE.replace("format: 1", "format: 2"), "course.yaml:1: “format” is 2; it should be 1"),
        ("course.yaml", COURSE.replace("title: Sample", "title: A: B"), "course.yaml:11: a colon within a text"),
        ("course.yaml", COURSE + "slug: other\n", "course.yaml:17: “slug” stands here twice; keep one"),
        (
            "course.yaml",
            COURSE.replace("code: BOR 7", "code: &a BOR 7").replace("CC-BY-4.0", "*a"),
            "anchors and aliases",
        ),
        ("course.yaml", COURSE.replace("[hello, film]", "[hello, hello, film]"), "“hello” stands here twice; keep one"),
        ("course.yaml", COURSE + "checked_on: 2026-02-30\n", "“2026-02-30” is no day of the calendar"),
        ("course.yaml", COURSE + "checked_on: yesterday\n", "course.yaml:17: “checked_on” is “yesterday”"),
        ("course.yaml", COURSE.replace("[en]", "[en, es]"), "the course has no texts in “es”"),
        ("course.yaml", COURSE.replace("[en]", "[es]"), "“en” is not among the course’s languages; add it there"),
        ("course.yaml", COURSE.replace("title: {en: Part one}", "title: {es: Parte}"), "has no title in “en”"),
        ("course.yaml", COURSE.replace("code: BOR 7", "code: yes: no"), "course.yaml:3:"),
        (
            "course.yaml",
            COURSE.replace("code: BOR 7", "code: 12"),
            "course.yaml:3: “code” is 12; it should be the code",
        ),
        ("course.yaml", b"\xff\xfe" + COURSE.encode(), "course.yaml:1: the file is not UTF-8 text"),
        ("lessons/hello.md", "No head.\n", "lessons/hello.md:1: the head of the lesson is missing"),
        ("lessons/hello.md", HELLO.replace("kind: text", "kind: dance"), "hello.md:2: unknown kind “dance”; known are"),
        ("lessons/hello.md", HELLO.replace("title: Hello\n", ""), "hello.md:2: “title” is missing; give a text"),
        ("lessons/hello.md", HELLO.replace("minutes: 5", "minutes: 1.5"), "hello.md:4: “minutes” is “1.5”"),
        ("lessons/hello.md", HELLO.replace("minutes: 5", "minutes: 0"), "hello.md:4: “minutes” is 0; the least is 1"),
        (
            "lessons/hello.md",
            HELLO.replace("minutes: 5", "minutes: 5\nmood: x"),
            "hello.md:5: “mood” is not known here",
        ),
        (
            "lessons/hello.md",
            HELLO + "<script>x</script>\n",
            "hello.md:10: raw HTML “<script>x</script>” is not allowed",
        ),
        ("lessons/hello.md", HELLO + "\n# Big\n", "hello.md:11: “#” is the page’s own heading; start at “##”"),
        ("lessons/hello.md", HELLO + "\n![x](https://example.org/x.png)\n", "hello.md:11: “https://example.org/x.png”"),
        ("lessons/hello.md", HELLO + "\n![x](media/gone.png)\n", "hello.md:11: “media/gone.png” is not there"),
        (
            "lessons/hello.md",
            HELLO.replace("minutes: 5", "rule: {opens_after: [film]}\nminutes: 5"),
            "opens after itself",
        ),
        ("lessons/hello.md", HELLO + "Bad \x07 bell\n", "hello.md:10: there is a control character"),
        ("lessons/hello.md", "---\nkind: text\ntitle: x\nminutes: 5\n---\n", "the lesson has no text; write some"),
        (
            "lessons/film.md",
            FILM.replace("captions:", "subtitles: {Spanish: media/film.en.vtt}, captions:"),
            "“subtitles” is “Spanish”; it should be a language code",
        ),
        ("lessons/film.md", FILM.replace("film.mp4", "movie.mp4"), "film.md:6: “media/movie.mp4” is not there"),
        ("lessons/film.md", FILM.replace("media/film.mp4", "../film.mp4"), "film.md:6: “file” is “../film.mp4”"),
        ("lessons/do.md", HELLO, "“do” cannot be a lesson’s uid"),
        ("lessons/Film Two.txt", "x", "use only letters, digits, dots, hyphens and underscores"),
        ("lessons/notes.txt", "x", "lessons are called lessons/<uid>.md or lessons/<uid>.yaml"),
        ("lessons/hello.yaml", "kind: text\n", "another file holds the same lesson in the same language"),
        ("lessons/hello.es.md", HELLO, "“es” is not among the languages of course.yaml"),
        ("media/film.mp4", mp4()[:-30], "media/film.mp4: The video ends before its index says so"),
        ("media/film.mp4", mp4().replace(b"moov", b"free"), "media/film.mp4: The video has no index"),
        ("media/film.mp4", CAPTIONS, "media/film.mp4: the content is none that a course may hold"),
        ("media/film.en.vtt", "WEBVTT\n\n00:02.000 --> 00:01.000\nBack\n", "media/film.en.vtt: these are no captions"),
        ("media/film.en.vtt", "WEBVTT\n", "there is no cue in it"),
        ("media/dot.png", "<html><script>", "media/dot.png: the content is none that a course may hold"),
        ("media/deep/dot.png", b"\x89PNG\r\n\x1a\n", "media/ holds files only, no folders"),
    ],
)
def test_a_fault_is_told_with_what_would_be_right(tmp_path, name, text, said):
    found = faults_of(write_sample(tmp_path, **{name: text}))
    assert any(said in fault for fault in found), found


def test_a_slow_start_is_a_warning_only(tmp_path):
    course = sample(tmp_path, **{"media/film.mp4": mp4(moov_first=False)})
    (warning,) = course.warnings
    assert "fast start" in str(warning)


def test_deep_nesting_is_refused(tmp_path):
    found = faults_of(write_sample(tmp_path, **{"course.yaml": COURSE + "credits: " + "[" * 3000 + "]" * 3000 + "\n"}))
    assert any("too deep" in fault for fault in found)


def test_words_like_no_and_dates_stay_words(tmp_path):
    course = sample(tmp_path, **{"course.yaml": COURSE + "credits: [no, 2026-01-01, 1e3, '']\n".replace(", ''", "")})
    assert course.spec.credits == ("no", "2026-01-01", "1e3")


def test_another_language_says_only_what_differs(tmp_path):
    texts = COURSE.replace("[en]", "[en, es]").replace("{en: Part one}", "{en: Part one, es: Parte uno}")
    texts = texts.replace("modules:", "  es:\n    title: Muestra\n    summary: Un curso.\nmodules:")
    spanish = "---\ntitle: Película\nminutes: 3\nvideo: {captions: media/film.es.vtt}\n---\n\nPuntos.\n"
    course = sample(tmp_path, **{"course.yaml": texts, "lessons/film.es.md": spanish, "media/film.es.vtt": CAPTIONS})
    film = course.spec.lessons[1]
    assert film.texts["es"].content["video"] == {"file": "media/film.mp4", "captions": "media/film.es.vtt"}
    assert film.texts["es"].content["body"] == "Puntos.\n"
    assert list(course.spec.lessons[0].texts) == ["en"]


def test_kind_and_rule_stand_in_the_first_language_only(tmp_path):
    texts = COURSE.replace("[en]", "[en, es]").replace("{en: Part one}", "{en: Part one, es: Parte uno}")
    texts = texts.replace("modules:", "  es:\n    title: Muestra\n    summary: Un curso.\nmodules:")
    found = faults_of(write_sample(tmp_path, **{"course.yaml": texts, "lessons/hello.es.md": HELLO}))
    assert "lessons/hello.es.md:2: “kind” has no place here; take it out" in found


# What leads out, and what is too big


def test_links_are_refused(tmp_path):
    root = write_sample(tmp_path / "course")
    (tmp_path / "secret.txt").write_text("secret")
    (root / "media" / "link.txt").symlink_to(tmp_path / "secret.txt")
    (root / "more").symlink_to(tmp_path)
    os.mkfifo(root / "media" / "pipe.txt")
    found = faults_of(root)
    assert [fault.partition(":")[0] for fault in found] == ["media/link.txt", "media/pipe.txt", "more"]


def test_limits_of_folders(tmp_path, settings):
    root = write_sample(tmp_path)
    settings.IMPORT_MAX_FILES = 3
    assert "there are more than 3 files" in faults_of(root)[0]
    settings.IMPORT_MAX_FILES = 100
    settings.IMPORT_MAX_BYTES = 100
    assert "all files together" in faults_of(root)[0]
    settings.IMPORT_MAX_BYTES = 10**9
    settings.IMPORT_MAX_FILE_BYTES = 50
    assert any(fault.startswith("media/film.mp4: the file has") for fault in faults_of(root))


def pack(path: Path, members: dict[str, bytes | str], **how) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = how.get(name, 0o100644) << 16
            archive.writestr(info, content)
    return path


def sample_archive(tmp_path: Path, prefix: str = "", **more) -> Path:
    root = write_sample(tmp_path / "packed")
    members = {f"{prefix}{each.relative_to(root)}": each.read_bytes() for each in root.rglob("*") if each.is_file()}
    return pack(tmp_path / "course.zip", {**members, **more})


@pytest.mark.parametrize("prefix", ["", "sample/"])
@pytest.mark.django_db
def test_an_archive_is_imported_with_or_without_a_folder_around_it(tmp_path, prefix):
    archive = sample_archive(tmp_path, prefix, **{"__MACOSX/._x": b"\x00", f"{prefix}.DS_Store": b"\x00"})
    assert import_folder(path=archive, actor=None).course.slug == "sample"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("../escape.md", "leads out of the archive"),
        ("lessons/../../escape.md", "leads out of the archive"),
        ("/etc/escape.md", "leads out of the archive"),
        ("..\\escape.md", "leads out of the archive"),
        ("C:\\escape.md", "leads out of the archive"),
        ("COURSE.yaml", "stands twice in the archive"),
        ("lessons/a b.md", "use only letters"),
    ],
)
@pytest.mark.django_db
def test_an_archive_that_leads_out_is_refused_and_nothing_is_written(tmp_path, name, said):
    archive = sample_archive(tmp_path, **{name: "x"})
    with pytest.raises(FolderFaults, match=said):
        import_folder(path=archive, actor=None)
    assert not list(tmp_path.glob("**/escape.md"))
    assert not Course.objects.exists()
    assert not MediaFile.objects.exists()


def test_links_in_archives_are_refused(tmp_path):
    archive = pack(
        tmp_path / "course.zip", {"media/link.png": "/etc/passwd"}, **{"media/link.png": stat.S_IFLNK | 0o777}
    )
    with pytest.raises(FolderFaults, match="link to another file"):
        unpack(archive, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_bombs_are_refused_before_they_are_unpacked(tmp_path, settings):
    archive = pack(tmp_path / "bomb.zip", {"media/zeros.txt": b"\x00" * (12 * 1024 * 1024)})
    assert archive.stat().st_size < 100_000
    with pytest.raises(FolderFaults, match="more than 100 times its size"):
        unpack(archive, tmp_path / "out")
    settings.IMPORT_MAX_BYTES = 1024 * 1024
    with pytest.raises(FolderFaults, match="all files together"):
        unpack(archive, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_archive_that_lies_about_its_size_is_stopped(tmp_path):
    archive = pack(tmp_path / "liar.zip", {"media/zeros.txt": b"\x00" * 5000})
    data = archive.read_bytes()
    true, lie = (5000).to_bytes(4, "little"), (50).to_bytes(4, "little")
    assert data.count(true) == 2
    archive.write_bytes(data.replace(true, lie))
    with pytest.raises(FolderFaults):
        unpack(archive, tmp_path / "out")


def test_many_files_are_refused(tmp_path, settings):
    settings.IMPORT_MAX_FILES = 20
    archive = pack(tmp_path / "many.zip", {f"media/{number}.txt": "x" for number in range(30)})
    with pytest.raises(FolderFaults, match="more than 20 files"):
        unpack(archive, tmp_path / "out")


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"PK\x05\x06" + b"\x00" * 18, b"x" * 500])
def test_what_is_no_archive_is_refused(tmp_path, data):
    path = tmp_path / "course.zip"
    path.write_bytes(data)
    (tmp_path / "out").mkdir()
    with pytest.raises(FolderFaults):
        read(scan(unpack(path, tmp_path / "out")))


def test_a_damaged_archive_is_refused(tmp_path):
    archive = sample_archive(tmp_path)
    data = bytearray(archive.read_bytes())
    data[40:120] = b"\x00" * 80
    archive.write_bytes(bytes(data))
    (tmp_path / "out").mkdir()
    with pytest.raises(FolderFaults, match=r"not a sound \.zip"):
        unpack(archive, tmp_path / "out")


def test_a_file_that_is_also_a_folder_is_refused(tmp_path):
    archive = pack(tmp_path / "clash.zip", {"media": "x", "media/a.txt": "y"})
    (tmp_path / "out").mkdir()
    with pytest.raises(FolderFaults):
        unpack(archive, tmp_path / "out")


@pytest.mark.django_db
def test_a_faulty_folder_writes_nothing(tmp_path):
    root = write_sample(tmp_path / "course", **{"lessons/hello.md": "no head"})
    with pytest.raises(FolderFaults):
        import_folder(path=root, actor=None)
    assert not Course.objects.exists()
    assert not MediaFile.objects.exists()
    assert not (tmp_path / "media").exists()


def test_a_name_that_only_looks_like_a_number_is_a_fault_with_its_line(tmp_path):
    root = write_sample(
        tmp_path / "course", **{"lessons/hello.md": HELLO.replace("minutes: 5", "minutes: 5\nrule: {²: 1}")}
    )
    with pytest.raises(FolderFaults) as caught:
        read(scan(root))
    assert [(fault.file, fault.line) for fault in caught.value.faults] == [("lessons/hello.md", 5)]
