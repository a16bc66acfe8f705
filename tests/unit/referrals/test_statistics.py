"""The figures of a year: which cases are counted where, and that nothing small is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.referrals.case import Case, DeadlineState
from chalicelib.referrals.case_work import DECISION, CaseWork, Decision
from chalicelib.referrals.counted_case import countable
from chalicelib.referrals.financial_year import financial_year
from chalicelib.referrals.statistics import Figures, figures
from chalicelib.referrals.suppression import Shown, ShownTable
from tests.contract.samples import NOW, a_deadline
from tests.counted import a_counted_case

YEAR = financial_year(2026)
TODAY = date(2026, 11, 20)
FIRST, LAST = YEAR.first, YEAR.last
DAY = timedelta(days=1)


def made(cases: Sequence[Case], stream: str = "adult") -> Figures:
    return figures([countable(case, TODAY) for case in cases], stream, YEAR)


def several(number: int, *, first: int = 0, **case: Any) -> list[Case]:
    return [a_counted_case(first + n, **case) for n in range(number)]


def table(of: Figures, name: str) -> ShownTable:
    (found,) = (one for one in of.tables if one.name == name)
    return found


def lines(of: Figures, name: str) -> dict[str, int | None]:
    rows = table(of, name).rows
    assert rows is not None, f"{name} is not shown"
    return {code: count.number for code, count in rows}


def a_decision(outcome: str, on: date, *criteria: str) -> CaseWork:
    decision = Decision(
        "d", DECISION, outcome, criteria, "", "", {}, on, None, "Chair", "p", "P", NOW
    )  # fmt: skip
    return CaseWork(decisions=(decision,))


def test_cases_are_counted_by_the_month_in_which_they_were_received() -> None:
    cases = [
        *several(12, received_on=FIRST),
        *several(7, first=20, received_on=date(2026, 5, 31)),
        *several(30, first=40, received_on=FIRST - DAY),
        *several(30, first=80, received_on=LAST + DAY),
    ]

    found = made(cases)

    assert found.totals["received"] == Shown(20)
    assert lines(found, "received.by_month") == {"2026-04-01": 10, "2026-05-01": 5}


def test_answers_are_counted_by_case_and_by_person() -> None:
    case = {"setting": ("care_home",), "sex": ("female", "male"), "disability": ("a b", "")}
    cases = several(20, counted=case)

    found = made(cases)

    assert (found.totals["received"], found.totals["people"]) == (Shown(20), Shown(40))
    assert lines(found, "received.setting") == {"care_home": 20}
    assert lines(found, "received.sex") == {"female": 20, "male": 20}
    assert lines(found, "received.disability") == {"a": 20, "b": 20, "not_known": 20}


def test_not_known_and_not_answered_are_one_line_and_a_share() -> None:
    cases = [
        *several(10, counted={"sex": ("",)}),
        *several(10, first=20, counted={"sex": ("not_known",)}),
        *several(20, first=40, counted={"sex": ("female",)}),
    ]

    found = made(cases)

    assert lines(found, "received.sex") == {"female": 20, "not_known": 20}
    assert [(share.name, share.percent) for share in found.unknown] == [("sex", 50)]


def test_a_share_is_not_shown_when_its_number_is_not() -> None:
    sexes = ["female"] * 20 + ["not_known"] * 3
    cases = [a_counted_case(n, counted={"sex": (sex,)}) for n, sex in enumerate(sexes)]

    assert [share.percent for share in made(cases).unknown] == [None]


def test_a_case_from_before_anything_was_counted_is_not_known() -> None:
    cases = [*several(10), *several(10, first=20, counted={"setting": ("hospital",)})]

    assert lines(made(cases), "received.setting") == {"hospital": 10, "not_known": 10}


def test_one_case_alone_shows_nothing_of_itself() -> None:
    found = made([a_counted_case(1, counted={"sex": ("female",), "setting": ("hospital",)})])

    assert found.totals["received"] == Shown(None)
    assert [one.rows for one in found.tables] == [None] * len(found.tables)
    assert {share.percent for share in found.unknown} == {None}


def test_without_a_case_every_number_is_none() -> None:
    found = made([])

    assert set(found.totals.values()) == {Shown(0)}
    assert [(time.number, time.days) for time in found.times] == [(Shown(0), None)] * 3
    assert found.deadlines == ()


def test_notifications_to_the_national_panel_count_on_the_day_they_were_sent() -> None:
    sent: dict[str, Any] = {
        "dates": {"sin_sent_on": date(2026, 7, 1)},
        "counted": {"sex": ("male",)},
    }
    cases = [
        *several(10, received_on=FIRST - 40 * DAY, stream="child", **sent),
        *several(10, first=20, received_on=FIRST, stream="child"),
    ]

    found = made(cases, "child")

    assert found.totals["sin"] == Shown(10)
    assert lines(found, "sin.by_quarter") == {"2026-07-01": 10}
    assert lines(found, "sin.sex") == {"male": 10}


def test_figures_about_adults_have_no_notifications_to_the_national_panel() -> None:
    found = made(several(20, dates={"sin_sent_on": FIRST}))

    assert not [one.name for one in found.tables if one.name.startswith("sin")]


def test_closed_cases_are_counted_by_their_outcome() -> None:
    cases = [
        *several(12, received_on=FIRST - 90 * DAY, closed_on=FIRST),
        *several(6, first=20, closed_on=LAST, outcome="sar_mandatory"),
        *several(20, first=40, received_on=FIRST - 90 * DAY, closed_on=FIRST - DAY),
    ]

    assert lines(made(cases), "closed") == {"learning_review": 10, "sar_mandatory": 5}


def test_decisions_against_a_review_say_whether_a_criterion_was_met() -> None:
    refused = "no_review_reasons_recorded"
    cases = [
        *several(10, work=a_decision(refused, FIRST)),
        *several(5, first=20, work=a_decision(refused, FIRST, "a_death")),
        *several(30, first=40, work=a_decision("sar_mandatory", FIRST)),
    ]

    assert lines(made(cases), "refused") == {"no_criterion": 10, "criterion": 5}


@pytest.mark.parametrize(
    ("began", "ended", "concluded", "ongoing"),
    [
        (FIRST - DAY, None, 0, 10),
        (FIRST - DAY, FIRST, 10, 0),
        (FIRST - DAY, LAST, 10, 0),
        (FIRST - DAY, LAST + DAY, 0, 10),
        (LAST, None, 0, 10),
        (LAST + DAY, None, 0, 0),
        (FIRST - 9 * DAY, FIRST - DAY, 0, 0),
    ],
)
def test_a_review_is_concluded_in_the_year_or_under_way_at_its_end(
    began: date, ended: date | None, concluded: int, ongoing: int
) -> None:
    dates = {"sar_initiated_on": began, **({"sar_completed_on": ended} if ended else {})}

    found = made(several(10, received_on=FIRST - 90 * DAY, dates=dates))

    assert found.totals["concluded"] == Shown(concluded)
    assert found.totals["ongoing"] == Shown(ongoing)


@pytest.mark.parametrize("outcome", ["sar_mandatory", "sar_discretionary"])
def test_a_decision_for_a_review_begins_it(outcome: str) -> None:
    cases = several(10, work=a_decision(outcome, FIRST + DAY))

    assert made(cases).totals["ongoing"] == Shown(10)


def test_a_review_ends_with_its_case_at_the_latest() -> None:
    cases = several(10, dates={"sar_initiated_on": FIRST}, closed_on=FIRST + 60 * DAY)

    assert made(cases).totals["concluded"] == Shown(10)


def test_how_long_it_took_is_the_middle_of_what_was_done_in_the_year() -> None:
    cases = [
        a_counted_case(n, FIRST, dates={"acknowledged_on": FIRST + n * DAY}) for n in range(11)
    ]

    time = made(cases).times[0]

    assert (time.name, time.number, time.days) == ("acknowledged", Shown(10), 5)


@pytest.mark.parametrize("number", [1, 4, 5, 9])
def test_how_long_it_took_is_not_shown_of_a_few(number: int) -> None:
    cases = several(number, received_on=FIRST, dates={"acknowledged_on": FIRST})

    time = made(cases).times[0]

    assert (time.number, time.days) == (None, None)


def test_a_deadline_says_how_many_were_kept() -> None:
    met, done = DeadlineState.MET, date(2026, 11, 24)
    due = {
        "on time": a_deadline(due_on=done, state=met, closed_on=done),
        "late": a_deadline(due_on=done, state=met, closed_on=done + DAY),
        "overdue": a_deadline(due_on=TODAY - DAY),
    }
    cases = [
        case
        for place, deadline in enumerate(due.values())
        for case in several(10, first=20 * place, deadlines=(deadline,))
    ]

    (kept,) = made(cases).deadlines

    assert kept.table.total == Shown(30)
    assert dict(kept.table.rows or ()) == dict.fromkeys(("on_time", "late", "not_done"), Shown(10))
    assert kept.percent == 33


@pytest.mark.parametrize(
    "deadline",
    [
        a_deadline(due_on=TODAY),
        a_deadline(due_on=TODAY - DAY, state=DeadlineState.WITHDRAWN),
        a_deadline(due_on=TODAY - DAY, state=DeadlineState.NOT_APPLICABLE),
        a_deadline(due_on=FIRST - DAY),
        a_deadline(due_on=TODAY - DAY, kind="prompt"),
    ],
)
def test_what_is_not_due_yet_was_set_aside_or_is_another_s_duty_is_not_counted(
    deadline: Any,
) -> None:
    assert made(several(20, deadlines=(deadline,))).deadlines == ()


def test_a_share_kept_on_time_does_not_tell_how_few_were_late() -> None:
    late = a_deadline(due_on=TODAY, state=DeadlineState.MET, closed_on=TODAY + DAY)
    kept = replace(late, closed_on=TODAY)
    cases = [*several(20, deadlines=(kept,)), *several(1, first=40, deadlines=(late,))]

    (found,) = made(cases).deadlines

    assert found.percent is None


def _numbers(value: Any) -> list[int]:
    """Every number anywhere in the figures."""
    if isinstance(value, bool) or value is None:
        return []
    if isinstance(value, int):
        return [value]
    if is_dataclass(value) and not isinstance(value, type):
        return [n for item in fields(value) for n in _numbers(getattr(value, item.name))]
    if isinstance(value, dict):
        return _numbers(list(value.values()))
    return [n for item in value for n in _numbers(item)] if isinstance(value, list | tuple) else []


CODES = st.sampled_from(["", "a", "b", "a b", "c", "not_known"])
CASES = st.lists(
    st.builds(
        a_counted_case,
        st.integers(0, 9_999),
        st.dates(FIRST - 40 * DAY, LAST + 40 * DAY),
        stream=st.just("child"),
        counted=st.fixed_dictionaries(
            {"setting": st.tuples(CODES), "sex": st.lists(CODES, max_size=3).map(tuple)}
        ),
        closed_on=st.none() | st.dates(FIRST, LAST),
        dates=st.fixed_dictionaries({}, optional={"sin_sent_on": st.dates(FIRST, LAST)}),
    ),
    max_size=40,
)


@settings(max_examples=150, deadline=None)
@given(CASES)
def test_no_count_anywhere_in_the_figures_is_of_1_to_4_or_not_rounded(cases: list[Case]) -> None:
    found = made(cases, "child")

    counts = _numbers([found.totals, list(found.tables), [one.table for one in found.deadlines]])
    assert [count for count in counts if count % 5] == []
    assert all(time.number is None or time.number.number is not None for time in found.times)


@settings(max_examples=60, deadline=None)
@given(CASES, st.integers(0, 39))
def test_the_order_of_the_cases_tells_nothing(cases: list[Case], turn: int) -> None:
    assert made(cases, "child").tables == made(cases[turn:] + cases[:turn], "child").tables
