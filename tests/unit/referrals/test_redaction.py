"""What a redactor hides in a text, however it is written, and what it leaves."""

from __future__ import annotations

import time
import unicodedata
from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chalicelib.referrals.folding import fold, folded
from chalicelib.referrals.name_words import SMALL_WORDS, initials_of, people_in, words_of
from chalicelib.referrals.phrase_patterns import street_of
from chalicelib.referrals.redaction import (
    ADDRESS,
    CONTACT,
    HIDDEN,
    REFERENCE,
    SOMEBODY,
    Hidden,
    Redactor,
)

NAMES = {
    "Adult A": ("Mary-Ann", "O’Brien", "likes to be called Moll"),
    "Person B": ("José Núñez",),
    "Person C": ("Will O'Brien",),
    "Referrer": ("Dr Søren Constable",),
}
REDACTOR = Redactor(
    Hidden(
        names=NAMES,
        phrases=(
            ("12 Acacia Avenue", ADDRESS),
            ("Acacia Avenue", ADDRESS),
            ("the blue house", CONTACT),
            ("MOB", HIDDEN),
            ("The man at the bus station", REFERENCE),
        ),
        numbers=("CR/123 45", "IP1 2AB", "X7"),
        births=((date(1968, 3, 27), "[58 years old]"),),
    )
)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Mary-Ann fell.", "Adult A fell."),
        ("MARY ANN, mary ann, Maryann", "Adult A, Adult A, Adult A"),
        ("Mary’s and Moll's", "Adult A’s and Adult A's"),
        ("Jose Nunez; JOSE\u0301 NU\u0301N\u0303EZ", "Person B; Person B"),
        ("Ｊｏｓé, Jo\u200bsé, J\u00adosé", "Person B, Person B, Person B"),
        ("Mary O'Brien and Will O’Brien", "Adult A and Person C"),
        ("Mr OBrien said", "Mr Adult A or Person C said"),
        ("the O'Briens", "the Adult A or Person C"),
        ("Mary Jane O'Brien", "Adult A"),
        ("Mary J. O'Brien", "Adult A"),
        ("J. Nunez and Jose N", "Person B and Person B"),
        ("He will go", "He Person C go"),
        ("Soren, Søren", "Referrer, Referrer"),
        ("Dr Constable", "Dr Referrer"),
        ("#JusticeForMary", "#Adult A"),
        ("Mary\nWill", "Adult A\nPerson C"),
        ("Mary_Will", "Adult A_Person C"),
        ("12 Acacia Ave., acacia avenue", "[address]., [address]"),
        ("at  the BLUE-house", "at  [contact]"),
        ("MOB saw M.O.B. and a mob", "[hidden] saw [hidden]. and a mob"),
        ("cr12345 CR 123-45", "[number] [number]"),
        ("ip12ab and SW1A 1AA", "[number] and [postcode]"),
        ("27/03/1968, 27.3.68, 27th March 1968", ", ".join(["[58 years old]"] * 3)),
        ("March 27, 1968 and 1968-03-27", "[58 years old] and [58 years old]"),
        ("1968 March 27, 1968-Mar-27", "[58 years old], [58 years old]"),
        ("27 mars, 27 March", "27 mars, 27 March"),
        ("DOB: 1.2.1990, born in 1990", "DOB: [date of birth], born in [date of birth]"),
        ("07700 900123 or +44 (0)1473 123456", "[phone number] or [phone number]"),
        ("seen 01.02.2026 14.30 and 02/02/2026", "seen 01.02.2026 14.30 and 02/02/2026"),
        ("44 7700 900123, 7700 900 123", "[phone number], [phone number]"),
        ("07700_900123", "[phone number]"),
        ("a.b+c@agency.example.", "[email address]."),
        ("a@b..example, @... x@y and a @ b", "[email address], @... x@y and a @ b"),
        ("NHS 485 777 3456", "NHS [number]"),
        ("485.777.3456", "[number]"),
        ("QQ 12 34 56 C", "[number]"),
        ("QQ-12-34-56-C or qq.12.34.56.c", "[number] or [number]"),
        ("SW1A-1AA, SW1A, 1AA", "[postcode], [postcode]"),
        ("٠٧٧٠٠ ٩٠٠١٢٣", "[phone number]"),
        ("999 was called at 10:30 about 3 people", "999 was called at 10:30 about 3 people"),
        ("Maryland, willow, jose123", "Maryland, willow, Person B123"),
        ("", ""),
    ],
)
def test_a_text_is_shown_so(typed: str, shown: str) -> None:
    assert REDACTOR.text(typed) == shown


