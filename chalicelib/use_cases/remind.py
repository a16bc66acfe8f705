"""Send a reminder: what a schedule starts."""

from chalicelib.referrals.delivery import reminder_delivery_id
from chalicelib.use_cases.deliver import Outcome, deliver
from chalicelib.use_cases.ports import Services


def remind(deps: Services, reference: str, reminder: str) -> Outcome:
    """Send one reminder of a referral, unless it was sent before. Safe to call twice."""
    return deliver(deps, reminder_delivery_id(reference, reminder))
