"""What becomes of a case when the referrer is asked for information, and answers: pure.

Each raises `NotAllowed` when the person may not, and `NotPossible` when nobody could.
"""

from dataclasses import replace
from datetime import date, timedelta

from chalicelib.referrals.case_change import Actor, NotPossible, ensure_told
from chalicelib.referrals.case_steps import carried_on, ensure_may, ensure_open, roomy
from chalicelib.referrals.case_work import CaseWork, Stage
from chalicelib.referrals.information import (
    LONGEST_QUESTION,
    LONGEST_WAIT,
    WORKS_ON,
    Addition,
    EndedRequest,
    Ending,
    InformationRequest,
    is_readable,
)
from chalicelib.referrals.staff import NotAllowed, Right
from chalicelib.referrals.times import local_date

# A code can be taken back however much text a case holds: so many may be out at once.
MOST_OPEN = 20


def asked(
    work: CaseWork,
    request: str,
    code: str,
    question: str,
    answer_by: date,
    actor: Actor,
    *,
    by_email: bool,
) -> CaseWork:
    """A question is asked of the referrer; the case goes on to say so where that is the way.

    `request` is the new one's id, `code` the hash of its code.
    """
    if actor.person is None:
        raise NotAllowed("nobody signed in")
    ensure_may(work, actor.person, Right.WORK_CASES)
    ensure_open(work)
    if asked_as(work, request) is not None:
        raise NotPossible("This has been asked already. Open the case to see it.")
    if sum(one.ended is None for one in work.requests) >= MOST_OPEN:
        raise NotPossible("Many requests have no answer yet. Withdraw one first.")
    _ensure_answerable(question, answer_by, local_date(actor.at))
    new = InformationRequest(
        id=request,
        code=code,
        question=question,
        answer_by=answer_by,
        expires_on=answer_by + WORKS_ON,
        asked_by=actor.person.id,
        name=actor.person.name,
        at=actor.at,
        by_email=by_email,
    )
    work = roomy(replace(work, requests=(*work.requests, new)))
    return carried_on(work, Stage.INFO_REQUESTED, actor.person, actor.at)


def withdrawn(work: CaseWork, request: str, reason: str, actor: Actor) -> CaseWork:
    """A request is answered by nobody any more: its code stops working."""
    if actor.person is None:
        raise NotAllowed("nobody signed in")
    ensure_may(work, actor.person, Right.WORK_CASES)
    ensure_open(work)
    ensure_told(reason)
    if asked_as(work, request) is None:
        raise NotPossible("There is no such request in this case.")
    ended = EndedRequest(Ending.WITHDRAWN, actor.person.name, actor.at, reason=reason)
    return _ended(work, request, ended)


def answered(work: CaseWork, addition: Addition) -> CaseWork:
    """A request has its answer, which is kept beside the case."""
    ended = EndedRequest(Ending.ANSWERED, addition.name, addition.at, added=addition.id)
    return _ended(work, addition.request, ended)


def asked_as(work: CaseWork, request: str) -> InformationRequest | None:
    """The request with this id, ended or not."""
    return next((one for one in work.requests if one.id == request), None)


def _ended(work: CaseWork, request: str, ended: EndedRequest) -> CaseWork:
    known = asked_as(work, request)
    if known is None or known.ended is not None:
        raise NotPossible("This request has been answered or withdrawn already.")
    requests = tuple(
        replace(one, ended=ended) if one.id == request else one for one in work.requests
    )
    return replace(work, requests=requests)


def _ensure_answerable(question: str, answer_by: date, today: date) -> None:
    problems = []
    if not question.strip():
        problems.append(("question", "Enter what you want to ask the referrer"))
    elif len(question) > LONGEST_QUESTION:
        problems.append(
            ("question", f"The question must be {LONGEST_QUESTION:,} characters or fewer")
        )
    elif not is_readable(question):
        problems.append(("question", "The question holds characters that cannot be shown"))
    if answer_by <= today:
        problems.append(("answer_by", "Choose a day after today to answer by"))
    elif answer_by - today > LONGEST_WAIT:
        days = LONGEST_WAIT // timedelta(days=1)
        problems.append(("answer_by", f"Choose a day within the next {days} days"))
    if problems:
        (field, text), *more = problems
        raise NotPossible(text, field, *more)
