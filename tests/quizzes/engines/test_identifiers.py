"""Numbers and links: the arithmetic, how a link is read, and what each answer is worth."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import isbn, issn

from quizzes.engines.identifiers import Identifiers, digits, openurl
from quizzes.engines.registry import NotAllowed
from quizzes.engines.scoring import percent, play

ENGINE = Identifiers()
LEVELS = st.sampled_from(["basic", "working", "advanced"])
SEEDS = st.integers(min_value=1, max_value=2**32 - 1)
P_F3 = (
    "http://r.example.org/?genre=article&title=Reading%2520the%2520Map&atitle=Legends%20and%20silence"
    "&aulast=Brandt&date=2012&spage=98&epage=77&isbn=0999990136&sid=example:oldindex"
)


def case(*items: dict[str, Any]) -> dict[str, Any]:
    return {"uid": "a", "title": "A", "items": [{"id": f"i{at}", **item} for at, item in enumerate(items, 1)]}


def item(kind: str, given: str, *asks: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "given": given, "ask": [{"id": each} for each in asks], **more}


def worth(world: dict[str, Any], **answers: Any) -> int:
    done = play(ENGINE, world, [{"verb": "finish", "answers": {f"i1.{ask}": each for ask, each in answers.items()}}])
    return percent(ENGINE.grade(world, done))


# --- numbers


@pytest.mark.parametrize(
    ("scheme", "text", "total", "remainder", "check", "valid"),
    [
        (digits.ISBN10, "0–306–40615–2 (pbk)", 130, 9, "2", True),
        (digits.ISBN13, "978-0-306-40651-7", 85, 5, "5", False),
        (digits.ISBN10, "080442957x", 199, 1, "X", True),
        (digits.ISSN, "ISSN 0378-5955", 160, 6, "5", True),
        (digits.ISSN, "2434-561X", 122, 1, "X", True),
        (digits.ISSN, "9990-0071", 203, 5, "6", False),
        (digits.ISSN, "9990-0017", 191, 4, "7", True),
    ],
)
def test_the_table_is_worked_out_as_the_rules_say(scheme, text, total, remainder, check, valid):
    table = digits.working(scheme, text)
    assert (table.total, table.remainder, table.check) == (total, remainder, check)
    assert digits.is_valid(scheme, text) is valid


def test_what_stands_around_a_number_does_not_change_it():
    assert digits.clean("ISBN-13: 978‑0‑99999‑014—8 (hardback)") == "9780999990148"
    assert digits.clean("isbn 10: 0 8044 2957 x") == "080442957X"
    assert digits.clean("eISSN 2434–561x") == "2434561X"


def test_an_x_within_a_number_makes_it_no_number():
    assert digits.working(digits.ISSN, "2434-X615") is None
    assert not digits.is_valid(digits.ISBN13, "978099999014X")


def test_979_has_no_isbn_10():
    assert digits.to_isbn10("979-0-99999-050-5") is None
    assert digits.to_isbn13("0306406152").number == "9780306406157"
    assert digits.to_isbn10("9780306406157").number == "0306406152"


@given(st.from_regex(r"[0-9]{9}", fullmatch=True))
def test_a_second_opinion_agrees_on_every_number(nine: str):
    ten, eight = digits.work_out(digits.ISBN10, nine).number, digits.work_out(digits.ISSN, nine[:7]).number
    assert isbn.is_valid(ten)
    assert issn.is_valid(eight)
    assert isbn.to_isbn13(ten) == digits.to_isbn13(ten).number
    assert digits.to_isbn10(digits.to_isbn13(ten).number).number == ten


@given(st.from_regex(r"[0-9]{9}", fullmatch=True), st.integers(0, 8), st.integers(1, 9))
def test_every_single_wrong_digit_shows(nine: str, at: int, more: int):
    for scheme, start in ((digits.ISBN10, ""), (digits.ISBN13, "978")):
        number = digits.work_out(scheme, start + nine).number
        wrong = number[:at] + str((int(number[at]) + more) % 10) + number[at + 1 :]
        assert not digits.is_valid(scheme, wrong)


@given(st.from_regex(r"978[0-9]{9}", fullmatch=True), st.integers(0, 10))
def test_an_exchange_of_neighbours_passes_an_isbn_13_only_when_they_differ_by_5(twelve: str, at: int):
    number = digits.work_out(digits.ISBN13, twelve).number
    distance = abs(int(number[at]) - int(number[at + 1]))
    assert digits.is_valid(digits.ISBN13, digits.exchanged(number, at)) is (distance in (0, 5))


@pytest.mark.parametrize(
    ("seen", "right", "what"),
    [
        ("0 99999 021 7", "0-99999-021-7", "same"),
        ("0-99999-012-7", "0-99999-021-7", "swap"),
        ("978-0-99999-061-2", "978-0-99999-016-2", "unseen"),
        ("0-99999-043-3", "0-99999-043-8", "check"),
        ("0-99909-043-8", "0-99999-043-8", "digit"),
        ("9990-034", "9990-0343", "length"),
        ("9990-0459", "9990-0564", "other"),
    ],
)
def test_what_happened_to_a_number_shows_beside_the_record(seen, right, what):
    assert digits.diagnosis(seen, right) == what


# --- links


def test_a_link_of_the_old_style_is_read_and_its_faults_are_named():
    link = openurl.parse(P_F3)
    assert link.version == "0.1"
    assert link.said["title"] == "Reading%20the%20Map"
    assert link.faults == ("double_encoding", "article_isbn", "pages_reversed")
    meant = {name: link.meant[name] for name in ("title", "genre", "spage", "epage", "isbn13", "service", "rfr")}
    assert meant == {
        "title": "Reading the Map",
        "genre": "bookitem",
        "spage": "77",
        "epage": "98",
        "isbn13": "9780999990131",
        "service": "copy",
        "rfr": "example:oldindex",
    }


def test_keys_may_come_in_any_order_be_repeated_and_be_cut_off_at_the_fragment():
    link = openurl.parse(
        "https://r.example.org/?rft.issue=2&amp;url_ver=Z39.88-2004&rft.au=A&rft.au=B&rft.issn=9990-0017#top"
    )
    assert link.version == "1.0"
    assert link.pairs["rft.au"] == ["A", "B"]
    assert link.said["issn"] == "9990-0017"
    assert link.said["format"] == "journal"


def test_without_format_and_genre_the_number_chooses():
    assert openurl.parse("?isbn=0999990136").said["format"] == "book"
    assert openurl.parse("?isbn=0999990136").meant["service"] == "loan"
    assert openurl.parse("?issn=9990-0017&atitle=Reeds").meant["service"] == "copy"


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ("genre=article&issn=9990-0017&spage=4&date=12/03/2024", "bad_date"),
        ("genre=article&issn=9990-0017", "no_spage"),
        ("genre=article&issn=9990-0071&spage=4", "bad_number"),
        ("genre=book&isbn=9990-0017", "issn_as_isbn"),
        ("genre=article&issn=9990-0017&spage=4&title=Reeds&atitle=reeds", "wrong_title"),
    ],
)
def test_a_planted_fault_is_the_only_one_found(query, fault):
    assert openurl.parse(f"?{query}").faults == (fault,)


# --- worth


def test_the_table_the_character_and_the_verdict_are_a_point_each():
    world = case(item("issn_check", "9990-0071", "sum", "mod", "check", "valid"))
    assert worth(world, sum="203") == 17
    assert worth(world, sum="203", mod="5") == 33
    assert worth(world, sum="203", mod="5", check="6") == 67
    assert worth(world, sum="203", mod="5", check="6", valid="no") == 100


def test_a_fault_is_two_points_and_a_wrong_one_takes_a_right_one_back():
    world = case(item("openurl_parse", P_F3, "version", "faults"))
    everything = ["double_encoding", "article_isbn", "pages_reversed"]
    assert worth(world, version="0.1", faults=everything) == 100
    assert worth(world, faults=everything[:2]) == round(100 * 4 / 7)
    assert worth(world, faults=[*everything, "no_spage"]) == round(100 * 4 / 7)
    assert worth(world, faults=["no_spage", "bad_date"]) == 0


def test_equivalent_forms_are_right():
    world = case(item("isbn10_check", "080442957x", "check", "converted"))
    assert worth(world, check="x", converted="ISBN 978–0–8044–2957–3") == 100
    link = case(item("openurl_parse", "?genre=article&issn=9990-0017&spage=4&id=doi:10.99999/A.1", "doi", "issn"))
    assert worth(link, doi="https://doi.org/10.99999/a.1", issn="99900017") == 100
    none = case(item("convert", "979-0-99999-050-5", "converted"))
    assert worth(none, converted="None.") == 100
    assert worth(none, converted="0-99999-050-5") == 0


@given(SEEDS, LEVELS, st.data())
@settings(max_examples=40, deadline=None)
def test_putting_one_answer_right_never_costs_anything(seed, level, data):
    world = ENGINE.generate(seed, level)
    right = ENGINE.right(world)
    wrong = {
        name: data.draw(st.sampled_from([each, ["bad_date"] if isinstance(each, list) else "7"]))
        for name, each in right.items()
    }
    name = data.draw(st.sampled_from(sorted(right)))
    before = ENGINE.parts(world, wrong, {})
    after = ENGINE.parts(world, {**wrong, name: right[name]}, {})
    assert percent(after) >= percent(before)


def test_five_hundred_seeds_are_sound_and_each_repeats_itself():
    seen = set()
    for seed in range(500):
        world = ENGINE.generate(seed, ("basic", "working", "advanced")[seed % 3])
        assert ENGINE.faults(world) == []
        assert set(ENGINE.right(world)) == {
            f"{each['id']}.{ask['id']}" for each in world["items"] for ask in each["ask"]
        }
        seen.add(json.dumps(world["items"]))
    assert len(seen) == 500
    assert ENGINE.generate(7) == ENGINE.generate(7)


# --- soundness


def test_what_was_meant_is_asked_only_beside_a_record_with_a_valid_number():
    alone = case(item("issn_check", "9990-0071", "intended"))
    beside = case(item("issn_check", "9990-0071", "intended", record="R3", number="9990-0017"))
    broken = case(item("issn_check", "9990-0071", "intended", record="R3", number="9990-0072"))
    assert [where for where, _text in ENGINE.faults(alone)] == ["items.0.ask.0", "items.0.record"]
    assert ENGINE.faults(beside) == []
    assert [where for where, _text in ENGINE.faults(broken)] == ["items.0.number"]


def test_only_what_has_an_answer_may_be_asked():
    short = case(item("isbn10_check", "0-306-4061", "sum"), item("openurl_parse", P_F3, "volume", "check"))
    assert [where for where, _text in ENGINE.faults(short)] == ["items.0.ask.0", "items.1.ask.0", "items.1.ask.1"]


# --- what the page gets


def test_nothing_shown_before_a_check_says_what_is_right():
    world = case(item("issn_check", "9990-0071", "sum", "mod", "check"))
    fresh = ENGINE.begin(world, seed=1, mode="coach")
    assert "203" not in str(ENGINE.show(world, fresh))
    checked = play(ENGINE, world, [{"verb": "check", "answers": {"i1.sum": "5", "i1.mod": "5"}}])
    rows = ENGINE.show(world, checked)["items"][0]["table"]
    assert [row.mark.tone for row in rows] == ["bad", "ok", "bad"]
    assert "203" not in str(rows)
    assert ENGINE.show(world, checked)["items"][0]["working"] is None
    over = ENGINE.act(world, checked, {"verb": "finish", "answers": {}})
    assert ENGINE.show(world, over)["items"][0]["working"]["total"] == 203


def test_a_check_does_not_say_for_nothing_what_a_hint_has_its_price_for():
    world = case(item("issn_check", "9990-0071", "sum", "mod", "check", "valid"))
    state = play(ENGINE, world, [{"verb": "check", "answers": {"i1.sum": "5", "i1.valid": "yes"}}])
    assert not any(text in str(ENGINE.show(world, state)) for text in ENGINE.hints(world, state).values())


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
@settings(max_examples=60)
def test_answers_of_any_shape_are_read_without_error(nonsense):
    world = case(item("openurl_parse", P_F3, "version", "faults"))
    assert ENGINE.clean(world, nonsense) == {}
    state = play(ENGINE, world, [{"verb": "finish", "answers": {"i1.version": nonsense, "i1.faults": nonsense}}])
    assert all(0 <= part.fraction <= 1 for part in ENGINE.grade(world, state))


def test_a_form_is_read_by_the_names_of_its_fields():
    world = case(item("openurl_parse", P_F3, "version", "faults"))
    move = ENGINE.parse(
        world,
        ENGINE.begin(world, seed=1, mode="exam"),
        "finish",
        QueryDict("i1.version=0.1&i1.faults=bad_date&i1.faults=x&i9.sum=3"),
    )
    assert move == {"verb": "finish", "answers": {"i1.version": "0.1", "i1.faults": ["bad_date"]}}
    with pytest.raises(NotAllowed):
        play(ENGINE, world, [move, move])


def test_every_question_can_be_asked_alone_and_every_part_has_a_hint():
    for seed in range(6):
        world = ENGINE.generate(seed, "advanced")
        hints = ENGINE.hints(world, ENGINE.begin(world, seed=seed, mode="coach"))
        for part in ENGINE.parts(world, {}, {}):
            assert part.asked
            assert part.expected
            assert part.why
            assert hints[part.key]
            assert part.weight >= Decimal("0.5")


def test_the_coach_names_few_of_what_is_open_and_counts_the_rest():
    asks = ("sum", "mod", "check", "valid")
    world = case(item("isbn10_check", "0-306-40615-2", *asks), item("isbn10_check", "0-8044-2957-X", *asks))
    reply = ENGINE.reply(world, play(ENGINE, world, [{"verb": "check", "answers": {}}]))
    assert reply.text.startswith("0 of 8 hold. Look again at: ")
    assert reply.text.count(";") == 5
    assert reply.text.endswith("and 3 more, marked below.")
