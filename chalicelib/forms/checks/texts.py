"""Texts: nothing missing in any language, nothing left over, and messages that help."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib.forms.assemble import Assembly
from chalicelib.forms.build import bare_question
from chalicelib.forms.checks.conditions import authored_options
from chalicelib.forms.compile import limits_of, question_of, question_text, rules_of
from chalicelib.forms.definition import Finding
from chalicelib.forms.questions import TYPES, question_type
from chalicelib.forms.shapes import nearest
from chalicelib.forms.source import Node
from chalicelib.forms.words import ENGLISH, words_of

# https://design-system.service.gov.uk/components/error-message/ ("Be clear and concise").
UNHELPFUL = re.compile(
    r"\b(valid|invalid|please|sorry|oops|forbidden|illegal|prohibited|you forgot"
    r"|this field is required|answer the question|select an option(?! from))\b",
    re.IGNORECASE,
)
PLACES = frozenset({"noun", "Noun", "limit", "parts", "part", "option"})
"""What a message may have filled in: `{limit}` and the like."""


def text_findings(assembly: Assembly) -> Iterator[Finding]:
    """What is missing, left over or unhelpful in the texts of every language."""
    compiled = {name: question_of(*assembly.typed[name]) for name in assembly.typed}
    if not assembly.languages:
        yield assembly.form.at("text").finding("there is no language", 'Add "en"')
    for language in assembly.languages:
        text = assembly.text(language)
        yield from _form_findings(assembly, language, text)
        yield from _page_findings(assembly, language, text)
        for name, question in compiled.items():
            yield from _question_findings(assembly, language, text, name, question)
        yield from _left_over(assembly, language)
        for source in assembly.sources:
            yield from _message_findings(source.at("text", language))


def _form_findings(assembly: Assembly, language: str, text: Mapping[str, Any]) -> Iterator[Finding]:
    if "name" not in text.get("form", {}):
        at = assembly.form.at("text", language, "form")
        yield at.finding("the form has no name", 'Add "name"')
    for word in ENGLISH:
        if word not in words_of(language, text.get("words", {})):
            at = assembly.common.at("text", language, "words")
            yield at.finding(f'the word for "{ENGLISH[word]}" is missing', f'Add "{word}"')
    needed = {"unknown", "type", "characters"}
    if any(step.get("exit") for step in assembly.steps):
        needed |= {"exit"}
    for rule in sorted(needed - text.get("errors", {}).get("*", {}).keys()):
        at = assembly.common.at("text", language, "errors", "*")
        yield at.finding(f'no message for "{rule}" of a whole document', f'Add "{rule}"')


def _page_findings(assembly: Assembly, language: str, text: Mapping[str, Any]) -> Iterator[Finding]:
    for step in assembly.steps:
        if step.get("section") not in text.get("sections", {}):
            remedy = f'Add it under "text" "{language}" "sections"'
            yield step.at("section").finding(f'section "{step.get("section")}" has no name', remedy)
        if step.has("each"):
            yield from _group_findings(assembly, language, text, step)
    for page, group in assembly.pages:
        titled = "title" in text.get("pages", {}).get(page.get("id"), {})
        if len(page.get("ask", [])) != 1 and not titled and page != group:
            remedy = f'Add "title" under "text" "{language}" "pages" "{page.get("id")}"'
            yield page.finding(f'page "{page.get("id")}" has no title', remedy)


def _group_findings(
    assembly: Assembly, language: str, text: Mapping[str, Any], step: Node
) -> Iterator[Finding]:
    group = text.get("groups", {}).get(step.get("id"), {})
    at = assembly.text_node(language, "groups", step.get("id"))
    for key in ("title", "item", "add", "empty"):
        if key not in group:
            yield at.finding(f'group "{step.get("id")}" has no "{key}"', f'Add "{key}"')
    asked = [name for page in assembly.inner_pages(step) for name in page.get("ask", [])]
    for name in at.at("item_name").each():
        if name.value not in asked:
            yield name.finding(f'the group does not ask "{name.value}"', nearest(name.value, asked))
    array = assembly.array_of(step)
    needed = {"maxItems", "type", "not_asked"}
    if array is not None and limits_of(array)[0]:
        needed |= {"required", "minItems"}
    shared = text.get("errors", {})
    have = {**shared.get("*", {}), **shared.get("group", {}), **group.get("errors", {})}
    for rule in sorted(needed - have.keys()):
        where = assembly.common.at("text", language, "errors", "group")
        yield where.finding(f'no message for "{rule}" of a group', f'Add "{rule}"')


def _question_findings(
    assembly: Assembly,
    language: str,
    text: Mapping[str, Any],
    name: str,
    question: Mapping[str, Any],
) -> Iterator[Finding]:
    at = assembly.text_node(language, "questions", name)
    compiled = question_text(text, name, question)
    for key in ("question", "noun"):
        if key not in compiled:
            yield at.finding(f'"{name}" has no "{key}"', f'Add "{key}"')
    yield from _option_findings(assembly, at, name, compiled["options"])
    shown = bare_question(question)
    yield from _rule_findings(at, name, "errors", rules_of(shown), compiled)
    warnings = question_type(shown).warning_rules(shown)
    yield from _rule_findings(at, name, "warnings", warnings, compiled)


def _option_findings(
    assembly: Assembly, at: Node, name: str, options: Mapping[str, Mapping[str, str]]
) -> Iterator[Finding]:
    for value, option in options.items():
        if "label" not in option:
            remedy = f'Add "options" "{value}"'
            yield at.finding(f'option "{value}" of "{name}" has no label', remedy)
    if at.has("options"):
        known = [*options, *(str(one) for one in authored_options(assembly, name))]
        for value, node in at.at("options").members():
            if value not in known:
                yield node.finding(f'"{value}" is no option of "{name}"', nearest(value, known))


def _rule_findings(
    at: Node, name: str, kind: str, rules: frozenset[str], compiled: Mapping[str, Any]
) -> Iterator[Finding]:
    for rule in sorted(rules - compiled[kind].keys()):
        remedy = f'Add "{rule}" here, or for the type of question under "{kind}" of common.json'
        yield at.finding(f'no message for "{rule}" of "{name}"', remedy)
    for rule, node in at.at(kind).members() if at.has(kind) else ():
        if rule not in rules:
            yield node.finding(f'"{name}" can never fail "{rule}"', nearest(rule, rules))


def _left_over(assembly: Assembly, language: str) -> Iterator[Finding]:
    pages = {page.get("id") for page, _ in assembly.pages}
    groups = {step.get("id") for step in assembly.steps if step.has("each")}
    sections = {step.get("section") for step in assembly.steps}
    known = {"questions": set(assembly.asked), "pages": pages | groups, "groups": groups}
    for source in (assembly.form, assembly.overlay):
        for kind, names in {**known, "sections": sections}.items():
            for name, node in source.at("text", language, kind).members():
                if name not in names:
                    remedy = nearest(name, names)
                    yield node.finding(f'the form has no {kind[:-1]} "{name}"', remedy)


def _message_findings(text: Node) -> Iterator[Finding]:
    for kind in ("errors", "warnings"):
        for name, messages in text.at(kind).members():
            if name not in TYPES and name not in ("*", "group"):
                yield messages.finding(f'there is no question type "{name}"', nearest(name, TYPES))
            for _, message in messages.members():
                yield from _wording(message)
        for group in ("questions", "groups"):
            for _, texts in text.at(group).members():
                for _, message in texts.at(kind).members():
                    yield from _wording(message)


def _wording(message: Node) -> Iterator[Finding]:
    found = UNHELPFUL.search(message.value)
    if found:
        remedy = "Say what to do, in the words of the question"
        yield message.finding(f'"{found[0]}" does not help a person', remedy)
    try:
        places = {
            place for _, place, _, _ in string.Formatter().parse(message.value) if place is not None
        }
    except ValueError:
        yield message.finding("the braces do not match", "Write {noun}, {limit} and the like")
        return
    for place in sorted(places - PLACES):
        yield message.finding(f"{{{place}}} is never filled in", nearest(place, PLACES))
