"""`when`: it names only earlier questions, and options that they have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from chalicelib.forms.assemble import Asked, Assembly
from chalicelib.forms.conditions import conjuncts, names, wanted
from chalicelib.forms.definition import Finding
from chalicelib.forms.resolve import options_of
from chalicelib.forms.shapes import nearest
from chalicelib.forms.source import Node


def condition_findings(assembly: Assembly) -> Iterator[Finding]:
    """What is wrong with the conditions of pages and groups."""
    for order, (page, group) in enumerate(assembly.pages):
        if page.has("when") and (group is None or group.has("pages")):
            yield from _Reader(assembly, order, group).findings(page.at("when"))
            yield from _mixed(assembly, page, group)
        if group is not None and group.has("when") and _is_first(assembly, page, group):
            yield from _Reader(assembly, order, None).findings(group.at("when"))


def _is_first(assembly: Assembly, page: Node, group: Node) -> bool:
    return page.pointer == assembly.inner_pages(group)[0].pointer


def authored_options(assembly: Assembly, name: str) -> list[Any]:
    """The options of a question before an overlay narrows them; none for a question without."""
    kind, schema = assembly.core[name]
    return [True] if kind == "declaration" else options_of(schema, kind)


class _Reader:
    """Reads one condition at one place of the form."""

    def __init__(self, assembly: Assembly, here: int, group: Node | None) -> None:
        self.assembly = assembly
        self.here = here
        self.group = group

    def findings(self, node: Node) -> Iterator[Finding]:
        if not isinstance(node.value, dict):
            yield node.finding("a condition is an object", 'Write {"question": "value"}')
            return
        for key, child in node.members():
            if key in ("all", "any"):
                yield from self._several(child)
            elif key == "not":
                yield from self.findings(child)
            else:
                yield from self._leaf(key, child)

    def _several(self, node: Node) -> Iterator[Finding]:
        if not isinstance(node.value, list) or not node.value:
            yield node.finding("a list of conditions is needed here", "Write [{...}, {...}]")
        for child in node.each():
            yield from self.findings(child)

    def _leaf(self, name: str, node: Node) -> Iterator[Finding]:
        asked = self.assembly.asked.get(name)
        if asked is None:
            earlier = [
                other.name for other in self.assembly.asked.values() if other.order < self.here
            ]
            yield node.finding(f'no page asks "{name}"', nearest(name, earlier))
        elif asked.order >= self.here:
            remedy = "Move the question to an earlier page, or this page further on"
            yield node.finding(f'"{name}" is not asked before this page', remedy)
        elif asked.group is not None and asked.group != self.group:
            remedy = "Ask a question outside the group"
            yield node.finding(f'"{name}" has an answer for every item of a group', remedy)
        elif name in self.assembly.core:
            yield from self._values(asked, node)

    def _values(self, asked: Asked, node: Node) -> Iterator[Finding]:
        if isinstance(node.value, dict):
            if node.value != {"answered": True}:
                remedy = 'Write {"answered": true}; put "not" around it for the opposite'
                yield node.finding("this says nothing about an answer", remedy)
            return
        options = authored_options(self.assembly, asked.name)
        if not options:
            remedy = f'Write "{asked.name}": {{"answered": true}}'
            yield node.finding(f'"{asked.name}" has no options to compare with', remedy)
            return
        for value in wanted(node.value):
            if value not in options:
                known = [str(option) for option in options]
                yield node.finding(
                    f'{value!r} is no option of "{asked.name}"', nearest(str(value), known)
                )


def _mixed(assembly: Assembly, page: Node, group: Node | None) -> Iterator[Finding]:
    """Within a group a part of a condition is about the form or about the item, never both."""
    if group is None or not isinstance(page.get("when"), dict):
        return
    try:
        parts = conjuncts(page.get("when"))
        sides = [{_inside(assembly, name) for name in names(part)} for part in parts]
    except (TypeError, AttributeError):
        return  # not a condition at all: reported above
    if any(len(side) > 1 for side in sides):
        remedy = 'Make them separate entries of one "all"'
        yield page.at("when").finding("answers of the item and of the form are mixed", remedy)


def _inside(assembly: Assembly, name: str) -> bool:
    asked = assembly.asked.get(name)
    return asked is not None and asked.group is not None
