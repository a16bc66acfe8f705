"""One person's way through one form: what a handler needs to know, read once for each request."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from chalicelib.forms.definition import Form, Group, Page
from chalicelib.forms.journey import Path, Place, walk
from chalicelib.use_cases import keep_draft
from chalicelib.use_cases.ports import Services
from chalicelib.web.draft_session import Session, open_session, set_cookie
from chalicelib.web.http import Request, Response, redirect

RETRIES = 4
CHECK_ANSWERS = "check-answers"


@dataclass(frozen=True)
class Journey:
    """`answers` are all that the draft holds, also what is no longer asked: an answer that comes
    back into question is not lost. Only `path.answers` are ever sent."""

    request: Request
    services: Services
    session: Session

    @property
    def form(self) -> Form:
        return self.session.form

    @property
    def answers(self) -> Mapping[str, Any]:
        return self.session.draft.answers if self.session.draft else {}

    @property
    def seen(self) -> frozenset[str]:
        return self.session.draft.seen if self.session.draft else frozenset()

    @cached_property
    def path(self) -> Path:
        return walk(self.form, self.answers)

    @property
    def submitted(self) -> bool:
        return self.session.draft is not None and self.session.draft.reference is not None

    def url(self, place: Place | str) -> str:
        tail = place if isinstance(place, str) else place.url
        return f"{self.request.base_url}/{self.form.name}/{tail}"

    def after(self, place: Place, *, changing: bool) -> str:
        """Where to go from a finished page: to the answers when nothing is left to ask; when one
        was changed, first to what the change opened; else on."""
        unfinished = self.path.first_unfinished(self.seen)
        if unfinished is None:
            return self.url(CHECK_ANSWERS)
        return self.url(unfinished if changing else self.path.next(place) or unfinished)

    def saved(self, answers: Mapping[str, Any], seen: frozenset[str]) -> Journey:
        """The journey after one conditional write; the first makes the draft. Raises DraftChanged
        when another tab wrote in between, DraftTooLarge when the table cannot hold it."""
        if self.session.draft is None:
            token = keep_draft.new_token()
            draft = keep_draft.start_draft(self.services, self.form, answers, seen, token=token)
            session = replace(self.session, token=token, draft=draft)
        else:
            draft = keep_draft.save_draft(self.services, self.session.draft, answers, seen)
            session = replace(self.session, draft=draft)
        return Journey(self.request, self.services, session)

    def go(self, url: str) -> Response:
        """A redirect that also hands the browser its draft when it has none yet."""
        response = redirect(url)
        token = self.session.token
        if token is None or token in self.request.cookies.values():
            return response
        days = self.services.partnership.privacy.draft_days
        return response.with_cookie(set_cookie(self.request, self.form.name, token, days))


def open_journey(request: Request, services: Services, form: Form) -> Journey:
    return Journey(request, services, open_session(request, services, form))


def reopened(journey: Journey) -> Journey:
    """Read again after another tab wrote."""
    return open_journey(
        journey.request, journey.services, journey.services.forms[journey.form.name]
    )


def item_values(answers: Mapping[str, Any], group: Group, item: int) -> Mapping[str, Any]:
    """The answers of item `item` (counted from 1) of a group; none when there is no such item."""
    items = answers.get(group.each, [])
    found: Mapping[str, Any] = items[item - 1] if 0 < item <= len(items) else {}
    return found


def page_values(form: Form, page: Page, place: Place, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What a draft holds for the questions of one page."""
    group = form.group(place.group) if place.group else None
    source = item_values(answers, group, place.item) if group and place.item else answers
    return {name: source[name] for name in page.ask if name in source}


def state_of(values: Mapping[str, Any]) -> str:
    """A fingerprint of a page's saved answers: tells whether another tab changed the same page."""
    canonical = json.dumps(values, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()[:16]
