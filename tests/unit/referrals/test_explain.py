"""Why a deadline falls on its day, in words."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.referrals.case import (
    Case,
    Deadline,
    DeadlineState,
    KnownDate,
    Settled,
    Settlement,
)
from chalicelib.referrals.deadlines import compute
from chalicelib.referrals.explain import duties, explain
from chalicelib.referrals.partnership import DateName, DeadlineRule
from chalicelib.referrals.times import say_date
from chalicelib.referrals.working_days import CountFrom, WorkingCalendar, england_and_wales

DATES = {
    "sin_sent_on": DateName("Serious Incident Notification sent"),
    "decided_on": DateName("review decided"),
    "publish_on": DateName("planned publication", planned=True),
}
CALENDAR = england_and_wales()
DEEMED = england_and_wales(count_from="deemed_received")
FRIDAY = date(2026, 12, 18)
NOW = datetime(2026, 12, 18, 12, tzinfo=UTC)


def a_deadline(
    on: date,
    *,
    calendar: WorkingCalendar = CALENDAR,
    occurrence: int = 0,
    estimated: bool = False,
    **rule: Any,
) -> Deadline:
    filled = {
        "id": "review",
        "stream": "child",
        "label": "Do it",
        "trigger": "sin_sent_on",
        "length": 15,
        "unit": "working_days",
        "responsible": "safeguarding partners",
        "status": "national",
        "source": "guidance",
    }
    made = DeadlineRule(**{**filled, **rule})
    settled = {}
    if occurrence:
        settled[made.act] = Settlement(Settled.CHECKED, on, "staff", NOW, occurrence=occurrence)
    answered = {made.trigger: KnownDate(on, estimated)}
    case = Case("SUF-BBBB-BBBB", "child", NOW, answered=answered, settled=settled)
    return compute([made], case, calendar)[0]


def explained(on: date = FRIDAY, *, calendar: WorkingCalendar = CALENDAR, **rule: Any) -> str:
    return explain(a_deadline(on, calendar=calendar, **rule), DATES, calendar)


def test_working_days_name_what_they_skip() -> None:
    assert explained() == (
        "15 working days after Friday 18 December 2026 (Serious Incident Notification sent),"
        " skipping 4 weekends, Christmas Day, Boxing Day (substitute day) and New Year’s Day."
    )


def test_nothing_skipped_is_not_mentioned() -> None:
    assert explained(date(2026, 11, 16), length=1, trigger="received") == (
        "1 working day after Monday 16 November 2026 (the referral was received)."
    )


def test_a_date_that_has_no_label_keeps_its_name() -> None:
    assert "(panel met)" in explained(trigger="panel_met")


def test_the_same_day_is_called_that() -> None:
    assert explained(length=0, trigger="received") == (
        "The same day: Friday 18 December 2026 (the referral was received)."
    )


def test_the_same_day_on_a_sunday_waits_for_monday() -> None:
    assert explained(date(2026, 11, 22), length=0).endswith(
        "Sunday 22 November 2026 is not a working day, so it falls on Monday 23 November 2026."
    )


def test_a_trigger_on_a_saturday_says_which_day_is_day_1() -> None:
    assert explained(date(2026, 11, 21), length=5).endswith(
        "(Serious Incident Notification sent)."
        " Saturday 21 November 2026 is not a working day, so Monday 23 November 2026 is day 1."
    )


def test_a_trigger_deemed_received_says_which_day_is_day_0() -> None:
    assert explained(date(2026, 11, 21), length=5, calendar=DEEMED).endswith(
        "skipping 1 weekend. Saturday 21 November 2026 is not a working day, so it counts as"
        " received on Monday 23 November 2026, which is day 0."
    )


def test_a_trigger_on_christmas_day_says_so() -> None:
    assert explained(date(2026, 12, 25), length=1).endswith(
        "Friday 25 December 2026 is Christmas Day, before Boxing Day (substitute day),"
        " so Tuesday 29 December 2026 is day 1."
    )


def test_calendar_days_say_that_nothing_is_skipped() -> None:
    assert explained(date(2026, 11, 16), length=4, unit="calendar_days") == (
        "4 calendar days after Monday 16 November 2026 (Serious Incident Notification sent),"
        " weekends and bank holidays among them."
    )


def test_months_to_a_working_day_need_no_more_words() -> None:
    assert explained(trigger="decided_on", length=6, unit="months") == (
        "6 months after Friday 18 December 2026 (review decided)."
    )


def test_a_month_without_the_day_says_that_its_last_day_counts() -> None:
    assert explained(date(2026, 8, 31), trigger="decided_on", length=6, unit="months") == (
        "6 months after Monday 31 August 2026 (review decided)."
        " February 2027 has no 31st, so it falls on the month's last day."
        " Sunday 28 February 2027 is not a working day;"
        " the last working day before it is Friday 26 February 2027."
    )


def test_a_due_date_on_a_bank_holiday_names_it() -> None:
    assert explained(date(2026, 6, 25), trigger="decided_on", length=6, unit="months").endswith(
        "Friday 25 December 2026 is Christmas Day;"
        " the last working day before it is Thursday 24 December 2026."
    )


def test_counting_back_says_before() -> None:
    said = explained(date(2027, 4, 5), trigger="publish_on", length=7, counted="before")

    assert said == (
        "7 working days before Monday 5 April 2027 (planned publication),"
        " skipping 2 weekends, Good Friday and Easter Monday."
    )


def test_counting_back_from_a_sunday_says_which_day_is_day_0() -> None:
    said = explained(date(2027, 4, 4), trigger="publish_on", length=7, counted="before")

    assert said.endswith(
        "Sunday 4 April 2027 is not a working day,"
        " so the last working day before it, Friday 2 April 2027, is day 0."
    )


def test_a_window_says_when_it_opens() -> None:
    said = explained(date(2026, 11, 16), length=12, window_from=10)

    assert said.endswith("Its window opens on Monday 30 November 2026.")


def test_a_deadline_that_comes_round_says_how_often_and_which_time() -> None:
    said = explained(trigger="decided_on", length=1, unit="months", repeats_months=1, occurrence=2)

    assert said.startswith("1 month after Friday 18 December 2026 (review decided).")
    assert "It comes round every month; this is the 3rd time." in said


def test_a_yearly_deadline_in_working_days_comes_round_every_year() -> None:
    said = explained(date(2026, 3, 31), trigger="year_end", repeats_months=12, occurrence=1)

    assert said.startswith("15 working days after Tuesday 31 March 2026 (the financial year ended)")
    assert "It comes round every year; this is the 2nd time." in said


def test_an_estimated_date_is_said_to_be_one() -> None:
    assert explained(estimated=True).endswith(
        "The date that it counts from was given as an estimate."
    )


def test_an_added_bank_holiday_is_called_extra() -> None:
    royal = england_and_wales([date(2026, 11, 25)])

    assert "skipping 2 weekends and an extra bank holiday." in explained(
        date(2026, 11, 20), length=5, calendar=royal
    )


def test_several_added_bank_holidays_are_counted() -> None:
    royal = england_and_wales([date(2026, 11, 25), date(2026, 11, 26)])

    assert "skipping 2 weekends and 2 extra bank holidays." in explained(
        date(2026, 11, 20), length=5, calendar=royal
    )


def test_a_date_beyond_the_known_holidays_says_that_it_may_move() -> None:
    assert explained(date(2028, 12, 20)).endswith(
        "Bank holidays are known up to 31 December 2028 only: later ones may move this date."
    )


def test_months_beyond_the_known_holidays_say_what_may_happen() -> None:
    said = explained(date(2028, 8, 1), trigger="decided_on", length=6, unit="months")

    assert said.endswith(
        "Bank holidays are known up to 31 December 2028 only: later ones may fall on this date."
    )


def test_a_date_before_the_known_holidays_says_that_none_is_skipped() -> None:
    assert explained(date(2009, 12, 18)).endswith(
        "Bank holidays before 1 January 2012 are not known, and none is skipped."
    )


def closed(state: DeadlineState, on: date, **rule: Any) -> str:
    deadline = a_deadline(date(2026, 11, 20), length=5, **rule)
    return explain(replace(deadline, state=state, closed_on=on), DATES, CALENDAR)


def test_a_met_deadline_says_when() -> None:
    assert closed(DeadlineState.MET, date(2026, 11, 27)).endswith("Met on Friday 27 November 2026.")


def test_a_deadline_met_late_says_by_how_much() -> None:
    assert closed(DeadlineState.MET, date(2026, 11, 30)).endswith(
        "Met on Monday 30 November 2026, 3 days late."
    )


def test_a_prompt_is_never_said_to_be_late() -> None:
    assert closed(DeadlineState.MET, date(2026, 11, 28), kind="prompt").endswith(
        "Met on Saturday 28 November 2026, 1 day after that day."
    )


def test_a_withdrawn_deadline_says_when() -> None:
    assert closed(DeadlineState.WITHDRAWN, date(2026, 11, 23)).endswith(
        "Withdrawn on Monday 23 November 2026."
    )


def test_a_deadline_that_does_not_apply_says_that_it_was_set_aside() -> None:
    assert closed(DeadlineState.NOT_APPLICABLE, date(2026, 11, 23)).endswith(
        "Set aside on Monday 23 November 2026: it does not apply."
    )


def test_a_deadline_of_an_earlier_calendar_claims_no_skipped_days() -> None:
    royal = england_and_wales([date(2026, 11, 25)])
    deadline = a_deadline(date(2026, 11, 21), length=5)

    assert explain(deadline, DATES, royal) == (
        "5 working days after Saturday 21 November 2026 (Serious Incident Notification sent),"
        " as the bank holidays were known when it was computed."
    )


def test_clocks_of_one_duty_stand_side_by_side() -> None:
    sent = a_deadline(FRIDAY, id="from-sent", duty="rapid-review")
    other = a_deadline(FRIDAY, id="other")
    aware = a_deadline(date(2026, 12, 11), id="from-aware", duty="rapid-review")

    found = duties([sent, other, aware])

    assert [[item.rule for item in duty.deadlines] for duty in found] == [
        ["from-sent", "from-aware"],
        ["other"],
    ]
    assert found[0].note == (
        "2 readings of one duty: each is shown, and none stands for another."
        f" The earliest date is {say_date(aware.due_on)}."
    )


def test_a_duty_with_one_clock_needs_no_note() -> None:
    assert duties([a_deadline(FRIDAY)])[0].note == ""


SENTENCE = re.compile(
    r"(?P<count>\d+) working days? (?P<way>after|before) (?P<trigger>\w+ \d+ \w+ \d{4}) \([^)]*\)"
    r"(?:, skipping (?P<skipped>[^.]*))?\."
)
START = re.compile(r"(?P<day>\w+ \d+ \w+ \d{4}),?(?: which)? is day (?P<number>[01])\.")


def read_date(text: str) -> date:
    return datetime.strptime(text, "%A %d %B %Y").replace(tzinfo=UTC).date()


def read_skipped(text: str | None) -> int:
    """How many days the list of what is skipped makes."""
    days = 0
    for item in re.split(r", | and ", text) if text else ():
        number, _, noun = item.partition(" ")
        count = int(number) if number.isdigit() else 1
        days += count * (2 if noun.startswith("weekend") else 1)
    return days


def read_due(said: str) -> date:
    """The due date, from nothing but the explanation's own numbers."""
    sentence = SENTENCE.match(said)
    assert sentence, said
    start, length = read_date(sentence["trigger"]), int(sentence["count"])
    if (moved := START.search(said)) is not None:
        start, length = read_date(moved["day"]), length - int(moved["number"])
    days = length + read_skipped(sentence["skipped"])
    return start + timedelta(days=days if sentence["way"] == "after" else -days)


@given(
    on=st.dates(date(2012, 6, 1), date(2028, 6, 1)),
    length=st.integers(1, 90),
    counted=st.sampled_from(["after", "before"]),
    count_from=st.sampled_from(["next_day", "deemed_received"]),
    extra=st.sets(st.integers(-60, 60), max_size=4),
)
def test_the_numbers_of_an_explanation_lead_to_the_due_date(
    on: date, length: int, counted: str, count_from: CountFrom, extra: set[int]
) -> None:
    calendar = england_and_wales((on + timedelta(days=step) for step in extra), count_from)
    deadline = a_deadline(on, calendar=calendar, length=length, counted=counted)

    assert read_due(explain(deadline, DATES, calendar)) == deadline.due_on


@pytest.mark.parametrize("unit", ["working_days", "calendar_days", "months"])
@given(on=st.dates(date(1990, 1, 1), date(2035, 1, 1)), length=st.integers(0, 30))
def test_every_explanation_is_whole_sentences(unit: str, on: date, length: int) -> None:
    said = explained(on, length=length, unit=unit)

    assert said.endswith(".")
    assert "  " not in said
    assert "None" not in said
