"""Questions of every type, generated: canonical ones, whose parts are called a, b, c as readers call them."""

from collections.abc import Mapping
from html import escape
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from quizzes.exchange.html import escaped
from quizzes.exchange.numbers import part_id
from quizzes.exchange.proving import prove
from quizzes.registry import types

Content = dict[str, Any]

# Signs that mean something to a format stand in texts more often than chance would have them.
SIGNS = "~=#{}:\\%*[]<>&'\"`_-+;,|./$()@!?^ \n"
letters = st.characters(blacklist_categories=("Cs", "Cc"), max_codepoint=0xFFFF)
texts = (
    st.text(st.sampled_from(SIGNS + "abn1é漢") | letters, min_size=1, max_size=24)
    | st.sampled_from(
        ["->", "[html]x", "%50%x", "T", "//x", "::x::", "####", "a -> b", "\\n", "=cmd|' /C calc'!A0", "'=1", "x*y", "\\*"]
    )
).map(str.strip).filter(bool)  # fmt: skip
lines = texts.map(lambda text: " ".join(text.split())).filter(bool)
plain_lines = lines.map(escaped)
plain_html = lines.map(lambda text: escape(text, quote=False))
shares = st.integers(1, 99).map(str)
decimals = (
    st.decimals(-10_000, 10_000, places=3).map(lambda value: f"{value.normalize():f}").filter(lambda each: each != "-0")
)


def rows(*fields: tuple[str, st.SearchStrategy[Any]], least: int, most: int) -> st.SearchStrategy[list[Content]]:
    row = st.fixed_dictionaries(dict(fields))
    return st.lists(row, min_size=least, max_size=most).map(
        lambda found: [{"id": part_id(at), **each} for at, each in enumerate(found)]
    )


