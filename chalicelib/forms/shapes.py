"""The shape of definition files: which keys there are, and what kind of value each holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from chalicelib.forms.definition import Finding
from chalicelib.forms.source import Node

Shape = Callable[[Node], Iterable[Finding]]

QUESTION_NAME = re.compile(r"[a-z][a-z0-9_]*")
PAGE_ID = re.compile(r"[a-z][a-z0-9-]*")
RESERVED_IDS = frozenset(
    ("check-answers", "confirmation", "copy", "save", "remove", "add", "start")
)
RESERVED_NAMES = frozenset(("all", "any", "not"))


def text(node: Node) -> Iterable[Finding]:
    """A text that is not blank."""
    if not isinstance(node.value, str) or not node.value.strip():
        yield node.finding("a text is needed here", "Write a text that is not blank")


def flag(node: Node) -> Iterable[Finding]:
    """True or false."""
    if not isinstance(node.value, bool):
        yield node.finding("true or false is needed here", "Write true or false without quotes")


def anything(_: Node) -> Iterable[Finding]:
    """Looked at later, or of no concern."""
    return ()


def objects(node: Node) -> Iterable[Finding]:
    """Any object."""
    if not isinstance(node.value, dict):
        yield node.finding("an object is needed here", 'Write {"name": ...}')


def named(pattern: re.Pattern[str], reserved: Iterable[str]) -> Shape:
    """A text that can serve as a name."""

    def check(node: Node) -> Iterable[Finding]:
        if not isinstance(node.value, str) or not pattern.fullmatch(node.value):
            yield node.finding(f"{node.value!r} cannot be a name", f"Match ^{pattern.pattern}$")
        elif node.value in reserved:
            yield node.finding(f'"{node.value}" is reserved', "Choose another name")

    return check


def listed(shape: Shape) -> Shape:
    """An array of one kind of value."""

    def check(node: Node) -> Iterable[Finding]:
        if not isinstance(node.value, list):
            yield node.finding("a list is needed here", "Write [...]")
            return
        for child in node.each():
            yield from shape(child)

    return check


def mapped(shape: Shape, names: Shape | None = None) -> Shape:
    """An object whose keys are free, or match `names`, and whose values are of one kind."""

    def check(node: Node) -> Iterable[Finding]:
        if not isinstance(node.value, dict):
            yield node.finding("an object is needed here", 'Write {"name": ...}')
            return
        for key, child in node.members():
            if names is not None:
                yield from names(Node(child.file, child.pointer, key))
            yield from shape(child)

    return check


def keyed(known: Mapping[str, Shape], needed: Iterable[str] = ()) -> Shape:
    """An object with these keys and no others."""

    def check(node: Node) -> Iterable[Finding]:
        if not isinstance(node.value, dict):
            yield node.finding("an object is needed here", 'Write {"name": ...}')
            return
        for key, child in node.members():
            if key in known:
                yield from known[key](child)
            else:
                yield child.finding(f'the key "{key}" is not known here', nearest(key, known))
        for key in needed:
            if key not in node.value:
                yield node.finding(f'the key "{key}" is missing', f'Add "{key}"')

    return check


def either(*shapes: Shape) -> Shape:
    """The first shape that fits; what the last one finds when none does."""

    def check(node: Node) -> Iterable[Finding]:
        found: list[Finding] = []
        for shape in shapes:
            found = list(shape(node))
            if not found:
                return []
        return found

    return check


def nearest(word: str, known: Iterable[str]) -> str:
    """A remedy for a name that is not known."""
    import difflib  # slow to import, and needed only where something is wrong

    close = difflib.get_close_matches(word, list(known), n=1)
    if close:
        return f'Perhaps "{close[0]}" is meant'
    return f"Remove it, or use one of: {', '.join(sorted(known)) or '(none)'}"


def yes(node: Node) -> Iterable[Finding]:
    """The value true."""
    if node.value is not True:
        yield node.finding("true or a list of questions is needed here", "Write true or [...]")


question_name = named(QUESTION_NAME, RESERVED_NAMES)
page_id = named(PAGE_ID, RESERVED_IDS)
_some = either(yes, listed(text))

PAGE: Mapping[str, Shape] = {
    "id": page_id,
    "section": text,
    "ask": listed(question_name),
    "optional": _some,
    "if_known": _some,
    "when": objects,
    "reveal": mapped(mapped(text)),
    "exit": flag,
}
_inner = {key: PAGE[key] for key in PAGE if key not in ("section", "exit")}
_group = {key: PAGE[key] for key in ("id", "section", "when", "ask", "optional", "if_known")} | {
    "reveal": PAGE["reveal"],
    "each": question_name,
    "pages": listed(keyed(_inner, ["id"])),
}
_use = keyed({"use": text}, ["use"])
_slot = keyed({"slot": page_id}, ["slot"])


def step(node: Node) -> Iterable[Finding]:
    """A page, a group, a set of pages to use, or a slot."""
    if node.has("use"):
        return _use(node)
    if node.has("slot"):
        return _slot(node)
    if node.has("each"):
        return keyed(_group, ["id", "section"])(node)
    return keyed(PAGE, ["id", "section"])(node)


def page_or_group(node: Node) -> Iterable[Finding]:
    """A step that needs no further looking up."""
    return keyed(_group if node.has("each") else PAGE, ["id", "section"])(node)


_option = either(text, keyed({"label": text, "hint": text}, ["label"]))
_texts = mapped(text)
_question_text = keyed(
    {"question": text, "noun": text, "row": text, "hint": text}
    | {"options": mapped(_option), "errors": _texts, "warnings": _texts}
)
_group_text = keyed(
    {"title": text, "item": text, "add": text, "empty": text, "guidance": text}
    | {"item_name": listed(text), "errors": _texts}
)
_language: dict[str, Shape] = {
    "form": _texts,
    "sections": _texts,
    "pages": mapped(keyed({"title": text, "guidance": text})),
    "groups": mapped(_group_text),
    "questions": mapped(_question_text),
}
_shared = _language | {"errors": mapped(_texts), "warnings": mapped(_texts), "words": _texts}
_properties = mapped(objects, question_name)
_schema = {"type": anything, "properties": _properties, "$defs": mapped(objects)}

FORM = keyed(
    {
        "form": page_id,
        "stream": text,
        "roles": _texts,
        "statistics": mapped(text, question_name),
        "schema": keyed(_schema, ["properties"]),
        "pages": listed(step),
        "text": mapped(keyed(_language)),
        "$comment": anything,
    },
    ["form", "stream", "roles", "schema", "pages", "text"],
)
COMMON = keyed(
    {
        "$defs": mapped(objects),
        "schema": keyed(_schema, ["properties"]),
        "page_sets": mapped(listed(page_or_group)),
        "text": mapped(keyed(_shared)),
        "$comment": anything,
    },
    ["schema", "text"],
)
OVERLAY = keyed(
    {
        "pages": mapped(listed(page_or_group)),
        "schema": keyed({"properties": _properties}),
        "tighten": mapped(objects),
        "text": mapped(keyed(_language)),
        "$comment": anything,
    }
)
