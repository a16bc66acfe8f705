"""Referrals in the table: everything of a submission in one transaction."""

from typing import Any

from chalicelib.adapters.dynamodb_drafts import submitted_action
from chalicelib.adapters.dynamodb_outbox import new_row
from chalicelib.adapters.dynamodb_table import DynamoTable, Row, TransactionRefused, encode
from chalicelib.referrals.packing import pack, unpack
from chalicelib.referrals.referral import (
    AuditEntry,
    Deadline,
    Referral,
    Submission,
    SubmissionToken,
)
from chalicelib.referrals.times import from_text, to_text
from chalicelib.use_cases.ports import (
    AlreadySubmitted,
    DraftChanged,
    ReferenceTaken,
    StoreBusy,
)

_REFUSED = "ConditionalCheckFailed"
_SK = "REFERRAL"
_TOKEN_SK = "TOKEN"  # noqa: S105 - a sort key


class DynamoReferrals:
    """`REFERRAL#<reference>/...` and `SUBMITTED#<token id>/TOKEN`."""

    def __init__(self, table: DynamoTable) -> None:
        self._table = table

    def submit(self, submission: Submission) -> None:
        # The first three actions are the ones with conditions; their order is read below.
        name, referral = self._table.name, submission.referral
        conditional = [("token", _put(name, _token_row(submission.token), new=True))]
        conditional.append(("reference", _put(name, _referral_row(referral), new=True)))
        if submission.draft is not None:
            action = submitted_action(
                name, submission.draft, referral.reference, referral.received_at
            )
            conditional.append(("draft", action))
        rows: list[Row] = [_audit_row(submission.audit)]
        rows += [_deadline_row(referral.reference, item) for item in submission.deadlines]
        rows += [new_row(delivery) for delivery in submission.deliveries]
        actions = [action for _, action in conditional] + [_put(name, row) for row in rows]
        try:
            self._table.transact(actions)
        except TransactionRefused as refused:
            pairs = zip(conditional, refused.codes, strict=False)
            failed = {what for (what, _), code in pairs if code == _REFUSED}
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
        )

    def find_token(self, token_id: str) -> SubmissionToken | None:
        row = self._table.get(f"SUBMITTED#{token_id}", _TOKEN_SK)
        if row is None:
            return None
        received_at = from_text(row["received_at"])
        return SubmissionToken(token_id, row["reference"], received_at, row["body"])


def _put(table: str, row: Row, *, new: bool = False) -> dict[str, Any]:
    condition = {"ConditionExpression": "attribute_not_exists(pk)"} if new else {}
    return {"Put": {"TableName": table, "Item": encode(row), **condition}}


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


def _audit_row(entry: AuditEntry) -> Row:
    return {
        "pk": f"REFERRAL#{entry.reference}",
        "sk": f"AUDIT#{to_text(entry.at)}#{entry.id}",
        "actor": entry.actor,
        "action": entry.action,
    }


def _deadline_row(reference: str, deadline: Deadline) -> Row:
    return {
        "pk": f"REFERRAL#{reference}",
        "sk": f"DEADLINE#{deadline.rule}",
        "label": deadline.label,
        "trigger": deadline.trigger,
        "trigger_on": deadline.trigger_on.isoformat(),
        "due_on": deadline.due_on.isoformat(),
        "due_at": to_text(deadline.due_at),
        "act_by": deadline.act_by.isoformat(),
        "responsible": deadline.responsible,
        "status": deadline.status,
        "source": deadline.source,
        "estimated": deadline.estimated,
    }
