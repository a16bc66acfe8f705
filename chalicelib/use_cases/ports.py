"""What the use cases need of the outside world, and the errors they understand."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    from chalicelib.forms.definition import Form
    from chalicelib.referrals.delivery import Delivery
    from chalicelib.referrals.draft import Draft
    from chalicelib.referrals.emails import Message
    from chalicelib.referrals.feedback import Feedback
    from chalicelib.referrals.partnership import Partnership
    from chalicelib.referrals.referral import AuditEntry, Referral, Submission, SubmissionToken
    from chalicelib.use_cases.case_port import CaseStore
    from chalicelib.use_cases.disposal_port import Disposals
    from chalicelib.use_cases.sign_in_ports import IdentityProvider, Sessions, SignIns


class DraftChanged(Exception):
    """The draft was saved or sent by another tab since it was read."""


class AlreadySubmitted(Exception):
    """The submission token was used before; `reference` is the referral that it made."""

    def __init__(self, reference: str) -> None:
        super().__init__("already submitted")
        self.reference = reference


class ReferenceTaken(Exception):
    """Another referral has this reference; choose another."""


class CaseChanged(Exception):
    """The case, or one of its reminders, is not as it was read; read it again."""


class StoreBusy(Exception):
    """The store did not confirm the call. Safe to repeat: a token never stores twice."""


class Unreadable(Exception):
    """A row is there, of a shape that this version of the code does not know."""


class MailError(Exception):
    """A message was not accepted. `code` is the mail service's error code, never its message."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class MailRejected(MailError):
    """The message will never be accepted as it is."""


class MailFailed(MailError):
    """The message may be accepted later."""


class MailThrottled(MailFailed):
    """Too many messages now; not an error, only later."""


class ScheduleFailed(Exception):
    """A schedule could not be made now. `code` is the service's error code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Clock(Protocol):
    def now(self) -> datetime:
        """The present instant, aware, in UTC."""


class DraftStore(Protocol):
    def create(self, draft: "Draft") -> None:
        """Store a new draft: one write."""

    def find(self, draft_id: str) -> "Draft | None":
        """The draft as last saved (consistent read); expiry is the caller's to judge."""

    def save(self, draft: "Draft", expected_version: int) -> None:
        """Replace the draft if it has `expected_version` and no reference, else `DraftChanged`."""

    def keep_seal(self, code_hash: str, sealed: bytes, expires_at: datetime) -> None:
        """Store a sealed token under the hash of its resume code."""

    def find_seal(self, code_hash: str) -> tuple[bytes, datetime] | None:
        """The sealed token and when it expires."""


class FormArchive(Protocol):
    def keep(self, form: "Form") -> None:
        """Store the definition of this version, at most once a process; never change it."""

    def find(self, name: str, version: str) -> Mapping[str, Any] | None:
        """The stored definition of a version."""


class ReferralStore(Protocol):
    def submit(self, submission: "Submission") -> None:
        """Store everything of a submission or nothing.

        Raises `AlreadySubmitted` when its token was used, `DraftChanged` when the draft has
        moved on, `ReferenceTaken`, or `StoreBusy`.
        """

    def find(self, reference: str) -> "Referral | None":
        """The referral as received."""

    def find_token(self, token_id: str) -> "SubmissionToken | None":
        """What a submission token was used for (consistent read)."""


class AuditTrail(Protocol):
    """Who did what. Entries are added and read: none is ever changed or removed."""

    def add(self, entry: "AuditEntry") -> None:
        """Store an entry, once however often it is repeated. Raises `StoreBusy`."""

    def of_case(
        self, reference: str, *, after: str | None, limit: int
    ) -> "tuple[Sequence[AuditEntry], str | None]":
        """A page of what concerns a case, newest first, and the next page's cursor."""

    def of_day(
        self, day: date, *, after: str | None, limit: int
    ) -> "tuple[Sequence[AuditEntry], str | None]":
        """A page of everything on a day of UTC, newest first, and the next page's cursor."""


