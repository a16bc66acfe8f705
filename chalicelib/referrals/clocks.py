"""What makes a case's deadlines: the rules and the calendar of a partnership."""

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.referrals.working_days import WorkingCalendar, england_and_wales

if TYPE_CHECKING:
    from chalicelib.referrals.partnership import DeadlineRule, Partnership

# No reference has vowels, so the partnership's own year can never be taken for a referral.
_YEAR = "YEAR"
# One more whenever every open case is to be stored again: 2 added their places in the lists
# of open cases, 3 those by when they were received and closed.
_STORED_AS = 3


@dataclass(frozen=True)
class Clocks:
    """`version` names these rules and this calendar: equal versions give equal deadlines."""

    rules: "tuple[DeadlineRule, ...]"
    calendar: WorkingCalendar
    version: str

    def rules_of(self, act: str) -> "tuple[DeadlineRule, ...]":
        """The clocks of one duty."""
        return tuple(rule for rule in self.rules if rule.act == act)

    def rule(self, rule_id: str) -> "DeadlineRule | None":
        """The rule with this id."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)


def year_reference(partnership: "Partnership") -> str:
    """The reference of the partnership's own clocks: `SUF-YEAR`."""
    return f"{partnership.reference_prefix}-{_YEAR}"


def is_yearly(reference: str) -> bool:
    """Whether it is the reference of a partnership's own clocks."""
    return reference.endswith(f"-{_YEAR}")


def clocks_of(partnership: "Partnership", reference: str, stream: str) -> Clocks:
    """The clocks of a case: those of its stream, or the partnership's own."""
    yearly = reference == year_reference(partnership)
    rules = partnership.yearly_rules() if yearly else partnership.rules(stream)
    local = partnership.calendar
    calendar = england_and_wales(local.extra_holidays, local.count_from)
    return Clocks(rules, calendar, rules_version(partnership, calendar))


def rules_version(partnership: "Partnership", calendar: WorkingCalendar) -> str:
    """16 hex digits that change with any rule, any day of the calendar, or `_STORED_AS`."""
    holidays = sorted(day.isoformat() for day in calendar.holidays)
    whole = repr((partnership.deadlines, holidays, calendar.count_from, _STORED_AS))
    return hashlib.sha256(whole.encode("utf-8")).hexdigest()[:16]
