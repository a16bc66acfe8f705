"""The pages about the service: home, privacy notice, accessibility statement."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from chalicelib.web.drawing import draw
from chalicelib.web.process_picture import picture, process_steps
from chalicelib.web.site_texts import Document, document, partnership_text

if TYPE_CHECKING:
    from chalicelib.use_cases.ports import Services
    from chalicelib.web.http import Request, Response

# A line of its own: where the picture of that stream's process stands.
_PICTURE = re.compile(r"^\{picture:([a-z]+)\}$", re.MULTILINE)


def home(request: Request, services: Services) -> Response:
    """What practice reviews are, whom to tell about what, and the way to the forms."""
    text = _document(services, "home")
    return draw(
        request,
        services,
        "home.html",
        title=text.title,
        introduction_html=_html(request, text.introduction),
        forms=[
            {
                "name": form.text["name"],
                "duration": form.text.get("duration"),
                "href": f"{request.base_url}/{name}",
            }
            for name, form in services.forms.items()
        ],
        sections=_sections(request, services, text),
    )


def privacy(request: Request, services: Services) -> Response:
    return _text_page(request, services, "privacy")


def accessibility(request: Request, services: Services) -> Response:
    return _text_page(request, services, "accessibility")


def _text_page(request: Request, services: Services, name: str) -> Response:
    text = _document(services, name)
    return draw(
        request,
        services,
        "text_page.html",
        title=text.title,
        introduction_html=_html(request, text.introduction),
        sections=_sections(request, services, text),
    )


def _document(services: Services, name: str) -> Document:
    text = partnership_text(services, name)
    if text is None:
        raise FileNotFoundError(f"forms/texts/{name}.md")
    return document(text)


def _sections(request: Request, services: Services, text: Document) -> list[dict[str, Any]]:
    """[{id, title, parts}]; a part is {html} or {picture, steps, stream}."""
    steps = process_steps(services.settings.forms_dir, services.partnership.id)
    shown = []
    for section in text.sections:
        # re.split with one group: text, stream, text, stream, ...
        pieces = _PICTURE.split(section.markdown)
        parts: list[dict[str, Any]] = []
        for number, piece in enumerate(pieces):
            if number % 2:
                told = steps[piece]
                parts.append({"picture": picture(told), "steps": told, "stream": piece})
            elif piece.strip():
                parts.append({"html": _html(request, piece.strip())})
        shown.append({"id": section.id, "title": section.title, "parts": parts})
    return shown


def _html(request: Request, markdown: str) -> str:
    """Our own texts as HTML; links that begin with "/" stay within the service."""
    return _drawn(markdown).replace('href="/', f'href="{request.base_url}/')


@cache
def _drawn(markdown: str) -> str:
    # Imported only where a page has such text: the Markdown parser is slow to load.
    from chalicelib.forms.markdown import to_html

    return to_html(markdown) if markdown else ""
