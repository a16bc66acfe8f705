"""The review process as boxes and arrows for a picture, and as sentences for those who hear it.

Both come from `forms/partnerships/<id>/process.toml`, so that they can never tell two stories.
Units are those of the picture's own view box, 340 wide: legible on a phone of 320 pixels.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from textwrap import wrap
from typing import Any

WIDTH = 340
MARGIN = 2
GAP = 26
PAD = 12
LINE = 20
# Characters that fit a line: 16 units bold across a whole box, 14 units across, and half a box.
TITLE_FITS, SHORT_FITS, HALF_TITLE_FITS, HALF_FITS = 34, 42, 16, 20

Step = Mapping[str, Any]


@cache
def process_steps(forms_dir: Path, partnership_id: str) -> dict[str, list[dict[str, Any]]]:
    """The steps by stream; empty when the partnership has no picture."""
    path = forms_dir / "partnerships" / partnership_id / "process.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def picture(steps: Sequence[Step]) -> dict[str, Any]:
    """{width, height, boxes, arrows}: a box is {x, y, width, height, kind, lines}, a line
    {text, x, y, bold}; an arrow is {x1, y1, x2, y2}."""
    boxes: list[dict[str, Any]] = []
    arrows: list[dict[str, int]] = []
    before: list[dict[str, Any]] = []
    top = MARGIN
    for step in steps:
        # After a step that splits, the first way goes on; a step that `joins` follows them all.
        from_ = before if step.get("joins") else before[:1]
        arrows.extend(_arrow(_middle(box), top - GAP, top) for box in from_)
        before = [_step_box(step, top)]
        boxes.extend(before)
        top += before[0]["height"] + GAP
        if step.get("ways"):
            before = _way_boxes(step["ways"], top)
            boxes.extend(before)
            arrows.extend(_arrow(_middle(way), top - GAP, top) for way in before)
            top += before[0]["height"] + GAP
    return {"width": WIDTH, "height": top - GAP + MARGIN, "boxes": boxes, "arrows": arrows}


def _step_box(step: Step, top: int) -> dict[str, Any]:
    title, short = wrap(step["title"], TITLE_FITS), wrap(step.get("short", ""), SHORT_FITS)
    kind = "question" if step.get("ways") else "step"
    return _box(MARGIN, top, WIDTH - 2 * MARGIN, title, short, kind, len(title) + len(short))


def _way_boxes(ways: Sequence[Step], top: int) -> list[dict[str, Any]]:
    width = (WIDTH - 2 * MARGIN - 12) // 2
    texts = [
        (wrap(way["title"], HALF_TITLE_FITS), wrap(way.get("text", ""), HALF_FITS)) for way in ways
    ]
    most = max(len(title) + len(text) for title, text in texts)
    return [
        _box(MARGIN + number * (width + 12), top, width, title, text, "way", most)
        for number, (title, text) in enumerate(texts)
    ]


def _box(
    x: int, y: int, width: int, bold: list[str], plain: list[str], kind: str, lines: int
) -> dict[str, Any]:
    middle = x + width // 2
    texts = [(text, True) for text in bold] + [(text, False) for text in plain]
    return {
        "x": x,
        "y": y,
        "width": width,
        "height": lines * LINE + 2 * PAD - 4,
        "kind": kind,
        "lines": [
            {"text": text, "bold": is_bold, "x": middle, "y": y + PAD + 14 + LINE * number}
            for number, (text, is_bold) in enumerate(texts)
        ],
    }


def _middle(box: Mapping[str, Any]) -> int:
    return int(box["x"] + box["width"] // 2)


def _arrow(x: int, start: int, end: int) -> dict[str, int]:
    return {"x": x, "y1": start, "y2": end - 2}
