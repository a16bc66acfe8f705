"""What every store of sessions and sign-ins does."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.adapters.dynamodb_sessions import DynamoSessions, DynamoSignIns
from chalicelib.adapters.dynamodb_table import DynamoTable
from chalicelib.adapters.in_memory import Table
from chalicelib.adapters.in_memory_sessions import InMemorySessions, InMemorySignIns
from chalicelib.referrals.staff import Person, Role
from chalicelib.referrals.staff_session import SignIn, StaffSession
from chalicelib.use_cases import sign_in_ports
from tests.contract.conftest import EMULATOR, ORACLE, Stores
from tests.contract.samples import NOW

LATER = NOW + timedelta(minutes=5)
CHAIR = Person("1f0c-chair", "Zoë Chair", frozenset({Role.PANEL_CHAIR, Role.AUDITOR_READONLY}))
KEPT = {"reasons": ["Línea una\r\nline two 🙂"], "criteria": ["death", "unsure"], "empty": [""]}


@pytest.fixture
def sessions(stores: Stores) -> sign_in_ports.Sessions:
    if stores.client is None:
        return InMemorySessions(Table())
    return DynamoSessions(DynamoTable(lambda: stores.client, stores.table_name))


@pytest.fixture
def sign_ins(stores: Stores) -> sign_in_ports.SignIns:
    if stores.client is None:
        return InMemorySignIns(Table())
    return DynamoSignIns(DynamoTable(lambda: stores.client, stores.table_name))


def a_session(**changes: Any) -> StaffSession:
    began = StaffSession("a" * 64, CHAIR, NOW, NOW, NOW + timedelta(hours=10))
    return replace(began, **changes)


def a_sign_in(**changes: Any) -> SignIn:
    begun = SignIn("b" * 64, "c" * 64, "verifier", "nonce", "/staff/cases?stream=adult", LATER)
    return replace(begun, **changes)


def test_a_session_is_found_as_it_was_opened(sessions: sign_in_ports.Sessions) -> None:
    opened = a_session(kept_in="b" * 64, kept_for="/staff/cases")
    sessions.open(opened)

    assert sessions.find(opened.id) == opened


def test_a_token_that_opened_nothing_finds_nothing(sessions: sign_in_ports.Sessions) -> None:
    assert sessions.find("f" * 64) is None


def test_a_person_who_was_seen_stays_signed_in_as_before(sessions: sign_in_ports.Sessions) -> None:
    sessions.open(a_session())

    sessions.touch("a" * 64, at=LATER)

    assert sessions.find("a" * 64) == a_session(seen_at=LATER)


def test_being_seen_opens_no_session(sessions: sign_in_ports.Sessions) -> None:
    sessions.touch("a" * 64, at=LATER)

    assert sessions.find("a" * 64) is None


def test_an_ended_session_is_not_found(sessions: sign_in_ports.Sessions) -> None:
    sessions.open(a_session())

    sessions.end("a" * 64)
    sessions.touch("a" * 64, at=LATER)

    assert sessions.find("a" * 64) is None


def test_ending_no_session_is_no_fault(sessions: sign_in_ports.Sessions) -> None:
    sessions.end("a" * 64)

    assert sessions.find("a" * 64) is None


def test_what_was_sent_again_is_no_longer_pointed_at(sessions: sign_in_ports.Sessions) -> None:
    sessions.open(a_session(kept_in="b" * 64, kept_for="/staff/cases"))

    sessions.settle("a" * 64)

    assert sessions.find("a" * 64) == a_session()


def test_one_session_ends_without_the_others(sessions: sign_in_ports.Sessions) -> None:
    sessions.open(a_session())
    sessions.open(a_session(id="d" * 64))

    sessions.end("a" * 64)

    assert sessions.find("d" * 64) == a_session(id="d" * 64)


def test_nobody_has_signed_out_everywhere_yet(sessions: sign_in_ports.Sessions) -> None:
    assert sessions.signed_out_at(CHAIR.id) is None


@pytest.mark.parametrize("times", [(NOW, LATER), (LATER, NOW)])
def test_the_latest_sign_out_everywhere_stands(
    sessions: sign_in_ports.Sessions, times: tuple[datetime, datetime]
) -> None:
    for at in times:
        sessions.end_all(CHAIR.id, at=at)

    assert sessions.signed_out_at(CHAIR.id) == LATER
    assert sessions.signed_out_at("somebody-else") is None


def test_who_signed_in_is_remembered_as_they_last_were(sessions: sign_in_ports.Sessions) -> None:
    renamed = replace(CHAIR, name="Zoë Person", roles=frozenset({Role.PANEL_MEMBER}))
    other = Person("2a", "Ada", frozenset({Role.BUSINESS_SUPPORT}))

    sessions.remember(CHAIR, at=NOW)
    sessions.remember(other, at=NOW)
    sessions.remember(renamed, at=LATER)

    assert sorted(sessions.people(), key=lambda row: row[0].id) == [(renamed, LATER), (other, NOW)]


def test_a_sign_in_is_given_out_as_it_was_added(sign_ins: sign_in_ports.SignIns) -> None:
    sign_ins.add(a_sign_in(kept=KEPT, kept_by=CHAIR.id))

    assert sign_ins.use("b" * 64) == a_sign_in(kept=KEPT, kept_by=CHAIR.id)


def test_a_sign_in_is_used_once(sign_ins: sign_in_ports.SignIns) -> None:
    sign_ins.add(a_sign_in())

    assert sign_ins.use("b" * 64) is not None
    assert sign_ins.use("b" * 64) is None


# moto copies its tables while other threads write to them, so it says nothing about concurrency.
@pytest.mark.parametrize("stores", ["in_memory", EMULATOR, ORACLE], indirect=True)
def test_of_many_who_use_one_sign_in_at_once_one_does(sign_ins: sign_in_ports.SignIns) -> None:
    sign_ins.add(a_sign_in())

    with ThreadPoolExecutor(4) as pool:
        used = list(pool.map(lambda _: sign_ins.use("b" * 64), range(8)))

    assert [found for found in used if found] == [a_sign_in()]


def test_a_state_that_nobody_was_given_is_used_by_nobody(sign_ins: sign_in_ports.SignIns) -> None:
    assert sign_ins.use("f" * 64) is None


def test_kept_fields_are_there_after_the_sign_in_was_used(sign_ins: sign_in_ports.SignIns) -> None:
    sign_ins.add(a_sign_in(kept=KEPT))
    sign_ins.use("b" * 64)

    assert sign_ins.kept("b" * 64) == (KEPT, LATER)


def test_a_sign_in_without_fields_keeps_none(sign_ins: sign_in_ports.SignIns) -> None:
    sign_ins.add(a_sign_in())

    assert sign_ins.kept("b" * 64) is None
    assert sign_ins.kept("f" * 64) is None


def test_forgotten_fields_are_gone_and_the_sign_in_stays_used(
    sign_ins: sign_in_ports.SignIns,
) -> None:
    sign_ins.add(a_sign_in(kept=KEPT))
    sign_ins.use("b" * 64)

    sign_ins.forget_kept("b" * 64)
    sign_ins.forget_kept("f" * 64)

    assert sign_ins.kept("b" * 64) is None
    assert sign_ins.use("b" * 64) is None


@pytest.fixture
def rows(stores: Stores) -> Any:
    """Every row of the table, for tests of what is stored in it."""

    def scanned() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = stores.client.scan(TableName=stores.table_name)["Items"]
        return found

    return scanned


@pytest.mark.parametrize("stores", ["moto"], indirect=True)
def test_every_row_of_a_session_is_swept_in_the_end(
    sessions: sign_in_ports.Sessions, sign_ins: sign_in_ports.SignIns, rows: Any
) -> None:
    sessions.open(a_session())
    sessions.end_all(CHAIR.id, at=NOW)
    sessions.remember(CHAIR, at=NOW)
    sign_ins.add(a_sign_in(kept=KEPT))

    assert {row["pk"]["S"].partition("#")[0]: float(row["expires"]["N"]) for row in rows()} == {
        "SESSION": pytest.approx((NOW + timedelta(hours=34)).timestamp(), abs=1),
        "PERSON": pytest.approx((NOW + timedelta(days=1)).timestamp(), abs=1),
        "PEOPLE": pytest.approx((NOW + timedelta(days=365)).timestamp(), abs=1),
        "SIGNIN": pytest.approx(LATER.timestamp(), abs=1),
    }


@pytest.mark.parametrize("stores", ["moto"], indirect=True)
def test_what_was_typed_cannot_be_read_in_the_table_as_text(
    sign_ins: sign_in_ports.SignIns, rows: Any
) -> None:
    sign_ins.add(a_sign_in(kept={"reasons": ["A sentence that only the panel reads."] * 5}))

    assert "only the panel" not in repr(rows())


@pytest.mark.parametrize("stores", ["moto"], indirect=True)
def test_a_page_of_somebody_signed_in_is_one_read_of_the_session(
    stores: Stores, sessions: sign_in_ports.Sessions
) -> None:
    sessions.find("a" * 64)

    assert stores.calls == ["GetItem"]
