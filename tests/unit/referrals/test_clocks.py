"""Which rules and which calendar a case follows, and the name of their version."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chalicelib.referrals.clocks import Clocks, clocks_of, rules_version, year_reference
from chalicelib.referrals.partnership import CalendarRules, DeadlineRule, Partnership, build
from tests.unit.referrals.a_case import CALENDAR, a_rule, clocks

ADULT = a_rule("adult-only")
CHILD = a_rule("child-only", stream="child")
BOTH = a_rule("both", stream="both", when={"outcome": ("died",)})
YEARLY = a_rule("report", trigger="year_end", scope="partnership")
ROYAL = date(2026, 11, 25)


def a_partnership(*rules: DeadlineRule, **calendar: Any) -> Partnership:
    contact = {"help_email": "a@b.example", "website": "https://b.example", "website_name": "B"}
    document = {
        "id": "borough",
        "name": "Borough Partnership",
        "short_name": "Borough",
        "service_name": "Notify us",
        "forms": ["adult", "child"],
        "reference_prefix": "BOR",
        "classification": "OFFICIAL-SENSITIVE",
        "area": "Borough",
        "contact": contact,
        "live_routes": {},
        "brand": {"colour": "#000000", "text_colour": "#ffffff", "accent": "#000000"},
        "mail": {"from_address": "a@b.example", "team": {}},
        "privacy": {"controller": "B", "contact_email": "a@b.example", "retention_text": "-"},
    }
    return replace(build(document), deadlines=rules, calendar=CalendarRules(**calendar))


def version(*rules: DeadlineRule, **calendar: Any) -> str:
    return clocks_of(a_partnership(*rules, **calendar), "BOR-BCDF-3479", "adult").version


@pytest.mark.parametrize(
    ("reference", "stream", "rules"),
    [
        ("BOR-BCDF-3479", "adult", (ADULT, BOTH)),
        ("BOR-BCDF-3479", "child", (CHILD, BOTH)),
        ("BOR-YEAR", "adult", (YEARLY,)),
        ("BOR-YEAR", "child", (YEARLY,)),
    ],
)
def test_a_case_follows_the_rules_of_its_stream_and_the_year_its_own(
    reference: str, stream: str, rules: tuple[DeadlineRule, ...]
) -> None:
    partnership = a_partnership(ADULT, CHILD, BOTH, YEARLY)

    assert clocks_of(partnership, reference, stream).rules == rules


def test_the_partnerships_own_clocks_have_a_reference() -> None:
    assert year_reference(a_partnership()) == "BOR-YEAR"


def test_the_calendar_has_the_partnerships_additions() -> None:
    local = {"extra_holidays": (ROYAL,), "count_from": "deemed_received"}

    calendar = clocks_of(a_partnership(**local), "BOR-BCDF-3479", "adult").calendar

    assert (calendar.is_working(ROYAL), calendar.count_from) == (False, "deemed_received")


def test_the_version_is_the_same_for_every_case() -> None:
    partnership = a_partnership(ADULT, CHILD, YEARLY)
    cases = [("BOR-BCDF-3479", "adult"), ("BOR-BCDF-3479", "child"), ("BOR-YEAR", "adult")]

    assert len({clocks_of(partnership, *case).version for case in cases}) == 1


def test_the_version_is_the_same_when_the_file_is_read_again() -> None:
    assert version(ADULT, BOTH) == version(replace(ADULT), replace(BOTH, when={**BOTH.when}))


@pytest.mark.parametrize(
    "other",
    [
        version(),
        version(BOTH, ADULT),
        version(replace(ADULT, length=6), BOTH),
        version(replace(ADULT, remind_before=()), BOTH),
        version(ADULT, replace(BOTH, when={"outcome": ("harmed",)})),
        version(ADULT, BOTH, extra_holidays=(ROYAL,)),
        version(ADULT, BOTH, count_from="deemed_received"),
    ],
)
def test_the_version_changes_with_any_rule_and_any_day_of_the_calendar(other: str) -> None:
    assert other != version(ADULT, BOTH)


def test_a_version_is_sixteen_hex_digits() -> None:
    assert len(rules_version(a_partnership(ADULT), CALENDAR)) == 16
    assert int(rules_version(a_partnership(ADULT), CALENDAR), 16) >= 0


class Backwards(frozenset[date]):
    """In the order that another process may find."""

    def __iter__(self) -> Iterator[date]:
        return iter(sorted(super().__iter__(), reverse=True))


def test_the_order_in_which_holidays_are_found_makes_no_other_version() -> None:
    backwards = replace(CALENDAR, holidays=Backwards(CALENDAR.holidays))

    assert rules_version(a_partnership(), backwards) == rules_version(a_partnership(), CALENDAR)


@pytest.fixture
def running() -> Clocks:
    return clocks(
        a_rule("sent", duty="review"), a_rule("aware", duty="review"), a_rule("acknowledge")
    )


def test_the_clocks_of_one_duty_are_found_together(running: Clocks) -> None:
    assert [rule.id for rule in running.rules_of("review")] == ["sent", "aware"]


def test_a_rule_without_a_duty_is_its_own(running: Clocks) -> None:
    assert [rule.id for rule in running.rules_of("acknowledge")] == ["acknowledge"]


def test_a_rule_is_found_by_its_id(running: Clocks) -> None:
    assert (running.rule("aware"), running.rule("review")) == (running.rules[1], None)
