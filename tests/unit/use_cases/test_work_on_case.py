"""What staff do with a case: one change with its audit entry, deadlines after it, or nothing."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.referrals.case import Case, DeadlineState
from chalicelib.referrals.case_change import SERVICE, NotPossible
from chalicelib.referrals.case_decisions import DecisionForm
from chalicelib.referrals.case_work import Conflict, EndedConflict, Stage
from chalicelib.referrals.delivery import Kind, State
from chalicelib.referrals.staff import NotAllowed, Role
from chalicelib.use_cases import work_on_case
from chalicelib.use_cases.change_case import acting, change_case
from chalicelib.use_cases.deliver import deliver
from chalicelib.use_cases.meet_deadline import meet_deadline
from chalicelib.use_cases.ports import CaseChanged
from chalicelib.use_cases.recompute_deadlines import recompute_deadlines
from chalicelib.use_cases.record_date import record_date
from chalicelib.use_cases.settle_deadline import withdraw_deadline
from tests.staff import a_person
from tests.unit.use_cases.instance import RECEIVED_AT, Instance, an_instance

TODAY = RECEIVED_AT.date()
SUPPORT = a_person(Role.BUSINESS_SUPPORT, id="support", name="Sam Support")
MANAGER = a_person(Role.BUSINESS_MANAGER, id="manager", name="Max Manager")
CHAIR = a_person(Role.PANEL_CHAIR, id="chair", name="Cam Chair")
READER = a_person(Role.PANEL_MEMBER, id="member", name="Mo Member")
FORM = DecisionForm(
    kind="decision",
    outcome="sar_mandatory",
    decided_on=TODAY,
    decider="Independent Chair",
    reasons="Canary reasons.",
    criteria=("A_NEEDS", "A_WORKING", "A_DEATH"),
    partner_views={"Police": "Canary view."},
    date_name="decided_on",
)


@pytest.fixture
def instance() -> Instance:
    return an_instance()


@pytest.fixture
def reference(instance: Instance) -> str:
    reference = instance.submit("adult").reference
    for delivery in list(instance.table.deliveries.values()):
        if delivery.kind is not Kind.REMINDER_EMAIL and delivery.state is State.PENDING:
            deliver(instance.services, delivery.id)
    return reference


def case_of(instance: Instance, reference: str) -> Case:
    case = instance.services.cases.find(reference)
    assert case is not None
    return case


def state(case: Case, rule: str) -> DeadlineState | None:
    deadline = case.deadline(rule)
    return None if deadline is None else deadline.state


def at_stage(instance: Instance, reference: str, stage: Stage) -> Case:
    """The case at a stage, as if it had come there."""
    case = case_of(instance, reference)
    case = replace(case, work=replace(case.work, stage=stage))
    instance.table.cases[reference] = case
    return case


def test_acknowledging_meets_the_duty_in_the_same_change(
    instance: Instance, reference: str
) -> None:
    case = work_on_case.acknowledge(instance.services, reference, TODAY, SUPPORT, 1)

    assert (case.work.stage, case.version) == (Stage.ACKNOWLEDGED, 2)
    assert state(case, "acknowledge") is DeadlineState.MET
    entry = instance.table.audit[-1]
    assert (entry.actor, entry.name, entry.action) == (
        "support",
        "Sam Support",
        "acknowledged a case",
    )
    assert entry.details["stage"] == "submitted to acknowledged"
    assert entry.details["deadline.acknowledge"].endswith("open to 2026-11-24 met")


def test_a_case_that_has_gone_on_is_acknowledged_where_it_is(
    instance: Instance, reference: str
) -> None:
    at_stage(instance, reference, Stage.SCOPING)

    case = work_on_case.acknowledge(instance.services, reference, TODAY, SUPPORT, 1)

    assert (case.work.stage, state(case, "acknowledge")) == (Stage.SCOPING, DeadlineState.MET)


def test_a_decision_is_recorded_with_the_date_that_its_deadlines_count_from(
    instance: Instance, reference: str
) -> None:
    at_stage(instance, reference, Stage.RECOMMENDED)

    case = work_on_case.record_decision(instance.services, reference, FORM, CHAIR, 1)

    (decision,) = case.work.decisions
    assert (case.work.stage, decision.outcome) == (Stage.DECIDED, "sar_mandatory")
    assert case.recorded["decided_on"].on == TODAY
    assert state(case, "tell-referrer") is DeadlineState.OPEN


def test_the_audit_trail_names_a_decision_and_holds_none_of_its_text(
    instance: Instance, reference: str
) -> None:
    case = work_on_case.record_decision(instance.services, reference, FORM, CHAIR, 1)

    (decision,) = case.work.decisions
    entry = instance.table.audit[-1]
    assert entry.action == "recorded a decision"
    assert entry.details["decision"] == decision.id
    assert "Canary" not in str(entry)


def test_a_correction_is_told_as_one(instance: Instance, reference: str) -> None:
    case = work_on_case.record_decision(instance.services, reference, FORM, CHAIR, 1)
    wrong = case.work.decisions[0].id

    form = replace(FORM, outcome="sar_discretionary", supersedes=wrong)
    case = work_on_case.record_decision(instance.services, reference, form, CHAIR, case.version)

    assert [one.outcome for one in case.work.decisions] == ["sar_mandatory", "sar_discretionary"]
    entry = instance.table.audit[-1]
    assert (entry.action, entry.details["supersedes"]) == ("corrected a decision", wrong)


def test_closing_withdraws_what_is_open_and_reopening_puts_it_back(
    instance: Instance, reference: str
) -> None:
    open_before = [one.rule for one in case_of(instance, reference).deadlines if one.is_open]

    shut = work_on_case.close_case(
        instance.services, reference, "duplicate_merged", "The same fall", MANAGER, 1
    )
    waiting = [row.state for row in instance.services.cases.reminders(reference)]
    again = work_on_case.reopen_case(
        instance.services, reference, Stage.SUBMITTED, "Another fall", MANAGER, shut.version
    )

    assert open_before
    assert [one.state for one in shut.deadlines] == [DeadlineState.WITHDRAWN] * len(shut.deadlines)
    assert set(waiting) == {State.CANCELLED}
    assert [one.rule for one in again.deadlines if one.is_open] == open_before
    assert State.PENDING in [row.state for row in instance.services.cases.reminders(reference)]


def test_what_was_met_before_the_closing_stays_met(instance: Instance, reference: str) -> None:
    case = work_on_case.acknowledge(instance.services, reference, TODAY, SUPPORT, 1)

    shut = work_on_case.close_case(
        instance.services, reference, "duplicate_merged", "The same", MANAGER, case.version
    )

    assert state(shut, "acknowledge") is DeadlineState.MET


def test_a_closed_case_stays_withdrawn_when_rules_change(
    instance: Instance, reference: str
) -> None:
    work_on_case.close_case(
        instance.services, reference, "duplicate_merged", "The same", MANAGER, 1
    )

    recompute_deadlines(instance.services)

    assert not [one for one in case_of(instance, reference).deadlines if one.is_open]


def test_the_reason_stays_with_the_case_and_the_trail_names_what_changed(
    instance: Instance, reference: str
) -> None:
    case = work_on_case.move_stage(
        instance.services, reference, Stage.SCOPING, "Canary\r\nreason", MANAGER, 1
    )

    entry = instance.table.audit[-1]
    assert case.work.moves[-1].reason == "Canary\nreason"
    assert entry.details == {"changed": "stage, reason", "stage": "submitted to scoping"}


def test_assigning_tells_before_and_after(instance: Instance, reference: str) -> None:
    case = work_on_case.assign(instance.services, reference, "support", "Sam", SUPPORT, 1)
    work_on_case.assign(instance.services, reference, "", "", SUPPORT, case.version)

    entries = instance.table.audit[-2:]
    assert [entry.details["assignee"] for entry in entries] == [
        "none to support",
        "support to none",
    ]


def test_assigning_to_whom_it_is_assigned_changes_nothing(
    instance: Instance, reference: str
) -> None:
    case = work_on_case.assign(instance.services, reference, "support", "Sam", SUPPORT, 1)
    entries = len(instance.table.audit)

    again = work_on_case.assign(
        instance.services, reference, "support", "Sam", SUPPORT, case.version
    )

    assert (again, len(instance.table.audit)) == (case, entries)


def test_whoever_is_barred_can_do_nothing_more_and_the_try_is_in_the_trail(
    instance: Instance, reference: str
) -> None:
    case = work_on_case.bar(
        instance.services, reference, "support", "Sam Support", "Canary reason", MANAGER, 1
    )
    with pytest.raises(NotAllowed):
        work_on_case.acknowledge(instance.services, reference, TODAY, SUPPORT, case.version)

    barring, refusal = instance.table.audit[-2:]
    assert (barring.action, barring.details["person"]) == (
        "barred a person from a case",
        "support",
    )
    assert "Canary" not in str(barring)
    assert (refusal.actor, refusal.action, refusal.reference) == ("support", "refused", reference)
    assert refusal.details == {"to": "acknowledged a case", "why": "conflict of interest"}
    assert case_of(instance, reference) == case


def test_a_conflict_that_has_ended_stays_with_the_case(instance: Instance, reference: str) -> None:
    work_on_case.bar(instance.services, reference, "support", "Sam", "A neighbour", MANAGER, 1)
    barred_at = instance.clock.now()
    instance.clock.move(days=1)
    work_on_case.unbar(instance.services, reference, "support", "Moved\r\naway", MANAGER, 2)

    work = case_of(instance, reference).work
    assert (work.barred, work.ended_conflicts) == (
        frozenset(),
        (
            EndedConflict(
                person="support",
                conflict=Conflict("Sam", "A neighbour", "Max Manager", barred_at),
                reason="Moved\naway",
                by="Max Manager",
                at=instance.clock.now(),
            ),
        ),
    )
    assert "away" not in str(instance.table.audit)


def test_whoever_is_let_in_again_can_act(instance: Instance, reference: str) -> None:
    case = work_on_case.bar(
        instance.services, reference, "support", "Sam", "Is the neighbour", MANAGER, 1
    )
    case = work_on_case.unbar(
        instance.services, reference, "support", "Was mistaken", MANAGER, case.version
    )

    assert (
        work_on_case.acknowledge(
            instance.services, reference, TODAY, SUPPORT, case.version
        ).work.stage
        is Stage.ACKNOWLEDGED
    )


def acts(instance: Instance, reference: str, person: Any, version: int) -> dict[str, Any]:
    """Everything that may be asked of a case, by its name."""
    deps = instance.services
    return {
        "acknowledge": lambda: work_on_case.acknowledge(deps, reference, TODAY, person, version),
        "move": lambda: work_on_case.move_stage(
            deps, reference, Stage.ACKNOWLEDGED, "", person, version
        ),
        "assign": lambda: work_on_case.assign(deps, reference, "p", "P", person, version),
        "bar": lambda: work_on_case.bar(deps, reference, "p", "P", "Reason", person, version),
        "unbar": lambda: work_on_case.unbar(deps, reference, "p", "Reason", person, version),
        "decide": lambda: work_on_case.record_decision(deps, reference, FORM, person, version),
        "close": lambda: work_on_case.close_case(
            deps, reference, "duplicate_merged", "Reason", person, version
        ),
        "reopen": lambda: work_on_case.reopen_case(
            deps, reference, Stage.SCOPING, "Reason", person, version
        ),
        "date": lambda: record_date(deps, reference, "decided_on", TODAY, person, version),
        "meet": lambda: meet_deadline(deps, reference, "acknowledge", TODAY, person, version),
        "withdraw": lambda: withdraw_deadline(
            deps, reference, "acknowledge", "Reason", person, version
        ),
    }


ACTS = [
    *("acknowledge", "move", "assign", "bar", "unbar", "decide", "close", "reopen"),
    *("date", "meet", "withdraw"),
]


def test_every_act_is_among_those_that_are_refused(instance: Instance, reference: str) -> None:
    assert list(acts(instance, reference, MANAGER, 1)) == ACTS


@pytest.mark.parametrize("act", ACTS)
def test_who_only_reads_changes_nothing_and_the_try_is_in_the_trail(
    instance: Instance, reference: str, act: str
) -> None:
    before = case_of(instance, reference)

    with pytest.raises(NotAllowed):
        acts(instance, reference, READER, 1)[act]()

    assert case_of(instance, reference) == before
    assert (instance.table.audit[-1].action, instance.table.audit[-1].actor) == (
        "refused",
        "member",
    )


@pytest.mark.parametrize("act", ACTS)
def test_what_is_no_case_is_refused_alike_and_not_kept(instance: Instance, act: str) -> None:
    with pytest.raises(NotAllowed):
        acts(instance, "SUF-CANARY", MANAGER, 1)[act]()

    entry = instance.table.audit[-1]
    assert (entry.action, entry.reference) == ("refused", "")
    assert "CANARY" not in str(entry)


@pytest.mark.parametrize("act", ACTS)
def test_a_page_that_another_person_has_overtaken_changes_nothing(
    instance: Instance, reference: str, act: str
) -> None:
    case = work_on_case.assign(instance.services, reference, "chair", "Cam", MANAGER, 1)

    with pytest.raises(CaseChanged):
        acts(instance, reference, MANAGER, 1)[act]()

    assert case_of(instance, reference) == case


@pytest.mark.parametrize("act", ACTS)
def test_a_version_that_nobody_can_have_seen_changes_nothing(
    instance: Instance, reference: str, act: str
) -> None:
    case = case_of(instance, reference)

    with pytest.raises(CaseChanged):
        acts(instance, reference, MANAGER, case.version + 1)[act]()

    assert case_of(instance, reference) == case


def test_what_the_service_did_meanwhile_stops_nobody(instance: Instance, reference: str) -> None:
    change_case(
        instance.services,
        reference,
        acting(instance.services, SERVICE),
        "recomputed deadlines",
        lambda case, _: replace(case, facts={"anything": ("at all",)}),
        {},
    )

    case = work_on_case.acknowledge(instance.services, reference, TODAY, SUPPORT, 1)

    assert (case.version, case.touched) == (3, 3)


def test_whoever_loses_a_race_to_another_person_is_told(
    instance: Instance, reference: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = instance.services.cases.change

    def overtaken(wanted: Any) -> None:
        monkeypatch.setattr(instance.services.cases, "change", change)
        work_on_case.assign(instance.services, reference, "chair", "Cam", MANAGER, 1)
        change(wanted)

    monkeypatch.setattr(instance.services.cases, "change", overtaken)

    with pytest.raises(CaseChanged):
        work_on_case.acknowledge(instance.services, reference, TODAY, SUPPORT, 1)

    assert case_of(instance, reference).work.stage is Stage.SUBMITTED


@pytest.mark.parametrize("act", ["date", "meet", "withdraw", "acknowledge"])
def test_nothing_is_recorded_in_a_closed_case(instance: Instance, reference: str, act: str) -> None:
    case = work_on_case.close_case(
        instance.services, reference, "duplicate_merged", "The same", MANAGER, 1
    )

    with pytest.raises(NotPossible, match="closed"):
        acts(instance, reference, MANAGER, case.version)[act]()


def test_who_recorded_a_date_is_shown_by_name_and_audited_by_id(
    instance: Instance, reference: str
) -> None:
    case = record_date(instance.services, reference, "decided_on", TODAY, MANAGER, 1)

    assert case.recorded["decided_on"].actor == "Max Manager"
    assert instance.table.audit[-1].actor == "manager"


def test_what_staff_give_as_reason_for_a_deadline_stays_out_of_the_trail(
    instance: Instance, reference: str
) -> None:
    case = withdraw_deadline(
        instance.services, reference, "acknowledge", "Canary", MANAGER, expected_version=1
    )

    assert case.settled["acknowledge"].reason == "Canary"
    assert "Canary" not in str(instance.table.audit[-1])


def test_a_date_that_has_not_come_is_told_at_its_field(instance: Instance, reference: str) -> None:
    with pytest.raises(NotPossible) as refused:
        work_on_case.acknowledge(
            instance.services, reference, TODAY + timedelta(days=1), SUPPORT, 1
        )

    assert [field for field, _ in refused.value.problems] == ["on"]
    assert case_of(instance, reference).version == 1
