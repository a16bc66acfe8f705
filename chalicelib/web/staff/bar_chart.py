"""A bar chart as boxes and texts of an SVG: of what is shown, never of what is counted.

Units are those of the picture's own view box, 340 wide: legible on a phone of 320 pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import Any

from chalicelib.referrals.suppression import SMALLEST, Shown
from chalicelib.web.staff.statistics_words import number_words

WIDTH = 340
LINE, BAR, GAP, MARGIN = 18, 18, 12, 4
# What fits a line of 14 units, and what the number behind the longest bar takes.
FITS = 46
NUMBER = 96


def bar_chart(bars: Sequence[tuple[str, Shown]]) -> dict[str, Any]:
    """{width, height, bars}: a bar is {y, height, width, hidden, lines, number, number_x,
    number_y}, a line {text, y}. A bar of fewer than 5 is always as long as one of a half of 5."""
    most = max((count.number or 0 for _, count in bars), default=0)
    top, drawn = MARGIN, []
    for label, count in bars:
        lines = wrap(label, FITS) or [""]
        under = top + LINE * len(lines)
        width = _width(count, max(most, SMALLEST))
        drawn.append(
            {
                "lines": [
                    {"text": text, "y": top + 13 + LINE * number}
                    for number, text in enumerate(lines)
                ],
                "y": under,
                "height": BAR,
                "width": width,
                "hidden": count.number is None,
                "number": number_words(count),
                "number_x": width + 8 if width else 0,
                "number_y": under + 14,
            }
        )
        top = under + BAR + GAP
    return {"width": WIDTH, "height": top - GAP + MARGIN, "bars": drawn}


def _width(count: Shown, most: int) -> int:
    number = SMALLEST / 2 if count.number is None else count.number
    return round((WIDTH - NUMBER) * number / most)
