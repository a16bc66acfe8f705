"""People of each role, and cases at any stage, made by what people do."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from chalicelib.referrals.case import Case
from chalicelib.referrals.case_change import Actor
from chalicelib.referrals.case_decisions import DecisionForm, recorded
from chalicelib.referrals.case_work import CaseWork, Decision, Stage
from chalicelib.referrals.staff import Person, Role

RECEIVED_AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
NOW = RECEIVED_AT + timedelta(days=10)
TODAY = date(2026, 11, 30)
MANDATORY = ("A_NEEDS", "A_WORKING", "A_DEATH")


def someone(role: Role, person_id: str = "") -> Person:
    return Person(person_id or role.value, f"A {role.value}", frozenset({role}))


SUPPORT = someone(Role.BUSINESS_SUPPORT)
MANAGER = someone(Role.BUSINESS_MANAGER)
MEMBER = someone(Role.PANEL_MEMBER)
CHAIR = someone(Role.PANEL_CHAIR)
AUDITOR = someone(Role.AUDITOR_READONLY)
ADMIN = someone(Role.SYSTEM_ADMIN)
EVERYBODY = (SUPPORT, MANAGER, MEMBER, CHAIR, AUDITOR, ADMIN)


def a_form(**changes: Any) -> DecisionForm:
    form = DecisionForm(
        kind="decision",
        outcome="learning_review",
        decided_on=TODAY,
        decider="Independent Chair",
        reasons="The panel heard every agency.",
    )
    return replace(form, **changes)


def a_decision(**changes: Any) -> Decision:
    decision = Decision(
        id="d-1",
        kind="decision",
        outcome="learning_review",
        criteria=("A_DISC",),
        reasons="The panel heard every agency.",
        alternative="",
        partner_views={"Police": "Agrees"},
        decided_on=TODAY,
        review_on=None,
        decider="Independent Chair",
        by=CHAIR.id,
        name=CHAIR.name,
        at=NOW,
    )
    return replace(decision, **changes)


BOTH_RECORDED = (a_decision(id="d-0", kind="recommendation"), a_decision())


def work_at(stage: Stage, **changes: Any) -> CaseWork:
    """Work at a stage, with a recommendation and a decision recorded."""
    return replace(CaseWork(stage=stage, decisions=BOTH_RECORDED), **changes)


def case_of(work: CaseWork | None = None, stream: str = "adult") -> Case:
    return Case("SUF-BCDF-3479", stream, RECEIVED_AT, work=work or CaseWork())


def record(work: CaseWork, form: DecisionForm, person: Person = CHAIR, **case: Any) -> CaseWork:
    """The work after something was recorded; ids follow from how many there are."""
    actor = Actor(person.name, NOW, person)
    return recorded(case_of(work, **case), form, f"d-{len(work.decisions)}", actor)
