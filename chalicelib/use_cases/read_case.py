"""Open a case: what was sent, what became of it, what was emailed. Each opening is audited."""

from dataclasses import dataclass

from chalicelib.referrals.case import Case
from chalicelib.referrals.delivery import Delivery
from chalicelib.referrals.information import Addition
from chalicelib.referrals.referral import Referral
from chalicelib.referrals.staff import NotAllowed, Person
from chalicelib.use_cases.audit import note
from chalicelib.use_cases.change_case import opened
from chalicelib.use_cases.ports import Services


@dataclass(frozen=True)
class OpenedCase:
    """`deliveries` are the emails of its receipt and since, then the reminders by their day.

    `additions` are what the referrer added when they were asked, in order.
    """

    case: Case
    referral: Referral
    deliveries: tuple[Delivery, ...]
    additions: tuple[Addition, ...] = ()


def read_case(
    deps: Services, reference: str, person: Person, *, to_print: bool = False
) -> OpenedCase:
    """The case, opened by somebody. Raises `NotAllowed`, also when there is none; `StoreBusy`.

    Nothing is shown whose opening could not be recorded.
    """
    found = look_again(deps, reference, person)
    note(deps, person, "printed a case" if to_print else "opened a case", reference)
    return found


def look_again(deps: Services, reference: str, person: Person) -> OpenedCase:
    """The case that somebody has open already, as it is now. Raises as `read_case` does."""
    case = opened(deps, deps.cases.find(reference), reference, person, "open a case")
    referral = deps.referrals.find(reference)
    if referral is None:
        raise NotAllowed("no such case")
    emails = (deps.outbox.find(one) for one in case.emails)
    reminders = sorted(
        deps.cases.reminders(reference),
        key=lambda row: (row.at is None, row.at or row.check_at, row.id),
    )
    sent = [one for one in emails if one is not None]
    # Only a request is ever answered: without one, nothing is read.
    additions = deps.cases.additions(reference) if case.work.requests else ()
    return OpenedCase(case, referral, (*sent, *reminders), additions)
