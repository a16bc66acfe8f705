"""The audit trail as a file: a line for each entry, oldest first, cut where too large. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC

from chalicelib.referrals.json_file import carried, dump
from chalicelib.referrals.referral import AuditEntry
from chalicelib.referrals.times import to_text

HEADER = ("At (UTC)", "Reference", "Person", "Name", "What was done", "Details", "Entry")
_PLACE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z#[0-9a-f]{32}")


@dataclass(frozen=True)
class Part:
    """What goes into one file: the entries after a place, up to and with another one."""

    after: str
    until: str
    entries: tuple[AuditEntry, ...]


def place_of(entry: AuditEntry) -> str:
    """Where an entry lies in the trail: places sort as texts, and no two entries share one."""
    return f"{to_text(entry.at)}#{entry.id}"


def is_place(text: str) -> bool:
    """Whether a text is one that `place_of` may have made."""
    return _PLACE.fullmatch(text) is not None


def parts(entries: Iterable[AuditEntry], after: str, most: int) -> list[Part]:
    """The entries, which are in order, cut so that no part weighs more than `most` bytes.

    A file of one entry may weigh more. `after` is the place that the first part begins after.
    """
    found: list[list[AuditEntry]] = []
    weight = 0
    for entry in entries:
        own = weight_of(entry)
        if not found or weight + own > most:
            found.append([])
            weight = 0
        found[-1].append(entry)
        weight += own
    ends = [place_of(one[-1]) for one in found]
    return [
        Part(begins, ends_at, tuple(one))
        for begins, ends_at, one in zip([after, *ends], ends, found, strict=False)
    ]


def weight_of(entry: AuditEntry) -> int:
    """What an entry's line weighs in a file of JSON, which is the heavier one."""
    return carried(dump(document(entry))) + 2


def document(entry: AuditEntry) -> dict[str, object]:
    """An entry as JSON values."""
    return {
        "at": to_text(entry.at),
        "reference": entry.reference,
        "person": entry.actor,
        "name": entry.name,
        "action": entry.action,
        "details": dict(entry.details),
        "entry": entry.id,
    }


def row(entry: AuditEntry) -> Sequence[str]:
    """An entry as cells under `HEADER`."""
    details = "; ".join(f"{name}: {value}" for name, value in entry.details.items())
    return (
        f"{entry.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}",
        entry.reference,
        entry.actor,
        entry.name,
        entry.action,
        details,
        entry.id,
    )
