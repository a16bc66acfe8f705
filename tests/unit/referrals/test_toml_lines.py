"""The line of each table and key of a TOML text."""

import pytest

from chalicelib.referrals.partnership import partnership_file
from chalicelib.referrals.toml_lines import Place, line_of, lines_of
from tests.unit.referrals.conftest import FORMS

TEXT = """\
# A comment: not = "a key"
name = "Suffolk"

[mail]
from = "a@b.example"
list = [
  "[mail.team]",
  "name = 1",
]
[mail.team]
"the adult" = ["x"]

[[rules]]
id = "one"
when = { outcome = ["death"], status.of = "known" }
text = '''
id = "not this one"
[[rules]]
'''
[[rules]]
  id = "two"
[rules.inner]
key = 1
[[rules.parts]]
key = 2
[[rules.parts]]
key = 3
[dates.sent_on]
label = "Sent"
"""


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (("name",), 2),
        (("mail",), 4),
        (("mail", "from"), 5),
        (("mail", "list"), 6),
        (("mail", "team"), 10),
        (("mail", "team", "the adult"), 11),
        (("rules",), 13),
        (("rules", 0), 13),
        (("rules", 0, "id"), 14),
        (("rules", 0, "when"), 15),
        (("rules", 0, "when", "outcome"), 15),
        (("rules", 0, "when", "status", "of"), 15),
        (("rules", 0, "text"), 16),
        (("rules", 1), 20),
        (("rules", 1, "id"), 21),
        (("rules", 1, "inner", "key"), 23),
        (("rules", 1, "parts", 0, "key"), 25),
        (("rules", 1, "parts", 1, "key"), 27),
        (("dates", "sent_on", "label"), 29),
    ],
)
def test_a_key_or_table_is_on_the_line_where_it_begins(place: Place, line: int) -> None:
    assert lines_of(TEXT)[place] == line


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (("rules", 1, "label"), 20),
        (("mail", "list", 1), 6),
        (("dates", "sent_on", "planned"), 28),
        (("area",), 1),
    ],
)
def test_what_the_text_does_not_have_is_on_the_line_of_what_should_hold_it(
    place: Place, line: int
) -> None:
    assert line_of(lines_of(TEXT), place) == line


def test_windows_line_ends_count_as_one_line() -> None:
    assert lines_of(TEXT.replace("\n", "\r\n")) == lines_of(TEXT)


def test_every_rule_of_a_shipped_file_is_found_on_its_own_line() -> None:
    text = partnership_file(FORMS, "suffolk").read_text(encoding="utf-8")
    lines = lines_of(text)

    headers = [number for number, line in enumerate(text.split("\n"), 1) if line == "[[deadlines]]"]
    assert [lines["deadlines", number] for number in range(len(headers))] == headers
