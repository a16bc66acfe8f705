"""Pages: ids, what they ask, what they reveal, groups, roles."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.forms.assemble import Assembly
from chalicelib.forms.build import ONE_PAGE
from chalicelib.forms.checks.conditions import authored_options
from chalicelib.forms.compile import limits_of
from chalicelib.forms.definition import Finding
from chalicelib.forms.shapes import nearest
from chalicelib.forms.source import Node


def page_findings(assembly: Assembly) -> Iterator[Finding]:
    """What is wrong with the order, the ids and the questions of pages."""
    yield from _id_findings(assembly)
    for step in assembly.steps:
        if step.has("each"):
            yield from _group_findings(assembly, step)
    for page, group in assembly.pages:
        yield from _ask_findings(assembly, page, group)
        yield from _list_findings(page)
        yield from _reveal_findings(assembly, page)
        if page.get("exit") and page.has("ask"):
            remedy = 'Remove "ask", or "exit"'
            yield page.at("exit").finding("an exit page ends the journey and asks nothing", remedy)
    yield from _twice(assembly)
    yield from _role_findings(assembly)


def _id_findings(assembly: Assembly) -> Iterator[Finding]:
    nodes = [step.at("id") for step in assembly.steps]
    nodes += [
        page.at("id")
        for step in assembly.steps
        if step.has("pages")
        for page in assembly.inner_pages(step)
    ]
    seen: set[str] = set()
    for node in nodes:
        if node.value in seen:
            yield node.finding(f'two pages have the id "{node.value}"', "Choose another id")
        seen.add(node.value)
        if node.value == ONE_PAGE:
            remedy = "Choose another id: it names the only page of a one-page group"
            yield node.finding(f'"{ONE_PAGE}" is reserved', remedy)


def _group_findings(assembly: Assembly, step: Node) -> Iterator[Finding]:
    if step.has("ask") == step.has("pages"):
        yield step.finding("a group has either questions or pages", 'Keep one of "ask", "pages"')
    if step.has("pages") and not step.get("pages"):
        yield step.at("pages").finding("a group needs a page", "Add one")
    array = assembly.array_of(step)
    if array is None:
        remedy = 'Add it to "schema" "properties" as {"type": "array", "items": {...}}'
        yield step.at("each").finding(f'no property "{step.get("each")}" to repeat', remedy)
        return
    for key in array.value:
        if key not in ("type", "minItems", "maxItems", "items", "$comment"):
            remedy = nearest(key, ("type", "minItems", "maxItems", "items"))
            yield array.at(key).finding(f'"{key}" means nothing for a group', remedy)
    for key in array.at("items").value:
        if key not in ("type", "properties"):
            remedy = 'Keep "type" and "properties"; what is required follows from the pages'
            yield array.at("items", key).finding(f'"{key}" cannot be given for an item', remedy)
    least, most = limits_of(array)
    if not all(type(limit) is int for limit in (least, most)) or not 0 <= least <= most or most < 1:
        remedy = 'Write whole numbers with 0 <= "minItems" <= "maxItems"'
        yield array.finding("the limits of the group contradict each other", remedy)


def _ask_findings(assembly: Assembly, page: Node, group: Node | None) -> Iterator[Finding]:
    for name in page.at("ask").each():
        if assembly.schema_of(name.value, group) is None:
            known = _known(assembly, group)
            yield name.finding(f'there is no question "{name.value}"', nearest(name.value, known))


def _known(assembly: Assembly, group: Node | None) -> set[str]:
    nodes = [source.at("schema", "properties") for source in assembly.sources]
    if group is not None:
        array = assembly.array_of(group)
        nodes.append(array.at("items", "properties") if array else nodes[0])
    return {name for node in nodes for name in node.value}


def _list_findings(page: Node) -> Iterator[Finding]:
    ask = page.get("ask", [])
    lists = {}
    for key in ("optional", "if_known"):
        if page.get(key) is True:
            lists[key] = set(ask)
            continue
        lists[key] = {name.value for name in page.at(key).each()}
        for name in page.at(key).each():
            if name.value not in ask:
                yield name.finding(
                    f'the page does not ask "{name.value}"', nearest(name.value, ask)
                )
    for name in sorted(lists["optional"] & lists["if_known"]):
        yield page.finding(f'"{name}" is both optional and if_known', "Keep one of the two")


def _reveal_findings(assembly: Assembly, page: Node) -> Iterator[Finding]:
    ask = page.get("ask", [])
    for child, node in page.at("reveal").members():
        if child not in ask:
            yield node.finding(f'the page does not ask "{child}"', f'Add "{child}" to "ask"')
            continue
        if len(node.value) != 1:
            yield node.finding(
                "a reveal names one option", f'Write "{child}": {{"question": "option"}}'
            )
            continue
        parent, option = next(iter(node.value.items()))
        at = node.at(parent)
        if parent not in ask or ask.index(parent) >= ask.index(child):
            remedy = f'Put "{parent}" before "{child}" in "ask" of this page'
            yield at.finding(f'"{parent}" is not asked before it on the page', remedy)
        elif parent in page.get("reveal"):
            remedy = "Move the inner question to a page of its own"
            yield at.finding("a revealed question cannot reveal another", remedy)
        elif parent in assembly.core:
            yield from _option_findings(assembly, parent, option, at)


def _option_findings(assembly: Assembly, parent: str, option: str, at: Node) -> Iterator[Finding]:
    kind, _ = assembly.core[parent]
    if kind not in ("radios", "checkboxes", "yes_no", "yes_no_not_known"):
        yield at.finding(f'"{parent}" is {kind}: only radios and checkboxes reveal', "Use a page")
        return
    options = authored_options(assembly, parent)
    if option not in options:
        yield at.finding(f'"{option}" is no option of "{parent}"', nearest(option, options))


def _twice(assembly: Assembly) -> Iterator[Finding]:
    seen: set[str] = set()
    groups = {step.get("each") for step in assembly.steps if step.has("each")}
    for page, _ in assembly.pages:
        for name in page.at("ask").each():
            if name.value in seen:
                yield name.finding(f'"{name.value}" is asked twice', "Ask it once")
            if name.value in groups:
                yield name.finding(f'"{name.value}" is a group', "Rename one of the two")
            seen.add(name.value)


def _role_findings(assembly: Assembly) -> Iterator[Finding]:
    targets = set(assembly.asked) | {
        step.get("each") for step in assembly.steps if step.has("each")
    }
    for role, node in assembly.form.at("roles").members():
        if node.value not in targets:
            remedy = nearest(node.value, targets)
            yield node.finding(
                f'the role "{role}" leads to no question or group that is asked', remedy
            )
