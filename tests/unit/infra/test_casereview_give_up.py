"""`casereview give-up`: tell no more of what failed."""

from __future__ import annotations

import pytest

from chalicelib.referrals.delivery import Kind
from chalicelib.use_cases.deliver import deliver
from chalicelib.use_cases.ports import MailRejected
from tests.unit.infra.command import done, run, suffolk
from tests.unit.use_cases.instance import Instance

REASON = ("--reason", "The team was told by telephone")


@pytest.fixture
def instance(monkeypatch: pytest.MonkeyPatch) -> Instance:
    return suffolk(monkeypatch)


def failed(instance: Instance, kind: Kind = Kind.TEAM_EMAIL) -> str:
    """The reference of a referral of which one email was refused."""
    reference = instance.submit("adult").reference
    instance.mailer.failures.append(MailRejected("MessageRejected"))
    deliver(instance.services, instance.only(kind).id)
    return reference


@pytest.mark.parametrize("kind", [Kind.TEAM_EMAIL, Kind.RECEIPT_EMAIL])
def test_what_failed_is_named_and_then_told_of_no_more(instance: Instance, kind: Kind) -> None:
    reference = failed(instance, kind)

    said = done("give-up", reference, *REASON, answer="y\n")

    assert "Given up: 1." in said
    assert done("deliveries").find("failed") == -1


def test_the_name_given_is_kept_with_the_case(instance: Instance) -> None:
    reference = failed(instance)

    done("give-up", reference.lower(), *REASON, "--as", "Sam Ops", "--yes")

    assert instance.table.audit[-1].actor == "command: Sam Ops"


@pytest.mark.parametrize("answer", ["n\n", ""])
def test_without_a_yes_it_is_still_told_of(instance: Instance, answer: str) -> None:
    reference = failed(instance)

    done("give-up", reference, *REASON, answer=answer, code=1)

    assert len(instance.services.outbox.needs_person(limit=10)) == 1


def test_a_referral_of_which_nothing_failed_is_refused(instance: Instance) -> None:
    reference = instance.submit("adult").reference

    result = run("give-up", reference, *REASON, "--yes")

    assert result.exit_code == 1
    assert f"Nothing of {reference} has failed" in result.stderr


def test_a_reason_is_asked_for(instance: Instance) -> None:
    assert run("give-up", failed(instance), "--yes").exit_code == 2
