"""The deadlines and dates of a case, each with its reason and with what may be done about it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chalicelib.referrals.case import RECEIVED, Case, Deadline, DeadlineState, Settled
from chalicelib.referrals.clocks import Clocks
from chalicelib.referrals.explain import Duty, duties, explain, trigger_label
from chalicelib.referrals.partnership import DeadlineRule, Partnership
from chalicelib.referrals.times import local_date, say_date
from chalicelib.web.staff.case_words import days_words, deadline_words, short_date

_COLOURS = {
    "overdue": "govuk-tag--red",
    "open": "govuk-tag--blue",
    "met late": "govuk-tag--yellow",
}
_SETTLED = {
    Settled.MET: "Marked as done",
    Settled.CHECKED: "Marked as done",
    Settled.WITHDRAWN: "Withdrawn",
    Settled.NOT_APPLICABLE: "Set aside",
    Settled.IN_FORCE: "Put in force",
}
# Paths of the forms by what they do, with the words of their links.
_DONE = ("met", "Mark as done")
_WITHDRAW = ("withdrawn", "Withdraw")
_SET_ASIDE = ("not-applicable", "Does not apply")
_IN_FORCE = ("in-force", "Put in force")


def duty_parts(
    partnership: Partnership, clocks: Clocks, case: Case, now: datetime, base: str
) -> list[dict[str, Any]]:
    """Every duty with its deadlines. `base` is the address of the case; empty for no links."""
    return [_duty(partnership, clocks, case, now, base, duty) for duty in duties(case.deadlines)]


def _duty(
    partnership: Partnership, clocks: Clocks, case: Case, now: datetime, base: str, duty: Duty
) -> dict[str, Any]:
    return {
        "note": duty.note,
        "name": duty.deadlines[0].label,
        "deadlines": [_deadline(partnership, clocks, case, now, one) for one in duty.deadlines],
        "actions": _actions(clocks, duty, base) if base else [],
    }


def _deadline(
    partnership: Partnership, clocks: Clocks, case: Case, now: datetime, deadline: Deadline
) -> dict[str, Any]:
    said = deadline_words(deadline, now)
    prompt = " It is a prompt: nobody here is late." if deadline.kind == "prompt" else ""
    return {
        "label": deadline.label,
        "tag": said.capitalize(),
        "tag_colour": _COLOURS.get(said, "govuk-tag--grey"),
        "due": f"Due {short_date(deadline.due_on)}",
        "days": days_words(deadline.due_on, local_date(now)) if deadline.is_open else "",
        "why": explain(deadline, partnership.dates, clocks.calendar),
        "who": f"Responsible: {deadline.responsible}. "
        f"{deadline.status.capitalize()}: {deadline.source}.{prompt}",
        "settled": _settled(case, deadline.act),
    }


def _settled(case: Case, act: str) -> list[str]:
    settlement = case.settled.get(act)
    if settlement is None:
        return []
    when = say_date(local_date(settlement.at))
    said = f"{_SETTLED[settlement.kind]} by {settlement.actor} on {when}"
    return [f"{said}. Reason: {settlement.reason}" if settlement.reason else f"{said}."]


def _actions(clocks: Clocks, duty: Duty, base: str) -> list[dict[str, str]]:
    rules = clocks.rules_of(duty.act)
    if not rules:
        return []
    is_open = any(deadline.is_open for deadline in duty.deadlines)
    if is_open:
        offered = [_DONE, _WITHDRAW, _SET_ASIDE]
    elif rules[0].met_by == RECEIVED and duty.deadlines[0].state is DeadlineState.MET:
        offered = []
    else:
        offered = [_IN_FORCE]
    return [{"text": text, "href": f"{base}/deadlines/{duty.act}/{tail}"} for tail, text in offered]


def waiting_parts(
    partnership: Partnership, clocks: Clocks, case: Case, base: str
) -> tuple[list[dict[str, Any]], list[dict[str, str]]]:
    """The clocks that do not run with what each waits for, and links to put some in force."""
    known = case.known()
    rows, links = [], []
    for rule in clocks.rules:
        if case.deadline(rule.id) is not None:
            continue
        rows.append({"key": rule.label, "value_lines": [_waits_for(partnership, case, rule)]})
        if base and rule.trigger in known:
            href = f"{base}/deadlines/{rule.act}/in-force"
            links.append({"text": f"Put in force: {rule.label}", "href": href})
    return rows, links


def _waits_for(partnership: Partnership, case: Case, rule: DeadlineRule) -> str:
    settlement = case.settled.get(rule.act)
    if settlement is not None and settlement.kind is not Settled.IN_FORCE:
        return f"{_SETTLED[settlement.kind]} on {short_date(settlement.on)}, before it started"
    if rule.trigger in case.known():
        return "It does not apply, by what the form says"
    return f"It starts when this date is recorded: {trigger_label(rule.trigger, partnership.dates)}"


def date_names(partnership: Partnership, clocks: Clocks) -> list[str]:
    """The dates that this case's clocks start from or end with, in the partnership's order."""
    used = {name for rule in clocks.rules for name in (rule.trigger, rule.met_by)}
    return [name for name in partnership.dates if name in used]


def date_rows(
    partnership: Partnership, clocks: Clocks, case: Case, base: str
) -> list[dict[str, Any]]:
    """Each date with what is known of it, and the link to record it."""
    received = {
        "key": "Referral received",
        "value_lines": [say_date(local_date(case.received_at))],
    }
    rows: list[dict[str, Any]] = [received]
    for name in date_names(partnership, clocks):
        label = partnership.dates[name].label
        row: dict[str, Any] = {"key": label, "value_lines": [date_words(case, name)]}
        row["answered"] = name in case.known()
        if base:
            row["change_href"] = f"{base}/dates/{name}"
            row["change_hidden_text"] = label
        rows.append(row)
    return rows


def date_words(case: Case, name: str) -> str:
    """A date and where it comes from."""
    recorded = case.recorded.get(name)
    if recorded is not None:
        said = say_date(recorded.on) if recorded.on else "Not known"
        return f"{said}, recorded by {recorded.actor}"
    answered = case.answered.get(name)
    if answered is None:
        return "Not recorded"
    return f"{say_date(answered.on)}, from the form{', an estimate' if answered.estimated else ''}"
