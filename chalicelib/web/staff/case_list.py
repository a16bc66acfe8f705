"""The open cases: overdue first, filtered, a page at a time; and one by its reference."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from chalicelib.referrals.case_change import NotPossible
from chalicelib.referrals.case_work import Stage
from chalicelib.referrals.reference import example_of
from chalicelib.referrals.staff import Person, Right
from chalicelib.referrals.times import local_date
from chalicelib.use_cases.list_cases import CasePage, ListedCase, list_cases, search_case
from chalicelib.use_cases.list_disposals import search_proof
from chalicelib.use_cases.ports import Services
from chalicelib.use_cases.staff_session import people
from chalicelib.web.http import Request, Response, redirect
from chalicelib.web.staff.case_words import STREAMS, days_words, short_date, stage_words
from chalicelib.web.staff.drawing import staff_page
from chalicelib.web.staff.fields import Choice, Field, line

PATH = "/staff/cases"
SEARCH = "reference"
MISSED = "There is no case with this reference that you may open. Check the reference."
EMPTY_SEARCH = "Enter the reference of the case"
COLUMNS = ("Reference", "About", "Stage", "Next due", "Assigned to")
MINE, NOBODY, ANYBODY = "me", "nobody", ""
_ALL = Choice("", "All")


def cases(request: Request, services: Services, person: Person) -> Response:
    """The list, and the search: what is searched for is posted, so that it is in no address."""
    if request.method == "POST":
        return _search(request, services, person)
    return _listed(request, services, person, request.query)


def _search(request: Request, services: Services, person: Person) -> Response:
    typed = line(request.form, SEARCH)[:100]
    if not typed:
        return _listed(request, services, person, {}, problem=EMPTY_SEARCH)
    found = search_case(services, typed, person)
    if found is None:
        proof = search_proof(services, typed, person)
        if proof is not None:
            return redirect(f"{request.base_url}/staff/disposal/{proof}")
        return _listed(request, services, person, {}, problem=MISSED, typed=typed)
    return redirect(f"{request.base_url}{PATH}/{found}")


def _listed(
    request: Request,
    services: Services,
    person: Person,
    query: Any,
    *,
    problem: str = "",
    typed: str = "",
) -> Response:
    filters = {name: query.get(name, "") for name in ("stream", "stage", "assignee")}
    after = query.get("after") or None
    try:
        page = _page(services, person, filters, after)
    except NotPossible:
        # A page or a filter that there is not (any more): begin again rather than stop.
        filters, after = dict.fromkeys(filters, ""), None
        page = _page(services, person, filters, after)
    home = f"{request.base_url}{PATH}"
    chosen = {name: value for name, value in filters.items() if value}
    posted, search = request.kept or {SEARCH: [typed]}, _search_box(services)
    return staff_page(
        request,
        services,
        person,
        "staff/case_list.html",
        title="Open cases",
        status=422 if problem else 200,
        error=bool(problem),
        error_summary=[{"text": problem, "href": f"#{search.anchor}"}] if problem else [],
        search_html=search.draw(posted, problem),
        search_action=home,
        filters_html=_filters(services, person, filters),
        filter_action=home,
        filtered=bool(chosen),
        caption=_caption(page, filtered=bool(chosen), first=after is None),
        columns=COLUMNS,
        cases=[_row(request, services, row) for row in page.rows],
        empty=_empty(filtered=bool(chosen), first=after is None),
        next_href=_href(home, {**chosen, "after": page.after}) if page.after else None,
        first_href=_href(home, chosen) if after else None,
    )


def _search_box(services: Services) -> Field:
    example = example_of(services.partnership.reference_prefix)
    return Field(SEARCH, "line", "Reference", hint=f"All of it, as in the email: {example}.")


def _page(
    services: Services, person: Person, filters: dict[str, str], after: str | None
) -> CasePage:
    whose = {ANYBODY: None, MINE: person.id, NOBODY: ""}
    assignee = filters["assignee"]
    if assignee not in whose and assignee not in {one.id for one in people(services)}:
        raise NotPossible("Choose somebody in the list.")
    return list_cases(
        services,
        person,
        stream=filters["stream"],
        stage=filters["stage"],
        assignee=whose.get(assignee, assignee),
        after=after,
    )


def _filters(services: Services, person: Person, filters: dict[str, str]) -> list[str]:
    streams = [Choice(name, STREAMS.get(name, name)) for name in services.partnership.forms]
    stages = [Choice(one.value, stage_words(one.value)) for one in Stage if one != Stage.CLOSED]
    whose = [Choice(ANYBODY, "Anybody"), Choice(MINE, "Me"), Choice(NOBODY, "Nobody")]
    whose += [
        Choice(one.id, one.name)
        for one in people(services)
        if one.id != person.id and one.may(Right.WORK_CASES)
    ]
    fields = [
        Field("stage", "select", "Stage", choices=(_ALL, *stages)),
        Field("assignee", "select", "Assigned to", choices=tuple(whose)),
    ]
    if len(streams) > 1:
        fields.insert(0, Field("stream", "select", "About", choices=(_ALL, *streams)))
    return [field.draw({field.name: [filters[field.name]]}) for field in fields]


def _row(request: Request, services: Services, case: ListedCase) -> dict[str, Any]:
    due = case.next_deadline
    today = local_date(services.clock.now())
    return {
        "reference": case.reference,
        "href": f"{request.base_url}{PATH}/{case.reference}",
        "stream": STREAMS.get(case.stream, case.stream),
        "stage": stage_words(case.stage),
        "due": short_date(due.due_on) if due else "",
        "days": days_words(due.due_on, today).capitalize() if due else "",
        "deadline": due.label if due else "",
        "overdue": case.overdue,
        "assignee": case.assignee_name or "Nobody",
    }


def _caption(page: CasePage, *, filtered: bool, first: bool) -> str:
    what = "Open cases that match" if filtered else "Open cases"
    part = f", first {len(page.rows)}" if first and page.after else "" if first else ", continued"
    return f"{what}{part}: overdue first, then by the next due date"


def _empty(*, filtered: bool, first: bool) -> str:
    if filtered:
        return "No open case matches. Change what is shown, or show all open cases."
    if not first:
        return "There are no more open cases."
    return "There is no open case. A new notification appears here as soon as it is sent."


def _href(home: str, query: dict[str, Any]) -> str:
    return f"{home}?{urlencode(query)}" if query else home
