"""Referrals in the table: everything of a submission in one transaction."""

from chalicelib.adapters import dynamodb_listing
from chalicelib.adapters.dynamodb_audit import audit_actions
from chalicelib.adapters.dynamodb_cases import case_row
from chalicelib.adapters.dynamodb_deliveries import new_row
from chalicelib.adapters.dynamodb_drafts import submitted_action
from chalicelib.adapters.dynamodb_table import (
    CONDITION_FAILED,
    DynamoTable,
    Row,
    TransactionRefused,
)
from chalicelib.referrals.packing import pack, unpack
from chalicelib.referrals.referral import Referral, Submission, SubmissionToken
from chalicelib.referrals.times import from_text, to_text
from chalicelib.use_cases.ports import (
    AlreadySubmitted,
    DraftChanged,
    ReferenceTaken,
    StoreBusy,
)

_NEW = "attribute_not_exists(pk)"
_SK = "REFERRAL"
_TOKEN_SK = "TOKEN"  # noqa: S105 - a sort key


class DynamoReferrals:
    """`REFERRAL#<reference>/...` and `SUBMITTED#<token id>/TOKEN`."""

    def __init__(self, table: DynamoTable) -> None:
        self._table = table

    def submit(self, submission: Submission) -> None:
        # The first actions are the ones with conditions; their order is read below.
        table, referral = self._table, submission.referral
        conditional = [
            ("token", table.put_action(_token_row(submission.token), _NEW)),
            ("reference", table.put_action(_referral_row(referral), _NEW)),
        ]
        if submission.draft is not None:
            action = submitted_action(
                table, submission.draft, referral.reference, referral.received_at
            )
            conditional.append(("draft", action))
        rows: list[Row] = [case_row(submission.case), *dynamodb_listing.rows(submission.case)]
        rows += [new_row(delivery) for delivery in submission.deliveries]
        actions = [
            *(action for _, action in conditional),
            *(table.put_action(row) for row in rows),
            *audit_actions(table, submission.audit),
        ]
        try:
            table.transact(actions)
        except TransactionRefused as refused:
            pairs = zip(conditional, refused.codes, strict=False)
            failed = {what for (what, _), code in pairs if code == CONDITION_FAILED}
            raise self._reason(failed, submission.token.id) from refused

    def _reason(self, failed: set[str], token_id: str) -> Exception:
        if "token" in failed:
            token = self.find_token(token_id)
            return StoreBusy() if token is None else AlreadySubmitted(token.reference)
        if "draft" in failed:
            return DraftChanged()
        return ReferenceTaken() if "reference" in failed else StoreBusy()

    def find(self, reference: str) -> Referral | None:
        row = self._table.get(f"REFERRAL#{reference}", _SK)
        if row is None:
            return None
        content = unpack(row["content"])
        return Referral(
            reference=reference,
            stream=row["stream"],
            form=row["form"],
            form_version=row["form_version"],
            received_at=from_text(row["received_at"]),
            channel=row["channel"],
            answers=content["answers"],
            questions=content["questions"],
            roles=content["roles"],
            told=content.get("told", ""),
        )

    def find_token(self, token_id: str) -> SubmissionToken | None:
        row = self._table.get(f"SUBMITTED#{token_id}", _TOKEN_SK)
        if row is None:
            return None
        received_at = from_text(row["received_at"])
        return SubmissionToken(token_id, row["reference"], received_at, row["body"])


def _token_row(token: SubmissionToken) -> Row:
    return {
        "pk": f"SUBMITTED#{token.id}",
        "sk": _TOKEN_SK,
        "reference": token.reference,
        "received_at": to_text(token.received_at),
        "body": token.body,
    }


def _referral_row(referral: Referral) -> Row:
    content = {
        "answers": referral.answers,
        "questions": referral.questions,
        "roles": referral.roles,
        "told": referral.told,
    }
    return {
        "pk": f"REFERRAL#{referral.reference}",
        "sk": _SK,
        "stream": referral.stream,
        "form": referral.form,
        "form_version": referral.form_version,
        "received_at": to_text(referral.received_at),
        "channel": referral.channel,
        "content": pack(content),
    }