class Outbox(Protocol):
    """Effects that must happen: outbox rows and reminders, which share one state machine."""

    def find(self, delivery_id: str) -> "Delivery | None":
        """The delivery in its present state. Raises `Unreadable`."""

    def lease(self, delivery_id: str, *, now: datetime, until: datetime) -> "Delivery | None":
        """Take the delivery to perform it: state `sending`, one more attempt.

        None when it does not exist, is finished, or another worker's lease has not run out. After
        `MOST_UNRECORDED` attempts it is a person's concern from here on, whatever comes of this
        one.
        """

    def mark_sent(
        self,
        delivery: "Delivery",
        *,
        now: datetime,
        message_id: str,
        confirm_by: datetime | None = None,
    ) -> None:
        """The effect has happened. Does nothing unless this attempt still holds the lease.

        With `confirm_by`, it is among the `unconfirmed` from then on, unless it was heard of.
        """

    def mark_waiting(
        self,
        delivery: "Delivery",
        *,
        next_at: datetime,
        code: str,
        since: datetime,
        escalated: bool,
    ) -> None:
        """The effect failed for now, first at `since`; it is due again at `next_at`.

        An escalated one is a person's concern too. Does nothing unless this attempt holds the
        lease.
        """

    def mark_cancelled(self, delivery: "Delivery", *, now: datetime) -> None:
        """The effect is no longer wanted. Does nothing unless this attempt holds the lease."""

    def mark_failed(self, delivery: "Delivery", *, now: datetime, code: str) -> None:
        """The effect will not be tried again; a person must look."""

    def due(self, *, now: datetime, limit: int) -> Sequence[str]:
        """Ids of deliveries whose time to be put right has come, oldest first."""

    def needs_person(self, *, limit: int) -> Sequence[str]:
        """Ids of deliveries that a person must look at: failed, or escalated and still tried.

        Receipts that were refused are not among them, and nothing that was dismissed.
        """

    def failed_receipts(self, *, limit: int) -> Sequence[str]:
        """Ids of receipts that were refused for good and not dismissed: nothing else is lost."""

    def waiting(self, *, limit: int) -> Sequence[str]:
        """Ids of all deliveries that are still to be performed, by when they are looked at."""

    def mark_lost(self, delivery_id: str, *, now: datetime, code: str) -> bool:
        """An email to the team will never arrive; a person must look. Whether it was not known.

        It need not be recorded as handed over: the answer may have been lost on the way.
        """

    def rearm(self, delivery_id: str, *, now: datetime) -> bool:
        """Have a failed delivery, or a silent email, tried again from now on; whether it was so.

        What was heard of the attempt before is forgotten.
        """

    def dismiss(self, delivery_id: str, *, audit: "AuditEntry") -> bool:
        """Tell no more of a delivery that failed, or of which nothing was heard; whether it was so.

        The audit row is stored with it, or neither is.
        """

    def assume_sent(self, delivery_id: str, *, now: datetime) -> bool:
        """Take a waiting delivery as sent without sending it; whether it was waiting."""

    def hear(self, delivery_id: str, feedback: "Feedback", *, now: datetime) -> "Delivery | None":
        """Record what became of an email, if that ranks above what was heard before.

        The delivery as it is now; None when nothing changed, or there is no such delivery. One that
        settles it leaves the `unconfirmed`.
        """

    def unconfirmed(self, *, now: datetime, limit: int) -> Sequence[str]:
        """Ids of emails of which nothing was heard by the time it should have been.

        Those of which that was not told yet come first.
        """

    def newly_silent(self, *, now: datetime, limit: int) -> Sequence[str]:
        """Those of the `unconfirmed` of which that was not recorded yet."""


class Mailboxes(Protocol):
    """Whether the team's mailbox of a stream takes email."""

    def lost(self, stream: str, *, at: datetime, by: str = "") -> bool:
        """Record that it takes none; True when that is news.

        It stays news to the delivery that it was learned `by`, so an attempt that failed after this
        can be made again.
        """

    def found(self, stream: str, *, at: datetime) -> bool:
        """Record that an email arrived; True when it was lost before, and not since `at`."""


class Mailer(Protocol):
    def send(self, message: "Message", *, delivery_id: str) -> str:
        """Hand over one message and give its message id.

        Raises `MailRejected`, `MailThrottled` or `MailFailed`.
        """


class ReminderSchedules(Protocol):
    def put(self, name: str, *, at: datetime, reference: str, reminder: str) -> None:
        """Make or replace the one-time schedule of a reminder; raises `ScheduleFailed`."""

    def remove(self, name: str) -> None:
        """Remove a schedule if there is one; raises `ScheduleFailed`."""

    def names(self) -> Sequence[str]:
        """The names of all schedules of this instance; raises `ScheduleFailed`."""


class DeliverySettings(Protocol):
    """The settings that use cases read."""

    @property
    def public_url(self) -> str: ...
    @property
    def staff_url(self) -> str: ...
    @property
    def forms_dir(self) -> "Path": ...
    @property
    def suspended(self) -> bool: ...
    @property
    def expects_feedback(self) -> bool: ...
    @property
    def staff_idle_minutes(self) -> int: ...
    @property
    def staff_session_hours(self) -> int: ...
    def team_mailbox(self, stream: str) -> tuple[str, ...]: ...


class Services(Protocol):
    """What every use case is given as `deps`."""

    @property
    def settings(self) -> DeliverySettings: ...
    @property
    def partnership(self) -> "Partnership": ...
    @property
    def forms(self) -> "Mapping[str, Form]": ...
    @property
    def drafts(self) -> DraftStore: ...
    @property
    def archive(self) -> FormArchive: ...
    @property
    def referrals(self) -> ReferralStore: ...
    @property
    def cases(self) -> "CaseStore": ...
    @property
    def disposals(self) -> "Disposals": ...
    @property
    def audit(self) -> AuditTrail: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def mailboxes(self) -> Mailboxes: ...
    @property
    def mailer(self) -> Mailer: ...
    @property
    def schedules(self) -> ReminderSchedules: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def sessions(self) -> "Sessions": ...
    @property
    def sign_ins(self) -> "SignIns": ...
    @property
    def identity(self) -> "IdentityProvider | None": ...
