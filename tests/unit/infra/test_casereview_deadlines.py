"""`casereview deadlines` and `casereview calendar`: what a business manager checks the rules by."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from typer.testing import CliRunner, Result

from infra.casereview.__main__ import app
from infra.casereview.sheet import short
from infra.paths import FORMS

PARTNERSHIPS = sorted(path.parent.name for path in FORMS.glob("partnerships/*/partnership.toml"))
FRIDAY = "2026-12-18"


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 20, 12, tzinfo=UTC), tick=False):
        yield


def run(*arguments: str, columns: int = 80) -> Result:
    return CliRunner().invoke(app, arguments, env={"COLUMNS": str(columns), "TERM": "dumb"})


def deadlines(partnership: str, *options: str, columns: int = 80) -> str:
    result = run("deadlines", partnership, "--from", FRIDAY, *options, columns=columns)
    assert result.exit_code == 0, result.output
    return result.stdout


def rows(partnership: str, *options: str) -> dict[str, dict[str, Any]]:
    found = json.loads(deadlines(partnership, "--json", *options))["deadlines"]
    return {f"{row['cases']} {row['rule']}": row for row in found}


def unwrapped(text: str) -> str:
    return " ".join(text.split())


def test_a_rule_shows_its_date_its_reason_its_reminders_and_who_acts() -> None:
    said = unwrapped(deadlines("salford"))

    assert (
        "Wed 13 Jan 2027 Complete the rapid review and send it to the national Panel (rapid-review)"
        " 15 working days after Friday 18 December 2026 (Serious Incident Notification sent to the"
        " national Panel), skipping 4 weekends, Christmas Day, Boxing Day (substitute day) and New"
        " Year’s Day." in said
    )
    assert "Reminders: Tue 29 Dec 2026, Wed 6 Jan 2027, Mon 11 Jan 2027, Wed 13 Jan 2027" in said
    assert "If late: Thu 14 Jan 2027, then every working day." in said


@pytest.mark.parametrize("partnership", PARTNERSHIPS)
@pytest.mark.parametrize("columns", [50, 66, 80, 200])
def test_every_due_date_and_reminder_is_whole_at_any_width(partnership: str, columns: int) -> None:
    lines = deadlines(partnership, columns=columns).splitlines()
    edge = len("Wed 30 Dec 2026  ")
    due = [line[:edge].strip() for line in lines]

    for row in rows(partnership).values():
        assert short(date.fromisoformat(row["due_on"])) in due
        for day in row["reminders"]:
            assert any(short(date.fromisoformat(day)) in line[edge:] for line in lines)
    assert max(len(line) for line in lines) <= min(columns, 120)


@pytest.mark.parametrize("partnership", PARTNERSHIPS)
def test_every_rule_of_a_partnership_is_there(partnership: str) -> None:
    document = (FORMS / "partnerships" / partnership / "partnership.toml").read_text()
    written = {
        line.split('"')[1]
        for line, above in zip(document.splitlines()[1:], document.splitlines(), strict=False)
        if above == "[[deadlines]]"
    }

    assert {row["rule"] for row in rows(partnership).values()} == written


def test_one_stream_leaves_the_other_out() -> None:
    assert {key.split()[0] for key in rows("suffolk", "--stream", "child")} == {"child"}


def test_the_partnerships_own_year_counts_from_its_next_end() -> None:
    (report,) = [row for key, row in rows("suffolk").items() if key.startswith("partnership")]

    assert report["counted_from"]["on"] == "2027-03-31"


def test_clocks_of_one_duty_stand_together_with_a_note() -> None:
    said = unwrapped(deadlines("salford"))
    clocks = said[: said.index("(rapid-review-cautious)")].rpartition("readings of one duty")[2]

    assert "(rapid-review)" in clocks
    assert clocks.count("Status:") == 1


def test_a_prompt_and_a_date_that_is_only_shown_are_marked() -> None:
    said = unwrapped(deadlines("suffolk"))

    assert "A prompt: never overdue" in said
    assert "Shown to staff only: nobody is reminded." in said


def test_a_due_date_that_is_no_working_day_says_by_when_to_act() -> None:
    result = run("deadlines", "suffolk", "--from", "2026-08-31")

    assert result.exit_code == 0
    assert "Sun 28 Feb 2027" in result.stdout
    assert "act by\nFri 26 Feb 2027" in "\n".join(
        line[:15].strip() for line in result.stdout.splitlines()
    )


def test_nobody_is_reminded_before_it_began() -> None:
    document = json.loads(run("deadlines", "suffolk", "--from", "2026-12-19", "--json").stdout)
    (row,) = (row for row in document["deadlines"] if row["rule"] == "rapid-review-summaries")

    assert min(row["reminders"]) == "2026-12-19"


def test_what_is_counted_back_is_reminded_before_its_trigger() -> None:
    row = rows("suffolk")["child lcspr-report-to-panel"]

    assert max(row["reminders"]) < row["due_on"] < FRIDAY


def test_without_a_date_it_counts_from_today() -> None:
    document = json.loads(run("deadlines", "salford", "--json").stdout)

    assert document["from"] == "2026-11-20"


def test_no_warning_is_shown_while_the_bank_holidays_are_known() -> None:
    assert "Bank holidays are known up to" not in deadlines("salford")


def test_the_warning_about_the_calendar_comes_first() -> None:
    with time_machine.travel(datetime(2028, 2, 1, 12, tzinfo=UTC), tick=False):
        assert deadlines("salford").startswith("Bank holidays are known up to 31 December 2028;")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere"], f"there is no partnership 'nowhere'. There are: {', '.join(PARTNERSHIPS)}."),
        (["salford", "--from", "18/12/2026"], "'18/12/2026' is not a date."),
        (["salford", "--from", "2026-02-30"], "'2026-02-30' is not a date."),
        (["salford", "--from", "20261218"], "'20261218' is not a date."),
        (["salford", "--stream", "adult"], "salford takes no adult cases, only child."),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_write(arguments: list[str], said: str) -> None:
    result = run("deadlines", *arguments)

    assert result.exit_code == 2
    assert said in unwrapped(result.stderr)
    assert "Traceback" not in result.output


def test_a_file_with_faults_shows_them_instead_of_dates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forms = tmp_path / "forms"
    shutil.copytree(FORMS, forms)
    file = forms / "partnerships" / "salford" / "partnership.toml"
    file.write_text(file.read_text().replace('unit = "months"', 'unit = "moons"', 1))
    monkeypatch.setattr("infra.casereview.arguments.FORMS", forms)

    result = run("deadlines", "salford", "--from", FRIDAY)

    assert result.exit_code == 1
    assert result.stdout == ""
    assert "unit" in result.stderr
    assert "partnership.toml" in result.stderr


def test_the_calendar_names_the_bank_holidays_to_come_and_where_they_end() -> None:
    lines = run("calendar", "salford").stdout.splitlines()

    assert lines[:2] == [
        "Friday 25 December 2026: Christmas Day",
        "Monday 28 December 2026: Boxing Day (substitute day)",
    ]
    assert lines[-1] == "Known up to Sunday 31 December 2028."


def test_the_calendar_warns_too() -> None:
    with time_machine.travel(datetime(2028, 2, 1, 12, tzinfo=UTC), tick=False):
        assert "Bring the package govuk-bank-holidays" in run("calendar", "salford").stderr


def test_without_arguments_it_says_what_there_is() -> None:
    said = run().output

    assert all(f"  {name} " in said for name in ("deadlines", "calendar", "case"))
