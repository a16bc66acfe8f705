"""Hide in any text what a referral's own answers say of who somebody is: pure.

Everything that is hidden is found in the text as it was typed and replaced in one go, so that no
replacement is ever taken for something to hide, and what overlaps is hidden as a whole.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from chalicelib.referrals.folding import Folded, fold, stands_alone
from chalicelib.referrals.name_words import WORD, exact_words, name_words
from chalicelib.referrals.phrase_patterns import Found, capitals, is_initials, number, phrase
from chalicelib.referrals.telling_patterns import Span, birth_pattern, telling_spans

SOMEBODY, HIDDEN = "[name]", "[hidden]"
ADDRESS, CONTACT, REFERENCE = "[address]", "[contact]", "[reference]"
_INITIAL_BEFORE = re.compile(r"(?<!\w)(?:[B-HJ-Z]|[AI](?=[.'’]))(?:[.'’]\s?|\s)(?:[A-Z]\.?\s?)?$")
_INITIAL_AFTER = re.compile(r"\s[B-HJ-Z](?![\w'’])")


@dataclass(frozen=True)
class Hidden:
    """What is to be found. `names` is by what stands for the person: "Adult A" -> as typed.

    `phrases` and `numbers` are texts with what stands for them; `births` are days of birth.
    """

    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    phrases: tuple[tuple[str, str], ...] = ()
    numbers: tuple[str, ...] = ()
    births: tuple[tuple[date, str], ...] = ()


@dataclass(frozen=True)
class _Hit:
    start: int
    end: int
    who: frozenset[str]
    words: int = 1

    @property
    def label(self) -> str:
        return " or ".join(sorted(self.who)) if len(self.who) < 3 else SOMEBODY


class Redactor:
    """Hides, in any text, what `Hidden` says."""

    def __init__(self, hidden: Hidden) -> None:
        self._hidden = hidden

    def text(self, typed: str) -> str:
        """The text with everything replaced that tells who somebody is."""
        if not typed:
            return typed
        known = fold(typed)
        found = [(hit.start, hit.end, hit.label) for hit in self._named(known)]
        found += [(*known.span(start, end), label) for start, end, label in self._found(known)]
        for pattern, label in self._initials:
            found += [(one.start(), one.end(), label) for one in pattern.finditer(typed)]
        return _replaced(typed, found)

    def names_somebody(self, typed: str) -> bool:
        """Whether a text has somebody's name in full: a single word of it may be any word."""
        return any(hit.words > 1 for hit in self._named(fold(typed)))

    def _found(self, known: Folded) -> Iterator[Span]:
        for pattern, label in self._births:
            yield from ((one.start(), one.end(), label) for one in pattern.finditer(known.text))
        for first, pattern, label in self._phrases:
            if first in known.text:
                yield from ((one.start(), one.end(), label) for one in pattern.finditer(known.text))
        yield from telling_spans(known.text)

    @cached_property
    def _births(self) -> list[tuple[re.Pattern[str], str]]:
        return [(birth_pattern(on), label) for on, label in self._hidden.births]

    @cached_property
    def _initials(self) -> list[tuple[re.Pattern[str], str]]:
        return [
            (capitals(text), label) for text, label in self._hidden.phrases if is_initials(text)
        ]

    @cached_property
    def _phrases(self) -> list[Found]:
        texts = [one for one in self._hidden.phrases if not is_initials(one[0])]
        found = [phrase(text, label) for text, label in texts]
        found += [number(text) for text in self._hidden.numbers]
        return [one for one in found if one is not None]

    @cached_property
    def _words(self) -> dict[str, frozenset[str]]:
        """Who is meant by a folded word."""
        words: dict[str, frozenset[str]] = {}
        for who, names in self._hidden.names.items():
            for word in {word for name in names for word in name_words(name)}:
                words[word] = words.get(word, frozenset()) | {who}
        return words

    @cached_property
    def _exact(self) -> dict[str, frozenset[str]]:
        """Who is meant by a word only if it is typed exactly so."""
        words: dict[str, frozenset[str]] = {}
        for who, names in self._hidden.names.items():
            for word in {word for name in names for word in exact_words(name)}:
                words[word] = words.get(word, frozenset()) | {who}
        return words

    @cached_property
    def _unspaced(self) -> list[str]:
        return [word for word in self._words if not stands_alone(word[0])]

    def _named(self, known: Folded) -> list[_Hit]:
        """Every mention of somebody, in the text as typed; words of one name are one mention."""
        hits = sorted(self._mentions(known), key=lambda hit: (hit.start, -hit.end))
        joined: list[_Hit] = []
        for hit in hits:
            last = joined[-1] if joined else None
            both = last.who & hit.who if last else frozenset()
            if last and both and _is_one_name(known.typed[last.end : hit.start]):
                joined[-1] = _Hit(last.start, max(last.end, hit.end), both, last.words + 1)
            else:
                joined.append(hit)
        return [_with_initials(known.typed, hit) for hit in joined]

    def _mentions(self, known: Folded) -> Iterator[_Hit]:
        for word in WORD.finditer(known.text):
            start, end = known.span(word.start(), word.end())
            who = self._who(word.group()) or self._exact.get(known.typed[start:end])
            if who is None and known.typed[start - 1 : start] in ("#", "@"):
                who = self._inside(word.group())
            if who:
                yield _Hit(start, end, who)
        for name in self._unspaced:
            for found in re.finditer(re.escape(name), known.text):
                yield _Hit(*known.span(found.start(), found.end()), self._words[name])

    def _who(self, word: str) -> frozenset[str] | None:
        """Also for "Marys" and "the Joneses"."""
        found = self._words.get(word)
        for ending in ("s", "es"):
            if found is None and word.endswith(ending) and len(word) > len(ending) + 2:
                found = self._words.get(word.removesuffix(ending))
        return found

    def _inside(self, word: str) -> frozenset[str] | None:
        """Who is meant by a word that was put together of others: #JusticeForMary."""
        return next((who for one, who in self._words.items() if len(one) > 3 and one in word), None)


