"""Every page is HTML without a fault: read strictly, and each reference leads somewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

import html5lib
import pytest

from tests.browser.hostile import boxes_of
from tests.browser.serving import Site
from tests.browser.sweep import Stop, stops
from tests.visitor import Page, Visitor, text_in

FORMS = ["adult", "child"]
AROUND = ("/", "/privacy", "/accessibility", "/resume", "/information", "/no-such-page")
REFERENCES = ("aria-describedby", "aria-labelledby", "aria-controls", "for")


def visited(stop: Stop) -> Visitor:
    visitor = Visitor(stop.site.services)
    cookie = stop.cookie(answered=True)
    visitor.cookies[cookie["name"]] = cookie["value"]
    return visitor


def pages_of(site: Site, name: str) -> Iterator[Page]:
    """Each page of a form as it is found, and refused when everything in it is wrong."""
    for stop in stops(site, name):
        visitor = visited(stop)
        yield visitor.get(stop.path)
        if stop.definition is not None and stop.definition.ask:
            questions = [stop.form.questions[question] for question in stop.definition.ask]
            wrong = {box: text for q in questions for box, text in boxes_of(q).items()}
            assert visitor.page is not None
            hidden = {n: v for n, v in visitor.page.fields().items() if n in ("csrf", "page_state")}
            yield visitor.post(stop.path, {**hidden, **wrong})


def pages_around(site: Site, name: str) -> Iterator[Page]:
    last = list(stops(site, name))[-1]
    visitor = visited(last)
    for path in (*AROUND, f"/{name}", f"/{name}/blank", f"/{name}/save"):
        yield visitor.get(path)
    yield visitor.get(f"/{name}/check-answers")
    yield visitor.fill()
    yield visitor.get(f"/{name}/copy")
    yield Visitor(site.services).get(f"/{name}/summary")


@pytest.fixture(scope="session", params=FORMS)
def pages(request: pytest.FixtureRequest, suffolk: Site) -> list[Page]:
    name: str = request.param
    return [*pages_of(suffolk, name), *pages_around(suffolk, name)]


def described(page: Page) -> str:
    return f"{page.path} ({page.status})"


def test_every_page_is_read_without_a_parse_error(pages: list[Page]) -> None:
    wrong = []
    for page in pages:
        parser = html5lib.HTMLParser()
        parser.parse(page.html)
        wrong += [f"{described(page)}: {code} {data}" for _, code, data in parser.errors]
    assert wrong == []


def test_no_id_stands_twice_on_a_page(pages: list[Page]) -> None:
    twice = []
    for page in pages:
        ids = Counter(element.get("id") for element in page.tree.iter() if element.get("id"))
        twice += [f"{described(page)}: {name}" for name, count in ids.items() if count > 1]
    assert twice == []


def test_every_reference_leads_to_an_element_of_the_page(pages: list[Page]) -> None:
    astray = []
    for page in pages:
        ids = page.ids()
        for element in page.tree.iter():
            for name in REFERENCES:
                named = (element.get(name) or "").split()
                astray += [f"{described(page)}: {name}={ref}" for ref in named if ref not in ids]
    assert astray == []


def test_nothing_in_a_page_needs_a_looser_content_policy(pages: list[Page]) -> None:
    inline = [
        f"{described(page)}: <{element.tag!s}> {name}"
        for page in pages
        for element in page.tree.iter()
        for name in map(str, element.attrib)
        if name == "style" or name.startswith("on")
    ]
    inline += [
        f"{described(page)}: <{element.tag!s}>"
        for page in pages
        for element in page.tree.iter()
        if element.tag in ("script", "style") and text_in(element)
    ]
    assert inline == []


def test_headings_never_skip_a_level(pages: list[Page]) -> None:
    skipped = []
    for page in pages:
        level = 0
        for main in page.tree.iter("main"):
            for element in main.iter():
                if element.tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
                    here = int(element.tag[1])
                    if level and here > level + 1:
                        skipped.append(f"{described(page)}: {text_in(element)}")
                    level = here
    assert skipped == []


def test_titles_tell_pages_apart(pages: list[Page]) -> None:
    found = [page for page in pages if page.status == 200]
    titles = Counter(page.title for page in found)
    paths = {
        title: {urlsplit(page.path).path for page in found if page.title == title}
        for title in titles
    }
    assert {title: where for title, where in paths.items() if len(where) > 1} == {}
