"""`casereview case`: see a case, record its dates, settle what is due."""

from __future__ import annotations

import getpass
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from botocore.exceptions import ClientError
from typer.testing import CliRunner, Result

from chalicelib.referrals.case import DeadlineState
from chalicelib.use_cases.ports import StoreBusy
from infra.casereview.__main__ import app
from infra.casereview.instance import Unreached
from tests.unit.use_cases.instance import Instance, an_instance


@pytest.fixture
def suffolk(monkeypatch: pytest.MonkeyPatch) -> Instance:
    instance = an_instance("suffolk")
    monkeypatch.setattr("infra.casereview.case.connect", lambda **_: instance.services)
    return instance


@pytest.fixture
def reference(suffolk: Instance) -> str:
    return suffolk.submit("child").reference


def run(*arguments: str) -> Result:
    return CliRunner().invoke(
        app, ["case", *arguments, "--local"], env={"COLUMNS": "100", "TERM": "dumb"}
    )


def done(*arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return " ".join(result.stdout.split())


def test_a_case_shows_its_deadlines_and_why(reference: str) -> None:
    said = done("show", reference)

    assert (
        "Tue 24 Nov 2026 Acknowledge the referral (acknowledge) open"
        " 2 working days after Friday 20 November 2026 (the referral was received),"
        " skipping 1 weekend." in said
    )
    assert "Reminders to come: Mon 23 Nov 2026, Tue 24 Nov 2026" in said


def test_a_case_shows_what_has_not_started_and_what_it_waits_for(reference: str) -> None:
    assert "Rapid review started" in done("show", reference).partition("Waits for")[2]


def test_no_answer_is_ever_shown(reference: str) -> None:
    assert "anary" not in done("show", reference)


def test_a_date_on_the_form_that_starts_no_clock_is_not_repeated(suffolk: Instance) -> None:
    # Told of only as the form's, as it is an answer.
    reference = suffolk.submit("child").reference

    assert "incident_on Incident happened from the form" in done("show", reference)


def test_a_reference_may_be_typed_in_small_letters(reference: str) -> None:
    assert reference in done("show", reference.lower())


def test_an_overdue_deadline_says_so(suffolk: Instance, reference: str) -> None:
    suffolk.clock.move(days=10)

    assert "Acknowledge the referral (acknowledge) overdue" in done("show", reference)


def test_a_recorded_date_starts_the_clocks_that_count_from_it(reference: str) -> None:
    said = done("record-date", reference, "sin_sent_on", "2026-11-20")

    assert "Fri 11 Dec 2026 Complete the rapid review" in said
    assert "Before: not running." in said
    assert "Before: due Thu 26 Nov 2026, open." in said


def test_a_change_shows_only_the_duties_that_it_changed(reference: str) -> None:
    assert "Acknowledge" not in done("record-date", reference, "sin_sent_on", "2026-11-20")


def test_a_date_that_is_not_known_after_all_stops_its_clocks(
    suffolk: Instance, reference: str
) -> None:
    done("record-date", reference, "sin_sent_on", "2026-11-20")

    said = done("record-date", reference, "sin_sent_on", "unknown")

    assert "Not running any more: Complete the rapid review" in said
    case = suffolk.services.cases.find(reference)
    assert case is not None
    assert case.deadline("rapid-review") is None


def test_the_same_date_again_changes_nothing(reference: str) -> None:
    done("record-date", reference, "sin_sent_on", "2026-11-20")

    said = done("record-date", reference, "sin_sent_on", "2026-11-20")

    assert said == "Nothing changed."


def state(suffolk: Instance, reference: str, rule: str) -> tuple[DeadlineState, date | None]:
    case = suffolk.services.cases.find(reference)
    deadline = case.deadline(rule) if case else None
    assert deadline is not None
    return deadline.state, deadline.closed_on


def test_a_deadline_is_met_today_unless_told_otherwise(suffolk: Instance, reference: str) -> None:
    suffolk.clock.move(days=3)

    done("meet", reference, "acknowledge")

    assert state(suffolk, reference, "acknowledge") == (DeadlineState.MET, date(2026, 11, 23))


def test_a_deadline_is_met_on_the_day_that_is_given(suffolk: Instance, reference: str) -> None:
    suffolk.clock.move(days=3)

    done("meet", reference, "acknowledge", "--on", "2026-11-21")

    assert state(suffolk, reference, "acknowledge") == (DeadlineState.MET, date(2026, 11, 21))


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("withdraw", DeadlineState.WITHDRAWN),
        ("set-aside", DeadlineState.NOT_APPLICABLE),
    ],
)
def test_a_deadline_is_settled_with_its_reason(
    suffolk: Instance, reference: str, command: str, expected: DeadlineState
) -> None:
    said = done(command, reference, "partners-decide", "--reason", "Duplicate")

    assert "Duplicate" in said
    assert state(suffolk, reference, "partners-decide")[0] is expected


