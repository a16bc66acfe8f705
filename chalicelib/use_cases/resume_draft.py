"""Save and return without an account: a code that opens the draft again."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.referrals import resume_code
from chalicelib.referrals.draft import Draft
from chalicelib.referrals.emails import resume_email
from chalicelib.use_cases.ports import MailFailed, MailRejected, Services


@dataclass(frozen=True)
class ResumeCode:
    """A code as shown once to the person, and when it stops working."""

    code: str
    expires_at: datetime


def issue_resume_code(deps: Services, token: str, draft: Draft) -> ResumeCode:
    """Make a code for a draft: one write. It works until the draft expires."""
    shown = resume_code.new_code()
    code = resume_code.read_code(shown) or shown
    sealed = resume_code.seal(code, token)
    deps.drafts.keep_seal(resume_code.code_hash(code), sealed, draft.expires_at)
    return ResumeCode(shown, draft.expires_at)


def resume(deps: Services, code_typed: str) -> str | None:
    """The draft's token for a code as a person typed it: one read. None when it opens nothing."""
    code = resume_code.read_code(code_typed)
    if code is None:
        return None
    found = deps.drafts.find_seal(resume_code.code_hash(code))
    if found is None:
        return None
    sealed, expires_at = found
    if expires_at <= deps.clock.now():
        return None
    return resume_code.unseal(code, sealed)


def email_resume_code(deps: Services, address: str, code: ResumeCode, *, stream: str) -> None:
    """Email a code to an address that the person gave and called safe; the address is not kept.

    Raises `MailFailed` when the message was not accepted, for whatever reason.
    """
    message = resume_email(
        deps.partnership,
        to=(address,),
        stream=stream,
        code=code.code,
        expires_at=code.expires_at,
        resume_url=f"{deps.settings.public_url}/resume",
    )
    try:
        deps.mailer.send(message, delivery_id="resume-code")
    except MailRejected as error:
        raise MailFailed(error.code) from error
