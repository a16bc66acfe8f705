"""The words that somebody is known by, from what was typed where a name was asked for."""

import re
from collections.abc import Iterator
from itertools import pairwise

from chalicelib.referrals.folding import folded, stands_alone

WORD = re.compile(r"[^\W\d_]+")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Typed where a name was asked for, and nobody's: hidden nowhere, or a pack could not be read.
_NOBODY = _words(
    "anonymous applicable baby confirmed foetus known none not nothing tbc twin unborn unclear "
    "unknown unnamed"
)
# Around a name. Alone in its box each of these may be one, and is then hidden as it is typed.
_AROUND = _words(
    "adult aka alias birth boy called child client family female first forename former formerly "
    "friends girl last likes likely maiden male man married middle name named names neighbours "
    "nickname nicknamed others patient people person possibly preferred prefers previous "
    "previously probably same sometimes surname used uses using woman"
)
_KIN = _words(
    "aunt brother carer cousin dad daddy daughter father grandad grandfather grandma grandmother "
    "granny guardian husband mother mum mummy nan neighbour nephew niece parent partner sister "
    "son stepfather stepmother uncle wife"
)
TITLES = _words(
    "mr mrs ms miss mx dr doctor prof professor rev reverend sir dame lord lady cllr councillor "
    "sgt sergeant pc dc ds di dci insp inspector constable nurse"
)
# Between the names of an answer of several words. Alone in its box, each may be a name.
_BETWEEN = _words(
    "a also and an as at be been but by for from had has have he her hers him his i in is it me my "
    "near née nee no now of off on or our out she so than that the their them then they this to "
    "until was we were when who with you your"
)
# What belongs to a place or an organisation: words beside these are no person's name.
PLACE_WORDS = _words(
    "academy agency ambulance area avenue board borough building care centre centres charity "
    "clinic close college community constabulary council county court crescent department drive "
    "estate flat foundation gp health home homes hospice "
    "hospital house housing infirmary lane limited ltd mental nhs nursery nursing office "
    "police practice primary prison probation road school secondary service services "
    "social society square street support surgery team terrace trust unit university "
    "worker workers"
)
# A contact that says only this says where nobody is.
COMMON = _words(
    "address after afternoon any as away before best by call come contact day days details do "
    "email evening for home hospital leave left line main mobile morning number online only "
    "outside own person phone please private public ring safe school text time times unit week "
    "weekday weekdays weekend work writing yes"
)
SMALL_WORDS = _NOBODY | _AROUND | _KIN | _BETWEEN
_NEVER = _NOBODY | {"a", "i", "no"}
_TITLED = re.compile(
    r"\b(?:Dr|Mr|Mrs|Ms|Miss|Mx|Prof|Rev|Cllr|Sgt|PC|DC|DS|DI|DCI|Insp)\.?\s+"
    r"((?:[A-Z][\w'’-]+)(?:\s+[A-Z][\w'’-]+)?)"
)
_SEGMENTS = re.compile(r"[\n,;:/()|]+|\s[-–—]\s|\d[\d\s()+-]*|\S*@\S*")


def words_of(text: str) -> list[str]:
    """The words of a text, folded."""
    return WORD.findall(folded(text))


def name_words(typed: str) -> Iterator[str]:
    """Every word that a name is recognised by: its parts, and two that are often typed as one."""
    words = _untitled(words_of(typed))
    for word in words:
        if word not in SMALL_WORDS and (len(word) > 1 or not stands_alone(word)):
            yield word
    for one, other in pairwise(words):
        # "O'Brien" is also typed "OBrien", and "Mary-Ann" "Maryann".
        if not {one, other} & SMALL_WORDS and len(one + other) > 3:
            yield one + other


def exact_words(typed: str) -> Iterator[str]:
    """Names that are also small words, "An" or "Son", as they are written when they are names."""
    words = WORD.findall(typed)
    for place, word in enumerate(words):
        known = folded(word)
        # "Lee Child" ends with a name, "Also called Jack" begins with none.
        small = _KIN | _AROUND if place and word[0].isupper() else _KIN
        small = SMALL_WORDS if len(words) == 1 else small
        if (known in small or len(words) == len(known) == 1) and known not in _NEVER:
            yield from {word.capitalize(), word if word[0].isupper() else word.capitalize()}


def initials_of(*typed: str) -> Iterator[str]:
    """ "MOS", "MO" and "MS" for Mary O'Brien-Smith: what others may have written for the name."""
    words = [
        word
        for one in typed
        for word in re.split(r"[\s\-‐-―]+", one)
        if word[:1].isalpha() and folded(word).strip(".,'") not in SMALL_WORDS | TITLES
    ]
    letters = "".join(word[0].upper() for word in words)
    if len(letters) > 1:
        yield from dict.fromkeys((letters, letters[0] + letters[-1], letters[:2]))


def people_in(typed: str) -> Iterator[str]:
    """The people that a contact names, as well as can be told: "Dr Anil Patel", "Jane Hill"."""
    yield from _TITLED.findall(typed)
    for segment in _SEGMENTS.split(typed):
        words = [word for word in segment.split() if folded(word).strip(".'") not in TITLES]
        if 2 <= len(words) <= 3 and all(_is_name(word) for word in words):
            yield " ".join(words)


def segments_of(typed: str) -> Iterator[str]:
    """The parts of a contact that tell something if they stand in another text too."""
    for part in dict.fromkeys((typed, *re.split(r"[\n,;|]+", typed))):
        words = re.findall(r"[^\W_]+", folded(part))
        telling = [word for word in words if word not in COMMON | SMALL_WORDS]
        if telling and len("".join(words)) > 2:
            yield part


def _untitled(words: list[str]) -> list[str]:
    """Without what comes before a name; a title alone in its box is one."""
    while len(words) > 1 and words[0] in TITLES:
        words = words[1:]
    return words


def _is_name(word: str) -> bool:
    bare = word.strip(".'’\"()")
    parts = WORD.findall(bare)
    return bool(parts) and bare[:1].isupper() and not {*map(folded, parts)} & PLACE_WORDS
