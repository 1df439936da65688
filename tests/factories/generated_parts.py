"""Questions with parts, generated: orders, groups, gaps, formulas and pictures, beside ``generated_questions``."""

from typing import Any

from hypothesis import strategies as st

from tests.factories.generated_questions import Content, common, decimals, letters, lines, rows, shares, texts

# What stands in a gap beside its signs; no brackets, which mark the gaps of a text here.
inside = (
    st.text(st.sampled_from("~=#{}:\\%*<>&;'\" ab1") | letters, min_size=1, max_size=12).map(str.strip).filter(bool)
)
stems = texts.filter(lambda text: "[" not in text and "]" not in text and "{" not in text)
plain_words = st.text("abcdefgh -'", min_size=1, max_size=12).map(lambda text: " ".join(text.split())).filter(bool)


@st.composite
def order(draw: Any, ways: tuple[str, ...] = ("adjacent", "position", "all")) -> Content:
    items = draw(rows(("text", texts), least=2, most=5))
    return draw(common("order")) | {"items": items, "credit": draw(st.sampled_from(ways))}


@st.composite
def group(draw: Any) -> Content:
    groups = draw(rows(("text", texts), least=2, most=4))
    names = st.sampled_from([each["id"] for each in groups])
    items = draw(rows(("text", texts), ("group", names), least=2, most=6))
    return draw(common("group")) | {"groups": groups, "items": items}


@st.composite
def choice_gap(draw: Any, replies: bool = True) -> Content:
    options = draw(rows(("text", inside), least=2, most=4))
    right = draw(st.integers(0, len(options) - 1))
    for at, option in enumerate(options):
        option["right"] = at == right
        if at != right and draw(st.booleans()):
            option["share"] = draw(shares)
        if replies and draw(st.booleans()):
            option["feedback"] = draw(inside)
    return {"kind": "choice", "options": options}


@st.composite
def typed_gap(draw: Any, replies: bool = True) -> Content:
    if draw(st.booleans()):
        answers = draw(rows(("value", decimals), ("tolerance", st.sampled_from(["0", "0.5", "2"])), least=1, most=3))
        gap: Content = {"kind": "num", "answers": answers}
    else:
        answers = draw(rows(("text", plain_words), least=1, most=3))
        gap = {"kind": "text", "answers": answers, "case": draw(st.booleans())}
    for answer in gap["answers"][1:]:
        answer["share"] = draw(shares)
    if replies and draw(st.booleans()):
        gap["feedback"] = draw(inside)
    return gap


@st.composite
def cloze(draw: Any, replies: bool = True) -> Content:
    gaps = draw(st.lists(choice_gap(replies) | typed_gap(replies), min_size=1, max_size=3))
    named = [{"id": str(at), "points": draw(st.integers(1, 9)), **each} for at, each in enumerate(gaps, start=1)]
    parts = [f"{draw(stems)} [[{each['id']}]]" for each in named]
    return draw(common("cloze")) | {"stem": " ".join([*parts, draw(stems)]), "gaps": named}


@st.composite
def calculated(draw: Any) -> Content:
    step = draw(st.sampled_from(["1", "0.5", "0.01"]))
    variables = [
        {"id": "x", "min": "1", "max": str(draw(st.integers(2, 99))), "step": step},
        {"id": "yy_2", "values": draw(st.lists(decimals, min_size=1, max_size=5))},
    ]
    formula = draw(st.sampled_from(["x + yy_2", "x ** 2 - 3 * yy_2", "max(x, yy_2) / x", "round(sqrt(x), 2)"]))
    answer: Content = {"id": "a", "formula": formula, "tolerance": draw(st.sampled_from(["0", "0.1", "5"]))}
    answer |= draw(st.fixed_dictionaries({}, optional={"places": st.integers(0, 6), "relative": st.just(True)}))
    if answer["tolerance"] == "0":
        answer.pop("relative", None)
    return draw(common("calc")) | {"stem": "What is {x} and {yy_2}?", "variables": variables, "answers": [answer]}


@st.composite
def hotspot(draw: Any) -> Content:
    side = st.integers(0, 40)
    shapes = (
        st.tuples(side, side, st.integers(50, 90), st.integers(50, 90)).map(lambda each: ("rect", list(each)))
        | st.tuples(st.integers(20, 60), st.integers(20, 60), st.integers(1, 19)).map(lambda each: ("circle", list(each)))
    )  # fmt: skip
    areas = []
    for at, (shape, coords) in enumerate(draw(st.lists(shapes, min_size=1, max_size=4))):
        area = {"id": "abcd"[at], "shape": shape, "coords": coords, "text": draw(plain_words), "right": at == 0}
        areas.append({**area, "right": at == 0 or draw(st.booleans())})
    picture = {"image": "media/plan.png", "alt": draw(lines), "width": 100, "height": 100}
    return draw(common("hotspot")) | picture | {"areas": areas}
