"""Places of a journey: a page, a page of one item of a group, or the page that lists the items."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.forms.definition import Form, Page


@dataclass(frozen=True, order=True)
class Place:
    """A page in a journey; in a group the page of one item (numbered from 1), or the list page."""

    page: str
    group: str | None = None
    item: int | None = None

    @property
    def url(self) -> str:
        """`your-details`, `adults` (the list page) or `adults/1/name`."""
        return self.page if self.item is None else f"{self.group}/{self.item}/{self.page}"


def list_place(place: Place) -> Place:
    """The list page of the group that a place is in."""
    return Place(place.group or place.page, place.group)


def place_from_url(form: Form, url: str) -> Place | None:
    """The place that a URL (below the form's own) names; None when the form has no such page."""
    parts = url.split("/")
    if len(parts) == 1:
        if form.group(url) is not None:
            return Place(url, url)
        known = any(page.id == url and group is None for page, group in form.pages())
        return Place(url) if known else None
    if len(parts) != 3:
        return None
    group = form.group(parts[0])
    number = parts[1]
    if group is None or group.page(parts[2]) is None or not number.isascii():
        return None
    if not number.isdigit() or number.startswith("0") or len(number) > 4:
        return None
    return Place(parts[2], group.id, int(number)) if int(number) <= group.max_items else None


def page_at(form: Form, place: Place) -> Page | None:
    """The page at a place; None for the list page of a group."""
    if place.group is None:
        page = form.page(place.page)
        return page if page is not None and form.group_of(place.page) is None else None
    group = form.group(place.group)
    return group.page(place.page) if group is not None and place.item is not None else None


def seen_without_item(seen: frozenset[str], group: str, item: int) -> frozenset[str]:
    """The pages that count as seen after an item was removed: the items after it move up."""
    return frozenset(url for url in (_moved(url, group, item) for url in seen) if url is not None)


def _moved(url: str, group: str, item: int) -> str | None:
    parts = url.split("/")
    if len(parts) != 3 or parts[0] != group or int(parts[1]) < item:
        return url
    return None if int(parts[1]) == item else f"{group}/{int(parts[1]) - 1}/{parts[2]}"
