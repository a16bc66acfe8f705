"""What the use cases need of the store of cases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from chalicelib.referrals.case import Case
    from chalicelib.referrals.case_change import CaseChange
    from chalicelib.referrals.case_listing import Chosen
    from chalicelib.referrals.delivery import Delivery
    from chalicelib.referrals.information import Addition


class CaseStore(Protocol):
    """Cases, each with its reminders. What it costs to change one depends on that one alone."""

    def find(self, reference: str) -> Case | None:
        """The case as last changed (consistent read)."""

    def reminders(self, reference: str) -> tuple[Delivery, ...]:
        """Every reminder row of a case, cancelled ones among them (consistent read)."""

    def additions(self, reference: str) -> tuple[Addition, ...]:
        """Everything that was added to a referral, in order (consistent read)."""

    def change(self, change: CaseChange) -> None:
        """Store all of a change or nothing.

        Raises `CaseChanged` when the case's version is not that of `before` (or, without one, when
        there is a case), when a reminder to cancel was sent, or when one to add is there and is not
        cancelled; `StoreBusy`.
        """

    def change_all(self, changes: Sequence[CaseChange]) -> None:
        """Store all of several cases' changes, each as `change` does, or nothing of any."""

    def forget_cancelled(self, delivery_id: str) -> None:
        """Remove a reminder's row, if it is still cancelled."""

    def open_cases(self, *, after: str | None, limit: int) -> tuple[Sequence[str], str | None]:
        """A page of references of open cases by next due date, and the cursor of the next page.

        `after` is the cursor that the page before gave, None for the first; the last page gives
        None.
        """

    def listed(
        self, streams: Sequence[str], chosen: Chosen, *, after: str | None, limit: int
    ) -> tuple[Sequence[Case], str | None]:
        """A page of the open cases of some streams, by next due date, and the next page's cursor.

        `after` is a place in that order (`case_listing.place_of`). A case that changed just now may
        be missing from its page. What it costs does not depend on how many there are.
        """

    def received(
        self,
        stream: str,
        since: datetime,
        until: datetime,
        *,
        after: str | None,
        limit: int,
    ) -> tuple[Sequence[Case], str | None]:
        """A page of the cases of a stream received in [since, until), oldest first, closed ones
        too, and the next page's cursor.

        At most 100 at once. One that was received just now may be missing.
        """

    def closed(
        self,
        stream: str,
        outcome: str,
        since: date,
        until: date,
        *,
        after: str | None,
        limit: int,
    ) -> tuple[Sequence[Case], str | None]:
        """A page of the cases of a stream closed with an outcome on a London day in [since, until).

        Those closed longest ago come first. At most 100 at once. A page may be shorter than
        `limit`: one that was reopened just now is left out.
        """

    def rules_in_use(self) -> str | None:
        """The version of the rules that every open case was last brought to."""

    def use_rules(self, version: str) -> None:
        """Record that every open case follows these rules."""
