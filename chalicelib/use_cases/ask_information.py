"""Ask the referrer for information: a question, and a code that opens it. Or ask no more."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from chalicelib.referrals import information_steps
from chalicelib.referrals.case import Case
from chalicelib.referrals.case_change import NotPossible
from chalicelib.referrals.clocks import Clocks
from chalicelib.referrals.emails import ANSWER_PAGE, information_email
from chalicelib.referrals.information import InformationRequest, hash_of
from chalicelib.referrals.referral import Referral
from chalicelib.referrals.staff import NotAllowed, Person
from chalicelib.use_cases.audit import note
from chalicelib.use_cases.change_case import Transition, acting, change_case, opened
from chalicelib.use_cases.compose_submission import may_email
from chalicelib.use_cases.ports import CaseChanged, MailError, Services
from chalicelib.use_cases.work_on_case import typed

# A form that comes twice by one press shows the same code for so long, and never after.
ONE_PRESS = timedelta(minutes=2)


@dataclass(frozen=True)
class Asking:
    """What is asked. `request` is the new request's id; `code` is as it is shown."""

    request: str
    code: str
    question: str
    answer_by: date
    by_email: bool = False


@dataclass(frozen=True)
class Asked:
    """A request as it is stored. `emailed` is whether the code was taken to be emailed.

    It is None when it was not to be.
    """

    request: InformationRequest
    emailed: bool | None


def ask_information(
    deps: Services, reference: str, asking: Asking, person: Person, expected_version: int
) -> Asked:
    """Store the request; then email its code if that was chosen. The code itself is not stored.

    Safe to repeat: the same request is asked once, and answered alike for `ONE_PRESS`. Raises as
    `change_case` does.
    """
    who, referral = acting(deps, person), _referral(deps, reference, person)
    if asking.by_email and not may_email(referral):
        text = "There is no address that we may email. Choose to tell them the code."
        raise NotPossible(text, "how")
    question, hashed = typed(asking.question), hash_of(asking.code)

    def asked(case: Case, _: Clocks) -> Case:
        work = information_steps.asked(
            case.work,
            asking.request,
            hashed,
            question,
            asking.answer_by,
            who,
            by_email=asking.by_email,
        )
        return replace(case, work=work)

    case = _once(deps, reference, asking, person, asked, expected_version)
    request = information_steps.asked_as(case.work, asking.request)
    if request is None:
        raise CaseChanged
    return Asked(request, _emailed(deps, referral, asking, person) if request.by_email else None)


def withdraw_request(
    deps: Services,
    reference: str,
    request: str,
    reason: str,
    person: Person,
    expected_version: int,
) -> Case:
    """The referrer need not answer any more: the code stops working. Raises as `change_case`."""
    who = acting(deps, person)

    def withdrawn(case: Case, _: Clocks) -> Case:
        work = information_steps.withdrawn(case.work, request, typed(reason), who)
        return replace(case, work=work)

    details = {"request": request, "changed": "requests, reason"}
    action = "withdrew a request for information"
    return change_case(deps, reference, who, action, withdrawn, details, expected_version)


def may_email_referrer(deps: Services, reference: str) -> bool:
    """Whether the referrer gave an address that may be used."""
    referral = deps.referrals.find(reference)
    return referral is not None and may_email(referral)


def _referral(deps: Services, reference: str, person: Person) -> Referral:
    # Whoever may not open the case learns nothing of how its referrer can be reached.
    case = deps.cases.find(reference)
    opened(deps, case, reference, person, "asked the referrer for information")
    referral = deps.referrals.find(reference)
    if referral is None:
        raise NotAllowed("no such case")
    return referral


def _once(
    deps: Services,
    reference: str,
    asking: Asking,
    person: Person,
    asked: Transition,
    expected_version: int,
) -> Case:
    who = acting(deps, person)
    action = "asked the referrer for information"
    details = {
        "request": asking.request,
        "answer_by": asking.answer_by.isoformat(),
        "code": "to be emailed" if asking.by_email else "to be told",
    }
    try:
        return change_case(deps, reference, who, action, asked, details, expected_version)
    except CaseChanged:
        case = opened(deps, deps.cases.find(reference), reference, person, action)
        known = information_steps.asked_as(case.work, asking.request)
        if known is None or not _is_same_press(known, asking, person, who.at):
            raise
        note(deps, person, "was shown a code again", reference, {"request": known.id})
        return case


def _is_same_press(
    known: InformationRequest, asking: Asking, person: Person, now: datetime
) -> bool:
    same = (known.asked_by, known.code) == (person.id, hash_of(asking.code))
    return same and known.ended is None and now - known.at < ONE_PRESS


def _emailed(deps: Services, referral: Referral, asking: Asking, person: Person) -> bool:
    """Whether the mail service took it; while sending is suspended it is not asked to.

    Nothing of it is kept but that.
    """
    message = information_email(
        deps.partnership,
        to=(str(referral.answer("referrer_email")),),
        reference=referral.reference,
        stream=referral.stream,
        code=asking.code,
        answer_url=f"{deps.settings.public_url}{ANSWER_PAGE}",
    )
    try:
        sent = not deps.settings.suspended
        if sent:
            deps.mailer.send(message, delivery_id="information-code")
    except MailError:
        sent = False
    details = {"request": asking.request, "sent": "yes" if sent else "no"}
    note(deps, person, "emailed a code", referral.reference, details)
    return sent
