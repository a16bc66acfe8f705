"""Legal holds and approvals to dispose of a case, and the proof that is kept instead of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

# Between the approval and the deletion: so long it can be taken back.
PAUSE = timedelta(hours=24)
# The table's backups reach so far back: until then a restore could bring the case back.
IN_BACKUPS = timedelta(days=35)


@dataclass(frozen=True)
class Ending:
    """Who ended a hold or took an approval back: `by` is their id, `name` their name."""

    reason: str
    by: str
    name: str
    at: datetime


@dataclass(frozen=True)
class Hold:
    """A case must be kept, whatever its rule says: an inquest, an inquiry, a claim."""

    id: str
    reason: str
    by: str
    name: str
    at: datetime
    released: Ending | None = None


@dataclass(frozen=True)
class Approval:
    """Somebody approved that a case is disposed of, by its rule as it was then.

    `version` is that of the case with this approval: it stands for no later one that a person made.
    The id is that of the outbox row which carries it out.
    """

    id: str
    rule: str
    years: int
    source: str
    by: str
    name: str
    at: datetime
    version: int
    taken_back: Ending | None = None

    @property
    def due_at(self) -> datetime:
        """When the case is deleted."""
        return self.at + PAUSE


@dataclass(frozen=True)
class Proof:
    """What is kept of a case that was disposed of. It holds nothing of what was notified.

    `rows` counts what was deleted by kind, once that is known; `done_at` is when a re-read found
    nothing left, None while the deletion runs. `barred` are the ids of who had a conflict of
    interest: the proof is not for them either.
    """

    reference: str
    stream: str
    received_on: date
    closed_on: date
    outcome: str
    rule: str
    years: int
    source: str
    approved_by: str
    approved_name: str
    approved_at: datetime
    begun_at: datetime
    barred: tuple[str, ...] = ()
    rows: Mapping[str, int] = field(default_factory=dict)
    done_at: datetime | None = None

    @property
    def in_backups_until(self) -> datetime | None:
        """When the last backup that may hold the case is gone."""
        return None if self.done_at is None else self.done_at + IN_BACKUPS
