"""Keep the partnership's own clocks: duties that come round every year and belong to no case."""

from datetime import date

from chalicelib.referrals.case import (
    YEAR_END,
    YEAR_END_DAY,
    YEAR_END_MONTH,
    Case,
    KnownDate,
)
from chalicelib.referrals.case_change import SERVICE, Actor, recomputed
from chalicelib.referrals.clocks import clocks_of, year_reference
from chalicelib.referrals.times import local_date
from chalicelib.use_cases.change_case import compose_change
from chalicelib.use_cases.ports import CaseChanged, Services


def open_year(deps: Services) -> bool:
    """Start the yearly clocks of a partnership that has some and has none running.

    They start at the first year's end of which no deadline is past, so a new instance is not late
    from its first day. Raises `StoreBusy`.
    """
    rules = deps.partnership.yearly_rules()
    reference = year_reference(deps.partnership)
    if not rules or deps.cases.find(reference) is not None:
        return False
    now = deps.clock.now()
    stream = "child" if rules[0].stream == "child" else "adult"
    clocks = clocks_of(deps.partnership, reference, stream)
    year = local_date(now).year - 2
    while True:
        ended = {YEAR_END: KnownDate(date(year, YEAR_END_MONTH, YEAR_END_DAY))}
        case = recomputed(Case(reference, stream, now, answered=ended), clocks)
        if all(deadline.due_at > now for deadline in case.deadlines):
            break
        year += 1
    actor = Actor(SERVICE, now)
    try:
        deps.cases.change(compose_change(deps, clocks, None, case, actor, "opened the year", {}))
    except CaseChanged:
        return False
    return True
