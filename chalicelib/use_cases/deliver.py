"""Perform one delivery: lease it, do it, record it. At least once, and safe to repeat."""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from chalicelib.referrals import emails
from chalicelib.referrals.calendar_file import deadline_calendar
from chalicelib.referrals.case import Deadline
from chalicelib.referrals.delivery import (
    CONFIRM_WITHIN,
    HEARD_OF,
    LEASE,
    THROTTLED,
    TO_TEAM,
    Delivery,
    Kind,
    State,
    is_escalated,
    mail_tag,
    next_attempt,
    reminder_delivery_id,
)
from chalicelib.referrals.reference import schedule_name
from chalicelib.referrals.reminders import rule_of
from chalicelib.referrals.times import local_date
from chalicelib.use_cases.carry_out_disposal import NotApproved, NotYet, delete_case
from chalicelib.use_cases.chase_deadline import plan_next_chase
from chalicelib.use_cases.ports import (
    MailFailed,
    MailRejected,
    MailThrottled,
    ScheduleFailed,
    Services,
)

# Scheduler refuses a time in the past, and its clock and ours may differ: nearer than this is now.
SCHEDULE_NOTICE = timedelta(minutes=1)
# How often a case may change while its schedules are made before that is left to the next attempt.
_ROUNDS = 3


class Outcome(StrEnum):
    """What came of a delivery: safe to log."""

    SENT = "sent"
    WAITING = "waiting"
    FAILED = "failed"
    CANCELLED = "cancelled"
    SUSPENDED = "suspended"
    NOTHING = "nothing"


class NotWanted(Exception):
    """A reminder's deadline has moved, was closed, or is gone since the reminder was planned."""


