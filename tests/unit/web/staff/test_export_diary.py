"""Open deadlines as a calendar file."""

from __future__ import annotations

import pytest

from chalicelib.use_cases import export_calendar
from tests.unit.web.staff.conftest import (
    SUPPORT,
    Office,
)
from tests.unit.web.staff.exported import (
    CALENDAR,
    CANARY,
    bar,
    entries,
    last_entry,
    take,
)


class TestDeadlinesForADiary:
    def test_are_those_of_all_open_cases_by_their_due_date(self, office: Office) -> None:
        references = {office.receive("adult"), office.receive("child")}

        found = entries(take(office, CALENDAR, SUPPORT))

        days = [one.decoded("dtstart") for one in found]
        assert days == sorted(days)
        assert {str(one["summary"])[-13:] for one in found} == references

    def test_are_only_mine_when_i_ask_for_that(self, office: Office) -> None:
        mine, _ = office.receive(), office.receive()
        office.open(mine, "assign", SUPPORT)
        office.at_desk(SUPPORT).fill(assignee="me")

        found = entries(take(office, f"{CALENDAR}?whose=me", SUPPORT))

        assert found
        assert {str(one["summary"])[-13:] for one in found} == {mine}

    def test_say_nothing_of_whom_a_case_is_about(self, office: Office) -> None:
        reference = office.receive("child", abuse_status="suspected")
        office.receive("adult")

        for path in (CALENDAR, f"/staff/cases/{reference}/calendar.ics"):
            body = take(office, path).body.replace("\r\n ", "").lower()
            assert CANARY not in body
            assert not {"neglect", "death", "died", "looked-after"} & set(body.split())

    def test_keep_the_ids_that_reminders_give_them(self, office: Office) -> None:
        reference = office.receive()
        before = entries(take(office, f"/staff/cases/{reference}/calendar.ics"))
        office.instance.clock.move(days=1)

        after = entries(take(office, CALENDAR, SUPPORT))

        assert [one["uid"] for one in after] == [one["uid"] for one in before]
        assert all(b["sequence"] < a["sequence"] for b, a in zip(before, after, strict=True))

    def test_leave_out_what_is_done_and_what_is_closed(self, office: Office) -> None:
        reference = office.receive()
        office.open(reference, "acknowledge")
        office.at_desk().fill()

        found = entries(take(office, f"/staff/cases/{reference}/calendar.ics"))

        assert not any("Acknowledge" in str(one["summary"]) for one in found)

    def test_leave_out_what_the_person_is_barred_from(self, office: Office) -> None:
        kept, hidden = office.receive(), office.receive()
        bar(office, hidden, SUPPORT)

        assert hidden not in take(office, CALENDAR, SUPPORT).body
        assert kept in take(office, CALENDAR, SUPPORT).body
        answers = [
            take(office, f"/staff/cases/{one}/calendar.ics", SUPPORT)
            for one in (hidden, "SUF-BBBB-BBBB", "SUF-YEAR")
        ]
        assert {(one.status, one.body) for one in answers} == {(403, answers[0].body)}

    @pytest.mark.parametrize("path", [CALENDAR, f"{CALENDAR}?whose=me"])
    def test_that_there_are_not_are_no_file(self, office: Office, path: str) -> None:
        page = office.at_desk(SUPPORT).get(path)

        assert (page.status, page.heading) == (404, "No deadline is open")

    def test_of_more_than_a_file_takes_are_refused(
        self, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(export_calendar, "MOST_ENTRIES", 1)
        office.receive()

        page = office.at_desk(SUPPORT).get(CALENDAR)

        assert page.status == 413
        assert "assigned to you" in page.text

    def test_are_in_the_audit_trail(self, office: Office) -> None:
        reference = office.receive()
        take(office, f"/staff/cases/{reference}/calendar.ics", SUPPORT)
        assert (last_entry(office).action, last_entry(office).reference) == (
            "exported deadlines",
            reference,
        )
        take(office, f"{CALENDAR}?whose=me", SUPPORT)
        assert last_entry(office).reference == ""
