"""Count the cases of a period: what is given back may be shown to anybody."""

from collections.abc import Iterator, Sequence
from datetime import date

from chalicelib.referrals.case import Case
from chalicelib.referrals.case_change import NotPossible
from chalicelib.referrals.case_listing import Chosen
from chalicelib.referrals.counted_case import Countable, countable
from chalicelib.referrals.financial_year import Span, financial_year, offered
from chalicelib.referrals.outcomes import outcomes_for
from chalicelib.referrals.staff import NotAllowed, Person, Right
from chalicelib.referrals.statistics import Figures, figures
from chalicelib.referrals.times import local_date
from chalicelib.use_cases.audit import note
from chalicelib.use_cases.ports import Services

# As many as one answer of the service can read in time.
MOST_CASES = 5_000
_AT_ONCE = 100
_TOO_MANY = (
    f"There are more than {MOST_CASES:,} cases to count, which takes too long. "
    "Choose a later year, or count the cases in the register of the export."
)


def read_statistics(
    deps: Services, person: Person, stream: str, year: int, *, to_save: bool = False
) -> Figures:
    """The figures of a stream and of the financial year that begins in a calendar year.

    They are the same whoever asks: of somebody's own, without a case that they are barred from, the
    difference to everybody's would tell of that case. Raises `NotAllowed`, `NotPossible` for a
    year that figures are not given for, or one of too many cases; `StoreBusy`.
    """
    action = "saved statistics" if to_save else "read statistics"
    if not person.may(Right.READ_CASES):
        note(deps, person, "refused", "", {"to": action, "why": "wrong role"})
        raise NotAllowed("wrong role")
    today = local_date(deps.clock.now())
    if stream not in deps.partnership.forms:
        raise NotPossible("Choose what the figures are about.", "stream")
    if year not in offered(today):
        raise NotPossible("Choose one of the years in the list.", "year")
    period = financial_year(year)
    counted = _counted(deps, stream, period, today)
    note(deps, person, action, "", {"stream": stream, "year": str(year)})
    return figures(counted, stream, period)


def _counted(deps: Services, stream: str, period: Span, today: date) -> Sequence[Countable]:
    """Each case once that was alive in the period: received before its end, not closed before it.

    One that closes while this reads may be in both lists.
    """
    found: dict[str, Countable] = {}
    for number, case in enumerate(_alive(deps, stream, period)):
        if number >= MOST_CASES:
            raise NotPossible(_TOO_MANY, "year")
        if local_date(case.received_at) <= period.last:
            found[case.reference] = countable(case, today)
    return list(found.values())


def _alive(deps: Services, stream: str, period: Span) -> Iterator[Case]:
    after: str | None = None
    while True:
        page, after = deps.cases.listed([stream], Chosen(), after=after, limit=_AT_ONCE)
        yield from page
        if after is None:
            break
    for outcome in outcomes_for(stream):
        yield from _closed(deps, stream, outcome, period.first)


def _closed(deps: Services, stream: str, outcome: str, since: date) -> Iterator[Case]:
    after: str | None = None
    while True:
        page, after = deps.cases.closed(
            stream, outcome, since, date.max, after=after, limit=_AT_ONCE
        )
        yield from page
        if after is None:
            return
