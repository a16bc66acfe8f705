"""What was added to a referral, in the table: rows that are written once, beside the referral."""

from chalicelib.adapters.dynamodb_table import Action, DynamoTable, Row
from chalicelib.referrals.information import Addition
from chalicelib.referrals.packing import pack, unpack
from chalicelib.referrals.times import from_text, to_text

_SK = "ADDED#"
_NEW = "attribute_not_exists(pk)"


def added_action(table: DynamoTable, added: Addition) -> Action:
    """The transaction's action that adds `REFERRAL#<reference>/ADDED#<time>#<id>`."""
    row: Row = {
        "pk": f"REFERRAL#{added.reference}",
        "sk": f"{_SK}{to_text(added.at)}#{added.id}",
        "request": added.request,
        "content": pack({"name": added.name, "text": added.text}),
    }
    return table.put_action(row, _NEW)


def additions(table: DynamoTable, reference: str) -> tuple[Addition, ...]:
    """Everything that was added to a referral, in order."""
    found = []
    for row in table.rows(f"REFERRAL#{reference}", _SK):
        at, _, added = row["sk"].removeprefix(_SK).partition("#")
        content = unpack(row["content"])
        found.append(
            Addition(
                id=added,
                reference=reference,
                request=row["request"],
                at=from_text(at),
                name=content["name"],
                text=content["text"],
            )
        )
    return tuple(found)
