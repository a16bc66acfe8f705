"""What staff do to a case: deadlines, reminders and schedules follow, and it is audited."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.referrals import case_change
from chalicelib.referrals.case import Case, DeadlineState
from chalicelib.referrals.case_change import Actor, NotPossible
from chalicelib.referrals.delivery import Kind, State
from chalicelib.use_cases.deliver import Outcome, deliver
from chalicelib.use_cases.meet_deadline import meet_deadline
from chalicelib.use_cases.ports import CaseChanged, StoreBusy
from chalicelib.use_cases.record_date import record_date
from chalicelib.use_cases.remind import remind
from chalicelib.use_cases.settle_deadline import (
    put_in_force,
    set_aside_deadline,
    withdraw_deadline,
)
from tests.unit.use_cases.clock_rules import (
    ACKNOWLEDGE,
    COPY,
    PROGRESS,
    RULES,
    ruled_instance,
    with_rules,
)
from tests.unit.use_cases.instance import RECEIVED_AT, Instance

TODAY = RECEIVED_AT.date()
STAFF = "a.manager"


@pytest.fixture
def instance() -> Instance:
    return ruled_instance()


@pytest.fixture
def reference(instance: Instance) -> str:
    reference = instance.submit("adult").reference
    run_stream(instance)
    return reference


def run_stream(instance: Instance) -> None:
    for delivery in list(instance.table.deliveries.values()):
        if delivery.kind is not Kind.REMINDER_EMAIL and delivery.state is State.PENDING:
            deliver(instance.services, delivery.id)


def case_of(instance: Instance, reference: str) -> Case:
    case = instance.services.cases.find(reference)
    assert case is not None
    return case


def due(case: Case, rule: str) -> date | None:
    deadline = case.deadline(rule)
    return None if deadline is None else deadline.due_on


def state(case: Case, rule: str) -> DeadlineState | None:
    deadline = case.deadline(rule)
    return None if deadline is None else deadline.state


def scheduled(instance: Instance, rule: str) -> list[str]:
    """The days on which Scheduler would start a reminder of a rule."""
    names = instance.schedules.kept
    return sorted(f"{names[name].at:%Y-%m-%d}" for name in names if f"-{rule}-2" in name)


def actions(instance: Instance) -> list[tuple[str, str]]:
    return [(entry.actor, entry.action) for entry in instance.table.audit]


def test_a_recorded_date_starts_its_clocks(instance: Instance, reference: str) -> None:
    after = record_date(instance.services, reference, "sent_on", TODAY, STAFF)

    assert due(after, "review") == date(2026, 12, 11)
    assert case_of(instance, reference) == after


def test_the_reminders_of_a_started_clock_are_scheduled(instance: Instance, reference: str) -> None:
    record_date(instance.services, reference, "sent_on", TODAY, STAFF)
    run_stream(instance)

    assert scheduled(instance, "review") == ["2026-11-27", "2026-12-09", "2026-12-14"]


def test_a_corrected_date_moves_the_deadline_and_every_schedule(
    instance: Instance, reference: str
) -> None:
    record_date(instance.services, reference, "sent_on", TODAY, STAFF)
    run_stream(instance)

    after = record_date(instance.services, reference, "sent_on", TODAY - timedelta(days=1), STAFF)
    run_stream(instance)

    assert due(after, "review") == date(2026, 12, 10)
    assert scheduled(instance, "review") == ["2026-11-26", "2026-12-08", "2026-12-11"]


def test_two_clocks_of_one_duty_keep_their_own_dates(instance: Instance, reference: str) -> None:
    record_date(instance.services, reference, "aware_on", TODAY - timedelta(days=7), STAFF)
    after = record_date(instance.services, reference, "sent_on", TODAY, STAFF)

    assert (due(after, "review"), due(after, "review-cautious")) == (
        date(2026, 12, 11),
        date(2026, 12, 4),
    )


def test_a_date_that_is_not_known_after_all_stops_its_clocks(
    instance: Instance, reference: str
) -> None:
    record_date(instance.services, reference, "sent_on", TODAY, STAFF)
    run_stream(instance)

    after = record_date(instance.services, reference, "sent_on", None, STAFF)
    run_stream(instance)

    assert due(after, "review") is None
    assert scheduled(instance, "review") == []


def test_old_and_new_due_dates_are_in_the_audit_trail(instance: Instance, reference: str) -> None:
    record_date(instance.services, reference, "sent_on", TODAY, STAFF)
    record_date(instance.services, reference, "sent_on", TODAY - timedelta(days=1), STAFF)

    last = instance.table.audit[-1]

    assert (last.actor, last.action) == (STAFF, "recorded a date")
    assert last.details == {
        "date": "sent_on",
        "on": "2026-11-19",
        "deadline.review": "2026-12-11 open to 2026-12-10 open",
    }


def test_a_corrected_date_is_kept_beside_the_one_in_force(
    instance: Instance, reference: str
) -> None:
    for day in (date(2026, 11, 2), date(2026, 11, 3), None):
        record_date(instance.services, reference, "sent_on", day, STAFF)

    case = case_of(instance, reference)
    assert [(one.name, one.recorded.on) for one in case.superseded_dates] == [
        ("sent_on", date(2026, 11, 2)),
        ("sent_on", date(2026, 11, 3)),
    ]
    assert case.recorded["sent_on"].on is None


def test_what_was_settled_before_is_kept_with_its_reason(
    instance: Instance, reference: str
) -> None:
    withdraw_deadline(instance.services, reference, "acknowledge", "The first reason", "Ann")
    put_in_force(instance.services, reference, "acknowledge", "The second reason", "Bob")

    case = case_of(instance, reference)
    (before,) = case.superseded_settlements
    assert (before.act, before.settlement.reason) == ("acknowledge", "The first reason")
    assert before.settlement.actor == "Ann"
    assert case.settled["acknowledge"].reason == "The second reason"


def test_a_case_takes_hundreds_of_corrections_and_then_says_so(
    instance: Instance, reference: str
) -> None:
    case = case_of(instance, reference)
    names, who = instance.services.partnership.dates, Actor(STAFF, RECEIVED_AT)
    for number in range(1_001):
        day = date(2026, 1, 1 + number % 2)
        case = case_change.record_date(case, names, "sent_on", day, who)

    with pytest.raises(NotPossible, match="cannot hold one more correction"):
        case_change.record_date(case, names, "sent_on", None, who)


def test_the_same_date_again_changes_nothing(instance: Instance, reference: str) -> None:
    first = record_date(instance.services, reference, "sent_on", TODAY, STAFF)
    rows = len(instance.table.audit)

    assert record_date(instance.services, reference, "sent_on", TODAY, STAFF) == first
    assert len(instance.table.audit) == rows


def test_a_met_deadline_falls_silent(instance: Instance, reference: str) -> None:
    after = meet_deadline(instance.services, reference, "acknowledge", TODAY, STAFF)
    run_stream(instance)

    assert state(after, "acknowledge") is DeadlineState.MET
    assert scheduled(instance, "acknowledge") == []
    assert scheduled(instance, "consider") != []


def test_a_duty_that_is_met_meets_all_its_clocks(instance: Instance, reference: str) -> None:
    record_date(instance.services, reference, "aware_on", date(2026, 10, 1), STAFF)
    record_date(instance.services, reference, "sent_on", date(2026, 11, 2), STAFF)

    after = meet_deadline(instance.services, reference, "review", TODAY, STAFF)

    assert [item.met_late for item in after.deadlines if item.act == "review"] == [False, True]


def test_recording_the_date_that_meets_a_deadline_meets_it(
    instance: Instance, reference: str
) -> None:
    after = record_date(instance.services, reference, "acknowledged_on", TODAY, STAFF)

    assert state(after, "acknowledge") is DeadlineState.MET


@pytest.mark.parametrize(
    ("settle", "becomes"),
    [
        (withdraw_deadline, DeadlineState.WITHDRAWN),
        (set_aside_deadline, DeadlineState.NOT_APPLICABLE),
    ],
)
def test_a_deadline_that_is_set_aside_falls_silent(
    instance: Instance, reference: str, settle: object, becomes: DeadlineState
) -> None:
    assert callable(settle)
    after = settle(instance.services, reference, "consider", "Joined to another review", STAFF)
    run_stream(instance)

    assert state(after, "consider") is becomes
    assert scheduled(instance, "consider") == []
    assert instance.table.audit[-1].details["reason"] == "Joined to another review"


def test_a_deadline_put_in_force_again_is_reminded_again(
    instance: Instance, reference: str
) -> None:
    before = scheduled(instance, "consider")
    withdraw_deadline(instance.services, reference, "consider", "A slip", STAFF)
    run_stream(instance)

    put_in_force(instance.services, reference, "consider", "Withdrawn by mistake", STAFF)
    run_stream(instance)

    assert scheduled(instance, "consider") == before


def test_a_deadline_met_by_mistake_is_open_again(instance: Instance, reference: str) -> None:
    meet_deadline(instance.services, reference, "acknowledge", TODAY, STAFF)

    after = put_in_force(instance.services, reference, "acknowledge", "Not sent", STAFF)

    assert state(after, "acknowledge") is DeadlineState.OPEN


def test_a_repeating_deadline_goes_on_to_its_next_date() -> None:
    instance = ruled_instance(PROGRESS, *RULES)
    reference = instance.submit("adult").reference
    record_date(instance.services, reference, "decided_on", date(2026, 10, 15), STAFF)
    run_stream(instance)

    after = meet_deadline(instance.services, reference, "progress", TODAY, STAFF)
    run_stream(instance)

    assert due(after, "progress") == date(2026, 12, 15)
    assert scheduled(instance, "progress") == ["2026-12-15", "2026-12-16"]


def test_correcting_the_day_of_a_late_check_does_not_skip_the_next_one() -> None:
    instance = ruled_instance(PROGRESS, *RULES)
    reference = instance.submit("adult").reference
    services = instance.services
    record_date(services, reference, "decided_on", date(2026, 9, 20), STAFF)
    meet_deadline(services, reference, "progress", date(2026, 11, 5), STAFF)

    after = meet_deadline(services, reference, "progress", date(2026, 10, 24), STAFF)

    assert due(after, "progress") == date(2026, 11, 20)


def test_a_check_told_by_mistake_is_taken_back() -> None:
    instance = ruled_instance(PROGRESS, *RULES)
    reference = instance.submit("adult").reference
    record_date(instance.services, reference, "decided_on", date(2026, 10, 15), STAFF)
    meet_deadline(instance.services, reference, "progress", TODAY, STAFF)

    after = put_in_force(instance.services, reference, "progress", "Not done after all", STAFF)

    assert due(after, "progress") == date(2026, 11, 15)


def test_a_reminder_says_what_its_rule_is_called_now(instance: Instance, reference: str) -> None:
    renamed = with_rules(instance, replace(ACKNOWLEDGE, email_label="Answer the agency"))
    instance.clock.instant = datetime(2026, 11, 23, 9, tzinfo=UTC)

    remind(renamed.services, reference, "acknowledge#20261124#20261123")

    message = instance.mailer.sent[-1][1]
    assert "Deadline: Answer the agency" in message.text
    assert b"Answer the agency" in message.attachments[0].content


def test_a_deadline_with_very_many_failed_reminders_can_still_be_met(
    instance: Instance, reference: str
) -> None:
    row = instance.table.deliveries[f"{reference}/acknowledge#20261124#20261123"]
    old = [
        replace(row, id=f"{reference}/{name}", reminder=name, state=State.FAILED)
        for name in (f"acknowledge#20261124#2027{number:04d}" for number in range(150))
    ]
    instance.table.add(old)

    after = meet_deadline(instance.services, reference, "acknowledge", TODAY, STAFF)
    run_stream(instance)

    assert state(after, "acknowledge") is DeadlineState.MET
    assert scheduled(instance, "acknowledge") == []


def test_a_reminder_that_fires_after_its_deadline_was_met_is_not_sent(
    instance: Instance, reference: str
) -> None:
    sent = len(instance.mailer.sent)
    meet_deadline(instance.services, reference, "acknowledge", TODAY, STAFF)

    outcome = remind(instance.services, reference, "acknowledge#20261124#20261123")

    assert outcome is Outcome.NOTHING
    assert len(instance.mailer.sent) == sent


def test_a_reminder_under_way_when_its_deadline_moved_is_not_sent(
    instance: Instance, reference: str
) -> None:
    """The row was not cancelled, as when its worker had taken it just before."""
    row = instance.table.deliveries[f"{reference}/acknowledge#20261124#20261123"]
    meet_deadline(instance.services, reference, "acknowledge", TODAY, STAFF)
    instance.table.deliveries[row.id] = row
    sent = len(instance.mailer.sent)

    assert deliver(instance.services, row.id) is Outcome.CANCELLED
    assert len(instance.mailer.sent) == sent
    assert instance.table.deliveries[row.id].state is State.CANCELLED


def test_a_late_deadline_is_chased_every_working_day_until_it_is_met(
    instance: Instance, reference: str
) -> None:
    for day in (25, 26, 27, 30):
        instance.clock.instant = datetime(2026, 11, day, 9, tzinfo=UTC)
        # Scheduler deletes a schedule once it has fired.
        del instance.schedules.kept[f"{reference}-acknowledge-20261124-202611{day}"]
        remind(instance.services, reference, f"acknowledge#20261124#202611{day}")
        run_stream(instance)
    assert scheduled(instance, "acknowledge") == ["2026-11-23", "2026-11-24", "2026-12-01"]
    assert "6 days overdue" in instance.mailer.sent[-1][1].text

    meet_deadline(instance.services, reference, "acknowledge", date(2026, 11, 30), STAFF)
    run_stream(instance)

    assert "2026-12-01" not in scheduled(instance, "acknowledge")


def test_a_chase_that_could_not_be_emailed_still_leaves_the_next_one(
    instance: Instance, reference: str
) -> None:
    instance.clock.instant = datetime(2026, 11, 25, 9, tzinfo=UTC)
    instance.mailer.failures.append(KeyboardInterrupt())  # type: ignore[arg-type]
    with pytest.raises(KeyboardInterrupt):
        remind(instance.services, reference, "acknowledge#20261124#20261125")

    run_stream(instance)

    assert "2026-11-26" in scheduled(instance, "acknowledge")


@pytest.mark.parametrize(
    ("name", "on", "says"),
    [
        ("sent_on", TODAY + timedelta(days=1), "has not come yet"),
        ("sent_on", date(1926, 11, 20), "too long ago"),
        ("publish_on", date(2226, 11, 20), "too far ahead"),
        ("no_such_date", TODAY, "The dates are: acknowledged_on, aware_on"),
        ("received", TODAY, "There is no date called received"),
    ],
)
def test_a_date_that_cannot_be_is_refused_with_what_to_do(
    instance: Instance, reference: str, name: str, on: date, says: str
) -> None:
    before = case_of(instance, reference)

    with pytest.raises(NotPossible, match=says):
        record_date(instance.services, reference, name, on, STAFF)

    assert case_of(instance, reference) == before


@pytest.mark.parametrize(
    ("name", "on", "says"),
    [
        ("acknowledged_on", date(2025, 11, 20), "before the referral was received"),
        ("reviewed_on", date(2026, 11, 1), "before sent_on"),
    ],
)
def test_a_duty_cannot_be_met_before_its_clock_starts(
    instance: Instance, reference: str, name: str, on: date, says: str
) -> None:
    before = record_date(instance.services, reference, "sent_on", date(2026, 11, 10), STAFF)

    with pytest.raises(NotPossible, match=says):
        record_date(instance.services, reference, name, on, STAFF)

    assert case_of(instance, reference) == before


def test_what_is_counted_back_from_a_planned_day_is_done_before_it() -> None:
    instance = ruled_instance(replace(COPY, met_by="reviewed_on"))
    reference = instance.submit("adult").reference
    record_date(instance.services, reference, "publish_on", TODAY + timedelta(days=40), STAFF)

    case = record_date(instance.services, reference, "reviewed_on", TODAY, STAFF)

    (copy,) = case.deadlines
    assert copy.state is DeadlineState.MET


@pytest.mark.parametrize("reason", ["\x1b[31mred", "null\x00", "x" * 1_001])
def test_a_reason_that_cannot_be_shown_is_refused(
    instance: Instance, reference: str, reason: str
) -> None:
    with pytest.raises(NotPossible):
        withdraw_deadline(instance.services, reference, "consider", reason, STAFF)


def test_an_unknown_case_is_refused(instance: Instance) -> None:
    with pytest.raises(NotPossible, match="no case with this reference"):
        record_date(instance.services, "SUF-XXXX-XXXX", "sent_on", TODAY, STAFF)


def test_a_reason_must_be_given(instance: Instance, reference: str) -> None:
    with pytest.raises(NotPossible, match="Give the reason"):
        withdraw_deadline(instance.services, reference, "consider", "  ", STAFF)


def test_somebody_elses_change_meanwhile_is_not_lost(
    instance: Instance, reference: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases, change = instance.services.cases, instance.services.cases.change
    meanwhile = iter([True])

    def changed_once(wanted: object) -> None:
        if next(meanwhile, False):
            monkeypatch.setattr(cases, "change", change)
            record_date(instance.services, reference, "aware_on", TODAY, "another")
            raise CaseChanged
        change(wanted)  # type: ignore[arg-type]

    monkeypatch.setattr(cases, "change", changed_once)
    after = record_date(instance.services, reference, "sent_on", TODAY, STAFF)

    assert set(after.recorded) == {"aware_on", "sent_on"}
    assert actions(instance)[1:] == [("another", "recorded a date"), (STAFF, "recorded a date")]


def test_a_case_that_changes_all_the_time_is_said_to_be_busy(
    instance: Instance, reference: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def always(_: object) -> None:
        raise CaseChanged

    monkeypatch.setattr(instance.services.cases, "change", always)

    with pytest.raises(StoreBusy):
        record_date(instance.services, reference, "sent_on", TODAY, STAFF)
