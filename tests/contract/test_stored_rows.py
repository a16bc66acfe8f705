"""What the rows look like in the table: keys, times to live, and what is never in them."""

import pytest

from tests.contract.conftest import Stores
from tests.contract.samples import NOW, a_draft, a_submission

pytestmark = pytest.mark.parametrize("stores", ["moto"], indirect=True)


def rows(stores: Stores) -> list[dict]:
    items: list[dict] = stores.client.scan(TableName=stores.table_name)["Items"]
    return items


def test_every_row_of_a_submission_has_its_key(stores: Stores) -> None:
    stores.drafts.create(a_draft())
    stores.referrals.submit(a_submission())

    keys = {(row["pk"]["S"], row["sk"]["S"]) for row in rows(stores)}

    assert keys == {
        ("DRAFT#" + "d" * 64, "DRAFT"),
        ("SUBMITTED#" + "d" * 64, "TOKEN"),
        ("REFERRAL#SUF-BCDF-3479", "REFERRAL"),
        ("REFERRAL#SUF-BCDF-3479", "DEADLINE#acknowledge"),
        ("REFERRAL#SUF-BCDF-3479", "REMINDER#acknowledge#1"),
        ("REFERRAL#SUF-BCDF-3479", "AUDIT#2026-11-20T14:30:00.123456Z#" + "e" * 32),
        ("OUTBOX#" + "a" * 32, "OUTBOX"),
    }


def test_a_draft_lives_until_the_second_after_it_expires(stores: Stores) -> None:
    stores.drafts.create(a_draft())

    expires = int(rows(stores)[0]["expires"]["N"])

    assert 0 <= expires - a_draft().expires_at.timestamp() < 1


def test_only_drafts_and_resume_codes_are_swept(stores: Stores) -> None:
    stores.drafts.create(a_draft())
    stores.drafts.keep_seal("c" * 64, b"sealed", NOW)
    stores.referrals.submit(a_submission())

    swept = {row["sk"]["S"] for row in rows(stores) if "expires" in row}

    assert swept == {"DRAFT", "RESUME"}


def test_answers_lie_in_the_referral_only_once_sent(stores: Stores) -> None:
    stores.drafts.create(a_draft())
    stores.referrals.submit(a_submission())

    holding = {row["sk"]["S"] for row in rows(stores) if "content" in row}

    assert holding == {"REFERRAL"}
