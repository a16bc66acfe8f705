"""Acknowledge, assign, move, close and reopen a case."""

from __future__ import annotations

from chalicelib.referrals.case_work import Stage, elsewhere, onward
from chalicelib.referrals.staff import Right
from chalicelib.referrals.times import local_date
from chalicelib.use_cases import work_on_case
from chalicelib.use_cases.staff_session import people
from chalicelib.web.staff.case_actions import outcomes_to_close_with
from chalicelib.web.staff.case_form import CaseForm, Desk
from chalicelib.web.staff.case_words import outcome_words, stage_words
from chalicelib.web.staff.fields import Choice, Field, Posted, Wrong, boxes_of, chosen, day, text

NOBODY, ME = "nobody", "me"
REASON = Field(
    "reason", "area", "Reason", hint="It is kept with the case. Name nobody who need not be named."
)
_ON = Field("on", "date", "When was it acknowledged?", hint="For example, 27 3 2026")
_CLOSED = "The case is closed. A business manager can reopen it."


def _acknowledge_impossible(desk: Desk) -> str:
    if desk.case.work.stage is Stage.SUBMITTED:
        return ""
    return "The referral is acknowledged already."


def _acknowledge(desk: Desk, posted: Posted, version: int) -> None:
    on = day(posted, _ON.name, "the date on which it was acknowledged")
    work_on_case.acknowledge(desk.services, desk.case.reference, on, desk.person, version)


ACKNOWLEDGE = CaseForm(
    title=lambda _: "Acknowledge the referral",
    lead=lambda _: (
        "Record the day on which you told the referrer that you have received it. This service "
        "sends no acknowledgement for you.",
    ),
    button="Record as acknowledged",
    done="acknowledged",
    fields=lambda _: (_ON,),
    filled=lambda desk: boxes_of(_ON.name, local_date(desk.services.clock.now())),
    impossible=_acknowledge_impossible,
    carry_out=_acknowledge,
)


def _whom(desk: Desk) -> Field:
    mine = Choice(ME, f"Me ({desk.person.name})")
    others = [
        Choice(one.id, one.name)
        for one in people(desk.services)
        if one.may(Right.WORK_CASES)
        and one.id != desk.person.id
        and one.id not in desk.case.work.barred
    ]
    nobody = Choice(NOBODY, "Nobody")
    return Field("assignee", "radios", "Who works on it?", choices=(mine, *others, nobody))


def _assigned(desk: Desk) -> Posted:
    assignee = desk.case.work.assignee
    known = {"": NOBODY, desk.person.id: ME}
    return {"assignee": [known.get(assignee, assignee)]}


def _assign(desk: Desk, posted: Posted, version: int) -> None:
    field = _whom(desk)
    whom = chosen(posted, field, "Select who works on it")
    names = {choice.value: choice.label for choice in field.choices}
    ids = {NOBODY: ("", ""), ME: (desk.person.id, desk.person.name)}
    assignee, name = ids.get(whom, (whom, names[whom]))
    work_on_case.assign(desk.services, desk.case.reference, assignee, name, desk.person, version)


def reason_of(posted: Posted) -> str:
    """The reason that was typed. Raises `Wrong` when there is none."""
    reason = text(posted, REASON.name)
    if not reason:
        raise Wrong({REASON.name: "Enter the reason"})
    return reason


def closed_already(desk: Desk) -> str:
    """Why nothing can be done to a case that is closed."""
    return _CLOSED if desk.case.work.is_closed else ""


ASSIGN = CaseForm(
    title=lambda _: "Assign the case",
    lead=lambda _: ("Only people who have signed in before are listed.",),
    button="Assign",
    done="assigned",
    fields=lambda desk: (_whom(desk),),
    filled=_assigned,
    impossible=closed_already,
    carry_out=_assign,
)


