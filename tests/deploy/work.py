"""All the work that each function does, done with its role's rights. Raises when some is not."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from chalicelib.events import put_right
from chalicelib.referrals.feedback import Feedback
from chalicelib.referrals.staff import Person
from chalicelib.referrals.staff import Role as StaffRole
from chalicelib.referrals.times import local_date
from chalicelib.use_cases.audit import trail_of_case
from chalicelib.use_cases.deliver import Outcome, deliver
from chalicelib.use_cases.hear_back import Heard, MailEvent, hear_back
from chalicelib.use_cases.list_cases import list_cases
from chalicelib.use_cases.record_date import record_date
from chalicelib.use_cases.remind import remind
from tests.deploy.instances import DeployedInstance
from tests.deploy.roles import Role
from tests.unit.web.conftest import minimum
from tests.visitor import Visitor

# By then every first deadline of a referral made now is late, and the schedules are compared.
LATER = (datetime.now(UTC) + timedelta(days=60)).replace(hour=3, minute=5)
CODE = re.compile(r"\b[0-9A-Z]{5}(?:-[0-9A-Z]{5}){3}\b")
STAFF = Person("p-1", "A Person", frozenset(StaffRole))
Referral = Callable[[], str]


class NotDone(Exception):
    """Some of the work was not done."""


def serve_pages(role: Role, _: Referral) -> None:
    """A draft is begun, saved with its code by email, opened again elsewhere, and sent; staff find
    it in their list."""
    visitor = Visitor(role.services)
    visitor.get("/child")
    visitor.post("/child", {})
    visitor.go_on("who-you-are", minimum("child"))
    visitor.get("/child/save")
    page = visitor.fill(email="somebody@elsewhere.test", safe_to_email="yes")
    code = CODE.search(page.text)
    require(code is not None and "could not" not in page.text)
    elsewhere = Visitor(role.services)
    elsewhere.get("/resume")
    elsewhere.fill(code=code.group() if code else "")
    elsewhere.go_on("check-answers", minimum("child"))
    require(elsewhere.fill().path.endswith("/confirmation"))
    listed = list_cases(role.services, STAFF).rows
    require(bool(listed) and trail_of_case(role.services, listed[0].reference, STAFF) is not None)


def follow_stream(role: Role, referral: Referral) -> None:
    """Emails and schedules of a new referral; then its schedules as its dates change and pass."""
    role.clock.at = None
    reference = referral()
    deliver_all(role, reference)
    move_deadlines(role.instance, reference)
    deliver_all(role, reference)
    move_deadlines(role.instance, reference, weeks=2)
    role.clock.at = LATER
    deliver_all(role, reference)
    require_followed(role.instance, reference)


def remind_of_all(role: Role, referral: Referral) -> None:
    """Every reminder of a referral, long after its time: the last plans the one after it."""
    reference = referral()
    role.clock.at = LATER
    names = [row["sk"]["S"].removeprefix("REMINDER#") for row in reminders(role, reference)]
    outcomes = {remind(role.services, reference, name) for name in names}
    require(outcomes == {Outcome.SENT})
    require(len(reminders(role, reference)) > len(names))


def put_all_right(role: Role, referral: Referral) -> None:
    """Nothing of a referral was ever done; then its dates change, and time passes."""
    reference = referral()
    role.clock.at = datetime.now(UTC) + timedelta(hours=2)
    put_right_without_fault(role)
    move_deadlines(role.instance, reference)
    put_right_without_fault(role)
    move_deadlines(role.instance, reference, weeks=2)
    role.clock.at = LATER
    require("made" in put_right_without_fault(role))
    require_followed(role.instance, reference)


def hear_of_email(role: Role, referral: Referral) -> None:
    """The team's email is lost, and with it the mailbox."""
    reference = referral()
    (row,) = role.instance.rows(reference=reference, kind="team_email")
    delivery = row["pk"]["S"].removeprefix("OUTBOX#")
    event = MailEvent(delivery, Feedback.BOUNCED, datetime.now(UTC))
    require(hear_back(role.services, event) in (Heard.RECORDED, Heard.MAILBOX_LOST))
    event = MailEvent(delivery, Feedback.REJECTED, datetime.now(UTC))
    hear_back(role.services, event)


WORK: Mapping[str, Callable[[Role, Referral], None]] = {
    "ApiHandlerRole": serve_pages,
    "DeliverRole": follow_stream,
    "RemindRole": remind_of_all,
    "ReconcileRole": put_all_right,
    "HearRole": hear_of_email,
}


def require(done: bool) -> None:
    if not done:
        raise NotDone


def deliver_all(role: Role, reference: str) -> None:
    """What the stream would hand over of a referral."""
    waiting = role.instance.rows(reference=reference, sk="OUTBOX", state="pending")
    for row in waiting:
        deliver(role.services, row["pk"]["S"].removeprefix("OUTBOX#"))
    require_no_failure(role.instance, reference)


def put_right_without_fault(role: Role) -> Mapping[str, int]:
    counts = put_right(role.services)
    require(not counts["raised"] and not counts["waiting"] and "recomputed" in counts)
    return counts


def require_no_failure(instance: DeployedInstance, reference: str) -> None:
    require(not [row for row in instance.rows(reference=reference) if "code" in row])


def require_followed(instance: DeployedInstance, reference: str) -> None:
    """Nothing is left of what was called off, and what is late is chased."""
    require_no_failure(instance, reference)
    require(not instance.rows(reference=reference, state="cancelled"))


def reminders(role: Role, reference: str) -> list[dict[str, dict[str, str]]]:
    return role.instance.rows(reference=reference, kind="reminder_email")


def move_deadlines(instance: DeployedInstance, reference: str, *, weeks: int = 1) -> None:
    """Records that a date of a case was so many weeks ago, with an operator's rights."""
    on = local_date(datetime.now(UTC)) - timedelta(weeks=weeks)
    record_date(instance.operator(), reference, "sin_sent_on", on, "test")