class CannotDeliver(Exception):
    """The rows that a delivery needs are not as they must be. `code` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


Value = TypeVar("Value")


def _known(value: Value | None, code: str) -> Value:
    if value is None:
        raise CannotDeliver(code)
    return value


def deliver(deps: Services, delivery_id: str) -> Outcome:
    """Perform a delivery if it is waiting and nobody else is at it.

    Whatever keeps it from being performed is recorded in its row, which says when to try again, or
    that a person must look. Only an error of recording is raised; the lease then runs out and
    reconcile does it again. While sending is suspended, nothing is touched.
    """
    if deps.settings.suspended:
        return Outcome.SUSPENDED
    now = deps.clock.now()
    delivery = deps.outbox.lease(delivery_id, now=now, until=now + LEASE)
    if delivery is None:
        return Outcome.NOTHING
    if delivery.feedback is not None and delivery.feedback.arrived:
        # A worker died, or its answer was lost, after the email had been taken.
        _record_sent(deps, delivery, HEARD_OF)
        return Outcome.SENT
    try:
        message_id = _EFFECTS[delivery.kind](deps, delivery)
    except (NotWanted, NotApproved):
        deps.outbox.mark_cancelled(delivery, now=deps.clock.now())
        return Outcome.CANCELLED
    except NotYet as pause:
        return _paused(deps, delivery, pause.at)
    except (MailRejected, CannotDeliver) as error:
        return _failed(deps, delivery, error.code)
    except MailThrottled as error:
        return _later(deps, delivery, error.code, next_at=deps.clock.now() + THROTTLED)
    except (MailFailed, ScheduleFailed) as error:
        return _later(deps, delivery, error.code)
    except Exception as error:  # one bad row must never hold back the others
        return _later(deps, delivery, type(error).__name__)
    _record_sent(deps, delivery, message_id)
    return Outcome.SENT


def _record_sent(deps: Services, delivery: Delivery, message_id: str) -> None:
    now = deps.clock.now()
    watched = deps.settings.expects_feedback and delivery.kind in TO_TEAM
    confirm_by = now + CONFIRM_WITHIN if watched else None
    deps.outbox.mark_sent(delivery, now=now, message_id=message_id, confirm_by=confirm_by)


def _later(
    deps: Services, delivery: Delivery, code: str, *, next_at: datetime | None = None
) -> Outcome:
    now = deps.clock.now()
    since = delivery.waiting_since or now
    deps.outbox.mark_waiting(
        delivery,
        next_at=next_at or next_attempt(delivery.attempts, now),
        code=code,
        since=since,
        escalated=is_escalated(since, now),
    )
    return Outcome.WAITING


def _paused(deps: Services, delivery: Delivery, until: datetime) -> Outcome:
    """It has not failed: should it fail then, that is counted from then."""
    deps.outbox.mark_waiting(delivery, next_at=until, code="pause", since=until, escalated=False)
    return Outcome.WAITING


def _failed(deps: Services, delivery: Delivery, code: str) -> Outcome:
    deps.outbox.mark_failed(delivery, now=deps.clock.now(), code=code)
    return Outcome.FAILED


def _send_team_email(deps: Services, delivery: Delivery) -> str:
    message = emails.team_email(
        deps.partnership,
        to=_team(deps, delivery.stream),
        reference=delivery.reference,
        stream=delivery.stream,
        received_at=_known(delivery.at, "no_received_time"),
        next_due=delivery.due_on,
        sign_in_url=deps.settings.staff_url,
    )
    return deps.mailer.send(message, delivery_id=mail_tag(delivery.id))


def _send_added(deps: Services, delivery: Delivery) -> str:
    message = emails.added_email(
        deps.partnership,
        to=_team(deps, delivery.stream),
        reference=delivery.reference,
        stream=delivery.stream,
        added_at=_known(delivery.at, "no_added_time"),
        sign_in_url=deps.settings.staff_url,
    )
    return deps.mailer.send(message, delivery_id=mail_tag(delivery.id))


def _send_receipt(deps: Services, delivery: Delivery) -> str:
    referral = _known(deps.referrals.find(delivery.reference), "no_referral")
    address = referral.answer("referrer_email")
    if not isinstance(address, str):
        raise CannotDeliver("no_address")
    message = emails.receipt_email(
        deps.partnership,
        to=(address,),
        reference=referral.reference,
        stream=referral.stream,
        received_at=referral.received_at,
        answer_url=f"{deps.settings.public_url}{emails.ANSWER_PAGE}",
    )
    return deps.mailer.send(message, delivery_id=mail_tag(delivery.id))


def _send_reminder(deps: Services, delivery: Delivery) -> str:
    deadline = _deadline_of(deps, delivery)
    label = _label(deps, delivery, deadline)
    now = deps.clock.now()
    # Before the email: whatever becomes of this reminder, the next one is there.
    plan_next_chase(deps, delivery)
    message = emails.reminder_email(
        deps.partnership,
        to=_team(deps, delivery.stream),
        reference=delivery.reference,
        label=label,
        due_on=deadline.due_on,
        act_by=deadline.act_by,
        today=local_date(now),
        sign_in_url=deps.settings.staff_url,
        prompt=deadline.kind == "prompt",
        calendar_file=deadline_calendar(
            deps.partnership,
            reference=delivery.reference,
            rule=deadline.rule,
            label=label,
            due_on=deadline.due_on,
            act_by=deadline.act_by,
            made_at=now,
            sign_in_url=deps.settings.staff_url,
        ),
    )
    return deps.mailer.send(message, delivery_id=mail_tag(delivery.id))


def _deadline_of(deps: Services, delivery: Delivery) -> Deadline:
    """The deadline as it is now. Raises `NotWanted` unless it is as the reminder tells it."""
    case = _known(deps.cases.find(delivery.reference), "no_case")
    deadline = case.deadline(rule_of(_known(delivery.reminder, "no_reminder")))
    if deadline is None or not deadline.is_open or deadline.due_on != delivery.due_on:
        raise NotWanted
    return deadline


def _label(deps: Services, delivery: Delivery, deadline: Deadline) -> str:
    """What the rule calls it now; a rule that has gone left its words with the reminder."""
    rules = [rule for rule in deps.partnership.deadlines if rule.id == deadline.rule]
    return rules[0].told_as if rules else _known(delivery.label, "no_label")


def _make_schedules(deps: Services, delivery: Delivery) -> str:
    """Make the schedules of a case what its reminders say; send now what is already due.

    Reads again afterwards: when the case has changed meanwhile, whichever of two workers comes last
    leaves the schedules right. Raises `ScheduleFailed`.
    """
    for _ in range(_ROUNDS):
        reminders = _reminders(deps, delivery)
        for reminder in reminders:
            _follow(deps, reminder)
        if _wanted(_reminders(deps, delivery)) == _wanted(reminders):
            return "schedules made"
    raise ScheduleFailed("case_keeps_changing")


def _reminders(deps: Services, delivery: Delivery) -> tuple[Delivery, ...]:
    """The one that the delivery names, or all of the case."""
    if delivery.reminder is None:
        return deps.cases.reminders(delivery.reference)
    row = deps.outbox.find(reminder_delivery_id(delivery.reference, delivery.reminder))
    return () if row is None else (row,)


def _follow(deps: Services, reminder: Delivery) -> None:
    name = _schedule_name(reminder)
    at = _known(reminder.at, "no_reminder_time")
    if reminder.state is State.CANCELLED:
        deps.schedules.remove(name)
        # Kept until its time: a worker that died may have made the schedule again meanwhile.
        if at <= deps.clock.now():
            deps.cases.forget_cancelled(reminder.id)
    elif reminder.state is State.PENDING and reminder.attempts == 0:
        if at <= deps.clock.now() + SCHEDULE_NOTICE:
            deliver(deps, reminder.id)
            return
        which = _known(reminder.reminder, "no_reminder")
        deps.schedules.put(name, at=at, reference=reminder.reference, reminder=which)


def _wanted(reminders: tuple[Delivery, ...]) -> frozenset[str]:
    """The reminders that need a schedule: to be made, or to be kept."""
    return frozenset(row.id for row in reminders if row.state is not State.CANCELLED)


def _schedule_name(delivery: Delivery) -> str:
    return schedule_name(delivery.reference, _known(delivery.reminder, "no_reminder"))


def _team(deps: Services, stream: str) -> tuple[str, ...]:
    addresses = deps.settings.team_mailbox(stream) or deps.partnership.mail.team.get(stream, ())
    if not addresses:
        raise CannotDeliver("no_team_mailbox")
    return addresses


_EFFECTS: dict[Kind, Callable[[Services, Delivery], str]] = {
    Kind.TEAM_EMAIL: _send_team_email,
    Kind.RECEIPT_EMAIL: _send_receipt,
    Kind.REMINDER_EMAIL: _send_reminder,
    Kind.ADDED_EMAIL: _send_added,
    Kind.SCHEDULES: _make_schedules,
    Kind.DISPOSAL: delete_case,
}
