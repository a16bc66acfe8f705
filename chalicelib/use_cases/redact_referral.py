"""What a referral's answers say of who somebody is, gathered by what its questions disclose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from chalicelib.forms.disclosures import Discloses, discloses, is_withheld
from chalicelib.referrals.ages import NOT_KNOWN, age_in_words, age_words, born_in
from chalicelib.referrals.name_words import people_in, segments_of, words_of
from chalicelib.referrals.phrase_patterns import street_of
from chalicelib.referrals.pseudonyms import PERSON, REFERRER, Pseudonyms
from chalicelib.referrals.redaction import (
    ADDRESS,
    CONTACT,
    HIDDEN,
    REFERENCE,
    SOMEBODY,
    Hidden,
    Redactor,
)
from chalicelib.referrals.times import local_date

if TYPE_CHECKING:
    from chalicelib.forms.definition import Form
    from chalicelib.referrals.referral import Referral

Item = tuple[str, int]
"""A group's array property, and the number of one of its items from 1."""


@dataclass(frozen=True)
class Redaction:
    """How one referral is shown to somebody who is not to know whom it is about.

    `people` is who stands for the person of a group's item, `named` for that of a question outside
    groups. Ages are those on `day`: that of the incident, or of receipt if `at_receipt`.
    `full_names` are the first names of each, in their order.
    """

    form: Form
    marks: Mapping[str, Discloses | None]
    people: Mapping[Item, str]
    named: Mapping[str, str]
    day: date
    at_receipt: bool
    redactor: Redactor
    full_names: tuple[tuple[str, ...], ...] = ()

    def withholds(self, name: str) -> bool:
        """Whether the answer to a question is not shown at all."""
        return is_withheld(name, self.marks[name])

    def age(self, value: Any) -> str:
        """The age that stands for a date of birth, "58 years old when it happened"."""
        known = isinstance(value, Mapping)
        words = age_words(value, self.day) if known else age_in_words(str(value), self.day)
        when = "when this was received" if self.at_receipt else "when it happened"
        return words if words == NOT_KNOWN else f"{words} {when}"


def redaction_of(
    referral: Referral,
    asked: Form,
    today: Form | None,
    *,
    hide: Iterable[str] = (),
    others: Iterable[str] = (),
    public: str = "",
) -> Redaction:
    """The redaction of a referral that was answered with the form `asked`.

    `today` is the form as it is now, whose marks count too; `hide` are more words to hide, `others`
    more people's names, and `public` names that are on every sheet, which no town hides.
    """
    marks = {name: _mark(name, asked, today) for name in asked.questions}
    happened = _happened(referral)
    day = happened or local_date(referral.received_at)
    given = list(_given(asked, referral.answers))
    people, named = _people(asked, marks, referral)
    names: dict[str, list[str]] = {}
    for name, value, item in given:
        if marks[name] is Discloses.NAME and isinstance(value, str):
            who = people[item] if item in people else named[name]
            names.setdefault(who, []).append(value)
    full = tuple(tuple(typed[:_FORENAME_AND_SURNAME]) for typed in names.values())
    contacts = [(name, value) for name, value, _ in given if marks[name] in _FOUND]
    somebody = [one for name, value in contacts for one in _people_in(value)] + list(others)
    if somebody:
        names[SOMEBODY] = somebody
    known = frozenset(words_of(public))
    hidden = Hidden(
        names={who: tuple(typed) for who, typed in names.items()},
        phrases=(
            *((word, HIDDEN) for word in hide),
            *(
                (text, _label(marks[name], value))
                for name, value in _of(marks, given, _TOLD)
                for text in _texts(value, known)
            ),
        ),
        numbers=tuple(one for name, value in _of(marks, given, _TOLD) for one in _numbers(value)),
        births=tuple(_births(marks, given, day)),
    )
    return Redaction(asked, marks, people, named, day, happened is None, Redactor(hidden), full)


Given = tuple[str, Any, Item | None]
_TOLD = frozenset({Discloses.CONTACT, Discloses.IDENTIFIER})
_FOUND = _TOLD | {Discloses.SOURCE}


