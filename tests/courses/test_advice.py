"""Rules that advise authors: what trips each, what does not, and that none ever falls over."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.advice import course as whole
from courses.advice import reading, time, words
from courses.advice.registry import Around, FileFacts, LinkFacts, TextRead, register_text_rule
from courses.kinds import prose
from courses.registry import kinds

PLAIN = "Ask the lender first. " * 40
HARD = (
    "Interlibrary collaboration necessitates comprehensive documentation of institutional responsibilities, "
    "particularly whenever international organisations simultaneously administer heterogeneous reproduction "
    "requests notwithstanding incompatible technological infrastructures. "
)
CHECK = "```check\nquestion: {uid: a, type: truefalse, prompt: Is it so?, answer: true}\n```\n"


def read(body: str, *, language: str = "en", form: str = "md") -> TextRead:
    return reading.read_text("text", language, {"body": body, "source_format": form})


def around(body: str = "Short.\n", *, kind: str = "text", minutes: int = 1, content=None, **more) -> Around:
    content = content or {"body": body}
    return Around(kind, "en", minutes, content, reading.read_text(kind, "en", content), **more)


def rules(found) -> set[str]:
    return {finding.rule for finding in found}


@pytest.mark.parametrize(
    ("rule", "trips", "stands"),
    [
        ("reading-level", HARD * 5, PLAIN),
        ("reading-level", HARD * 5, HARD),  # too short to say
        ("long-sentences", f"{PLAIN} {'and then one more word ' * 8}.", PLAIN),
        ("colour-only", "Fill in the red ones.", "Green open access is free; the White Paper is not."),
        ("colour-only", "Late loans are shown in green.", "The library is shown on the map; see the greenhouse."),
        ("colour-only", "Red means stop.", "The black-and-white copy is enough."),
        ("link-words", "[Click here](https://example.org/).", "[The lending code](https://example.org/)."),
        ("link-words", "See [here.](https://example.org/)", "See here."),
        ("table-heads", "|  |  |\n|--|--|\n| a | b |", "| Fee | Days |\n|--|--|\n| a | b |"),
        ("picture", "![](media/a.png)", "![A shelf](media/a.png)"),
        ("kind", "## One\n\n#### Too deep", "## One\n\n### Two"),
    ],
)
def test_each_rule_has_what_trips_it_and_what_does_not(rule, trips, stands):
    assert rule in rules(read(f"{trips}\n").findings)
    assert rule not in rules(read(f"{stands}\n").findings)


def test_rich_text_is_read_as_markdown_is():
    html = "<table><tbody><tr><td>a</td></tr></tbody></table><p>See <a href='https://example.org/'>here</a>.</p>"
    assert rules(read(html, form="html").findings) == {"table-heads", "link-words"}
    headed = "<table><tbody><tr><th>Fee</th></tr><tr><td>a</td></tr></tbody></table>"
    assert read(headed, form="html").findings == ()


def test_nothing_is_said_of_how_other_languages_read():
    body = f"{HARD * 5}\n\nFill in the red ones.\n"
    assert rules(read(body).findings) >= {"reading-level", "colour-only"}
    assert read(body, language="es").findings == ()


@pytest.mark.parametrize(
    ("word", "count"), [("cat", 1), ("lender", 2), ("table", 2), ("made", 1), ("library", 3), ("xyz", 1)]
)
def test_syllables_are_counted_about_right(word, count):
    assert words.syllables(word) == count


def test_the_grade_is_that_of_the_formula():
    said = words.sentences(["The cat sat on the mat."])
    assert words.grade(said) == pytest.approx(0.39 * 6 + 11.8 * 1 - 15.59)


@pytest.mark.parametrize(
    ("amount", "film_ms", "minutes"), [(400, 0, 2), (0, 0, None), (100, None, None), (0, 90_000, 2), (30, 0, 1)]
)
def test_minutes_are_guessed_from_words_and_what_plays(amount, film_ms, minutes):
    assert time.estimate(amount, film_ms) == minutes


@pytest.mark.parametrize(
    ("body", "minutes", "said"),
    [
        (PLAIN, 1, set()),
        (PLAIN, 12, {"long", "minutes"}),
        (f"{PLAIN} " * 5, 1, {"minutes"}),  # 800 words
        (f"{PLAIN} " * 5, 6, set()),
        (f"{PLAIN} " * 15, 9, {"long", "unasked"}),
        (f"{PLAIN} " * 15 + f"\n\n{CHECK}", 9, {"long"}),
    ],
)
def test_long_lessons_and_minutes_that_are_far_from_what_they_take(body, minutes, said):
    found = rules(reading.findings_of(around(f"{body}\n", minutes=minutes)))
    assert found == said


def test_a_film_over_five_minutes_wants_chapters_once_its_length_is_known():
    content = {"body": "", "video": {"file": "media/film.mp4", "captions": "media/film.vtt"}}
    known = {"film.mp4": FileFacts(duration_ms=6 * 60_000)}
    assert "chapters" in rules(reading.findings_of(around(kind="video", minutes=6, content=content, files=known)))
    assert reading.findings_of(around(kind="video", minutes=6, content=content)) == []
    short = {"film.mp4": FileFacts(duration_ms=4 * 60_000)}
    assert reading.findings_of(around(kind="video", minutes=4, content=content, files=short)) == []
    chaptered = {"body": "", "video": {**content["video"], "chapters": "media/film.chapters.vtt"}}
    assert reading.findings_of(around(kind="video", minutes=6, content=chaptered, files=known)) == []


def test_only_a_link_that_was_asked_for_and_failed_is_dead():
    body = "[Rules](https://example.org/rules#part)\n"
    address = "https://example.org/rules"
    assert read(body).links == (address,)
    dead = {address: LinkFacts(ok=False, said="status-404")}
    assert "dead-link" in rules(reading.findings_of(around(body, links=dead)))
    for facts in ({}, {address: LinkFacts(ok=None)}, {address: LinkFacts(ok=True)}):
        assert reading.findings_of(around(body, links=facts)) == []


def test_facts_of_over_a_year_ago_and_files_from_nowhere():
    today = dt.date(2026, 11, 30)
    assert list(whole.facts_checked(today - dt.timedelta(days=366), today))
    assert not list(whole.facts_checked(today - dt.timedelta(days=365), today))
    assert not list(whole.facts_checked(None, today))
    files = {
        "a.png": FileFacts(),
        "b.png": FileFacts(source="Hana Whitfield"),
        "c.vtt": FileFacts(),
        "d.png": FileFacts(),
    }
    (finding,) = whole.unsourced(files, {"a.png", "b.png", "c.vtt"})
    assert "a.png" in finding.sentence
    assert "b.png" not in finding.sentence


def test_a_rule_that_is_taken_is_refused():
    with pytest.raises(ValueError, match="link-words"):
        register_text_rule("link-words", lambda view: ())


def test_an_empty_lesson_says_nothing():
    for name in ("text", "video", "audio"):
        assert reading.read_text(name, "en", kinds[name].blank("en")) == TextRead()


leaves = st.none() | st.booleans() | st.integers() | st.text()
json_values = leaves | st.lists(leaves) | st.dictionaries(st.sampled_from(["file", "captions", "x"]), leaves)
bodies = st.text() | st.lists(
    st.sampled_from(
        ["# ", "[here](", ")", "![", "|", "\n", "```check", "<table>", "<a href='https://x", "'>", ":::", "red ", "."]
    )
).map("".join)


@given(
    kind=st.sampled_from(["text", "video", "audio", "quiz", "practice", "none"]),
    content=st.dictionaries(st.sampled_from(["body", "video", "x"]), json_values),
)
def test_no_content_is_too_odd_to_be_read(kind, content):
    reading.read_text(kind, "en", content)


@given(
    body=bodies,
    form=st.sampled_from(["md", "html"]),
    minutes=st.integers(1, 600),
    language=st.sampled_from(["en", "es", ""]),
)
def test_no_body_makes_a_rule_fall_over(body, form, minutes, language):
    content = {"body": body, "source_format": form}
    text = reading.read_text("text", language, content)
    found = reading.findings_of(Around("text", language, minutes, content, text))
    assert all(finding.sentence.strip() for finding in found)
    assert prose.body_faults(content) is not None
