"""How every form about a case works: shown, refused beside the field, stale, carried out.

A form sends back the version of the case that its page was drawn from. When somebody else has
changed the case since, nothing is done: the page comes back with what was typed, and the case as it
is now, and may be sent again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from minijinja import safe

from chalicelib.referrals.case import Case
from chalicelib.referrals.case_change import NotPossible
from chalicelib.referrals.clocks import Clocks, clocks_of
from chalicelib.referrals.staff import NotAllowed, Person
from chalicelib.use_cases import audit
from chalicelib.use_cases.ports import CaseChanged, Services
from chalicelib.use_cases.read_case import OpenedCase, look_again
from chalicelib.web.http import Request, Response, redirect
from chalicelib.web.route import StaffHandler
from chalicelib.web.staff import access, messages
from chalicelib.web.staff.case_status import case_address, status_facts
from chalicelib.web.staff.case_words import STREAMS
from chalicelib.web.staff.drawing import staff_page
from chalicelib.web.staff.fields import Field, Posted, Wrong, line
from chalicelib.web.staff.messages import VERSION_FIELD
from chalicelib.web.staff.timeline import changes_since


@dataclass(frozen=True)
class Desk:
    """A case, and the person who is about to do something to it.

    `page` is the pattern of the form's address, for the audit trail.
    """

    request: Request
    services: Services
    person: Person
    opened: OpenedCase
    page: str

    @property
    def case(self) -> Case:
        return self.opened.case

    @property
    def posted(self) -> Posted:
        """What was posted, now or before its session ended."""
        return self.request.form if self.request.method == "POST" else self.request.kept

    @property
    def base(self) -> str:
        """The address of the case's page."""
        return case_address(self.request, self.case.reference)

    @property
    def clocks(self) -> Clocks:
        return clocks_of(self.services.partnership, self.case.reference, self.case.stream)


def _nothing(_: Desk) -> tuple[str, ...]:
    return ()


def _empty(_: Desk) -> Posted:
    return {}


def _hidden_nothing(_: Desk) -> Mapping[str, str]:
    return {}


def _possible(_: Desk) -> str:
    return ""


def _there(_: Desk) -> bool:
    return True


@dataclass(frozen=True)
class CaseForm:
    """One thing that staff do to a case.

    `carry_out` gets what was posted and the version that it was drawn from; it raises `Wrong` with
    the fields that are wrong, or what the use case does. `done` is the word that the case's page
    says it by. `exists` is whether there is such a page of the case at all. `impossible` is why it
    cannot be done to the case as it stands, empty when it can; `filled` is what stands in the boxes
    at first. In `lead` a link is its text and href. `shows` draws the page that follows, from what
    `carry_out` gave: without it, the case's own.
    """

    title: Callable[[Desk], str]
    button: str
    done: str
    fields: Callable[[Desk], Sequence[Field]]
    carry_out: Callable[[Desk, Posted, int], object]
    lead: Callable[[Desk], Sequence[str | Mapping[str, str]]] = _nothing
    filled: Callable[[Desk], Posted] = _empty
    impossible: Callable[[Desk], str] = _possible
    warns: bool = False
    hidden: Callable[[Desk], Mapping[str, str]] = _hidden_nothing
    exists: Callable[[Desk], bool] = _there
    shows: Callable[[Desk, Any], Response] | None = None


def form_page(form: CaseForm, page: str) -> StaffHandler:
    """The page of a form, whose address has the pattern `page`, and what its post does."""

    def handle(request: Request, services: Services, person: Person) -> Response:
        try:
            desk = _desk(request, services, person, page)
            if not form.exists(desk):
                return messages.not_found(request, services, person)
            if request.method == "POST":
                return _submitted(form, desk)
        except NotAllowed:
            return access.not_allowed(request, services, person)
        return _shown(form, desk, request.kept or form.filled(desk))

    return handle


def _desk(request: Request, services: Services, person: Person, page: str) -> Desk:
    opened = look_again(services, request.named["reference"], person)
    return Desk(request, services, person, opened, page)


