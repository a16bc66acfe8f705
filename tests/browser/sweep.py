"""Every page of a form, opened at once with a draft that has come as far as that page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

from chalicelib.forms.answers import with_page
from chalicelib.forms.definition import Form
from chalicelib.forms.definition import Page as FormPage
from chalicelib.forms.journey import Place, walk
from tests.browser.personas import all_personas, persona
from tests.browser.serving import Site

SWEPT = ("suffolk", "adult"), ("suffolk", "child"), ("salford", "child")


@dataclass(frozen=True)
class Stop:
    """One page of one form, and the answers with which it is reached."""

    site: Site
    form: Form
    place: Place
    document: Mapping[str, Any]

    @property
    def path(self) -> str:
        return f"/{self.form.name}/{self.place.url}"

    @property
    def definition(self) -> FormPage | None:
        """The page's definition; None for the list of a group."""
        group = self.form.group(self.place.group) if self.place.group else None
        if group is None:
            return self.form.page(self.place.page)
        return group.page(self.place.page) if self.place.item else None

    def open(self, page: Page, *, answered: bool) -> None:
        """Opens the page as its reader first finds it, or as one who comes back to it."""
        page.context.add_cookies([self.cookie(answered=answered)])
        page.goto(self.path)

    def cookie(self, *, answered: bool) -> Any:
        """A browser's cookie for the draft that leads here."""
        document = self.document
        if not answered and self.definition is not None:
            document = with_page(self.form, document, self.place, {})
        seen = frozenset(place.url for place in walk(self.form, self.document).places)
        return self.site.cookie_for(self.form, document, seen)


def stops(site: Site, name: str) -> Iterator[Stop]:
    """Each page of the form once, on the first persona's way that leads past it."""
    form = site.form(name)
    met: set[tuple[str | None, str]] = set()
    for who in all_personas():
        if who.form != name or who.partnership != site.services.partnership.id:
            continue
        document = who.document(form)
        for place in walk(form, document).places:
            key = (place.group if place.group else None, f"{place.page}-{bool(place.item)}")
            if key not in met:
                met.add(key)
                yield Stop(site, form, place, document)


def answered_draft(page: Page, site: Site, name: str) -> None:
    """Gives the browser a draft in which a persona has answered everything and sent nothing."""
    who = persona(name)
    form = site.form(who.form)
    document = who.document(form)
    seen = frozenset(place.url for place in walk(form, document).places)
    page.context.add_cookies([site.cookie_for(form, document, seen)])
