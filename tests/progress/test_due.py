"""When a day ends for whom, and which reminder comes next."""

import datetime as dt
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import clock
from progress import due
from progress.due import Step

KIRIBATI, HONOLULU = "Pacific/Kiritimati", "Pacific/Honolulu"
ZONES = st.sampled_from(sorted(available_timezones() - {"Factory", "localtime"}))
# From 2020 on: Samoa skipped a whole day in 2011, and a day that was not there cannot be due.
DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2060, 12, 31))
MOMENTS = st.integers(1_577_836_800, 2_871_763_200).map(lambda second: dt.datetime.fromtimestamp(second, dt.UTC))
CALENDARS = st.sets(st.integers(1, 7), min_size=1)


def utc(*numbers: int) -> dt.datetime:
    return dt.datetime(*numbers, tzinfo=dt.UTC)


def test_a_day_ends_first_in_kiribati_and_last_in_honolulu():
    day = dt.date(2026, 11, 26)
    assert due.due_at(day, KIRIBATI) == utc(2026, 11, 26, 9, 59, 59)
    assert due.due_at(day, HONOLULU) == utc(2026, 11, 27, 9, 59, 59)
    assert due.due_at(day, "") == utc(2026, 11, 26, 23, 59, 59)
    assert due.due_at(None, KIRIBATI) is None


def test_the_same_moment_is_overdue_in_kiribati_and_in_time_in_honolulu():
    day, moment = dt.date(2026, 11, 26), utc(2026, 11, 26, 10, 0, 0)
    assert due.is_overdue(due.due_at(day, KIRIBATI), met=False, at=moment)
    assert not due.is_overdue(due.due_at(day, HONOLULU), met=False, at=moment)
    assert not due.is_overdue(due.due_at(day, KIRIBATI), met=True, at=moment)
    assert not due.is_overdue(None, met=False, at=moment)


@pytest.mark.parametrize("zone", [KIRIBATI, HONOLULU, "UTC", "America/Chicago"])
def test_the_last_second_of_the_day_is_in_time_and_the_next_is_not(zone):
    ends = due.due_at(dt.date(2026, 11, 26), zone)
    assert not due.is_overdue(ends, met=False, at=ends)
    assert due.is_overdue(ends, met=False, at=ends + dt.timedelta(seconds=1))


@given(DAYS, ZONES)
def test_a_due_day_ends_on_that_day_where_the_person_is(day, zone):
    local = due.due_at(day, zone).astimezone(ZoneInfo(zone))
    assert (local.date(), local.time()) == (day, dt.time(23, 59, 59))


def test_the_persons_zone_comes_before_the_organisations_and_utc_is_last():
    assert due.place_of(KIRIBATI, HONOLULU, [1]).zone == KIRIBATI
    assert due.place_of("", HONOLULU, [1]).zone == HONOLULU
    assert due.place_of("", "", [1]).zone == "UTC"
    assert due.place_of("", "", []).working_days == due.WEEK


def test_working_days_pass_over_the_weekend():
    friday = dt.date(2026, 11, 20)
    assert due.working_days_after(friday, 1, (1, 2, 3, 4, 5)) == dt.date(2026, 11, 23)
    assert due.working_days_after(friday, 5, (1, 2, 3, 4, 5)) == dt.date(2026, 11, 27)
    assert due.working_days_after(dt.date(2026, 11, 22), 5, (1, 2, 3, 4, 5)) == dt.date(2026, 11, 27)
    assert due.working_days_after(friday, 2, (7,)) == dt.date(2026, 11, 29)


@given(DAYS, st.integers(1, 400), CALENDARS)
def test_working_days_agree_with_counting_them_one_by_one(start, days, calendar):
    ends = due.working_days_after(start, days, calendar)
    span = [start + dt.timedelta(days=n) for n in range(1, (ends - start).days + 1)]
    assert sum(day.isoweekday() in calendar for day in span) == days
    assert ends.isoweekday() in calendar


def test_the_steps_follow_the_calendar_of_the_person():
    day = dt.date(2026, 11, 26)
    # 10:00 UTC on the 18th is already the 19th in Kiribati: a week is left there, eight days in Honolulu.
    assert due.step_at(day, KIRIBATI, at=utc(2026, 11, 18, 10)) == Step.WEEK
    assert due.step_at(day, HONOLULU, at=utc(2026, 11, 18, 10)) is None
    assert due.step_at(day, KIRIBATI, at=utc(2026, 11, 24, 10)) == Step.DAY
    assert due.step_at(day, HONOLULU, at=utc(2026, 11, 24, 10)) == Step.WEEK
    assert due.step_at(day, KIRIBATI, at=utc(2026, 11, 26, 9, 59, 59)) == Step.DAY
    assert due.step_at(day, KIRIBATI, at=utc(2026, 11, 26, 10)) == Step.OVERDUE
    assert due.step_at(day, HONOLULU, at=utc(2026, 11, 27, 9, 59, 59)) == Step.DAY


@pytest.mark.parametrize(
    ("left", "first"),
    [(10, Step.WEEK), (8, Step.WEEK), (7, Step.DAY), (5, Step.DAY), (2, Step.DAY), (1, Step.DAY)],
)
def test_whoever_is_told_with_a_week_or_less_left_hears_again_only_the_day_before(left, first):
    given_at = utc(2026, 11, 20, 15)
    day = given_at.date() + dt.timedelta(days=left)
    begins = due.first_reminder(day, "UTC", given=given_at)
    assert due.step_at(day, "UTC", at=begins) == first


def test_a_date_of_tomorrow_is_said_at_once():
    given_at = utc(2026, 11, 20, 15)
    assert due.first_reminder(dt.date(2026, 11, 21), "UTC", given=given_at) == given_at
    assert due.first_reminder(None, "UTC", given=given_at) is None


@given(DAYS, ZONES, MOMENTS)
def test_reminders_move_forward_and_are_three_at_most(day, zone, start):
    moments, moment = [], due.next_reminder(day, zone, after=start)
    while moment is not None:
        moments.append(moment)
        moment = due.next_reminder(day, zone, after=moment)
    assert moments == sorted(set(moments))
    assert len(moments) <= 3
    assert all(each > start for each in moments)
    if moments:
        assert due.step_at(day, zone, at=moments[-1]) == Step.OVERDUE
        assert moments[-1] == clock.end_of_day(day, zone) + dt.timedelta(seconds=1)


@given(DAYS, ZONES)
def test_each_step_has_begun_at_its_own_moment(day, zone):
    moment, steps = due.next_reminder(day, zone, after=utc(1999, 1, 1)), []
    while moment is not None:
        steps.append(due.step_at(day, zone, at=moment))
        moment = due.next_reminder(day, zone, after=moment)
    assert steps == [Step.WEEK, Step.DAY, Step.OVERDUE]
