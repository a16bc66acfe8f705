"""Nothing that anybody typed leaves by an email, a log line, a schedule, an address or a title.

The pages are those of the table of routes: one that is added is looked at, or this says that it was
left out.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from urllib.parse import urlencode

import pytest
from lxml import html as markup

from chalicelib.web.staff.routes import CASE_FORMS, STAFF_ROUTES
from tests.unit.web.staff.marked_life import LIFE, Answered, MarkedLife, a_marked_life
from tests.unit.web.staff.test_canary import MARK
from tests.visitor import text_in

WAYS_OUT = {"/staff/sign-out", "/staff/sign-out-everywhere"}
CASE = "/staff/cases/{reference}"
# Where a case is read, and the forms that say what was recorded. Nobody else's words are elsewhere.
READ_THERE = {CASE, f"{CASE}/print", f"{CASE}/packs/{{pack}}", f"{CASE}/case.json"}
READ_THERE |= {f"{CASE}/case.csv", "/information"}
NAMED = {"{date}": "decided_on", "{act}": "panel-considers"}
PERIOD = {"from-day": 20, "from-month": 11, "from-year": 2026}
PERIOD |= {"to-day": 20, "to-month": 11, "to-year": 2026}
# What an export is asked for: without it there is only its page again.
ASKED = {
    f"/staff/export/{kind}": urlencode(
        {f"{kind}-kind": "csv", **{f"{kind}-{box}": value for box, value in PERIOD.items()}}
    )
    for kind in ("register", "audit")
}


@dataclass
class Canary:
    life: MarkedLife
    printed: str

    @property
    def answered(self) -> list[Answered]:
        return self.life.desk.answered


@pytest.fixture(scope="module")
def canary() -> Canary:
    with pytest.MonkeyPatch.context() as patch:
        lines: list[str] = []
        patch.setattr("sys.stdout.write", lines.append)
        life = a_marked_life()
        look_at_all(life)
        life.live()
        look_at_all(life)
        life.dispose()
        life.desk.send("GET", f"/staff/disposal/{life.reference}")
    return Canary(life, "".join(lines))


def look_at_all(life: MarkedLife) -> None:
    """Every staff page that can be looked at, with the case as it now is."""
    for route in STAFF_ROUTES:
        if route.path in WAYS_OUT:
            continue
        path = route.path.replace("{reference}", life.reference)
        path = path.replace("{request}", life.newest("requests") or "none")
        path = path.replace("{pack}", life.newest("packs") or "none")
        for name, value in NAMED.items():
            path = path.replace(name, value)
        query = ASKED.get(route.path)
        life.desk.send("GET", f"{path}?{query}" if query else path)


def test_every_staff_page_was_looked_at(canary: Canary) -> None:
    shown = {one.route for one in canary.answered if one.response.status == 200}
    wanted = {route.path for route in STAFF_ROUTES} - WAYS_OUT

    assert wanted - shown == {"/staff"}, "which only leads on"


def test_every_form_of_a_case_was_filled_in() -> None:
    sent = [f"/staff/cases/SUF-B3KT-9WXM/{tail}" for tail, _ in LIFE]

    left = [one.path for one in CASE_FORMS if all(one.named(path) is None for path in sent)]
    assert left == [], "LIFE in marked_life.py takes a case through every form there is"


def test_what_was_typed_is_read_where_the_case_is(canary: Canary) -> None:
    for route in READ_THERE - {f"{CASE}/packs/{{pack}}"}:
        assert any(MARK in body_of(one) for one in canary.answered if one.route == route), route


def test_lists_figures_exports_and_the_audit_trail_hold_nothing_of_it(canary: Canary) -> None:
    forms = {r.path for r in STAFF_ROUTES if "{reference}" in r.path and "POST" in r.methods}
    elsewhere = [one for one in canary.answered if one.route not in READ_THERE | forms]

    assert len({one.route for one in elsewhere}) > 10
    assert {one.path for one in elsewhere if MARK in body_of(one)} == set()


def test_no_address_no_title_and_no_header_holds_any_of_it(canary: Canary) -> None:
    for one in canary.answered:
        told = [one.path, *one.response.headers.values(), *one.response.cookies]
        if one.response.content_type.startswith("text/html") and one.response.body:
            tree = markup.document_fromstring(one.response.body)
            told += [text_in(e) for tag in ("title", "h1") for e in tree.iter(tag)]
            told += [link.get("href", "") for link in tree.iter("a")]
            told += [form.get("action", "") for form in tree.iter("form")]
        assert [text for text in told if MARK in text.lower()] == [], one.path


def test_no_email_and_no_schedule_holds_any_of_it(canary: Canary) -> None:
    instance = canary.life.office.instance

    assert len(instance.mailer.sent) > 5
    assert MARK not in repr(instance.mailer.sent).lower().replace(f"{MARK}referrer_email", "")
    assert instance.schedules.kept
    assert MARK not in repr(instance.schedules.kept)


def test_no_log_line_of_a_page_holds_any_of_it(canary: Canary) -> None:
    # Those of the functions, and their figures: tests/unit/test_events.py.
    lines = [json.loads(line) for line in canary.printed.splitlines() if line.startswith("{")]

    assert len(lines) > 50
    assert MARK not in canary.printed
    assert canary.life.reference not in canary.printed, "a line names the route, not the case"


def test_the_audit_trail_s_rows_hold_nothing_of_it(canary: Canary) -> None:
    trail = canary.life.office.instance.table.audit

    assert len(trail) > 60
    assert MARK not in repr(trail).lower()


def body_of(one: Answered) -> str:
    body = one.response.body
    return body if isinstance(body, str) else bytes(body).decode()
