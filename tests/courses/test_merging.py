"""Two changes of one text: rules that hold for every text, then examples that a person can follow."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.merging import Clash, Merge, blocks_of, merge

MARKDOWN = [
    "Ask first.\n\n",
    "Then wait.\n\n",
    "## Lending\n\n",
    "- one\n- two\n\n",
    "```check\nuid: a\n\nb: c\n```\n\n",
]
HTML = ["<p>Ask</p>", "<p>Wait</p>\n", "<ul><li>one</li></ul>", "<h2>Lend</h2>", "<hr>", "<p>a<br>b</p>"]


def texts(pieces: list[str]) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(pieces), max_size=7).map("".join)


def told(found: Merge) -> str:
    """Everything that a merge holds, decided or not."""
    return "".join(part if isinstance(part, str) else part.mine + part.theirs for part in found.parts)


ANY = st.one_of(
    st.tuples(st.just("md"), *[texts(MARKDOWN)] * 3),
    st.tuples(st.just("html"), *[texts(HTML)] * 3),
    st.tuples(st.sampled_from(["md", "html"]), *[st.text(alphabet="ab<>p/\n -#`\t\u2028\r", max_size=40)] * 3),
)


@given(ANY)
def test_blocks_are_the_text_to_the_character(case):
    source_format, text, _mine, _theirs = case
    assert "".join(str(block) for block in blocks_of(text, source_format)) == text


@given(ANY)
def test_who_alone_changed_something_is_heard(case):
    source_format, base, mine, theirs = case
    assert merge(base, mine, base, source_format=source_format).text == mine
    assert merge(base, base, theirs, source_format=source_format).text == theirs
    assert merge(base, mine, mine, source_format=source_format).text == mine


@given(ANY)
def test_nothing_of_either_side_is_lost(case):
    source_format, base, mine, theirs = case
    old = {block.text for block in blocks_of(base, source_format)}
    found = told(merge(base, mine, theirs, source_format=source_format))
    for side in (mine, theirs):
        for block in blocks_of(side, source_format):
            assert block.text in old or block.text in found


@given(ANY)
def test_it_does_not_matter_who_is_called_mine(case):
    source_format, base, mine, theirs = case
    one = merge(base, mine, theirs, source_format=source_format)
    other = merge(base, theirs, mine, source_format=source_format)
    assert [(each.base, each.mine, each.theirs) for each in one.clashes] == [
        (each.base, each.theirs, each.mine) for each in other.clashes
    ]
    if not one.clashes:
        assert one.text.split() == other.text.split()


@given(ANY)
def test_every_clash_can_be_decided(case):
    source_format, base, mine, theirs = case
    found = merge(base, mine, theirs, source_format=source_format)
    both = found.resolved({clash.key: "both" for clash in found.clashes}).text
    for clash in found.clashes:
        assert clash.mine.rstrip() in both
        assert clash.theirs.rstrip() in both


BASE = "## Loans\n\nAsk first.\n\nThen wait.\n\n- one\n- two\n"


def test_their_changes_are_counted():
    theirs = BASE.replace("Ask first.", "Ask me first.").replace("- two\n", "- two\n\nMore.\n")
    found = merge(BASE, BASE, theirs)
    assert (found.text, found.taken) == (theirs, 2)
    assert merge(BASE, BASE, BASE).taken == 0


def test_neighbouring_paragraphs_are_two_changes():
    found = merge(BASE, BASE.replace("Ask first.", "Ask."), BASE.replace("Then wait.", "Wait."))
    assert found.text == "## Loans\n\nAsk.\n\nWait.\n\n- one\n- two\n"
    assert found.taken == 1


def test_the_same_paragraph_is_a_clash_and_the_rest_goes_in():
    mine = BASE.replace("Ask first.", "Ask the lender.").replace("two", "three")
    theirs = BASE.replace("Ask first.", "Ask the borrower.").replace("## Loans", "## Lending")
    found = merge(BASE, mine, theirs)
    assert found.clashes == [Clash("Ask first.\n\n", "Ask the lender.\n\n", "Ask the borrower.\n\n")]
    key = found.clashes[0].key
    whole = "## Lending\n\n{}Then wait.\n\n- one\n- three\n"
    assert found.resolved({key: "mine"}).text == whole.format("Ask the lender.\n\n")
    assert found.resolved({key: "theirs"}).text == whole.format("Ask the borrower.\n\n")
    assert found.resolved({key: "both"}).text == whole.format("Ask the lender.\n\nAsk the borrower.\n\n")
    assert found.resolved({"another": "mine"}).clashes == found.clashes
    with pytest.raises(ValueError, match="not decided"):
        _ = found.text


def test_what_one_left_out_and_the_other_changed_is_a_clash():
    found = merge(BASE, BASE.replace("Then wait.\n\n", ""), BASE.replace("Then wait.", "Then wait a week."))
    assert [(each.mine, each.theirs) for each in found.clashes] == [("", "Then wait a week.\n\n")]


def test_both_wrote_on_at_the_end():
    found = merge(BASE, BASE + "\nMine.\n", BASE + "\nTheirs.\n")
    assert [(each.base, each.mine, each.theirs) for each in found.clashes] == [("", "Mine.\n\n", "Theirs.\n\n")]
    assert found.resolved({found.clashes[0].key: "both"}).text == BASE + "\nMine.\n\nTheirs.\n"


def test_what_one_wrote_on_at_the_end_of_what_the_other_changed():
    found = merge(BASE, BASE + "\nMine.\n", BASE.replace("two", "three"))
    assert found.text == BASE.replace("two", "three") + "\nMine.\n"


def test_a_paragraph_that_both_added_alike_stands_once():
    more = BASE.replace("Then", "New.\n\nThen")
    assert merge(BASE, more, more.replace("two", "three")).text == more.replace("two", "three")


def test_html_is_merged_by_its_elements():
    base = "<p>Ask first.</p><p>Then wait.</p>"
    found = merge(
        base, "<p>Ask.</p><p>Then wait.</p>", "<p>Ask first.</p><ul><li>Wait.</li></ul>", source_format="html"
    )
    assert found.text == "<p>Ask.</p><ul><li>Wait.</li></ul>"
