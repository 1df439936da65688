"""The copyright rules by example: the worked examples of the domain reference (3.2), and what each step says."""

import datetime as dt
from dataclasses import replace

import pytest

from quizzes.engines.copyright.contu import FIVE, Gate, Logged, New, Policy, cutoff, days_of, decide, gates


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def new(requested: str, issue: str, **more) -> New:
    return New(requested=day(requested), issue=issue, work_key="w", **more)


def filled(count: int, year: int = 2026, **more) -> list[Logged]:
    """So many requests of early that year, all inside the window and filled unless said otherwise."""
    row = {"issue": f"{year - 1}-06", "work_key": "w", **more}
    return [Logged(requested=dt.date(year, 1, 5 + number), **row) for number in range(count)]


def told(request: New, log=(), **policy) -> tuple:
    ruling = decide(request, list(log), Policy(**policy))
    return ruling.decision, ruling.n, set(ruling.codes)


NOT_SENT = {"CCL_AFTER", "none"}
MAY = "2026-05-03"


@pytest.mark.parametrize(
    ("requested", "issue", "before", "decision", "codes"),
    [
        pytest.param("2026-11-21", "2021-11-21", 0, "SEND", {"CCG"}, id="1 five years to the day is inside"),
        pytest.param("2026-11-21", "2021-11-20", 0, "OUTSIDE", {"CCL"}, id="2 a day more is outside"),
        pytest.param("2026-11-21", "2021-11-20", 7, "OUTSIDE", {"CCL"}, id="2 whatever was filled before"),
        pytest.param("2026-11-21", "2021", 2, "SEND", {"CCG"}, id="3 a year may end inside"),
        pytest.param("2026-01-05", "2020", 0, "OUTSIDE", {"CCL"}, id="4 a year that ended outside"),
        pytest.param("2026-05-03", "2025-01", 5, "OVER", NOT_SENT, id="6 the sixth is over"),
        pytest.param("2028-02-29", "2023-02-28", 0, "SEND", {"CCG"}, id="12 29 February looks back to 28 February"),
    ],
)
def test_the_window_of_a_periodical(requested, issue, before, decision, codes):
    year = int(requested[:4])
    assert told(new(requested, issue), filled(before, year)) == (decision, before, codes)


def test_5_unfilled_ones_do_not_count():
    log = filled(4) + filled(3, status="unfilled")
    assert told(new("2026-05-02", "2024-06"), log) == ("SEND", 4, {"CCG"})


def test_7_a_new_calendar_year_begins_at_none():
    assert told(new("2027-01-04", "2025-01"), filled(5)) == ("SEND", 0, {"CCG"})


def test_8_a_loan_of_the_volume_does_not_count():
    assert told(new(MAY, "2025-01"), filled(4) + filled(1, service="loan")) == ("SEND", 4, {"CCG"})


def test_9_what_is_on_order_and_not_here_is_sent_and_its_code_is_policy():
    ordered = new(MAY, "2025-01", basis="on_order")
    assert told(ordered, filled(5)) == ("SEND_NOCOUNT", 5, {"CCG", "CCL"})
    assert told(ordered, filled(5), own_code="CCL")[2] == {"CCL"}


def test_10_chapters_have_no_age_test():
    chapter = new(MAY, "1962", kind="other")
    assert told(chapter, filled(5, issue="1962", kind="other")) == ("OVER", 5, NOT_SENT)


def test_11_one_with_royalty_paid_does_not_count():
    assert told(new(MAY, "2025-01"), filled(4) + filled(1, basis="royalty_paid")) == ("SEND", 4, {"CCG"})


def test_13_a_fill_after_the_turn_of_the_year_counts_where_the_policy_says():
    late = new("2026-12-30", "2025-01", filled_on=day("2027-01-08"))
    log = [replace(row, filled_on=day("2026-03-01")) for row in filled(5)]
    assert told(late, log) == ("OVER", 5, NOT_SENT)
    assert told(late, log, year_basis="fill") == ("SEND", 0, {"CCG"})


def test_14_open_ones_hold_a_place_unless_policy_says_no():
    log = filled(3) + filled(2, status="pending")
    assert told(new(MAY, "2025-01"), log) == ("OVER", 5, NOT_SENT)
    assert decide(new(MAY, "2025-01"), log, Policy()).filled == 3
    assert told(new(MAY, "2025-01"), log, count_pending=False) == ("SEND", 3, {"CCG"})


def test_15_an_open_one_that_ends_unfilled_gives_its_place_back():
    log = filled(3) + filled(1, status="pending") + filled(1, status="unfilled")
    assert told(new("2026-05-06", "2025-01"), log) == ("SEND", 4, {"CCG"})


def test_16_five_open_ones_hold_all_places():
    assert told(new(MAY, "2025-01"), filled(5, status="pending"))[:2] == ("OVER", 5)
    assert told(new(MAY, "2025-01"), filled(5, status="pending"), count_pending=False)[:2] == ("SEND", 0)


def test_17_a_score_is_no_matter_for_section_108_d_or_e():
    score = new(MAY, "2019", kind="other", gate=Gate(work_type="music"))
    assert told(score) == ("GATE_108I", 0, NOT_SENT)


