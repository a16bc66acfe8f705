"""What an answer tells of a person, by its question: `x-discloses` in the question's schema.

A redacted pack goes by it. What nobody marked is shown with the words hidden that other answers
are known by; a question whose type alone says what it is needs no mark; a local question without
a mark is withheld, since nobody here knows what it asks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from chalicelib.forms.definition import Finding
from chalicelib.forms.shapes import nearest
from chalicelib.forms.source import Node

KEYWORD = "x-discloses"
LOCAL = "local_"


class Discloses(StrEnum):
    """`name`: what somebody is called. `contact`: where or how somebody is found. `identifier`: a
    number or a description that is one person's. `born`: when somebody was born. `source`: who
    told, or who is held responsible. `nothing`: no more than any other text, of a local question.
    """

    NAME = "name"
    CONTACT = "contact"
    IDENTIFIER = "identifier"
    BORN = "born"
    SOURCE = "source"
    NOTHING = "nothing"


_BY_TYPE: Mapping[str, Discloses] = {
    "address": Discloses.CONTACT,
    "email": Discloses.CONTACT,
    "phone": Discloses.CONTACT,
    "nhs_number": Discloses.IDENTIFIER,
}
_TYPED = frozenset({"text", "textarea"})
_DATES = frozenset({"date", "approximate_date"})


def discloses(kind: str, schema: Mapping[str, Any]) -> Discloses | None:
    """What a question of this type and schema discloses; None when it is not marked."""
    mark = next((one for one in Discloses if one == schema.get(KEYWORD)), None)
    return mark or _BY_TYPE.get(kind)


def is_withheld(name: str, mark: Discloses | None) -> bool:
    """Whether the answer stays out of a pack altogether."""
    if mark is None:
        return name.startswith(LOCAL)
    return mark in (Discloses.CONTACT, Discloses.IDENTIFIER, Discloses.SOURCE)


def mark_findings(node: Node, kind: str) -> Iterator[Finding]:
    """What is wrong with the mark of a question's schema."""
    at = node.at(KEYWORD)
    known = [mark.value for mark in Discloses]
    if at.value not in known:
        remedy = nearest(at.value, known) if isinstance(at.value, str) else f"Use one of: {known}"
        yield at.finding(f"{at.value!r} is nothing that an answer discloses", remedy)
        return
    implied = _BY_TYPE.get(kind)
    if implied is not None and at.value != implied:
        remedy = f'Write "{implied}", or leave it out'
        yield at.finding(f'a question of type {kind} always discloses "{implied}"', remedy)
    elif at.value == Discloses.NAME and kind not in _TYPED:
        yield at.finding(f"a question of type {kind} asks for no name", "Remove the mark")
    elif at.value == Discloses.BORN and kind not in _TYPED | _DATES:
        yield at.finding(f"a question of type {kind} asks for no birth", "Remove the mark")
