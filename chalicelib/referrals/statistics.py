"""The figures of a period, as they may be shown: pure. No count leaves this file as it is."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from chalicelib.referrals.counted_case import (
    LATE,
    NOT_DONE,
    ON_TIME,
    SIN_SENT_ON,
    Countable,
    Duty,
)
from chalicelib.referrals.financial_year import Span
from chalicelib.referrals.suppression import (
    LEAST_IN_A_TABLE,
    Row,
    Shown,
    ShownTable,
    Table,
    shown,
    shown_tables,
)

# The answer that is not one.
UNKNOWN = "not_known"
UNMET, MET = "no_criterion", "criterion"
# What the tables count.
RECEIVED, PEOPLE, SIN, SIN_PEOPLE = "received", "people", "sin", "sin_people"
CLOSED, REFUSED, CONCLUDED, ONGOING = "closed", "refused", "concluded", "ongoing"
BY_MONTH, BY_QUARTER = "by_month", "by_quarter"
# What is asked of each person, and belongs to the national figures.
_PROTECTED = ("age_band", "sex", "ethnicity", "disability")


@dataclass(frozen=True)
class Time:
    """How long something took in calendar days, half of the cases less and half more.

    `days` is None when there are too few cases to say; `number` is then None too, but of none.
    """

    name: str
    number: Shown | None
    days: int | None


@dataclass(frozen=True)
class Share:
    """A part of a whole, in percent of the numbers as they are shown; None when not to be shown."""

    name: str
    percent: int | None


@dataclass(frozen=True)
class OnTime:
    """How one deadline was kept. `table` has the lines `on_time`, `late`, `not_done`."""

    label: str
    table: ShownTable
    percent: int | None


@dataclass(frozen=True)
class Figures:
    """Everything of a period. `totals` are the counts by what they are of."""

    stream: str
    period: Span
    totals: Mapping[str, Shown]
    tables: tuple[ShownTable, ...]
    times: tuple[Time, ...]
    unknown: tuple[Share, ...]
    deadlines: tuple[OnTime, ...]


def figures(cases: Sequence[Countable], stream: str, period: Span) -> Figures:
    """The figures of the cases of a stream that were alive in a period."""
    received = [case for case in cases if period.holds(case.received_on)]
    notified = [case for case in cases if period.holds(case.dates.get(SIN_SENT_ON))]
    closed = [case for case in cases if period.holds(case.closed_on)]
    refused = [case for case in cases if period.holds(case.refused_on)]
    tables = [
        _by_month(RECEIVED, period, [case.received_on for case in received]),
        *_by_answer(RECEIVED, PEOPLE, received),
        *(_of_notified(notified, period) if stream == "child" else ()),
        _table(CLOSED, CLOSED, [case.outcome for case in closed]),
        _table(REFUSED, REFUSED, [UNMET if one.refused_unmet else MET for one in refused]),
    ]
    drawn = shown_tables(tables)
    return Figures(
        stream=stream,
        period=period,
        totals={table.of: table.total for table in drawn} | _reviews(cases, period),
        tables=drawn,
        times=tuple(_times(cases, period)),
        unknown=tuple(_unknown(drawn)),
        deadlines=tuple(_on_time(cases, period)),
    )


def _of_notified(notified: Sequence[Countable], period: Span) -> Iterator[Table]:
    """The incidents of which the national Panel was notified in the period."""
    quarters = [(one.first.isoformat(), one) for one in period.quarters()]
    sent = [_named(quarters, case.dates[SIN_SENT_ON]) for case in notified]
    yield _table(f"{SIN}.{BY_QUARTER}", SIN, sent)
    yield from _by_answer(SIN, SIN_PEOPLE, notified)


def _by_month(of: str, period: Span, days: Iterable[date]) -> Table:
    named = [(month.first.isoformat(), month) for month in period.months()]
    return _table(f"{of}.{BY_MONTH}", of, [_named(named, day) for day in days])


def _named(parts: Iterable[tuple[str, Span]], day: date) -> str:
    return next(name for name, part in parts if part.holds(day))


def _by_answer(of_cases: str, of_people: str, cases: Sequence[Countable]) -> Iterator[Table]:
    """A table for each count, those of the whole case first.

    Whatever is asked of everybody in a list is counted by person: an age always is.
    """
    names = list(dict.fromkeys(name for case in cases for name in case.counted))
    people = [name for name in names if _is_of_people(name, cases)]
    for name in sorted(names, key=lambda one: one in people):
        texts = [text for case in cases for text in case.counted.get(name, ("",))]
        of = of_people if name in people else of_cases
        yield _table(f"{of_cases}.{name}", of, texts)


def _is_of_people(name: str, cases: Sequence[Countable]) -> bool:
    return name in _PROTECTED or any(len(case.counted.get(name, ("",))) != 1 for case in cases)


def _table(name: str, of: str, texts: Sequence[str]) -> Table:
    """A table of texts, each the codes of one case or person with blanks between them."""
    chosen = [
        sorted({code for code in text.split() if code != UNKNOWN}) or [UNKNOWN] for text in texts
    ]
    counts = Counter(code for codes in chosen for code in codes)
    several = {code for codes in chosen if len(codes) > 1 for code in codes}
    rows = tuple(Row(code, count, code not in several) for code, count in sorted(counts.items()))
    return Table(name, of, len(texts), rows)


def _reviews(cases: Sequence[Countable], period: Span) -> dict[str, Shown]:
    begun = [one for one in cases if one.review_began_on and one.review_began_on <= period.last]
    concluded = sum(period.holds(one.review_ended_on) for one in begun)
    ongoing = sum(one.review_ended_on is None or one.review_ended_on > period.last for one in begun)
    return {CONCLUDED: shown(concluded), ONGOING: shown(ongoing)}


_UNTIL: dict[str, Callable[[Countable], date | None]] = {
    "acknowledged": lambda case: case.dates.get("acknowledged_on"),
    "decided": lambda case: case.decided_on,
    "closed": lambda case: case.closed_on,
}


def _times(cases: Sequence[Countable], period: Span) -> Iterator[Time]:
    """From receipt to what was done in the period."""
    for name, until in _UNTIL.items():
        done = [(case.received_on, until(case)) for case in cases]
        days = [(day - start).days for start, day in done if day is not None and period.holds(day)]
        many = len(days) >= LEAST_IN_A_TABLE
        # A half day is no day that any case took: up, as people round.
        number = shown(len(days)) if many or not days else None
        yield Time(name, number, int(median(days) + 0.5) if many else None)


def _unknown(tables: Iterable[ShownTable]) -> Iterator[Share]:
    """Of how many the answer is missing, by the numbers as they are shown."""
    for name in _PROTECTED:
        table = next((one for one in tables if one.name == f"{RECEIVED}.{name}"), None)
        if table is not None:
            yield Share(name, _percent(table, UNKNOWN))


def _percent(table: ShownTable, name: str) -> int | None:
    if table.rows is None:
        return None
    found = dict(table.rows).get(name, Shown(0))
    if found.number is None or not table.total.number:
        return None
    return min(100, round(100 * found.number / table.total.number))


def _on_time(cases: Sequence[Countable], period: Span) -> Iterator[OnTime]:
    """Deadlines that fell due in the period, each of its own cases."""
    due: dict[str, list[Duty]] = {}
    for case in cases:
        for duty in case.duties:
            if period.holds(duty.due_on):
                due.setdefault(duty.rule, []).append(duty)
    for rule, duties in sorted(due.items()):
        table = _table(rule, rule, [duty.done for duty in duties])
        (drawn,) = shown_tables([table])
        yield OnTime(duties[-1].label, drawn, _kept(drawn))


def _kept(table: ShownTable) -> int | None:
    if table.rows is None:
        return None
    numbers = {name: count.number for name, count in table.rows}
    given = [numbers.get(name, 0) for name in (ON_TIME, LATE, NOT_DONE)]
    if None in given or not any(given):
        return None
    known = [number or 0 for number in given]
    return round(100 * known[0] / sum(known))
