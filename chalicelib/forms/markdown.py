"""Markdown that authors write, as safe HTML in GOV.UK's typography."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_CLASSES = {
    "p": "govuk-body",
    "ul": "govuk-list govuk-list--bullet",
    "ol": "govuk-list govuk-list--number",
    "a": "govuk-link",
    "h2": "govuk-heading-m",
    "h3": "govuk-heading-s",
    "blockquote": "govuk-inset-text",
    "hr": "govuk-section-break govuk-section-break--m govuk-section-break--visible",
}
_SCHEMES = ("https://", "http://", "mailto:", "tel:", "/", "#")


@lru_cache(maxsize=256)
def to_html(markdown: str) -> str:
    """Safe HTML: raw HTML is shown as text, images and links to scripts are not made.

    Headings start at h2: the page has its h1 already.
    """
    parser = _parser()
    tokens = parser.parse(markdown)
    _dress(tokens)
    return str(parser.renderer.render(tokens, parser.options, {})).strip()


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).disable(["image", "html_block", "code"])
    # The parser asks this before it makes a link; where it says no, the text stays as written.
    setattr(parser, "validateLink", _is_harmless)  # noqa: B010 - a method replaced on purpose
    return parser


def _is_harmless(url: str) -> bool:
    return url.strip().lower().startswith(_SCHEMES) and not url.startswith("//")


def _dress(tokens: Sequence[Token]) -> None:
    """Give every element its class; a first-level heading becomes a second-level one."""
    for token in tokens:
        token.tag = _tag(token)
        classes = _CLASSES.get(token.tag)
        if classes and token.nesting >= 0:
            token.attrSet("class", classes)
        _dress(token.children or ())


def _tag(token: Any) -> str:
    lower = {"h1": "h2", "h4": "h3", "h5": "h3", "h6": "h3"}
    return lower.get(token.tag, str(token.tag))
