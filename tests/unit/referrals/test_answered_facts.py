"""What clocks read from a form's answers: dates, and the answers that conditions name."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from chalicelib.referrals.case import KnownDate
from chalicelib.referrals.deadlines import answered_dates, applies, date_answer, facts
from tests.unit.referrals.a_case import a_rule

ROLES = {"outcome": "outcome_status", "looked_after": "child_looked_after"}
RULES = (a_rule(when={"outcome": ("died",), "looked_after": ("now", "not_known")}),)


@pytest.mark.parametrize(
    ("answer", "known"),
    [
        ("2026-11-20", KnownDate(date(2026, 11, 20))),
        ({"year": 2026, "month": 11, "day": 20}, KnownDate(date(2026, 11, 20))),
        (
            {"year": 2026, "month": 11, "day": 20, "estimated": True},
            KnownDate(date(2026, 11, 20), estimated=True),
        ),
        ({"year": 2028, "month": 2, "day": 29}, KnownDate(date(2028, 2, 29))),
        ({"year": 2026, "month": 11}, None),
        ({"year": 2026}, None),
        ({"not_known": True}, None),
        ({"year": 2026, "month": 2, "day": 29}, None),
        ("not a date", None),
        ("", None),
        (None, None),
        (True, None),
        (["2026-11-20"], None),
        ({"year": "2026", "month": 11, "day": 20}, None),
    ],
    ids=str,
)
def test_only_a_full_date_starts_a_clock(answer: Any, known: KnownDate | None) -> None:
    assert date_answer(answer) == known


def test_dates_are_the_receipt_and_every_role_that_answers_one() -> None:
    received_at = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    roles = {"told_on": "told_at", "incident_on": "incident_date", "outcome": "outcome"}

    known = answered_dates(received_at, roles, {"told_at": "2026-11-19", "outcome": "died"})

    assert known == {
        "received": KnownDate(date(2026, 11, 20)),
        "told_on": KnownDate(date(2026, 11, 19)),
    }


@pytest.mark.parametrize(
    ("received_at", "on"),
    [
        (datetime(2026, 6, 30, 22, 59, tzinfo=UTC), date(2026, 6, 30)),
        (datetime(2026, 6, 30, 23, 30, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 11, 20, 23, 30, tzinfo=UTC), date(2026, 11, 20)),
    ],
    ids=str,
)
def test_a_referral_is_received_on_its_day_in_london(received_at: datetime, on: date) -> None:
    assert answered_dates(received_at, {}, {})["received"] == KnownDate(on)


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        ({"outcome_status": "died"}, ("died",)),
        ({"outcome_status": ["died", "harmed"]}, ("died", "harmed")),
        ({"outcome_status": ["b", "a", "b"]}, ("a", "b")),
        ({}, ()),
        ({"outcome_status": []}, ("not_known",)),
        ({"outcome_status": {"not_known": True}}, ("not_known",)),
    ],
    ids=str,
)
def test_the_answers_to_a_named_question_are_kept(
    answers: dict[str, Any], found: tuple[str, ...]
) -> None:
    assert facts(RULES, ROLES, answers)["outcome"] == found


@pytest.mark.parametrize(
    ("items", "found"),
    [
        ([{"child_looked_after": "never"}, {"child_looked_after": "now"}], ("never", "now")),
        ([{"child_looked_after": ["now", "never"]}], ("never", "now")),
        ([{"child_looked_after": "never"}, {"name": "-"}], ("never", "not_known")),
        ([{"name": "-"}], ()),
    ],
    ids=str,
)
def test_a_question_asked_of_every_item_has_all_their_answers(
    items: list[dict[str, Any]], found: tuple[str, ...]
) -> None:
    answers = {"children": items, "agencies": [{"agency": "police"}], "tags": ["a", "b"]}

    assert facts(RULES, ROLES, answers)["looked_after"] == found


def test_no_answer_is_kept_that_no_rule_asks_for() -> None:
    assert facts([a_rule()], ROLES, {"outcome_status": "died"}) == {}


def test_a_role_that_the_form_does_not_have_has_no_answer() -> None:
    assert facts(RULES, {}, {"outcome_status": "died"}) == {}


@pytest.mark.parametrize(
    ("when", "known", "holds"),
    [
        ({}, {}, True),
        ({"outcome": ("died",)}, {"outcome": ("died",)}, True),
        ({"outcome": ("died",)}, {"outcome": ("harmed",)}, False),
        ({"outcome": ("died", "harmed")}, {"outcome": ("harmed",)}, True),
        ({"outcome": ("died",)}, {"outcome": ("harmed", "died")}, True),
        ({"outcome": ("died",)}, {}, False),
        ({"outcome": ("died", "not_known")}, {}, True),
        ({"outcome": ("died", "not_known")}, {"outcome": ()}, True),
        ({"outcome": ("died",), "age": ("17",)}, {"outcome": ("died",)}, False),
        ({"outcome": ("died",), "age": ("17",)}, {"outcome": ("died",), "age": ("17",)}, True),
    ],
    ids=str,
)
def test_a_condition_needs_one_of_its_answers_to_every_question(
    when: dict[str, tuple[str, ...]], known: dict[str, tuple[str, ...]], holds: bool
) -> None:
    assert applies(a_rule(when=when), known) is holds
