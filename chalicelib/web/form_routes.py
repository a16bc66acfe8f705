"""The addresses of one form: which page a path means, and whether it can be answered yet."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.forms.definition import Form, Group
from chalicelib.forms.journey import Place, page_at, place_from_url
from chalicelib.use_cases.ports import DraftChanged, Services, StoreBusy
from chalicelib.web import (
    blank_page,
    check_answers,
    confirmation_pages,
    group_pages,
    message_pages,
    question_pages,
    resume_pages,
    start_pages,
)
from chalicelib.web.draft_session import Session, has_own_token, is_own_post
from chalicelib.web.http import Request, Response, redirect
from chalicelib.web.journey import CHECK_ANSWERS, Journey, open_journey

Posted = dict[str, list[str]]
ITEM_NUMBER = re.compile("[1-9][0-9]{0,3}")
ALLOWED = "GET, HEAD, POST"
ALWAYS_OPEN: dict[str, Callable[[Journey], Response]] = {
    "": start_pages.start,
    "confirmation": confirmation_pages.confirmation,
    "copy": confirmation_pages.printable_copy,
}


def handle(request: Request, services: Services, form: Form, tail: str) -> Response:
    """`tail` is what follows "/<form>/": empty for the start page."""
    posted = request.form if request.method == "POST" else None
    if tail == "blank":
        return _only_get(request, services) or blank_page.show(request, services, form)
    try:
        journey = open_journey(request, services, form)
        if posted is None:
            return _get(journey, tail)
        if not is_own_post(request, services):
            return _foreign(journey, tail, posted)
        return _post(journey, tail, posted)
    except DraftChanged:
        return message_pages.changed_meanwhile(request, services, request.path)
    except StoreBusy:
        return message_pages.busy(request, services, request.path)


@dataclass(frozen=True, slots=True)
class Target:
    """What a path below a form's own means: a page of questions or a list (`place`), the removal
    of an item, or one of the pages that every form has (`tail`)."""

    tail: str
    place: Place | None
    removal: tuple[Group, int] | None
    first: bool


def _target(journey: Journey, tail: str) -> Target | None:
    """None when there is no such page."""
    place = place_from_url(journey.form, tail)
    removal = _removal(journey, tail)
    if place is None and removal is None and tail not in (CHECK_ANSWERS, "save"):
        return None
    first = place is not None and place == journey.path.places[0]
    return Target(tail, place, removal, first)


def _get(journey: Journey, tail: str) -> Response:
    if tail in ALWAYS_OPEN:
        return ALWAYS_OPEN[tail](journey)
    target = _target(journey, tail)
    if target is None:
        return message_pages.not_found(journey.request, journey.services)
    if journey.submitted:
        if not target.first:
            return redirect(journey.url("confirmation"))
        journey = _without_draft(journey)
    return _sent_back(journey, target) or _open(journey, target)


def _open(journey: Journey, target: Target) -> Response:
    if target.tail == CHECK_ANSWERS:
        return check_answers.show(journey)
    if target.tail == "save":
        return resume_pages.save_page(journey)
    if target.removal:
        return group_pages.remove_page(journey, *target.removal)
    return _page(journey, target.place, None)


def _post(journey: Journey, tail: str, posted: Posted) -> Response:
    if tail == "":
        return start_pages.begin(journey, posted)
    target = _target(journey, tail)
    if target is None:
        return message_pages.not_found(journey.request, journey.services)
    if journey.submitted:
        if not target.first:
            return _after_sending(journey, posted)
        journey = _without_draft(journey)
    if journey.session.draft is None and not target.first:
        return _no_draft(journey, posted)
    if not has_own_token(journey.session, posted):
        return _foreign(journey, tail, posted)
    if target.place is not None:
        # A page that is asked takes its answers, also when another tab has opened one before it.
        asked = target.place in journey.path.places
        return _page(journey, target.place, posted) if asked else _not_asked(journey, posted)
    return _sent_back(journey, target) or _take(journey, target, posted)


def _take(journey: Journey, target: Target, posted: Posted) -> Response:
    if target.removal:
        return group_pages.remove(journey, *target.removal, posted)
    if target.tail == "save":
        return resume_pages.save(journey, posted)
    later = "save" in posted.get("then", ())
    return redirect(journey.url("save")) if later else check_answers.submit(journey, posted)


def _after_sending(journey: Journey, posted: Posted) -> Response:
    """Sent already, perhaps from another tab: what was typed since is shown, not swallowed."""
    typed = _typed(journey, posted)
    if not typed:
        return redirect(journey.url("confirmation"))
    return message_pages.already_sent(journey.request, journey.services, journey.form.name, typed)


def _not_asked(journey: Journey, posted: Posted) -> Response:
    going_on = journey.path.first_unfinished(journey.seen)
    path = f"/{journey.form.name}/{going_on.url if going_on else CHECK_ANSWERS}"
    return message_pages.not_asked(journey.request, journey.services, path, _typed(journey, posted))


def _typed(journey: Journey, posted: Posted) -> list[dict[str, str]]:
    labels = {name: question.text for name, question in journey.form.questions.items()}
    return message_pages.typed_in(posted, labels)


def _page(journey: Journey, place: Place | None, posted: Posted | None) -> Response:
    group = journey.form.group(place.group) if place and place.group else None
    if place is not None and group is not None and place.item is None:
        if posted is None:
            return group_pages.show(journey, group)
        return group_pages.answer(journey, group, posted)
    page = page_at(journey.form, place) if place else None
    if place is None or page is None:
        return message_pages.not_found(journey.request, journey.services)
    if posted is None:
        return question_pages.show(journey, place, page)
    return question_pages.answer(journey, place, page, posted)


def _sent_back(journey: Journey, target: Target) -> Response | None:
    """Where a page that cannot be answered yet leads: to the first that can, or to a message."""
    if target.first:
        return None
    if journey.session.draft is None:
        return _no_draft(journey, {})
    if target.tail == "save" or target.removal:
        return None
    unfinished = journey.path.first_unfinished(journey.seen)
    if target.tail == CHECK_ANSWERS:
        return redirect(journey.url(unfinished) + "?not-yet=1") if unfinished else None
    if target.place is not None and journey.path.reachable(target.place, journey.seen):
        return None
    return redirect(journey.url(unfinished or CHECK_ANSWERS) + "?not-yet=1")


def _removal(journey: Journey, tail: str) -> tuple[Group, int] | None:
    """The group and item of "<group>/<number>/remove", when there is such an item."""
    parts = tail.split("/")
    if len(parts) != 3 or parts[2] != "remove" or not ITEM_NUMBER.fullmatch(parts[1]):
        return None
    group = journey.form.group(parts[0])
    if group is None or int(parts[1]) > len(journey.answers.get(group.each, [])):
        return None
    return group, int(parts[1])


def _without_draft(journey: Journey) -> Journey:
    """A new notification in a browser that has already sent one."""
    current = journey.services.forms[journey.form.name]
    return Journey(journey.request, journey.services, Session(current, None, None))


def _no_draft(journey: Journey, posted: Posted) -> Response:
    return message_pages.no_draft(
        journey.request,
        journey.services,
        journey.form.name,
        expired=journey.session.expired,
        typed=_typed(journey, posted),
    )


def _foreign(journey: Journey, tail: str, posted: Posted) -> Response:
    """Nothing is changed; a page of questions comes back with what was typed."""
    place = place_from_url(journey.form, tail)
    page = page_at(journey.form, place) if place else None
    if place is not None and page is not None:
        return question_pages.not_own_post(journey, place, page, posted)
    return message_pages.not_own_post(journey.request, journey.services, journey.request.path)


def _only_get(request: Request, services: Services) -> Response | None:
    if request.method == "GET":
        return None
    return message_pages.method_not_allowed(request, services, "GET, HEAD")
