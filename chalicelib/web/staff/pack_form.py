"""Make a redacted pack: for whom, what for, until when, which parts, and what else to hide."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from chalicelib.referrals.name_words import initials_of
from chalicelib.referrals.redacted_pack import MOST_DAYS, USUAL_DAYS, Pack, PackForm
from chalicelib.referrals.times import local_date
from chalicelib.use_cases.make_pack import NO_FORM, make_pack, parts_of, redaction_for
from chalicelib.web.http import Response, redirect
from chalicelib.web.staff.case_form import CaseForm, Desk
from chalicelib.web.staff.fields import Choice, Field, Posted, Wrong, boxes_of, day, line, text

_LEAD = (
    "A pack is a part of the case for one reader, without names, addresses, contact details, "
    "reference numbers and dates of birth. It has a page of its own, to print or to save as a PDF.",
    "The service replaces the names that were typed where a name was asked for. It cannot know a "
    "nickname, initials, or somebody who is named only in a text: give those under “Also hide”, "
    "and read the whole pack before it goes to anybody.",
)


def _fields(desk: Desk) -> tuple[Field, ...]:
    parts = parts_of(desk.services, desk.opened)
    choices = tuple(Choice(name, title) for name, title in parts.items())
    return (
        Field(
            "recipient",
            "line",
            "Who is it for?",
            hint="Role and organisation, for example, named nurse, hospital trust. It is on every "
            "sheet.",
        ),
        Field(
            "purpose",
            "area",
            "What is it for?",
            hint="For example, to look at the agency’s own records. Name nobody.",
            rows=2,
        ),
        Field(
            "sections",
            "checkboxes",
            "Which parts of the case?",
            hint="Select only what the reader needs for this purpose.",
            choices=choices,
        ),
        Field(
            "expires",
            "date",
            "Until when may it be opened here?",
            hint=f"At most {MOST_DAYS} days from now. Tell its reader to destroy the paper then.",
        ),
        Field(
            "hide",
            "area",
            "Also hide",
            hint="Nicknames, initials and other words that would tell who somebody is, one a line. "
            "Initials of names in the notification are filled in where its text has them.",
            rows=4,
        ),
    )


def _filled(desk: Desk) -> Posted:
    today = local_date(desk.services.clock.now())
    return {
        **boxes_of("expires", today + timedelta(days=USUAL_DAYS)),
        "hide": ["\n".join(_initials(desk))],
    }


def _initials(desk: Desk) -> list[str]:
    """The initials of people in the notification that its texts have, "MS" or "M.S."."""
    redaction = redaction_for(desk.services, desk.opened)
    known = redaction.full_names if redaction else ()
    typed = "\n".join(_texts(desk.opened.referral.answers))
    found: list[str] = []
    for initials in dict.fromkeys(one for names in known for one in initials_of(*names)):
        pattern = r"(?<!\w)" + r"\.?\s?".join(initials) + r"(?!\w)"
        found += dict.fromkeys(match.group() for match in re.finditer(pattern, typed))
    return found


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [one for part in parts for one in _texts(part)]


def _make(desk: Desk, posted: Posted, version: int) -> Pack:
    errors: dict[str, str] = {}
    expires_on = local_date(desk.services.clock.now())
    try:
        expires_on = day(posted, "expires", "the last day on which it may be opened")
    except Wrong as wrong:
        errors.update(wrong.errors)
    form = PackForm(
        purpose=text(posted, "purpose"),
        recipient=line(posted, "recipient"),
        expires_on=expires_on,
        sections=tuple(dict.fromkeys(posted.get("sections", ()))),
        hide=tuple(text(posted, "hide").split("\n")),
    )
    if errors:
        raise Wrong(errors)
    return make_pack(desk.services, desk.opened, form, desk.person, version)


def _opened(desk: Desk, pack: Pack) -> Response:
    return redirect(f"{desk.base}/packs/{pack.id}")


def _impossible(desk: Desk) -> str:
    return "" if parts_of(desk.services, desk.opened) else NO_FORM


MAKE = CaseForm(
    title=lambda _: "Make a redacted pack",
    lead=lambda _: _LEAD,
    button="Make the pack",
    done="",
    fields=_fields,
    filled=_filled,
    impossible=_impossible,
    carry_out=_make,
    shows=_opened,
)
