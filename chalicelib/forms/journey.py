"""The journey: from a form and answers to the pages that are asked, in order, and what comes next.

A condition sees only answers that are on the path themselves, so an answer that is no longer asked
has no effect, and nothing that depends on it has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from chalicelib.forms.conditions import holds
from chalicelib.forms.definition import Form, Group, Page
from chalicelib.forms.places import (
    Place,
    list_place,
    page_at,
    place_from_url,
    seen_without_item,
)
from chalicelib.forms.questions import question_type

__all__ = [
    "Dropped",
    "Path",
    "Place",
    "asked",
    "list_place",
    "page_at",
    "place_from_url",
    "seen_without_item",
    "walk",
]


@dataclass(frozen=True)
class Dropped:
    """An answer that is no longer asked for; `item` is numbered from 1, `value` is for reading."""

    name: str
    item: int | None
    question: str
    value: str


@dataclass(frozen=True)
class Path:
    """The pages that one set of answers leads through, and the answers that belong to them."""

    form: Form
    places: tuple[Place, ...]
    answers: dict[str, Any]
    dropped: tuple[Dropped, ...]
    exit: Place | None
    unfinished: frozenset[Place]
    """The places that still lack an answer that must be given, or an item that must be added."""

    def reachable(self, place: Place, seen: frozenset[str]) -> bool:
        """May the person be on this page: is everything that comes before it done?

        Within a group, other items do not count, and the list page needs only the first item when
        one must be given: an unfinished item can always be left, finished or removed from there.
        """
        return place in self._set and all(self.done(one, seen) for one in self._before(place))

    def done(self, place: Place, seen: frozenset[str]) -> bool:
        """Has the person continued past this page, with everything on it that must be given?"""
        return place.url in seen and place not in self.unfinished

    def first_unfinished(self, seen: frozenset[str]) -> Place | None:
        """The first page that is not done; None when the answers can be checked and sent."""
        return next(
            (one for one in self.places if one == self.exit or not self.done(one, seen)), None
        )

    def next(self, place: Place) -> Place | None:
        """The page after this one; None after the last. After an item comes the list page."""
        if place not in self._set or place == self.exit:
            return None
        mates = self._item_pages(place)
        if mates and place != mates[-1]:
            return mates[mates.index(place) + 1]
        if mates:
            return list_place(place)
        following = self.places[self.places.index(place) + 1 :]
        coming = next(iter(following), None)
        if coming is None or coming.group is None:
            return coming
        group = self.form.group(coming.group)
        has_items = group is not None and group.each in self.answers
        return list_place(coming) if has_items else coming

    def previous(self, place: Place) -> Place | None:
        """The page that "Back" leads to; None before the first.

        From an item it leads to the list page, from there to the page before the group, so that
        going back never runs in a circle.
        """
        if place not in self._set:
            return None
        mates = self._item_pages(place)
        if mates and place != mates[0]:
            return mates[mates.index(place) - 1]
        if mates and not (place.item == 1 and self._first_is_opened(place)):
            return list_place(place)
        at = self.places.index(place)
        if place.group is not None:
            at = next(n for n, one in enumerate(self.places) if one.group == place.group)
        if at == 0:
            return None
        before = self.places[at - 1]
        return before

    @cached_property
    def _set(self) -> frozenset[Place]:
        return frozenset(self.places)

    def _item_pages(self, place: Place) -> list[Place]:
        if place.item is None:
            return []
        same = (place.group, place.item)
        return [one for one in self.places if (one.group, one.item) == same]

    def _first_is_opened(self, place: Place) -> bool:
        group = self.form.group(place.group or "")
        return group is not None and group.min_items > 0

    def _before(self, place: Place) -> Iterator[Place]:
        for one in self.places:
            if one == place:
                return
            if place.group is None or one.group != place.group:
                yield one
            elif place.item is not None:
                if one.item == place.item:
                    yield one
            elif one.item == 1 and self._first_is_opened(one):
                yield one


def asked(
    form: Form,  # noqa: ARG001 - every function of a journey takes the form first
    page: Page,
    answers: Mapping[str, Any],
    item: Mapping[str, Any] | None = None,
) -> tuple[str, ...]:
    """The questions of a page that are asked given its other answers: reveals are considered.

    `item` holds the answers of the item when the page is in a group.
    """
    given = item if item is not None else answers
    return tuple(name for name in page.ask if _revealed(page, name, given))


def _revealed(page: Page, name: str, given: Mapping[str, Any]) -> bool:
    reveal = page.reveal.get(name)
    return reveal is None or holds({reveal.parent: reveal.option}, given)


def walk(form: Form, answers: Mapping[str, Any]) -> Path:
    """The path of a set of answers. Answers of the wrong JSON type count as no answers."""
    walker = _Walker(form, answers)
    for step in form.steps:
        if isinstance(step, Group):
            walker.group(step)
        elif walker.page(step):
            break
    return walker.path()


class _Walker:
    """Collects a path step by step; the only state of a walk."""

    def __init__(self, form: Form, answers: Mapping[str, Any]) -> None:
        self.form = form
        self.given = answers
        self.kept: dict[str, Any] = {}
        self.places: list[Place] = []
        self.unfinished: set[Place] = set()
        self.exit: Place | None = None

    def page(self, page: Page) -> bool:
        """Walk one page; True when it is an exit."""
        if not holds(page.when, self.kept):
            return False
        place = Place(page.id)
        self.places.append(place)
        self._answers(page, place, self.given, self.kept)
        if page.exit:
            self.exit = place
        return page.exit

    def group(self, group: Group) -> None:
        """Walk the pages of every item, then the list page."""
        if not holds(group.when, self.kept):
            return
        given = self.given.get(group.each)
        items = [one if isinstance(one, Mapping) else {} for one in _items(given)]
        opened = items or [{}] * min(group.min_items, 1)
        kept = [self._item(group, number, item) for number, item in enumerate(opened, 1)]
        if items:
            self.kept[group.each] = kept
        place = Place(group.id, group.id)
        self.places.append(place)
        if not group.min_items <= len(items) <= group.max_items:
            self.unfinished.add(place)

    def _item(self, group: Group, number: int, item: Mapping[str, Any]) -> dict[str, Any]:
        kept: dict[str, Any] = {}
        for page in group.pages:
            if holds(page.when, {**self.kept, **kept}):
                place = Place(page.id, group.id, number)
                self.places.append(place)
                self._answers(page, place, item, kept)
        return kept

    def _answers(
        self, page: Page, place: Place, given: Mapping[str, Any], kept: dict[str, Any]
    ) -> None:
        for name in page.ask:
            if not _revealed(page, name, kept):
                continue
            if name in given:
                kept[name] = given[name]
            elif name in page.required:
                self.unfinished.add(place)

    def path(self) -> Path:
        """The finished path."""
        return Path(
            form=self.form,
            places=tuple(self.places),
            answers=self.kept,
            dropped=tuple(_dropped(self.form, self.given, self.kept)),
            exit=self.exit,
            unfinished=frozenset(self.unfinished),
        )


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _dropped(form: Form, given: Mapping[str, Any], kept: Mapping[str, Any]) -> Iterator[Dropped]:
    for step in form.steps:
        if not isinstance(step, Group):
            yield from _dropped_here(form, step.ask, None, given, kept)
            continue
        left = _items(kept.get(step.each))
        for number, item in enumerate(_items(given.get(step.each)), 1):
            still = left[number - 1] if number <= len(left) else {}
            if isinstance(item, Mapping):
                yield from _dropped_here(form, step.ask, number, item, still)


def _dropped_here(
    form: Form,
    names: tuple[str, ...],
    item: int | None,
    given: Mapping[str, Any],
    kept: Mapping[str, Any],
) -> Iterator[Dropped]:
    for name in names:
        if name in given and name not in kept:
            question = form.questions[name]
            shown = ", ".join(question_type(question).summary(question, given[name]))
            yield Dropped(name, item, question.text, shown)
