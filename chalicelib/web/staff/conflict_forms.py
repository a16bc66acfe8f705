"""Conflicts of interest: whoever has one can neither open the case nor act in it."""

from __future__ import annotations

from chalicelib.referrals.times import say_time
from chalicelib.use_cases import work_on_case
from chalicelib.use_cases.staff_session import people
from chalicelib.web.staff.case_form import CaseForm, Desk
from chalicelib.web.staff.fields import Choice, Field, Posted, Wrong, chosen, text
from chalicelib.web.staff.stage_forms import REASON


def _candidates(desk: Desk) -> Field:
    choices = tuple(
        Choice(one.id, one.name)
        for one in people(desk.services)
        if one.id not in desk.case.work.barred and one.id != desk.person.id
    )
    return Field("person", "radios", "Who has a conflict of interest?", choices=choices)


def _told(desk: Desk) -> tuple[str, ...]:
    told = [
        f"{one.name} has a conflict of interest, recorded by {one.by} on {say_time(one.at)}: "
        f"{one.reason}"
        for one in desk.case.work.conflicts.values()
    ]
    told += [
        f"{one.conflict.name} had a conflict of interest, recorded by {one.conflict.by} on "
        f"{say_time(one.conflict.at)}: {one.conflict.reason} It ended on {say_time(one.at)}, "
        f"recorded by {one.by}: {one.reason}"
        for one in desk.case.work.ended_conflicts
    ]
    return (
        "A person with a conflict of interest in this case can neither open it nor act in it. "
        "Only people who have signed in before are listed. Ask another manager to record a "
        "conflict of your own.",
        *_merged(desk),
        *told,
    )


def _merged(desk: Desk) -> tuple[str, ...]:
    """Said without naming the other cases: not everybody may know of each."""
    if not any(link.kind.merges for link in desk.case.work.links):
        return ()
    return (
        "This case is merged with another. Each keeps its own list: record a new conflict in each "
        "of them.",
    )


def _bar(desk: Desk, posted: Posted, version: int) -> None:
    field = _candidates(desk)
    who = chosen(posted, field, "Select who has a conflict of interest")
    name = next(choice.label for choice in field.choices if choice.value == who)
    reference, reason = desk.case.reference, _reason(posted)
    work_on_case.bar(desk.services, reference, who, name, reason, desk.person, version)


BAR = CaseForm(
    title=lambda _: "Conflicts of interest",
    lead=_told,
    button="Record the conflict",
    warns=True,
    done="barred",
    fields=lambda desk: (_candidates(desk), REASON),
    impossible=lambda desk: (
        "" if _candidates(desk).choices else "Nobody else has signed in to this service yet."
    ),
    carry_out=_bar,
)


def _barred(desk: Desk) -> Field:
    choices = tuple(
        Choice(who, conflict.name) for who, conflict in desk.case.work.conflicts.items()
    )
    return Field("person", "radios", "Whose conflict of interest has ended?", choices=choices)


def _unbar(desk: Desk, posted: Posted, version: int) -> None:
    who = chosen(posted, _barred(desk), "Select whose conflict of interest has ended")
    reference, reason = desk.case.reference, _reason(posted)
    work_on_case.unbar(desk.services, reference, who, reason, desk.person, version)


UNBAR = CaseForm(
    title=lambda _: "End a conflict of interest",
    lead=lambda _: ("The person can open this case again. That there was a conflict is kept.",),
    button="End the conflict",
    done="unbarred",
    fields=lambda desk: (_barred(desk), REASON),
    impossible=lambda desk: (
        "" if desk.case.work.conflicts else "Nobody has a conflict of interest in this case."
    ),
    carry_out=_unbar,
)


def _reason(posted: Posted) -> str:
    reason = text(posted, REASON.name)
    if not reason:
        raise Wrong({REASON.name: "Enter the reason"})
    return reason
