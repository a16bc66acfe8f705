"""Question schemas: of a known type, with limits that mean something, and asked."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.forms.assemble import Assembly
from chalicelib.forms.definition import Finding
from chalicelib.forms.questions import REFERENCED
from chalicelib.forms.source import Node


def question_findings(assembly: Assembly) -> Iterator[Finding]:
    """What is wrong with schemas."""
    for findings in assembly.schema_findings.values():
        yield from findings
    yield from _never_asked(assembly)
    for source in (assembly.common.at("$defs"), assembly.form.at("schema", "$defs")):
        for name, node in source.members():
            if name in REFERENCED:
                yield node.finding(f'"{name}" is a question type and defined already', "Remove it")


def _never_asked(assembly: Assembly) -> Iterator[Finding]:
    groups = {step.get("each"): step for step in assembly.steps if step.has("each")}
    for source in (assembly.form, assembly.overlay):
        for name, node in source.at("schema", "properties").members():
            if name in groups:
                yield from _items_never_asked(assembly, node)
            elif name not in assembly.asked or assembly.asked[name].group is not None:
                remedy = 'Add it to "ask" of a page, or remove it'
                yield node.finding(f'"{name}" is never asked', remedy)


def _items_never_asked(assembly: Assembly, array: Node) -> Iterator[Finding]:
    for name, node in array.at("items", "properties").members():
        if name not in assembly.asked:
            remedy = 'Add it to "ask" of a page of the group, or remove it'
            yield node.finding(f'"{name}" is never asked', remedy)
