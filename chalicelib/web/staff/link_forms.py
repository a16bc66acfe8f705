"""Link a case to another, merge a duplicate, end a link."""

from __future__ import annotations

from chalicelib.referrals.case_links import Link, LinkKind
from chalicelib.referrals.reference import example_of
from chalicelib.referrals.staff import Person, Right
from chalicelib.use_cases.link_cases import end_link, link_related, links_of, merge_duplicate
from chalicelib.web.staff.case_form import CaseForm, Desk
from chalicelib.web.staff.case_words import link_words
from chalicelib.web.staff.fields import Choice, Field, Posted, Wrong, chosen, line, text
from chalicelib.web.staff.stage_forms import REASON, closed_already

_OTHER = "other"
_KEPT = "It is kept with both cases. Name nobody who need not be named."
_WHY = Field(REASON.name, "area", "Why do they belong together?", hint=_KEPT)
_SAME = Field(REASON.name, "area", "How do you know that they are the same case?", hint=_KEPT)


def _other(desk: Desk, label: str = "Reference of the other case") -> Field:
    example = example_of(desk.services.partnership.reference_prefix)
    return Field(_OTHER, "line", label, hint=f"For example, {example}")


def _told(posted: Posted) -> tuple[str, str]:
    """The other case and the reason. Raises `Wrong` for what is not filled in."""
    other, reason = line(posted, _OTHER), text(posted, REASON.name)
    missing = {
        _OTHER: "" if other else "Enter the reference of the other case",
        REASON.name: "" if reason else "Enter the reason",
    }
    if not (other and reason):
        raise Wrong({name: said for name, said in missing.items() if said})
    return other, reason


def _relate(desk: Desk, posted: Posted, version: int) -> None:
    other, reason = _told(posted)
    link_related(desk.services, desk.case.reference, other, reason, desk.person, version)


RELATE = CaseForm(
    title=lambda _: "Link to a related case",
    lead=lambda _: (
        "For cases that are of use to each other: the same family, place or service. Each is shown "
        "on the page of the other, to everybody who may open both. Neither is changed otherwise.",
    ),
    button="Link the cases",
    done="linked",
    fields=lambda desk: (_other(desk), _WHY),
    impossible=closed_already,
    carry_out=_relate,
)


def _merge(desk: Desk, posted: Posted, version: int) -> None:
    other, reason = _told(posted)
    merge_duplicate(desk.services, desk.case.reference, other, reason, desk.person, version)


MERGE = CaseForm(
    title=lambda _: "Merge as a duplicate",
    lead=lambda _: (
        "For a case that was notified twice. This one closes as a duplicate, and its open "
        "deadlines are withdrawn. The other goes on, with its own deadlines: merge the later "
        "notification into the earlier one.",
        "Both stay as they are to read, and each shows the other. Whoever has a conflict of "
        "interest in one of them is kept out of both.",
    ),
    button="Close this case as a duplicate",
    warns=True,
    done="merged",
    fields=lambda desk: (_other(desk, "Reference of the case that goes on"), _SAME),
    impossible=closed_already,
    carry_out=_merge,
)


def may_end(link: Link, person: Person) -> bool:
    """Whether this person may end a link of cases that they may open."""
    return person.may(Right.MANAGE if link.kind.merges else Right.WORK_CASES)


def _links(desk: Desk) -> Field:
    seen = links_of(desk.services, desk.case, desk.person)
    known = [
        (link, Choice(link.id, f"{link_words(link.kind)} {link.other}", _consequence(link)))
        for link in seen.standing
    ]
    gone = [(link, Choice(link.id, gone_words(link))) for link in seen.gone]
    choices = tuple(choice for link, choice in (*known, *gone) if may_end(link, desk.person))
    return Field("link", "radios", "Which link is to end?", choices=choices)


def gone_words(link: Link) -> str:
    """A link to a case that was disposed of: more of that is not told."""
    return f"{link_words(link.kind)} a case that was disposed of"


def _consequence(link: Link) -> str:
    if not link.kind.merges:
        return ""
    closed = "This case" if link.kind is LinkKind.DUPLICATE_OF else "That case"
    return f"{closed} stays closed until a manager reopens it."


def _unlink(desk: Desk, posted: Posted, version: int) -> None:
    field, reason = _links(desk), text(posted, REASON.name)
    errors = {} if reason else {REASON.name: "Enter the reason"}
    if not errors:
        link = chosen(posted, field, "Select the link")
        end_link(desk.services, desk.case.reference, link, reason, desk.person, version)
        return
    if not posted.get(field.name):
        errors = {field.name: "Select the link", **errors}
    raise Wrong(errors)


UNLINK = CaseForm(
    title=lambda _: "End a link",
    lead=lambda _: ("The link ends in both cases. That there was one is kept, with your reason.",),
    button="End the link",
    done="unlinked",
    fields=lambda desk: (_links(desk), REASON),
    impossible=lambda desk: "" if _links(desk).choices else "There is no link that you can end.",
    carry_out=_unlink,
)
