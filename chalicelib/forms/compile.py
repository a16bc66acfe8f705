"""The canonical document of a form: JSON from which the form is rebuilt, and its version."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from chalicelib.forms.assemble import Assembly
from chalicelib.forms.build import ONE_PAGE, bare_question
from chalicelib.forms.definition import Question
from chalicelib.forms.questions import question_type
from chalicelib.forms.resolve import options_of
from chalicelib.forms.source import Node
from chalicelib.forms.words import words_of

MOST_ITEMS = 20
"""How many items a group without `maxItems` may have."""


def document_of(assembly: Assembly) -> dict[str, Any]:
    """The document of a form that was checked: everything that it is, in every language."""
    form = assembly.form
    questions = {name: question_of(*assembly.typed[name]) for name in assembly.asked}
    return {
        "form": form.get("form"),
        "stream": form.get("stream"),
        "roles": dict(form.get("roles")),
        "statistics": dict(form.get("statistics", {})),
        "steps": [_step(assembly, step) for step in assembly.steps],
        "questions": questions,
        "text": {
            language: _texts(assembly, language, questions) for language in assembly.languages
        },
    }


def version_of(document: Mapping[str, Any]) -> str:
    """The first 16 hex digits of the SHA-256 of the canonical JSON (sorted keys, UTF-8)."""
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def limits_of(array: Node) -> tuple[int, int]:
    """The least and the most items of a group."""
    return array.get("minItems", 0), array.get("maxItems", MOST_ITEMS)


def question_of(kind: str, typed: Mapping[str, Any]) -> dict[str, Any]:
    """One question of the document, without texts."""
    schema = dict(typed)
    options = options_of(schema, kind)
    alone = [value for value in schema.pop("x-exclusive", ()) if value in options]
    schema.pop("x-question", None)
    return {"type": kind, "schema": schema, "options": options, "exclusive": alone}


def _step(assembly: Assembly, step: Node) -> dict[str, Any]:
    if not step.has("each"):
        return _page(step, step.get("id")) | {"exit": step.get("exit", False)}
    array = assembly.array_of(step)
    least, most = limits_of(array) if array else (0, MOST_ITEMS)
    most = assembly.overlay.at("tighten").get(step.get("each"), {}).get("maxItems", most)
    alone = not step.has("pages")
    pages = [
        _page(page, ONE_PAGE if alone else page.get("id"))
        | ({"when": None} if alone else {})  # the condition is the group's
        for page in assembly.inner_pages(step)
    ]
    return {
        "id": step.get("id"),
        "section": step.get("section"),
        "each": step.get("each"),
        "min_items": least,
        "max_items": most,
        "when": step.get("when"),
        "pages": pages,
    }


def _page(page: Node, page_id: str) -> dict[str, Any]:
    ask = page.get("ask", [])
    lists = {
        key: sorted(ask if page.get(key) is True else page.get(key, []))
        for key in ("optional", "if_known")
    }
    reveal = {child: next(iter(parent.items())) for child, parent in page.get("reveal", {}).items()}
    return {
        "id": page_id,
        "section": page.get("section"),
        "ask": list(ask),
        **lists,
        "reveal": {child: list(pair) for child, pair in reveal.items()},
        "when": page.get("when"),
    }


def _texts(
    assembly: Assembly, language: str, questions: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    text = assembly.text(language)
    pages, groups = text.get("pages", {}), text.get("groups", {})
    shared = text.get("errors", {})
    steps = [step for step in assembly.steps if step.has("each")]
    shown = {page.get("id"): pages.get(page.get("id"), {}) for page, _ in assembly.pages}
    return {
        "form": text.get("form", {}),
        "sections": {
            step.get("section"): text.get("sections", {}).get(step.get("section"), "")
            for step in assembly.steps
        },
        "pages": shown,
        "groups": {
            step.get("id"): _group_text(groups.get(step.get("id"), {}), shared) for step in steps
        },
        "questions": {
            name: question_text(text, name, question) for name, question in questions.items()
        },
        "errors": shared.get("*", {}),
        "words": words_of(language, text.get("words", {})),
    }


def _group_text(authored: Mapping[str, Any], shared: Mapping[str, Any]) -> dict[str, Any]:
    defaults = {**shared.get("*", {}), **shared.get("group", {})}
    return {**authored, "errors": {**defaults, **authored.get("errors", {})}}


def question_text(
    text: Mapping[str, Any], name: str, question: Mapping[str, Any]
) -> dict[str, Any]:
    """All texts of one question: its own, its type's messages, the labels of its options."""
    authored = text.get("questions", {}).get(name, {})
    words = words_of("en", text.get("words", {})) if question["type"].startswith("yes_no") else {}
    labels = authored.get("options", {})
    statement = ["yes"] if labels and question["type"] == "declaration" else []
    shown = bare_question(question)
    errors = rules_of(shown)
    return {
        **{key: authored[key] for key in ("question", "noun", "row", "hint") if key in authored},
        "options": {
            value: _option(labels.get(value, words.get(value)))
            for value in question["options"] or statement
        },
        "errors": _messages(text, "errors", authored, question["type"], errors),
        "warnings": _messages(
            text, "warnings", authored, question["type"], question_type(shown).warning_rules(shown)
        ),
    }


def _option(label: Any) -> dict[str, Any]:
    if isinstance(label, dict):
        return label
    return {"label": label} if label is not None else {}


def _messages(
    text: Mapping[str, Any],
    kind: str,
    authored: Mapping[str, Any],
    of_type: str,
    rules: frozenset[str],
) -> dict[str, str]:
    """A message for each rule: the question's own, its type's, or the one for every type."""
    shared = text.get(kind, {})
    layers = (authored.get(kind, {}), shared.get(of_type, {}), shared.get("*", {}))
    return {
        rule: next(layer[rule] for layer in layers if rule in layer)
        for rule in sorted(rules)
        if any(rule in layer for layer in layers)
    }


def rules_of(question: Question) -> frozenset[str]:
    """The rules that a question can fail; an answer of several parts may have an unknown one."""
    composite = {"unknown"} if question.type in ("address", "approximate_date") else set()
    return question_type(question).rules(question) | composite