def test_a_settled_deadline_is_put_in_force_again(suffolk: Instance, reference: str) -> None:
    done("withdraw", reference, "partners-decide", "--reason", "Duplicate")

    done("put-in-force", reference, "partners-decide", "--reason", "No duplicate")

    assert state(suffolk, reference, "partners-decide")[0] is DeadlineState.OPEN


def last_actor(suffolk: Instance) -> str:
    return suffolk.table.audit[-1].actor


def test_the_audit_trail_names_who_gave_the_command(suffolk: Instance, reference: str) -> None:
    done("meet", reference, "acknowledge", "--as", "Ann Example")

    assert last_actor(suffolk) == "command: Ann Example"


def test_without_a_name_the_login_is_recorded(
    suffolk: Instance, reference: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: "ann")

    done("meet", reference, "acknowledge")

    assert last_actor(suffolk) == "command: ann"


@pytest.mark.parametrize("name", ["", " ", "a\nb", "a" * 101])
def test_a_name_that_cannot_be_recorded_is_refused(
    suffolk: Instance, reference: str, name: str
) -> None:
    result = run("meet", reference, "acknowledge", "--as", name)

    assert result.exit_code == 2
    assert state(suffolk, reference, "acknowledge")[0] is DeadlineState.OPEN


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["show", "SUF-NONE"], "There is no case with this reference."),
        (["meet", "{}", "no-such"], "There is no deadline called no-such."),
        (["meet", "{}", "acknowledge", "--on", "2026-12-01"], "has not come yet"),
        (["record-date", "{}", "no_such", "2026-11-20"], "There is no date called no_such."),
        (["withdraw", "{}", "acknowledge", "--reason", " "], "Give the reason."),
    ],
)
def test_what_is_not_possible_is_refused_with_the_reason(
    reference: str, arguments: list[str], said: str
) -> None:
    result = run(*(argument.format(reference) for argument in arguments))

    assert result.exit_code == 1
    assert said in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["record-date", "{}", "sin_sent_on", "yesterday"],
        ["meet", "{}", "acknowledge", "--on", "1/12/2026"],
        ["withdraw", "{}", "acknowledge"],
    ],
)
def test_what_cannot_be_read_is_refused(reference: str, arguments: list[str]) -> None:
    assert run(*(argument.format(reference) for argument in arguments)).exit_code == 2


def test_other_rules_than_the_cases_change_nothing(suffolk: Instance, reference: str) -> None:
    case = suffolk.table.cases[reference]
    suffolk.table.cases[reference] = replace(case, rules_version="of another folder")

    result = run("meet", reference, "acknowledge")

    assert result.exit_code == 1
    assert "rules are not those that the case follows" in result.stderr
    assert suffolk.table.cases[reference].version == case.version


@pytest.mark.parametrize("options", [[], ["--local", "--stack", "name"]])
def test_it_wants_to_know_which_instance(options: list[str]) -> None:
    result = CliRunner().invoke(app, ["case", "show", "SUF-NONE", *options])

    assert result.exit_code == 2
    assert "either --stack NAME or --local" in result.stderr


DENIED = ClientError({"Error": {"Code": "AccessDeniedException", "Message": "arn:secret"}}, "Get")


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (Unreached("Start it first."), "Start it first."),
        (StoreBusy(), "Give the same command again"),
        (DENIED, "AWS refused (AccessDeniedException)"),
    ],
    ids=["no instance", "busy", "denied"],
)
def test_an_instance_that_is_not_reached_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, failure: Exception, said: str
) -> None:
    def fail(**_: Any) -> None:
        raise failure

    monkeypatch.setattr("infra.casereview.case.connect", fail)

    result = run("show", "SUF-NONE")

    assert result.exit_code == 3
    assert said in result.stderr
    assert "secret" not in result.output
