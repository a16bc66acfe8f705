"""Patterns for a phrase, a number and initials, in whichever way they are written."""

import re

from chalicelib.referrals.folding import folded, stands_alone
from chalicelib.referrals.name_words import PLACE_WORDS

NUMBER = "[number]"
# A folded text without the first has not the pattern; the last stands for what is found.
Found = tuple[str, re.Pattern[str], str]
_MOST_INITIALS = 4
_START, _END = r"(?<![^\W_])", r"(?![^\W_])"
_SHORT = {
    "street": "st",
    "road": "rd",
    "avenue": "ave?",
    "close": "cl",
    "lane": "ln",
    "drive": "dr",
    "court": "ct",
    "crescent": "cres",
    "gardens": "gdns",
    "place": "pl",
    "square": "sq",
    "terrace": "terr?",
    "house": "hse",
    "saint": "st",
    "grove": "gr",
}
_LONG = {short.rstrip("?"): long for long, short in _SHORT.items() if long != "saint"}


def is_initials(text: str) -> bool:
    """Whether a text is a few capitals: small, they would be hidden in "Ms" and "he"."""
    letters = re.sub(r"[.\s]", "", text)
    return len(letters) <= _MOST_INITIALS and letters.isalpha() and letters.isupper()


def capitals(text: str) -> re.Pattern[str]:
    """Capitals in a text as typed, with stops or without."""
    letters = re.sub(r"[.\s]", "", text)
    spaced = r"\.?\s?".join(re.escape(letter) for letter in letters)
    return re.compile(rf"(?<!\w){spaced}(?!\w)")


def phrase(typed: str, label: str) -> Found | None:
    """Words one after another, whatever stands between them; a street also in short."""
    words = re.findall(r"[^\W_]+", folded(typed))
    if not words:
        return None
    parts = [re.escape(word) for word in words]
    parts = [_either(word, part) for word, part in zip(words, parts, strict=True)]
    alone = stands_alone(words[0][0]) or words[0][0].isdecimal()
    pattern = r"[\W_]*".join(parts) if not alone else r"[\W_]+".join(parts)
    bounded = rf"{_START}{pattern}(?:s(?=[^\w]|$))?{_END}" if alone else pattern
    return (
        words[0] if words[0] not in _SHORT and words[0] not in _LONG else "",
        re.compile(bounded),
        label,
    )


def _either(word: str, part: str) -> str:
    other = _SHORT.get(word) or _LONG.get(word)
    return f"(?:{part}|{other})" if other else part


def number(typed: str) -> Found | None:
    """Letters and digits one after another, however they are grouped."""
    letters = [letter for letter in folded(typed) if letter.isalnum()]
    if len(letters) < 3 or not any(letter.isdecimal() for letter in letters):
        return phrase(typed, NUMBER) if len(letters) > 2 else None
    pattern = r"[\W_]*".join(re.escape(letter) for letter in letters)
    return letters[0], re.compile(rf"{_START}{pattern}{_END}"), NUMBER


def street_of(line: str) -> str:
    """The street of an address line without its number, or empty when it names none."""
    words = [word for word in re.findall(r"[^\W_]+", line) if not re.search(r"\d", word)]
    words = [word for word in words if folded(word) not in ("flat", "apartment", "unit", "the")]
    known = [word for word in words if folded(word) not in PLACE_WORDS | set(_SHORT) | set(_LONG)]
    return " ".join(words) if len(words) > 1 and known else ""
