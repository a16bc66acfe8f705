"""`casereview reconcile` and `tidy-schedules`: by hand what the instance does by itself."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.referrals.clocks import clocks_of
from chalicelib.referrals.delivery import Kind, State
from chalicelib.use_cases.ports import MailFailed, MailRejected, ScheduleFailed, StoreBusy
from chalicelib.use_cases.recompute_deadlines import NotAllRecomputed
from tests.unit.infra.command import done, reached, run, suffolk, suspended
from tests.unit.use_cases.instance import Instance


@pytest.fixture
def instance(monkeypatch: pytest.MonkeyPatch) -> Instance:
    """One referral whose outbox nobody looked at for two minutes."""
    instance = suffolk(monkeypatch)
    instance.submit("adult")
    instance.services.cases.use_rules(version(instance))
    instance.clock.move(minutes=2)
    return instance


def version(instance: Instance) -> str:
    return clocks_of(instance.services.partnership, "", "").version


def test_what_was_left_undone_is_done_and_told(instance: Instance) -> None:
    said = done("reconcile")

    assert "Overdue deliveries: 3 done." in said
    assert instance.only(Kind.TEAM_EMAIL).state is State.SENT


def test_it_goes_on_until_nothing_is_found(instance: Instance) -> None:
    for _ in range(20):  # 60 more deliveries: more than one run takes
        instance.submit("adult")
    instance.clock.move(minutes=2)

    assert "Overdue deliveries: 63 done." in done("reconcile")


def test_one_run_is_one_run(instance: Instance) -> None:
    for _ in range(20):
        instance.submit("adult")
    instance.clock.move(minutes=2)

    assert "Overdue deliveries: 50 done." in done("reconcile", "--once")


def test_nothing_to_do_says_so(instance: Instance) -> None:
    done("reconcile")

    assert "No delivery was overdue." in done("reconcile")


def test_what_does_not_get_through_is_told_apart(instance: Instance) -> None:
    instance.mailer.failures += [MailRejected("MessageRejected"), MailFailed("Timeout")]

    said = done("reconcile")

    assert "1 done, 1 to be tried again later, 1 refused for good" in said
    assert "Deliveries that need a person: 1. See: casereview deliveries" in said


def test_emails_of_which_nothing_was_heard_are_counted(
    monkeypatch: pytest.MonkeyPatch, instance: Instance
) -> None:
    instance = suffolk(monkeypatch, expects_feedback=True)
    instance.submit("adult")
    instance.clock.move(minutes=2)
    done("reconcile")
    instance.clock.move(hours=5)

    assert "Emails to the team of which nothing was heard in time: 1." in done("reconcile")


def test_the_counts_are_given_to_another_program(instance: Instance) -> None:
    instance.mailer.failures.append(MailRejected("MessageRejected"))

    assert json.loads(run("reconcile", "--json").stdout) == {
        "runs": 2,
        "found": 3,
        "sent": 2,
        "waiting": 0,
        "failed": 1,
        "cancelled": 0,
        "suspended": 0,
        "raised": 0,
        "unconfirmed": 0,
        "needs_person": 1,
        "recomputed": 0,
        "not_recomputed": [],
    }


def test_while_sending_is_suspended_it_ends_and_says_so(
    monkeypatch: pytest.MonkeyPatch, instance: Instance
) -> None:
    reached(monkeypatch, suspended(instance))

    assert "3 left, as sending is suspended" in done("reconcile")
    assert instance.mailer.sent == []


def test_what_the_store_did_not_take_ends_with_3(
    monkeypatch: pytest.MonkeyPatch, instance: Instance
) -> None:
    def busy(*_: Any, **__: Any) -> None:
        raise StoreBusy

    monkeypatch.setattr(instance.outbox, "lease", busy)

    result = run("reconcile")

    assert result.exit_code == 3
    assert "3 not recorded" in result.stdout
    assert "give the same command again" in result.stderr


def test_an_instance_of_which_no_case_was_computed_yet_is_computed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    instance = suffolk(monkeypatch)

    done("reconcile")

    assert (instance.services.cases.rules_in_use() or "").startswith(version(instance))


def test_with_other_rules_than_the_instances_nothing_is_sent(instance: Instance) -> None:
    instance.services.cases.use_rules("of another folder")

    result = run("reconcile")

    assert result.exit_code == 1
    assert "rules are not those that the instance follows" in result.stderr
    assert instance.mailer.sent == []


@pytest.mark.parametrize("marker", ["{} passing", "{} again after 2026-11-20T15:30:00.000000Z"])
def test_an_instance_that_is_being_brought_to_these_rules_is_put_right(
    instance: Instance, marker: str
) -> None:
    instance.services.cases.use_rules(marker.format(version(instance)))

    assert "Overdue deliveries: 3 done." in done("reconcile")


def test_a_case_that_cannot_be_recomputed_is_named_and_holds_back_no_delivery(
    monkeypatch: pytest.MonkeyPatch, instance: Instance
) -> None:
    def fail(_: Any) -> int:
        raise NotAllRecomputed(["SUF-B3KT-9WXM"])

    monkeypatch.setattr("infra.casereview.putting_right.recompute_deadlines", fail)

    said = done("reconcile", code=1)

    assert "Cases that could not be recomputed: SUF-B3KT-9WXM." in said
    assert "Overdue deliveries: 3 done." in said


def test_deliveries_are_told_even_if_recomputing_ends_the_command(
    monkeypatch: pytest.MonkeyPatch, instance: Instance
) -> None:
    def fail(_: Any) -> int:
        raise StoreBusy

    monkeypatch.setattr("infra.casereview.putting_right.recompute_deadlines", fail)

    assert "Overdue deliveries: 3 done." in done("reconcile", code=3)


def test_the_folder_that_was_deployed_may_bring_all_cases_to_its_rules(instance: Instance) -> None:
    reference = instance.submit("adult").reference
    for each in instance.table.cases.values():
        instance.table.cases[each.reference] = replace(each, rules_version="older")
    instance.services.cases.use_rules("older")

    said = done("reconcile", "--recompute")

    assert "Cases recomputed by this folder's rules: 2." in said
    assert (instance.services.cases.rules_in_use() or "").startswith(version(instance))
    case = instance.services.cases.find(reference)
    assert case is not None
    assert case.rules_version != "older"


def test_schedules_that_are_missing_are_made_and_others_removed(instance: Instance) -> None:
    done("reconcile")
    made = len(instance.schedules.kept)
    instance.schedules.kept.pop(min(instance.schedules.kept))
    instance.schedules.put(
        "SUF-NONE-acknowledge-20261124-20261123",
        at=instance.clock.now() + timedelta(days=1),
        reference="SUF-NONE",
        reminder="acknowledge#20261124#20261123",
    )

    assert done("tidy-schedules") == "Schedules made: 1, removed: 1."
    assert len(instance.schedules.kept) == made


def test_tidying_gives_its_counts_to_another_program(instance: Instance) -> None:
    done("reconcile")

    assert json.loads(run("tidy-schedules", "--json").stdout) == {"made": 0, "removed": 0}


def test_schedules_are_left_as_they_are_while_sending_is_suspended(
    monkeypatch: pytest.MonkeyPatch, instance: Instance
) -> None:
    reached(monkeypatch, suspended(instance))

    result = run("tidy-schedules")

    assert result.exit_code == 1
    assert "Sending is suspended" in result.stderr


def test_a_scheduler_that_refuses_is_told_with_its_code(instance: Instance) -> None:
    instance.schedules.failures.append(ScheduleFailed("ThrottlingException"))

    result = run("tidy-schedules")

    assert result.exit_code == 3
    assert "ThrottlingException" in result.stderr
