"""A redacted pack: a part of a case, made for one reader and one purpose, for a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

USUAL_DAYS, MOST_DAYS = 28, 90
# A part of every case that may be put in, besides the sections of its form.
DECISIONS, ADDED = "decisions", "information-added"
LONGEST_PURPOSE, LONGEST_RECIPIENT, LONGEST_WORD, MOST_WORDS = 500, 200, 100, 50


@dataclass(frozen=True)
class PackForm:
    """What somebody asks for: `hide` are the words to hide besides those that are known."""

    purpose: str
    recipient: str
    expires_on: date
    sections: tuple[str, ...]
    hide: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pack:
    """A pack as it was made. What it shows is drawn anew at each opening, until it expires.

    `expires_on` is the last London day on which it opens; `sections` are ids of the form's sections
    and of `DECISIONS`; `by` is the id and `name` the name of who made it.
    """

    id: str
    purpose: str
    recipient: str
    expires_on: date
    sections: tuple[str, ...]
    hide: tuple[str, ...]
    by: str
    name: str
    at: datetime

    def has_expired(self, today: date) -> bool:
        """Whether it may not be opened any more."""
        return today > self.expires_on


def problems_of(form: PackForm, known: Mapping[str, str], today: date) -> dict[str, str]:
    """What is wrong with what was asked for, by field. `known` are the sections by id."""
    problems = {
        "purpose": _text_problem(form.purpose, "what the pack is for", LONGEST_PURPOSE),
        "recipient": _text_problem(form.recipient, "who the pack is for", LONGEST_RECIPIENT),
        "expires": _expiry_problem(form.expires_on, today),
        "sections": _sections_problem(form.sections, known),
        "hide": _words_problem(form.hide),
    }
    return {name: text for name, text in problems.items() if text}


def _text_problem(text: str, what: str, longest: int) -> str:
    if not text.strip():
        return f"Enter {what}"
    if len(text) > longest:
        return f"Shorten {what} to {longest} characters or fewer"
    return "" if _is_shown(text) else f"Type {what} again: it holds characters that cannot be shown"


def _expiry_problem(on: date, today: date) -> str:
    days = (on - today).days
    if days < 0:
        return "The last day must be today or later"
    return "" if days <= MOST_DAYS else f"A pack opens for {MOST_DAYS} days at most: choose sooner"


def _sections_problem(sections: tuple[str, ...], known: Mapping[str, str]) -> str:
    if not sections:
        return "Select at least one part of the case"
    return "" if set(sections) <= set(known) else "Select from the parts of this case"


def _words_problem(words: tuple[str, ...]) -> str:
    if len(words) > MOST_WORDS:
        return f"Give {MOST_WORDS} words to hide at most, one a line"
    if any(len(word) > LONGEST_WORD for word in words):
        return f"Each line of words to hide must be {LONGEST_WORD} characters or fewer"
    if not all(_is_shown(word) for word in words):
        return "The words to hide hold characters that cannot be shown. Type them again"
    if not all(any(letter.isalnum() for letter in word) for word in words):
        return "Each line of words to hide must have a letter or a digit"
    return ""


def _is_shown(text: str) -> bool:
    return all(letter.isprintable() or letter == "\n" for letter in text)
