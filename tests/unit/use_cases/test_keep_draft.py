"""Beginning, opening and saving a draft."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.referrals.draft import DraftTooLarge
from chalicelib.use_cases.keep_draft import (
    draft_id,
    form_of,
    new_token,
    open_draft,
    save_draft,
    start_draft,
)
from chalicelib.use_cases.ports import DraftChanged
from chalicelib.use_cases.submit_referral import submit_draft
from tests.unit.use_cases.instance import RECEIVED_AT, Instance

NOISE = random.Random(1).randbytes(500_000).hex()


def test_tokens_have_256_bits_and_differ() -> None:
    tokens = {new_token() for _ in range(100)}

    assert len(tokens) == 100
    assert {len(token) for token in tokens} == {43}


def test_a_draft_is_opened_with_its_token(suffolk: Instance) -> None:
    draft = suffolk.draft()

    assert open_draft(suffolk.services, suffolk.tokens[0]) == draft


def test_the_table_does_not_hold_the_token(suffolk: Instance) -> None:
    draft = suffolk.draft()

    assert suffolk.tokens[0] not in repr(suffolk.table)
    assert draft.id == draft_id(suffolk.tokens[0])


@pytest.mark.parametrize("token", ["", "forged", "\ud800", "x" * 100_000, "DRAFT#", "\x00"])
def test_a_forged_token_opens_nothing(suffolk: Instance, token: str) -> None:
    suffolk.draft()

    assert open_draft(suffolk.services, token) is None


def test_a_draft_is_kept_thirty_days(suffolk: Instance) -> None:
    assert suffolk.draft().expires_at == RECEIVED_AT + timedelta(days=30)


def test_a_draft_opens_until_its_last_moment(suffolk: Instance) -> None:
    suffolk.draft()
    suffolk.clock.move(days=30, microseconds=-1)

    assert open_draft(suffolk.services, suffolk.tokens[0]) is not None


def test_an_expired_draft_does_not_open_though_it_is_still_in_the_table(suffolk: Instance) -> None:
    draft = suffolk.draft()
    suffolk.clock.move(days=30)

    assert open_draft(suffolk.services, suffolk.tokens[0]) is None
    assert draft.id in suffolk.table.drafts


def test_saving_counts_the_version_up(suffolk: Instance) -> None:
    draft = suffolk.draft()

    saved = save_draft(suffolk.services, draft, {"summary": "new"}, {"what-happened"})

    assert (saved.version, saved.answers, saved.seen) == (
        2,
        {"summary": "new"},
        frozenset({"what-happened"}),
    )
    assert open_draft(suffolk.services, suffolk.tokens[0]) == saved


def test_two_tabs_never_overwrite_each_other(suffolk: Instance) -> None:
    draft = suffolk.draft()
    save_draft(suffolk.services, draft, {"summary": "first tab"}, [])

    with pytest.raises(DraftChanged):
        save_draft(suffolk.services, draft, {"summary": "second tab"}, [])


def test_a_sent_draft_is_not_saved_again(suffolk: Instance) -> None:
    draft = suffolk.draft()
    submit_draft(suffolk.services, suffolk.services.forms["adult"], draft)
    sent = open_draft(suffolk.services, suffolk.tokens[0])
    assert sent is not None

    with pytest.raises(DraftChanged):
        save_draft(suffolk.services, sent, {"summary": "again"}, [])


def test_answers_too_large_to_submit_are_refused_when_saved(suffolk: Instance) -> None:
    draft = suffolk.draft()

    with pytest.raises(DraftTooLarge):
        save_draft(suffolk.services, draft, {"summary": NOISE}, [])

    assert open_draft(suffolk.services, suffolk.tokens[0]) == draft


def test_answers_too_large_to_submit_do_not_begin_a_draft(suffolk: Instance) -> None:
    form = suffolk.services.forms["adult"]

    with pytest.raises(DraftTooLarge):
        start_draft(suffolk.services, form, {"summary": NOISE}, [], token=new_token())

    assert suffolk.table.drafts == {}


def test_a_draft_of_todays_version_has_todays_form(suffolk: Instance) -> None:
    form = suffolk.services.forms["adult"]

    assert form_of(suffolk.services, suffolk.draft(), form) is form


def test_a_draft_of_an_earlier_version_has_the_form_it_began_with(suffolk: Instance) -> None:
    begun = suffolk.services.forms["adult"]
    draft = suffolk.draft()
    today = replace(begun, version="f" * 16)

    found = form_of(suffolk.services, draft, today)

    assert found is not None
    assert (found.version, found.document) == (begun.version, begun.document)


def test_a_draft_of_a_version_that_nobody_knows_has_no_form(suffolk: Instance) -> None:
    draft = replace(suffolk.draft(), form_version="0" * 16)

    assert form_of(suffolk.services, draft, suffolk.services.forms["adult"]) is None
