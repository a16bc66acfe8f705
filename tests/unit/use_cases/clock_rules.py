"""A few rules of every kind, so that what is tested does not hang on what a partnership ships."""

from dataclasses import replace
from typing import Any

from chalicelib.referrals.case import RECEIVED
from chalicelib.referrals.partnership import DateName, DeadlineRule
from tests.unit.use_cases.instance import Instance, an_instance


def a_rule(
    name: str, trigger: str, length: int, unit: Any, *leads: str, **more: Any
) -> DeadlineRule:
    return DeadlineRule(
        id=name,
        stream="adult",
        label=f"The {name} deadline",
        trigger=trigger,
        length=length,
        unit=unit,
        responsible="team",
        status="local",
        source="a test",
        remind_before=leads,
        **more,
    )


ACKNOWLEDGE = a_rule(
    "acknowledge",
    RECEIVED,
    2,
    "working_days",
    "1 working day",
    "0 working days",
    met_by="acknowledged_on",
)
CONSIDER = a_rule(
    "consider",
    RECEIVED,
    20,
    "working_days",
    "10 working days",
    "5 working days",
    remind_overdue="weekly",
)
REVIEW = a_rule(
    "review",
    "sent_on",
    15,
    "working_days",
    "10 working days",
    "2 working days",
    duty="review",
    met_by="reviewed_on",
    remind_overdue="weekly",
)
CAUTIOUS = a_rule(
    "review-cautious",
    "aware_on",
    15,
    "working_days",
    "0 working days",
    duty="review",
    met_by="reviewed_on",
    remind_overdue="weekly",
)
SHOWN = a_rule("shown", "aware_on", 5, "calendar_days")
COMPLETE = a_rule(
    "complete",
    "decided_on",
    6,
    "months",
    "3 months",
    "1 month",
    "2 weeks",
    remind_overdue="weekly",
)
COPY = a_rule(
    "copy",
    "publish_on",
    7,
    "working_days",
    "3 working days",
    counted="before",
    remind_overdue="never",
)
PROGRESS = a_rule("progress", "decided_on", 1, "months", "0 working days", repeats_months=1)
YEARLY = a_rule(
    "report", "year_end", 6, "months", "3 months", repeats_months=12, scope="partnership"
)
RULES = (ACKNOWLEDGE, CONSIDER, REVIEW, CAUTIOUS, SHOWN, COMPLETE, COPY)
RECORDED = ("acknowledged_on", "sent_on", "aware_on", "reviewed_on", "decided_on", "publish_on")
NAMES = {name: DateName(name, planned=name == "publish_on") for name in RECORDED}


def with_rules(instance: Instance, *rules: DeadlineRule) -> Instance:
    """The instance with only these deadlines in its partnership's file."""
    partnership = replace(instance.services.partnership, deadlines=rules, dates=NAMES)
    return replace(instance, services=replace(instance.services, partnership=partnership))


def ruled_instance(*rules: DeadlineRule) -> Instance:
    return with_rules(an_instance(), *(rules or RULES))
