"""The register of a period: what is in it, for whom, and what is refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from chalicelib.referrals.staff import Person
from chalicelib.use_cases import export_register
from chalicelib.web.staff import download
from tests.unit.web.staff.conftest import (
    MANAGER,
    Office,
)
from tests.unit.web.staff.exported import (
    CANARY,
    REGISTER,
    bar,
    last_entry,
    register,
    rows,
    take,
)


class TestTheRegister:
    def test_has_a_line_for_each_case_of_the_period_in_the_order_of_receipt(
        self, office: Office
    ) -> None:
        first = office.receive("child")
        office.instance.clock.move(hours=1)
        second = office.receive("adult")
        office.instance.clock.move(days=1)
        office.receive()

        lines = rows(take(office, register()))

        assert [(line["Reference"], line["About"]) for line in lines] == [
            (first, "Child"),
            (second, "Adult"),
        ]
        assert lines[1]["Received"] == "2026-11-20"
        assert lines[1]["Acknowledge the referral: due"] == "2026-11-24"
        assert lines[1]["Acknowledge the referral: state"] == "open"

    def test_says_what_was_done_and_when(self, office: Office) -> None:
        reference = office.receive()
        office.instance.clock.move(days=7)
        office.open(reference, "acknowledge")
        office.at_desk().fill()

        (line,) = rows(take(office, register()))

        assert line["Stage"] == "Acknowledged"
        assert line["Acknowledge the referral: done"] == "2026-11-27"
        assert line["Acknowledge the referral: state"] == "met late"
        assert line["Referral acknowledged"] == "2026-11-27"

    def test_says_nothing_of_whom_a_case_is_about(self, office: Office) -> None:
        office.receive("adult")
        office.receive("child")

        for kind in ("csv", "json"):
            body = take(office, register(kind=kind)).body
            assert CANARY not in body.lower()
            assert "2026-11-17" not in body, "the day of the death"
            assert "2026-11-16" not in body, "the day of the incident"

    def test_is_of_one_stream_when_that_is_chosen(self, office: Office) -> None:
        office.receive("adult")
        child = office.receive("child")

        assert [one["Reference"] for one in rows(take(office, register(stream="child")))] == [child]

    def test_leaves_out_what_the_person_is_barred_from(self, office: Office) -> None:
        other = Person("p-other", "Other Manager", MANAGER.roles)
        kept, hidden = office.receive(), office.receive()
        bar(office, hidden, other)

        for kind in ("csv", "json"):
            body = take(office, register(kind=kind), other).body
            assert kept in body
            assert hidden not in body
        assert hidden in take(office, register()).body

    def test_tells_the_same_as_json(self, office: Office) -> None:
        reference = office.receive()

        document = json.loads(take(office, register(kind="json")).body)

        (case,) = document["cases"]
        assert document["made_by"] == "Mo Manager"
        assert document["period"] == ["2026-11-20", "2026-11-20"]
        assert (case["reference"], case["stage"], case["outcome"]) == (reference, "submitted", None)
        assert case["deadlines"]["acknowledge"] == {
            "due_on": "2026-11-24",
            "done_on": None,
            "state": "open",
        }

    def test_of_a_period_without_cases_has_its_headings(self, office: Office) -> None:
        response = take(office, register("2025-01-01", "2025-01-31"))

        assert rows(response) == []
        assert "Reference" in response.body

    @pytest.mark.parametrize(
        ("received", "expected"),
        [
            # Until 25 October 2026, midnight in London is 23:00 UTC of the day before.
            (datetime(2026, 10, 24, 22, 59, 59, tzinfo=UTC), []),
            (datetime(2026, 10, 24, 23, 0, 0, tzinfo=UTC), ["yes"]),
            (datetime(2026, 10, 25, 23, 59, 59, tzinfo=UTC), ["yes"]),
            (datetime(2026, 10, 26, 0, 0, 0, tzinfo=UTC), []),
            (datetime(2026, 3, 28, 23, 59, 59, tzinfo=UTC), []),
        ],
    )
    def test_begins_and_ends_at_midnight_in_london_also_when_the_clocks_change(
        self, office: Office, received: datetime, expected: list[str]
    ) -> None:
        now = office.instance.clock.instant
        office.instance.clock.instant = received
        office.receive(
            date_of_death={"year": 2026, "month": 1, "day": 17},
            referrer_aware_at={"year": 2026, "month": 1, "day": 18},
        )
        office.instance.clock.instant = now

        lines = rows(take(office, register("2026-10-25", "2026-10-25")))

        assert ["yes" for _ in lines] == expected

    @pytest.mark.parametrize(
        ("first", "last", "target"),
        [
            ("--", "2026-11-20", "#register-from-day"),
            ("2026-11-20", "--", "#register-to-day"),
            ("2026-2-31", "2026-11-20", "#register-from-day"),
            ("2026-11-20", "2026-11-19", "#register-to-day"),
            ("2026-11-21", "2026-11-21", "#register-from-day"),
            ("1999-12-31", "2026-11-20", "#register-from-day"),
            ("26-11-1", "2026-11-20", "#register-from-day"),
            ("2026-11-20", "9999-12-31", "#register-to-day"),
            ("2026-11-20", "99999-1-1", "#register-to-day"),
            ("2026-x-1", "2026-11-20", "#register-from-day"),
        ],
    )
    def test_of_an_odd_period_is_refused_beside_its_boxes(
        self, office: Office, first: str, last: str, target: str
    ) -> None:
        page = office.at_desk().get(register(first, last))

        assert page.status == 422
        assert page.error_targets == [target]
        assert page.title.startswith("Error: ")
        assert set(page.error_targets) <= {f"#{one}" for one in page.ids()}
        assert "exported the register" not in office.actions()

    def test_without_anything_chosen_asks_for_it(self, office: Office) -> None:
        page = office.at_desk().get(REGISTER)

        assert page.status == 422
        assert page.errors == ["Choose a kind of file"]

    @pytest.mark.parametrize("more", [{"kind": "exe"}, {"stream": "pets"}])
    def test_of_something_that_is_not_offered_is_refused(
        self, office: Office, more: dict[str, str]
    ) -> None:
        assert office.at_desk().get(register(**more)).status == 422

    def test_of_more_cases_than_a_file_takes_asks_for_a_shorter_period(
        self, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(export_register, "MOST_CASES", 1)
        office.receive()
        office.receive()

        page = office.at_desk().get(register())

        assert page.error_targets == ["#register-to-day"]
        assert "shorter period" in page.errors[0]

    def test_that_is_too_large_asks_for_a_shorter_period(
        self, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(download, "MOST_BYTES", 1000)
        office.receive()

        page = office.at_desk().get(register())

        assert (page.status, page.error_targets) == (422, ["#register-to-day"])

    def test_is_in_the_audit_trail_without_anything_of_a_case(self, office: Office) -> None:
        office.receive()
        take(office, register("2026-11-01", "2026-11-30"))

        entry = last_entry(office)
        assert (entry.action, entry.actor, entry.reference) == (
            "exported the register",
            "p-manager",
            "",
        )
        assert entry.details == {
            "of": "2026-11-01 to 2026-11-30",
            "stream": "all",
            "as": "csv",
            "cases": "1",
        }
