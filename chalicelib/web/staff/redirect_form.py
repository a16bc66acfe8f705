"""Pass a live concern to the live route, and record that it was done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from chalicelib.forms.questions.time import clock_time
from chalicelib.referrals.case_redirecting import REDIRECTED
from chalicelib.referrals.partnership import LiveRoute
from chalicelib.referrals.times import local_date, london
from chalicelib.use_cases.redirect_concern import (
    PassedOn,
    live_route,
    redirect_concern,
    route_words,
)
from chalicelib.web.staff.case_actions import outcomes_to_close_with
from chalicelib.web.staff.case_form import CaseForm, Desk
from chalicelib.web.staff.fields import Choice, Field, Posted, Wrong, boxes_of, chosen, day, line
from chalicelib.web.staff.stage_forms import closed_already

STAYS, CLOSES = "stays", "closes"
_TOLD = Field("told", "line", "Whom did you tell?", hint="A name, or the team that took the call.")
_ON = Field("on", "date", "On which day?", hint="For example, 27 3 2026")
_AT = Field("at", "line", "At what time?", hint="For example, 2:30pm or 14:30")
_THEIRS = Field("theirs", "line", "Their reference (optional)", hint="If they gave you one.")


def _route(desk: Desk) -> LiveRoute:
    return live_route(desk.services.partnership, desk.case.stream)


def _lead(desk: Desk) -> tuple[str | Mapping[str, str], ...]:
    route = _route(desk)
    return ("Tell them first, then record it here.", *_told_of(route))


def _told_of(route: LiveRoute) -> Iterator[str | Mapping[str, str]]:
    yield {"text": route.link_text, "href": route.url}
    if route.phone:
        hours = f" ({route.hours})" if route.hours else ""
        number = "".join(letter for letter in route.phone if letter.isdigit() or letter == "+")
        yield {"text": f"Call {route.phone}{hours}", "href": f"tel:{number}"}
    elif route.hours:
        yield route.hours
    yield f"Referrers are told: {route.text}"
    yield "If somebody is in danger now, call 999."


def _fields(desk: Desk) -> tuple[Field, ...]:
    return (_TOLD, _ON, _AT, _THEIRS, _afterwards(desk))


def _afterwards(desk: Desk) -> Field:
    choices = [Choice(STAYS, "Yes, the case stays open")]
    hint = "If not, a business manager can close the case afterwards."
    if REDIRECTED in outcomes_to_close_with(desk.case, desk.person, desk.services.clock.now()):
        choices.append(Choice(CLOSES, "No, close the case as redirected"))
        hint = ""
    return Field(
        "afterwards",
        "radios",
        "Is the referral still to be considered for a review?",
        hint=hint,
        choices=tuple(choices),
    )


def _filled(desk: Desk) -> Posted:
    today = boxes_of(_ON.name, local_date(desk.services.clock.now()))
    only = [choice.value for choice in _afterwards(desk).choices]
    return {**today, "afterwards": only if len(only) == 1 else []}


def _impossible(desk: Desk) -> str:
    why = closed_already(desk)
    if not why:
        return ""
    return f"{why} Pass a live concern on all the same: {route_words(_route(desk))}."


def _redirect(desk: Desk, posted: Posted, version: int) -> None:
    errors: dict[str, str] = {}
    told, at, afterwards = line(posted, _TOLD.name), None, ""
    if not told:
        errors[_TOLD.name] = "Enter whom you told"
    try:
        at = _instant(posted)
    except Wrong as wrong:
        errors |= wrong.errors
    try:
        missing = "Select whether it is still to be considered"
        afterwards = chosen(posted, _afterwards(desk), missing)
    except Wrong as wrong:
        errors |= wrong.errors
    if errors or at is None:
        raise Wrong(errors)
    passed = PassedOn(told, at, line(posted, _THEIRS.name), afterwards == STAYS)
    redirect_concern(desk.services, desk.case.reference, passed, desk.person, version)


def _instant(posted: Posted) -> datetime:
    """The date and the time of London, as an instant. Raises `Wrong`."""
    errors: dict[str, str] = {}
    on, typed = None, line(posted, _AT.name)
    try:
        on = day(posted, _ON.name, "the day on which you told them")
    except Wrong as wrong:
        errors |= wrong.errors
    clock = clock_time(typed, "midday", "midnight") if typed else None
    if clock is None:
        errors[_AT.name] = (
            "Enter a time, such as 2:30pm or 14:30"
            if typed
            else "Enter the time at which you told them"
        )
    if on is None or clock is None:
        raise Wrong(errors)
    hour, minute = map(int, clock.split(":"))
    local = datetime(on.year, on.month, on.day, hour, minute, tzinfo=london())
    at = local.astimezone(UTC)
    if at.astimezone(london()).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise Wrong({_AT.name: "The clocks went forward that night: there was no such time"})
    return at


REDIRECT = CaseForm(
    title=lambda _: "Pass a live concern on",
    lead=_lead,
    button="Record that it was passed on",
    done="redirected",
    fields=_fields,
    filled=_filled,
    impossible=_impossible,
    carry_out=_redirect,
)
