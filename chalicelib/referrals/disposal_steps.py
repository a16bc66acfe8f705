"""How a case is held, and approved for disposal: pure, the case before in, the work after out.

Each raises `NotAllowed` when the person may not, and `NotPossible` when nobody could.
"""

from dataclasses import replace
from datetime import datetime

from chalicelib.referrals.case import Case
from chalicelib.referrals.case_change import Actor, NotPossible, ensure_told
from chalicelib.referrals.case_steps import ensure_may, roomy
from chalicelib.referrals.case_work import CaseWork
from chalicelib.referrals.disposal import Approval, Ending, Hold, Proof
from chalicelib.referrals.partnership import Partnership, RetentionRule
from chalicelib.referrals.retention import is_over, kept
from chalicelib.referrals.staff import Person, Right
from chalicelib.referrals.times import local_date, say_date

MOST_HOLDS = 20


def standing_approval(case: Case) -> Approval | None:
    """The approval by which the case may be deleted, if there is one.

    It falls with whatever a person does to the case after it: reopening, holding, linking.
    """
    last = case.work.approvals[-1] if case.work.approvals else None
    if last is None or last.taken_back is not None or last.version != case.touched:
        return None
    return last if case.work.is_closed and not case.work.standing_holds else None


def held(work: CaseWork, hold: Hold, person: Person) -> CaseWork:
    """The case is kept until the hold is released; one that is open may be held too."""
    ensure_may(work, person, Right.MANAGE)
    ensure_told(hold.reason)
    # However much text a case holds: there is always room to keep it from being deleted.
    if len(work.standing_holds) >= MOST_HOLDS:
        raise NotPossible("The case is under many legal holds already. Release one first.")
    return replace(work, holds=(*work.holds, hold))


def released(work: CaseWork, hold_id: str, reason: str, person: Person, at: datetime) -> CaseWork:
    """A hold ends. That there was one is kept, and why."""
    ensure_may(work, person, Right.MANAGE)
    ensure_told(reason)
    if all(hold.id != hold_id for hold in work.standing_holds):
        raise NotPossible("Choose a legal hold that has not been released.", "hold")
    ending = Ending(reason, person.id, person.name, at)
    holds = (replace(hold, released=ending) if hold.id == hold_id else hold for hold in work.holds)
    return roomy(replace(work, holds=tuple(holds)))


def why_kept(partnership: Partnership, case: Case, now: datetime) -> str:
    """Why the case cannot be disposed of now, with what to do; empty when it can."""
    if not case.work.is_closed:
        return "The case is open. Close it with its outcome first."
    if case.work.standing_holds:
        return "The case is under a legal hold. A manager can release it."
    known = kept(partnership, case)
    if known is None:
        return (
            "No retention rule covers the outcome of this case. Ask whoever runs this service to "
            "add one to the partnership’s file."
        )
    if not is_over(known, local_date(now)):
        return f"The case is kept until {say_date(known.until)}. Nothing needs to be done."
    return ""


def why_another(work: CaseWork, person: Person) -> str:
    """Why this person cannot approve a disposal that somebody else can; empty when they can."""
    ended = [hold.released for hold in work.holds if hold.released is not None]
    if ended and max(ended, key=lambda one: one.at).by == person.id:
        return "You released the last legal hold on this case. Another manager must approve."
    return ""


def approved(partnership: Partnership, case: Case, approval_id: str, who: Actor) -> CaseWork:
    """Somebody approves that the case is deleted, by the rule that it has been kept by."""
    person = _named(who)
    ensure_may(case.work, person, Right.DISPOSE)
    if standing_approval(case) is not None:
        raise NotPossible("The disposal of this case is approved already.")
    why, known = why_kept(partnership, case, who.at), kept(partnership, case)
    why = why or why_another(case.work, person)
    if why or known is None:
        raise NotPossible(why)
    approval = Approval(
        id=approval_id,
        rule=known.rule.id,
        years=known.rule.years,
        source=known.rule.source,
        by=person.id,
        name=person.name,
        at=who.at,
        version=case.version + 1,
    )
    return roomy(replace(case.work, approvals=(*case.work.approvals, approval)))


def taken_back(case: Case, reason: str, who: Actor) -> CaseWork:
    """The case is not disposed of after all. That it was approved is kept."""
    person = _named(who)
    ensure_may(case.work, person, Right.DISPOSE)
    ensure_told(reason)
    approval = standing_approval(case)
    if approval is None:
        raise NotPossible("No approval to dispose of this case stands. Nothing needs to be done.")
    ended = replace(approval, taken_back=Ending(reason, person.id, person.name, who.at))
    # However much text a case holds: there is always room to keep it from being deleted.
    return replace(case.work, approvals=(*case.work.approvals[:-1], ended))


def proof_of(case: Case, approval: Approval, rule: RetentionRule, now: datetime) -> Proof:
    """What is kept of a case whose deletion begins now, by the rule of today. It must be closed."""
    work = case.work
    if work.closed_on is None or work.outcome is None:
        raise ValueError(case.reference)
    return Proof(
        reference=case.reference,
        stream=case.stream,
        received_on=local_date(case.received_at),
        closed_on=work.closed_on,
        outcome=work.outcome,
        rule=rule.id,
        years=rule.years,
        source=rule.source,
        approved_by=approval.by,
        approved_name=approval.name,
        approved_at=approval.at,
        begun_at=now,
        barred=tuple(sorted(work.barred)),
    )


def _named(who: Actor) -> Person:
    if who.person is None:
        raise NotPossible("Only somebody who has signed in can do this. Use the staff pages.")
    return who.person
