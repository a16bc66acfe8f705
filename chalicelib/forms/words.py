"""The small words that question types show, in English. A definition's `words` go over them."""

from __future__ import annotations

from collections.abc import Mapping

ENGLISH: Mapping[str, str] = {
    "and": "and",
    "or": "or",
    "optional": "(optional)",
    "choose": "Choose one",
    "confirm": "I confirm",
    "yes": "Yes",
    "no": "No",
    "not_known": "Not known",
    "day": "Day",
    "month": "Month",
    "year": "Year",
    "date_estimated": "This date is an estimate",
    "date_not_known": "The date is not known",
    "in_brackets_estimated": "(estimated)",
    "midday": "midday",
    "midnight": "midnight",
    "line1": "Address line 1",
    "line2": "Address line 2",
    "town": "Town or city",
    "county": "County",
    "postcode": "Postcode",
    "january": "January",
    "february": "February",
    "march": "March",
    "april": "April",
    "may": "May",
    "june": "June",
    "july": "July",
    "august": "August",
    "september": "September",
    "october": "October",
    "november": "November",
    "december": "December",
}


def words_of(language: str, authored: Mapping[str, str]) -> dict[str, str]:
    """Every small word of a language; those that are missing are missing keys."""
    return {**(ENGLISH if language == "en" else {}), **authored}
