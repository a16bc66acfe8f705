"""Save and return."""

import pytest

from chalicelib.use_cases.ports import MailFailed, MailRejected
from chalicelib.use_cases.resume_draft import email_resume_code, issue_resume_code, resume
from tests.unit.use_cases.instance import Instance


def test_a_code_opens_the_draft_it_was_issued_for(suffolk: Instance) -> None:
    draft = suffolk.draft()

    issued = issue_resume_code(suffolk.services, suffolk.tokens[0], draft)

    assert resume(suffolk.services, issued.code) == suffolk.tokens[0]


def test_a_code_is_read_in_small_letters_without_hyphens(suffolk: Instance) -> None:
    issued = issue_resume_code(suffolk.services, "token", suffolk.draft())

    assert resume(suffolk.services, issued.code.lower().replace("-", " ")) is not None


def test_a_code_works_as_often_as_it_is_needed(suffolk: Instance) -> None:
    draft = suffolk.draft()
    issued = issue_resume_code(suffolk.services, suffolk.tokens[0], draft)

    assert resume(suffolk.services, issued.code) == resume(suffolk.services, issued.code)


def test_a_code_ends_with_its_draft(suffolk: Instance) -> None:
    draft = suffolk.draft()
    issued = issue_resume_code(suffolk.services, suffolk.tokens[0], draft)
    suffolk.clock.move(days=30)

    assert issued.expires_at == draft.expires_at
    assert resume(suffolk.services, issued.code) is None


@pytest.mark.parametrize("typed", ["", "nonsense", "00000-00000-00000-00000", "é" * 20])
def test_what_is_no_code_of_ours_opens_nothing(suffolk: Instance, typed: str) -> None:
    issue_resume_code(suffolk.services, "token", suffolk.draft())

    assert resume(suffolk.services, typed) is None


def test_the_table_holds_neither_code_nor_token(suffolk: Instance) -> None:
    issued = issue_resume_code(suffolk.services, "a-secret-token", suffolk.draft())

    stored = repr(suffolk.table.seals)

    assert "a-secret-token" not in stored
    assert issued.code.replace("-", "") not in stored


def test_a_code_is_emailed_to_the_address_given(suffolk: Instance) -> None:
    issued = issue_resume_code(suffolk.services, "token", suffolk.draft())

    email_resume_code(suffolk.services, "me@home.example", issued, stream="adult")

    ((_, message),) = suffolk.mailer.sent
    assert message.to == ("me@home.example",)
    assert issued.code in message.text
    assert "canary" not in (message.text + message.html + message.subject).lower()


def test_the_address_is_not_kept(suffolk: Instance) -> None:
    issued = issue_resume_code(suffolk.services, "token", suffolk.draft())

    email_resume_code(suffolk.services, "me@home.example", issued, stream="adult")

    assert "me@home.example" not in repr(suffolk.table)


@pytest.mark.parametrize("error", [MailFailed("Throttling"), MailRejected("MessageRejected")])
def test_an_email_that_was_not_accepted_is_told(suffolk: Instance, error: Exception) -> None:
    issued = issue_resume_code(suffolk.services, "token", suffolk.draft())
    suffolk.mailer.failures.append(error)

    with pytest.raises(MailFailed):
        email_resume_code(suffolk.services, "me@home.example", issued, stream="adult")
