"""A named person approves that one case is deleted, or takes that back in time."""

from __future__ import annotations

from chalicelib.referrals.disposal import PAUSE
from chalicelib.referrals.disposal_steps import standing_approval, why_another, why_kept
from chalicelib.referrals.reference import read_reference
from chalicelib.referrals.retention import kept
from chalicelib.referrals.times import say_date, say_time
from chalicelib.use_cases import keep_or_dispose
from chalicelib.web.staff.case_form import CaseForm, Desk
from chalicelib.web.staff.case_words import outcome_words
from chalicelib.web.staff.fields import Choice, Field, Posted, Wrong, line
from chalicelib.web.staff.stage_forms import REASON, reason_of

_HOURS = int(PAUSE.total_seconds() // 3600)
_TYPED = Field("reference", "line", "Type the reference of the case")
_CHECKED = Field(
    "checked",
    "checkboxes",
    "Before you approve",
    choices=(
        Choice(
            "yes",
            "I have checked that nothing requires this case to be kept",
            "No inquest, inquiry, criminal case, claim, complaint or request for access.",
        ),
    ),
)


def _approve_lead(desk: Desk) -> tuple[str, ...]:
    work, known = desk.case.work, kept(desk.services.partnership, desk.case)
    if known is None or work.closed_on is None:
        return ()
    rule = known.rule
    return (
        f"The case was closed on {say_date(work.closed_on)}: {outcome_words(work.outcome)}. By the "
        f"rule “{rule.id}” it is kept for {rule.years} years, until {say_date(known.until)}. "
        f"Source: {rule.source}.",
        "Everything of the case is deleted: the notification, what was added, dates, decisions "
        "and reasons. The audit trail stays, and a proof that says what was deleted, by which "
        "rule, and who approved it.",
        f"It is deleted {_HOURS} hours after you approve. Until then you or another manager can "
        "take the approval back, on the page of the case. Afterwards nobody can.",
    )


def _approve_impossible(desk: Desk) -> str:
    if standing_approval(desk.case) is not None:
        return "The disposal of this case is approved already."
    now = desk.services.clock.now()
    why = why_kept(desk.services.partnership, desk.case, now)
    return why or why_another(desk.case.work, desk.person)


def _approve(desk: Desk, posted: Posted, version: int) -> None:
    reference, errors = desk.case.reference, {}
    typed = line(posted, _TYPED.name)
    if read_reference(typed, desk.services.partnership.reference_prefix) != reference:
        errors[_TYPED.name] = "Enter the reference of this case, as it stands above"
    if "yes" not in posted.get(_CHECKED.name, ()):
        errors[_CHECKED.name] = "Confirm that nothing requires this case to be kept"
    if errors:
        raise Wrong(errors)
    keep_or_dispose.approve_disposal(desk.services, reference, desk.person, version)


APPROVE = CaseForm(
    title=lambda _: "Approve the disposal of this case",
    lead=_approve_lead,
    button="Approve the deletion",
    warns=True,
    done="disposal-approved",
    fields=lambda _: (_TYPED, _CHECKED),
    impossible=_approve_impossible,
    carry_out=_approve,
)


def _take_back_lead(desk: Desk) -> tuple[str, ...]:
    approval = standing_approval(desk.case)
    if approval is None:
        return ()
    return (
        f"{approval.name} approved it on {say_time(approval.at)}. The case is deleted on "
        f"{say_time(approval.due_at)}, unless the approval is taken back before.",
    )


def _take_back(desk: Desk, posted: Posted, version: int) -> None:
    reference, reason = desk.case.reference, reason_of(posted)
    keep_or_dispose.take_back_approval(desk.services, reference, reason, desk.person, version)


TAKE_BACK = CaseForm(
    title=lambda _: "Take back the approval to dispose of this case",
    lead=_take_back_lead,
    button="Take the approval back",
    done="disposal-taken-back",
    fields=lambda _: (REASON,),
    impossible=lambda desk: (
        "" if standing_approval(desk.case) else "No approval to dispose of this case stands."
    ),
    carry_out=_take_back,
)
