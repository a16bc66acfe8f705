"""The referrer opens a question with its reference and code, and adds an answer: once.

Whoever knows a reference but not its code learns nothing, and that they tried is in the audit
trail.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from chalicelib.referrals.case import Case
from chalicelib.referrals.case_change import Actor, Beside
from chalicelib.referrals.clocks import Clocks, is_yearly
from chalicelib.referrals.delivery import Kind
from chalicelib.referrals.information import (
    Addition,
    InformationRequest,
    RequestState,
    addition_id,
    answer_problems,
    asked_with,
)
from chalicelib.referrals.information_steps import answered
from chalicelib.referrals.reference import read_reference
from chalicelib.referrals.referral import AuditEntry
from chalicelib.referrals.times import local_date
from chalicelib.use_cases.change_case import change_case
from chalicelib.use_cases.compose_submission import outbox_row, random_id
from chalicelib.use_cases.ports import Services

REFERRER = "referrer"
# Whoever has no code may be anybody.
SOMEBODY = "somebody without a code"
ONCE_AN_HOUR = "once or more in this hour"


class CodeRefused(Exception):
    """No question opens with this reference and code: never known, used, withdrawn or too old.

    `why` is for the audit trail, never for a page.
    """

    def __init__(self, why: str) -> None:
        super().__init__("code refused")
        self.why = why


class NotAnswered(Exception):
    """The answer cannot be kept as it is. `problems` are texts by field."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("not answered")
        self.problems = problems


class _AddedBefore(Exception):
    def __init__(self, at: datetime) -> None:
        super().__init__("added before")
        self.at = at


@dataclass(frozen=True)
class Question:
    """What a referrer is asked."""

    reference: str
    stream: str
    question: str
    answer_by: date


@dataclass(frozen=True)
class Added:
    """What was added, and when."""

    reference: str
    stream: str
    at: datetime


def open_question(deps: Services, typed_reference: str, code: str) -> Question:
    """The question that a reference and a code open. Raises `CodeRefused`, `StoreBusy`."""
    case, request = _found(deps, typed_reference, code)
    _usable(deps, case, request)
    entry = _entry(deps, case.reference, REFERRER, "opened a request for information")
    deps.audit.add(replace(entry, details={"request": request.id}))
    return _question(case, request)


def check_answer(deps: Services, typed_reference: str, code: str, name: str, text: str) -> Question:
    """The question once more, with an answer that can be sent.

    Raises `NotAnswered`, and as `open_question` does.
    """
    case, request = _found(deps, typed_reference, code)
    _usable(deps, case, request)
    _ensure_answer(name, text)
    return _question(case, request)


def add_information(deps: Services, typed_reference: str, code: str, name: str, text: str) -> Added:
    """Add an answer to the referral, tell the team, and use up the code: all of it or nothing.

    The same answer with the same code gives the same again, and is added once. Raises
    `NotAnswered`, `CodeRefused` (also when another answer came first), `StoreBusy`.
    """
    case, request = _found(deps, typed_reference, code)
    _ensure_answer(name, text)
    now = deps.clock.now()
    added = Addition(
        id=addition_id(code, name, text),
        reference=case.reference,
        request=request.id,
        at=now,
        name=name,
        text=text,
    )
    row = outbox_row(case.reference, case.stream, Kind.ADDED_EMAIL, now)
    row = replace(row, at=now)

    def with_answer(current: Case, _: Clocks) -> Case:
        _ensure_new(deps, current, added)
        work = answered(current.work, added)
        return replace(current, work=work, emails=(*current.emails, row.id))

    try:
        change_case(
            deps,
            case.reference,
            Actor(REFERRER, now),
            "added information",
            with_answer,
            {"request": request.id, "added": added.id},
            beside=Beside(outbox=(row,), added=added),
        )
    except _AddedBefore as before:
        return Added(case.reference, case.stream, before.at)
    return Added(case.reference, case.stream, now)


def _ensure_answer(name: str, text: str) -> None:
    problems = answer_problems(name, text)
    if problems:
        raise NotAnswered(problems)


def _ensure_new(deps: Services, case: Case, added: Addition) -> None:
    request = next(one for one in case.work.requests if one.id == added.request)
    ended = request.ended
    if ended is not None and ended.added == added.id:
        raise _AddedBefore(ended.at)
    _usable(deps, case, request)


def _found(deps: Services, typed: str, code: str) -> tuple[Case, InformationRequest]:
    reference = read_reference(typed, deps.partnership.reference_prefix)
    if reference is None or is_yearly(reference):
        raise CodeRefused("no such reference")
    case = deps.cases.find(reference)
    if case is None:
        raise CodeRefused("no such reference")
    request = asked_with(case.work.requests, code)
    if request is None:
        _note_wrong_code(deps, reference)
        raise CodeRefused("wrong code")
    return case, request


def _usable(deps: Services, case: Case, request: InformationRequest) -> None:
    """Raise `CodeRefused`, recorded, unless the request can be answered now."""
    today = local_date(deps.clock.now())
    if request.takes_answers(today) and not case.work.is_closed:
        return
    why = _WHY.get(request.state(today), "case closed")
    details = {"to": "add information", "why": why, "request": request.id}
    deps.audit.add(replace(_entry(deps, case.reference, REFERRER, "refused"), details=details))
    raise CodeRefused(why)


_WHY = {
    RequestState.ANSWERED: "used code",
    RequestState.WITHDRAWN: "withdrawn request",
    RequestState.EXPIRED: "expired code",
}


def _note_wrong_code(deps: Services, reference: str) -> None:
    """One entry an hour for a case: anybody who has heard a reference could fill its trail."""
    entry = _entry(deps, reference, SOMEBODY, "refused")
    hour = entry.at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    kind = hashlib.sha256(f"wrong code\n{reference}".encode()).hexdigest()[:32]
    details = {"to": "add information", "why": "wrong code", "when": ONCE_AN_HOUR}
    # The same place each time: the trail takes only the first.
    deps.audit.add(replace(entry, id=kind, at=hour, details=details))


def _entry(deps: Services, reference: str, who: str, action: str) -> AuditEntry:
    return AuditEntry(random_id(), reference, deps.clock.now(), who, action)


def _question(case: Case, request: InformationRequest) -> Question:
    return Question(case.reference, case.stream, request.question, request.answer_by)
