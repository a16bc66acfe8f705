"""Ask the referrer for information, show the code once, and withdraw what was asked."""

from __future__ import annotations

import re

from chalicelib.referrals.clocks import Clocks
from chalicelib.referrals.emails import ANSWER_PAGE
from chalicelib.referrals.information import (
    LONGEST_QUESTION,
    LONGEST_WAIT,
    USUAL_WAIT,
    WORKS_ON,
    InformationRequest,
    derived_code,
)
from chalicelib.referrals.information_steps import asked_as
from chalicelib.referrals.times import local_date, say_date
from chalicelib.use_cases.ask_information import (
    Asked,
    Asking,
    ask_information,
    may_email_referrer,
    withdraw_request,
)
from chalicelib.use_cases.compose_submission import random_id
from chalicelib.web.http import Response
from chalicelib.web.staff.case_form import CaseForm, Desk
from chalicelib.web.staff.case_words import STREAMS
from chalicelib.web.staff.drawing import staff_page
from chalicelib.web.staff.fields import (
    Choice,
    Field,
    Posted,
    Wrong,
    boxes_of,
    chosen,
    day,
    line,
    text,
)
from chalicelib.web.staff.stage_forms import REASON, closed_already, reason_of

REQUEST = "request"
TELL, EMAIL = "tell", "email"
_ID = re.compile(r"[0-9a-f]{32}")
_QUESTION = Field(
    "question",
    "area",
    "What do you want to ask?",
    hint="The referrer reads it as you write it. Name nobody whom they did not name, and say "
    f"nothing that they do not know already. Up to {LONGEST_QUESTION:,} characters.",
    rows=6,
)
_ANSWER_BY = Field(
    "answer_by",
    "date",
    "When do you need the answer by?",
    hint=f"Usually {USUAL_WAIT} working days from today. At most {LONGEST_WAIT.days} days. An "
    f"answer is still taken for {WORKS_ON.days} days after it.",
)
_HOW = Field(
    "how",
    "radios",
    "How will they get the code?",
    choices=(
        Choice(TELL, "I will tell them", "By phone, or in another way that is safe for them"),
        Choice(
            EMAIL,
            "Email it to the address they gave",
            "The email holds the reference and the code, and not your question",
        ),
    ),
)


def _may_email(desk: Desk) -> bool:
    return may_email_referrer(desk.services, desk.case.reference)


def _fields(desk: Desk) -> tuple[Field, ...]:
    return (_QUESTION, _ANSWER_BY, _HOW) if _may_email(desk) else (_QUESTION, _ANSWER_BY)


def _lead(desk: Desk) -> tuple[str, ...]:
    how = (
        "The referrer needs the reference and a code to read the question and to answer it. You "
        "are shown the code on the next page, once. What they answer is added to the case: what "
        "they sent first is never changed.",
    )
    if _may_email(desk):
        return how
    return (*how, "They gave no address that we may email, so you tell them the code yourself.")


def _usual(desk: Desk) -> Posted:
    clocks: Clocks = desk.clocks
    today = local_date(desk.services.clock.now())
    return boxes_of(_ANSWER_BY.name, clocks.calendar.add(today, USUAL_WAIT))


def _ask(desk: Desk, posted: Posted, version: int) -> Asked:
    errors: dict[str, str] = {}
    how, answer_by = TELL, None
    try:
        answer_by = day(posted, _ANSWER_BY.name, "the day to answer by")
    except Wrong as wrong:
        errors |= wrong.errors
    try:
        if _may_email(desk):
            how = chosen(posted, _HOW, "Select how they will get the code")
    except Wrong as wrong:
        errors |= wrong.errors
    question = text(posted, _QUESTION.name)
    if not question:
        errors[_QUESTION.name] = "Enter what you want to ask the referrer"
    if errors or answer_by is None:
        raise Wrong(errors)
    request = line(posted, REQUEST)
    if not _ID.fullmatch(request):
        request = random_id()
    asking = Asking(request, _code(desk, request), question, answer_by, by_email=how == EMAIL)
    return ask_information(desk.services, desk.case.reference, asking, desk.person, version)


def _code(desk: Desk, request: str) -> str:
    # Only the pages of this session have what it is made from: it lies nowhere until it is shown.
    return derived_code(desk.request.csrf, request)


def _code_page(desk: Desk, asked: Asked) -> Response:
    case, request = desk.case, asked.request
    return staff_page(
        desk.request,
        desk.services,
        desk.person,
        "staff/code.html",
        title="Give the referrer this code",
        caption=f"{STREAMS.get(case.stream, case.stream)} case {case.reference}",
        reference=case.reference,
        code=_code(desk, request.id),
        emailed=asked.emailed,
        answer_by=say_date(request.answer_by),
        expires=say_date(request.expires_on),
        address=f"{desk.services.settings.public_url}{ANSWER_PAGE}",
        case_href=desk.base,
    )


ASK = CaseForm(
    title=lambda _: "Ask for information",
    lead=_lead,
    button="Ask and show the code",
    done="",
    fields=_fields,
    filled=_usual,
    impossible=closed_already,
    hidden=lambda _: {REQUEST: random_id()},
    carry_out=_ask,
    shows=_code_page,
)


def _request(desk: Desk) -> InformationRequest | None:
    return asked_as(desk.case.work, desk.request.named[REQUEST])


def _asked_before(desk: Desk) -> tuple[str, ...]:
    request = _request(desk)
    if request is None:
        return ()
    return (
        f"Asked by {request.name}, to be answered by {say_date(request.answer_by)}:",
        request.question,
        "The code stops working at once. That it was asked, and your reason, are kept.",
    )


def _withdraw_impossible(desk: Desk) -> str:
    request = _request(desk)
    if request is not None and request.ended is not None:
        return "This request has been answered or withdrawn already."
    return closed_already(desk)


def _withdraw(desk: Desk, posted: Posted, version: int) -> None:
    request, reference = desk.request.named[REQUEST], desk.case.reference
    reason = reason_of(posted)
    withdraw_request(desk.services, reference, request, reason, desk.person, version)


WITHDRAW = CaseForm(
    title=lambda _: "Withdraw a request for information",
    lead=_asked_before,
    button="Withdraw the request",
    warns=True,
    done="request-withdrawn",
    fields=lambda _: (REASON,),
    impossible=_withdraw_impossible,
    exists=lambda desk: _request(desk) is not None,
    carry_out=_withdraw,
)
