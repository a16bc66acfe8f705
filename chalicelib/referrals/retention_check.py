"""What is wrong with the retention rules of a partnership, taken together: pure."""

import re
from collections.abc import Iterator, Sequence

from chalicelib.referrals.outcomes import outcomes_for
from chalicelib.referrals.partnership import Partnership, RetentionRule
from chalicelib.referrals.rule_check import Fault

_RULE_ID = re.compile(r"[a-z][a-z0-9-]{0,39}")
# Beyond it a number is a slip of the keyboard.
_LONGEST = 150
# A rule and its number in the file.
_Numbered = tuple[int, RetentionRule]


def retention_faults(partnership: Partnership) -> Iterator[Fault]:
    """Every fault of the tables `retention`: each outcome of each stream is covered once."""
    rules = list(enumerate(partnership.retention))
    for number, rule in rules:
        for key, message, remedy in _of_one(rule):
            yield ("retention", number, key), message, remedy
    yield from _twice(rules)
    for stream in partnership.forms:
        of_stream = [one for one in rules if one[1].stream == stream]
        yield from _named_twice(of_stream)
        yield from _others(stream, of_stream)


def _of_one(rule: RetentionRule) -> Iterator[tuple[str, str, str]]:
    if _RULE_ID.fullmatch(rule.id) is None:
        yield "id", "cannot name a rule", "Use a-z, 0-9 and -, such as adult-review."
    if not 1 <= rule.years <= _LONGEST:
        yield "years", f"is not 1 to {_LONGEST}", "Give whole years."
    if not rule.source.strip():
        yield "source", "is empty", "Say which schedule or decision it follows."
    known = outcomes_for(rule.stream)
    for outcome in rule.outcomes:
        if outcome not in known:
            message = f"{outcome!r} is no outcome of the {rule.stream} stream"
            yield "outcomes", message, f"The outcomes are: {', '.join(known)}."


def _twice(rules: Sequence[_Numbered]) -> Iterator[Fault]:
    seen: set[str] = set()
    for number, rule in rules:
        if rule.id in seen:
            yield ("retention", number, "id"), "another rule has this id", "Give each its own id."
        seen.add(rule.id)


def _named_twice(rules: Sequence[_Numbered]) -> Iterator[Fault]:
    seen: set[str] = set()
    for number, rule in rules:
        for outcome in rule.outcomes:
            if outcome in seen:
                message = f"{outcome!r} is named before, in this stream"
                yield ("retention", number, "outcomes"), message, "Name each outcome once."
            seen.add(outcome)


def _others(stream: str, rules: Sequence[_Numbered]) -> Iterator[Fault]:
    """Outcomes that no rule names need the one rule without any; covered ones need none."""
    named = {outcome for _, rule in rules for outcome in rule.outcomes}
    left = [outcome for outcome in outcomes_for(stream) if outcome not in named]
    rest = [number for number, rule in rules if not rule.outcomes]
    if left and not rest:
        message = f"no rule says how long {stream} cases are kept that end as {', '.join(left)}"
        yield ("retention",), message, "Add a rule of the stream without outcomes: all others."
    for number in rest[1:]:
        message = f"another rule covers all other outcomes of the {stream} stream"
        yield ("retention", number, "outcomes"), message, "Name this rule's outcomes, or remove it."
    if rest and not left:
        message = f"every outcome of the {stream} stream is named by other rules"
        yield ("retention", rest[0], "id"), message, "Remove this rule: it covers nothing."
