"""In-memory twins of the mail service and of the scheduler."""

from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.referrals.emails import Message


@dataclass
class InMemoryMailer:
    """Keeps what was sent. An entry of `failures` is raised by the next send, first come first."""

    sent: list[tuple[str, Message]] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)

    def send(self, message: Message, *, delivery_id: str) -> str:
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append((delivery_id, message))
        return f"message-{len(self.sent)}"


@dataclass(frozen=True)
class KeptSchedule:
    """A one-time schedule as made."""

    at: datetime
    reference: str
    reminder: str


@dataclass
class InMemorySchedules:
    """Keeps schedules by name; nothing fires by itself."""

    kept: dict[str, KeptSchedule] = field(default_factory=dict)
    failures: list[Exception] = field(default_factory=list)

    def put(self, name: str, *, at: datetime, reference: str, reminder: str) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.kept[name] = KeptSchedule(at, reference, reminder)

    def remove(self, name: str) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.kept.pop(name, None)

    def names(self) -> list[str]:
        if self.failures:
            raise self.failures.pop(0)
        return sorted(self.kept)
