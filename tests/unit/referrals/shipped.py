"""The catalogue of the field's deadlines, as rules that the two partnerships ship."""

from datetime import date
from typing import NamedTuple

import pytest

from chalicelib.referrals.case import Case, Deadline, KnownDate
from chalicelib.referrals.deadlines import compute
from chalicelib.referrals.partnership import DeadlineRule, Partnership, load_partnership
from chalicelib.referrals.times import MORNING, london_to_utc
from chalicelib.referrals.working_days import england_and_wales
from tests.unit.referrals.conftest import FORMS

CALENDAR = england_and_wales()
SUFFOLK = load_partnership(FORMS, "suffolk")
SALFORD = load_partnership(FORMS, "salford")
BOTH = pytest.mark.parametrize("partnership", [SUFFOLK, SALFORD], ids=["suffolk", "salford"])


class Shipped(NamedTuple):
    """A rule as the catalogue of deadlines has it. `met_by` is how it is met by being recorded."""

    code: str
    rule: str
    trigger: str
    length: int
    unit: str
    status: str
    responsible: str
    met_by: str
    leads: tuple[str, ...] = ()


NOTICE = ("3 working days", "1 working day", "0 working days")
ADULT = [
    Shipped("A2", "acknowledge", "received", 2, "working_days", "local", "business unit",
            "acknowledged_on", ("1 working day", "0 working days")),
    Shipped("A3", "agency-returns", "scoping_requested_on", 10, "working_days", "local",
            "each agency", "agency_returns_in_on",
            ("5 working days", "2 working days", "0 working days")),
    Shipped("A4", "panel-considers", "received", 20, "working_days", "local", "panel chair",
            "recommended_on", ("10 working days", "5 working days")),
    Shipped("A5", "chair-decides", "recommended_on", 5, "working_days", "local",
            "Independent Chair", "decided_on", ("2 working days",)),
    Shipped("A6", "tell-referrer", "decided_on", 5, "working_days", "local", "business manager",
            "referrer_told_on", ("2 working days",)),
    Shipped("A7", "sar-complete", "sar_initiated_on", 6, "months", "national",
            "Safeguarding Adults Board", "sar_completed_on", ("3 months", "2 months", "1 month")),
    Shipped("A8", "annual-report", "year_end", 6, "months", "statutory",
            "Safeguarding Adults Board", "", ("5 months", "3 months")),
]  # fmt: skip
LOCAL = [
    Shipped("C1", "local-referral", "incident_on", 5, "calendar_days", "local", "any agency",
            "received"),
    Shipped("C1", "local-referral-working-days", "incident_on", 5, "working_days", "local",
            "any agency", "received"),
]  # fmt: skip
CHILD = [
    Shipped("C2", "panel-notification", "la_aware_on", 5, "working_days", "statutory",
            "local authority", "sin_sent_on", NOTICE),
    Shipped("C3", "national-notice-c3", "la_aware_on", 5, "working_days", "statutory",
            "local authority", "looked_after_notice_sent_on", NOTICE),
    Shipped("C4", "national-notice-c4", "la_aware_on", 5, "working_days", "national",
            "local authority", "care_leaver_notice_sent_on", NOTICE),
    Shipped("C5", "partners-decide", "received", 1, "working_days", "local",
            "safeguarding partners", "notifiable_decided_on", ("0 working days",)),
    Shipped("C6", "rapid-review-summaries", "rapid_review_started_on", 10, "working_days", "local",
            "each agency", "rapid_review_summaries_in_on",
            ("10 working days", "3 working days", "1 working day")),
    Shipped("C7", "rapid-review-meeting", "rapid_review_started_on", 12, "working_days", "local",
            "panel chair", "rapid_review_met_on", ("7 working days", "3 working days")),
    Shipped("C8", "rapid-review-sign-off", "rapid_review_started_on", 15, "working_days", "local",
            "safeguarding partners", "rapid_review_signed_off_on",
            ("4 working days", "2 working days", "1 working day")),
    Shipped("C9", "rapid-review", "sin_sent_on", 15, "working_days", "national",
            "safeguarding partners", "rapid_review_sent_on",
            ("10 working days", "5 working days", "2 working days", "0 working days")),
    Shipped("C9", "rapid-review-cautious", "la_aware_on", 15, "working_days", "national",
            "safeguarding partners", "rapid_review_sent_on"),
    Shipped("C10", "panel-reply", "rapid_review_sent_on", 15, "working_days", "local",
            "national Panel", "panel_replied_on", ("0 working days",)),
    Shipped("C11", "lcspr-complete", "lcspr_decided_on", 6, "months", "national",
            "safeguarding partners", "lcspr_published_on",
            ("3 months", "2 months", "1 month", "2 weeks")),
    Shipped("C12", "lcspr-report-to-panel", "publication_planned_on", 7, "working_days",
            "statutory", "safeguarding partners", "report_sent_to_panel_on",
            ("8 working days", "3 working days", "1 working day")),
    Shipped("C13", "lcspr-delay", "lcspr_decided_on", 5, "months", "national",
            "safeguarding partners", "panel_told_of_delay_on", ("0 working days",)),
    Shipped("C14", "lcspr-progress", "lcspr_decided_on", 1, "months", "statutory",
            "safeguarding partners", "lcspr_published_on", ("0 working days",)),
    Shipped("C15", "other-process-notice", "died_on", 2, "calendar_days", "local",
            "agency that learned of it", "cdop_told_on", ("2 calendar days",)),
    Shipped("C16", "provider-notice", "incident_on", 14, "calendar_days", "statutory",
            "registered provider", "provider_told_ofsted_on"),
]  # fmt: skip
ACKNOWLEDGE = ADULT[0]
CATALOGUE = {"suffolk": [*ADULT, *CHILD], "salford": [ACKNOWLEDGE, *LOCAL, *CHILD]}
EVERY = [
    pytest.param(partnership, shipped, id=f"{partnership.id}-{shipped.rule}")
    for partnership in (SUFFOLK, SALFORD)
    for shipped in CATALOGUE[partnership.id]
]


def rule_of(partnership: Partnership, name: str) -> DeadlineRule:
    (rule,) = [rule for rule in partnership.deadlines if rule.id == name]
    return rule


def deadline(rule: DeadlineRule, on: date, **also: date) -> Deadline:
    """The deadline of a rule whose trigger was on a day, its condition held."""
    known = {name: KnownDate(day) for name, day in {rule.trigger: on, **also}.items()}
    received_at = london_to_utc(on, MORNING)
    case = Case("SUF-BBBB-BBBB", "child", received_at, answered=known, facts=rule.when)
    (computed,) = compute([rule], case, CALENDAR)
    return computed