def _submitted(form: CaseForm, desk: Desk) -> Response:
    posted = desk.request.form
    drawn_from = _version(posted)
    if form.impossible(desk) and drawn_from == desk.case.version:
        return _shown(form, desk, posted)
    try:
        done = form.carry_out(desk, posted, drawn_from)
    except Wrong as wrong:
        return _shown(form, desk, posted, errors=wrong.errors)
    except NotPossible as refused:
        return _shown(form, desk, posted, errors=dict(refused.problems))
    except CaseChanged:
        now = _desk(desk.request, desk.services, desk.person, desk.page)
        return _shown(form, now, posted, changed_since=drawn_from)
    if form.shows is not None:
        return form.shows(desk, done)
    return redirect(f"{desk.base}?done={form.done}")


def _version(posted: Posted) -> int:
    """The version that the page was drawn from; 0, which no case has, when it is not told."""
    typed = line(posted, VERSION_FIELD)
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def _shown(
    form: CaseForm,
    desk: Desk,
    posted: Posted,
    *,
    errors: Mapping[str, str] | None = None,
    changed_since: int | None = None,
) -> Response:
    errors = errors or {}
    impossible = form.impossible(desk)
    fields = () if impossible else tuple(form.fields(desk))
    # What is sent again is still held against the case as its sender saw it, unless they are told.
    version = 0 if changed_since is not None else _version(posted)
    changed = None if changed_since is None else _compared(form, desk, posted, changed_since)
    status = _status(desk, refused=bool(errors), conflicting=bool(changed or impossible))
    _note_shown(desk, status, changed=changed is not None)
    return staff_page(
        desk.request,
        desk.services,
        desk.person,
        "staff/form.html",
        title=form.title(desk),
        caption=f"{STREAMS.get(desk.case.stream, desk.case.stream)} case {desk.case.reference}",
        status=status,
        error=bool(errors),
        error_summary=_summary(fields, errors),
        changed=changed,
        impossible=impossible,
        lead=list(form.lead(desk)),
        parts=_parts(fields, posted, errors),
        hidden={VERSION_FIELD: str(version or desk.case.version), **form.hidden(desk)},
        action=desk.request.base_url + desk.request.path,
        button=form.button,
        button_classes="govuk-button--warning" if form.warns else "",
        back_href=desk.base,
    )


def _status(desk: Desk, *, refused: bool, conflicting: bool) -> int:
    if conflicting and desk.request.method == "POST":
        return 409
    return 422 if refused else 200


def _note_shown(desk: Desk, status: int, *, changed: bool) -> None:
    """A form shows what is in the case: nothing is shown whose opening could not be recorded."""
    action, details = "opened a form of a case", {"page": desk.page}
    if status == 409:
        action = "refused"
        details["why"] = "case changed meanwhile" if changed else "not possible"
    elif status == 422:
        details["why"] = "not accepted"
    audit.note(desk.services, desk.person, action, desk.case.reference, details)


def _summary(fields: Sequence[Field], errors: Mapping[str, str]) -> list[dict[str, str]]:
    """In the order of the fields; what is about none of them leads to the first."""
    anchors = {field.name: field.anchor for field in fields}
    first = next(iter(anchors.values()), "main-content")
    order = list(anchors)
    told = sorted(
        errors.items(), key=lambda error: order.index(error[0]) if error[0] in order else -1
    )
    return [{"text": text, "href": f"#{anchors.get(name, first)}"} for name, text in told]


def _parts(
    fields: Sequence[Field], posted: Posted, errors: Mapping[str, str]
) -> list[dict[str, Any]]:
    parts, group = [], ""
    for field in fields:
        drawn = safe(field.draw(posted, errors.get(field.name, "")))
        parts.append({"heading": field.group if field.group != group else "", "html": drawn})
        group = field.group
    return parts


def _compared(form: CaseForm, desk: Desk, posted: Posted, since: int) -> dict[str, Any]:
    """What was typed, and the case as it is now with who changed it."""
    fields = form.fields(desk)
    typed = [{"key": one.label, "value_lines": [one.said(posted)]} for one in fields]
    now = [
        {"key": fact["key"], "value_lines": [fact["value"]]}
        for fact in status_facts(desk.case, desk.services)
    ]
    last = changes_since(desk.case, desk.services.partnership)
    changed = [{"key": "Last change", "value_lines": [last]}] if last else []
    return {"typed": [row for row in typed if row["value_lines"][0]], "now": [*now, *changed]}
