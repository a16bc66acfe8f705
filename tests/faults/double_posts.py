"""The send button of each journey is pressed many times at once, from as many threads."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from time import perf_counter
from urllib.parse import urlencode

from lxml.html import document_fromstring

from tests.faults.figures import Figures
from tests.faults.people import Browser, reference_on
from tests.faults.world import Wires, World, new_world, silence
from tests.visitor import Answer, Page, Visitor

CHECK = "/adult/check-answers"
_MOST_PRESSES = 20


@dataclass(frozen=True)
class Journey:
    """One person's filled-in form: the cookie, and what the page would post."""

    token_id: str
    cookies: Mapping[str, str]
    fields: Mapping[str, Answer]


def double_posts(url: str, *, journeys: int, posts_each: int) -> Figures:
    """Figures of `journeys` that are each sent `posts_each` times at once."""
    figures = Figures("Double posts at once, on DynamoDB Local")
    with silence():
        world = new_world(Wires.as_deployed(url))
        began = [_begin(world) for _ in range(journeys)]
        started = perf_counter()
        # All presses of two journeys run at the same time, and begin together.
        with ThreadPoolExecutor(2 * posts_each) as pool:
            gates = [Barrier(posts_each) for _ in began]
            presses = [
                pool.submit(_press, world, journey, gate)
                for journey, gate in zip(began, gates, strict=True)
                for _ in range(posts_each)
            ]
            seen = [press.result() for press in presses]
        seconds = perf_counter() - started
        tokens, references = world.store.tokens(), world.store.references()
    for token_id, reference, _ in seen:
        if tokens.get(token_id) != reference:
            figures.problems.append(f"{token_id[:8]} was shown {reference}: another is stored")
    if not len(references) == len(tokens) == journeys:
        figures.problems.append(f"{len(references)} referrals of {journeys} journeys")
    figures.add(
        posts=len(seen),
        journeys=journeys,
        referrals=len(references),
        references_shown=len({reference for _, reference, _ in seen}),
        told_busy=sum(busy for _, _, busy in seen),
        posts_a_second=round(len(seen) / seconds),
    )
    return figures


def _begin(world: World) -> Journey:
    browser = Browser(world)
    token_id = browser.take_draft()
    fields = browser.open(CHECK).fields()
    return Journey(token_id, dict(browser.visitor.cookies), fields)


def _press(world: World, journey: Journey, gate: Barrier) -> tuple[str, str, int]:
    """The token, the reference that was shown, and how often the service said that it is busy."""
    visitor = Visitor(world.services, dict(journey.cookies))
    body = urlencode(dict(journey.fields), doseq=True).encode()
    gate.wait(60)
    busy = 0
    while busy < _MOST_PRESSES:
        method, path = "POST", CHECK
        response = visitor.send(method, path, body)
        while response.status == 303:
            path = response.headers["Location"].partition("#")[0]
            response = visitor.send("GET", path)
        if response.status < 500:
            page = Page(response.status, path, response.body, document_fromstring(response.body))
            return journey.token_id, reference_on(page), busy
        busy += 1
    raise AssertionError(f"{journey.token_id[:8]} was never sent")
