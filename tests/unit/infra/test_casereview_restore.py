"""`casereview restore assume-sent`: what had been sent before the failure is not sent again."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import typer

from chalicelib.referrals.delivery import Kind, State
from chalicelib.use_cases import work_on_case
from chalicelib.use_cases.keep_or_dispose import take_back_approval
from infra.casereview.arguments import read_instant
from infra.casereview.restore_check import held
from tests.unit.infra.command import done, reached, run, suffolk, suspended
from tests.unit.use_cases.disposing import MANAGER, a_closed_case, approve, let_years_pass
from tests.unit.use_cases.instance import Instance, an_instance

BEFORE = ("restore", "assume-sent", "--before", "2026-11-20T15:00")


@pytest.fixture
def instance(monkeypatch: pytest.MonkeyPatch) -> Instance:
    """A referral received at 14:30 and suspended before anything was sent."""
    instance = suffolk(monkeypatch)
    instance.submit("adult")
    instance.clock.move(hours=2)
    return reached(monkeypatch, suspended(instance))


@pytest.mark.parametrize(
    ("text", "understood"),
    [
        ("2026-12-01T10:00", datetime(2026, 12, 1, 10, tzinfo=UTC)),
        ("2026-07-01T10:00", datetime(2026, 7, 1, 9, tzinfo=UTC)),
        ("2026-07-01T10:00Z", datetime(2026, 7, 1, 10, tzinfo=UTC)),
        ("2026-07-01T10:00:30+01:00", datetime(2026, 7, 1, 9, 0, 30, tzinfo=UTC)),
        ("2026-10-25T01:30+00:00", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
    ],
)
def test_a_time_is_londons_unless_it_has_an_offset(text: str, understood: datetime) -> None:
    assert read_instant(text) == understood


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-01",
        "2026-12-01 10:00",
        "1/12/2026T10:00",
        "2026-13-01T10:00",
        "2026-12-01T24:30",
        "20261201T1000",
        "0001-01-01T00:00+01:00",
        "2026-10-25T01:30",  # twice
        "2026-03-29T01:30",  # never
    ],
)
def test_a_time_that_is_none_or_two_is_refused(text: str) -> None:
    with pytest.raises(typer.BadParameter):
        read_instant(text)


def test_it_says_which_instant_it_understood(instance: Instance) -> None:
    said = done("restore", "assume-sent", "--before", "2026-11-20T14:00-01:00", "--yes")

    assert "20 November 2026 at 3:00pm in London (2026-11-20T15:00:00Z)" in said


def test_what_had_been_due_is_taken_as_sent(instance: Instance) -> None:
    said = done(*BEFORE, "--yes")

    assert "Emails taken as sent: 2." in said
    assert instance.only(Kind.TEAM_EMAIL).message_id == "assumed sent"
    assert instance.mailer.sent == []


def test_it_asks_first(instance: Instance) -> None:
    assert "will never be sent. Go on? [y/N]" in done(*BEFORE, answer="y\n")
    assert instance.only(Kind.TEAM_EMAIL).state is State.SENT


@pytest.mark.parametrize("answer", ["n\n", "\n", ""])
def test_without_a_yes_nothing_is_done(instance: Instance, answer: str) -> None:
    assert run(*BEFORE, answer=answer).exit_code == 1
    assert instance.only(Kind.TEAM_EMAIL).state is State.PENDING


def test_an_instance_that_sends_is_refused(
    monkeypatch: pytest.MonkeyPatch, instance: Instance
) -> None:
    sending = suffolk(monkeypatch)
    sending.submit("adult")
    sending.clock.move(hours=2)

    result = run(*BEFORE, "--yes")

    assert result.exit_code == 1
    assert "Suspend it first" in result.stderr
    assert sending.only(Kind.TEAM_EMAIL).state is State.PENDING


def test_a_time_to_come_is_refused(instance: Instance) -> None:
    # Reminders that nobody has had would never be sent.
    result = run("restore", "assume-sent", "--before", "2026-11-24T09:00", "--yes")

    assert result.exit_code == 1
    assert "has not come yet" in result.stderr
    assert instance.only(Kind.TEAM_EMAIL).state is State.PENDING


def test_other_rules_than_the_instances_are_refused(instance: Instance) -> None:
    instance.services.cases.use_rules("of another folder")

    assert run(*BEFORE, "--yes").exit_code == 1
    assert instance.only(Kind.TEAM_EMAIL).state is State.PENDING


def test_a_time_that_cannot_be_read_ends_with_2(instance: Instance) -> None:
    assert run("restore", "assume-sent", "--before", "yesterday").exit_code == 2


def test_a_check_names_the_cases_that_would_be_deleted_and_those_with_conflicts() -> None:
    instance = an_instance()
    taken_back, waiting = a_closed_case(instance), a_closed_case(instance)
    barring = instance.submit("adult").reference
    work_on_case.bar(instance.services, barring, "p", "P", "Kin", MANAGER, 1)
    let_years_pass(instance)
    for reference in (taken_back, waiting):
        approve(instance, reference)
    version = instance.table.cases[taken_back].version
    take_back_approval(instance.services, taken_back, "A claim", MANAGER, version)

    found = held(instance.services, {}, [taken_back, waiting, barring])

    assert (found.disposals, found.conflicts) == ((waiting,), (barring,))
