"""The submission schema: one closed JSON Schema that says what a complete set of answers is.

Required exactly where a question is on the path and must be answered, forbidden (`false`) where it
is not on the path. "On the path" is itself a schema, so the walker and this schema agree on every
set of answers, stale ones included: a condition holds only when the question it names is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.forms.conditions import Reach, as_schema, conjuncts, names, together
from chalicelib.forms.definition import Condition, Form, Group, Page, Question

Schema = dict[str, Any]
DRAFT = "https://json-schema.org/draft/2020-12/schema"
_PUBLISHED = frozenset({"x-not-future"})


def submission_schema(form: Form) -> Schema:
    """The closed schema of one form."""
    writer = _Writer(form)
    for step in form.steps:
        if isinstance(step, Group):
            writer.group(step)
        else:
            writer.page(step)
    return writer.schema()


def answer_schema(question: Question) -> Schema:
    """The schema of one answer, without what only the pages need to know."""
    own = {
        key: value
        for key, value in question.schema.items()
        if not key.startswith("x-") or key in _PUBLISHED
    }
    return {"title": question.text, **own}


class _Writer:
    """Collects the parts of the schema while going through the form once."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.properties: Schema = {}
        self.required: list[str] = []
        self.rules: list[Schema] = []
        self.reached: dict[str, Schema] = {}
        """`$defs`: when a page or group is on the path, for those that are not always."""
        self.exits: list[str] = []
        """The names in `reached` of the exit pages so far."""

    def schema(self) -> Schema:
        """The finished schema."""
        schema: Schema = {
            "$schema": DRAFT,
            "title": str(self.form.text.get("name", self.form.name)),
            "type": "object",
            "properties": self.properties,
            "additionalProperties": False,
            "required": self.required,
            "allOf": self.rules,
            "$defs": self.reached,
        }
        return {key: value for key, value in schema.items() if value not in ([], {})}

    def page(self, page: Page) -> None:
        """One page outside groups."""
        reach = self._reached(page.id, page.when)
        if page.exit:
            self.rules.append({"if": reach, "then": False} if reach is not None else {"not": {}})
            if reach is not None:
                self.exits.append(page.id)
        self.properties |= {name: answer_schema(self.form.questions[name]) for name in page.ask}
        inside = _asked_when(page)
        if reach is None:
            self.required += inside.pop("required", [])
            self.rules += inside.pop("allOf", [])
        elif page.ask:
            self.rules.append({"if": reach, "then": inside, "else": _forbidden(page.ask)})

    def group(self, group: Group) -> None:
        """One group: the array, and what each of its items holds."""
        reach = self._reached(group.id, group.when)
        item: Schema = {
            "type": "object",
            "properties": {name: answer_schema(self.form.questions[name]) for name in group.ask},
            "additionalProperties": False,
        }
        array: Schema = {"title": group.title, "type": "array", "maxItems": group.max_items}
        if group.min_items:
            array["minItems"] = group.min_items
        self.properties[group.each] = {**array, "items": item}
        needed = {"required": [group.each]} if group.min_items else {}
        if reach is not None:
            self.rules.append({"if": reach, "then": needed, "else": _forbidden((group.each,))})
        else:
            self.required += needed.get("required", [])
        items = _Items(self, group)
        for page in group.pages:
            self.rules += items.rules(page)

    def _reached(self, name: str, when: Condition | None) -> Schema | None:
        """Records when a step is on the path; the reference to that, None when it always is."""
        parts = [as_schema(when, self._reach_of)] if when else []
        parts += [{"not": _reference(exit_page)} for exit_page in self.exits]
        if not parts:
            return None
        self.reached[name] = together(parts)
        return _reference(name)

    def _reach_of(self, question: str) -> Schema | None:
        """When a question outside groups is asked."""
        page, _ = self.form.place_of[question]
        page_reached = _reference(page.id) if page.id in self.reached else None
        return _with_reveal(page, question, page_reached)