def test_18_a_second_article_from_an_issue_for_the_same_user_stops_before_the_count():
    second = new(MAY, "2025-01", gate=Gate(same_issue_same_user=True))
    assert told(second, filled(1)) == ("GATE_108D", 1, NOT_SENT)
    assert told(new(MAY, "2025-01"), filled(1)) == ("SEND", 1, {"CCG"})


def test_19_and_20_a_whole_book_passes_after_the_search_only():
    whole = new(MAY, "1998", kind="other", basis="section_108e", gate=Gate(portion="whole", fair_price_search=True))
    assert told(whole, filled(5, kind="other")) == ("SEND_NOCOUNT", 5, {"CCL"})
    unsearched = new(MAY, "1998", kind="other", gate=Gate(portion="whole"))
    assert told(unsearched) == ("GATE_108E", 0, NOT_SENT)


def test_21_a_fair_use_decision_on_file_is_sent_and_not_counted():
    assert told(new(MAY, "2025-01", basis="fair_use"), filled(5)) == ("SEND_NOCOUNT", 5, {"CCL"})


def test_a_loan_is_no_copy_and_carries_no_code():
    assert told(new(MAY, "2025-01", service="loan"), filled(5)) == ("NOT_A_COPY", 5, {"none"})


def test_a_row_is_in_the_window_by_its_own_date_not_by_that_of_the_new_request():
    row = Logged(requested=day("2026-01-20"), issue="2021-01-20", work_key="w")
    assert told(new("2026-12-01", "2025-01"), [row])[1] == 1


def test_a_changed_title_counts_by_its_key_and_a_sister_title_does_not():
    log = filled(2) + filled(3, work_key="sister")
    assert told(new(MAY, "2025-01"), log)[1] == 2


def test_branches_count_for_themselves_where_the_policy_says():
    log = filled(2, branch="North") + filled(3, branch="South")
    mine = new(MAY, "2025-01", branch="North")
    assert told(mine, log)[1] == 5
    assert told(mine, log, entity_scope="branch")[1] == 2


def test_the_gate_that_comes_first_is_named():
    everything = Gate(work_type="music", concerted=True, other_use_known=True, portion="whole")
    assert gates(new(MAY, "2025-01", gate=everything)) == ["GATE_108I", "GATE_108G", "GATE_108D", "GATE_108E"]


@pytest.mark.parametrize("basis", ["public_domain", "licence", "permission", "royalty_paid", "fair_use"])
def test_what_does_not_rest_on_section_108_passes_every_gate(basis):
    shut = Gate(work_type="music", concerted=True, other_use_known=True, portion="whole")
    assert told(new(MAY, "2025-01", basis=basis, gate=shut))[0] == "SEND_NOCOUNT"


@pytest.mark.parametrize("work_type", ["text", "news_av"])
def test_audiovisual_news_and_text_with_its_illustrations_pass(work_type):
    assert gates(new(MAY, "2025-01", gate=Gate(work_type=work_type))) == []


def test_the_record_is_kept_to_the_end_of_the_third_complete_year_for_what_the_guidelines_cover():
    assert decide(new("2026-02-10", "2025-01"), [], Policy()).retain_until == day("2029-12-31")
    assert decide(new(MAY, "2025-01"), filled(FIVE), Policy()).retain_until == day("2029-12-31")
    assert decide(new(MAY, "2025-01", basis="on_order"), [], Policy()).retain_until == day("2029-12-31")


@pytest.mark.parametrize(
    "request_",
    [
        new(MAY, "2025-01", service="loan"),
        new(MAY, "2019-01"),
        new(MAY, "2025-01", basis="open_access"),
        new(MAY, "2025-01", gate=Gate(concerted=True)),
        new(MAY, "2019-01", basis="royalty_paid"),
        new(MAY, "1998", kind="other", basis="permission", gate=Gate(portion="whole")),
    ],
)
def test_loans_stops_and_what_stands_outside_have_no_date(request_):
    ruling = decide(request_, [], Policy())
    assert (ruling.retain_until, ruling.retain_open) == (None, False)


@pytest.mark.parametrize("basis", ["royalty_paid", "permission", "licence", "fair_use", "replacement_108c"])
def test_the_record_of_covered_material_on_another_basis_is_left_open(basis):
    ruling = decide(new(MAY, "2025-01", basis=basis), [], Policy())
    assert ruling.retain_open
    assert ruling.retain_until == day("2029-12-31")


def test_the_code_of_a_chapter_is_policy_and_ccg_unless_said():
    chapter = new(MAY, "1998", kind="other")
    assert told(chapter)[2] == {"CCG"}
    assert told(chapter, chapter_code="either")[2] == {"CCG", "CCL"}


def test_where_not_every_copy_needs_a_code_what_stands_outside_may_go_without():
    assert told(new(MAY, "2019-01"), require_code=False)[2] == {"CCL", "none"}
    assert told(new(MAY, "2025-01"), require_code=False)[2] == {"CCG"}


def test_dates_are_as_exact_as_they_are_written():
    assert days_of("2021") == (day("2021-01-01"), day("2021-12-31"))
    assert days_of("2024-02") == (day("2024-02-01"), day("2024-02-29"))
    assert days_of("2021-11-20") == (day("2021-11-20"), day("2021-11-20"))
    assert cutoff(day("2024-02-29")) == day("2019-02-28")