def _mark(name: str, asked: Form, today: Form | None) -> Discloses | None:
    """As marked today, or when it was asked. Unmarked, and asked no more, it is kept back."""
    found = None
    for form in (today, asked):
        question = form.questions.get(name) if form else None
        if question is not None:
            found = found or discloses(question.type, question.schema)
    gone = today is None or name not in today.questions
    return Discloses.SOURCE if found is None and gone else found


def _given(form: Form, answers: Mapping[str, Any]) -> Iterator[Given]:
    """Every answer that is stored, also to what came to be not asked."""
    for name in form.questions:
        if name in answers and form.place_of[name][1] is None:
            yield name, answers[name], None
    for group in form.groups:
        for number, item in enumerate(answers.get(group.each, ()), start=1):
            for name in group.ask:
                if name in item:
                    yield name, item[name], (group.each, number)


def _people(
    form: Form, marks: Mapping[str, Discloses | None], referral: Referral
) -> tuple[dict[Item, str], dict[str, str]]:
    """Those whom the case is about first, then the others in the order of the form."""
    subjects, pseudonyms = form.roles.get("subjects"), Pseudonyms()
    about = next((group.item for group in form.groups if group.each == subjects), PERSON)
    people: dict[Item, str] = {}
    for group in sorted(form.groups, key=lambda group: group.each != subjects):
        if any(marks[name] is Discloses.NAME for name in group.ask):
            kind = about if group.item == about else PERSON
            for number in range(1, len(referral.answers.get(group.each, ())) + 1):
                people[group.each, number] = pseudonyms.next(kind)
    referrer = form.roles.get("referrer_name")
    named: dict[str, str] = {}
    for name, (_, inside) in form.place_of.items():
        if inside is None and marks[name] is Discloses.NAME:
            named[name] = REFERRER if name == referrer else pseudonyms.next()
    return people, named


def _of(
    marks: Mapping[str, Discloses | None], given: list[Given], wanted: frozenset[Discloses]
) -> Iterator[tuple[str, Any]]:
    return ((name, value) for name, value, _ in given if marks[name] in wanted)


def _label(mark: Discloses | None, value: Any) -> str:
    if mark is Discloses.IDENTIFIER:
        return REFERENCE
    return ADDRESS if isinstance(value, Mapping) else CONTACT


def _texts(value: Any, known: frozenset[str]) -> Iterator[str]:
    """What of a contact or an identifier is hidden wherever it stands."""
    if isinstance(value, str):
        yield from segments_of(value)
    if not isinstance(value, Mapping):
        return
    for line in ("line1", "line2", "town"):
        typed = value.get(line, "")
        if set(words_of(typed)) - known:
            yield from segments_of(typed)
            yield street_of(typed)


def _numbers(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield str(value.get("postcode", ""))
    if isinstance(value, str) and len(value) <= _LONGEST_NUMBER:
        yield value
        yield from (part for part in value.split() if sum(map(str.isdigit, part)) > 3)


_LONGEST_NUMBER = 60
_FORENAME_AND_SURNAME = 2


def _people_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from people_in(value)


def _births(
    marks: Mapping[str, Discloses | None], given: list[Given], day: date
) -> Iterator[tuple[date, str]]:
    for _, value in _of(marks, given, frozenset({Discloses.BORN})):
        born = _day(value, day)
        if born is not None:
            words = age_words({"year": born.year, "month": born.month, "day": born.day}, day)
            yield born, f"[{words[:1].lower()}{words[1:]}]"


def _day(value: Any, day: date) -> date | None:
    if isinstance(value, str):
        return born_in(value, day)
    parts = [value.get(part) for part in ("year", "month", "day")]
    try:
        return date(*parts) if all(isinstance(part, int) for part in parts) else None
    except ValueError:
        return None


def _happened(referral: Referral) -> date | None:
    """The day of the incident when it is known to the day."""
    happened = referral.answer("incident_on")
    return _day(happened, date.max) if isinstance(happened, Mapping) else None