@pytest.mark.parametrize(
    ("names", "typed", "shown"),
    [
        (("Unknown",), "It is unknown why.", "It is unknown why."),
        (("Baby", "Smith"), "The baby of Mrs Smith", "The baby of Mrs Adult A"),
        (("Mum",), "Mum and his mum", "Adult A and his mum"),
        (("An", "To"), "An saw an owl to eat; To left", "Adult A saw an owl to eat; Adult A left"),
        (("A",), "A man and I", "A man and I"),
        (("Y",), "Y left by the y-junction", "Adult A left by the y-junction"),
        (("李", "明"), "我看见李明了", "我看见Adult A了"),
        (("Ольга Петрова",), "ольга, ПЕТРОВА", "Adult A, Adult A"),
        (("محمد",), "رأيت محمدا", "رأيت Adult Aا"),
        (("Adult", "Person"), "Adult Person met an adult", "Adult A met an adult"),
        (("John (also known as Jack)",), "Also known to Jack", "Also known to Adult A"),
        (("Heung-min Son",), "Son spoke of his son", "Adult A spoke of his son"),
        (("Straße",), "STRASSE", "Adult A"),
        (("[name]",), "His name", "His name"),
        (("Lee Child",), "Mr Child saw a child", "Mr Adult A saw a child"),
        (("<b>Bold</b>",), "<b>Bold</b>", "<b>Adult A</b>"),
        (("",), "Nothing", "Nothing"),
    ],
)
def test_names_of_any_form_are_known(names: tuple[str, ...], typed: str, shown: str) -> None:
    assert Redactor(Hidden(names={"Adult A": names})).text(typed) == shown


def test_a_word_of_more_than_two_people_stands_for_none_of_them() -> None:
    family = {f"Person {letter}": (f"{letter}no Smith",) for letter in "ABC"}

    assert Redactor(Hidden(names=family)).text("Bno Smith, the Smiths") == "Person B, the [name]"


def test_what_stands_for_somebody_is_never_hidden_itself() -> None:
    clash = Redactor(Hidden(names={"Adult A": ("Person", "Referrer"), "Person B": ("Ann Refer",)}))

    assert clash.text("Ann Refer, Person") == "Person B, Adult A"


def test_a_full_name_is_told_from_a_word_of_one() -> None:
    assert REDACTOR.names_somebody("Mary O'Brien, named nurse")
    assert not REDACTOR.names_somebody("Constable in charge, Will writing service")


@pytest.mark.parametrize(
    ("typed", "people"),
    [
        ("Dr Anil Patel, Orwell Surgery, 01473 555555", ["Anil Patel"]),
        ("Jane Hill, jane@trust.example", ["Jane Hill"]),
        ("Adult Social Care Team", []),
        ("Suffolk County Council", []),
        ("DC Singh (Ipswich)", ["Singh"]),
        ("ring after five", []),
    ],
)
def test_a_contact_names_people(typed: str, people: list[str]) -> None:
    assert list(dict.fromkeys(people_in(typed))) == people


def test_initials_are_those_that_people_write() -> None:
    assert list(initials_of("Mary Ann", "O’Brien-Smith")) == ["MAOS", "MS", "MA"]
    assert list(initials_of("Mary")) == []


def test_a_street_is_known_without_its_number() -> None:
    assert street_of("Flat 2, 12 Acacia Avenue") == "Acacia Avenue"
    assert street_of("12 High Street") == "High Street"
    assert street_of("Greenways") == ""


