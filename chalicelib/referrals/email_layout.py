"""Email blocks drawn twice: as plain text, and as HTML that desktop Outlook shows as meant.

One table, inline styles, no images, no style sheet: Outlook draws with Word's engine, which knows
little else.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

_FONT = "font-family:Arial,Helvetica,sans-serif;color:#0b0c0c"
_BODY = f"margin:0 0 16px;{_FONT};font-size:16px;line-height:24px"


@dataclass(frozen=True)
class Block:
    """One piece of an email in both forms."""

    text: str
    html: str


@dataclass(frozen=True)
class Frame:
    """What surrounds the blocks. Colours are `#rrggbb`."""

    service: str
    owner: str
    classification: str
    colour: str
    text_colour: str


def one_line(value: str) -> str:
    """Text without line breaks or other control characters, safe in a header."""
    return re.sub(r"[\x00-\x1f\x7f\x85\u2028\u2029]+", " ", value).strip()


def heading(text: str) -> Block:
    """The first line of the email."""
    style = f"margin:0 0 20px;{_FONT};font-size:24px;line-height:30px"
    return Block(f"{text}\n{'=' * len(text)}", f'<h1 style="{style}">{escape(text)}</h1>')


def subheading(text: str) -> Block:
    """The title of a part."""
    style = f"margin:24px 0 8px;{_FONT};font-size:18px;line-height:24px"
    return Block(f"{text}\n{'-' * len(text)}", f'<h2 style="{style}">{escape(text)}</h2>')


def paragraph(text: str) -> Block:
    """Running text."""
    return Block(text, f'<p style="{_BODY}">{escape(text)}</p>')


def link(text: str, url: str) -> Block:
    """A link; the plain text shows its address."""
    anchor = f'<a href="{escape(url)}" style="color:#1d4f91">{escape(text)}</a>'
    return Block(f"{text}: {url}", f'<p style="{_BODY}">{anchor}</p>')


def facts(pairs: Iterable[tuple[str, str]]) -> Block:
    """Names and values, one a line."""
    known = list(pairs)
    lines = "\n".join(f"{name}: {value}" for name, value in known)
    rows = "<br>".join(f"<strong>{escape(name)}:</strong> {escape(value)}" for name, value in known)
    return Block(lines, f'<p style="{_BODY}">{rows}</p>')


def steps(items: Sequence[str]) -> Block:
    """A numbered list."""
    lines = "\n".join(f"{number}. {item}" for number, item in enumerate(items, start=1))
    rows = "".join(f'<li style="margin:0 0 6px">{escape(item)}</li>' for item in items)
    style = f"margin:0 0 16px;padding:0 0 0 24px;{_FONT};font-size:16px;line-height:24px"
    return Block(lines, f'<ol style="{style}">{rows}</ol>')


def to_text(frame: Frame, blocks: Sequence[Block]) -> str:
    """The plain text part."""
    parts = [frame.classification, *(block.text for block in blocks)]
    parts.append(f"{frame.service}\n{frame.owner}\n{frame.classification}")
    return "\n\n".join(parts) + "\n"


def to_html(frame: Frame, title: str, blocks: Sequence[Block]) -> str:
    """The HTML part: a whole document."""
    marking = f"margin:0 0 16px;{_FONT};font-size:14px;font-weight:bold"
    banner = (
        f'<td bgcolor="{escape(frame.colour)}" style="background:{escape(frame.colour)};'
        f"padding:16px 20px;font-family:Arial,Helvetica,sans-serif;font-size:18px;font-weight:bold;"
        f'color:{escape(frame.text_colour)}">{escape(frame.service)}</td>'
    )
    classification = f'<p style="{marking}">{escape(frame.classification)}</p>'
    body = "".join(block.html for block in blocks)
    foot = f'<p style="{_BODY};font-size:14px">{escape(frame.owner)}</p>'
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(one_line(title))}</title></head>"
        '<body style="margin:0;padding:0;background:#ffffff">'
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" '
        f'style="max-width:600px"><tr>{banner}</tr><tr><td style="padding:20px">'
        f"{classification}{body}{foot}{classification}</td></tr></table></body></html>"
    )
