"""What of an answer is counted: the options that were chosen, and an age in bands. Pure.

It is kept with the case, so that counting never opens a notification, and what is counted outlives
a form's later versions.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from chalicelib.referrals.ages import age_on

AGE_BAND = "age_band"
UNBORN = "unborn"
# What an age band is made of, by the names of the form's block `statistics`.
_BORN, _AGE, _UNBORN = "born", "age", "unborn"
# The first year of age of each band; the last has no end. Bands of children are those of the
# national figures on Serious Incident Notifications.
_ADULT_BANDS = (0, 18, 25, 45, 65, 75, 85)
_CHILD_BANDS = (0, 1, 6, 11, 16, 18)
# An age that nobody has is a slip of the keyboard.
_OLDEST = 125


def counted(
    counts: Mapping[str, tuple[str, str]], answers: Mapping[str, Any], stream: str, on: date
) -> dict[str, tuple[str, ...]]:
    """The counts of one notification: name -> one text for each person (or for the whole case).

    `counts` is of name -> question and the list in whose items it is asked, empty for a question of
    the whole case. A text holds the codes of the options that were chosen with a blank between
    them; it is empty when the question was not answered. `on` is the day at which an age is
    counted: that of the incident.
    """
    found = {
        name: tuple(_codes(item.get(question)) for item in _items(each, answers))
        for name, (question, each) in counts.items()
        if name not in (_BORN, _AGE, _UNBORN)
    }
    of_age = {name: counts[name][0] for name in (_BORN, _AGE, _UNBORN) if name in counts}
    asked_in = {each for name, (_, each) in counts.items() if name in of_age}
    for each in asked_in:
        items = _items(each, answers)
        found[AGE_BAND] = tuple(_age_band(item, of_age, stream, on) for item in items)
    return found


def bands(stream: str) -> tuple[str, ...]:
    """The codes of a stream's age bands, youngest first: `unborn`, `1_5`, `85_`."""
    first = _CHILD_BANDS if stream == "child" else _ADULT_BANDS
    ends: list[int | None] = [one - 1 for one in first[1:]]
    known = tuple(_band(*pair) for pair in zip(first, [*ends, None], strict=True))
    return (UNBORN, *known) if stream == "child" else known


def _band(first: int, last: int | None) -> str:
    return f"{first}_{'' if last is None else last}"


def _items(each: str, answers: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """What a question was asked of: the items of a list, or the answers themselves."""
    if not each:
        return (answers,)
    listed = answers.get(each)
    several = listed if isinstance(listed, list) else []
    return tuple(item for item in several if isinstance(item, Mapping))


def _codes(answer: Any) -> str:
    """The options that were chosen; nothing else of an answer is a code, so none is kept."""
    several = answer if isinstance(answer, list) else [answer]
    return " ".join(one for one in several if isinstance(one, str) and " " not in one)


def _age_band(item: Mapping[str, Any], questions: Mapping[str, str], stream: str, on: date) -> str:
    if item.get(questions.get(_UNBORN, "")) == "yes":
        return UNBORN
    age = _age_on(item.get(questions.get(_BORN, "")), on)
    if age is None:
        told = item.get(questions.get(_AGE, ""))
        age = told if isinstance(told, int) and not isinstance(told, bool) else None
    if age is None or not 0 <= age <= _OLDEST:
        return ""
    first = _CHILD_BANDS if stream == "child" else _ADULT_BANDS
    return next(
        band
        for start, band in reversed(list(zip(first, _bands_of_age(stream), strict=True)))
        if age >= start
    )


def _bands_of_age(stream: str) -> tuple[str, ...]:
    return tuple(band for band in bands(stream) if band != UNBORN)


def _age_on(born: Any, on: date) -> int | None:
    """Whole years; of a birthday without its day or month, as if in the middle of what is known."""
    try:
        if isinstance(born, str):
            day = date.fromisoformat(born)
        elif isinstance(born, Mapping) and isinstance(born.get("year"), int):
            day = date(born["year"], born.get("month") or 7, born.get("day") or 1)
        else:
            return None
    except (ValueError, OverflowError):
        return None
    return age_on(day, on)
