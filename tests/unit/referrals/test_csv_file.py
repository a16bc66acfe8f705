"""A CSV file: read back as it was written, and never as a formula."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.referrals.csv_file import BYTE_ORDER_MARK, csv_text, safe_cell

HEADER = ("Question", "Answer")
# Written apart from the module: what a spreadsheet evaluates, after what it may leave out.
FORMULA = re.compile(
    "^[\t\r\n]|^[\\s'\"\u00a0\u3000\u200b-\u200f\u2060\ufeff\u2018\u2019\u201c\u201d\uff07\uff02]*"
    "[=+\\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212]"
)
HOSTILE = [
    "=1+1",
    "+441473000000",
    "-1",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "\u00a0=1+1",
    "\u3000=1+1",
    "\u200b=1+1",
    "\ufeff=1+1",
    '"=1+1"',
    "'=1+1",
    "\u2018=1+1",
    "\uff1dHYPERLINK(1)",
    "\uff0b1",
    "\uff0d1",
    "\uff20A1",
    "\ufe66A1",
    "\x00=1+1",
    '=cmd|"/c calc"!A1',
    '=HYPERLINK("https://elsewhere.example","Open")',
]
TEXTS = st.text(alphabet=st.one_of(st.characters(), st.sampled_from("=+-@\t\r\n\"', ;\uff1d")))


def read(text: str) -> list[list[str]]:
    """The file as another program reads it."""
    assert text.startswith(BYTE_ORDER_MARK)
    return list(csv.reader(io.StringIO(text.removeprefix(BYTE_ORDER_MARK), newline="")))


def written(*rows: Sequence[str]) -> list[list[str]]:
    return read(csv_text(HEADER, rows))


@pytest.mark.parametrize("text", HOSTILE)
def test_what_begins_like_a_formula_is_text(text: str) -> None:
    cell = safe_cell(text)

    assert cell.startswith("'")
    assert cell[1:] == text.replace("\x00", "\ufffd")


@pytest.mark.parametrize(
    "text", ["", "Ada", "3 - 4", "a=b", "12", "\u2014 said she", "(1)", "\u00e9", "No @ sign first"]
)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert safe_cell(text) == text


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=5))
@example([("\ud800", "\x00")])
@example([("a\r\nb", '"",""\r\n"=1')])
def test_no_cell_is_a_formula_and_none_is_lost(rows: list[tuple[str, str]]) -> None:
    text = csv_text(HEADER, rows)

    back = read(text)
    assert back[0] == list(HEADER)
    assert len(back) == len(rows) + 1
    for typed, cells in zip(rows, back[1:], strict=True):
        for before, cell in zip(typed, cells, strict=True):
            assert cell.startswith("'") or not FORMULA.match(cell)
            assert same(cell, before)
    text.encode("utf-8")


def same(cell: str, typed: str) -> bool:
    """The cell is what was typed, but for the apostrophe and what no file can hold."""
    shown = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]", "\ufffd", typed)
    return cell in (shown, f"'{shown}")


def test_lines_end_as_the_format_says_and_every_cell_is_quoted() -> None:
    assert csv_text(HEADER, [("a", "b")]) == '\ufeff"Question","Answer"\r\n"a","b"\r\n'


def test_a_file_without_rows_has_its_headings() -> None:
    assert written() == [list(HEADER)]


@pytest.mark.parametrize("row", [(), ("a",), ("a", "b", "c")])
def test_a_row_of_another_length_is_a_fault(row: Iterable[str]) -> None:
    with pytest.raises(ValueError, match="headings"):
        csv_text(HEADER, [tuple(row)])
