"""`casereview people` and `casereview sign-out`: who has signed in, and ending their sessions."""

from __future__ import annotations

import json

import pytest

from chalicelib.referrals.staff import Role
from chalicelib.use_cases.staff_session import current, find_session, open_session
from tests.staff import a_person
from tests.unit.infra.command import done, run, suffolk
from tests.unit.use_cases.instance import Instance

ADA = a_person(Role.PANEL_CHAIR, Role.AUDITOR_READONLY, id="id-ada", name="Ada Chair")
BO = a_person(Role.BUSINESS_SUPPORT, id="id-bo", name="Bo Support")


@pytest.fixture
def instance(monkeypatch: pytest.MonkeyPatch) -> Instance:
    return suffolk(monkeypatch)


def is_in(instance: Instance, token: str) -> bool:
    session = find_session(instance.services, token)
    return current(instance.services, session) is not None


def test_people_are_listed_by_name_with_their_roles_and_when_they_last_signed_in(
    instance: Instance,
) -> None:
    for person in (BO, ADA):
        open_session(instance.services, person)

    said = done("people")

    assert said.index("Ada Chair") < said.index("Bo Support")
    assert "id-ada" in said
    assert "auditor_readonly, panel_chair" in said
    assert "20 November 2026 at 2:30pm" in said


def test_another_program_is_given_the_same(instance: Instance) -> None:
    open_session(instance.services, BO)

    assert json.loads(done("people", "--json")) == [
        {
            "id": "id-bo",
            "name": "Bo Support",
            "roles": ["business_support"],
            "signed_in": "2026-11-20T14:30:00.000000Z",
        }
    ]


def test_nobody_yet_is_told(instance: Instance) -> None:
    assert "Nobody has signed in" in done("people")
    assert json.loads(done("people", "--json")) == []


def test_every_session_of_one_person_ends_and_nobody_else_s(instance: Instance) -> None:
    tokens = [open_session(instance.services, person) for person in (ADA, ADA, BO)]

    said = done("sign-out", "id-ada", answer="y\n")

    assert "Ada Chair" in said
    assert "disabled" in said
    assert [is_in(instance, token) for token in tokens] == [False, False, True]


def test_they_can_sign_in_again(instance: Instance) -> None:
    open_session(instance.services, ADA)
    done("sign-out", "id-ada", "--yes")
    instance.clock.move(seconds=1)

    assert is_in(instance, open_session(instance.services, ADA))


def test_it_is_in_the_trail_of_the_day_with_who_did_it(instance: Instance) -> None:
    open_session(instance.services, ADA)

    done("sign-out", "id-ada", "--yes", "--as", "Sam Ops")

    entry = instance.table.audit[-1]
    assert (entry.actor, entry.action, entry.reference) == (
        "casereview",
        "signed a person out",
        "",
    )
    assert entry.details == {"person": "id-ada", "by": "command: Sam Ops"}


@pytest.mark.parametrize("answer", ["n\n", ""])
def test_without_a_yes_they_stay_signed_in(instance: Instance, answer: str) -> None:
    token = open_session(instance.services, ADA)

    done("sign-out", "id-ada", answer=answer, code=1)

    assert is_in(instance, token)


@pytest.mark.parametrize("who", ["Ada Chair", "nobody", "PERSON#id-ada"])
def test_somebody_who_is_not_known_is_refused(instance: Instance, who: str) -> None:
    token = open_session(instance.services, ADA)

    result = run("sign-out", who, "--yes")

    assert result.exit_code == 1
    assert "See: casereview people" in result.stderr
    assert is_in(instance, token)