@st.composite
def common(draw: Any, kind: str) -> Content:
    content: Content = {"uid": draw(st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,2}", fullmatch=True)), "type": kind}
    content["stem"] = draw(texts)
    content |= draw(st.fixed_dictionaries({}, optional={"general_feedback": texts, "shuffle": st.just(False)}))
    if draw(st.booleans()):
        content["format"] = "html"
    return content


@st.composite
def single(draw: Any) -> Content:
    content = draw(common("single"))
    options = draw(rows(("text", texts), ("feedback", texts | st.just("")), least=2, most=5))
    right = draw(st.integers(0, len(options) - 1))
    for at, option in enumerate(options):
        option["right"] = at == right
        if at != right and draw(st.booleans()):
            option["share"] = draw(shares)
    return content | {"options": options}


def plain_single() -> st.SearchStrategy[Content]:
    """Plain words alone, as the simplest formats hold them."""
    plain = st.text(st.sampled_from("abcé漢 12<>*_&"), min_size=1, max_size=20).map(lambda text: " ".join(text.split()))
    words_only = plain.filter(bool).map(escaped)
    options = rows(("text", words_only), ("feedback", st.just("")), least=2, most=6)
    return st.builds(
        lambda stem, found, right: {
            "uid": "q",
            "type": "single",
            "stem": stem,
            "options": [{**each, "right": at == right % len(found)} for at, each in enumerate(found)],
        },
        words_only,
        options,
        st.integers(0, 5),
    )


@st.composite
def multi(draw: Any, ways: tuple[str, ...] = ("penalty", "shares")) -> Content:
    content = draw(common("multi"))
    options = draw(rows(("text", texts), ("feedback", texts | st.just("")), ("right", st.booleans()), least=3, most=6))
    assume(any(option["right"] for option in options))
    credit = draw(st.sampled_from(ways))
    if credit == "shares":
        rights = sum(option["right"] for option in options)
        assume(rights > 1)
        for option in options:
            # Not what equal weights would be, which is the default credit in other words.
            option["share"] = "100" if option["right"] else draw(st.integers(-49, -1).map(str))
        content["credit"] = "shares"
    elif credit != "penalty":
        content["credit"] = credit
    return content | {"options": options}


@st.composite
def truth(draw: Any) -> Content:
    true = draw(st.booleans())
    options = [
        {"id": name, "text": words, "right": (name == "true") == true, "feedback": draw(texts | st.just(""))}
        for name, words in (("true", "True"), ("false", "False"))
    ]
    return draw(common("tf")) | {"options": options}


@st.composite
def match(draw: Any) -> Content:
    content = draw(common("match"))
    # Right sides are plain text elsewhere, so here they have no mark-up.
    lines = plain_lines if content.get("format") != "html" else plain_html
    pairs = draw(rows(("left", texts), ("right", lines), least=2, most=4))
    extras = draw(rows(("text", lines), least=0, most=2))
    for at, extra in enumerate(extras, start=len(pairs)):
        extra["id"] = part_id(at)
    return content | {"pairs": pairs} | ({"extras": extras} if extras else {})


@st.composite
def words(draw: Any) -> Content:
    answers = draw(rows(("text", lines), ("feedback", texts | st.just("")), least=1, most=4))
    for answer in answers[1:]:
        if draw(st.booleans()):
            answer["share"] = draw(shares | st.just("0"))
    for answer in answers:
        if "*" in answer["text"].replace("\\*", "") and draw(st.booleans()):
            answer["match"] = "wildcard"
    other = draw(st.fixed_dictionaries({}, optional={"other_feedback": texts}))
    return draw(common("text")) | {"answers": answers} | other


@st.composite
def numbers(draw: Any, *, relative: bool = False) -> Content:
    answers = draw(rows(("value", decimals), ("feedback", texts | st.just("")), least=1, most=3))
    for answer in answers:
        if draw(st.booleans()):
            answer["tolerance"] = draw(decimals.map(lambda value: value.lstrip("-")))
        if relative and draw(st.booleans()):
            answer["relative"] = True
    for answer in answers[1:]:
        answer["share"] = draw(shares)
    other = draw(st.fixed_dictionaries({}, optional={"other_feedback": texts}))
    return draw(common("num")) | {"answers": answers} | other


@st.composite
def essay(draw: Any) -> Content:
    levels = [{"id": "a", "text": "Not met", "points": 0}, {"id": "b", "text": "Met", "points": 1}]
    return draw(common("essay")) | {"rubric": [{"id": "a", "text": "The answer as a whole", "levels": levels}]}


OTHERS: Mapping[str, Content] = {
    "order": {"items": [{"id": "a", "text": "First"}, {"id": "b", "text": "Then: x"}], "credit": "position"},
    "group": {
        "groups": [{"id": "a", "text": "Ours"}, {"id": "b", "text": "Theirs"}],
        "items": [{"id": "a", "text": "x", "group": "a"}, {"id": "b", "text": "y", "group": "b", "feedback": "No."}],
    },
    "cloze": {
        "stem": "It takes [[days]] days, says [[who]].",
        "gaps": [
            {"id": "days", "kind": "num", "points": 2, "answers": [{"id": "a", "value": "5", "tolerance": "0.5"}]},
            {
                "id": "who",
                "kind": "choice",
                "options": [{"id": "a", "text": "we", "right": True}, {"id": "b", "text": "they", "right": False}],
            },
        ],
    },
    "date": {"answers": [{"id": "a", "value": "2026-12-31", "before": 1, "share": "100"}], "other_feedback": "No."},
    "essay": {
        "rubric": [
            {
                "id": "a",
                "text": "Clear?",
                "levels": [{"id": "a", "text": "-", "points": 0}, {"id": "b", "text": "+", "points": 4}],
            }
        ],
        "words_min": 50,
        "notes": "Look for: *why*.",
    },
    "calc": {
        "stem": "What are {n} times {m}?",
        "variables": [{"id": "n", "min": "1", "max": "5", "step": "0.5"}, {"id": "m", "values": ["2", "4"]}],
        "answers": [{"id": "a", "formula": "n * m", "tolerance": "0.01"}],
    },
}


@st.composite
def others(draw: Any) -> Content:
    """The types that few formats have, with replies of all kinds."""
    kind = draw(st.sampled_from(sorted(OTHERS)))
    return draw(common(kind)) | OTHERS[kind]


def sound(content: Content) -> Mapping[str, Any]:
    """The canonical question; hypothesis tries another when it has faults."""
    assume(not prove(content))
    return types[content["type"]].snapshot(content)
