"""The page "Export", what it offers to whom, and how its files are sent."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chalicelib.referrals.staff import Person
from tests.unit.web.staff.conftest import (
    ADMIN,
    AUDITOR,
    CHAIR,
    MANAGER,
    MEMBER,
    SUPPORT,
    Office,
)
from tests.unit.web.staff.exported import (
    AUDIT,
    CALENDAR,
    register,
    take,
    trail,
)


def test_a_file_is_saved_and_never_kept_on_the_way(office: Office) -> None:
    reference = office.receive()
    paths = {
        register(): ("text/csv", "register-2026-11-20.csv"),
        register(kind="json"): ("application/json", "register-2026-11-20.json"),
        register("2026-04-01", "2027-03-31", stream="adult"): (
            "text/csv",
            "register-2026-04-01-to-2027-03-31-adult.csv",
        ),
        trail(): ("text/csv", "audit-2026-11-20.csv"),
        f"{AUDIT}?audit-reference={reference}&audit-kind=json": (
            "application/json",
            f"{reference}-audit.json",
        ),
        CALENDAR: ("text/calendar", "deadlines-2026-11-20.ics"),
        f"/staff/cases/{reference}/case.csv": ("text/csv", f"{reference}.csv"),
        f"/staff/cases/{reference}/case.json": ("application/json", f"{reference}.json"),
        f"/staff/cases/{reference}/calendar.ics": ("text/calendar", f"{reference}-deadlines.ics"),
    }
    for path, (kind, name) in paths.items():
        response = take(office, path)

        assert response.status == 200, path
        assert response.content_type == f"{kind}; charset=utf-8"
        assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("person", "offered"),
    [
        (MANAGER, {"register", "audit", "deadlines", "case"}),
        (SUPPORT, {"deadlines", "case"}),
        (MEMBER, {"deadlines", "case"}),
        (CHAIR, {"deadlines", "case"}),
        (AUDITOR, {"audit", "deadlines", "case"}),
        (ADMIN, {"audit"}),
    ],
    ids=lambda value: value.name if isinstance(value, Person) else "",
)
def test_each_role_is_offered_what_it_may_take(
    office: Office, person: Person, offered: set[str]
) -> None:
    page = office.at_desk(person).get("/staff/export")

    assert page.status == 200
    parts = ("register", "audit", "deadlines", "case")
    assert {part for part in parts if f"{part}-title" in page.ids()} == offered


def links(office: Office, person: Person) -> Iterator[str]:
    yield from office.at_desk(person).get("/staff/cases").links


def test_the_page_is_among_the_staff_s_links(office: Office) -> None:
    assert "Export" in set(links(office, SUPPORT))
