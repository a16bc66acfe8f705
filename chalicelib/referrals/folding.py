"""A text as it is compared: without case, accents, wide letters and marks that nobody sees.

Each character of the folded text knows where it stands in the text that was typed.
"""

import unicodedata
from dataclasses import dataclass
from functools import cache

# Letters that Unicode does not take apart, though people type them without their stroke.
_PLAIN = {
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "æ": "ae",
    "œ": "oe",
    "ı": "i",
    "ħ": "h",
    "ß": "ss",
    **dict.fromkeys("‘’ʼʹ`´＇′ʻ", "'"),
    **dict.fromkeys("‐‑‒–—―−", "-"),
}
# What is neither seen nor heard: marks over letters, joiners, and what turns the writing round.
_UNSEEN = frozenset(("Mn", "Mc", "Me", "Cf"))
_BLANKS = frozenset(("Zs", "Zl", "Zp", "Cc"))


@dataclass(frozen=True)
class Folded:
    """`at[n]` is the index, in `typed`, of the character that the n-th of `text` came from."""

    typed: str
    text: str
    at: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The part of what was typed that a part of the folded text stands for, marks with it."""
        last = self.at[end - 1] + 1
        while last < len(self.typed) and not _folded(self.typed[last]):
            last += 1
        return self.at[start], last


def fold(typed: str) -> Folded:
    """The text, ready to be compared."""
    if typed.isascii() and typed.isprintable() and "`" not in typed:
        return Folded(typed, typed.lower(), tuple(range(len(typed))))
    letters: list[str] = []
    at: list[int] = []
    for index, letter in enumerate(typed):
        folded = _folded(letter)
        letters.append(folded)
        at.extend([index] * len(folded))
    return Folded(typed, "".join(letters), tuple(at))


def folded(typed: str) -> str:
    """Only the text."""
    return fold(typed).text


@cache
def _folded(letter: str) -> str:
    if letter in "\n ":
        return letter
    if letter in _PLAIN:
        return _PLAIN[letter]
    parts = unicodedata.normalize("NFKD", letter)
    return "".join(_plain(small) for part in parts for small in part.casefold())


def _plain(letter: str) -> str:
    kind = unicodedata.category(letter)
    if kind in _UNSEEN:
        return ""
    if kind in _BLANKS:
        return " "
    if kind == "Nd":
        return str(unicodedata.decimal(letter))
    return _PLAIN.get(letter, letter)


@cache
def stands_alone(letter: str) -> bool:
    """Whether words of this letter's script are written with blanks between them."""
    name = unicodedata.name(letter, "")
    return name.startswith(("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "GEORGIAN"))
