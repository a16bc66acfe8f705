"""A CSV file that a spreadsheet opens as text: no cell of it is ever taken for a formula. Pure.

Whoever fills in the public form decides what stands in a cell, and a spreadsheet carries out what
begins like a formula on the computer of whoever opens it.
"""

import csv
import io
import re
import string
import unicodedata
from collections.abc import Iterable, Sequence

# So that a spreadsheet reads the rest as UTF-8.
BYTE_ORDER_MARK = "\ufeff"
# What a spreadsheet takes for the beginning of a formula, or skips on the way to one.
_BEGINS = frozenset("=+-@\u2212|%")
_SKIPPED = frozenset("'\"`\u00b4\u2018\u2019\u201c\u201d\u00ab\u00bb")
_PLAIN = frozenset(string.ascii_letters + string.digits)
_BREAKS = frozenset("\t\r\n")
# No XML, no spreadsheet and no UTF-8 encoder takes these.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def csv_text(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The whole file: byte order mark, then rows that end in CRLF, every cell in quotes.

    Every row has as many cells as the header; raises `ValueError` for one that has not.
    """
    written = io.StringIO(newline="")
    writer = csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for row in (header, *rows):
        if len(row) != len(header):
            raise ValueError(f"{len(row)} cells under {len(header)} headings")
        writer.writerow([safe_cell(cell) for cell in row])
    return BYTE_ORDER_MARK + written.getvalue()


def safe_cell(text: str) -> str:
    """The text, with an apostrophe before it if a spreadsheet could take it for a formula."""
    # Nearly every cell of a register: not looked at letter by letter.
    if not text or (text[0] in _PLAIN and text.isprintable()):
        return text
    readable = _UNWRITABLE.sub("\ufffd", text)
    return f"'{readable}" if is_formula(text) else readable


def is_formula(text: str) -> bool:
    """Whether a cell begins like a formula, also after blanks, quotes and what is not seen."""
    if text[:1] in _BREAKS and text:
        return True
    first = next((letter for letter in text if not _is_skipped(letter)), "")
    return bool(first) and unicodedata.normalize("NFKC", first)[0] in _BEGINS


def _is_skipped(letter: str) -> bool:
    """A blank or a quote, in whatever width, or a character without a shape."""
    plain = unicodedata.normalize("NFKC", letter)
    unseen = unicodedata.category(letter) in ("Cc", "Cf", "Zs", "Zl", "Zp", "Mn", "Me")
    return unseen or plain.isspace() or plain[:1] in _SKIPPED