LETTERS = st.characters(categories=["Lu", "Ll", "Lo"], max_codepoint=0xFFFF)
NAME = st.text(LETTERS, min_size=3, max_size=12)
ANY = st.text(max_size=80)
WRITTEN = (
    str.upper,
    str.lower,
    str.title,
    lambda name: unicodedata.normalize("NFD", name),
    lambda name: unicodedata.normalize("NFKC", name),
    lambda name: name + "’s",
    lambda name: f"“{name}”",
    lambda name: "\u200b".join(name),
    lambda name: f"({name})",
    lambda name: f"{name}\n",
)
LAW = settings(deadline=None)
QUICK = settings(deadline=None, max_examples=40)


@LAW
@given(st.lists(NAME, min_size=1, max_size=4), st.data())
def test_no_name_is_left_however_it_is_written(names: list[str], data: st.DataObject) -> None:
    own = set(words_of(f"Adult A or Person B {SOMEBODY} s")) | SMALL_WORDS
    assume(not own & {word for name in names for word in words_of(name)})
    hidden = {f"Person {number}": (name,) for number, name in enumerate(names)}
    parts = [
        data.draw(st.sampled_from(WRITTEN))(name) for name in data.draw(st.permutations(names))
    ]
    before, after = (data.draw(st.text("ab ,.-\n1")) for _ in range(2))

    shown = Redactor(Hidden(names=hidden)).text(f"{before} {' '.join(parts)} {after}")

    for name in names:
        if len(words_of(name)) == 1 and len(words_of(name)[0]) > 2:
            assert words_of(name)[0] not in words_of(shown)


@LAW
@given(ANY, ANY)
def test_any_phrase_is_hidden_and_nothing_breaks(phrase: str, around: str) -> None:
    redactor = Redactor(Hidden(phrases=((phrase, HIDDEN),), numbers=(phrase,)))

    shown = redactor.text(f"{around} {phrase} {around}")

    words = words_of(phrase)
    if words and folded(phrase).strip() and not set(words) <= set(words_of(f"{around} hidden")):
        assert not set(words) <= set(words_of(shown)) or len("".join(words)) < 2


@LAW
@given(ANY)
def test_nothing_is_hidden_where_nothing_is_known(typed: str) -> None:
    assume(not any(letter.isdigit() or letter == "@" for letter in folded(typed)))

    assert Redactor(Hidden()).text(typed) == typed


@LAW
@given(ANY)
def test_every_letter_of_a_folded_text_comes_from_the_one_that_was_typed(typed: str) -> None:
    known = fold(typed)

    assert len(known.text) == len(known.at)
    assert list(known.at) == sorted(known.at)


DIGITS = st.text("0123456789", min_size=10, max_size=10)


@QUICK
@given(DIGITS, st.sampled_from(["0", "+44", "+44 (0)", "0044 "]), st.sampled_from(["", " ", "-"]))
def test_no_phone_number_is_left(digits: str, prefix: str, gap: str) -> None:
    number = f"{prefix}7{digits[:3]}{gap}{digits[3:6]}{gap}{digits[6:9]}"

    assert Redactor(Hidden()).text(f"Ring {number}, now") == "Ring [phone number], now"


@QUICK
@given(DIGITS, st.sampled_from(["", " ", "-", " / "]), st.sampled_from(["", "A", "cr"]))
def test_a_known_number_is_hidden_however_it_is_grouped(digits: str, gap: str, kind: str) -> None:
    redactor = Redactor(Hidden(numbers=(f"{kind}{digits[:6]}",)))
    grouped = f"{kind.upper()}{gap}{digits[:2]}{gap}{digits[2:6]}"

    assert redactor.text(f"See {grouped.strip(gap)}.") == "See [number]."


@pytest.mark.parametrize("typed", ["x@" + "." * 20_000, "x@" + "_." * 10_000, "x@" + "a._" * 7_000])
def test_an_address_that_never_ends_keeps_nobody_waiting(typed: str) -> None:
    began = time.process_time()

    Redactor(Hidden()).text(typed)

    assert time.process_time() - began < 1, "tries grow with the square of its length"


@QUICK
@given(st.from_regex(r"\A[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}\Z"))
def test_no_postcode_is_left(postcode: str) -> None:
    shown = Redactor(Hidden()).text(f"Lives at {postcode.lower()}, {postcode}.")

    assert shown == "Lives at [postcode], [postcode]."
