"""What must be so of every service, seen from outside. Nothing here creates or changes anything."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from chalicelib.web.headers import ALWAYS
from infra.smoke.certificate import certificate_fault
from infra.smoke.health import Amiss, health_told, json_object
from infra.smoke.visit import Answer, NotReached, Site, is_local

HTML, JSON, PROBLEM = "text/html", "application/json", "application/problem+json"
HALF_A_YEAR = 15_552_000  # seconds
_STYLESHEET = re.compile(r'<link[^>]+rel="stylesheet"[^>]+href="([^"]+)"')
_MAX_AGE = re.compile(r"max-age=(\d+)")


@dataclass(frozen=True)
class Verdict:
    """Of one check. `said` is what was found, good or bad."""

    check: str
    good: bool
    said: str


@dataclass
class Look:
    """One round of checks; what an early check learns the later ones use.

    `partnership` is who must be served, if that is known.
    """

    site: Site
    partnership: str | None = None
    forms: dict[str, str] = field(default_factory=dict)

    def run(self) -> Iterator[Verdict]:
        """Every check once, each whatever came of the others."""
        for name, check in CHECKS:
            yield verdict(name, lambda check=check: check(self))  # type: ignore[misc]


def verdict(name: str, check: Callable[[], str]) -> Verdict:
    try:
        return Verdict(name, True, check())
    except (Amiss, NotReached) as error:
        return Verdict(name, False, str(error))


def _health(look: Look) -> str:
    told = health_told(_expected(look.site.get("/health"), 200, JSON))
    if look.partnership not in (None, told.partnership):
        raise Amiss(f"it serves {told.partnership!r}, not {look.partnership!r}")
    look.partnership = told.partnership
    look.forms = dict(told.forms)
    versions = ", ".join(f"{name} {version}" for name, version in look.forms.items())
    return f"{look.partnership}: {versions}"


def _home(look: Look) -> str:
    told = json_object(_expected(look.site.get("/api/forms"), 200, JSON)).get("partnership")
    name = told.get("name") if isinstance(told, dict) else None
    page = _page(look, "/")
    if not isinstance(name, str):
        raise Amiss("the API does not name the partnership")
    if name not in _plain(page.text):
        raise Amiss(f"it does not name {name}")
    return name


def _headers(look: Look) -> str:
    answer = look.site.get("/")
    absent = [name for name in (*ALWAYS, "Cache-Control") if name not in answer.headers]
    if absent:
        raise Amiss(f"there is no {', '.join(absent)}")
    policy = answer.headers["Content-Security-Policy"]
    if "default-src 'none'" not in policy or "unsafe-" in policy:
        raise Amiss("the content security policy allows more than it should")
    if "no-store" not in answer.headers["Cache-Control"]:
        raise Amiss("a page may be kept by a browser: Cache-Control is not no-store")
    if look.site.secure:
        _require_hsts(answer)
    return f"{len(ALWAYS) + 1} security headers"


def _require_hsts(answer: Answer) -> None:
    found = _MAX_AGE.search(answer.headers.get("Strict-Transport-Security", ""))
    if found is None or int(found[1]) < HALF_A_YEAR:
        raise Amiss("Strict-Transport-Security is missing or short")


def _forms(look: Look) -> str:
    _require_forms(look)
    for name in look.forms:
        page = _page(look, f"/{name}")
        first = _first_page(page.text, name)
        if "<form" not in _page(look, first).text:
            raise Amiss(f"{first} asks nothing")
    return f"the first page of {', '.join(look.forms)}"


def _asset(look: Look) -> str:
    found = _STYLESHEET.search(look.site.get("/").text)
    if found is None:
        raise Amiss("the home page names no stylesheet")
    answer = _expected(look.site.get(urlsplit(found[1]).path), 200, "text/css")
    if "immutable" not in answer.headers.get("Cache-Control", ""):
        raise Amiss("browsers may not keep the stylesheet")
    return f"stylesheet of {len(answer.body) // 1000} kB"


def _unknown(look: Look) -> str:
    page = _expected(look.site.get(f"/no-such-page-{uuid.uuid4().hex[:8]}"), 404, HTML)
    if "<h1" not in page.text:
        raise Amiss("it is no page of ours")
    return "a page says that there is none"


def _description(look: Look) -> str:
    told = json_object(_expected(look.site.get("/api/openapi.json"), 200, JSON))
    if not str(told.get("openapi", "")).startswith("3."):
        raise Amiss("it is no OpenAPI document")
    return f"OpenAPI {told['openapi']}"


def _refusal(look: Look) -> str:
    """No answer is given at all, so that no rule of any form could let it through."""
    _require_forms(look)
    headers = {"Content-Type": JSON, "Idempotency-Key": f"smoke-{uuid.uuid4()}"}
    body = json.dumps({"answers": {}}).encode()
    path = f"/api/forms/{next(iter(look.forms))}/referrals"
    told = json_object(_expected(look.site.ask("POST", path, body, headers), 422, PROBLEM))
    if "reference" in told:
        raise Amiss("a referral without answers was given a reference")
    return f"refused, nothing stored: {told.get('title')}"


def _begin(look: Look) -> str:
    """The start button leads to the first question. A draft is only made of the first answer."""
    _require_forms(look)
    name = next(iter(look.forms))
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = look.site.ask("POST", f"/{name}", b"", headers)
    if answer.status != 303:
        raise Amiss(f"it answers {answer.status}, not 303")
    path = urlsplit(answer.headers.get("Location", "")).path
    if f"/{name}/" not in path:
        raise Amiss("it leads out of the form")
    if answer.headers.get_all("Set-Cookie"):
        raise Amiss("a draft was made before there is anything to keep")
    return "the start button leads to the first question"


def _resume(look: Look) -> str:
    if "<form" not in _page(look, "/resume").text:
        raise Amiss("it asks for no code")
    return "asks for a resume code"


def _tls(look: Look) -> str:
    if not look.site.secure:
        if not is_local(look.site.base):
            raise Amiss("the address is not https: others could read what people write")
        return "not looked at: an address of this machine"
    fault, said = certificate_fault(look.site.base)
    if fault:
        raise Amiss(fault)
    return said


def _page(look: Look, path: str) -> Answer:
    return _expected(look.site.get(path), 200, HTML)


def _expected(answer: Answer, status: int, kind: str) -> Answer:
    if answer.status != status:
        raise Amiss(f"it answers {answer.status}, not {status}")
    if answer.kind != kind:
        raise Amiss(f"it is {answer.kind or 'of no type'}, not {kind}")
    return answer


def _require_forms(look: Look) -> None:
    if not look.forms:
        raise Amiss("not looked at: health did not name the forms")


def _first_page(html: str, form: str) -> str:
    """Where the start page leads; links may begin with the gateway's stage."""
    found = re.search(rf'(?:href|action)="[^"]*?(/{form}/[a-z0-9-]+)"', html)
    if found is None:
        raise Amiss(f"/{form} leads to no question")
    return found[1]


def _plain(html: str) -> str:
    from html import unescape

    return " ".join(unescape(html).split())


CHECKS: tuple[tuple[str, Callable[[Look], str]], ...] = (
    ("health", _health),
    ("home page", _home),
    ("headers", _headers),
    ("forms", _forms),
    ("asset", _asset),
    ("unknown page", _unknown),
    ("resume page", _resume),
    ("redirect", _begin),
    ("API description", _description),
    ("API refusal", _refusal),
    ("certificate", _tls),
)
