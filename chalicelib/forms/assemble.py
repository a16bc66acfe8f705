"""Form, common file and partnership overlay brought together, each value still knowing its file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from chalicelib.forms import shapes
from chalicelib.forms.definition import DefinitionError, Finding
from chalicelib.forms.resolve import expanded, full_schema, schema_findings, tightened, type_of
from chalicelib.forms.source import Node, read_json

NOTHING = Node("", "", {})


@dataclass(frozen=True)
class Asked:
    """One question as a page asks it: the authored schema, the number of the page, the group."""

    name: str
    schema: Node
    order: int
    group: Node | None


@dataclass(frozen=True)
class Assembly:
    """Everything that one form is made of, before it is checked and compiled.

    `steps` are pages and groups in order, with page sets and slots resolved.
    """

    form: Node
    common: Node
    overlay: Node
    steps: tuple[Node, ...]
    findings: list[Finding] = field(default_factory=list)

    @property
    def sources(self) -> tuple[Node, ...]:
        """The files, the one whose text wins first."""
        return (self.overlay, self.form, self.common)

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages of the form's texts."""
        return tuple(self.form.get("text"))

    def inner_pages(self, step: Node) -> tuple[Node, ...]:
        """The pages of a group, or the page itself. A group with `ask` is its own only page."""
        return tuple(step.at("pages").each()) if step.has("pages") else (step,)

    @cached_property
    def pages(self) -> tuple[tuple[Node, Node | None], ...]:
        """Every page with its group, in order."""
        return tuple(
            (page, step if step.has("each") else None)
            for step in self.steps
            for page in self.inner_pages(step)
        )

    @cached_property
    def asked(self) -> Mapping[str, Asked]:
        """Every question that is asked, in order; a second asking is a finding elsewhere."""
        found: dict[str, Asked] = {}
        for order, (page, group) in enumerate(self.pages):
            for name in page.get("ask", ()):
                schema = self.schema_of(name, group)
                if schema is not None and name not in found:
                    found[name] = Asked(name, schema, order, group)
        return found

    @cached_property
    def expanded(self) -> Mapping[str, Node]:
        """The authored schema of every question that is asked, shared definitions put in place."""
        shared = {**self.common.get("$defs", {}), **self.form.at("schema").get("$defs", {})}
        return {name: expanded(asked.schema, shared) for name, asked in self.asked.items()}

    @cached_property
    def schema_findings(self) -> Mapping[str, tuple[Finding, ...]]:
        """What is wrong with schemas, for those questions where something is."""
        found = {name: tuple(schema_findings(node)) for name, node in self.expanded.items()}
        return {name: findings for name, findings in found.items() if findings}

    @cached_property
    def core(self) -> Mapping[str, tuple[str, dict[str, Any]]]:
        """Type and full schema, before any overlay, of every question whose schema is right."""
        return {
            name: (kind, full_schema(node, kind))
            for name, node in self.expanded.items()
            if name not in self.schema_findings and (kind := type_of(node)) is not None
        }

    @cached_property
    def typed(self) -> Mapping[str, tuple[str, dict[str, Any]]]:
        """The same, as narrowed by the overlay."""
        tighten = self.overlay.at("tighten")
        return {
            name: (kind, tightened(schema, kind, tighten.get(name, {})))
            for name, (kind, schema) in self.core.items()
        }

    def schema_of(self, name: str, group: Node | None) -> Node | None:
        """The authored schema of a question, where any file has one."""
        own: tuple[Node, ...] = (self._properties[0], self._properties[1])
        if group is not None:
            array = self.array_of(group)
            own = (array.at("items", "properties"),) if array else ()
        candidates = (*own, self._properties[2])
        return next((node.at(name) for node in candidates if node.has(name)), None)

    def array_of(self, group: Node) -> Node | None:
        """The authored schema of a group's array property."""
        each = group.get("each")
        return next((node.at(each) for node in self._properties[1:] if node.has(each)), None)

    @cached_property
    def _properties(self) -> tuple[Node, ...]:
        return tuple(source.at("schema", "properties") for source in self.sources)

    def text(self, language: str, *path: str) -> dict[str, Any]:
        """The texts under a path, key by key: the overlay's, else the form's, else the common."""
        merged: dict[str, Any] = {}
        for source in reversed(self.sources):
            merged = _over(source.at("text", language, *path).value, merged)
        return merged

    def text_node(self, language: str, *path: str) -> Node:
        """Where a text is, or where the form's file should have it."""
        for source in self.sources:
            value = source.value.get("text", {}).get(language, {})
            for key in path:
                value = value.get(key) if isinstance(value, dict) else None
            if value is not None:
                return source.at("text", language, *path)
        return self.form.at("text", language, *path)


def _over(upper: Any, lower: dict[str, Any]) -> dict[str, Any]:
    """One object over another; objects inside are merged, anything else is replaced."""
    if not isinstance(upper, dict):
        return lower
    merged = dict(lower)
    for key, value in upper.items():
        below = merged.get(key)
        both = isinstance(value, dict) and isinstance(below, dict)
        merged[key] = _over(value, below) if both and isinstance(below, dict) else value
    return merged


def assemble(forms_dir: Path, name: str, partnership: str | None) -> Assembly:
    """Read the files of one form and resolve page sets and slots.

    Raises DefinitionError when a file is missing, is not JSON, or has not the shape of its kind.
    """
    form = _read(forms_dir, f"{name}.json", shapes.FORM)
    common = _read(forms_dir, "common.json", shapes.COMMON)
    overlay = NOTHING
    if partnership is not None:
        path = f"partnerships/{partnership}/{name}.json"
        if (forms_dir / path).exists():
            overlay = _read(forms_dir, path, shapes.OVERLAY)
    findings: list[Finding] = []
    if form.get("form") != name:
        findings.append(
            form.at("form").finding("this is not the name of the file", f'Write "{name}"')
        )
    steps = tuple(_resolved(form, common, overlay, findings))
    return Assembly(form, common, overlay, steps, findings)


def _read(forms_dir: Path, path: str, shape: shapes.Shape) -> Node:
    node = read_json(forms_dir / path, f"{forms_dir.name}/{path}")
    findings = tuple(shape(node))
    if findings:
        raise DefinitionError(findings)
    return node


def _resolved(form: Node, common: Node, overlay: Node, findings: list[Finding]) -> Iterator[Node]:
    sets = common.at("page_sets")
    slots = set()
    for step in form.at("pages").each():
        if step.has("use"):
            name = step.get("use")
            if not sets.has(name):
                remedy = shapes.nearest(name, sets.value or ())
                findings.append(step.at("use").finding(f'there is no page set "{name}"', remedy))
            yield from sets.at(name).each()
        elif step.has("slot"):
            slots.add(step.get("slot"))
            yield from overlay.at("pages").at(step.get("slot")).each()
        else:
            yield step
    for slot, node in overlay.at("pages").members():
        if slot not in slots:
            remedy = shapes.nearest(slot, slots)
            findings.append(node.finding(f'the form has no slot "{slot}"', remedy))
