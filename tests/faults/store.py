"""What a world asks of the table it runs on: in this process, or AWS's DynamoDB Local."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from chalicelib.bootstrap import Services
from chalicelib.referrals.delivery import Delivery, State
from chalicelib.settings import Settings
from tests.faults.calls import Calls

WAITING = (State.PENDING, State.SENDING)


class Store(Protocol):
    """One table, and services on it. What is read here is not counted as a call."""

    def services(self, settings: Settings, calls: Calls) -> Services:
        """A new process's services: mailer, schedules and clock are still to be set."""

    def publish(self) -> None:
        """Hand the records of what was written since to the stream."""

    def tokens(self) -> dict[str, str]:
        """Submission token -> reference."""

    def references(self) -> Sequence[str]:
        """Of every referral that is stored, once for each time."""

    def disposed(self) -> Sequence[str]:
        """References of the cases whose deletion is proven."""

    def deliveries(self) -> Sequence[Delivery]:
        """Every outbox row and every reminder."""

    def next_check(self) -> datetime | None:
        """When reconcile has something to look at; None when it has nothing."""
