"""What a compiled form is: frozen data, rebuilt at any time from its canonical document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

Condition = Mapping[str, Any]
"""The authored `when` of a page: see `conditions.py`."""


@dataclass(frozen=True)
class Finding:
    """One thing wrong in a definition: where (file, JSON pointer), what, and what to do."""

    file: str
    pointer: str
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}#{self.pointer}: {self.message}. {self.remedy}."


class DefinitionError(Exception):
    """A form cannot be loaded; `findings` holds everything that is wrong with it."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = findings


@dataclass(frozen=True)
class Option:
    """One choice of radios, checkboxes or a select."""

    value: str
    label: str
    hint: str | None = None


@dataclass(frozen=True)
class Question:
    """One question with all its text in one language.

    `schema` is the JSON Schema of the answer with the type's own definition merged in. `errors` and
    `warnings` hold a message template for every rule that can fail. `words` are the small words of
    the language: "day", "or", "not known", month names.
    """

    name: str
    type: str
    schema: Mapping[str, Any]
    text: str
    noun: str
    row: str
    hint: str | None
    options: tuple[Option, ...]
    exclusive: frozenset[str]
    errors: Mapping[str, str]
    warnings: Mapping[str, str]
    words: Mapping[str, str]

    def label_of(self, value: str) -> str:
        """The label of an option; the value itself when it is none of them."""
        return next((option.label for option in self.options if option.value == value), value)


@dataclass(frozen=True)
class Reveal:
    """A question asked only when `option` of `parent`, on the same page, is chosen."""

    parent: str
    option: str


@dataclass(frozen=True)
class Page:
    """One page: the questions it asks, and when. `guidance` is Markdown."""

    id: str
    section: str
    title: str | None
    guidance: str | None
    ask: tuple[str, ...]
    optional: frozenset[str]
    if_known: frozenset[str]
    reveal: Mapping[str, Reveal]
    when: Condition | None
    exit: bool

    @cached_property
    def required(self) -> frozenset[str]:
        """The questions that must be answered whenever they are asked."""
        return frozenset(self.ask) - self.optional - self.if_known


@dataclass(frozen=True)
class Group:
    """Pages repeated for every item of the array property `each`, and a page to list the items."""

    id: str
    section: str
    each: str
    pages: tuple[Page, ...]
    min_items: int
    max_items: int
    when: Condition | None
    title: str
    item: str
    item_name: tuple[str, ...]
    add: str
    empty: str
    guidance: str | None
    errors: Mapping[str, str]

    def page(self, page_id: str) -> Page | None:
        """The page with this id inside the group."""
        return next((page for page in self.pages if page.id == page_id), None)

    @cached_property
    def ask(self) -> tuple[str, ...]:
        """Every question asked of an item, in order."""
        return tuple(name for page in self.pages for name in page.ask)


@dataclass(frozen=True)
class Form:
    """A compiled form in one language.

    `document` is canonical and JSON-able: `load.form_from_document` rebuilds the form from it, and
    `version` is the first 16 hex digits of its SHA-256. `wording` holds what belongs to no
    question: messages under "errors" and small words under "words". `statistics` says which
    question each count of the yearly figures is of.
    """

    name: str
    stream: str
    version: str
    roles: Mapping[str, str]
    steps: tuple[Page | Group, ...]
    questions: Mapping[str, Question]
    sections: Mapping[str, str]
    text: Mapping[str, Any]
    wording: Mapping[str, Mapping[str, str]]
    language: str
    document: Mapping[str, Any]
    statistics: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def submission_schema(self) -> dict[str, Any]:
        """The one closed JSON Schema 2020-12 that a complete set of answers meets."""
        from chalicelib.forms.submission import submission_schema

        return submission_schema(self)

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The repeated groups, in order."""
        return tuple(step for step in self.steps if isinstance(step, Group))

    def pages(self) -> Iterator[tuple[Page, Group | None]]:
        """Every page in order, each with the group that it belongs to."""
        for step in self.steps:
            if isinstance(step, Group):
                for page in step.pages:
                    yield page, step
            else:
                yield step, None

    @cached_property
    def counts(self) -> Mapping[str, tuple[str, str]]:
        """Count -> its question, and the list in whose items that is asked, or nothing."""
        groups = {name: self.place_of[name][1] for name in self.statistics.values()}
        return {
            count: (name, group.each if (group := groups[name]) else "")
            for count, name in self.statistics.items()
        }

    def page(self, page_id: str) -> Page | None:
        """The page with this id. Several groups may have a page `details`: ask the group."""
        return next((page for page, _ in self.pages() if page.id == page_id), None)

    def group(self, group_id: str) -> Group | None:
        """The group with this id."""
        return next((group for group in self.groups if group.id == group_id), None)

    def group_of(self, page_id: str) -> Group | None:
        """The group that a page belongs to, if any."""
        return next((group for page, group in self.pages() if page.id == page_id), None)

    @cached_property
    def place_of(self) -> Mapping[str, tuple[Page, Group | None]]:
        """Which page, and group, asks each question."""
        return {name: (page, group) for page, group in self.pages() for name in page.ask}
