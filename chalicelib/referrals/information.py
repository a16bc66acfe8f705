"""What a referrer is asked after they have notified, by a code, and what they add: pure.

A code is shown once to whoever asked, and only its hash is kept. What is added is a record of its
own beside the referral, which it never changes. The code works for some weeks after the day to
answer by: late is better than never.
"""

import hashlib
import hmac
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from chalicelib.referrals.resume_code import CODE_LENGTH, code_hash, read_code, spelt

LONGEST_QUESTION = 2_000
LONGEST_ANSWER = 4_000
LONGEST_NAME = 200
# How long somebody may be given, and how long the code works after that: both in days.
LONGEST_WAIT = timedelta(days=90)
WORKS_ON = timedelta(days=28)
# Working days that are given unless somebody chooses another day.
USUAL_WAIT = 10
_LINES = frozenset("\n\t")
# The mark that a decoder leaves where something was not to be read.
_UNREADABLE = "\ufffd"
# What makes a text read in another order than it is stored in. Joiners of letters are none of it.
_REORDERING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Ending(StrEnum):
    """How a request came to its end."""

    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class RequestState(StrEnum):
    """Where a request is, on a day."""

    OPEN = "open"
    LATE = "late"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


@dataclass(frozen=True)
class EndedRequest:
    """How and when a request ended. `by` is the name of who ended it.

    `added` is the id of what was added, `reason` why it was withdrawn.
    """

    how: Ending
    by: str
    at: datetime
    reason: str = ""
    added: str = ""


@dataclass(frozen=True)
class InformationRequest:
    """A question to the referrer, as it was asked. It ends once, and is never changed otherwise.

    `asked_by` is the id of who asked. `answer_by` is a London date, `expires_on` the last day on
    which the code works. `by_email` says that the code was to be emailed.
    """

    id: str
    code: str
    question: str
    answer_by: date
    expires_on: date
    asked_by: str
    name: str
    at: datetime
    by_email: bool = False
    ended: EndedRequest | None = None

    def state(self, today: date) -> RequestState:
        """Where it is on a London date."""
        if self.ended is not None:
            return RequestState(self.ended.how.value)
        if today > self.expires_on:
            return RequestState.EXPIRED
        return RequestState.LATE if today > self.answer_by else RequestState.OPEN

    def takes_answers(self, today: date) -> bool:
        """Whether its code works on a London date."""
        return self.state(today) in (RequestState.OPEN, RequestState.LATE)


@dataclass(frozen=True)
class Addition:
    """What was added to a referral: `name` is who says so, `request` the id of what was asked."""

    id: str
    reference: str
    request: str
    at: datetime
    name: str
    text: str


def derived_code(secret: str, request: str) -> str:
    """The code of a request, as it is shown: the same for the same secret, which nobody else has.

    So a form that is sent twice by one press shows one code, and it lies nowhere meanwhile.
    """
    made = hmac.digest(secret.encode(), b"information" + request.encode(), hashlib.sha256)
    return spelt(int.from_bytes(made, "big"))


def hash_of(code: str) -> str:
    """What is kept of a code as it was typed; empty for what is no code."""
    known = read_code(code)
    return "" if known is None else code_hash(known)


def asked_with(requests: Iterable[InformationRequest], code: str) -> InformationRequest | None:
    """The request that a code, as somebody typed it, belongs to."""
    hashed, found = hash_of(code), None
    for request in requests:
        if hashed and hmac.compare_digest(request.code, hashed):
            found = request
    return found


def addition_id(code: str, name: str, text: str) -> str:
    """The same for the same answer with the same code: so one that comes twice is added once."""
    known = read_code(code)
    if known is None:
        raise ValueError(f"a code has {CODE_LENGTH} symbols")
    content = f"{len(name)} {name}{text}".encode("utf-8", "surrogatepass")
    return hmac.digest(known.encode("ascii"), content, hashlib.sha256).hex()[:32]


def answer_problems(name: str, text: str) -> dict[str, str]:
    """What is wrong with an answer, by field."""
    return dict(_problems(name, text))


def _problems(name: str, text: str) -> Iterator[tuple[str, str]]:
    if not text:
        yield "answer", "Enter your answer"
    elif len(text) > LONGEST_ANSWER:
        yield "answer", f"Your answer must be {LONGEST_ANSWER:,} characters or fewer"
    elif not is_readable(text):
        yield "answer", f"Your answer holds characters {_TYPE_AGAIN}"
    if not name:
        yield "name", "Enter your name"
    elif len(name) > LONGEST_NAME:
        yield "name", f"Your name must be {LONGEST_NAME} characters or fewer"
    elif not is_readable(name) or set(name) & _LINES:
        yield "name", f"Your name holds characters {_TYPE_AGAIN}"


_TYPE_AGAIN = "that cannot be kept. Type it again, or paste it as plain text"


def is_readable(text: str) -> bool:
    """Whether all of it can be kept and shown: no control characters but tabs and ends of lines,
    and none that lets one thing be read as another."""
    return all(
        letter in _LINES
        or (
            unicodedata.category(letter) not in ("Cc", "Cs")
            and letter != _UNREADABLE
            and letter not in _REORDERING
        )
        for letter in text
    )
