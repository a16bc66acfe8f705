"""Record a date of a case, and say what became of a deadline."""

from __future__ import annotations

from collections.abc import Callable

from chalicelib.referrals.case import Case
from chalicelib.referrals.times import local_date
from chalicelib.use_cases.meet_deadline import meet_deadline
from chalicelib.use_cases.record_date import record_date
from chalicelib.use_cases.settle_deadline import (
    put_in_force,
    set_aside_deadline,
    withdraw_deadline,
)
from chalicelib.web.staff.case_clocks import date_names, date_words
from chalicelib.web.staff.case_form import CaseForm, Desk
from chalicelib.web.staff.fields import Choice, Field, Posted, boxes_of, day
from chalicelib.web.staff.stage_forms import REASON, closed_already, reason_of

_UNKNOWN = Field(
    "unknown", "checkboxes", "Or", choices=(Choice("yes", "It is not known after all"),)
)


def _date_label(desk: Desk) -> str:
    name = desk.request.named["date"]
    return desk.services.partnership.dates[name].label


def _date_field(desk: Desk) -> Field:
    planned = desk.services.partnership.dates[desk.request.named["date"]].planned
    hint = "It may lie ahead." if planned else "For example, 27 3 2026"
    return Field("on", "date", "Date", hint=hint)


def _has_date(desk: Desk) -> bool:
    return desk.request.named["date"] in desk.services.partnership.dates


def _date_impossible(desk: Desk) -> str:
    if desk.request.named["date"] not in date_names(desk.services.partnership, desk.clocks):
        return "No deadline of this case counts from this date. Open the case and choose again."
    return closed_already(desk)


def _record(desk: Desk, posted: Posted, version: int) -> None:
    if "yes" in posted.get(_UNKNOWN.name, ()):
        on = None
    else:
        on = day(posted, "on", "the date, or select that it is not known")
    name = desk.request.named["date"]
    services, person = desk.services, desk.person
    record_date(services, desk.case.reference, name, on, person, expected_version=version)


def _known_date(desk: Desk) -> Posted:
    known = desk.case.known().get(desk.request.named["date"])
    return boxes_of("on", known.on if known else None)


RECORD_DATE = CaseForm(
    title=lambda desk: f"Record a date: {_date_label(desk)}",
    lead=lambda desk: (
        f"Now: {date_words(desk.case, desk.request.named['date'])}.",
        "Deadlines that count from this date move with it. What was recorded before stays with the "
        "case.",
    ),
    button="Record the date",
    done="date",
    fields=lambda desk: (_date_field(desk), _UNKNOWN),
    filled=_known_date,
    impossible=_date_impossible,
    exists=_has_date,
    carry_out=_record,
)


def _act_label(desk: Desk) -> str:
    rules = desk.clocks.rules_of(desk.request.named["act"])
    return rules[0].label if rules else "a deadline"


def _act_impossible(desk: Desk) -> str:
    if not desk.clocks.rules_of(desk.request.named["act"]):
        return "This case has no such deadline. Open the case and choose again."
    return closed_already(desk)


_DONE_ON = Field("on", "date", "When was it done?", hint="For example, 27 3 2026")


def _meet(desk: Desk, posted: Posted, version: int) -> None:
    on = day(posted, _DONE_ON.name, "the date on which it was done")
    act, services, person = desk.request.named["act"], desk.services, desk.person
    meet_deadline(services, desk.case.reference, act, on, person, expected_version=version)


MEET = CaseForm(
    title=lambda desk: f"Mark as done: {_act_label(desk)}",
    lead=lambda _: ("Its reminders end. A deadline that comes round again starts its next turn.",),
    button="Mark as done",
    done="met",
    fields=lambda _: (_DONE_ON,),
    filled=lambda desk: boxes_of(_DONE_ON.name, local_date(desk.services.clock.now())),
    impossible=_act_impossible,
    carry_out=_meet,
)

Settle = Callable[..., Case]


def _settling(title: str, lead: str, button: str, done: str, settle: Settle) -> CaseForm:
    def carry_out(desk: Desk, posted: Posted, version: int) -> None:
        reason = reason_of(posted)
        act, services, person = desk.request.named["act"], desk.services, desk.person
        settle(services, desk.case.reference, act, reason, person, expected_version=version)

    return CaseForm(
        title=lambda desk: f"{title}: {_act_label(desk)}",
        lead=lambda _: (lead,),
        button=button,
        done=done,
        fields=lambda _: (REASON,),
        impossible=_act_impossible,
        carry_out=carry_out,
    )


WITHDRAW = _settling(
    "Withdraw",
    "It need not be done any more. Its reminders end. You can put it in force again.",
    "Withdraw the deadline",
    "withdrawn",
    withdraw_deadline,
)
SET_ASIDE = _settling(
    "Does not apply",
    "It does not apply to this case, whatever the form says. Its reminders end. You can put it in "
    "force again.",
    "Set the deadline aside",
    "not-applicable",
    set_aside_deadline,
)
PUT_IN_FORCE = _settling(
    "Put in force",
    "It is to be done after all, or again. If a date says that it was done, that date is recorded "
    "as not known.",
    "Put the deadline in force",
    "in-force",
    put_in_force,
)
