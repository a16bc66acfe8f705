"""Legal holds: a case that is under one is kept, whatever the retention rules say."""

from __future__ import annotations

from chalicelib.referrals.times import say_time
from chalicelib.use_cases import keep_or_dispose
from chalicelib.web.staff.case_form import CaseForm, Desk
from chalicelib.web.staff.fields import Choice, Field, Posted, chosen
from chalicelib.web.staff.stage_forms import REASON, reason_of


def _hold(desk: Desk, posted: Posted, version: int) -> None:
    reference, reason = desk.case.reference, reason_of(posted)
    keep_or_dispose.hold_case(desk.services, reference, reason, desk.person, version)


HOLD = CaseForm(
    title=lambda _: "Place a legal hold",
    lead=lambda _: (
        "A case under a legal hold is never disposed of, whatever its retention rule says. Place "
        "one for an inquest, a public inquiry, a criminal case, a claim or a complaint that may "
        "need these records.",
        "It stands until a manager releases it. It takes back an approval to dispose of the case.",
    ),
    button="Place the hold",
    done="held",
    fields=lambda _: (REASON,),
    carry_out=_hold,
)


def _standing(desk: Desk) -> Field:
    choices = tuple(
        Choice(hold.id, f"Placed by {hold.name} on {say_time(hold.at)}", hold.reason)
        for hold in desk.case.work.standing_holds
    )
    return Field("hold", "radios", "Which hold is released?", choices=choices)


def _release(desk: Desk, posted: Posted, version: int) -> None:
    hold = chosen(posted, _standing(desk), "Select the hold that is released")
    reference, reason = desk.case.reference, reason_of(posted)
    keep_or_dispose.release_hold(desk.services, reference, hold, reason, desk.person, version)


RELEASE = CaseForm(
    title=lambda _: "Release a legal hold",
    lead=lambda _: (
        "Nothing is deleted by this. When no other hold stands and the case has been kept for as "
        "long as its rule says, it is listed for disposal. That there was a hold is kept.",
    ),
    button="Release the hold",
    warns=True,
    done="hold-released",
    fields=lambda desk: (_standing(desk), REASON),
    impossible=lambda desk: (
        "" if desk.case.work.standing_holds else "The case is under no legal hold."
    ),
    carry_out=_release,
)
