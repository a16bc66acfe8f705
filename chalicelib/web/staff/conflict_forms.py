"""Conflicts of interest: whoever has one can neither open the case nor act in it."""

from __future__ import annotations

import re

from chalicelib.referrals.times import say_time
from chalicelib.use_cases import work_on_case
from chalicelib.use_cases.staff_session import people
from chalicelib.web.staff.case_form import CaseForm, Desk
from chalicelib.web.staff.fields import LONGEST_LINE, Choice, Field, Posted, Wrong, chosen, line
from chalicelib.web.staff.stage_forms import REASON, reason_of

NOT_LISTED = "not-listed"
_ID = Field(
    "id",
    "line",
    "Their id",
    hint="Only for somebody who is not listed. Whoever runs this service can tell it: it is what "
    "the identity provider calls them, not their email address.",
)
_NAME = Field("name", "line", "Their name", hint="Only for somebody who is not listed.")
# What OpenID Connect lets a provider call somebody. A UUID in capitals is the same one.
_SUBJECT = re.compile(r"[!-?A-~]{1,255}")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def _candidates(desk: Desk) -> Field:
    choices = tuple(
        Choice(one.id, one.name)
        for one in people(desk.services)
        if one.id not in desk.case.work.barred and one.id != desk.person.id
    )
    other = Choice(NOT_LISTED, "Somebody who is not listed", "Give their id and name below")
    who = "Who has a conflict of interest?"
    return Field("person", "radios", who, choices=(*choices, other))


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
        "It holds in every case that this one is merged with, too. Only people who have signed in "
        "within the last year are listed. Ask another manager to record a conflict of your own.",
        *told,
    )


def _bar(desk: Desk, posted: Posted, version: int) -> None:
    field = _candidates(desk)
    who = chosen(posted, field, "Select who has a conflict of interest")
    name = next(choice.label for choice in field.choices if choice.value == who)
    if who == NOT_LISTED:
        who, name = _not_listed(posted)
    reference, reason = desk.case.reference, reason_of(posted)
    work_on_case.bar(desk.services, reference, who, name, reason, desk.person, version)


def _not_listed(posted: Posted) -> tuple[str, str]:
    """The id and name of somebody who need not have signed in. Raises `Wrong`."""
    who, name, errors = line(posted, _ID.name), line(posted, _NAME.name), {}
    if not _SUBJECT.fullmatch(who):
        errors[_ID.name] = (
            "Enter the id that the identity provider gives this person, of up to 255 letters, "
            "digits and signs. An email address or a name is not it"
        )
    if not name.isprintable() or not 0 < len(name) <= LONGEST_LINE:
        errors[_NAME.name] = f"Enter their name, in {LONGEST_LINE} characters or fewer"
    if errors:
        raise Wrong(errors)
    return (who.lower() if _UUID.fullmatch(who) else who), name


BAR = CaseForm(
    title=lambda _: "Conflicts of interest",
    lead=_told,
    button="Record the conflict",
    warns=True,
    done="barred",
    fields=lambda desk: (_candidates(desk), _ID, _NAME, REASON),
    carry_out=_bar,
)


def _barred(desk: Desk) -> Field:
    choices = tuple(
        Choice(who, conflict.name) for who, conflict in desk.case.work.conflicts.items()
    )
    return Field("person", "radios", "Whose conflict of interest has ended?", choices=choices)


def _unbar(desk: Desk, posted: Posted, version: int) -> None:
    who = chosen(posted, _barred(desk), "Select whose conflict of interest has ended")
    reference, reason = desk.case.reference, reason_of(posted)
    work_on_case.unbar(desk.services, reference, who, reason, desk.person, version)


UNBAR = CaseForm(
    title=lambda _: "End a conflict of interest",
    lead=lambda _: (
        "The person can open this case again, and every case that it is merged with. That there "
        "was a conflict is kept.",
    ),
    button="End the conflict",
    done="unbarred",
    fields=lambda desk: (_barred(desk), REASON),
    impossible=lambda desk: (
        "" if desk.case.work.conflicts else "Nobody has a conflict of interest in this case."
    ),
    carry_out=_unbar,
)
