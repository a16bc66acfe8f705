"""Numbers, addresses and dates that tell who somebody is wherever they stand in a text.

All are looked for in folded text (`folding.py`): small letters, plain digits, one kind of dash.
"""

import re
from collections.abc import Iterator
from datetime import date

Span = tuple[int, int, str]
_START, _END = r"(?<![^\W_])", r"(?![^\W_])"
_POSTCODE = re.compile(
    rf"{_START}(?:[a-z]{{1,2}}\d[a-z\d]?(?:\s*|,\s|[_.-])\d[a-z]{{2}}|gir\s*0aa){_END}"
)
# From the start of a word on only, and a stop is never taken for a letter between stops: whatever
# somebody typed to keep this busy, it is gone through once.
_PART = r"[^\s@<>()\[\]\",;:]"
_LETTER = r"[^\s@<>()\[\]\",;:.]"
_EMAIL = re.compile(
    rf"(?<!{_PART}){_PART}+\s?@\s?\.*{_LETTER}+(?:\.+{_LETTER}+)*\.+{_LETTER}*[^\W_]"
)
_GAP = r"[\s.-]*"
_NHS = re.compile(rf"{_START}\d{{3}}{_GAP}\d{{3}}{_GAP}\d{{4}}{_END}")
_INSURANCE = re.compile(
    rf"{_START}[a-z]{{2}}{_GAP}\d{{2}}{_GAP}\d{{2}}{_GAP}\d{{2}}{_GAP}[a-d]{_END}"
)
# With its 0 or +, or a mobile's without: "44 7700 900123", or a spreadsheet's "7700 900123".
_PHONE = re.compile(
    r"(?<!\d)(?:(?:\+|00|\(?0)(?:[\s().\-/_]{0,3}\d){8,14}|(?:44[\s-]?)?7\d{3}(?:[\s-]?\d{3}){2})(?!\d)"
)
_LONG = re.compile(r"(?<!\d)\d{9,}(?!\d)")
_DAY = re.compile(r"(\d{1,2})[\s./-]+(\d{1,2})[\s./-]+(\d{4})(?!\d)")
_MONTHS = (
    *("jan(?:uary)?", "feb(?:ruary)?", "mar(?:ch)?", "apr(?:il)?", "may", "june?", "july?"),
    *("aug(?:ust)?", "sept?(?:ember)?", "oct(?:ober)?", "nov(?:ember)?", "dec(?:ember)?"),
)
_MONTH = f"(?:{'|'.join(_MONTHS)})"
_ANY_DATE = (
    rf"(?:\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{1,4}}|\d{{1,2}}\s+\d{{1,2}}\s+\d{{2,4}}"
    rf"|(?:\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?)?{_MONTH}\.?,?\s+\d{{2,4}}"
    rf"|{_MONTH}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{2,4}}|\d{{8}}|(?:19|20)\d\d)"
)
_BORN = re.compile(
    rf"{_START}(?:d\.?\s?o\.?\s?b\.?|date\s+of\s+birth|birth\s?date|birthday|born(?:\s+(?:on|in))?)"
    rf"(?:\s+(?:is|was|the))?\W{{0,4}}({_ANY_DATE}){_END}"
)


def telling_spans(text: str) -> Iterator[Span]:
    """What in a folded text is a postcode, an email address, a phone or another such number."""
    for found in _PHONE.finditer(text):
        if not _is_day(found.group()):
            yield found.start(), found.end(), "[phone number]"
    for pattern, label in (
        (_EMAIL, "[email address]"),
        (_POSTCODE, "[postcode]"),
        (_INSURANCE, "[number]"),
        (_NHS, "[number]"),
        (_LONG, "[number]"),
    ):
        yield from ((found.start(), found.end(), label) for found in pattern.finditer(text))
    for found in _BORN.finditer(text):
        yield found.start(1), found.end(1), "[date of birth]"


def birth_pattern(on: date) -> re.Pattern[str]:
    """The ways in which people write a day: 27/3/1968, 27 March 68, March 27th 1968, 1968-03-27."""
    year = rf"(?:{on.year}|'?{on.year % 100:02})"
    day = rf"0?{on.day}(?:\s?(?:st|nd|rd|th))?"
    word, gap = _MONTHS[on.month - 1], r"[\s./,_-]+(?:of\s+)?"
    month = rf"(?:0?{on.month}|{word})"
    ways = (
        rf"{day}{gap}{month}{gap}{year}",
        rf"{day}{gap}?{word}\.?{gap}?{year}",
        rf"{word}\.?{gap}{day}{gap}{year}",
        rf"0?{on.month}[./-]{day}[./-]{on.year}",
        rf"{on.year}[\s./-]*0?{on.month}[\s./-]*{day}",
        rf"{on.year}{gap}{word}\.?{gap}{day}",
        f"{on.day:02}{on.month:02}(?:{on.year}|{on.year % 100:02})",
    )
    return re.compile(rf"{_START}(?:{'|'.join(ways)}){_END}")


def _is_day(text: str) -> bool:
    """Whether what looks like a phone number begins with a day, as in 01.02.2026 14.30."""
    found = _DAY.match(text)
    if found is None:
        return False
    day, month, year = (int(part) for part in found.groups())
    return 1 <= day <= 31 and 1 <= month <= 12 and 1900 <= year <= 2100
