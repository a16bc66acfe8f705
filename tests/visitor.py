"""A browser without JavaScript, in process: keeps cookies, follows redirects, fills forms in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit

from lxml import html as markup
from lxml.etree import _Element as Element

from chalicelib.bootstrap import Services
from chalicelib.web.http import Request, Response
from chalicelib.web.routes import respond

Answer = str | Sequence[str]


@dataclass
class Page:
    """One page as its reader finds it."""

    status: int
    path: str
    html: str
    tree: Element

    @property
    def title(self) -> str:
        return self.text_of("title")

    @property
    def heading(self) -> str:
        return self.text_of("h1")

    @property
    def errors(self) -> list[str]:
        """The messages of the error summary, in order."""
        return [text_in(link) for link in self._summary_links()]

    @property
    def error_targets(self) -> list[str]:
        return [link.get("href", "") for link in self._summary_links()]

    @property
    def text(self) -> str:
        body = self.tree.find("body")
        return text_in(body) if body is not None else ""

    @property
    def links(self) -> dict[str, str]:
        return {text_in(link): link.get("href", "") for link in self.tree.iter("a")}

    def text_of(self, tag: str) -> str:
        found = next(self.tree.iter(tag), None)
        return text_in(found) if found is not None else ""

    def ids(self) -> set[str]:
        return {element.get("id", "") for element in self.tree.iter()}

    def fields(self) -> dict[str, list[str]]:
        """What the page's main form would send as it stands: hidden fields and kept answers."""
        sent: dict[str, list[str]] = {}
        for name, value in _controls(self.main_form()):
            sent.setdefault(name, []).append(value)
        return sent

    def names(self) -> set[str]:
        """Every control of the page's main form."""
        form = self.main_form()
        tags = ("input", "textarea", "select")
        return {element.get("name", "") for tag in tags for element in form.iter(tag)} - {""}

    def main_form(self) -> Element:
        main = next(self.tree.iter("main"))
        form = next(main.iter("form"), None)
        assert form is not None, f"{self.path} has no form: {self.title}"
        return form

    def _summary_links(self) -> Iterator[Element]:
        for element in self.tree.iter("div"):
            if "govuk-error-summary" in element.get("class", "").split():
                yield from element.iter("a")


@dataclass
class Visitor:
    services: Services
    cookies: dict[str, str] = field(default_factory=dict)
    page: Page | None = None

    def get(self, path: str) -> Page:
        return self._follow(self.send("GET", path))

    def post(self, path: str, fields: Mapping[str, Answer]) -> Page:
        body = urlencode(dict(fields), doseq=True)
        return self._follow(self.send("POST", path, body.encode()))

    def fill(self, **answers: Answer) -> Page:
        """Fills the page now open in and continues. Parts of a question: date_of_death__day."""
        assert self.page is not None
        fields: dict[str, Answer] = dict(self.page.fields())
        fields |= {name.replace("__", "-"): value for name, value in answers.items()}
        unknown = {name.replace("__", "-") for name in answers} - self.page.names()
        assert not unknown, f"{self.page.path} does not ask {unknown}"
        action = self.page.main_form().get("action") or self.page.path
        return self.post(action, fields)

    def go_on(self, until: str, answers: Mapping[str, Answer], most: int = 120) -> Page:
        """Continues page after page, answering what `answers` has, until a path ends in `until`."""
        for _ in range(most):
            assert self.page is not None
            assert not self.page.errors, f"{self.page.path}: {self.page.errors}"
            if self.page.path.partition("?")[0].endswith(until):
                return self.page
            known = {name: answers[name] for name in self.page.names() if name in answers}
            if "add_another" in self.page.names():
                known.setdefault("add_another", "no")
            self.fill(**known)
        raise AssertionError(f"{until} was not reached in {most} pages")

    def send(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        parts = urlsplit(path)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        given = {"content-type": "application/x-www-form-urlencoded", "host": "localhost:8000"}
        request = Request(
            method=method,
            path=parts.path,
            headers={**given, **(headers or {})},
            cookies=dict(self.cookies),
            body=body,
            query=query,
            secure=False,
        )
        response = respond(request, self.services)
        for cookie in response.cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        self._asked = path
        return response

    def _follow(self, response: Response) -> Page:
        hops = 0
        path = self._asked
        while response.status == 303:
            hops += 1
            assert hops < 6, f"redirects without end at {path}"
            path = response.headers["Location"]
            response = self.send("GET", path.partition("#")[0])
        tree = markup.document_fromstring(response.body)
        self.page = Page(response.status, path, response.body, tree)
        return self.page


def text_in(element: Element) -> str:
    return " ".join("".join(str(text) for text in element.itertext()).split())


def _controls(form: Element) -> Iterator[tuple[str, str]]:
    for element in form.iter():
        name = element.get("name")
        if not name or element.tag not in ("input", "textarea", "select"):
            continue
        kind = element.get("type", "text")
        if kind in ("radio", "checkbox"):
            if "checked" in element.attrib:
                yield name, element.get("value", "on")
        elif element.tag == "textarea":
            yield name, (element.text or "").removeprefix("\n")
        elif element.tag == "select":
            yield name, _chosen(element)
        else:
            yield name, element.get("value", "")


def _chosen(select: Element) -> str:
    for option in select.iter("option"):
        if "selected" in option.attrib:
            return option.get("value", "")
    return ""
