"""The register: where each case stands, and nothing of whom it is about."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.referrals.case import Case, KnownDate, RecordedDate
from chalicelib.referrals.case_change import recomputed
from chalicelib.referrals.case_work import CaseWork, Conflict, Stage
from chalicelib.referrals.clocks import clocks_of
from chalicelib.referrals.partnership import load_partnership
from chalicelib.referrals.register import PERSONAL_DATES, Columns, columns_of, document, header, row
from tests.unit.referrals.a_worked_case import NOW, RECEIVED_AT, a_decision

FORMS = Path(__file__).resolve().parents[3] / "forms"
PARTNERSHIPS = ("suffolk", "salford")
SUFFOLK = load_partnership(FORMS, "suffolk")
STREAMS = ("adult", "child")
REFERENCE = "SUF-BCDF-3479"
MARK = "zqx"
WRITTEN = st.text(max_size=20).map(lambda text: f"{MARK}{text}")


def a_case(stream: str = "adult", work: CaseWork | None = None, **changes: object) -> Case:
    known = {"received": KnownDate(date(2026, 11, 20))}
    case = Case(REFERENCE, stream, RECEIVED_AT, answered=known, work=work or CaseWork())
    case = replace(case, **changes)  # type: ignore[arg-type]
    return recomputed(case, clocks_of(SUFFOLK, REFERENCE, stream))


def told(case: Case) -> dict[str, str]:
    columns = columns_of(SUFFOLK, STREAMS, [case])
    return dict(zip(header(columns), row(case, columns, NOW, {}), strict=True))


@pytest.mark.parametrize("partnership", PARTNERSHIPS)
def test_every_column_has_a_heading_of_its_own(partnership: str) -> None:
    headings = header(columns_of(load_partnership(FORMS, partnership), STREAMS, []))

    assert len(headings) == len(set(headings))


def test_two_deadlines_of_one_name_are_told_apart() -> None:
    headings = header(Columns({}, {"a": "Send it", "b": "Send it"}))

    assert "Send it (a): due" in headings
    assert "Send it (b): due" in headings


@given(WRITTEN, WRITTEN, WRITTEN, st.sampled_from(STREAMS))
def test_nothing_that_was_answered_or_written_is_in_it(
    fact: str, reason: str, view: str, stream: str
) -> None:
    decision = a_decision(reasons=reason, alternative=view, partner_views={view: reason})
    work = CaseWork(decisions=(decision,), conflicts={"p-1": Conflict(fact, reason, view, NOW)})
    case = a_case(stream, work, facts={"outcome": (fact,)})

    columns = columns_of(SUFFOLK, STREAMS, [case])
    assert MARK not in repr(document(case, columns, NOW))
    assert MARK not in repr(row(case, columns, NOW, {}))


@pytest.mark.parametrize("name", sorted(PERSONAL_DATES))
def test_the_day_of_what_happened_is_not_in_it_whoever_recorded_it(name: str) -> None:
    day = date(2025, 2, 3)
    answered = a_case(answered={name: KnownDate(day)})
    recorded = a_case(recorded={name: RecordedDate(day, "Mo", NOW)})

    for case in (answered, recorded):
        columns = columns_of(SUFFOLK, STREAMS, [case])
        assert name not in columns.dates
        assert "2025-02-03" not in repr(document(case, columns, NOW))


def test_a_closed_case_tells_its_outcome() -> None:
    work = CaseWork(stage=Stage.CLOSED, outcome="learning_review", closed_on=date(2026, 11, 25))

    line = told(a_case(work=work))

    assert (line["Stage"], line["Outcome"], line["Closed"]) == (
        "closed",
        "learning_review",
        "2026-11-25",
    )


def test_a_deadline_that_is_late_says_so() -> None:
    line = told(a_case())

    assert line["Acknowledge the referral: state"] == "overdue"
    assert line["Acknowledge the referral: done"] == ""


def test_a_deadline_of_a_rule_that_has_gone_keeps_its_column() -> None:
    case = a_case()
    old = replace(case.deadlines[0], rule="old-rule", label="An old rule")
    case = replace(case, deadlines=(*case.deadlines, old))

    assert told(case)["An old rule: due"] == old.due_on.isoformat()


@given(st.integers(min_value=0, max_value=23))
def test_the_day_of_receipt_is_london_s(hours: int) -> None:
    midnight_in_summer = RECEIVED_AT.replace(year=2026, month=7, day=1, hour=23)
    case = a_case(received_at=midnight_in_summer + timedelta(hours=hours))

    assert told(case)["Received"] == "2026-07-02"
