"""A form as an agency's own system reads it: what is asked, when, within which limits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.forms.definition import Form, Group, Option, Page, Question
from chalicelib.referrals.partnership import Partnership
from chalicelib.web.words import in_words_of

DIALECT = "https://json-schema.org/draft/2020-12/schema"

# What a program needs of a question's schema to check an answer before it is sent.
_LIMITS = (
    "minLength",
    "maxLength",
    "pattern",
    "format",
    "minimum",
    "maximum",
    "minItems",
    "maxItems",
    "uniqueItems",
)


def summary(form: Form, base_url: str) -> dict[str, Any]:
    """One entry of the list of forms."""
    own = f"{base_url}/api/forms/{form.name}"
    return {
        "name": form.name,
        "title": str(form.text.get("name", form.name)),
        "version": form.version,
        "stream": form.stream,
        "links": {
            "self": own,
            "schema": f"{own}/schema",
            "referrals": f"{own}/referrals",
            "pages": f"{base_url}/{form.name}",
        },
    }


def description(form: Form, partnership: Partnership, base_url: str) -> dict[str, Any]:
    """The whole form in the order in which a person meets it. Guidance is Markdown."""
    steps = [_step(form, step) for step in form.steps]
    return {
        **summary(form, base_url),
        "sections": [{"id": key, "title": title} for key, title in form.sections.items()],
        "steps": _in_words_of(partnership, form.stream, steps),
    }


def schema_document(form: Form) -> dict[str, Any]:
    """The schema of the `answers` of one referral: JSON Schema 2020-12, closed."""
    own = {"$schema": DIALECT, "$id": f"/api/forms/{form.name}/schema"}
    told = {"title": str(form.text.get("name", form.name)), "x-form-version": form.version}
    rest = {key: value for key, value in form.submission_schema.items() if key not in own}
    return {**own, **told, **rest}


def _step(form: Form, step: Page | Group) -> dict[str, Any]:
    return _group(form, step) if isinstance(step, Group) else _page(form, step)


def _group(form: Form, group: Group) -> dict[str, Any]:
    return {
        "kind": "group",
        "id": group.id,
        "section": group.section,
        "title": group.title,
        "item": group.item,
        "property": group.each,
        "min_items": group.min_items,
        "max_items": group.max_items,
        **_said(guidance=group.guidance, when=group.when),
        "pages": [_page(form, page) for page in group.pages],
    }


def _page(form: Form, page: Page) -> dict[str, Any]:
    return {
        "kind": "page",
        "id": page.id,
        "section": page.section,
        **_said(title=page.title, guidance=page.guidance, when=page.when),
        "ends_here": page.exit,
        "questions": [_question(page, form.questions[name]) for name in page.ask],
    }


def _question(page: Page, question: Question) -> dict[str, Any]:
    reveal = page.reveal.get(question.name)
    return {
        "name": question.name,
        "type": question.type,
        "question": question.text,
        "required": question.name in page.required,
        **_said(
            hint=question.hint,
            asked_when={reveal.parent: reveal.option} if reveal else None,
            options=[_option(question, option) for option in question.options] or None,
            exclusive_options=sorted(question.exclusive) or None,
            limits=_limits(question.schema) or None,
        ),
    }


def _option(question: Question, option: Option) -> dict[str, Any]:
    # A page's tick box sends "yes"; the answer that a document holds is true.
    value = True if question.type == "declaration" else option.value
    return {"value": value, "label": option.label, **_said(hint=option.hint)}


def _limits(schema: Mapping[str, Any]) -> dict[str, Any]:
    limits = {key: schema[key] for key in _LIMITS if key in schema}
    if schema.get("x-not-future"):
        limits["not_future"] = True
    return limits


def _in_words_of(partnership: Partnership, stream: str, value: Any) -> Any:
    """The value with the partnership's names in every text, as the pages show it."""
    if isinstance(value, str):
        return in_words_of(partnership, stream, value)
    if isinstance(value, Mapping):
        return {key: _in_words_of(partnership, stream, part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_in_words_of(partnership, stream, part) for part in value]
    return value


def _said(**parts: Any) -> dict[str, Any]:
    return {key: value for key, value in parts.items() if value is not None}
