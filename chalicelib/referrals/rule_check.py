"""What is wrong with one deadline rule: pure. Places are within the rule's own table."""

import re
from collections.abc import Iterator, Mapping
from datetime import date

from chalicelib.referrals.case import RECEIVED, YEAR_END
from chalicelib.referrals.clocks import year_reference
from chalicelib.referrals.form_roles import Roles
from chalicelib.referrals.partnership import DeadlineRule, Partnership
from chalicelib.referrals.reference import schedule_name
from chalicelib.referrals.reminders import lead_time, reminder_id
from chalicelib.referrals.toml_lines import Place

_RULE_ID = re.compile(r"[a-z][a-z0-9-]*")
# Ten years, in each unit: beyond it a number is a slip of the keyboard.
_LONGEST = {"working_days": 2_600, "calendar_days": 3_660, "months": 120}
_LONGEST_TEXT = 150
_ANY_DAY = date(2026, 12, 31)
# Where it is, what is wrong, what to do.
Fault = tuple[Place, str, str]


def rule_faults(
    rule: DeadlineRule, partnership: Partnership, roles: Mapping[str, Roles]
) -> Iterator[Fault]:
    """Every fault of a rule that needs no other rule; `roles` are the forms' by stream."""
    yield from _names(rule, partnership)
    yield from _trigger(rule, partnership)
    yield from _met_by(rule, partnership)
    yield from _length(rule)
    yield from _reminders(rule)
    if rule.scope == "partnership":
        yield from _yearly(rule)
    else:
        yield from _condition(rule, partnership, roles)


def _names(rule: DeadlineRule, partnership: Partnership) -> Iterator[Fault]:
    if _RULE_ID.fullmatch(rule.id) is None or not _names_a_schedule(rule, partnership):
        yield ("id",), "cannot name a schedule", "Use a short id of a-z, 0-9 and hyphens."
    if rule.stream not in (*partnership.forms, "both"):
        yield ("stream",), f"the partnership has no {rule.stream} form", "Remove the rule."
    for key in ("label", "responsible", "source", "email_label"):
        text = getattr(rule, key)
        if not text.strip() and (key != "email_label" or text):
            yield (key,), "is empty", "Write it out: staff see it."
        elif len(text) > _LONGEST_TEXT or (not text.isprintable() and text):
            yield (key,), "does not fit one line", f"Write at most {_LONGEST_TEXT} characters."


def _names_a_schedule(rule: DeadlineRule, partnership: Partnership) -> bool:
    """Whether AWS would take the names of its reminders' schedules, of 64 characters at most."""
    yearly = rule.scope == "partnership"
    prefix = partnership.reference_prefix
    reference = year_reference(partnership) if yearly else f"{prefix}-XXXX-XXXX"
    try:
        schedule_name(reference, reminder_id(rule.id, _ANY_DAY, _ANY_DAY))
    except ValueError:
        return False
    return True


def _trigger(rule: DeadlineRule, partnership: Partnership) -> Iterator[Fault]:
    if rule.trigger not in _triggers(rule, partnership):
        message = f"{rule.trigger!r} starts no clock of a {rule.scope}"
        remedy = f"Use {RECEIVED} or a name that has a [dates.<name>]."
        if YEAR_END in (rule.trigger, *_triggers(rule, partnership)):
            remedy = f'{YEAR_END} and scope = "partnership" go together.'
        yield ("trigger",), message, remedy
    elif rule.counted == "before" and not _is_planned(rule.trigger, partnership):
        message = f"{rule.trigger!r} cannot lie ahead, so nothing can be due before it"
        yield ("trigger",), message, f"Give [dates.{rule.trigger}] planned = true."


def _triggers(rule: DeadlineRule, partnership: Partnership) -> tuple[str, ...]:
    return (YEAR_END,) if rule.scope == "partnership" else (RECEIVED, *partnership.dates)


def _is_planned(name: str, partnership: Partnership) -> bool:
    return name in partnership.dates and partnership.dates[name].planned


def _met_by(rule: DeadlineRule, partnership: Partnership) -> Iterator[Fault]:
    if not rule.met_by:
        return
    if rule.met_by not in (RECEIVED, *partnership.dates):
        yield ("met_by",), f"{rule.met_by!r} is no date", "Use a name that has a [dates.<name>]."
    if rule.met_by == rule.trigger:
        message = "is the date that starts the clock, so it would be met at once"
        yield ("met_by",), message, "Use the date on which it is done."
    elif _is_planned(rule.met_by, partnership):
        message = f"{rule.met_by!r} may lie ahead, so it would be met before it is done"
        yield ("met_by",), message, "Use the date on which it is done."


def _length(rule: DeadlineRule) -> Iterator[Fault]:
    longest = _LONGEST[rule.unit]
    if not 0 <= rule.length <= longest:
        yield ("length",), "is out of range", f"Give a number from 0 to {longest}."
    opens = rule.window_from
    if opens is not None and not 0 <= opens < rule.length:
        yield ("window_from",), "opens no window", "Give a number from 0 that is less than length."
    if rule.repeats_months is not None and not 0 < rule.repeats_months <= _LONGEST["months"]:
        remedy = f"Give a number of months from 1 to {_LONGEST['months']}."
        yield ("repeats_months",), "never comes round", remedy
    if rule.counted == "before":
        for key in ("window_from", "repeats_months"):
            if getattr(rule, key) is not None:
                remedy = 'Remove the key, or counted = "before".'
                yield (key,), "does not go with counting before a date", remedy


def _reminders(rule: DeadlineRule) -> Iterator[Fault]:
    for text in rule.remind_before:
        try:
            lead = lead_time(text)
            if lead.count > _LONGEST[f"{lead.unit.replace(' ', '_')}s"]:
                raise ValueError(text)
        except ValueError:
            remedy = "Write `5 working days`, `2 weeks` or `1 month`."
            yield ("remind_before",), f"{text!r} is no lead time", remedy
    if rule.kind == "prompt" and len(rule.remind_before) > 1:
        remedy = "Keep one lead time."
        yield ("remind_before",), "a prompt is sent once", remedy


def _yearly(rule: DeadlineRule) -> Iterator[Fault]:
    if rule.stream == "both":
        remedy = "Give the stream whose team is reminded."
        yield ("stream",), "does not say which team is reminded", remedy
    if rule.repeats_months is None:
        yield ("repeats_months",), "is missing", "A partnership's own clock repeats: give 12."
    for key in ("met_by", "when"):
        if getattr(rule, key):
            remedy = "Remove it: each year is marked as done."
            yield (key,), 'does not go with scope = "partnership"', remedy


def _condition(
    rule: DeadlineRule, partnership: Partnership, roles: Mapping[str, Roles]
) -> Iterator[Fault]:
    """A wrong name or answer here would silence a deadline without a trace."""
    streams = [one for one in partnership.forms if rule.applies_to(one)]
    for role, answers in rule.when.items():
        place: Place = ("when", role)
        for stream in streams:
            if role not in roles.get(stream, {}):
                remedy = "Use a name from the form's roles, or add it there."
                yield place, f"the {stream} form has no such role", remedy
        if not answers:
            yield place, "names no answer", "List the answers to which the rule applies."
        options = {one for stream in streams for one in roles.get(stream, {}).get(role, ())}
        for answer in answers:
            if options and answer not in options:
                remedy = f"Use one of: {', '.join(sorted(options))}."
                yield place, f"{answer!r} is no answer to that question", remedy
        if not options and all(role in roles.get(stream, {}) for stream in streams):
            yield place, "is answered by no choice", "Use the role of a question with options."
