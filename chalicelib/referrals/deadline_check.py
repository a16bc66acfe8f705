"""What is wrong with the dates and deadline rules of a partnership, taken together: pure."""

import re
from collections.abc import Iterator, Mapping, Sequence

from chalicelib.referrals.case import RECEIVED, YEAR_END
from chalicelib.referrals.form_roles import Roles
from chalicelib.referrals.partnership import DeadlineRule, Partnership
from chalicelib.referrals.rule_check import Fault, rule_faults

_DATE_NAME = re.compile(r"[a-z][a-z0-9_]*")
# One transaction of DynamoDB takes 100 actions. What a submission stores is kept within 99, the
# reminders that one changed date may replace within 88.
_MOST_ROWS = 99
_OTHER_ROWS = 15
_MOST_REPLACED = 88
# A rule and its number in the file.
Numbered = tuple[int, DeadlineRule]


def deadline_faults(partnership: Partnership, roles: Mapping[str, Roles]) -> Iterator[Fault]:
    """Every fault of the tables `dates` and `deadlines`; `roles` are the forms' by stream."""
    yield from _dates(partnership)
    rules = list(enumerate(partnership.deadlines))
    for number, rule in rules:
        for key, message, remedy in rule_faults(rule, partnership, roles):
            yield ("deadlines", number, *key), message, remedy
    for stream in partnership.forms:
        of_stream = [one for one in rules if one[1].applies_to(stream)]
        yield from _of_one_case(stream, of_stream)
        if not any(rule.trigger == RECEIVED and rule.remind_before for _, rule in of_stream):
            message = f"no {stream} deadline that starts at receipt is reminded"
            yield ("deadlines",), message, "Give the acknowledgement a remind_before."
    yield from _of_one_case("yearly", [one for one in rules if one[1].scope == "partnership"])


def _dates(partnership: Partnership) -> Iterator[Fault]:
    for name, known in partnership.dates.items():
        if _DATE_NAME.fullmatch(name) is None:
            yield ("dates", name), "cannot name a date", "Use a-z, 0-9 and _, such as decided_on."
        if name in (RECEIVED, YEAR_END):
            yield ("dates", name), "is a date that the service knows itself", "Remove the table."
        if not known.label.strip():
            yield ("dates", name, "label"), "is empty", "Say what happened on it."


def _of_one_case(kind: str, rules: Sequence[Numbered]) -> Iterator[Fault]:
    """The faults of rules that run side by side in one case."""
    yield from _twice(rules)
    yield from _several_clocks(rules)
    yield from _too_many(kind, [rule for _, rule in rules])


def _twice(rules: Sequence[Numbered]) -> Iterator[Fault]:
    seen: set[str] = set()
    for number, rule in rules:
        if rule.id in seen:
            message = "another rule of the same cases has this id"
            yield ("deadlines", number, "id"), message, "Give each its own id."
        seen.add(rule.id)


def _several_clocks(rules: Sequence[Numbered]) -> Iterator[Fault]:
    first: dict[str, DeadlineRule] = {}
    for number, rule in rules:
        other = first.setdefault(rule.act, rule)
        if other.met_by != rule.met_by:
            message = f"the clocks of {rule.act!r} are met by different dates"
            yield ("deadlines", number, "met_by"), message, f"Give the met_by of {other.id!r}."


def _too_many(kind: str, rules: Sequence[DeadlineRule]) -> Iterator[Fault]:
    rows = _OTHER_ROWS + sum(map(_reminder_rows, rules))
    if rows > _MOST_ROWS:
        message = f"{kind} rules make {rows} rows; {_MOST_ROWS} can be stored at once"
        yield ("deadlines",), message, "Remind less often."
    for name in sorted({name for rule in rules for name in (rule.trigger, rule.met_by) if name}):
        moved = [rule for rule in rules if name in (rule.trigger, rule.met_by)]
        replaced = 2 * sum(map(_reminder_rows, moved))
        if replaced > _MOST_REPLACED:
            message = (
                f"{kind} rules have {replaced} reminders to replace when it changes; "
                f"{_MOST_REPLACED} can be replaced at once"
            )
            yield ("dates", name), message, "Remind less often of what starts or ends with it."


def _reminder_rows(rule: DeadlineRule) -> int:
    return len(rule.remind_before) + (1 if rule.chased else 0)
