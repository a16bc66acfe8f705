"""How many AWS calls a page and a submission cost: one read for a page, one write to save it."""

import pytest

from tests.contract.conftest import Stores
from tests.contract.samples import NOW, a_draft, a_form, a_submission

pytestmark = pytest.mark.parametrize("stores", ["moto"], indirect=True)


def test_opening_a_draft_is_one_read(stores: Stores) -> None:
    stores.drafts.find("d" * 64)

    assert stores.calls == ["GetItem"]


def test_saving_a_draft_is_one_write(stores: Stores) -> None:
    stores.drafts.create(a_draft())
    stores.calls.clear()

    stores.drafts.save(a_draft(version=2), 1)

    assert stores.calls == ["UpdateItem"]


def test_submitting_is_one_transaction(stores: Stores) -> None:
    stores.drafts.create(a_draft())
    stores.calls.clear()

    stores.referrals.submit(a_submission())

    assert stores.calls == ["TransactWriteItems"]


def test_a_form_version_is_written_once_a_process(stores: Stores) -> None:
    for _ in range(3):
        stores.archive.keep(a_form())

    assert stores.calls == ["PutItem"]


def test_a_kept_form_version_is_not_read_again(stores: Stores) -> None:
    stores.archive.keep(a_form())

    stores.archive.find("adult", a_form().version)

    assert stores.calls == ["PutItem"]


def test_looking_for_what_is_due_is_one_query_of_the_sparse_index(stores: Stores) -> None:
    stores.outbox.due(now=NOW, limit=10)

    assert stores.calls == ["Query"]
