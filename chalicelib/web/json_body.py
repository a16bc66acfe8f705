"""Bytes of a request to JSON values, strictly: what could be read in two ways is refused."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from chalicelib.web.problem_documents import BODY_NOT_JSON, BODY_TOO_LARGE, Refusal

# Answers nest five deep; Python's own limit is a crash, and differs between versions.
MAX_DEPTH = 32
# The longest referral has some 3,000; explaining what is wrong with each of 250,000 takes a minute.
MAX_VALUES = 20_000
# No answer is longer than a telephone number; Python refuses to read thousands of digits.
MAX_DIGITS = 15

# A string is one token whether or not it ends, so that the scan reads every character once.
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{},]', re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")


def read_json(body: bytes) -> Any:
    """The value that a body holds. Raises Refusal (body-not-json) for anything but plain JSON, and
    (body-too-large) for more than `MAX_VALUES` values.

    Refused besides broken syntax: bytes that are not UTF-8, a name given twice, nesting deeper than
    `MAX_DEPTH`, NaN and Infinity, numbers longer than `MAX_DIGITS`, half of a surrogate pair.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _refused(f"Send UTF-8: the byte at position {error.start} is not.") from None
    _check_shape(text)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_members,
            parse_int=_integer,
            parse_float=_number,
            parse_constant=_constant,
        )
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise _refused(f"The JSON breaks off or is wrong at {where}.") from None
    _check_surrogates(value, text)
    return value


def _refused(detail: str) -> Refusal:
    return Refusal(BODY_NOT_JSON, detail)


def _check_shape(text: str) -> None:
    depth = values = 0
    for token in _TOKEN.finditer(text):
        mark = text[token.start()]
        if mark in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise _refused(f"Nest arrays and objects no deeper than {MAX_DEPTH}.")
        elif mark in "]}":
            depth -= 1
        # Every value but the first of its object or array follows a comma.
        values += mark in "[{,"
        if values > MAX_VALUES:
            raise Refusal(BODY_TOO_LARGE, f"Send no more than {MAX_VALUES:,} values.")


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise _refused("Give every name once in each object: one is given twice.")
    return members


def _integer(digits: str) -> int:
    if len(digits.lstrip("-")) > MAX_DIGITS:
        raise _refused(f"Send numbers of no more than {MAX_DIGITS} digits.")
    return int(digits)


def _number(digits: str) -> int | float:
    """A whole number is an integer however it is written: JSON Schema takes 2.0 for one."""
    number = float(digits)
    if not math.isfinite(number) or abs(number) >= 10**MAX_DIGITS:
        raise _refused(f"Send numbers of no more than {MAX_DIGITS} digits.")
    return int(number) if number.is_integer() else number


def _constant(name: str) -> Any:
    raise _refused(f"{name} is not JSON. Leave the answer out instead.")


def _check_surrogates(value: Any, text: str) -> None:
    """Only an escape can bring half of a pair: the text itself was UTF-8."""
    if "\\u" not in text:
        return
    if _SURROGATE.search(json.dumps(value, ensure_ascii=False)):
        raise _refused("Send whole characters: an escape holds half of a surrogate pair.")
