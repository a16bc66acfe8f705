"""Who presses buttons: a person in a browser, an agency's system, staff at a command.

Whoever does not see that it worked does the same again a minute later, as people do.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

from lxml.html import document_fromstring

from chalicelib.use_cases.keep_draft import draft_id, new_token, start_draft
from chalicelib.web.http import Response
from tests.faults.clock import Died
from tests.faults.limits import function_timeout
from tests.faults.world import World
from tests.unit.use_cases.instance import ANSWERS
from tests.visitor import Answer, Page, Visitor

PATIENCE = 12
_REFERENCE = re.compile(r"SUF-[A-Z0-9]{4}-[A-Z0-9]{4}")
# What API Gateway answers when the function behind it died.
_NO_ANSWER = Response(502, '{"message": "Internal server error"}', "application/json")
_BROKEN = Response(500, "")
Value = TypeVar("Value")


class GaveUp(AssertionError):
    """It never worked, however often it was tried."""


@dataclass
class Browser:
    """One person's browser.

    `seen` counts the answers that were errors, by status, and `textless` those of our own pages
    that did not give back what had been typed.
    """

    world: World
    seen: Counter[int] = field(default_factory=Counter)
    textless: int = 0
    visitor: Visitor = field(init=False)

    def __post_init__(self) -> None:
        self.visitor = Visitor(self.world.services)

    def open(self, path: str) -> Page:
        """A page, asked for until it comes."""
        return self._pressed("GET", path)

    def send(self, path: str, fields: Mapping[str, Answer]) -> Page:
        """What a form posts, posted until it is answered; then the page that it leads to."""
        return self._pressed("POST", path, urlencode(dict(fields), doseq=True).encode())

    def go_on(self, page: Page, **answers: Answer) -> Page:
        """Continue from a page of questions, until another page is there."""
        following = page
        for _ in range(PATIENCE):
            following = self.send(page.path, {**following.fields(), **answers})
            if following.path != page.path:
                return following
        raise GaveUp(page.path)

    def _pressed(self, method: str, path: str, body: bytes = b"") -> Page:
        response = self._until_answered(method, path, body)
        while response.status == 303:
            path = response.headers["Location"].partition("#")[0]
            response = self._until_answered("GET", path)
        return Page(response.status, path, response.body, document_fromstring(response.body))

    def _until_answered(self, method: str, path: str, body: bytes = b"") -> Response:
        for _ in range(PATIENCE):
            response = self._asked(method, path, body)
            if response.status < 500:
                return response
            self.seen[response.status] += 1
            self.textless += response.status == 503 and not _gives_back(response, body)
            self.world.settle(minutes=1)
        raise GaveUp(str(self.seen))

    def fill_in(self, form: str, answers: Mapping[str, Answer]) -> None:
        """Answer every page of a form, from the first to the list of answers."""
        page = self.open(f"/{form}/immediate-danger")
        while not page.path.partition("?")[0].endswith("/check-answers"):
            known = {name: answers[name] for name in page.names() if name in answers}
            if "add_another" in page.names():
                known.setdefault("add_another", "no")
            page = self.go_on(page, **known)

    def _asked(self, method: str, path: str, body: bytes) -> Response:
        self.visitor.services = self.world.services
        return through_gateway(self.world, lambda: self.visitor.send(method, path, body))

    def take_draft(self, form: str = "adult") -> str:
        """Have a draft with every page answered; its submission token's id."""
        token = new_token()
        definition = self.world.services.forms[form]
        places = {place.url for place in places_of(self.world, form)}
        start_draft(self.world.services, definition, ANSWERS[form], places, token=token)
        self.visitor.cookies[f"draft-{form}"] = token
        return draft_id(token)

    def notify(self, form: str = "adult") -> str:
        """Check the answers and send them, until a reference is shown. That is noted as shown."""
        token_id = draft_id(self.visitor.cookies[f"draft-{form}"])
        page = self.open(f"/{form}/check-answers")
        for _ in range(PATIENCE):
            if page.path.endswith("/confirmation"):
                break
            page = self.send(f"/{form}/check-answers", page.fields())
        reference = reference_on(page)
        self.world.shown[token_id] = reference
        return reference


def _gives_back(response: Response, body: bytes) -> bool:
    """Whether a page holds every text that was posted; ticks and hidden fields do not count."""
    typed = (value for _, value in parse_qsl(body.decode()) if " " in value)
    shown = unescape(response.body)
    return all(value in shown for value in typed)


def reference_on(page: Page) -> str:
    """The reference that a page shows."""
    found = _REFERENCE.search(page.text)
    assert found is not None, f"no reference on {page.path}: {page.title}"
    return found[0]


def places_of(world: World, form: str) -> Any:
    """Every page on the way through a complete form."""
    from chalicelib.forms.journey import walk

    return walk(world.services.forms[form], ANSWERS[form]).places


@dataclass
class Agency:
    """An agency's system that repeats a request with its key until it is told a reference."""

    world: World
    seen: Counter[int] = field(default_factory=Counter)

    def notify(self, key: str, form: str = "adult") -> str:
        body = json.dumps({"answers": ANSWERS[form]}).encode()
        headers = {"content-type": "application/json", "idempotency-key": key}
        for _ in range(PATIENCE):
            response = self._asked(form, body, headers)
            if response.status == 201:
                reference: str = json.loads(response.body)["reference"]
                self.world.shown[key_id(key)] = reference
                return reference
            self.seen[response.status] += 1
            self.world.settle(minutes=1)
        raise GaveUp(str(self.seen))

    def _asked(self, form: str, body: bytes, headers: Mapping[str, str]) -> Response:
        visitor = Visitor(self.world.services)
        path = f"/api/forms/{form}/referrals"
        return through_gateway(self.world, lambda: visitor.send("POST", path, body, headers))


def through_gateway(world: World, ask: Callable[[], Response]) -> Response:
    """What API Gateway answers when the function behind it answers, dies or raises."""
    timeout = function_timeout("APIHandler")
    try:
        with world.clock.ending_after(timeout):
            return ask()
    except Died:
        world.deaths += 1
        world.restart()
        return _NO_ANSWER
    except Exception:
        # The boundary in app.py makes a page of it: no fault of AWS should ever lead here.
        return _BROKEN


def key_id(key: str) -> str:
    """The submission token's id of an agency's key."""
    return hashlib.sha256(b"idempotency-key:" + key.encode()).hexdigest()


def staff(world: World, act: Callable[[], Value]) -> Value:
    """Something that staff do, until it is done. `act` reads `world.services` when it is called."""
    for _ in range(PATIENCE):
        try:
            return act()
        except (Exception, Died):
            world.restart()
            world.settle(minutes=1)
    raise GaveUp("staff")