def _stages(desk: Desk) -> Field:
    # To acknowledge has a form of its own, which asks for the day.
    work = desk.case.work
    ahead = [stage for stage in onward(work) if stage is not Stage.ACKNOWLEDGED]
    choices = [Choice(stage.value, stage_words(stage)) for stage in ahead]
    if desk.person.may(Right.MANAGE):
        choices += [
            Choice(stage.value, stage_words(stage), "Out of turn: give the reason")
            for stage in elsewhere(work)
        ]
    return Field("stage", "radios", "Which stage is it at now?", choices=tuple(choices))


def _stage_impossible(desk: Desk) -> str:
    if desk.case.work.is_closed:
        return _CLOSED
    if _stages(desk).choices:
        return ""
    return (
        "The case cannot be moved from here. Record what comes next (an acknowledgement, a "
        "recommendation or a decision), or ask a business manager to move it."
    )


def _move(desk: Desk, posted: Posted, version: int) -> None:
    stage = Stage(chosen(posted, _stages(desk), "Select the stage"))
    work_on_case.move_stage(
        desk.services,
        desk.case.reference,
        stage,
        text(posted, REASON.name),
        desk.person,
        version,
    )


def _stage_fields(desk: Desk) -> tuple[Field, ...]:
    stages = _stages(desk)
    needs_reason = any(choice.hint for choice in stages.choices)
    return (stages, REASON) if needs_reason else (stages,)


MOVE = CaseForm(
    title=lambda _: "Move to another stage",
    lead=lambda desk: (f"It is at this stage: {stage_words(desk.case.work.stage)}.",),
    button="Move the case",
    done="moved",
    fields=_stage_fields,
    impossible=_stage_impossible,
    carry_out=_move,
)


def _outcomes(desk: Desk) -> Field:
    allowed = outcomes_to_close_with(desk.case, desk.person, desk.services.clock.now())
    choices = tuple(Choice(outcome, outcome_words(outcome)) for outcome in allowed)
    hint = "What a panel decides is recorded as a decision first: then it is listed here."
    return Field("outcome", "radios", "What was the outcome?", hint=hint, choices=choices)


def _close(desk: Desk, posted: Posted, version: int) -> None:
    outcome = chosen(posted, _outcomes(desk), "Select the outcome")
    reason = text(posted, REASON.name)
    work_on_case.close_case(
        desk.services, desk.case.reference, outcome, reason, desk.person, version
    )


def _close_impossible(desk: Desk) -> str:
    if desk.case.work.is_closed or _outcomes(desk).choices:
        return closed_already(desk)
    return "Nothing was decided that ends the case here. A business manager can close it."


CLOSE = CaseForm(
    title=lambda _: "Close the case",
    lead=lambda _: (
        "A closed case leaves the list of open cases, and its open deadlines are withdrawn. It can "
        "still be found by its reference, and a business manager can reopen it.",
    ),
    button="Close the case",
    warns=True,
    done="closed",
    fields=lambda desk: (_outcomes(desk), REASON),
    impossible=_close_impossible,
    carry_out=_close,
)


def _stage_after_reopening(desk: Desk) -> Field:
    choices = tuple(
        Choice(stage.value, stage_words(stage))
        for stage in Stage
        if stage is not Stage.CLOSED and desk.case.work.has_recorded(stage)
    )
    return Field("stage", "radios", "Which stage is it at now?", choices=choices)


def _reopen(desk: Desk, posted: Posted, version: int) -> None:
    stage = Stage(chosen(posted, _stage_after_reopening(desk), "Select the stage"))
    reason = text(posted, REASON.name)
    work_on_case.reopen_case(
        desk.services, desk.case.reference, stage, reason, desk.person, version
    )


REOPEN = CaseForm(
    title=lambda _: "Reopen the case",
    lead=lambda _: (
        "For new information, a coroner’s finding or a challenge. What was decided stays on "
        "record.",
    ),
    button="Reopen the case",
    done="reopened",
    fields=lambda desk: (_stage_after_reopening(desk), REASON),
    impossible=lambda desk: "" if desk.case.work.is_closed else "The case is open already.",
    carry_out=_reopen,
)
