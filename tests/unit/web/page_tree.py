"""HTML as a tree that can be compared: tags, attributes in order, text without idle blanks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import html5lib

Tree = tuple[str, tuple[tuple[str, str], ...], tuple[Any, ...]]


def tree(fragment: str) -> Tree:
    """What a browser makes of a piece of a page."""
    return _node(html5lib.parseFragment(fragment, namespaceHTMLElements=False))


def elements(page: str) -> Iterator[Any]:
    """Every element of a whole page in document order, as xml.etree elements."""
    root = html5lib.parse(page, namespaceHTMLElements=False)
    return (element for element in root.iter() if isinstance(element.tag, str))


def errors(page: str) -> list[str]:
    """The parse errors of a whole page, as the HTML standard names them."""
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(page)
    return [f"{code} at {place}" for place, code, _ in parser.errors]


def words(page: str) -> str:
    """All text of the page's main part, blanks collapsed."""
    (main,) = [element for element in elements(page) if element.tag == "main"]
    return " ".join(" ".join(main.itertext()).split())


def _node(element: Any) -> Tree:
    children: list[Any] = []
    _text(children, element.text)
    for child in element:
        if isinstance(child.tag, str):
            children.append(_node(child))
        _text(children, child.tail)
    return element.tag, tuple(sorted(element.attrib.items())), tuple(children)


def _text(children: list[Any], text: str | None) -> None:
    collapsed = " ".join((text or "").split())
    if collapsed:
        children.append(collapsed)
