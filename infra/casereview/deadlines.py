"""`casereview deadlines`: what a partnership's rules make of a date, to check the rules by."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.text import Text

from chalicelib.referrals.explain import duties, listed
from chalicelib.referrals.partnership import DeadlineRule, Partnership
from chalicelib.referrals.times import say_date, to_text
from chalicelib.referrals.working_days import calendar_warning
from infra.casereview.arguments import checked_partnership, read_date, today
from infra.casereview.as_if import AsIf, case_deadlines, year_deadlines
from infra.casereview.sheet import Entry, Items, Together, sheet, short, terminal

OWN_YEAR = "partnership"
HEADINGS = {
    "adult": "Cases of adults",
    "child": "Cases of children",
    OWN_YEAR: "The partnership's own year",
}
CHASED = {"daily": "every working day", "weekly": "every week"}


class Stream(StrEnum):
    """Whose cases."""

    ADULT = "adult"
    CHILD = "child"


def deadlines(
    partnership: Annotated[str, typer.Argument(help="A folder below forms/partnerships.")],
    since: Annotated[
        str | None, typer.Option("--from", metavar="YYYY-MM-DD", help="Instead of today.")
    ] = None,
    stream: Annotated[Stream | None, typer.Option(help="One kind of case only.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For another program.")] = False,
) -> None:
    """What every rule makes of a date.

    The due date and reminders, as if what each rule counts from happened on the date.
    """
    on = today() if since is None else read_date(since)
    chosen = checked_partnership(partnership)
    tables = _tables(chosen, _streams(chosen, stream), on)
    if as_json:
        typer.echo(json.dumps(_document(chosen, tables, on), ensure_ascii=False, indent=2))
    else:
        _show(chosen, tables, on)


def _streams(partnership: Partnership, stream: Stream | None) -> tuple[str, ...]:
    if stream is None:
        return partnership.forms
    if stream not in partnership.forms:
        message = f"{partnership.id} takes no {stream} cases, only {listed(partnership.forms)}."
        raise typer.BadParameter(message)
    return (stream.value,)


def _tables(
    partnership: Partnership, streams: Iterable[str], on: date
) -> dict[str, tuple[AsIf, ...]]:
    tables = {stream: case_deadlines(partnership, stream, on) for stream in streams}
    tables[OWN_YEAR] = year_deadlines(partnership, list(tables), on)
    return {name: items for name, items in tables.items() if items}


def _show(partnership: Partnership, tables: Mapping[str, tuple[AsIf, ...]], on: date) -> None:
    out = terminal()
    warning = calendar_warning(today())
    if warning:
        out.print(Text(warning, style="bold red"), end="\n\n")
    out.print(Text(partnership.name, style="bold"))
    out.print(f"As if the date that each rule counts from were {say_date(on)}.")
    out.print("Deadlines end at 23:59 and reminders go at 09:00, London time.")
    for name, items in tables.items():
        out.print()
        out.print(Text(HEADINGS[name], style="bold underline"))
        out.print()
        out.print(sheet(_side_by_side(partnership, items)))


def _side_by_side(partnership: Partnership, items: Iterable[AsIf]) -> list[Together]:
    by_rule = {item.rule.id: item for item in items}
    return [
        Together(duty.note, [_entry(partnership, by_rule[one.rule]) for one in duty.deadlines])
        for duty in duties(item.deadline for item in by_rule.values())
    ]


def _entry(partnership: Partnership, item: AsIf) -> Entry:
    rule, deadline = item.rule, item.deadline
    beside = [] if deadline.act_by == deadline.due_on else ["act by", short(deadline.act_by)]
    lines: list[str | Items] = [item.why, *_conditions(partnership, rule)]
    lines.append(f"Responsible: {rule.responsible}. Status: {rule.status} ({rule.source}).")
    if item.reminders:
        lines.append(Items("Reminders:", [short(day) for day in item.reminders]))
    if item.chased_from is not None:
        lines.append(f"If late: {short(item.chased_from)}, then {CHASED[rule.remind_overdue]}.")
    return Entry(deadline.due_on, rule.id, rule.label, [*lines, *_marks(rule)], beside)


def _marks(rule: DeadlineRule) -> list[str]:
    marks = []
    if rule.kind == "prompt":
        marks.append("A prompt: never overdue, as the duty is another's or the date a guide.")
    if not rule.remind_before:
        marks.append("Shown to staff only: nobody is reminded.")
    return marks


def _conditions(partnership: Partnership, rule: DeadlineRule) -> list[str]:
    conditions = []
    if rule.when:
        said = [f"{_words(role)} is {_either(given)}" for role, given in rule.when.items()]
        conditions.append(f"Only if the form says: {'; and '.join(said)}.")
    if rule.repeats_months:
        until = partnership.dates.get(rule.met_by)
        often = {1: "every month", 12: "every year"}
        said_often = often.get(rule.repeats_months, f"every {rule.repeats_months} months")
        ends = f", until: {until.label}" if until else ""
        conditions.append(f"Comes round {said_often}{ends}.")
    return conditions


def _either(answers: Iterable[str]) -> str:
    *others, last = (_words(answer) for answer in answers)
    return " or ".join(filter(None, (", ".join(others), last)))


def _words(name: str) -> str:
    return name.replace("_", " ")


def _document(
    partnership: Partnership, tables: Mapping[str, tuple[AsIf, ...]], on: date
) -> dict[str, Any]:
    return {
        "partnership": partnership.id,
        "from": on.isoformat(),
        "calendar_warning": calendar_warning(today()),
        "deadlines": [_row(name, item) for name, items in tables.items() for item in items],
    }


def _row(cases: str, item: AsIf) -> dict[str, Any]:
    rule, deadline = item.rule, item.deadline
    opens, late = deadline.window_on, item.chased_from
    return {
        "rule": rule.id,
        "duty": rule.act,
        "label": rule.label,
        "cases": cases,
        "kind": rule.kind,
        "counted_from": {
            "date": rule.trigger,
            "label": item.counted_from,
            "on": deadline.trigger_on.isoformat(),
        },
        "due_on": deadline.due_on.isoformat(),
        "due_at": to_text(deadline.due_at),
        "act_by": deadline.act_by.isoformat(),
        "window_from": opens.isoformat() if opens else None,
        "reminders": [day.isoformat() for day in item.reminders],
        "overdue_from": late.isoformat() if late else None,
        "overdue_then": rule.remind_overdue if late else None,
        "when": {role: list(answers) for role, answers in rule.when.items()},
        "repeats_months": rule.repeats_months,
        "responsible": rule.responsible,
        "status": rule.status,
        "source": rule.source,
        "explanation": item.why,
    }
