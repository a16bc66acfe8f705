"""What the referrer was asked and what they added, as staff read it: on screen and on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from chalicelib.referrals.case import Case
from chalicelib.referrals.information import Addition, InformationRequest, RequestState
from chalicelib.referrals.times import say_date, say_time

_TAGS: Mapping[RequestState, tuple[str, str]] = {
    RequestState.OPEN: ("Open", ""),
    RequestState.LATE: ("Late", "govuk-tag--red"),
    RequestState.ANSWERED: ("Answered", "govuk-tag--green"),
    RequestState.WITHDRAWN: ("Withdrawn", "govuk-tag--grey"),
    RequestState.EXPIRED: ("Code no longer works", "govuk-tag--grey"),
}


def information_parts(
    case: Case, additions: Sequence[Addition], today: date, base: str
) -> list[dict[str, Any]]:
    """In the order of asking: [{title, tag, tag_colour, rows, href}]. No links without `base`."""
    added = {one.request: one for one in additions}
    return [
        _part(case, request, added.get(request.id), today, base) for request in case.work.requests
    ]


def _part(
    case: Case, request: InformationRequest, added: Addition | None, today: date, base: str
) -> dict[str, Any]:
    state = request.state(today)
    tag, colour = _TAGS[state]
    may_withdraw = base and request.ended is None and not case.work.is_closed
    return {
        "title": f"Asked on {say_time(request.at)}",
        "tag": tag,
        "tag_colour": colour,
        "rows": _rows(case, request, added, today),
        "href": f"{base}/information/{request.id}/withdrawn" if may_withdraw else None,
    }


def _rows(
    case: Case, request: InformationRequest, added: Addition | None, today: date
) -> list[dict[str, Any]]:
    how = "to be emailed to the referrer" if request.by_email else "to be told to the referrer"
    facts = [
        ("Question", request.question),
        ("Asked by", f"{request.name}; code {how}"),
        ("Answer by", _answer_by(case, request, today)),
    ]
    ended = request.ended
    if added is not None:
        facts.append(("Answer", added.text))
        facts.append(("Answered by", f"{added.name} (referrer) on {say_time(added.at)}"))
    elif ended is not None and ended.reason:
        facts.append(("Withdrawn", f"by {ended.by} on {say_time(ended.at)}"))
        facts.append(("Reason", ended.reason))
    return [{"key": key, "value_lines": [value]} for key, value in facts]


def _answer_by(case: Case, request: InformationRequest, today: date) -> str:
    by = say_date(request.answer_by)
    if not request.takes_answers(today):
        return by
    if case.work.is_closed:
        return f"{by}. The code does not work while the case is closed"
    return f"{by}. The code works until the end of {say_date(request.expires_on)}"
