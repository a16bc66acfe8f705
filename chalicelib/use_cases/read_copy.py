"""The referrer's printable copy."""

from datetime import timedelta

from chalicelib.referrals.draft import Draft
from chalicelib.referrals.referral import Referral
from chalicelib.use_cases.ports import Services

COPY_TIME = timedelta(hours=1)


def copy_of(deps: Services, draft: Draft) -> Referral | None:
    """The referral that a draft became: one read. None before submission, and an hour after it.

    Only the browser that sent it holds the draft's token; the hour keeps a shared computer safe.
    """
    if draft.reference is None or draft.submitted_at is None:
        return None
    if deps.clock.now() >= draft.submitted_at + COPY_TIME:
        return None
    return deps.referrals.find(draft.reference)
