"""Deadlines from rules, dates and a calendar."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from chalicelib.referrals.case import Case, DeadlineState, KnownDate, Settled, Settlement
from chalicelib.referrals.deadlines import compute, due_date, next_due
from chalicelib.referrals.times import london_to_utc
from tests.unit.referrals.a_case import (
    CALENDAR,
    RECEIVED_AT,
    a_case,
    a_deadline,
    a_rule,
    clocks,
    the_deadline,
)


@pytest.mark.parametrize(
    ("length", "unit", "counted", "due"),
    [
        (5, "working_days", "after", date(2026, 11, 27)),
        (0, "working_days", "after", date(2026, 11, 20)),
        (5, "calendar_days", "after", date(2026, 11, 25)),
        (3, "months", "after", date(2027, 2, 20)),
        (7, "working_days", "before", date(2026, 11, 11)),
        (0, "working_days", "before", date(2026, 11, 20)),
        (7, "calendar_days", "before", date(2026, 11, 13)),
        (1, "months", "before", date(2026, 10, 20)),
    ],
)
def test_a_deadline_is_so_many_units_after_or_before_its_date(
    length: int, unit: Any, counted: Any, due: date
) -> None:
    rule = a_rule(length=length, unit=unit, counted=counted)

    assert due_date(rule, date(2026, 11, 20), CALENDAR) == due


@pytest.mark.parametrize(
    ("unit", "due"),
    [
        ("working_days", date(2027, 1, 5)),
        ("calendar_days", date(2026, 12, 29)),
        ("months", date(2027, 5, 24)),
    ],
)
def test_only_working_days_skip_christmas(unit: Any, due: date) -> None:
    assert due_date(a_rule(unit=unit), date(2026, 12, 24), CALENDAR) == due


def test_working_days_before_a_saturday_count_back_from_the_friday() -> None:
    rule = a_rule(length=7, counted="before")

    assert due_date(rule, date(2026, 11, 21), CALENDAR) == date(2026, 11, 11)


@pytest.mark.parametrize(
    ("trigger", "months", "due", "act_by"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28), date(2027, 2, 26)),
        (date(2027, 8, 31), 6, date(2028, 2, 29), date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28), date(2029, 2, 28)),
        (date(2026, 6, 25), 6, date(2026, 12, 25), date(2026, 12, 24)),
    ],
    ids=str,
)
def test_months_may_end_on_a_day_that_is_not_worked(
    trigger: date, months: int, due: date, act_by: date
) -> None:
    computed = a_deadline(a_rule(length=months, unit="months"), trigger)

    assert (computed.due_on, computed.act_by) == (due, act_by)


def test_calendar_days_from_the_day_before_a_leap_day_count_it() -> None:
    rule = a_rule(length=2, unit="calendar_days")

    assert due_date(rule, date(2028, 2, 28), CALENDAR) == date(2028, 3, 1)


@pytest.mark.parametrize(
    ("unit", "opens", "on"),
    [
        ("working_days", 2, date(2026, 11, 24)),
        ("working_days", 0, date(2026, 11, 20)),
        ("calendar_days", 2, date(2026, 11, 22)),
        ("months", 1, date(2026, 12, 20)),
        ("working_days", None, None),
    ],
)
def test_a_window_opens_so_many_units_after_its_date(
    unit: Any, opens: int | None, on: date | None
) -> None:
    rule = a_rule(length=10, unit=unit, window_from=opens)

    assert a_deadline(rule).window_on == on


@pytest.mark.parametrize(
    ("day", "due_at"),
    [
        # The clocks go back early on 25 October 2026 and forward early on 28 March 2027.
        (date(2026, 10, 24), datetime(2026, 10, 24, 22, 59, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 25, 23, 59, tzinfo=UTC)),
        (date(2027, 3, 27), datetime(2027, 3, 27, 23, 59, tzinfo=UTC)),
        (date(2027, 3, 28), datetime(2027, 3, 28, 22, 59, tzinfo=UTC)),
        (date(2026, 11, 20), datetime(2026, 11, 20, 23, 59, tzinfo=UTC)),
        (date(2026, 7, 1), datetime(2026, 7, 1, 22, 59, tzinfo=UTC)),
    ],
    ids=str,
)
def test_a_deadline_is_due_at_the_end_of_its_day_in_london(day: date, due_at: datetime) -> None:
    assert a_deadline(a_rule(length=0, unit="calendar_days"), day).due_at == due_at


@pytest.mark.parametrize(
    ("day", "hour"),
    [
        (date(2026, 10, 24), 8),
        (date(2026, 10, 25), 9),
        (date(2027, 3, 27), 9),
        (date(2027, 3, 28), 8),
    ],
    ids=str,
)
def test_nine_in_london_is_right_on_the_days_the_clocks_change(day: date, hour: int) -> None:
    at_nine = datetime(day.year, day.month, day.day, hour, 0, tzinfo=UTC)

    assert london_to_utc(day, time(9, 0)) == at_nine


def test_a_deadline_explains_itself() -> None:
    rule = a_rule(duty="contact", kind="prompt", status="statutory", source="An Act")

    found = a_deadline(rule)

    assert (found.rule, found.act, found.kind, found.label) == (
        "acknowledge",
        "contact",
        "prompt",
        "The acknowledge deadline",
    )
    assert (found.trigger, found.trigger_on) == ("told_on", date(2026, 11, 20))
    assert (found.length, found.unit, found.counted) == (5, "working_days", "after")
    assert (found.responsible, found.status, found.source) == (
        "business unit",
        "statutory",
        "An Act",
    )


def test_deadlines_come_in_the_order_of_their_rules() -> None:
    late, soon = a_rule("late", length=9), a_rule("soon", length=1)

    assert [found.rule for found in a_case(clocks(late, soon)).deadlines] == ["late", "soon"]


def test_a_rule_whose_date_is_not_known_has_no_deadline() -> None:
    assert a_case(clocks(a_rule(trigger="told_on"))).deadlines == ()


def test_an_estimated_date_makes_an_estimated_deadline() -> None:
    estimated = {"received": KnownDate(date(2026, 11, 20), estimated=True)}
    case = Case("SUF-BCDF-3479", "adult", RECEIVED_AT, answered=estimated)

    (computed,) = compute([a_rule()], case, CALENDAR)

    assert computed.estimated


def test_a_condition_that_does_not_hold_leaves_no_deadline() -> None:
    running = clocks(a_rule(when={"outcome": ("died",)}))

    assert a_case(running, facts={"outcome": ("injured",)}).deadlines == ()


def test_what_staff_settled_is_shown_whatever_the_condition_says() -> None:
    running = clocks(a_rule(when={"outcome": ("died",)}))
    in_force = Settlement(Settled.IN_FORCE, date(2026, 11, 20), "a.manager", RECEIVED_AT)
    case = replace(a_case(running), settled={"acknowledge": in_force})

    (computed,) = compute(running.rules, case, CALENDAR)

    assert computed.is_open


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (Settled.MET, DeadlineState.MET),
        (Settled.WITHDRAWN, DeadlineState.WITHDRAWN),
        (Settled.NOT_APPLICABLE, DeadlineState.NOT_APPLICABLE),
    ],
)
def test_a_settled_deadline_is_closed_on_its_day(kind: Settled, state: DeadlineState) -> None:
    settlement = Settlement(kind, date(2026, 11, 24), "a.manager", RECEIVED_AT)
    case = replace(a_case(clocks(a_rule())), settled={"acknowledge": settlement})

    (computed,) = compute([a_rule()], case, CALENDAR)

    assert (computed.state, computed.closed_on) == (state, date(2026, 11, 24))


def test_a_deadline_is_met_by_its_date() -> None:
    running = clocks(a_rule(met_by="done_on"))

    found = the_deadline(a_case(running, done_on=date(2026, 11, 25)))

    assert (found.state, found.closed_on) == (DeadlineState.MET, date(2026, 11, 25))


def test_the_next_due_date_is_the_first_open_one_that_the_team_is_reminded_of() -> None:
    rules = (
        a_rule("silent", length=1, remind_before=()),
        a_rule("another's", length=1, kind="prompt"),
        a_rule("done", length=1, met_by="done_on"),
        a_rule("later", length=9),
        a_rule("first", length=5),
    )
    case = a_case(clocks(*rules), done_on=date(2026, 11, 20))

    assert next_due(rules, case.deadlines, date(2026, 11, 20)) == date(2026, 11, 27)


@pytest.mark.parametrize(
    ("today", "due"), [(date(2026, 11, 27), date(2026, 11, 27)), (date(2026, 11, 28), None)]
)
def test_a_due_date_already_past_is_not_the_next(today: date, due: date | None) -> None:
    assert next_due([a_rule()], a_case(clocks(a_rule())).deadlines, today) == due


def test_any_date_that_a_form_takes_has_a_deadline() -> None:
    rules = [a_rule(unit=unit, trigger="told_on") for unit in ("working_days", "months")]

    for on in (date(1900, 1, 1), date(2100, 12, 31)):
        assert len(a_case(clocks(*rules), told_on=on).deadlines) == 2