def _replaced(typed: str, found: list[Span]) -> str:
    """Overlapping parts are replaced as one, by what stands for the longest of them."""
    parts: list[str] = []
    at, ends, label, longest = 0, -1, "", 0
    for start, end, name in sorted(found, key=lambda span: (span[0], -span[1])):
        if start < ends:
            if end - start > longest:
                label, longest = name, end - start
            ends = max(ends, end)
            continue
        if label:
            parts += [label]
            at = ends
        parts.append(typed[at:start])
        ends, label, longest = end, name, end - start
    return "".join([*parts, label, typed[ends if label else at :]])


def _is_one_name(between: str) -> bool:
    """Whether what stands between two words of a name belongs to it: nothing, or a middle name."""
    if "\n" in between:
        return False
    words = re.split(r"[ \t\u00a0\-‐-―'’]+", between)
    middle = [word for word in words if word]
    bare = [word.removesuffix(".") for word in middle]
    initials_only = all(
        len(one) == 1 for one, word in zip(bare, middle, strict=True) if one != word
    )
    return len(bare) < 3 and initials_only and all(_is_capital(one) for one in bare)


def _is_capital(word: str) -> bool:
    return word.isalpha() and word[0].isupper()


def _with_initials(typed: str, hit: _Hit) -> _Hit:
    """With the initial before a surname or after a forename: "J. Smith", "O'Brien", "Mary S"."""
    before = _INITIAL_BEFORE.search(typed[max(0, hit.start - 6) : hit.start])
    after = _INITIAL_AFTER.match(typed, hit.end)
    start = hit.start - len(before.group()) if before else hit.start
    return _Hit(start, after.end() if after else hit.end, hit.who, hit.words)
