"""A form from its canonical document: what was compiled, in one language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.forms.definition import Form, Group, Option, Page, Question, Reveal
from chalicelib.forms.problems import capitalised

ONE_PAGE = "details"
"""The id of the page of a group that has only one."""
_NO_TEXT: Mapping[str, Any] = {"options": {}, "errors": {}, "warnings": {}}


def build_form(document: Mapping[str, Any], version: str, language: str) -> Form:
    """The form in one language. Raises KeyError when the document has no texts in it."""
    text = document["text"][language]
    return Form(
        name=document["form"],
        stream=document["stream"],
        version=version,
        roles=document["roles"],
        steps=tuple(_step(step, text) for step in document["steps"]),
        questions={
            name: build_question(name, question, text["questions"][name], text["words"])
            for name, question in document["questions"].items()
        },
        sections=text["sections"],
        text=text["form"],
        wording={"errors": text["errors"], "words": text["words"]},
        language=language,
        document=document,
        # Kept documents of earlier versions have none.
        statistics=document.get("statistics", {}),
    )


def build_question(
    name: str, question: Mapping[str, Any], text: Mapping[str, Any], words: Mapping[str, str]
) -> Question:
    """One question with its texts."""
    noun = text.get("noun", "")
    return Question(
        name=name,
        type=question["type"],
        schema=question["schema"],
        text=text.get("question", ""),
        noun=noun,
        row=text.get("row") or capitalised(noun),
        hint=text.get("hint"),
        options=tuple(
            Option(value, option["label"], option.get("hint"))
            for value, option in text["options"].items()
        ),
        exclusive=frozenset(question["exclusive"]),
        errors=text["errors"],
        warnings=text["warnings"],
        words=words,
    )


def bare_question(question: Mapping[str, Any]) -> Question:
    """A compiled question without texts, to ask its type about it."""
    return build_question("", question, _NO_TEXT, {})


def _step(step: Mapping[str, Any], text: Mapping[str, Any]) -> Page | Group:
    if "each" not in step:
        return _page(step, text["pages"].get(step["id"], {}), step["section"])
    group = text["groups"][step["id"]]
    pages = tuple(_inner_page(page, step, text) for page in step["pages"])
    return Group(
        id=step["id"],
        section=step["section"],
        each=step["each"],
        pages=pages,
        min_items=step["min_items"],
        max_items=step["max_items"],
        when=step["when"],
        title=group["title"],
        item=group["item"],
        item_name=tuple(group.get("item_name", ())),
        add=group["add"],
        empty=group["empty"],
        guidance=group.get("guidance"),
        errors=group["errors"],
    )


def _inner_page(page: Mapping[str, Any], step: Mapping[str, Any], text: Mapping[str, Any]) -> Page:
    """A page of a group. The only page of a group may have its texts under the group's id."""
    if page["id"] != ONE_PAGE:
        return _page(page, text["pages"].get(page["id"], {}), step["section"])
    titled = {"title": text["groups"][step["id"]]["item"]} if len(page["ask"]) > 1 else {}
    return _page(page, {**titled, **text["pages"].get(step["id"], {})}, step["section"])


def _page(page: Mapping[str, Any], text: Mapping[str, Any], section: str) -> Page:
    return Page(
        id=page["id"],
        section=section,
        title=text.get("title"),
        guidance=text.get("guidance"),
        ask=tuple(page["ask"]),
        optional=frozenset(page["optional"]),
        if_known=frozenset(page["if_known"]),
        reveal={child: Reveal(*pair) for child, pair in page["reveal"].items()},
        when=page["when"],
        exit=page.get("exit", False),
    )
