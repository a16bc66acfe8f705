"""Make a redacted pack of a case, and open one. Both are audited, and what was refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from chalicelib.referrals.case import Case
from chalicelib.referrals.case_change import NotPossible
from chalicelib.referrals.case_steps import ensure_may, roomy
from chalicelib.referrals.clocks import Clocks
from chalicelib.referrals.redacted_pack import ADDED, DECISIONS, Pack, PackForm, problems_of
from chalicelib.referrals.staff import NotAllowed, Person, Right
from chalicelib.referrals.times import local_date
from chalicelib.use_cases.answered_form import answered_form
from chalicelib.use_cases.audit import note
from chalicelib.use_cases.change_case import acting, change_case
from chalicelib.use_cases.compose_submission import random_id
from chalicelib.use_cases.ports import Services
from chalicelib.use_cases.read_case import OpenedCase, look_again
from chalicelib.use_cases.redact_referral import Redaction, redaction_of
from chalicelib.use_cases.work_on_case import typed

if TYPE_CHECKING:
    from chalicelib.forms.definition import Form

MAKE, OPEN = "made a redacted pack", "opened a redacted pack"
NO_FORM = (
    "The form that this was answered with is not kept any more, so no pack can be made. Write down "
    "what its reader needs, without names."
)
NO_FULL_NAME = (
    "This is the name of somebody in the case. Give the reader’s role and organisation instead"
)


@dataclass(frozen=True)
class OpenedPack:
    """A pack, the case as its maker could read it, and how its texts are shown."""

    pack: Pack
    opened: OpenedCase
    redaction: Redaction


class PackExpired(Exception):
    """The pack may not be opened any more: make another."""


def parts_of(deps: Services, opened: OpenedCase) -> dict[str, str]:
    """What of a case can be put in a pack, by id: of the form's sections, those with answers."""
    form = _form_of(deps, opened)
    parts = {} if form is None else _sections(form, opened.referral.answers)
    if opened.additions:
        parts[ADDED] = "Information added since"
    if opened.case.work.decisions:
        parts[DECISIONS] = "Recommendations and decisions"
    return parts


def _sections(form: Form, answers: Mapping[str, Any]) -> dict[str, str]:
    from chalicelib.forms.journey import asked, walk

    given = walk(form, answers).answers
    found: dict[str, str] = {}
    for page, group in form.pages():
        items = [None] if group is None else given.get(group.each, ())
        told = (
            name in (item or given) for item in items for name in asked(form, page, given, item)
        )
        if any(told):
            section = (group or page).section
            found.setdefault(section, form.sections[section])
    return found


def make_pack(
    deps: Services, opened: OpenedCase, form: PackForm, person: Person, expected_version: int
) -> Pack:
    """A pack for a reader. Raises `NotPossible`, `NotAllowed`, `CaseChanged`, `StoreBusy`."""
    who, reference = acting(deps, person), opened.case.reference
    form = _typed(form)
    pack = Pack(
        id=random_id(),
        purpose=form.purpose,
        recipient=form.recipient,
        expires_on=form.expires_on,
        sections=form.sections,
        hide=form.hide,
        by=person.id,
        name=person.name,
        at=who.at,
    )

    def packed(case: Case, _: Clocks) -> Case:
        ensure_may(case.work, person, Right.WORK_CASES)
        _ensure_possible(deps, replace(opened, case=case), form)
        return replace(case, work=roomy(replace(case.work, packs=(*case.work.packs, pack))))

    details = {"pack": pack.id, "expires": pack.expires_on.isoformat()}
    change_case(deps, reference, who, MAKE, packed, details, expected_version)
    return pack


def open_pack(deps: Services, reference: str, pack_id: str, person: Person) -> OpenedPack:
    """A pack, to be read or printed.

    Raises `NotAllowed`, also when there is no such pack; `PackExpired`, `StoreBusy`. Nothing is
    shown whose opening could not be recorded.
    """
    opened = look_again(deps, reference, person)
    pack = opened.case.work.pack(pack_id)
    if pack is None:
        _refuse(deps, person, reference, "no such pack")
        raise NotAllowed("no such pack")
    if pack.has_expired(local_date(deps.clock.now())):
        _refuse(deps, person, reference, "pack expired", pack.id)
        raise PackExpired
    redaction = redaction_for(deps, opened, pack.hide)
    if redaction is None:
        _refuse(deps, person, reference, "form not kept", pack.id)
        raise NotPossible(NO_FORM)
    note(deps, person, OPEN, reference, {"pack": pack.id})
    return OpenedPack(pack, _as_it_was(opened, pack), redaction)


def _as_it_was(opened: OpenedCase, pack: Pack) -> OpenedCase:
    """The case without what was added or decided since its maker read the pack.

    What is not a record of its own is not in a pack, or never changes.
    """
    work = opened.case.work
    decisions = tuple(one for one in work.decisions if one.at <= pack.at)
    case = replace(opened.case, work=replace(work, decisions=decisions))
    additions = tuple(one for one in opened.additions if one.at <= pack.at)
    return replace(opened, case=case, additions=additions)


def redaction_for(
    deps: Services, opened: OpenedCase, hide: tuple[str, ...] = ()
) -> Redaction | None:
    """How a case's texts are shown in a pack; None without any form to go by."""
    form = _form_of(deps, opened)
    if form is None:
        return None
    return redaction_of(
        opened.referral,
        form,
        deps.forms.get(opened.referral.form),
        hide=hide,
        others=[addition.name for addition in opened.additions],
        public=deps.partnership.name,
    )


def _form_of(deps: Services, opened: OpenedCase) -> Form | None:
    referral = opened.referral
    return answered_form(deps, referral) or deps.forms.get(referral.form)


def _ensure_possible(deps: Services, opened: OpenedCase, form: PackForm) -> None:
    redaction = redaction_for(deps, opened, form.hide)
    if redaction is None:
        raise NotPossible(NO_FORM)
    today = local_date(deps.clock.now())
    problems = problems_of(form, parts_of(deps, opened), today)
    if "recipient" not in problems and redaction.redactor.names_somebody(form.recipient):
        problems["recipient"] = NO_FULL_NAME
    _ensure_none(problems)


def _ensure_none(problems: Mapping[str, str]) -> None:
    if problems:
        (field, text), *more = problems.items()
        raise NotPossible(text, field, *more)


def _refuse(deps: Services, person: Person, reference: str, why: str, pack_id: str = "") -> None:
    details = {"to": "open a redacted pack", "why": why}
    note(deps, person, "refused", reference, {**details, **({"pack": pack_id} if pack_id else {})})


def _typed(form: PackForm) -> PackForm:
    words = (typed(word) for word in form.hide)
    hide = tuple(dict.fromkeys(word for word in words if word))
    recipient = " ".join(form.recipient.split())
    return replace(form, purpose=typed(form.purpose), recipient=recipient, hide=hide)
