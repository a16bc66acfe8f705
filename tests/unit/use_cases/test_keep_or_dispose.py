"""A case is deleted when a person approved it, it still may be, and the pause is over; else not."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from chalicelib.referrals.case_change import NotPossible
from chalicelib.referrals.case_work import Stage
from chalicelib.referrals.delivery import Kind, State
from chalicelib.referrals.referral import AuditEntry
from chalicelib.referrals.staff import NotAllowed, Role
from chalicelib.use_cases import keep_or_dispose, work_on_case
from chalicelib.use_cases.deliver import Outcome, deliver
from chalicelib.use_cases.ports import CaseChanged, StoreBusy
from chalicelib.use_cases.reconcile import reconcile
from chalicelib.use_cases.resume_sending import assume_sent_before
from tests.staff import a_person
from tests.unit.use_cases.disposing import (
    MANAGER,
    OTHER,
    Killed,
    Strike,
    a_closed_case,
    an_approved_case,
    approve,
    close,
    let_years_pass,
    shaky,
    try_until_done,
)
from tests.unit.use_cases.instance import Instance, an_instance


@pytest.fixture
def instance() -> Instance:
    return an_instance()


def version(instance: Instance, reference: str) -> int:
    return instance.table.cases[reference].version


def trail(instance: Instance, reference: str) -> list[AuditEntry]:
    return [entry for entry in instance.table.audit if entry.reference == reference]


def assert_deleted(instance: Instance, reference: str) -> None:
    services = instance.services
    assert services.cases.find(reference) is None
    assert services.referrals.find(reference) is None
    assert services.disposals.rows_left(reference) == {}
    proof = services.disposals.find(reference)
    assert proof is not None
    assert proof.done_at is not None
    assert (proof.rows["CASE"], proof.rows["REFERRAL"]) == (1, 1)
    done = [entry.action for entry in trail(instance, reference)]
    assert done.count("began to dispose of a case") == 1
    assert done.count("disposed of a case") == 1


def assert_kept(instance: Instance, reference: str) -> None:
    assert instance.services.cases.find(reference) is not None
    assert instance.services.referrals.find(reference) is not None
    assert instance.services.disposals.find(reference) is None


def test_an_approved_case_is_deleted_after_the_pause(instance: Instance) -> None:
    reference, row = an_approved_case(instance)
    other = a_closed_case(instance)

    assert deliver(instance.services, row.id) is Outcome.SENT

    assert_deleted(instance, reference)
    assert_kept(instance, other)
    assert instance.only(Kind.DISPOSAL).state is State.SENT


def test_the_proof_says_who_approved_it_and_by_which_rule(instance: Instance) -> None:
    reference, row = an_approved_case(instance)
    received_on = instance.table.cases[reference].received_at.date()

    deliver(instance.services, row.id)

    proof = instance.services.disposals.find(reference)
    assert proof is not None
    assert (proof.approved_by, proof.approved_name) == ("manager", "Max Manager")
    assert (proof.rule, proof.years, proof.outcome) == ("adult-not-ours", 10, "duplicate_merged")
    assert proof.received_on == proof.closed_on == received_on
    assert proof.in_backups_until == instance.clock.now() + timedelta(days=35)
    assert proof.rows["REMINDER"] > 1


def test_when_the_rules_changed_since_the_approval_the_proof_names_the_one_held_to(
    instance: Instance,
) -> None:
    reference, row = an_approved_case(instance)
    services = instance.services
    rules = tuple(
        replace(rule, id=f"{rule.id}-new", source="A newer schedule")
        for rule in services.partnership.retention
    )
    changed = replace(services, partnership=replace(services.partnership, retention=rules))

    deliver(changed, row.id)

    proof = services.disposals.find(reference)
    assert proof is not None
    assert (proof.rule, proof.source) == ("adult-not-ours-new", "A newer schedule")
    began = trail(instance, reference)[-2]
    assert began.details["rule"] == "adult-not-ours-new"


def test_while_sending_is_suspended_no_case_is_deleted(instance: Instance) -> None:
    reference, row = an_approved_case(instance)
    services = instance.services
    paused = replace(services, settings=replace(services.settings, suspended=True))

    assert deliver(paused, row.id) is Outcome.SUSPENDED
    reconcile(paused, lambda *_: None)

    assert_kept(instance, reference)
    assert instance.only(Kind.DISPOSAL).state is State.PENDING


def test_nothing_that_was_notified_or_written_is_left_anywhere(instance: Instance) -> None:
    _, row = an_approved_case(instance)
    assert "Canary" in str(instance.table)

    deliver(instance.services, row.id)

    # A draft is emptied as it is sent, and expires.
    assert "Canary" not in str(instance.table)
    assert "canary" not in str(instance.table)
    assert "The same fall" not in str(instance.table)


def test_the_audit_trail_stays_and_says_what_the_service_did(instance: Instance) -> None:
    reference, row = an_approved_case(instance)
    before = trail(instance, reference)

    deliver(instance.services, row.id)

    after = trail(instance, reference)
    assert after[: len(before)] == before
    began, done = after[len(before) :]
    assert (began.actor, done.actor) == ("service", "service")
    assert began.details == {
        "approval": row.id,
        "rule": "adult-not-ours",
        "approved by": "manager",
    }


def test_within_the_pause_it_waits_and_nobody_is_alarmed(instance: Instance) -> None:
    reference = a_closed_case(instance)
    let_years_pass(instance)
    row = approve(instance, reference)

    assert deliver(instance.services, row.id) is Outcome.WAITING
    instance.clock.move(hours=23, minutes=59)
    counts = reconcile(instance.services, lambda *_: None)

    assert_kept(instance, reference)
    assert counts["needs_person"] == 0
    waiting = instance.only(Kind.DISPOSAL)
    assert (waiting.state, waiting.escalated) == (State.PENDING, False)
    instance.clock.move(minutes=1)
    reconcile(instance.services, lambda *_: None)
    assert_deleted(instance, reference)


def test_a_failure_after_the_pause_is_counted_from_then(instance: Instance) -> None:
    reference = a_closed_case(instance)
    let_years_pass(instance)
    row = approve(instance, reference)
    deliver(instance.services, row.id)
    instance.clock.move(hours=24)

    deliver(shaky(instance.services, Strike(2, after=False, error=StoreBusy())), row.id)
    soon = instance.only(Kind.DISPOSAL)
    instance.clock.move(hours=6)
    deliver(shaky(instance.services, Strike(2, after=False, error=StoreBusy())), row.id)
    late = instance.only(Kind.DISPOSAL)

    assert (soon.code, soon.escalated) == ("StoreBusy", False)
    assert (late.code, late.escalated) == ("StoreBusy", True)


def test_it_is_deleted_by_reconcile_when_the_stream_never_told_of_it(instance: Instance) -> None:
    reference, _ = an_approved_case(instance)

    reconcile(instance.services, lambda *_: None)

    assert_deleted(instance, reference)


def test_an_approval_that_was_taken_back_deletes_nothing(instance: Instance) -> None:
    reference, row = an_approved_case(instance)
    keep_or_dispose.take_back_approval(
        instance.services, reference, "A claim", OTHER, version(instance, reference)
    )

    assert deliver(instance.services, row.id) is Outcome.CANCELLED
    assert_kept(instance, reference)


def test_a_case_that_was_held_meanwhile_is_kept_also_after_its_release(instance: Instance) -> None:
    reference, row = an_approved_case(instance)
    services = instance.services
    held = keep_or_dispose.hold_case(
        services, reference, "An inquest", OTHER, version(instance, reference)
    )
    (hold,) = held.work.holds
    keep_or_dispose.release_hold(services, reference, hold.id, "None", OTHER, held.version)

    assert deliver(services, row.id) is Outcome.CANCELLED
    assert_kept(instance, reference)


def test_a_case_that_was_reopened_and_closed_again_meanwhile_is_kept(instance: Instance) -> None:
    reference, row = an_approved_case(instance)
    work_on_case.reopen_case(
        instance.services, reference, Stage.SUBMITTED, "News", OTHER, version(instance, reference)
    )
    close(instance, reference)

    assert deliver(instance.services, row.id) is Outcome.CANCELLED
    assert_kept(instance, reference)


def test_a_first_approval_does_not_cut_short_the_pause_of_a_second(instance: Instance) -> None:
    reference = a_closed_case(instance)
    let_years_pass(instance)
    first = approve(instance, reference)
    instance.clock.move(hours=20)
    keep_or_dispose.take_back_approval(
        instance.services, reference, "A claim", OTHER, version(instance, reference)
    )
    approve(instance, reference)
    instance.clock.move(hours=5)

    assert deliver(instance.services, first.id) is Outcome.CANCELLED
    assert_kept(instance, reference)


def test_a_rule_that_was_made_longer_meanwhile_keeps_the_case(instance: Instance) -> None:
    reference, row = an_approved_case(instance)
    partnership = instance.services.partnership
    longer = tuple(replace(rule, years=rule.years + 5) for rule in partnership.retention)
    services = replace(instance.services, partnership=replace(partnership, retention=longer))

    assert deliver(services, row.id) is Outcome.CANCELLED
    assert_kept(instance, reference)


def test_a_case_changed_at_the_very_moment_is_kept(instance: Instance) -> None:
    reference, row = an_approved_case(instance)
    services = instance.services
    read = instance.table.cases[reference]
    keep_or_dispose.hold_case(services, reference, "An inquest", OTHER, read.version)

    class Late:
        """Answers what was there a moment ago."""

        def __getattr__(self, name: str) -> object:
            return (lambda _: read) if name == "find" else getattr(services.cases, name)

    late = replace(services, cases=Late())  # type: ignore[arg-type]

    assert deliver(late, row.id) is Outcome.WAITING
    assert_kept(instance, reference)
    instance.clock.move(hours=1)
    assert deliver(services, row.id) is Outcome.CANCELLED


def test_approving_twice_is_refused_and_deletes_once(instance: Instance) -> None:
    reference, row = an_approved_case(instance)

    with pytest.raises(NotPossible, match="approved already"):
        keep_or_dispose.approve_disposal(
            instance.services, reference, OTHER, version(instance, reference)
        )

    assert instance.deliveries(Kind.DISPOSAL) == [row]


def test_two_who_approve_at_once_approve_it_once(instance: Instance) -> None:
    reference = a_closed_case(instance)
    let_years_pass(instance)
    seen = version(instance, reference)
    keep_or_dispose.approve_disposal(instance.services, reference, MANAGER, seen)

    with pytest.raises(CaseChanged):
        keep_or_dispose.approve_disposal(instance.services, reference, OTHER, seen)

    assert len(instance.deliveries(Kind.DISPOSAL)) == 1


def test_a_delivery_that_is_repeated_does_nothing_more(instance: Instance) -> None:
    reference, row = an_approved_case(instance)
    deliver(instance.services, row.id)
    proof = instance.services.disposals.find(reference)
    told = len(instance.table.audit)
    instance.clock.move(hours=5)

    assert deliver(instance.services, row.id) is Outcome.NOTHING
    instance.outbox._put(replace(instance.only(Kind.DISPOSAL), state=State.PENDING))
    assert deliver(instance.services, row.id) is Outcome.SENT

    assert instance.services.disposals.find(reference) == proof
    assert len(instance.table.audit) == told


def calls() -> int:
    instance = an_instance()
    _, row = an_approved_case(instance)
    strike = Strike(0, after=False)
    deliver(shaky(instance.services, strike), row.id)
    assert {"begin", "count", "delete_rows", "finish", "mark_sent"} <= set(strike.made)
    return len(strike.made)


@pytest.mark.parametrize("dies", [True, False], ids=["dies", "fails"])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_killed_at_any_call_it_is_finished_by_the_next_worker(after: bool, dies: bool) -> None:
    for number in range(1, calls() + 1):
        instance = an_instance()
        reference, row = an_approved_case(instance)
        strike = Strike(number, after, None if dies else StoreBusy())

        with suppress(Killed, StoreBusy):
            deliver(shaky(instance.services, strike), row.id)
        case, proof = instance.services.cases.find(reference), instance.table.proofs.get(reference)
        assert (case is None) is (proof is not None), strike.made
        try_until_done(instance, row.id)

        assert_deleted(instance, reference)
        rows = instance.table.proofs[reference].rows
        assert rows["REMINDER"] > 1, strike.made


def test_a_worker_killed_while_it_deletes_leaves_the_whole_count(instance: Instance) -> None:
    reference, row = an_approved_case(instance)
    disposals = instance.services.disposals
    whole = disposals.rows_left(reference)
    strike = Strike(1, after=True)
    delete = disposals.delete_rows
    object.__setattr__(disposals, "delete_rows", strike.around("delete_rows", delete))
    with pytest.raises(Killed):
        deliver(instance.services, row.id)
    object.__setattr__(disposals, "delete_rows", delete)

    try_until_done(instance, row.id)

    assert instance.table.proofs[reference].rows == whole


def test_from_the_first_step_nobody_opens_or_changes_the_case(instance: Instance) -> None:
    reference, row = an_approved_case(instance)
    seen = version(instance, reference)
    names: list[str] = []
    strike = Strike(10**6, after=True, made=names)
    deliver(shaky(instance.services, strike), row.id)
    begun = names.index("begin") + 1
    instance = an_instance()
    reference, row = an_approved_case(instance)
    with pytest.raises(Killed):
        deliver(shaky(instance.services, Strike(begun, after=True)), row.id)

    with pytest.raises(NotAllowed):
        keep_or_dispose.take_back_approval(instance.services, reference, "Late", OTHER, seen)
    with pytest.raises(NotAllowed):
        keep_or_dispose.hold_case(instance.services, reference, "Late", OTHER, seen)


def test_while_sending_is_suspended_nothing_is_deleted(instance: Instance) -> None:
    reference, row = an_approved_case(instance)
    suspended = replace(instance.services.settings, suspended=True)

    assert deliver(replace(instance.services, settings=suspended), row.id) is Outcome.SUSPENDED
    assert_kept(instance, reference)


def test_after_a_restore_an_approval_is_not_taken_for_carried_out(instance: Instance) -> None:
    reference, row = an_approved_case(instance)
    instance.clock.move(hours=1)

    assume_sent_before(instance.services, instance.clock.now())

    assert deliver(instance.services, row.id) is Outcome.SENT
    assert_deleted(instance, reference)


def test_a_case_that_came_back_beside_its_proof_needs_a_person(instance: Instance) -> None:
    reference, row = an_approved_case(instance)
    case, referral = instance.table.cases[reference], instance.table.referrals[reference]
    deliver(instance.services, row.id)
    instance.table.cases[reference], instance.table.referrals[reference] = case, referral
    instance.outbox._put(replace(instance.only(Kind.DISPOSAL), state=State.PENDING))

    assert deliver(instance.services, row.id) is Outcome.WAITING
    assert instance.only(Kind.DISPOSAL).code == "NotDeleted"
    assert instance.services.cases.find(reference) == case


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.BUSINESS_MANAGER])
def test_no_other_role_disposes_of_a_case(instance: Instance, role: Role) -> None:
    reference = a_closed_case(instance)
    let_years_pass(instance)
    before = instance.table.cases[reference]
    person = a_person(role, id="p-9")

    with pytest.raises(NotAllowed):
        keep_or_dispose.approve_disposal(instance.services, reference, person, before.version)
    with pytest.raises(NotAllowed):
        keep_or_dispose.hold_case(instance.services, reference, "A claim", person, before.version)

    assert instance.table.cases[reference] == before
    refused = [e for e in trail(instance, reference) if e.action == "refused"]
    assert [entry.details["why"] for entry in refused] == ["wrong role"] * 2


def test_whoever_has_a_conflict_of_interest_disposes_of_nothing(instance: Instance) -> None:
    reference = a_closed_case(instance)
    let_years_pass(instance)
    case = work_on_case.bar(
        instance.services, reference, "manager", "Max", "Kin", OTHER, version(instance, reference)
    )

    for asked in (reference, "SUF-BBBB-BBBB"):
        with pytest.raises(NotAllowed):
            keep_or_dispose.approve_disposal(instance.services, asked, MANAGER, case.version)

    assert instance.deliveries(Kind.DISPOSAL) == []


def test_the_trail_names_holds_and_approvals_and_not_what_was_written(instance: Instance) -> None:
    reference = a_closed_case(instance)
    services = instance.services
    held = keep_or_dispose.hold_case(
        services, reference, "Marked words", MANAGER, version(instance, reference)
    )
    hold = held.work.holds[0].id
    keep_or_dispose.release_hold(services, reference, hold, "Marked words", OTHER, held.version)
    let_years_pass(instance)
    row = approve(instance, reference)
    keep_or_dispose.take_back_approval(
        services, reference, "Marked words", MANAGER, version(instance, reference)
    )

    entries = trail(instance, reference)[-4:]

    assert [entry.action for entry in entries] == [
        "placed a legal hold on a case",
        "released a legal hold on a case",
        "approved the disposal of a case",
        "took back the approval to dispose of a case",
    ]
    assert entries[0].details["hold"] == entries[1].details["hold"] == hold
    assert entries[2].details["approval"] == row.id
    assert "Marked" not in str(entries)


def test_every_kind_of_reminder_schedule_is_removed(instance: Instance) -> None:
    reference, row = an_approved_case(instance)
    reminder = next(iter(instance.services.cases.reminders(reference)))
    later = instance.clock.now() + timedelta(days=3)
    instance.table.deliveries[reminder.id] = replace(reminder, at=later)
    assert reminder.reminder is not None
    name = f"{reference}-{reminder.reminder.replace('#', '-')}"
    instance.schedules.put(name, at=later, reference=reference, reminder=reminder.reminder)

    deliver(instance.services, row.id)

    assert name not in instance.schedules.names()


def test_whatever_the_order_of_holding_and_approving_a_held_case_is_kept() -> None:
    for first, second in product(("hold", "approve"), repeat=2):
        instance = an_instance()
        reference = a_closed_case(instance)
        let_years_pass(instance)
        for act in (first, second):
            seen = version(instance, reference)
            try:
                if act == "hold":
                    keep_or_dispose.hold_case(instance.services, reference, "A", OTHER, seen)
                else:
                    keep_or_dispose.approve_disposal(instance.services, reference, OTHER, seen)
            except NotPossible:
                continue
        instance.clock.move(hours=25)
        reconcile(instance.services, lambda *_: None)
        if "hold" in (first, second):
            assert_kept(instance, reference)
        else:
            assert_deleted(instance, reference)
