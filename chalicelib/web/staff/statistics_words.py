"""What the figures are called, and their lines, in the words of the form."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.forms.definition import Form, Question
from chalicelib.referrals.coded_answers import AGE_BAND, UNBORN, bands
from chalicelib.referrals.counted_case import LATE, NOT_DONE, ON_TIME
from chalicelib.referrals.financial_year import Span
from chalicelib.referrals.statistics import (
    BY_MONTH,
    BY_QUARTER,
    CLOSED,
    CONCLUDED,
    MET,
    ONGOING,
    PEOPLE,
    RECEIVED,
    REFUSED,
    SIN,
    SIN_PEOPLE,
    UNKNOWN,
    UNMET,
)
from chalicelib.referrals.suppression import Shown
from chalicelib.web.staff.case_words import OUTCOMES

NOT_SHOWN = "not shown"
FEWER, TOO_FEW = "fewer than 5", "fewer than 10"
_TITLES: Mapping[str, str] = {
    BY_MONTH: "When they were received",
    BY_QUARTER: "When the notification was sent",
    "submitter_type": "Who sent them",
    "agency_type": "Agency of whoever sent them",
    "outcome": "What happened to the person",
    "nature": "Nature of the incident",
    "abuse_types": "Kinds of abuse or neglect",
    "setting": "Where the harm happened",
    AGE_BAND: "Age at the incident",
    "sex": "Sex",
    "ethnicity": "Ethnicity",
    "disability": "Disability",
    "support_reason": "Main reason for support",
    "placement": "Where the child lived",
    "looked_after": "Looked after by a local authority",
    "cin_plan": "Child in need plan",
    "cp_plan": "Child protection plan",
    "known_to_agencies": "Known to agencies",
    CLOSED: "Outcome of the cases that were closed",
    REFUSED: "Decisions that there is no review: criteria considered met",
}
_COUNTED: Mapping[str, str] = {
    RECEIVED: "Cases received",
    PEOPLE: "People in the cases received",
    SIN: "Cases with a Serious Incident Notification sent",
    SIN_PEOPLE: "Children in those cases",
    CLOSED: "Cases closed",
    REFUSED: "Decisions that there is no review",
}
_REVIEWS: Mapping[str, tuple[str, str]] = {
    "adult": ("Safeguarding Adults Reviews", "Safeguarding Adults Reviews"),
    "child": ("Local child practice reviews", "local child practice reviews"),
}
_LINES: Mapping[str, str] = {
    UNKNOWN: "Not known or not answered",
    UNMET: "No criterion was considered met",
    MET: "A criterion was considered met, in whole or in part",
    ON_TIME: "On time",
    LATE: "Late",
    NOT_DONE: "Overdue at present",
}
TIMES: Mapping[str, str] = {
    "acknowledged": "From receipt to the acknowledgement",
    "decided": "From receipt to the decision",
    "closed": "From receipt to the closing of the case",
}


def number_words(count: Shown) -> str:
    """How a count is written, on a page, in a chart and in a file."""
    return FEWER if count.number is None else str(count.number)


def title_of(count: str) -> str:
    return _TITLES.get(count, count.replace("_", " ").capitalize())


def counted_words(of: str, stream: str) -> str:
    """What a total is of."""
    if of in (CONCLUDED, ONGOING):
        review = _REVIEWS[stream][0]
        return f"{review} concluded" if of == CONCLUDED else f"{review} under way at the end"
    if of == PEOPLE and stream == "child":
        return "Children in the cases received"
    return _COUNTED[of]


def lines_of(count: str, form: Form | None, stream: str, span: Span) -> dict[str, str]:
    """Code -> words of every line that a table may have, in order."""
    if count == BY_MONTH:
        return _parts(span.months())
    if count == BY_QUARTER:
        return _parts(span.quarters())
    if count == REFUSED:
        return {code: _LINES[code] for code in (UNMET, MET)}
    if count == AGE_BAND:
        return {code: _band_words(code, stream) for code in bands(stream)}
    if count == CLOSED:
        return dict(OUTCOMES)
    question = _question(count, form)
    if question is None:
        return {}
    return {option.value: option.label for option in question.options if option.value != UNKNOWN}


def line_words(code: str, known: Mapping[str, str]) -> str:
    """The words of one line; a code of an earlier form as it is."""
    return known.get(code) or _LINES.get(code) or code.replace("_", " ").capitalize()


def part_words(part: Span) -> str:
    """`April 2026`, or `April to June 2026`."""
    last = f"{part.last:%B} {part.last.year}"
    return last if part.first.month == part.last.month else f"{part.first:%B} to {last}"


def _parts(parts: tuple[Span, ...]) -> dict[str, str]:
    return {part.first.isoformat(): part_words(part) for part in parts}


def _question(count: str, form: Form | None) -> Question | None:
    return form.questions.get(form.statistics.get(count, "")) if form else None


def _band_words(code: str, stream: str) -> str:
    if code == UNBORN:
        return "Unborn"
    first, _, last = code.partition("_")
    if not last:
        return f"{first} and over"
    if first == last == "0":
        return "Under 1"
    return f"Under {int(last) + 1}" if first == "0" else f"{first} to {last}"


def year_words(start: int) -> str:
    """`April 2026 to March 2027`."""
    return f"April {start} to March {start + 1}"
