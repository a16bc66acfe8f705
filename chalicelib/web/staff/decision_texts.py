"""The texts of a recommendation or a decision that have a heading each: views and notes."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.referrals.case_work import Decision
from chalicelib.web.staff.fields import Field, Posted, text

# The three statutory partners of either side, by the name of their box.
PARTNERS = {
    "view_local_authority": "Local authority",
    "view_health": "Integrated care board",
    "view_police": "Police",
    "view_others": "Other partners",
}
# What a record of a decision holds besides, where there is something to say.
NOTES = {
    "note_meeting": "The meeting: who was present, and conflicts of interest that were declared",
    "note_minority": "Views that differed from the outcome",
    "note_method": "How the review is to be done",
    "note_parallel": "Police, coroner, courts and other reviews: what they allow, and when",
    "note_publication": "Whether the report is to be published, and why",
}


def views() -> tuple[Field, ...]:
    """A box for each partner."""
    return _boxes(PARTNERS, "Each partner’s view")


def notes() -> tuple[Field, ...]:
    """A box for each note."""
    return _boxes(NOTES, "For the record: leave empty what does not apply")


def read(posted: Posted, boxes: Mapping[str, str]) -> dict[str, str]:
    """What was typed, by heading, without the boxes that were left empty."""
    return {label: text(posted, name) for name, label in boxes.items() if text(posted, name)}


def filled(decision: Decision) -> dict[str, list[str]]:
    """What stands in the boxes of a correction at first."""
    names = {label: name for name, label in (PARTNERS | NOTES).items()}
    said = {**decision.partner_views, **decision.notes}
    return {names[label]: [words] for label, words in said.items() if label in names}


def _boxes(boxes: Mapping[str, str], group: str) -> tuple[Field, ...]:
    return tuple(Field(name, "area", label, group=group, rows=3) for name, label in boxes.items())
