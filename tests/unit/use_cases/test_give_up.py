"""Telling no more of a delivery that was seen to by other means."""

from datetime import timedelta

import pytest

from chalicelib.referrals.case_change import LONGEST_REASON, Actor, NotPossible
from chalicelib.referrals.delivery import Kind
from chalicelib.use_cases.deliver import deliver
from chalicelib.use_cases.give_up import give_up
from chalicelib.use_cases.ports import MailRejected
from tests.unit.use_cases.instance import RECEIVED_AT, Instance, an_instance

OPS = Actor("command: ops", RECEIVED_AT + timedelta(hours=1))


@pytest.fixture
def instance() -> Instance:
    return an_instance("suffolk")


@pytest.fixture
def failed(instance: Instance) -> str:
    instance.submit()
    instance.mailer.failures.append(MailRejected("MessageRejected"))
    delivery = instance.only(Kind.TEAM_EMAIL).id
    deliver(instance.services, delivery)
    return delivery


def test_a_failed_email_is_told_of_no_more(instance: Instance, failed: str) -> None:
    give_up(instance.services, failed, "The team was told by telephone", OPS)

    assert instance.services.outbox.needs_person(limit=10) == []


def test_who_gave_it_up_and_why_is_in_the_audit_trail(instance: Instance, failed: str) -> None:
    give_up(instance.services, failed, " The team was told by telephone ", OPS)

    entry = instance.table.audit[-1]
    assert (entry.actor, entry.action, entry.at) == (OPS.name, "gave up a delivery", OPS.at)
    assert entry.details == {
        "delivery": failed,
        "kind": "team_email",
        "reason": "The team was told by telephone",
    }


def test_what_still_waits_cannot_be_given_up(instance: Instance) -> None:
    instance.submit()
    entries = len(instance.table.audit)

    with pytest.raises(NotPossible, match="has not failed"):
        give_up(instance.services, instance.only(Kind.TEAM_EMAIL).id, "No need", OPS)

    assert len(instance.table.audit) == entries


def test_an_unknown_delivery_is_said_to_be_none(instance: Instance) -> None:
    with pytest.raises(NotPossible, match="no such delivery"):
        give_up(instance.services, "unknown", "No need", OPS)


@pytest.mark.parametrize("reason", ["", "  \n", "x" * (LONGEST_REASON + 1), "\x00"])
def test_a_reason_that_cannot_be_kept_is_refused(
    instance: Instance, failed: str, reason: str
) -> None:
    with pytest.raises(NotPossible, match="reason"):
        give_up(instance.services, failed, reason, OPS)

    assert instance.services.outbox.needs_person(limit=10) == [failed]
