"""The referrer is asked: stored once, the code shown and emailed, and kept nowhere."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.referrals.case_change import NotPossible
from chalicelib.referrals.case_work import Stage
from chalicelib.referrals.information import Ending, derived_code, hash_of
from chalicelib.referrals.staff import NotAllowed, Person, Role
from chalicelib.use_cases import work_on_case
from chalicelib.use_cases.ask_information import (
    ONE_PRESS,
    Asked,
    Asking,
    ask_information,
    may_email_referrer,
    withdraw_request,
)
from chalicelib.use_cases.ports import CaseChanged, MailFailed, MailRejected, MailThrottled
from tests.staff import a_person
from tests.unit.use_cases.instance import RECEIVED_AT, REFERRER, Instance

SUPPORT = a_person(Role.BUSINESS_SUPPORT, id="support", name="Sam Support")
MANAGER = a_person(Role.BUSINESS_MANAGER, id="manager", name="Max Manager")
READER = a_person(Role.PANEL_MEMBER, id="member", name="Mo Member")
SOON = RECEIVED_AT.date() + timedelta(days=14)
REQUEST = "f" * 32
CODE = derived_code("a session's secret", REQUEST)
QUESTION = "Canaryquestion: which school?"


@pytest.fixture
def instance(suffolk: Instance) -> Instance:
    return suffolk


@pytest.fixture
def reference(instance: Instance) -> str:
    return instance.submit("adult").reference


def ask(
    instance: Instance,
    reference: str,
    version: int = 1,
    *,
    by: Person = SUPPORT,
    question: str = QUESTION,
    answer_by: date = SOON,
    request: str = REQUEST,
    code: str = CODE,
    by_email: bool = False,
) -> Asked:
    asking = Asking(request, code, question, answer_by, by_email)
    return ask_information(instance.services, reference, asking, by, version)


def emails(instance: Instance) -> list[Any]:
    return [message for _, message in instance.mailer.sent]


def actions(instance: Instance) -> list[str]:
    return [entry.action for entry in instance.table.audit]


def test_a_request_is_stored_with_the_hash_of_its_code(instance: Instance, reference: str) -> None:
    asked = ask(instance, reference)

    case = instance.table.cases[reference]
    assert case.work.requests == (asked.request,)
    assert asked.request.code == hash_of(CODE)
    assert asked.emailed is None
    assert (case.version, case.touched) == (2, 2)
    assert emails(instance) == []


def test_neither_code_nor_question_is_in_the_trail_and_the_code_is_nowhere(
    instance: Instance, reference: str
) -> None:
    ask(instance, reference, by_email=True)

    plain = CODE.replace("-", "")
    assert "Canaryquestion" not in repr(instance.table.audit)
    for stored in (instance.table.audit, instance.table.cases, instance.table.deliveries):
        assert CODE not in repr(stored)
        assert plain not in repr(stored)


def test_the_trail_says_that_somebody_asked_until_when_and_how(
    instance: Instance, reference: str
) -> None:
    ask(instance, reference)

    entry = instance.table.audit[-1]
    assert (entry.actor, entry.action) == ("support", "asked the referrer for information")
    assert entry.details == {
        "request": REQUEST,
        "answer_by": SOON.isoformat(),
        "code": "to be told",
    }


def test_an_acknowledged_case_waits_for_information(instance: Instance, reference: str) -> None:
    work_on_case.acknowledge(instance.services, reference, RECEIVED_AT.date(), SUPPORT, 1)

    ask(instance, reference, 2)

    assert instance.table.cases[reference].work.stage is Stage.INFO_REQUESTED


def test_the_code_is_emailed_to_the_address_they_gave_and_that_is_recorded(
    instance: Instance, reference: str
) -> None:
    asked = ask(instance, reference, by_email=True)

    (message,) = emails(instance)
    assert asked.emailed is True
    assert message.to == (REFERRER,)
    assert CODE in message.text
    assert "Canary" not in message.text.replace(REFERRER, "")
    assert actions(instance)[-1] == "emailed a code"
    assert instance.table.audit[-1].details == {"request": REQUEST, "sent": "yes"}


def test_while_sending_is_suspended_the_code_is_not_emailed_and_that_is_told(
    instance: Instance, reference: str
) -> None:
    settings = replace(instance.services.settings, suspended=True)
    paused = replace(instance, services=replace(instance.services, settings=settings))

    asked = ask(paused, reference, by_email=True)

    assert asked.emailed is False
    assert emails(instance) == []
    assert instance.table.audit[-1].details["sent"] == "no"


@pytest.mark.parametrize("error", [MailFailed, MailRejected, MailThrottled])
def test_when_the_email_fails_the_request_stands_and_it_is_told(
    instance: Instance,
    reference: str,
    error: type[Exception],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object, **__: object) -> str:
        raise error("Throttling")

    monkeypatch.setattr(instance.mailer, "send", refuse)

    asked = ask(instance, reference, by_email=True)

    assert asked.emailed is False
    assert instance.table.cases[reference].work.requests == (asked.request,)
    assert instance.table.audit[-1].details["sent"] == "no"


@pytest.mark.parametrize(
    ("answers", "may"),
    [
        ({}, True),
        ({"referrer_email": None}, False),
        ({"submitter_type": "family_or_carer"}, False),
        ({"submitter_type": "family_or_carer", "safe_to_email": "no"}, False),
    ],
)
def test_nobody_is_emailed_who_did_not_say_that_it_is_safe(
    instance: Instance, answers: dict[str, Any], may: bool
) -> None:
    referral = instance.table.referrals[instance.submit("adult").reference]
    kept = {name: value for name, value in {**referral.answers, **answers}.items() if value}
    changed = {**vars(referral), "answers": kept, "roles": {**referral.roles}}
    changed["roles"]["safe_to_email"] = "safe_to_email"
    instance.table.referrals[referral.reference] = type(referral)(**changed)

    assert may_email_referrer(instance.services, referral.reference) is may
    if not may:
        with pytest.raises(NotPossible) as refused:
            ask(instance, referral.reference, by_email=True)
        assert refused.value.problems[0][0] == "how"
        assert instance.table.cases[referral.reference].work.requests == ()
        assert emails(instance) == []


def test_a_double_press_asks_once_and_is_answered_alike(instance: Instance, reference: str) -> None:
    first = ask(instance, reference)
    instance.clock.move(seconds=1)

    second = ask(instance, reference)

    assert second == first
    assert len(instance.table.cases[reference].work.requests) == 1
    assert actions(instance).count("asked the referrer for information") == 1
    assert actions(instance)[-1] == "was shown a code again"


@pytest.mark.parametrize(
    ("changes", "later"),
    [
        ({}, ONE_PRESS),
        ({"by": MANAGER}, timedelta(0)),
        ({"code": derived_code("another session", REQUEST)}, timedelta(0)),
        ({"request": "e" * 32}, timedelta(0)),
    ],
    ids=["too late", "somebody else", "another session", "another form"],
)
def test_anything_but_a_double_press_is_out_of_date(
    instance: Instance, reference: str, changes: dict[str, Any], later: timedelta
) -> None:
    ask(instance, reference)
    instance.clock.instant += later

    with pytest.raises(CaseChanged):
        ask(instance, reference, **changes)

    assert len(instance.table.cases[reference].work.requests) == 1


def test_a_second_form_with_the_same_request_changes_nothing(
    instance: Instance, reference: str
) -> None:
    ask(instance, reference)

    with pytest.raises(NotPossible, match="already"):
        ask(instance, reference, 2, question="Something else?")

    assert instance.table.cases[reference].work.requests[0].question == QUESTION


def test_whoever_may_not_is_refused_before_anything_is_sent(
    instance: Instance, reference: str
) -> None:
    work_on_case.bar(instance.services, reference, "support", "Sam", "Related", MANAGER, 1)

    for person in (SUPPORT, READER):
        with pytest.raises(NotAllowed):
            ask(instance, reference, 2, by=person, by_email=True)
    with pytest.raises(NotAllowed):
        ask(instance, "SUF-BBBB-BBBB", by_email=True)

    assert emails(instance) == []
    assert instance.table.cases[reference].work.requests == ()
    assert actions(instance).count("refused") == 3


def test_a_withdrawn_request_is_recorded_without_its_reason(
    instance: Instance, reference: str
) -> None:
    ask(instance, reference)

    case = withdraw_request(
        instance.services, reference, REQUEST, "Canary: they phoned.", SUPPORT, 2
    )

    ended = case.work.requests[0].ended
    assert ended is not None
    assert (ended.how, ended.reason) == (Ending.WITHDRAWN, "Canary: they phoned.")
    entry = instance.table.audit[-1]
    assert entry.action == "withdrew a request for information"
    assert "Canary" not in repr(entry)


def test_a_double_press_is_not_repeated_for_a_request_that_was_withdrawn(
    instance: Instance, reference: str
) -> None:
    ask(instance, reference)
    withdraw_request(instance.services, reference, REQUEST, "They phoned.", SUPPORT, 2)

    with pytest.raises(CaseChanged):
        ask(instance, reference)
