"""How long a closed case is kept, and when it may be disposed of: pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from chalicelib.referrals.case import Case
from chalicelib.referrals.outcomes import outcomes_for
from chalicelib.referrals.partnership import Partnership, RetentionRule


@dataclass(frozen=True)
class Kept:
    """A closed case's rule, and the London day from which it may be disposed of."""

    rule: RetentionRule
    until: date


def rule_for(partnership: Partnership, stream: str, outcome: str) -> RetentionRule | None:
    """The rule that names the outcome, else the stream's rule for all others; None without one."""
    rules = [rule for rule in partnership.retention if rule.stream == stream]
    named = (rule for rule in rules if outcome in rule.outcomes)
    return next(named, None) or next((rule for rule in rules if not rule.outcomes), None)


def outcomes_of(partnership: Partnership, rule: RetentionRule) -> tuple[str, ...]:
    """The outcomes that a rule covers."""
    known = outcomes_for(rule.stream)
    return tuple(one for one in known if rule_for(partnership, rule.stream, one) == rule)


def kept_until(closed_on: date, years: int) -> date:
    """The same day so many years later; 1 March for a 29 February that the year does not have."""
    try:
        return closed_on.replace(year=closed_on.year + years)
    except ValueError:
        return date(closed_on.year + years, 3, 1)


def closed_before(today: date, years: int) -> date:
    """The first day on which a case was closed that must still be kept today."""
    try:
        return today.replace(year=today.year - years) + timedelta(days=1)
    except ValueError:  # 29 February, which that year did not have
        return date(today.year - years, 3, 1)


def kept(partnership: Partnership, case: Case) -> Kept | None:
    """How long a case is kept; None while it is open, or when no rule says."""
    work = case.work
    if not work.is_closed or work.closed_on is None or work.outcome is None:
        return None
    rule = rule_for(partnership, case.stream, work.outcome)
    return None if rule is None else Kept(rule, kept_until(work.closed_on, rule.years))


def is_over(kept: Kept | None, today: date) -> bool:
    """Whether a case has been kept for as long as its rule says."""
    return kept is not None and kept.until <= today
