"""The audit trail as a file, whole and in parts."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest

from chalicelib.web.staff import export_files
from tests.unit.web.staff.conftest import (
    ADMIN,
    AUDITOR,
    Office,
)
from tests.unit.web.staff.exported import (
    AUDIT,
    bar,
    last_entry,
    rows,
    take,
    trail,
)


class TestTheAuditTrail:
    def test_of_some_days_is_oldest_first_and_has_what_the_page_has(self, office: Office) -> None:
        reference = office.receive()
        office.instance.clock.move(days=1)
        office.open(reference)

        lines = rows(take(office, trail("2026-11-20", "2026-11-21"), AUDITOR))

        assert [(line["What was done"], line["Reference"]) for line in lines] == [
            ("submitted", reference),
            ("opened a case", reference),
        ]
        assert (lines[1]["At (UTC)"], lines[1]["Name"], lines[1]["Person"]) == (
            "2026-11-21 14:30:00",
            "Mo Manager",
            "p-manager",
        )

    def test_of_a_case_has_all_its_days_and_nothing_of_others(self, office: Office) -> None:
        reference, other = office.receive(), office.receive()
        office.instance.clock.move(days=60)
        office.open(reference)

        typed = reference.lower().replace("-", " ")
        path = f"{AUDIT}?{urlencode({'audit-reference': typed, 'audit-kind': 'csv'})}"
        response = take(office, path, AUDITOR)

        assert [line["What was done"] for line in rows(response)] == ["submitted", "opened a case"]
        assert other not in response.body
        assert last_entry(office).reference == reference
        assert last_entry(office).details == {"of": "a case", "as": "csv"}

    def test_tells_the_same_as_json(self, office: Office) -> None:
        reference = office.receive()

        document = json.loads(take(office, trail(kind="json"), AUDITOR).body)

        (entry,) = document["entries"]
        assert (entry["action"], entry["reference"]) == ("submitted", reference)
        assert entry["at"] == "2026-11-20T14:30:00.000000Z"

    def test_leaves_out_cases_that_the_person_is_barred_from(self, office: Office) -> None:
        kept, hidden = office.receive(), office.receive()
        bar(office, hidden, AUDITOR)

        body = take(office, trail(), AUDITOR).body

        assert kept in body
        assert hidden not in body
        of_case = f"{AUDIT}?audit-reference={hidden}&audit-kind=csv"
        assert take(office, of_case, AUDITOR).status == 403
        assert last_entry(office).details["why"] == "conflict of interest"

    def test_shows_whoever_runs_the_service_no_details_of_a_case(self, office: Office) -> None:
        reference = office.receive()
        office.open(reference, "acknowledge")
        office.at_desk().fill()

        lines = rows(take(office, trail(), ADMIN))

        assert {line["Details"] for line in lines if line["Reference"]} == {""}

    @pytest.mark.parametrize(
        ("first", "last", "target"),
        [
            ("2026-10-20", "2026-11-20", "#audit-to-day"),
            ("2026-11-21", "2026-11-22", "#audit-from-day"),
            ("--", "--", "#audit-from-day"),
        ],
    )
    def test_of_an_odd_period_is_refused_beside_its_boxes(
        self, office: Office, first: str, last: str, target: str
    ) -> None:
        page = office.at_desk(AUDITOR).get(trail(first, last))

        assert page.status == 422
        assert page.error_targets[0] == target

    def test_may_be_of_31_days(self, office: Office) -> None:
        assert take(office, trail("2026-10-21", "2026-11-20"), AUDITOR).status == 200

    @pytest.mark.parametrize("typed", ["nonsense", "SUF-AAAA-AAAA", "SUF-YEAR", "<b>", "x" * 5000])
    def test_of_what_is_no_reference_is_refused(self, office: Office, typed: str) -> None:
        path = f"{AUDIT}?{urlencode({'audit-reference': typed, 'audit-kind': 'csv'})}"

        page = office.at_desk(AUDITOR).get(path)

        assert page.error_targets == ["#audit-reference"]

    def test_of_a_case_that_there_is_not_is_refused_and_names_none(self, office: Office) -> None:
        response = take(office, f"{AUDIT}?audit-reference=SUF-BBBB-BBBB&audit-kind=csv", AUDITOR)

        assert response.status == 403
        assert last_entry(office).reference == ""

    def test_that_is_too_large_comes_in_parts_that_hold_each_entry_once(
        self, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        references = []
        for _ in range(30):
            references.append(office.receive())
            office.instance.clock.move(seconds=1)
        monkeypatch.setattr(export_files, "MOST_BYTES", 2000)

        page = office.at_desk(AUDITOR).get(trail())
        hrefs = [href for text, href in page.links.items() if text.startswith("Part ")]
        office.receive()  # what comes meanwhile is in none of them
        found = [take(office, href, AUDITOR) for href in hrefs]

        assert len(hrefs) > 3
        told = [line["Reference"] for one in found for line in rows(one)]
        assert told == references
        names = [one.headers["Content-Disposition"] for one in found]
        assert names[1] == 'attachment; filename="audit-2026-11-20-part-2.csv"'
        assert len(set(names)) == len(names)

    @pytest.mark.parametrize(
        "more", ["after=x", "until=%22%0d%0aX", "part=%22%0d%0aX", "after=9999&until=0"]
    )
    def test_of_a_part_that_there_is_not_is_the_whole(self, office: Office, more: str) -> None:
        reference = office.receive()

        response = take(office, f"{trail()}&{more}", AUDITOR)

        assert [line["Reference"] for line in rows(response)] == [reference]
