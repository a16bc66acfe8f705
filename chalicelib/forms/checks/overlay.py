"""A partnership's overlay may add, explain and tighten; it never removes, renames or loosens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from chalicelib.forms.assemble import Assembly
from chalicelib.forms.checks.conditions import authored_options
from chalicelib.forms.compile import limits_of
from chalicelib.forms.definition import Finding
from chalicelib.forms.shapes import nearest
from chalicelib.forms.source import Node

LOCAL = "local_"
KEPT = frozenset({"not_known", "unsure", "not_sure", "unsure_please_consider"})
"""Options that an overlay must keep: nobody may be forced to claim to know."""


def overlay_findings(assembly: Assembly) -> Iterator[Finding]:
    """What an overlay does that it may not."""
    overlay = assembly.overlay
    for name, node in overlay.at("schema", "properties").members():
        if not name.startswith(LOCAL):
            remedy = f'Rename it "{LOCAL}{name}"'
            yield node.finding(f'"{name}" is not a local question', remedy)
    for _, pages in overlay.at("pages").members():
        for page in pages.each():
            yield from _page_findings(page)
    for name, node in overlay.at("tighten").members():
        yield from _tighten_findings(assembly, name, node)
    for language, text in overlay.at("text").members():
        yield from _text_findings(assembly, language, text)


def _page_findings(page: Node) -> Iterator[Finding]:
    if page.has("each"):
        yield page.at("each").finding("a local page cannot repeat", "Ask local questions on pages")
    if page.get("exit"):
        yield page.at("exit").finding("a local page cannot end the journey", 'Remove "exit"')
    for name in page.at("ask").each():
        if not name.value.startswith(LOCAL):
            remedy = f'Ask only questions whose name starts with "{LOCAL}"'
            yield name.finding(f'"{name.value}" belongs to the core form', remedy)


def _tighten_findings(assembly: Assembly, name: str, node: Node) -> Iterator[Finding]:
    group = next((step for step in assembly.steps if step.get("each") == name), None)
    if group is not None:
        array = assembly.array_of(group)
        yield from _limit(node, "maxItems", limits_of(array)[1] if array else 1, floor=1)
        return
    asked = assembly.asked.get(name)
    if asked is None:
        yield node.finding(f'there is no question "{name}"', nearest(name, assembly.asked))
        return
    for key, limit in node.members():
        if key == "enum":
            yield from _enum(limit, authored_options(assembly, name))
        elif key not in ("maxLength", "maximum", "minimum") or not asked.schema.has(key):
            remedy = "Tighten a limit that the core form has, or an enum"
            yield limit.finding(f'"{key}" is no limit of "{name}"', remedy)
        elif key == "minimum":
            yield from _least(limit, asked.schema.get(key), asked.schema.get("maximum"))
        else:
            yield from _limit(node, key, asked.schema.get(key), asked.schema.get("minimum", 1))


def _limit(node: Node, key: str, most: Any, floor: Any) -> Iterator[Finding]:
    for other in node.value:
        if other not in (key, "maxLength", "maximum", "minimum", "enum"):
            yield node.at(other).finding(f'"{other}" cannot be tightened', f'Use "{key}"')
    value = node.get(key)
    if type(value) is not int or not floor <= value <= most:
        yield node.at(key).finding("this is looser than the core form", f"Write {floor} to {most}")


def _least(node: Node, least: Any, most: Any) -> Iterator[Finding]:
    if type(node.value) is not int or not least <= node.value <= most:
        yield node.finding("this is looser than the core form", f"Write {least} to {most}")


def _enum(node: Node, options: list[Any]) -> Iterator[Finding]:
    given = node.value if isinstance(node.value, list) else []
    if not given:
        yield node.finding("no option is left", "Keep at least one")
    for option in node.each():
        if option.value not in options:
            remedy = nearest(str(option.value), [str(one) for one in options])
            yield option.finding(f"{option.value!r} is no option of the core form", remedy)
    for kept in sorted(KEPT.intersection(options).difference(given)):
        yield node.finding(f'"{kept}" must stay on offer', f'Add "{kept}"')


def _text_findings(assembly: Assembly, language: str, text: Node) -> Iterator[Finding]:
    overlay, *core = assembly.sources
    own_pages = {
        page.get("id") for _, pages in overlay.at("pages").members() for page in pages.each()
    }
    yield from _only(text.at("form"), {"start"})
    for name, node in text.at("sections").members():
        if any(source.at("text", language, "sections").has(name) for source in core):
            yield node.finding("this section belongs to the core form", "Remove it")
    for name, node in text.at("questions").members():
        if not name.startswith(LOCAL):
            yield from _only(node, {"hint"})
    for name, node in text.at("pages").members():
        if name not in own_pages:
            yield from _only(node, {"guidance"})
    for _, node in text.at("groups").members():
        yield from _only(node, {"guidance"})


def _only(node: Node, allowed: set[str]) -> Iterator[Finding]:
    for key, child in node.members():
        if key not in allowed:
            remedy = f"An overlay may change: {', '.join(sorted(allowed))}"
            yield child.finding(f'"{key}" belongs to the core form', remedy)
