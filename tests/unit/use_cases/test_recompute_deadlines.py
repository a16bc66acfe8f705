"""When rules or the calendar change, every open case follows, and the year's own clocks run."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from chalicelib.referrals.case import DeadlineState
from chalicelib.referrals.case_change import CaseChange
from chalicelib.referrals.delivery import Kind
from chalicelib.referrals.partnership import CalendarRules
from chalicelib.referrals.referral import Referral
from chalicelib.use_cases.change_case import MOST_REMINDERS
from chalicelib.use_cases.deliver import deliver
from chalicelib.use_cases.meet_deadline import meet_deadline
from chalicelib.use_cases.recompute_deadlines import (
    BATCH,
    NotAllRecomputed,
    recompute_deadlines,
)
from chalicelib.use_cases.submit_referral import submit_draft
from tests.unit.use_cases.clock_rules import (
    ACKNOWLEDGE,
    RULES,
    YEARLY,
    a_rule,
    ruled_instance,
    with_rules,
)
from tests.unit.use_cases.instance import Instance
from tests.unit.use_cases.test_case_clocks import case_of, due, run_stream, scheduled, state

# Granted at short notice, as the coronation's was.
EXTRA_HOLIDAY = date(2026, 11, 23)


def with_extra_holiday(instance: Instance) -> Instance:
    calendar = CalendarRules(extra_holidays=(EXTRA_HOLIDAY,))
    partnership = replace(instance.services.partnership, calendar=calendar)
    return replace(instance, services=replace(instance.services, partnership=partnership))


@pytest.fixture
def instance() -> Instance:
    made = ruled_instance()
    recompute_deadlines(made.services)
    return made


def test_a_bank_holiday_that_is_added_moves_open_deadlines(instance: Instance) -> None:
    reference = instance.submit("adult").reference
    run_stream(instance)
    later = with_extra_holiday(instance)

    assert recompute_deadlines(later.services) == 1
    run_stream(later)

    assert due(case_of(later, reference), "acknowledge") == date(2026, 11, 25)
    assert scheduled(later, "acknowledge") == ["2026-11-24", "2026-11-25", "2026-11-26"]


def test_the_move_is_in_the_audit_trail(instance: Instance) -> None:
    instance.submit("adult")
    later = with_extra_holiday(instance)

    recompute_deadlines(later.services)

    last = later.table.audit[-1]
    assert (last.actor, last.action) == ("service", "recomputed deadlines")
    assert last.details["deadline.acknowledge"] == "2026-11-24 open to 2026-11-25 open"


def test_a_deadline_that_was_met_keeps_the_date_it_was_met_by(instance: Instance) -> None:
    reference = instance.submit("adult").reference
    meet_deadline(instance.services, reference, "acknowledge", date(2026, 11, 20), "staff")
    later = with_extra_holiday(instance)

    recompute_deadlines(later.services)

    case = case_of(later, reference)
    assert (state(case, "acknowledge"), due(case, "acknowledge")) == (
        DeadlineState.MET,
        date(2026, 11, 24),
    )


def test_a_rule_that_is_taken_out_takes_its_reminders_along(instance: Instance) -> None:
    reference = instance.submit("adult").reference
    run_stream(instance)
    later = with_rules(instance, ACKNOWLEDGE)

    recompute_deadlines(later.services)
    run_stream(later)

    assert due(case_of(later, reference), "consider") is None
    assert scheduled(later, "consider") == []


def test_a_rule_that_is_added_starts_in_open_cases() -> None:
    instance = ruled_instance(ACKNOWLEDGE)
    recompute_deadlines(instance.services)
    reference = instance.submit("adult").reference
    later = with_rules(instance, *RULES)

    recompute_deadlines(later.services)

    assert due(case_of(later, reference), "consider") == date(2026, 12, 18)


def test_the_same_rules_again_change_nothing(instance: Instance) -> None:
    instance.submit("adult")
    rows = len(instance.table.audit)

    assert recompute_deadlines(instance.services) == 0
    assert len(instance.table.audit) == rows


def test_more_cases_than_one_run_takes_are_finished_by_the_next(instance: Instance) -> None:
    references = [instance.submit("adult").reference for _ in range(BATCH + 10)]
    later = with_extra_holiday(instance)

    counts = [recompute_deadlines(later.services) for _ in range(3)]

    assert counts == [BATCH, 10, 0]
    dues = {due(case_of(later, reference), "acknowledge") for reference in references}
    assert dues == {date(2026, 11, 25)}


def test_a_referral_that_comes_meanwhile_follows_the_new_rules(instance: Instance) -> None:
    later = with_extra_holiday(instance)
    form = later.services.forms["adult"]

    reference = submit_draft(later.services, form, later.draft("adult")).reference

    assert due(case_of(later, reference), "acknowledge") == date(2026, 11, 25)


def test_rules_that_are_taken_back_half_way_leave_no_case_behind(instance: Instance) -> None:
    references = [instance.submit("adult").reference for _ in range(BATCH + 10)]
    later = with_extra_holiday(instance)
    recompute_deadlines(later.services)

    while recompute_deadlines(instance.services):
        pass

    dues = {due(case_of(instance, reference), "acknowledge") for reference in references}
    assert dues == {date(2026, 11, 24)}


def test_a_referral_that_old_code_stored_after_the_pass_is_found_an_hour_later(
    instance: Instance,
) -> None:
    later = with_extra_holiday(instance)
    recompute_deadlines(later.services)
    reference = instance.submit("adult").reference
    later.clock.move(hours=1)

    assert recompute_deadlines(later.services) == 1
    assert due(case_of(later, reference), "acknowledge") == date(2026, 11, 25)


def test_one_case_that_cannot_be_recomputed_does_not_hold_back_the_others(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    references = [instance.submit("adult").reference for _ in range(5)]
    bad = references[2]
    find = instance.services.referrals.find

    def failing(reference: str) -> Referral | None:
        if reference == bad:
            raise ValueError
        return find(reference)

    monkeypatch.setattr(instance.services.referrals, "find", failing)
    later = with_extra_holiday(instance)

    with pytest.raises(NotAllRecomputed) as raised:
        recompute_deadlines(later.services)

    assert raised.value.references == (bad,)
    moved = [due(case_of(later, one), "acknowledge") for one in references if one != bad]
    assert set(moved) == {date(2026, 11, 25)}


def test_the_case_that_failed_is_tried_again_by_the_next_run(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = instance.submit("adult").reference
    later = with_extra_holiday(instance)
    with monkeypatch.context() as broken:
        broken.setattr(instance.services.referrals, "find", lambda _: 1 / 0)
        with pytest.raises(NotAllRecomputed):
            recompute_deadlines(later.services)

    assert recompute_deadlines(later.services) == 1
    assert due(case_of(later, reference), "acknowledge") == date(2026, 11, 25)


def test_a_change_too_large_for_one_transaction_is_made_in_parts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    leads = [f"{days} calendar days" for days in range(0, 90, 7)]
    rules = [a_rule(f"rule-{n}", "received", 100 + n, "working_days", *leads) for n in range(6)]
    instance = ruled_instance(*rules)
    recompute_deadlines(instance.services)
    reference = instance.submit("adult").reference
    run_stream(instance)
    sizes: list[int] = []
    change = instance.services.cases.change

    def noted(wanted: CaseChange) -> None:
        sizes.append(len(wanted.add) + len(wanted.cancel))
        change(wanted)

    monkeypatch.setattr(instance.services.cases, "change", noted)
    later = with_extra_holiday(instance)
    recompute_deadlines(later.services)
    run_stream(later)

    assert len(sizes) > 1
    assert max(sizes) <= MOST_REMINDERS
    fresh = with_extra_holiday(ruled_instance(*rules))
    expected = fresh.submit("adult").reference
    run_stream(fresh)
    assert due_dates(later, reference) == due_dates(fresh, expected)
    assert [scheduled(later, rule.id) for rule in rules] == [
        scheduled(fresh, rule.id) for rule in rules
    ]


def due_dates(instance: Instance, reference: str) -> dict[str, date]:
    return {item.rule: item.due_on for item in case_of(instance, reference).deadlines}


def test_a_yearly_duty_runs_without_a_case() -> None:
    instance = ruled_instance(ACKNOWLEDGE, YEARLY)

    recompute_deadlines(instance.services)
    for row in instance.deliveries(Kind.SCHEDULES):
        deliver(instance.services, row.id)

    # On 20 November 2026 the report on the year to March 2026 was due already: not the first one.
    assert due(case_of(instance, "SUF-YEAR"), "report") == date(2027, 9, 30)
    assert [f"{kept.at:%Y-%m-%d}" for kept in instance.schedules.kept.values()] == [
        "2027-06-30",
        "2027-10-01",
    ]


def test_a_yearly_duty_that_is_done_comes_again_next_year() -> None:
    instance = ruled_instance(ACKNOWLEDGE, YEARLY)
    recompute_deadlines(instance.services)
    instance.clock.instant = datetime(2027, 7, 5, 10, tzinfo=UTC)

    after = meet_deadline(instance.services, "SUF-YEAR", "report", date(2027, 7, 5), "staff")

    assert due(after, "report") == date(2028, 9, 30)


def test_the_year_is_opened_once() -> None:
    instance = ruled_instance(ACKNOWLEDGE, YEARLY)
    recompute_deadlines(instance.services)
    later = with_extra_holiday(instance)

    recompute_deadlines(later.services)

    assert [entry.action for entry in later.table.audit].count("opened the year") == 1
