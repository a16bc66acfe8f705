"""From a template and its values to a response, in the partnership's look."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from chalicelib.use_cases.ports import Services
from chalicelib.web.http import Request, Response, html
from chalicelib.web.render import Renderer
from chalicelib.web.words import in_words_of

OWN_LINK = re.compile(r'<a href="/(?P<form>[a-z-]*)[^"]*"[^>]*>(?P<text>.*?)</a>')
OWN_PAGES = ("", "resume", "privacy", "accessibility")


@cache
def renderer() -> Renderer:
    return Renderer()


def draw(
    request: Request,
    services: Services,
    template: str,
    *,
    title: str,
    status: int = 200,
    **context: Any,
) -> Response:
    """A page as a response. `error=True` in the context puts "Error: " before the title."""
    page = renderer().page(
        template,
        request=request,
        partnership=services.partnership,
        title=title,
        **context,
    )
    return html(page, status)


def safe_markdown(request: Request, services: Services, stream: str, text: str | None) -> str:
    """A form owner's Markdown as HTML; empty when there is none.

    Links to a page of ours get the base URL; a link to a form that this partnership does not
    offer becomes plain text."""
    if not text:
        return ""

    def placed(link: re.Match[str]) -> str:
        offered = link["form"] in services.forms or link["form"] in OWN_PAGES
        return link[0].replace('href="', f'href="{request.base_url}') if offered else link["text"]

    return OWN_LINK.sub(placed, _html_of(in_words_of(services.partnership, stream, text)))


@cache
def _html_of(text: str) -> str:
    # Markdown is read only where a page has guidance: its parser is slow to import.
    from chalicelib.forms.markdown import to_html

    return to_html(text)
