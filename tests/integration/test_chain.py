"""From a submission to the inbox, on the packaged system: API, table, stream, mail, Scheduler."""

from __future__ import annotations

import gzip
import urllib.request
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.referrals.times import local_date
from tests.integration.conftest import Submit
from tests.integration.local_run import LocalRun, waited_for

pytestmark = [pytest.mark.integration, pytest.mark.emulator]


def mails(run: LocalRun, reference: str) -> list[dict[str, Any]]:
    return [mail for mail in run.get_json("/_local/outbox.json") if reference in mail["subject"]]


def schedules(run: LocalRun, reference: str) -> list[dict[str, Any]]:
    listed = run.get_json("/_local/schedules.json")
    return [schedule for schedule in listed if schedule["input"]["reference"] == reference]


@pytest.mark.parametrize("form", ["adult", "child"])
def test_a_submitted_form_sends_the_team_an_email(
    local_run: LocalRun, submit: Submit, form: str
) -> None:
    reference = submit(local_run, form)

    mail = waited_for(lambda: mails(local_run, reference))[0]

    assert mail["to"].startswith(f"{form}-")
    assert reference in mail["text"]
    assert reference in mail["html"]


@pytest.mark.parametrize("form", ["adult", "child"])
def test_a_submitted_form_schedules_reminders(
    local_run: LocalRun, submit: Submit, form: str
) -> None:
    reference = submit(local_run, form)

    schedule = waited_for(lambda: schedules(local_run, reference))[0]

    assert schedule["name"].startswith(reference)
    assert set(schedule["input"]) == {"reference", "reminder"}


def test_a_fired_reminder_arrives_once_and_its_schedule_is_gone(
    local_run: LocalRun, submit: Submit
) -> None:
    reference = submit(local_run, "adult")
    name = waited_for(lambda: schedules(local_run, reference))[0]["name"]
    waited_for(lambda: mails(local_run, reference))
    before = len(mails(local_run, reference))

    status, _ = local_run.ask("POST", f"/_local/schedules/{name}/fire")

    assert status == 200
    assert len(mails(local_run, reference)) == before + 1
    assert name not in [schedule["name"] for schedule in schedules(local_run, reference)]
    assert local_run.ask("POST", f"/_local/schedules/{name}/fire")[0] == 404


def test_a_schedule_some_seconds_ahead_fires_by_itself_and_the_reminder_arrives(
    local_run: LocalRun, submit: Submit
) -> None:
    reference = submit(local_run, "adult")
    name = waited_for(lambda: schedules(local_run, reference))[0]["name"]
    waited_for(lambda: mails(local_run, reference))

    local_run.bring_forward(name, seconds=2)

    reminder = waited_for(
        lambda: [mail for mail in mails(local_run, reference) if "reminder" in mail["subject"]],
        seconds=60,
    )[0]
    assert f"Reference: {reference}" in reminder["text"]
    (calendar_file,) = reminder["attachments"]
    assert "BEGIN:VEVENT" in calendar_file["text"]
    assert reference in calendar_file["text"]
    waited_for(lambda: name not in [one["name"] for one in schedules(local_run, reference)])


def test_a_date_recorded_by_the_command_moves_the_schedules_of_the_running_system(
    local_run: LocalRun, submit: Submit
) -> None:
    reference = submit(local_run, "adult")
    waited_for(lambda: schedules(local_run, reference))
    today = local_date(datetime.now(UTC)).isoformat()

    said = local_run.casereview("case", "record-date", reference, "acknowledged_on", today)

    assert said.returncode == 0, said.stderr
    waited_for(
        lambda: (
            not any(
                one["input"]["reminder"].startswith("acknowledge")
                for one in schedules(local_run, reference)
            )
        )
    )


def test_a_form_can_be_opened_with_no_trace_of_the_stage_in_its_address(
    local_run: LocalRun,
) -> None:
    status, page = local_run.ask("GET", "/adult")

    assert status == 200
    assert b"/live/" not in page


def test_the_stylesheet_that_a_page_names_is_served(local_run: LocalRun) -> None:
    page = local_run.ask("GET", "/")[1].decode()
    address = page.split('<link rel="stylesheet" href="')[1].split('"')[0]

    status, css = local_run.ask("GET", address)

    assert status == 200
    assert b"govuk-" in css


def test_an_unknown_page_is_our_own_404(local_run: LocalRun) -> None:
    status, page = local_run.ask("GET", "/no/such/page")

    assert status == 404
    assert b"govuk-template" in page


@pytest.mark.parametrize(
    "body", [b"\xff\xfe", b"a=%00", b"a=b&" * 10_000, b"x=" + b"y" * 1_000_000]
)
def test_bad_bytes_are_never_an_internal_error(local_run: LocalRun, body: bytes) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}

    status, _ = local_run.ask("POST", "/adult/your-details", body, headers)

    assert status < 500


def test_a_page_is_compressed_for_who_asks_for_it(local_run: LocalRun) -> None:
    request = urllib.request.Request(f"{local_run.base}/", headers={"Accept-Encoding": "gzip"})

    with urllib.request.urlopen(request, timeout=30) as answer:
        content = answer.read()

    assert answer.headers["Content-Encoding"] == "gzip"
    assert b"govuk-template" in gzip.decompress(content)


def test_the_local_pages_show_mail_and_a_button_for_each_reminder(
    local_run: LocalRun, submit: Submit
) -> None:
    reference = submit(local_run, "child")
    waited_for(lambda: mails(local_run, reference))
    waited_for(lambda: schedules(local_run, reference))

    page = local_run.ask("GET", "/_local/")[1].decode()

    assert f"{reference}</a>" in page
    assert f'action="/_local/schedules/{reference}' in page
