"""What may be taken out of the service: the page that offers it, with what was typed wrong."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from chalicelib.referrals.case_change import NotPossible
from chalicelib.referrals.period import Period, period_of
from chalicelib.referrals.staff import Person, Right
from chalicelib.use_cases.ports import Services
from chalicelib.web.http import Request, Response
from chalicelib.web.staff.case_files import LEAVES
from chalicelib.web.staff.case_words import STREAMS
from chalicelib.web.staff.download import CSV, JSON
from chalicelib.web.staff.drawing import staff_page
from chalicelib.web.staff.fields import Choice, Field, Posted, Wrong, chosen, day

PATH = "/staff/export"
REGISTER, AUDIT = "register", "audit"
_KINDS = (Choice(CSV, "CSV, for a spreadsheet"), Choice(JSON, "JSON, for another program"))
_REFERENCE = "Leave it empty for all cases. With a reference, you may leave the days empty."
_UTC = "By Coordinated Universal Time (UTC), as the audit trail is kept."


def export_page(request: Request, services: Services, person: Person) -> Response:
    """What this person may take out, and how."""
    return shown(request, services, person)


def shown(
    request: Request,
    services: Services,
    person: Person,
    errors: Mapping[str, str] | None = None,
) -> Response:
    """The page; with `errors` by the names of the fields that they stand beside."""
    told, typed = errors or {}, posted(request)
    forms = _forms(services, person)
    every = [field for fields in forms.values() for field in fields]
    return staff_page(
        request,
        services,
        person,
        "staff/export.html",
        title="Export",
        status=422 if told else 200,
        error=bool(told),
        error_summary=[
            {"text": told[field.name], "href": f"#{field.anchor}"}
            for field in every
            if field.name in told
        ],
        register_html=_drawn(forms.get(REGISTER, ()), typed, told),
        audit_html=_drawn(forms.get(AUDIT, ()), typed, told),
        may_read=person.may(Right.READ_CASES),
        leaves=LEAVES,
        home=request.base_url + PATH,
        calendar_href=f"{request.base_url}/staff/calendar.ics",
        cases_href=f"{request.base_url}/staff/cases",
    )


def _forms(services: Services, person: Person) -> dict[str, tuple[Field, ...]]:
    """The boxes of each form that is this person's; a field's name begins with its form's."""
    forms: dict[str, tuple[Field, ...]] = {}
    if person.may(Right.EXPORT):
        forms[REGISTER] = (*_days(REGISTER), stream_field(services), kind_field(REGISTER))
    if person.may(Right.READ_AUDIT):
        reference = Field(f"{AUDIT}-reference", "line", "Only of one case", hint=_REFERENCE)
        forms[AUDIT] = (*_days(AUDIT, _UTC), reference, kind_field(AUDIT))
    return forms


def _days(form: str, hint: str = "By London time.") -> tuple[Field, Field]:
    return (
        Field(f"{form}-from", "date", "First day", hint=f"{hint} For example, 1 4 2026."),
        Field(f"{form}-to", "date", "Last day"),
    )


def stream_field(services: Services) -> Field:
    """Which cases the register is of."""
    kinds = [Choice(name, STREAMS.get(name, name)) for name in services.partnership.forms]
    return Field(f"{REGISTER}-stream", "select", "About", choices=(Choice("", "All"), *kinds))


def kind_field(form: str) -> Field:
    """Which kind of file is made."""
    return Field(f"{form}-kind", "radios", "Kind of file", choices=_KINDS)


def _drawn(fields: tuple[Field, ...], typed: Posted, told: Mapping[str, str]) -> list[str]:
    shown_first = {field.name: [CSV] for field in fields if field.kind == "radios"}
    return [field.draw({**shown_first, **typed}, told.get(field.name, "")) for field in fields]


def posted(request: Request) -> Posted:
    """What was typed: these forms change nothing, so it is in the address."""
    return {name: [value] for name, value in request.query.items()}


def kind_typed(typed: Posted, form: str) -> str:
    """The kind of file that was chosen. Raises `Wrong`."""
    return chosen(typed, kind_field(form), "Choose a kind of file")


def period_typed(typed: Posted, form: str, today: date, most_days: int | None = None) -> Period:
    """The days that were typed. Raises `Wrong` with all that is wrong with them."""
    errors: dict[str, str] = {}
    days: list[date] = []
    for end, what in (("from", "the first day"), ("to", "the last day")):
        try:
            days.append(day(typed, f"{form}-{end}", what))
        except Wrong as wrong:
            errors |= wrong.errors
    if errors:
        raise Wrong(errors)
    try:
        return period_of(days[0], days[1], today, most_days=most_days)
    except NotPossible as refused:
        raise refused_beside(form, refused) from None


def refused_beside(form: str, refused: NotPossible) -> Wrong:
    """What a use case refused, beside the fields of a form."""
    return Wrong({f"{form}-{name or 'from'}": text for name, text in refused.problems})
