"""What stages, outcomes, deadlines and emails are called on staff pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from chalicelib.referrals.case import Deadline, DeadlineState
from chalicelib.referrals.case_links import LinkKind
from chalicelib.referrals.delivery import Delivery, Kind, State
from chalicelib.referrals.explain import plural
from chalicelib.referrals.feedback import Feedback
from chalicelib.referrals.times import local_date, say_date, say_time

STREAMS: Mapping[str, str] = {"adult": "Adult", "child": "Child"}
STAGES: Mapping[str, str] = {
    "submitted": "Received, not acknowledged",
    "acknowledged": "Acknowledged",
    "info_requested": "Information asked for",
    "scoping": "Scoping: agencies asked",
    "panel_listed": "Listed for the panel",
    "recommended": "Recommendation made",
    "decided": "Decided",
    "rapid_review": "Rapid review",
    "partner_decision": "Safeguarding partners decide",
    "review_running": "Review running",
    "report_agreed": "Report agreed",
    "published": "Published",
    "not_published": "Not published",
    "actions_tracking": "Actions being followed",
    "closed": "Closed",
}
OUTCOMES: Mapping[str, str] = {
    "sar_mandatory": "Safeguarding Adults Review, mandatory",
    "sar_discretionary": "Safeguarding Adults Review, discretionary",
    "lcspr": "Local Child Safeguarding Practice Review",
    "lcspr_discretionary": "Local Child Safeguarding Practice Review, discretionary",
    "national_review_requested": "National review asked for",
    "rapid_review_only": "Rapid review only",
    "local_case_review": "Local case review",
    "learning_review": "Learning review",
    "multi_agency_audit": "Multi-agency audit",
    "single_agency_review": "Single-agency review",
    "serious_offence_review": "Serious Offence Review",
    "seriously_good_outcome_review": "Seriously Good Outcome Review",
    "thematic_review": "Thematic review",
    "joint_review_other_process": "Joint review with another process",
    "passed_to_other_area": "Passed to another area",
    "passed_to_other_process": "Passed to another process",
    "live_concern_redirected": "Live concern, redirected",
    "duplicate_merged": "Duplicate of another case",
    "withdrawn_by_referrer": "Withdrawn by the referrer",
    "no_review_reasons_recorded": "No review, with reasons recorded",
}
_KINDS = {
    Kind.TEAM_EMAIL: "Email to the team: a notification has come in",
    Kind.RECEIPT_EMAIL: "Receipt to the referrer",
    Kind.REMINDER_EMAIL: "Reminder to the team",
    Kind.ADDED_EMAIL: "Email to the team: information was added",
    Kind.SCHEDULES: "Reminders planned",
    Kind.DISPOSAL: "Disposal",
}
_LINKS = {
    LinkKind.RELATED: "Related to",
    LinkKind.DUPLICATE_OF: "Duplicate of",
    LinkKind.ALSO_NOTIFIED_AS: "Also notified as",
}
_HEARD = {
    Feedback.DELAYED: "sent, and not there yet: the mail service is still trying",
    Feedback.UNCONFIRMED: "sent, and nothing was heard of it in time",
    Feedback.DELIVERED: "delivered",
    Feedback.COMPLAINED: "delivered, and marked as junk by somebody",
    Feedback.BOUNCED: "not delivered: the mailbox refused it",
    Feedback.SUPPRESSED: "not sent: the mail service keeps the address on its list of dead ones",
    Feedback.REJECTED: "not sent: the mail service refused it",
}


def link_words(kind: LinkKind) -> str:
    return _LINKS[kind]


def stage_words(stage: str) -> str:
    return STAGES.get(stage, stage.replace("_", " "))


def outcome_words(outcome: str | None) -> str:
    return "None yet" if outcome is None else OUTCOMES.get(outcome, outcome.replace("_", " "))


def short_date(day: date) -> str:
    """`Fri 4 Dec 2026`."""
    return f"{day:%a} {day.day} {day:%b} {day.year}"


def days_words(due_on: date, today: date) -> str:
    """`3 days left`, `due today`, `2 days late`: calendar days, as a person counts them."""
    left = (due_on - today).days
    if left == 0:
        return "due today"
    return f"{plural(left, 'day')} left" if left > 0 else f"{plural(-left, 'day')} late"


def deadline_words(deadline: Deadline, now: datetime) -> str:
    """Where a deadline is, in a word or two."""
    if deadline.is_overdue(now):
        return "overdue"
    if deadline.state is DeadlineState.OPEN:
        return "open"
    if deadline.state is DeadlineState.NOT_APPLICABLE:
        return "does not apply"
    return "met late" if deadline.met_late else deadline.state.value


def email_name(delivery: Delivery) -> str:
    return _KINDS[delivery.kind]


def email_words(delivery: Delivery, now: datetime) -> str:
    """What became of an email, in a sentence without its address."""
    match delivery.state:
        case State.SENT:
            heard = _HEARD.get(delivery.feedback) if delivery.feedback else None
            when = f" ({say_time(delivery.done_at)})" if delivery.done_at else ""
            return (heard or "sent, and nothing was heard of it yet") + when
        case State.FAILED:
            lost = _HEARD.get(delivery.feedback) if delivery.feedback else None
            done = "; a person has dealt with it" if delivery.dismissed else "; it needs a person"
            return (lost or "not sent: it was refused") + done
        case State.CANCELLED:
            return "no longer needed, not sent"
        case State.SENDING:
            return "being sent now"
    if delivery.kind is Kind.REMINDER_EMAIL and delivery.at and delivery.at > now:
        return f"to be sent on {say_date(local_date(delivery.at))}"
    return "waiting to be tried again" if delivery.waiting_since else "about to be sent"
