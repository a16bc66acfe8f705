"""What every draft store does."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.use_cases.ports import DraftChanged
from tests.contract.conftest import Stores
from tests.contract.samples import ANSWERS, NOW, a_draft, a_submission


def test_a_draft_is_found_as_it_was_created(stores: Stores) -> None:
    stores.drafts.create(a_draft())

    assert stores.drafts.find("d" * 64) == a_draft()


def test_an_unknown_draft_is_not_found(stores: Stores) -> None:
    assert stores.drafts.find("f" * 64) is None


def test_a_draft_without_answers_or_seen_places_is_stored(stores: Stores) -> None:
    empty = a_draft(answers={}, seen=frozenset())

    stores.drafts.create(empty)

    assert stores.drafts.find(empty.id) == empty


def test_answers_keep_their_types(stores: Stores) -> None:
    stores.drafts.create(a_draft())

    found = stores.drafts.find("d" * 64)

    assert found is not None
    assert [type(value) for value in found.answers.values()] == [
        type(value) for _, value in sorted(ANSWERS.items())
    ]


def test_a_saved_draft_replaces_the_one_it_was_read_from(stores: Stores) -> None:
    stores.drafts.create(a_draft())
    saved = a_draft(answers={"summary": "new"}, seen=frozenset(), version=2)

    stores.drafts.save(saved, 1)

    assert stores.drafts.find(saved.id) == saved


def test_a_draft_saved_by_another_tab_is_not_overwritten(stores: Stores) -> None:
    stores.drafts.create(a_draft())
    first = a_draft(answers={"summary": "first"}, version=2)
    stores.drafts.save(first, 1)

    with pytest.raises(DraftChanged):
        stores.drafts.save(a_draft(answers={"summary": "second"}, version=2), 1)

    assert stores.drafts.find(first.id) == first


def test_a_draft_that_is_gone_is_not_made_again_by_a_save(stores: Stores) -> None:
    with pytest.raises(DraftChanged):
        stores.drafts.save(a_draft(version=2), 1)

    assert stores.drafts.find("d" * 64) is None


def test_a_sent_draft_cannot_be_saved_again(stores: Stores) -> None:
    stores.drafts.create(a_draft())
    stores.referrals.submit(a_submission())
    sent = stores.drafts.find("d" * 64)
    assert sent is not None

    with pytest.raises(DraftChanged):
        stores.drafts.save(replace(sent, version=3), 2)


def test_a_sealed_token_is_found_by_the_hash_of_its_code(stores: Stores) -> None:
    expires_at = NOW + timedelta(days=30)

    stores.drafts.keep_seal("c" * 64, b"\x00\xffsealed", expires_at)

    assert stores.drafts.find_seal("c" * 64) == (b"\x00\xffsealed", expires_at)


def test_an_unknown_code_finds_nothing(stores: Stores) -> None:
    assert stores.drafts.find_seal("0" * 64) is None
