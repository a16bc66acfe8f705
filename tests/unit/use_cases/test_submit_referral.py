"""From a draft or a document to a stored referral."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chalicelib.forms.answers import check_submission
from chalicelib.referrals.case import Case
from chalicelib.referrals.delivery import Kind, State
from chalicelib.referrals.draft import DraftTooLarge
from chalicelib.referrals.packing import pack
from chalicelib.use_cases import submit_referral
from chalicelib.use_cases.keep_draft import open_draft, save_draft
from chalicelib.use_cases.ports import DraftChanged, StoreBusy
from chalicelib.use_cases.read_copy import copy_of
from chalicelib.use_cases.submit_referral import (
    Invalid,
    KeyReused,
    submit_document,
    submit_draft,
)
from tests.unit.use_cases.instance import ANSWERS, RECEIVED_AT, Instance, an_instance
from tests.unit.use_cases.test_keep_draft import NOISE

KEY = "key-0123456789"


@pytest.mark.parametrize(
    ("partnership", "form"), [("suffolk", "adult"), ("suffolk", "child"), ("salford", "child")]
)
def test_every_shipped_form_gives_a_reference_of_its_partnership(
    partnership: str, form: str
) -> None:
    instance = an_instance(partnership)

    receipt = instance.submit(form)

    assert receipt.reference.startswith(instance.services.partnership.reference_prefix + "-")
    assert (receipt.form, receipt.stream, receipt.received_at) == (form, form, RECEIVED_AT)


def test_the_answers_used_here_are_complete(suffolk: Instance) -> None:
    for name, form in suffolk.services.forms.items():
        assert check_submission(form, ANSWERS[name]) == ()


def test_a_reference_shown_is_a_referral_stored(suffolk: Instance) -> None:
    receipt = suffolk.submit("adult")

    referral = suffolk.services.referrals.find(receipt.reference)

    assert referral is not None
    assert referral.answers == ANSWERS["adult"]
    assert referral.form_version == suffolk.services.forms["adult"].version
    assert referral.channel == "web"


def test_a_referral_keeps_the_questions_as_answered(suffolk: Instance) -> None:
    form = suffolk.services.forms["adult"]
    receipt = suffolk.submit("adult")

    referral = suffolk.services.referrals.find(receipt.reference)

    assert referral is not None
    asked = form.questions["outcome_status"]
    assert referral.questions["outcome_status"] == {
        "text": asked.text,
        "noun": asked.noun,
        "options": {"died": asked.label_of("died")},
    }
    assert referral.questions["adult_forename"]["text"] == form.questions["adult_forename"].text
    assert "harm_date_from" not in referral.questions


def test_sending_again_gives_the_same_receipt(suffolk: Instance) -> None:
    form = suffolk.services.forms["adult"]
    draft = suffolk.draft()
    first = submit_draft(suffolk.services, form, draft)
    suffolk.clock.move(minutes=5)
    sent = open_draft(suffolk.services, suffolk.tokens[0])
    assert sent is not None

    assert submit_draft(suffolk.services, form, sent) == first
    assert len(suffolk.table.referrals) == 1


def test_a_second_tab_that_read_the_draft_before_gives_the_same_receipt(suffolk: Instance) -> None:
    form = suffolk.services.forms["adult"]
    draft = suffolk.draft()
    first = submit_draft(suffolk.services, form, draft)
    suffolk.clock.move(minutes=5)

    assert submit_draft(suffolk.services, form, draft) == first
    assert len(suffolk.table.referrals) == 1


def test_answers_saved_in_another_tab_are_looked_at_before_they_are_sent(
    suffolk: Instance,
) -> None:
    draft = suffolk.draft()
    save_draft(suffolk.services, draft, {**ANSWERS["adult"], "summary": "changed"}, [])

    with pytest.raises(DraftChanged):
        submit_draft(suffolk.services, suffolk.services.forms["adult"], draft)

    assert suffolk.table.referrals == {}


def test_an_unfinished_draft_is_refused_with_its_problems(suffolk: Instance) -> None:
    form = suffolk.services.forms["adult"]
    answers = {name: value for name, value in ANSWERS["adult"].items() if name != "summary"}
    draft = replace(suffolk.draft(), answers=answers)

    with pytest.raises(Invalid) as refused:
        submit_draft(suffolk.services, form, draft)

    assert [problem.pointer for problem in refused.value.problems] == ["/summary"]
    assert suffolk.table.referrals == {}


def test_an_answer_no_longer_asked_for_is_not_sent(suffolk: Instance) -> None:
    receipt = suffolk.submit("adult", outcome_status="not_known")

    referral = suffolk.services.referrals.find(receipt.reference)

    assert referral is not None
    assert "place_of_death" not in referral.answers


def test_a_taken_reference_is_replaced_by_another(
    suffolk: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered = iter(["SUF-BBBB-BBBB", "SUF-BBBB-BBBB", "SUF-CCCC-CCCC"])
    monkeypatch.setattr(submit_referral, "new_reference", lambda prefix: next(offered))

    first, second = suffolk.submit(), suffolk.submit()

    assert (first.reference, second.reference) == ("SUF-BBBB-BBBB", "SUF-CCCC-CCCC")


def test_no_reference_is_shown_when_none_is_free(
    suffolk: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(submit_referral, "new_reference", lambda prefix: "SUF-BBBB-BBBB")
    suffolk.submit()

    with pytest.raises(StoreBusy):
        suffolk.submit()

    assert len(suffolk.table.referrals) == 1


def test_an_audit_row_says_who_did_what(suffolk: Instance) -> None:
    receipt = suffolk.submit()

    (entry,) = suffolk.table.audit

    assert (entry.reference, entry.actor, entry.action) == (
        receipt.reference,
        "referrer",
        "submitted",
    )


def _case(instance: Instance, reference: str) -> Case:
    case = instance.services.cases.find(reference)
    assert case is not None
    return case


def due_dates(instance: Instance, reference: str) -> dict[str, date]:
    return {item.rule: item.due_on for item in _case(instance, reference).deadlines}


def test_an_adult_referral_has_the_deadlines_that_start_at_receipt(suffolk: Instance) -> None:
    receipt = suffolk.submit("adult")

    assert due_dates(suffolk, receipt.reference) == {
        "acknowledge": date(2026, 11, 24),
        "panel-considers": date(2026, 12, 18),
    }


def test_a_child_referral_also_has_the_local_authoritys_clock(suffolk: Instance) -> None:
    receipt = suffolk.submit("child", outcome_status="serious_harm")

    assert due_dates(suffolk, receipt.reference) == {
        "acknowledge": date(2026, 11, 24),
        "panel-notification": date(2026, 11, 26),
        "partners-decide": date(2026, 11, 23),
        "provider-notice": date(2026, 11, 30),
        "rapid-review-cautious": date(2026, 12, 10),
    }


def test_a_death_also_starts_the_clocks_of_notices_that_may_be_due(suffolk: Instance) -> None:
    """Whether the child was looked after, or a care leaver, was not answered."""
    receipt = suffolk.submit("child")

    assert {"national-notice-c3", "national-notice-c4", "other-process-notice"} <= set(
        due_dates(suffolk, receipt.reference)
    )


def test_a_notice_that_is_not_due_by_the_answers_has_no_clock(suffolk: Instance) -> None:
    child = {**ANSWERS["child"]["children"][0], "looked_after": "never"}
    receipt = suffolk.submit("child", children=[child])

    assert "national-notice-c3" not in due_dates(suffolk, receipt.reference)


def test_a_notification_to_the_panel_that_is_on_the_form_starts_the_rapid_review(
    suffolk: Instance,
) -> None:
    sent = {"year": 2026, "month": 11, "day": 18}
    receipt = suffolk.submit("child", sin_status="sent", sin_sent_at=sent)

    assert due_dates(suffolk, receipt.reference)["rapid-review"] == date(2026, 12, 9)


def test_salford_also_has_its_five_days_from_the_incident(salford: Instance) -> None:
    receipt = salford.submit("child")

    assert due_dates(salford, receipt.reference)["local-referral"] == date(2026, 11, 21)


def test_a_date_without_its_day_starts_no_clock(suffolk: Instance) -> None:
    receipt = suffolk.submit("child", la_told_at={"year": 2026, "month": 11})

    assert "panel-notification" not in due_dates(suffolk, receipt.reference)


def test_every_reminder_has_a_row_and_one_outbox_row_has_them_scheduled(suffolk: Instance) -> None:
    receipt = suffolk.submit("adult")

    assert [one.reminder for one in suffolk.deliveries(Kind.REMINDER_EMAIL)] == [
        "acknowledge#20261124#20261123",
        "acknowledge#20261124#20261124",
        "acknowledge#20261124#20261125",
        "panel-considers#20261218#20261204",
        "panel-considers#20261218#20261211",
        "panel-considers#20261218#20261221",
    ]
    assert suffolk.only(Kind.SCHEDULES).reference == receipt.reference


def test_the_team_email_and_the_receipt_are_in_the_outbox(suffolk: Instance) -> None:
    suffolk.submit()

    assert suffolk.only(Kind.TEAM_EMAIL).state is State.PENDING
    assert suffolk.only(Kind.RECEIPT_EMAIL).state is State.PENDING


def test_no_outbox_row_holds_an_answer_or_an_address(suffolk: Instance) -> None:
    suffolk.submit("adult")

    assert "canary" not in repr(suffolk.table.deliveries).lower()


def test_a_document_gives_a_reference(suffolk: Instance) -> None:
    form = suffolk.services.forms["adult"]

    receipt, created = submit_document(suffolk.services, form, ANSWERS["adult"], KEY)

    referral = suffolk.services.referrals.find(receipt.reference)
    assert created
    assert referral is not None
    assert referral.channel == "api"


def test_the_same_document_again_gives_the_same_reference(suffolk: Instance) -> None:
    form = suffolk.services.forms["adult"]
    first, _ = submit_document(suffolk.services, form, ANSWERS["adult"], KEY)
    suffolk.clock.move(days=400)

    again = submit_document(suffolk.services, form, dict(reversed(ANSWERS["adult"].items())), KEY)

    assert again == (first, False)
    assert len(suffolk.table.referrals) == 1


def test_the_same_key_with_another_document_is_refused(suffolk: Instance) -> None:
    form = suffolk.services.forms["adult"]
    submit_document(suffolk.services, form, ANSWERS["adult"], KEY)

    with pytest.raises(KeyReused):
        submit_document(suffolk.services, form, {**ANSWERS["adult"], "summary": "other"}, KEY)


def test_the_same_key_for_another_form_is_refused(suffolk: Instance) -> None:
    forms = suffolk.services.forms
    submit_document(suffolk.services, forms["adult"], ANSWERS["adult"], KEY)

    with pytest.raises(KeyReused):
        submit_document(suffolk.services, forms["child"], ANSWERS["child"], KEY)


def test_two_keys_make_two_referrals(suffolk: Instance) -> None:
    form = suffolk.services.forms["adult"]

    submit_document(suffolk.services, form, ANSWERS["adult"], KEY)
    submit_document(suffolk.services, form, ANSWERS["adult"], KEY + "-2")

    assert len(suffolk.table.referrals) == 2


@pytest.mark.parametrize(
    ("change", "pointer"),
    [({"unknown": "x"}, "/unknown"), ({"summary": 5}, "/summary"), ({"adults": []}, "/adults")],
)
def test_a_wrong_document_is_refused_where_it_is_wrong(
    suffolk: Instance, change: dict[str, Any], pointer: str
) -> None:
    form = suffolk.services.forms["adult"]

    with pytest.raises(Invalid) as refused:
        submit_document(suffolk.services, form, {**ANSWERS["adult"], **change}, KEY)

    assert pointer in [problem.pointer for problem in refused.value.problems]


def test_a_document_too_large_to_store_is_refused(suffolk: Instance) -> None:
    form = suffolk.services.forms["adult"]

    with pytest.raises(DraftTooLarge):
        submit_document(suffolk.services, form, {**ANSWERS["adult"], "summary": NOISE}, KEY)


def test_a_document_keeps_the_version_it_was_answered_with(suffolk: Instance) -> None:
    form = suffolk.services.forms["adult"]

    submit_document(suffolk.services, form, ANSWERS["adult"], KEY)

    assert suffolk.services.archive.find("adult", form.version) == form.document


@pytest.mark.parametrize("form_name", ["adult", "child"])
def test_all_texts_of_a_form_leave_room_beside_the_largest_answers(
    suffolk: Instance, form_name: str
) -> None:
    form = suffolk.services.forms[form_name]
    texts = {
        name: {
            "text": question.text,
            "noun": question.noun,
            "options": {option.value: option.label for option in question.options},
        }
        for name, question in form.questions.items()
    }

    assert len(pack([texts, dict(form.roles)])) < 80_000


def sent_draft(instance: Instance) -> Any:
    instance.submit()
    return open_draft(instance.services, instance.tokens[0])


def test_a_copy_can_be_read_for_an_hour(suffolk: Instance) -> None:
    draft = sent_draft(suffolk)
    suffolk.clock.move(minutes=59, seconds=59)

    copy = copy_of(suffolk.services, draft)

    assert copy is not None
    assert copy.answers == ANSWERS["adult"]


def test_after_an_hour_there_is_no_copy(suffolk: Instance) -> None:
    draft = sent_draft(suffolk)
    suffolk.clock.move(hours=1)

    assert copy_of(suffolk.services, draft) is None


def test_a_draft_that_was_not_sent_has_no_copy(suffolk: Instance) -> None:
    assert copy_of(suffolk.services, suffolk.draft()) is None


@pytest.mark.parametrize(
    ("who", "safe", "receipts"),
    [
        ("professional", None, 1),
        ("coroner", None, 1),
        ("family_or_friend", "yes", 1),
        ("family_or_friend", "no", 0),
        ("family_or_friend", "not_known", 0),
        ("family_or_friend", None, 0),
        ("the_adult", None, 0),
        ("public", None, 0),
    ],
)
def test_only_who_said_that_it_is_safe_is_emailed_unless_it_is_their_work(
    suffolk: Instance, who: str, safe: str | None, receipts: int
) -> None:
    answers = {} if safe is None else {"referrer_safe_email": safe}

    suffolk.submit("adult", submitter_type=who, **answers)

    assert len(suffolk.deliveries(Kind.RECEIPT_EMAIL)) == receipts
