"""Answers as stored: canonical JSON, compressed. JSON keeps every type that an answer may have."""

import hashlib
import json
import zlib
from typing import Any

from chalicelib.referrals.draft import MAX_PACKED_ANSWERS, DraftTooLarge


def canonical(value: Any) -> bytes:
    """UTF-8 JSON with sorted keys and no blanks: equal values give equal bytes."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8")


def pack(value: Any) -> bytes:
    """The stored form of a JSON value."""
    return zlib.compress(canonical(value), 6)


def unpack(packed: bytes) -> Any:
    """The value that `pack` stored."""
    return json.loads(zlib.decompress(packed))


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON, in hex."""
    return hashlib.sha256(canonical(value)).hexdigest()


def ensure_storable(answers: Any) -> None:
    """Raise `DraftTooLarge` for answers that could not be stored as a referral later."""
    raw = canonical(answers)
    # Compression never makes JSON text noticeably larger, so small answers need no trial.
    if len(raw) <= MAX_PACKED_ANSWERS // 2:
        return
    size = len(zlib.compress(raw, 6))
    if size > MAX_PACKED_ANSWERS:
        raise DraftTooLarge(size)
