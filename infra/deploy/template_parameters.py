"""Whether a template takes the parameters that it would be told, and what they change: pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

# Whose address is shown to nobody: docs/instances.md.
MAILBOXES = frozenset({"TeamMailboxAdult", "TeamMailboxChild", "AlarmEmail"})
Values = Mapping[str, str]


@dataclass(frozen=True)
class ParameterChange:
    """`before` is as deployed, None where the deployed template has no such parameter.

    Of a mailbox neither is kept: only that it changes."""

    name: str
    before: str | None
    after: str | None

    @property
    def secret(self) -> bool:
        return self.name in MAILBOXES


def parameter_changes(deployed: Values, wanted: Values) -> tuple[ParameterChange, ...]:
    """What is wanted and is not so yet, by name. What is not wanted stays."""
    return tuple(
        ParameterChange(name, None, None)
        if name in MAILBOXES
        else ParameterChange(name, deployed.get(name), wanted[name])
        for name in sorted(wanted)
        if deployed.get(name) != wanted[name]
    )


def parameter_faults(template: Mapping[str, Any], wanted: Values, deployed: Values) -> list[str]:
    """What CloudFormation would refuse, each with what to do; no value is named.

    `deployed` is empty for a new stack: what nothing gives is then the template's default."""
    known: Mapping[str, Mapping[str, Any]] = template.get("Parameters", {})
    unknown = sorted(set(wanted) - set(known))
    if unknown:
        has = ", ".join(sorted(known))
        return [f"The template has no parameter {', '.join(unknown)}. It has: {has}."]
    defaults = {name: str(one["Default"]) for name, one in known.items() if "Default" in one}
    kept = {name: value for name, value in deployed.items() if name in known}
    values = {**defaults, **kept, **wanted}
    faults = [
        f"{name} is needed: --parameter {name}=..." for name in sorted(set(known) - {*values})
    ]
    faults += [f"{name} takes {said}." for name, said in _refused(known, values)]
    return faults or list(_broken_rules(template.get("Rules", {}), values))


def _refused(known: Mapping[str, Mapping[str, Any]], values: Values) -> Iterator[tuple[str, str]]:
    for name in sorted(values):
        said = _takes(known[name], values[name])
        if said:
            about = known[name].get("Description", "").rstrip(".")
            yield name, f"{said} ({about})" if about else said


def _takes(parameter: Mapping[str, Any], value: str) -> str:
    """What the parameter takes, when the value is not of it."""
    allowed = [str(one) for one in parameter.get("AllowedValues", ())]
    if allowed:
        return "" if value in allowed else f"one of {', '.join(allowed)}"
    if parameter.get("Type") == "Number":
        return _takes_number(parameter, value)
    pattern = parameter.get("AllowedPattern")
    if pattern and re.fullmatch(pattern, value) is None:
        return f"what matches {pattern}"
    least, most = int(parameter.get("MinLength", 0)), int(parameter.get("MaxLength", 4096))
    return "" if least <= len(value) <= most else f"{least} to {most} characters"


def _takes_number(parameter: Mapping[str, Any], value: str) -> str:
    least, most = parameter.get("MinValue"), parameter.get("MaxValue")
    bounds = [f"at least {least}"] if least is not None else []
    bounds += [f"at most {most}"] if most is not None else []
    said = " ".join(["a number", " and ".join(bounds)]).rstrip()
    if re.fullmatch(r"-?\d+(\.\d+)?", value) is None:
        return said
    number = float(value)
    low = least is not None and number < float(least)
    return said if low or (most is not None and number > float(most)) else ""


def _broken_rules(rules: Mapping[str, Mapping[str, Any]], values: Values) -> Iterator[str]:
    for rule in rules.values():
        if _holds(rule.get("RuleCondition"), values) is False:
            continue
        for one in rule["Assertions"]:
            if _holds(one["Assert"], values) is False:
                yield str(one["AssertDescription"])


def _holds(condition: Any, values: Values) -> bool | None:
    """None of what only CloudFormation can tell, such as a function about the account."""
    if not isinstance(condition, Mapping) or len(condition) != 1:
        return None
    ((function, given),) = condition.items()
    if function == "Fn::Equals":
        sides = [_value(one, values) for one in given]
        return None if None in sides else sides[0] == sides[1]
    parts = [_holds(one, values) for one in given] if isinstance(given, list) else []
    if function == "Fn::Not":
        return None if parts[0] is None else not parts[0]
    if function == "Fn::And":
        return False if False in parts else None if None in parts else True
    if function == "Fn::Or":
        return True if True in parts else None if None in parts else False
    return None


def _value(side: Any, values: Values) -> str | None:
    if isinstance(side, Mapping):
        return values.get(str(side.get("Ref")))
    return str(side)