class _Items:
    """The rules of a group's items; conditions may be about the form, the item, or both."""

    def __init__(self, writer: _Writer, group: Group) -> None:
        self.writer = writer
        self.group = group
        self.outer: dict[str, list[Condition]] = {}
        self.inner: dict[str, list[Condition]] = {}
        for page in group.pages:
            parts = conjuncts(page.when)
            self.inner[page.id] = [part for part in parts if names(part) & set(group.ask)]
            self.outer[page.id] = [part for part in parts if not names(part) & set(group.ask)]

    def rules(self, page: Page) -> list[Schema]:
        """What one page asks of every item, as rules about the whole document."""
        if not page.ask:
            return []
        return [self._for_all(page, {}, self._depends_on(page))]

    def _for_all(self, page: Page, known: Mapping[str, bool], unknown: list[str]) -> Schema:
        """Settles, one by one, whether the form lets the pages be asked that `page` depends on."""
        if not unknown:
            return self._every_item(self._item_rule(page, known))
        settled, rest = unknown[0], unknown[1:]
        return {
            "if": together(
                [as_schema(part, self.writer._reach_of) for part in self.outer[settled]]
            ),
            "then": self._for_all(page, {**known, settled: True}, rest),
            "else": self._for_all(page, {**known, settled: False}, rest),
        }

    def _depends_on(self, page: Page) -> list[str]:
        """The pages of the group, this one too, that conditions about the form can switch off."""
        found: list[str] = []
        todo = [page]
        while todo:
            one = todo.pop()
            if one.id not in found:
                found.append(one.id)
                asked = {name for part in self.inner[one.id] for name in names(part)}
                todo += [self.writer.form.place_of[name][0] for name in asked]
        return [page_id for page_id in found if self.outer[page_id]]

    def _item_rule(self, page: Page, known: Mapping[str, bool]) -> Schema:
        if not known.get(page.id, True):
            return _forbidden(page.ask)
        reach = self._reach_of(known)
        inside = _asked_when(page)
        if not self.inner[page.id]:
            return inside
        condition = together([as_schema(part, reach) for part in self.inner[page.id]])
        return {"if": condition, "then": inside, "else": _forbidden(page.ask)}

    def _reach_of(self, known: Mapping[str, bool]) -> Reach:
        def reach(question: str) -> Schema | None:
            page, _ = self.writer.form.place_of[question]
            if not known.get(page.id, True):
                return {"not": {}}
            parts = [as_schema(part, reach) for part in self.inner[page.id]]
            return _with_reveal(page, question, together(parts) if parts else None)

        return reach

    def _every_item(self, rule: Schema) -> Schema:
        return {"properties": {self.group.each: {"items": rule}}}


def _asked_when(page: Page) -> Schema:
    """What a page on the path asks: required, or revealed by an option and otherwise forbidden."""
    required = [name for name in page.ask if name in page.required and name not in page.reveal]
    revealed = []
    for name, shown in page.reveal.items():
        needed: Schema = {"required": [name]} if name in page.required else {}
        option = {shown.parent: shown.option}
        # The page is on the path here, so only the parent's own answer counts.
        revealed.append(
            {"if": as_schema(option, lambda _: None), "then": needed, "else": _forbidden((name,))}
        )
    schema: Schema = {"required": required, "allOf": revealed}
    return {key: value for key, value in schema.items() if value}


def _with_reveal(page: Page, question: str, reached: Schema | None) -> Schema | None:
    """When a question is asked: its page is on the path and what reveals it is chosen."""
    shown = page.reveal.get(question)
    if shown is None:
        return reached
    chosen = as_schema({shown.parent: shown.option}, lambda _: None)
    return chosen if reached is None else together([reached, chosen])


def _forbidden(questions: tuple[str, ...]) -> Schema:
    return {"properties": dict.fromkeys(questions, False)}


def _reference(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}
