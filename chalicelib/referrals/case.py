"""A case: what is known of a referral's dates, what staff settled, and the deadlines that follow.

Deadlines are always computed, never edited: from the partnership's rules, the dates (as answered on
the form, or as staff recorded them since) and what was settled about each duty.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from chalicelib.referrals.case_work import CaseWork

# The date that every clock of a submission may start from, besides those of `[dates]`.
RECEIVED = "received"
# The date that the partnership's own yearly clocks start from: the end of the financial year of
# councils and of the National Health Service.
YEAR_END = "year_end"
YEAR_END_MONTH, YEAR_END_DAY = 3, 31


@dataclass(frozen=True)
class KnownDate:
    """A London date; `estimated` when the person said that it is."""

    on: date
    estimated: bool = False


@dataclass(frozen=True)
class RecordedDate:
    """A date as staff recorded it; `on` is None when they recorded that it is not known."""

    on: date | None
    actor: str
    at: datetime


class Settled(StrEnum):
    """What staff settled about a duty, besides recording the date that meets it."""

    MET = "met"
    CHECKED = "checked"
    WITHDRAWN = "withdrawn"
    NOT_APPLICABLE = "not_applicable"
    IN_FORCE = "in_force"


@dataclass(frozen=True)
class Settlement:
    """`on` is the day it was done.

    Of a deadline that repeats, `met` is the occurrence done then and `occurrence` the next.
    """

    kind: Settled
    on: date
    actor: str
    at: datetime
    reason: str = ""
    occurrence: int = 0
    met: int = 0


@dataclass(frozen=True)
class SupersededDate:
    """A date as it was recorded before another took its place."""

    name: str
    recorded: RecordedDate


@dataclass(frozen=True)
class SupersededSettlement:
    """What was settled about a duty before something else was."""

    act: str
    settlement: Settlement


class DeadlineState(StrEnum):
    """Where a deadline is. Whether an open one is overdue depends on the day it is read."""

    OPEN = "open"
    MET = "met"
    WITHDRAWN = "withdrawn"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True)
class Deadline:
    """A computed deadline, with what explains it even after its rule has changed.

    `due_on` is a London date, `due_at` 23:59 of it as a UTC instant, `act_by` the last working day
    on or before it. `window_on` is when its window opens. `estimated` says that the date it counts
    from was given as an estimate. `closed_on` is the day it was met or settled.
    """

    rule: str
    act: str
    kind: str
    label: str
    trigger: str
    trigger_on: date
    length: int
    unit: str
    counted: str
    due_on: date
    due_at: datetime
    act_by: date
    responsible: str
    status: str
    source: str
    estimated: bool = False
    window_on: date | None = None
    occurrence: int = 0
    state: DeadlineState = DeadlineState.OPEN
    closed_on: date | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.state is DeadlineState.OPEN

    def is_overdue(self, now: datetime) -> bool:
        """Whether the partnership is late: a prompt, which is another's duty, never is."""
        return self.is_open and self.kind == "deadline" and now > self.due_at

    @property
    def met_late(self) -> bool:
        """Whether it was met after its date."""
        met = self.state is DeadlineState.MET
        return met and self.closed_on is not None and self.closed_on > self.due_on


@dataclass(frozen=True)
class Case:
    """The clocks of one referral (or, with a `-YEAR` reference, of the partnership's own year).

    `answered` are the form's dates by name, `facts` the answers that conditions of rules read,
    `settled` is by duty. `rules_version` names the rules and calendar that `deadlines` follow from.
    `version` counts changes; no change is made to a version that has been superseded. `touched` is
    the version that a person made last, so that nobody is stopped by what the service does by
    itself. `emails` are the ids of what was sent when it was received, and when information came.
    `counted` is what the yearly figures count of the answers (`counted.py`).
    """

    reference: str
    stream: str
    received_at: datetime
    answered: Mapping[str, KnownDate] = field(default_factory=dict)
    facts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    recorded: Mapping[str, RecordedDate] = field(default_factory=dict)
    settled: Mapping[str, Settlement] = field(default_factory=dict)
    deadlines: tuple[Deadline, ...] = ()
    rules_version: str = ""
    version: int = 1
    touched: int = 1
    work: CaseWork = field(default_factory=CaseWork)
    emails: tuple[str, ...] = ()
    superseded_dates: tuple[SupersededDate, ...] = ()
    superseded_settlements: tuple[SupersededSettlement, ...] = ()
    counted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def deadline(self, rule: str) -> Deadline | None:
        """The deadline of a rule, if its clock has started."""
        return next((item for item in self.deadlines if item.rule == rule), None)

    def known(self) -> dict[str, KnownDate]:
        """Every date by name: as recorded by staff, else as answered."""
        dates = dict(self.answered)
        for name, recorded in self.recorded.items():
            if recorded.on is None:
                dates.pop(name, None)
            else:
                dates[name] = KnownDate(recorded.on)
        return dates

    def next_due(self) -> datetime | None:
        """When the next of the open deadlines falls (or fell) due."""
        open_ones = (item for item in self.deadlines if item.is_open and item.kind == "deadline")
        return min((item.due_at for item in open_ones), default=None)

    def superseded_by(self, **changes: object) -> "Case":
        """The next version of this case."""
        return replace(self, version=self.version + 1, **changes)  # type: ignore[arg-type]
