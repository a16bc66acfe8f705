"""How old somebody was, from what is known of the day of their birth."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

NOT_KNOWN = "Age not known"
_AGE = re.compile(r"\d{1,3}")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMBERS = re.compile(r"(\d{1,2})\s*[./\s-]\s*(\d{1,2})\s*[./\s-]\s*(\d{4}|\d{2})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?([a-z]{3})[a-z]*\.?,?\s+(\d{4}|\d{2})")
_YEAR = re.compile(r"(?:19|20)\d\d")


def age_on(born: date, day: date) -> int:
    """Whole years from birth to a day; negative before the birth."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def age_words(born: Mapping[str, Any], day: date) -> str:
    """`58 years old`, `about 58 years old`, from a partial date {year, month, day, not_known}."""
    year, month, of_month = (born.get(part) for part in ("year", "month", "day"))
    if not isinstance(year, int):
        return NOT_KNOWN
    if isinstance(month, int) and isinstance(of_month, int):
        exact = _day(year, month, of_month)
        return NOT_KNOWN if exact is None else _say(age_on(exact, day))
    return _about(age_on(date(year, month, 1), day) if month else day.year - year)


def age_in_words(typed: str, day: date) -> str:
    """The age that a text gives, by a date of birth or as it is: "about 8", "27/3/2018"."""
    born = born_in(typed, day)
    if born is not None:
        return _say(age_on(born, day))
    year = _YEAR.search(typed)
    if year is not None:
        return _about(day.year - int(year.group()))
    ages = _AGE.findall(typed)
    months = re.search(r"\b(?:months?|weeks?|days?)\b", typed.lower())
    if len(ages) != 1 or int(ages[0]) > 120:
        return NOT_KNOWN
    return "Under 1 year old" if months and int(ages[0]) < 12 else _about(int(ages[0]))


def born_in(typed: str, day: date) -> date | None:
    """The day of birth in a text, not after `day`'s century allows; None when there is none."""
    text = typed.lower()
    if found := _ISO.search(text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _NUMBERS.search(text):
        return _day(_year(found[3], day), int(found[2]), int(found[1]))
    found = _NAMED.search(text)
    if found is None or found[2] not in _MONTHS:
        return None
    return _day(_year(found[3], day), _MONTHS.index(found[2]) + 1, int(found[1]))


def _year(typed: str, day: date) -> int:
    year = int(typed)
    if len(typed) == 4:
        return year
    return year + (2000 if 2000 + year <= day.year else 1900)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _say(age: int) -> str:
    if age < 0:
        return "Not born yet"
    if age == 0:
        return "Under 1 year old"
    return "1 year old" if age == 1 else f"{age} years old"


def _about(age: int) -> str:
    return f"About {age} years old" if age > 1 else _say(age)
