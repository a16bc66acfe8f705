"""What an event of the mail service tells of an email: pure.

SES publishes its events to EventBridge in the shape of
https://docs.aws.amazon.com/ses/latest/dg/monitoring-eventbridge.html. Addresses, subjects and
diagnostic texts in them are never read, only how many addresses there are.
"""

import re
from datetime import UTC, datetime

from chalicelib.referrals.delivery import delivery_id_of
from chalicelib.referrals.feedback import Feedback
from chalicelib.use_cases.hear_back import MailEvent

# What SES takes as a tag's value is wider; this is all that `mail_tag` makes.
_TAG = re.compile(r"[A-Za-z0-9._-]{1,256}")
# The kinds that tell something, each with the place of its own details and time.
_DETAILS = {
    "Delivery": "delivery",
    "DeliveryDelay": "deliveryDelay",
    "Bounce": "bounce",
    "Complaint": "complaint",
    "Reject": "reject",
    "Rendering Failure": "failure",
}
_FEEDBACK = {
    "Delivery": Feedback.DELIVERED,
    "DeliveryDelay": Feedback.DELAYED,
    # A mail server that answers for an absent person is taken for a bounce, and called transient.
    "Bounce": Feedback.DELAYED,
    "Complaint": Feedback.COMPLAINED,
    "Reject": Feedback.REJECTED,
    "Rendering Failure": Feedback.REJECTED,
}
_ON_OUR_LIST = "OnAccountSuppressionList"
_SUPPRESSED = (_ON_OUR_LIST, "Suppressed")


def mail_event(event: object) -> MailEvent | None:
    """The event as the domain knows it; None when it is not of SES or not about one of our emails,
    or tells nothing (sent, opened, clicked), or has not the shape it should have. Never raises."""
    if _at(event, "source") != "aws.ses":
        return None
    kind = _text(event, "detail", "eventType")
    if kind not in _DETAILS:
        return None
    delivery = _delivery(event)
    # A rejection has no time of its own: EventBridge's is some moments later.
    at = _time(event, "detail", _DETAILS[kind], "timestamp") or _time(event, "time")
    if delivery is None or at is None:
        return None
    return MailEvent(
        delivery,
        _feedback(event, kind),
        at,
        whole=_is_whole(event, kind),
        message_id=_text(event, "detail", "mail", "messageId") or None,
    )


def _is_whole(event: object, kind: str) -> bool:
    """Whether as many addresses took the email as it went to. Their number only is read."""
    sent_to = _at(event, "detail", "mail", "destination")
    took = _at(event, "detail", _DETAILS[kind], "recipients")
    if not isinstance(sent_to, list) or not isinstance(took, list):
        return False
    return len(took) >= len(sent_to)


def _delivery(event: object) -> str | None:
    """The delivery that the email was tagged with when it was sent."""
    values = _at(event, "detail", "mail", "tags", "delivery_id")
    tag = values[0] if isinstance(values, list) and len(values) == 1 else None
    if not isinstance(tag, str) or _TAG.fullmatch(tag) is None:
        return None
    return delivery_id_of(tag)


def _feedback(event: object, kind: str) -> Feedback:
    if kind == "Bounce" and _at(event, "detail", "bounce", "bounceType") == "Permanent":
        subtype = _at(event, "detail", "bounce", "bounceSubType")
        return Feedback.SUPPRESSED if subtype in _SUPPRESSED else Feedback.BOUNCED
    subtype = _at(event, "detail", "complaint", "complaintSubType")
    if kind == "Complaint" and subtype == _ON_OUR_LIST:
        return Feedback.SUPPRESSED  # an old complaint kept this email from being sent at all
    return _FEEDBACK[kind]


def _time(event: object, *path: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(_text(event, *path))
        return at.astimezone(UTC) if at.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _text(node: object, *path: str) -> str:
    found = _at(node, *path)
    return found if isinstance(found, str) else ""


def _at(node: object, *path: str) -> object:
    """What lies at a path of an event that may have any shape; None for nothing."""
    for name in path:
        node = node.get(name) if isinstance(node, dict) else None
    return node
