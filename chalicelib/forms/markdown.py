"""A form owner's Markdown as safe HTML with GOV.UK's classes."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

CLASSES = {
    "paragraph_open": "govuk-body",
    "bullet_list_open": "govuk-list govuk-list--bullet",
    "ordered_list_open": "govuk-list govuk-list--number",
    "link_open": "govuk-link",
    "hr": "govuk-section-break govuk-section-break--m govuk-section-break--visible",
}
HEADINGS = {"h1": "govuk-heading-l", "h2": "govuk-heading-m", "h3": "govuk-heading-s"}


def to_html(markdown: str) -> str:
    """CommonMark without raw HTML and images; links only to what a browser may open safely."""
    parser = _parser()
    tokens = parser.parse(markdown)
    for block in tokens:
        for token in (block, *(block.children or ())):
            if token.type == "heading_open":
                token.attrSet("class", HEADINGS.get(token.tag, "govuk-heading-s"))
            elif token.type in CLASSES:
                token.attrSet("class", CLASSES[token.type])
    html: str = parser.renderer.render(tokens, parser.options, {})
    return html


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).disable("image")
