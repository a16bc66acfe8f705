"""The form that a referral was answered with, as its referrer saw it."""

from typing import TYPE_CHECKING

from chalicelib.referrals.referral import Referral
from chalicelib.use_cases.ports import Services

if TYPE_CHECKING:
    from chalicelib.forms.definition import Form


def answered_form(deps: Services, referral: Referral) -> "Form | None":
    """The version that was answered; None when it is not kept any more."""
    from chalicelib.forms.load import form_from_document

    current = deps.forms.get(referral.form)
    if current is not None and current.version == referral.form_version:
        return current
    archived = deps.archive.find(referral.form, referral.form_version)
    return None if archived is None else form_from_document(archived)
